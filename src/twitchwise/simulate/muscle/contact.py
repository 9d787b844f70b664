"""What contacts on the skin add to the muscle's potentials: noise, slow drift, mains hum, movement, and a bad contact.

Noise comes from the skin under the gel, 1 to 20 uV of it (Huigen, Peper and Grimbergen 2002,
doi:10.1007/BF02344216), and grows towards low frequencies: here it is white above a corner and its power goes as 1/f
below. It is made in overlapping frames, each from a seed of its own, so that any stretch of any channel is the same
however it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import fft

from twitchwise.simulate.muscle.sources import FloatArray32
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

FRAME = 2**12  # samples from the start of one frame of noise to the next: at 2 kHz, 1/f goes on down to 0.25 Hz
DRIFT_HZ = 1.0  # drift is over at this frequency, with 1/f below
HARMONICS = 3  # of the mains; what power supplies add above is smaller still


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One channel's contact.

    Parameters
    ----------
    noise_rms_v
        Root-mean-square noise over the whole band, in V, at least 0.
    corner_hz
        Frequency below which the power of noise grows as 1/f, in Hz, at least 0; 0 for white noise.
    gain
        Share of the muscle's potentials that comes through, in [0, 1].
    drift_rms_v
        Root-mean-square of slow wander, below 1 Hz, in V, at least 0.
    mains_v, mains_hz
        Peak amplitude of hum at the frequency of the mains, in V, at least 0, and that frequency, in Hz.
    mains_distortion
        Amplitude of each harmonic over that of the one before, in [0, 1].
    movement_v_per_mps2
        Voltage that an acceleration of the limb makes, in V s2/m, at least 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    noise_rms_v: float
    corner_hz: float = 0.0
    gain: float = 1.0
    drift_rms_v: float = 0.0
    mains_v: float = 0.0
    mains_hz: float = 50.0
    mains_distortion: float = 0.0
    movement_v_per_mps2: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("noise_rms_v", "corner_hz", "drift_rms_v", "mains_v", "movement_v_per_mps2"):
            require_not_negative(name, getattr(self, name))
        require_positive("mains_hz", self.mains_hz)
        require_within("gain", self.gain, 0.0, 1.0)
        require_within("mains_distortion", self.mains_distortion, 0.0, 1.0)

    @classmethod
    def good(cls, parameters: Mapping[str, float]) -> "Contact":
        """Return a well-prepared contact."""
        return cls(
            noise_rms_v=parameters["surface_emg_noise_rms"],
            corner_hz=parameters["surface_emg_noise_corner"],
            mains_v=parameters["mains_amplitude"],
            mains_hz=parameters["mains_frequency"],
            mains_distortion=parameters["mains_distortion"],
        )

    @classmethod
    def bad(cls, parameters: Mapping[str, float]) -> "Contact":
        """Return a contact that has dried out or come loose."""
        worse = parameters["bad_contact_noise_scale"]
        return cls(
            noise_rms_v=parameters["surface_emg_noise_rms"] * worse,
            corner_hz=parameters["surface_emg_noise_corner"],
            gain=parameters["bad_contact_gain"],
            drift_rms_v=parameters["bad_contact_drift"],
            mains_v=parameters["mains_amplitude"] * worse,
            mains_hz=parameters["mains_frequency"],
            mains_distortion=parameters["mains_distortion"],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Contacts:
    """The contacts of all channels of a recording.

    Parameters
    ----------
    contacts
        One a channel.
    sampling_rate_hz
        Samples per second, above 0.
    seed
        Of the noise, at least 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    contacts: Sequence[Contact]
    sampling_rate_hz: float
    seed: int

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        require_within("seed", self.seed, 0, float("inf"))

    def add_to(self, total: FloatArray32, *, first_sample: int, acceleration_mps2: FloatArray | None = None) -> None:
        """Put the potentials of one block of a recording through the contacts, in place.

        Parameters
        ----------
        total
            The block, in V, shape ``(n_samples, n_channels)``.
        first_sample
            Number of the block's first sample in the recording, at least 0.
        acceleration_mps2
            Of the limb under the electrodes, in m/s2, shape ``(n_samples,)``; ``None`` at rest.

        Raises
        ------
        OutOfRangeError
            If shapes do not fit.
        """
        n_samples = total.shape[0]
        if total.shape[1:] != (len(self.contacts),):
            raise OutOfRangeError(f"total must have {len(self.contacts)} channels, got shape {total.shape!r}.")
        if acceleration_mps2 is not None and np.shape(acceleration_mps2) != (n_samples,):
            raise OutOfRangeError(f"acceleration_mps2 must have {n_samples} samples.")
        for channel, contact in enumerate(self.contacts):
            seen = total[:, channel]
            seen *= np.float32(contact.gain)
            if contact.noise_rms_v or contact.drift_rms_v:
                seen += self.noise_v(channel, first_sample, n_samples)
            if contact.mains_v:
                seen += self._hum_v(contact, first_sample, n_samples)
            if contact.movement_v_per_mps2 and acceleration_mps2 is not None:
                seen += (contact.movement_v_per_mps2 * acceleration_mps2).astype(np.float32)

    def noise_v(self, channel: int, first_sample: int, n_samples: int) -> FloatArray32:
        """Return noise and drift of one channel, in V, shape ``(n_samples,)``."""
        first, last = first_sample // FRAME, (first_sample + max(n_samples, 1) - 1) // FRAME
        noise = np.zeros((last - first + 1, FRAME), np.float32)
        for frame in range(first - 1, last + 1):
            fading_in, fading_out = self._frame(channel, frame).reshape(2, FRAME)
            if frame >= first:
                noise[frame - first] += fading_in
            if frame < last:
                noise[frame + 1 - first] += fading_out
        start = first_sample - first * FRAME
        return noise.ravel()[start : start + n_samples]

    def _frame(self, channel: int, frame: int) -> FloatArray32:
        """Return two frames' lengths of noise that fades in and out, so that neighbors add up to even power."""
        contact = self.contacts[channel]
        # a frame begins before the first sample, so it is counted from 1
        chance = np.random.SeedSequence(self.seed, spawn_key=(channel, frame + 1))
        generator = np.random.Generator(np.random.SFC64(chance))
        amplitude, window = _shape(contact.noise_rms_v, contact.corner_hz, contact.drift_rms_v, self.sampling_rate_hz)
        drawn = generator.standard_normal(2 * amplitude.size, dtype=np.float32).view(np.complex64)
        noise: FloatArray32 = fft.irfft(drawn * amplitude, 2 * FRAME) * window
        return noise

    def _hum_v(self, contact: Contact, first_sample: int, n_samples: int) -> FloatArray32:
        turn = 2 * np.pi * contact.mains_hz / self.sampling_rate_hz * np.arange(first_sample, first_sample + n_samples)
        # harmonics that the sampling rate cannot hold are taken away by the amplifier
        heard = [n for n in range(1, HARMONICS + 1) if n * contact.mains_hz < self.sampling_rate_hz / 2]
        hum = np.zeros(n_samples)
        for n in heard:
            hum += contact.mains_v * contact.mains_distortion ** (n - 1) * np.sin(n * turn)
        return hum.astype(np.float32)


@lru_cache(maxsize=16)  # as many kinds of contact as a recording has
def _shape(
    noise_rms_v: float, corner_hz: float, drift_rms_v: float, sampling_rate_hz: float
) -> tuple[FloatArray32, FloatArray32]:
    """Return the amplitude of noise by frequency, shape ``(FRAME + 1,)``, and the window of a frame."""
    frequency_hz = fft.rfftfreq(2 * FRAME, 1 / sampling_rate_hz)
    above_0 = np.maximum(frequency_hz, frequency_hz[1])
    noise = 1 + corner_hz / above_0
    drift = np.where(frequency_hz <= max(DRIFT_HZ, frequency_hz[1]), 1 / above_0, 0.0)
    noise[0] = drift[0] = 0.0
    power = noise_rms_v**2 * noise / noise.sum() + drift_rms_v**2 * drift / drift.sum()
    # real and imaginary part of each frequency are drawn apart; irfft divides by the number of samples
    amplitude = np.sqrt(power) * FRAME
    window = np.sin(np.pi * (np.arange(2 * FRAME) + 0.5) / (2 * FRAME))
    return amplitude.astype(np.float32), window.astype(np.float32)
