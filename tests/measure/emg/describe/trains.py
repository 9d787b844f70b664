"""Sorted potentials with known truth, for the tests of what they add up to."""

from collections.abc import Sequence

import numpy as np

from twitchwise.measure.emg.describe import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.simulate.ectopic.fasciculations import Fasciculations
from twitchwise.vocabulary import Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

RATE_HZ = 2000.0
NOISE_V = 5e-6
HALF_SAMPLES = 50
GRID: FloatArray = 0.008 * np.stack(np.meshgrid(np.arange(6.0), np.arange(8.0)), axis=-1).reshape(-1, 2)


def shape_of(unit: int, delay_s: float = 0.0) -> FloatArray:
    """Return the shape of a unit, with a peak of 1."""
    time = np.arange(-HALF_SAMPLES, HALF_SAMPLES + 1) / RATE_HZ + delay_s
    wave = np.sin(2 * np.pi * (70 + 30 * unit) * time + unit) * np.exp(-((time / 0.004) ** 2))
    shape: FloatArray = wave / np.abs(wave).max()
    return shape


def potentials(  # noqa: PLR0913 - a scene has many sides
    times_s: Sequence[float] | FloatArray,
    unit: Sequence[int] | IntArray | int = 1,
    *,
    rest: tuple[tuple[float, float], ...] = ((0.0, 600.0),),
    snr: float = 50.0,
    probability: float | FloatArray = 1.0,
    electrode: Electrode = Electrode.SURFACE,
    amplitude_unit: Unit = Unit.VOLT,
    sampling_rate_hz: float = RATE_HZ,
    mapped: bool = False,
    seed: int = 0,
) -> SortedPotentials:
    """Return potentials at given times of given units, in white noise."""
    time = np.asarray(times_s, dtype=np.float64)
    units = np.broadcast_to(np.asarray(unit, dtype=np.int64), time.shape)
    order = np.argsort(time, kind="stable")
    time, units = time[order], units[order]
    rng, n = np.random.default_rng(seed), time.size
    clean = np.array([snr * NOISE_V * shape_of(number) for number in units]).reshape(n, 2 * HALF_SAMPLES + 1)
    shape = clean + rng.normal(scale=NOISE_V, size=clean.shape)
    centers = np.array([[0.014 + 0.004 * number, 0.02 + 0.005 * number] for number in units]).reshape(n, 2)
    hills = np.exp(-np.sum((GRID[np.newaxis] - centers[:, np.newaxis]) ** 2, axis=-1) / (2 * 0.012**2))
    maps = snr * NOISE_V * hills + rng.normal(scale=NOISE_V, size=hills.shape)
    return SortedPotentials(
        channel="calf",
        sampling_rate_hz=sampling_rate_hz,
        rest=Intervals(rest),
        amplitude_unit=amplitude_unit,
        electrode=electrode,
        start_s=time - 0.004,
        peak_s=time,
        end_s=time + 0.004,
        peak=np.full(n, snr * NOISE_V),
        peak_to_peak=np.ptp(shape, axis=1) if n else np.empty(0),
        unit=units,
        probability=np.broadcast_to(np.asarray(probability, dtype=np.float64), time.shape),
        noise_rms=np.full(n, NOISE_V),
        shape=shape.astype(np.float32),
        usable=np.ones(n, dtype=np.bool_),
        map=maps.astype(np.float32) if mapped else None,
    )


def bare(
    time_s: FloatArray, unit: IntArray, duration_s: float, probability: FloatArray | None = None
) -> SortedPotentials:
    """Return potentials without a shape, quickly."""
    order = np.argsort(time_s, kind="stable")
    n = time_s.size
    ones, time = np.ones(n), time_s[order]
    return SortedPotentials(
        channel="calf",
        sampling_rate_hz=RATE_HZ,
        rest=Intervals(((0.0, duration_s),)),
        start_s=time,
        peak_s=time,
        end_s=time,
        peak=ones,
        peak_to_peak=ones,
        unit=unit[order],
        probability=ones if probability is None else probability[order],
        noise_rms=ones,
        shape=np.zeros((n, 1), dtype=np.float32),
        usable=np.zeros(n, dtype=np.bool_),
    )


def drawn(model: Fasciculations, duration_s: float, rng: np.random.Generator) -> SortedPotentials:
    """Return all discharges of the forward model's fasciculations, without shapes."""
    train = model.draw(duration_s, rng)
    return bare(train.time_s, train.unit + 1, duration_s)
