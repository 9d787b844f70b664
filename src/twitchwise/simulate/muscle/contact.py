"""What contacts on the skin add to the muscle's potentials: noise, slow drift, mains hum, movement, and a bad contact.

Noise comes from the skin under the gel, 1 to 20 uV of it (Huigen, Peper and Grimbergen 2002,
doi:10.1007/BF02344216), and grows towards low frequencies: here it is white above a corner and its power goes as 1/f
below. It is made in frames that fade into one another, each from a place of its own in a stream of random bits, so that
any stretch of any channel is the same however it is read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy import fft
from scipy.special import ndtri

from twitchwise.simulate.muscle.sources import FloatArray32
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

FRAME = 2**13  # samples from the start of one frame of noise to the next: at 2 kHz, 1/f goes on down to 0.22 Hz
FADE = 2**10  # samples in which a frame comes in while the one before goes out; short, as what fades is made twice
QUANTILES = 2**16  # of the normal distribution, which parts of the spectrum are drawn from: a sample sums thousands
CHANNELS_AT_ONCE = 16  # float32 of so many channels fill a line of the cache, which two threads should not share
WORKERS = 2  # transforming lets other threads run
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
        n_samples, n_channels = total.shape[0], len(self.contacts)
        if total.shape[1:] != (n_channels,):
            raise OutOfRangeError(f"total must have {n_channels} channels, got shape {total.shape!r}.")
        if acceleration_mps2 is not None and np.shape(acceleration_mps2) != (n_samples,):
            raise OutOfRangeError(f"acceleration_mps2 must have {n_samples} samples.")
        gain = np.array([contact.gain for contact in self.contacts], np.float32)
        if (gain != 1).any():
            total *= gain
        self._add_noise(total, first_sample)
        for hum_v, channels in self._hums_v(first_sample, n_samples):
            total[:, channels] += hum_v[:, np.newaxis]
        if acceleration_mps2 is not None:
            minded = np.array([contact.movement_v_per_mps2 for contact in self.contacts])
            total += np.outer(acceleration_mps2, minded).astype(np.float32)

    def noise_v(self, channel: int, first_sample: int, n_samples: int) -> FloatArray32:
        """Return noise and drift of one channel, in V, shape ``(n_samples,)``."""
        noise = np.zeros((n_samples, 1), np.float32)
        self._add_frames(noise, first_sample, range(channel, channel + 1))
        return noise[:, 0]

    def _add_noise(self, total: FloatArray32, first_sample: int) -> None:
        """Add noise and drift of all channels, some of them at once."""
        channels = range(len(self.contacts))
        groups = [channels[start : start + CHANNELS_AT_ONCE] for start in channels[::CHANNELS_AT_ONCE]]
        noisy = [group for group in groups if any(map(self._is_noisy, group))]
        with ThreadPoolExecutor(WORKERS) as workers:
            added = [
                workers.submit(self._add_frames, total[:, group.start : group.stop], first_sample, group)
                for group in noisy
            ]
            for one in added:
                one.result()

    def _add_frames(self, part: FloatArray32, first_sample: int, channels: range) -> None:
        """Add every frame of noise that reaches into a block of some channels, frame after frame."""
        end = first_sample + part.shape[0]
        for frame in range(max((first_sample - FADE) // FRAME, 0), -(-end // FRAME)):
            start = frame * FRAME
            low, high = max(start, first_sample), min(start + FRAME + FADE, end)
            noise = self._frame(channels, frame)[:, low - start : high - start]
            part[low - first_sample : high - first_sample] += noise.T

    def _frame(self, channels: range, frame: int) -> FloatArray32:
        """Return a frame of noise of some channels, shape ``(n_channels, FRAME + FADE)``; neighbors' powers add up."""
        bits = np.random.PCG64DXSM(np.random.SeedSequence(self.seed, spawn_key=(frame,)))
        bits.advance(channels.start * WORDS)
        drawn = bits.random_raw(len(channels) * WORDS).view(np.uint16).reshape(len(channels), -1)
        parts = _normal_quantiles()[drawn[:, : FRAME + FADE + 2]]
        spectrum = parts.view(np.complex64)
        for row, channel in enumerate(channels):
            spectrum[row] *= self._amplitude(channel)
        noise: FloatArray32 = fft.irfft(spectrum, FRAME + FADE, axis=1, overwrite_x=True)
        noise[:, FRAME:] *= RISING[::-1]
        if frame:  # nothing comes before the first
            noise[:, :FADE] *= RISING
        return noise

    def _is_noisy(self, channel: int) -> bool:
        return self.contacts[channel].noise_rms_v > 0 or self.contacts[channel].drift_rms_v > 0

    def _amplitude(self, channel: int) -> FloatArray32:
        one = self.contacts[channel]
        return _amplitude(one.noise_rms_v, one.corner_hz, one.drift_rms_v, self.sampling_rate_hz)

    def _hums_v(self, first_sample: int, n_samples: int) -> Iterator[tuple[FloatArray32, slice | list[int]]]:
        """Give each hum there is, and the channels that it is on."""
        alike: defaultdict[tuple[float, float, float], list[int]] = defaultdict(list)
        for channel, contact in enumerate(self.contacts):
            if contact.mains_v:
                alike[contact.mains_v, contact.mains_hz, contact.mains_distortion].append(channel)
        for (mains_v, mains_hz, distortion), channels in alike.items():
            time_s = np.arange(first_sample, first_sample + n_samples) / self.sampling_rate_hz
            hum = np.zeros(n_samples)
            for n in range(1, HARMONICS + 1):
                # harmonics that the sampling rate cannot hold are taken away by the amplifier
                if n * mains_hz < self.sampling_rate_hz / 2:
                    hum += mains_v * distortion ** (n - 1) * np.sin(2 * np.pi * n * mains_hz * time_s)
            everywhere = len(channels) == len(self.contacts)
            yield hum.astype(np.float32), slice(None) if everywhere else channels


RISING = np.sin(np.pi / 2 * (np.arange(FADE) + 0.5) / FADE).astype(np.float32)
"""How a frame comes in; as the one before goes out in the same way turned round, their powers add up to 1."""


WORDS = -(-(FRAME + FADE + 2) // 4)
"""Of 64 bits, that a channel's frame is drawn from: 16 for each real and each imaginary part of its spectrum."""


@cache
def _normal_quantiles() -> FloatArray32:
    """Return equally likely values that stand for the normal distribution, with a variance of 1."""
    values = ndtri((np.arange(QUANTILES) + 0.5) / QUANTILES)
    quantiles: FloatArray32 = (values / values.std()).astype(np.float32)
    return quantiles


@lru_cache(maxsize=16)  # as many kinds of contact as a recording has
def _amplitude(noise_rms_v: float, corner_hz: float, drift_rms_v: float, sampling_rate_hz: float) -> FloatArray32:
    """Return the amplitude of noise by frequency, shape ``((FRAME + FADE) // 2 + 1,)``."""
    n_samples = FRAME + FADE
    frequency_hz = fft.rfftfreq(n_samples, 1 / sampling_rate_hz)
    above_0 = np.maximum(frequency_hz, frequency_hz[1])
    noise = 1 + corner_hz / above_0
    drift = np.where(frequency_hz <= max(DRIFT_HZ, frequency_hz[1]), 1 / above_0, 0.0)
    noise[0] = drift[0] = 0.0
    power = noise_rms_v**2 * noise / noise.sum() + drift_rms_v**2 * drift / drift.sum()
    # real and imaginary part of each frequency are drawn apart; irfft divides by the number of samples
    amplitude: FloatArray32 = (np.sqrt(power) * n_samples / 2).astype(np.float32)
    return amplitude
