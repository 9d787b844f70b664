"""Small synthetic scenes of other activity with known truth, made apart from the package's own simulator."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from twitchwise.measure.emg.rhythms import ChannelTrace
from twitchwise.vocabulary import Electrode
from twitchwise.vocabulary.arrays import FloatArray

NOISE_V = 3e-6
NEEDLE_HZ, SURFACE_HZ = 4000.0, 2000.0


@dataclass(kw_only=True)
class Canvas:
    """A trace of noise to which potentials are added."""

    duration_s: float = 20.0
    rate_hz: float = NEEDLE_HZ
    seed: int = 0
    samples: FloatArray = field(init=False)
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.samples = self.rng.normal(scale=NOISE_V, size=round(self.duration_s * self.rate_hz))

    def add(
        self, wave: "Wave | SharpWave", times_s: Sequence[float] | FloatArray, size_v: float | FloatArray = 1e-4
    ) -> None:
        """Add a potential at each time."""
        sizes = np.broadcast_to(np.asarray(size_v, dtype=np.float64), np.shape(times_s))
        for moment, size in zip(times_s, sizes, strict=True):
            first = max(0, round((moment - 0.03) * self.rate_hz))
            last = max(first, min(self.samples.size, round((moment + 0.06) * self.rate_hz)))
            self.samples[first:last] += size * wave.at(np.arange(first, last) / self.rate_hz - moment)

    def trace(self, electrode: Electrode = Electrode.NEEDLE) -> ChannelTrace:
        """Return the trace as it is read."""
        return ChannelTrace.of_samples(self.samples, self.rate_hz, electrode=electrode)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """A potential as a sum of bells: when, how wide and how large each is."""

    bells: tuple[tuple[float, float, float], ...]

    def at(self, time_s: FloatArray) -> FloatArray:
        """Return the potential at times in s around its middle."""
        total = np.zeros(time_s.size)
        for middle, width, size in self.bells:
            total += size * np.exp(-0.5 * ((time_s - middle) / width) ** 2)
        return total


@dataclass(frozen=True, kw_only=True)
class SharpWave:
    """A positive sharp wave: a sudden positive peak, then a long negative phase."""

    slow_s: float = 0.006

    def at(self, time_s: FloatArray) -> FloatArray:
        """Return the potential at times in s around its peak."""
        later = np.maximum(time_s, 0.0)
        peak = np.where(time_s < 0, np.exp(-0.5 * (time_s / 3e-4) ** 2), np.exp(-later / 8e-4))
        return np.asarray(peak - 0.45 * (later / self.slow_s) * np.exp(1 - later / self.slow_s), dtype=np.float64)


def fiber(width_s: float = 5e-4) -> Wave:
    """Return the spike of a single fiber, some 3 ms long."""
    return Wave(bells=((0.0, width_s, -1.0), (2.2 * width_s, 1.3 * width_s, 0.45)))


def unit(rng: np.random.Generator, width_s: float = 1.3e-3) -> Wave:
    """Return the potential of a motor unit, some 8 to 12 ms long at a needle."""
    sizes = rng.normal(scale=0.25, size=4)
    # as much positive as negative, as in a muscle, where every current comes back
    sizes += (1 - sizes.sum()) / 4
    shifts = (-3.0, -1.7, 2.0, 4.0)
    sides = [(shift * width_s, width_s, float(size)) for shift, size in zip(shifts, sizes, strict=True)]
    return Wave(bells=((0.0, width_s, -1.0), *sides))


def train(rate_hz: float, start_s: float, stop_s: float, spread: float, rng: np.random.Generator) -> FloatArray:
    """Return times with normal intervals around a mean."""
    n = int((stop_s - start_s) * rate_hz * 1.5) + 8
    intervals = np.maximum(1 + spread * rng.normal(size=n), 0.2) / rate_hz
    times = start_s + np.cumsum(intervals) - intervals[0]
    return np.asarray(times[times < stop_s], dtype=np.float64)


def course(rate_hz: FloatArray, start_s: float, duration_s: float) -> FloatArray:
    """Return times of a train whose rate follows a course."""
    passed = np.concatenate([[0.0], np.cumsum(rate_hz) * duration_s / rate_hz.size])
    whole = np.arange(int(passed[-1]) + 1)
    return start_s + np.interp(whole, passed, np.linspace(0, duration_s, passed.size))


def myotonic(start_s: float, duration_s: float = 2.0) -> tuple[FloatArray, FloatArray]:
    """Return times and sizes of a run that waxes and wanes."""
    wave = np.sin(np.pi * np.linspace(0, 1, 200))
    times = course(25 + 45 * wave, start_s, duration_s)
    return times, 2e-4 * (0.4 + 0.6 * np.sin(np.pi * (times - start_s) / duration_s))


def contraction(canvas: Canvas, start_s: float, stop_s: float, spread: float = 0.15, n_units: int = 6) -> None:
    """Add units that a person's will drives, or with a spread of 0.45 a cramp."""
    for number in range(n_units):
        rate = canvas.rng.uniform(9, 14)
        wave = unit(canvas.rng, canvas.rng.uniform(1.0e-3, 1.8e-3) if canvas.rate_hz > SURFACE_HZ else 2.5e-3)
        times = gamma_train(rate, start_s + 0.1 * number, stop_s, spread, canvas.rng)
        canvas.add(wave, times, 8e-4 / (1 + number))


def gamma_train(rate_hz: float, start_s: float, stop_s: float, spread: float, rng: np.random.Generator) -> FloatArray:
    """Return times with gamma distributed intervals, no shorter than 5 ms."""
    n = int((stop_s - start_s) * rate_hz * 2) + 8
    intervals = np.maximum(rng.gamma(spread**-2, spread**2 / rate_hz, n), 0.005)
    times = start_s + np.cumsum(intervals)
    return np.asarray(times[times < stop_s], dtype=np.float64)


def tremor(canvas: Canvas, rate_hz: float, start_s: float, stop_s: float, spread: float = 0.05) -> FloatArray:
    """Add bursts of many units, and return their middles."""
    middles = train(rate_hz, start_s, stop_s, spread, canvas.rng)
    waves = [unit(canvas.rng, 2.5e-3) for _ in range(12)]
    for middle in middles:
        for wave in waves:
            canvas.add(wave, [middle + canvas.rng.uniform(-0.2, 0.2) / rate_hz], canvas.rng.uniform(1e-4, 4e-4))
    return middles


def groups(rate_hz: float, inner_hz: float, stop_s: float, rng: np.random.Generator) -> list[FloatArray]:
    """Return the times of the discharges of each of some groups of one unit."""
    starts = train(rate_hz, 0.3, stop_s - 0.5, 0.15, rng)
    return [start + np.arange(rng.integers(3, 6)) / inner_hz for start in starts]
