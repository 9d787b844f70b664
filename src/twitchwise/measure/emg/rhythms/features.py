"""What a run of discharges of one source looks like: rate and its change, size and its change, regularity, groups.

Regularity is told from neighboring intervals, so that a slow change of rate does not count as irregular (Holt et al.
1996, Comparison of discharge variability in vitro and in vivo in cat visual cortex neurons, https://doi.org/10.1152/jn.1996.75.5.1806).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# The median of 2 |a - b| / (a + b) of two intervals with a small coefficient of variation is 0.954 times that.
_NORMAL = 0.954
# Rates and sizes are smoothed over this many discharges before their change is told.
_SMOOTHED = 5
# The change of a quantity is the ratio of these shares of its values.
_SHARES = (0.05, 0.95)
# A potential reaches as far as it keeps above this share of its peak, or what noise leaves of it in the mean; phases
# closer than this are one potential.
_EDGE_SHARE, _EDGE_MULTIPLE, _GAP_S = 0.04, 3.0, 0.0015
# A positive sharp wave rises within this time, before which there is less than this part of its peak, and what follows
# is at least that part of it.
_RISE_S, _NOTHING, _FOLLOWS = 0.0015, 0.2, 0.05
# So many waves are enough for their median.
_WAVES = 60
# Intervals are counted on a scale of ratios with a normal kernel of this width, between 20 and 600 ms; a normal curve
# is 2.355 standard deviations wide at half its height; near the peak is within a third.
_KERNEL, _WIDTH_OF_NORMAL, _NEAR = 0.1, 2.355, 0.3
_GRID = np.linspace(np.log(0.02), np.log(0.6), 300)
# Pauses are far longer than this part of the intervals.
_SHORT_SHARE = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFeatures:
    """A run of discharges of one source.

    Parameters
    ----------
    n
        Discharges, at least 3.
    duration_s
        From first to last.
    rate_hz, highest_hz, lowest_hz
        Median rate, and that of the fastest and slowest parts.
    irregularity
        Coefficient of variation of the intervals, without slow change.
    rate_change, size_change
        Fastest over slowest, largest over smallest part, at least 1.
    rate_trend, size_trend
        Change of the logarithm from first to last third: below 0 where it falls.
    potential_s
        Duration of the potential.
    """

    n: int
    duration_s: float
    rate_hz: float
    highest_hz: float
    lowest_hz: float
    irregularity: float
    rate_change: float
    size_change: float
    rate_trend: float
    size_trend: float
    potential_s: float


def features_of(time_s: FloatArray, peak: FloatArray, intervals_s: FloatArray, potential_s: float) -> RunFeatures:
    """Return the features of at least three discharges at ascending times, with the intervals from each to the next."""
    rates, sizes = 1 / _smoothed(intervals_s), _smoothed(np.abs(peak))
    low, high = np.quantile(rates, _SHARES)
    small, large = np.quantile(sizes, _SHARES)
    return RunFeatures(
        n=time_s.size,
        duration_s=float(time_s[-1] - time_s[0]),
        rate_hz=float(1 / np.median(intervals_s)),
        highest_hz=float(high),
        lowest_hz=float(low),
        irregularity=irregularity_of(intervals_s),
        rate_change=float(high / low),
        size_change=float(large / max(small, np.finfo(np.float64).tiny)),
        rate_trend=_trend(rates),
        size_trend=_trend(sizes),
        potential_s=potential_s,
    )


def irregularity_of(intervals_s: FloatArray) -> float:
    """Return the coefficient of variation of intervals as told from neighbors; of fewer than two intervals 0.

    Examples
    --------
    >>> irregularity_of(np.array([0.1, 0.1, 0.1]))
    0.0
    """
    if intervals_s.size < 2:  # noqa: PLR2004 - one interval has no neighbor
        return 0.0
    before, after = intervals_s[:-1], intervals_s[1:]
    return float(np.median(2 * np.abs(after - before) / (after + before)) / _NORMAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class UsualInterval:
    """The interval that a source usually keeps.

    Parameters
    ----------
    interval_s
        The most frequent interval.
    spread
        Coefficient of variation around it, told from the width of the peak at half its height.
    share
        Part of all intervals that lie near it.
    """

    interval_s: float
    spread: float
    share: float


def usual_interval(intervals_s: FloatArray) -> UsualInterval:
    """Return the usual interval of a source that is not followed without gaps.

    A lost discharge doubles an interval and one too many cuts it in two; both lie far from the peak, whose width stays.

    Examples
    --------
    >>> usual = usual_interval(np.array([0.1] * 40 + [0.2] * 10 + [0.03] * 5))
    >>> round(usual.interval_s, 2), round(usual.spread, 2), round(usual.share, 2)
    (0.1, 0.0, 0.73)
    """
    logs = np.log(intervals_s)
    density = np.exp(-0.5 * ((_GRID[:, None] - logs) / _KERNEL) ** 2).sum(axis=1)
    top = int(np.argmax(density))
    above = density >= density[top] / 2
    before, after = np.flatnonzero(~above[:top]), np.flatnonzero(~above[top:])
    low = int(before[-1]) + 1 if before.size else 0
    high = top + int(after[0]) - 1 if after.size else _GRID.size - 1
    width = (_GRID[high] - _GRID[low]) / _WIDTH_OF_NORMAL
    return UsualInterval(
        interval_s=float(np.exp(_GRID[top])),
        spread=float(np.sqrt(max(width**2 - _KERNEL**2, 0.0))),
        share=float(np.mean(np.abs(logs - _GRID[top]) < _NEAR)),
    )


def runs_in(time_s: FloatArray, settings: RhythmSettings) -> list[slice]:
    """Return the stretches without a pause: a pause is several times as long as the shorter intervals are."""
    intervals = np.diff(time_s)
    if intervals.size == 0:
        return [slice(0, time_s.size)]
    pause_s = settings.pause_factor * float(np.quantile(intervals, _SHORT_SHARE))
    ends = np.flatnonzero(intervals > pause_s) + 1
    bounds = [0, *(int(end) for end in ends), time_s.size]
    return [slice(low, high) for low, high in pairwise(bounds)]


def usual_wave(waves: Samples) -> Samples:
    """Return the median of waves of shape ``(n, n_long)``, in which what comes at other times does not show."""
    chosen = waves[np.unique(np.linspace(0, waves.shape[0] - 1, _WAVES).astype(np.int64))]
    return np.asarray(np.median(chosen, axis=0), dtype=np.float32)


def potential_s_of(wave: Samples, noise: float, rate_hz: float) -> float:
    """Return the duration of a potential: how long its wave stays out of the noise around its peak in the middle.

    Parameters
    ----------
    wave
        Shape ``(n_long,)``.
    noise
        Noise of the wave.
    rate_hz
        Its samples per second.
    """
    size = np.abs(wave)
    middle = size.size // 2
    edge = max(_EDGE_SHARE * float(size[middle]), _EDGE_MULTIPLE * noise)
    gap = max(1, round(_GAP_S * rate_hz))
    above = np.flatnonzero(size >= edge)
    before, after = above[above <= middle][::-1], above[above >= middle]
    first = int(before[_unbroken(before, gap)]) if before.size else middle
    last = int(after[_unbroken(after, gap)]) if after.size else middle
    return (last - first + 1) / rate_hz


def starts_positive(wave: Samples, rate_hz: float) -> bool:
    """Tell whether a usual wave has the shape of a positive sharp wave.

    It begins with a sharp positive peak, before which there is nothing, and a long negative phase follows, which is
    smaller. Samples are positive where the active electrode is; electromyographers draw them downward.

    Parameters
    ----------
    wave
        Shape ``(n_long,)``, its peak in the middle.
    rate_hz
        Its samples per second.
    """
    middle = wave.size // 2
    peak = float(wave[middle])
    before = wave[: max(middle - round(_RISE_S * rate_hz), 1)]
    return bool(peak > 0 and np.abs(before).max() < _NOTHING * peak and wave[middle:].min() < -_FOLLOWS * peak)


def _unbroken(places: IntArray, gap: int) -> int:
    breaks = np.flatnonzero(np.abs(np.diff(places)) > gap)
    return int(breaks[0]) if breaks.size else places.size - 1


def _smoothed(values: FloatArray) -> FloatArray:
    width = min(_SMOOTHED, values.size)
    return np.asarray(np.convolve(values, np.full(width, 1 / width), mode="valid"), dtype=np.float64)


def _trend(values: FloatArray) -> float:
    third = max(1, values.size // 3)
    return float(np.log(np.median(values[-third:]) / max(np.median(values[:third]), np.finfo(np.float64).tiny)))
