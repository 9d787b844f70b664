"""What sensors see of motor units' discharges: a surface EMG channel and a force sensor, made block by block."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from twitchwise.simulate.discharges import Discharges
from twitchwise.simulate.motor_unit import MotorUnit
from twitchwise.simulate.saturation import Saturation
from twitchwise.simulate.superposition import ShiftedWaveform
from twitchwise.simulate.twitch import Twitch
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

BLOCK = 2**16  # samples made at once; noise and sums depend on it, so it is part of what a seed means
BLOCKS_KEPT = 4  # as many as readers go back and forth over
POTENTIAL_SHIFTS = 256  # an action potential is met to 1/512 of a sample
FORCE_SHIFTS = 8  # a twitch is slow: at 2 kHz, 1/16 of a sample is a two-thousandth of its contraction time
NEGLIGIBLE = 1e-6  # share of the peak below which a twitch is over


@dataclass(frozen=True, kw_only=True, slots=True)
class SurfaceElectrode:
    """What a surface EMG channel adds to the muscle's potentials.

    Parameters
    ----------
    noise_rms_v
        Gaussian noise, white over the whole band, at least 0; ``None`` for the value of the knowledge file.
    mains_v, mains_hz
        Peak amplitude and frequency of a sine of the mains; an amplitude of 0 for none.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    noise_rms_v: float | None = None
    mains_v: float = 0.0
    mains_hz: float = 50.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        if self.noise_rms_v is not None:
            require_not_negative("noise_rms_v", self.noise_rms_v)
        require_not_negative("mains_v", self.mains_v)
        require_positive("mains_hz", self.mains_hz)


class Sensor(Protocol):
    """Makes samples of one channel."""

    def samples(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``first`` to ``first + n_samples`` in the channel's unit, shape ``(n_samples,)``."""
        ...


class SurfaceEmg:
    """The sum of all units' potentials with noise and mains hum.

    Parameters
    ----------
    units, discharges
        The motor units and when they discharge.
    electrode
        What the electrodes add, its noise given.
    sampling_rate_hz
        Samples per second.
    seed
        Seed of the noise.
    """

    def __init__(
        self,
        units: Sequence[MotorUnit],
        discharges: Discharges,
        *,
        electrode: SurfaceElectrode,
        sampling_rate_hz: float,
        seed: int,
    ) -> None:
        self._parts = [
            (
                ShiftedWaveform.of(
                    unit.potential.voltage_v,
                    span_s=unit.potential.span_s,
                    sampling_rate_hz=sampling_rate_hz,
                    shifts=POTENTIAL_SHIFTS,
                ),
                discharges.times_of(number) * sampling_rate_hz,
            )
            for number, unit in enumerate(units)
        ]
        self._electrode, self._rate, self._seed = electrode, sampling_rate_hz, seed

    def samples(self, first: int, n_samples: int) -> FloatArray:
        """Return samples in V; the noise is that of the block that starts at ``first``."""
        total = np.zeros(n_samples)
        for waveform, moments in self._parts:
            waveform.add_to(total, moments, first)
        if self._electrode.noise_rms_v:
            chance = np.random.SeedSequence(self._seed, spawn_key=(first,))
            generator = np.random.Generator(np.random.PCG64(chance))
            total += self._electrode.noise_rms_v * generator.standard_normal(n_samples)
        if self._electrode.mains_v:
            time_s = np.arange(first, first + n_samples) / self._rate
            total += self._electrode.mains_v * np.sin(2 * np.pi * self._electrode.mains_hz * time_s)
        return total


class ForceSensor:
    """The sum of all units' forces at the tendon; each unit fuses by itself, units add.

    Parameters
    ----------
    units, discharges
        The motor units and when they discharge.
    saturation
        How the twitches of one unit add up.
    sampling_rate_hz
        Samples per second.
    """

    def __init__(
        self,
        units: Sequence[MotorUnit],
        discharges: Discharges,
        *,
        saturation: Saturation,
        sampling_rate_hz: float,
    ) -> None:
        self._trains = [
            UnitForce(
                unit.twitch, discharges.times_of(number), saturation=saturation, sampling_rate_hz=sampling_rate_hz
            )
            for number, unit in enumerate(units)
        ]

    def samples(self, first: int, n_samples: int) -> FloatArray:
        """Return samples in N."""
        total = np.zeros(n_samples)
        for train in self._trains:
            train.add_to(total, first)
        return total


class UnitForce:
    """The force of one motor unit's train of discharges.

    Parameters
    ----------
    twitch
        Its twitch.
    discharge_times_s
        Ascending, in seconds, shape ``(n,)``.
    saturation
        How its twitches add up.
    sampling_rate_hz
        Samples per second.
    """

    def __init__(
        self, twitch: Twitch, discharge_times_s: FloatArray, *, saturation: Saturation, sampling_rate_hz: float
    ) -> None:
        def activation(time_s: FloatArray) -> FloatArray:
            return saturation.activation(twitch.share_of_peak(time_s))

        span_s = (0.0, twitch.time_of_fall_s(NEGLIGIBLE))
        self._waveform = ShiftedWaveform.of(
            activation, span_s=span_s, sampling_rate_hz=sampling_rate_hz, shifts=FORCE_SHIFTS
        )
        self._moments = discharge_times_s * sampling_rate_hz
        self._twitch, self._saturation = twitch, saturation

    def add_to(self, total: FloatArray, first: int) -> None:
        """Add the force in N to a stretch of samples that starts at sample ``first``, in place.

        Only stretches with force are worked on: discharges further apart than a twitch lasts stand alone.
        """
        moments = self._waveform.near(self._moments, first, total.size)
        length = self._waveform.bank.shape[1]
        apart = np.flatnonzero(np.diff(moments) > length) + 1
        for run in np.split(moments, apart) if moments.size else []:
            start = max(int(run[0]), first)
            stop = min(int(run[-1]) + length + 1, first + total.size)
            activation = np.zeros(max(stop - start, 0))
            self._waveform.add_to(activation, run, start)
            force = self._twitch.peak_force_n * self._saturation.force_share(activation)
            total[start - first : start - first + force.size] += force


class SimulatedSource:
    """A recording's samples, made when they are read, so that hours take no more memory than seconds.

    Every sample is made as part of the same block whoever asks, so that it has one value.

    Parameters
    ----------
    sensors
        One a channel.
    n_samples
        Length of every channel.
    """

    def __init__(self, sensors: Sequence[Sensor], n_samples: int) -> None:
        self._sensors = tuple(sensors)
        self._n_samples = n_samples
        self._block = lru_cache(maxsize=BLOCKS_KEPT * len(self._sensors))(self._made)

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` (exclusive) of channel number ``channel``, shape ``(stop - start,)``."""
        if not 0 <= start <= stop <= self._n_samples:
            raise OutOfRangeError(f"samples must lie in 0 .. {self._n_samples}, got {start!r} to {stop!r}.")
        parts = [np.empty(0)]
        for number in range(start // BLOCK, -(-stop // BLOCK)):
            first = number * BLOCK
            parts.append(self._block(channel, number)[max(start - first, 0) : stop - first])
        return np.concatenate(parts)

    def _made(self, channel: int, number: int) -> FloatArray:
        first = number * BLOCK
        block = self._sensors[channel].samples(first, min(BLOCK, self._n_samples - first))
        block.flags.writeable = False
        return block
