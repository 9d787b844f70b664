"""The loudness of a channel in steps of 10 ms, and rhythms of it: bursts that come again and again.

A rhythm is where the loudness of five seconds resembles itself one cycle later. Its bursts lie between the troughs.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.signal import find_peaks

from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

BIN_S = 0.01
# Stretches that are looked at, and how far they move on: in five seconds the slowest rhythm has ten cycles.
_WINDOW_S, _HOP_S = 5.0, 1.0
# Stretches that are looked at together: they stay in the cache.
_AT_ONCE = 64
# Correlation of the loudness with itself one cycle later from which there is a rhythm: white noise of 5 s, which has
# 100 independent values where bursts of a tenth of a second matter, hardly ever reaches it.
_RESEMBLES = 0.35
# Of two cycles together the first is taken if it is at least this part as alike.
_NEARLY = 0.7
# Loudness is smoothed by this part of a cycle before bursts are parted; neighboring cycles may differ by this factor.
_SMOOTHED_PART, _SAME_RHYTHM = 0.08, 1.3
# Bursts that stand out: loudness over this time, above this multiple of the noise; beyond the third it does not count
# more, so that a loud burst does not swallow its neighbors.
_SMOOTH_S, _ABOVE, _CLIPPED = 0.015, 1.45, 6.0
# The loudest 10 ms of a burst are above the noise by this much of a logarithm: twice the noise.
_STANDS_OUT = 0.7
# Slow change over more than a second is no part of a rhythm.
_SLOW_S = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Bursts:
    """Bursts of one rhythm, in order of time.

    Parameters
    ----------
    start_s, peak_s, end_s
        When each rises above the middle between trough and crest, is loudest, and falls below, shape ``(n,)``.
    depth
        Median loudness of the crests over that of the troughs.
    """

    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    depth: float

    def __len__(self) -> int:
        return int(self.start_s.size)

    @property
    def intervals_s(self) -> FloatArray:
        """Time from each burst to the next, between the middles, shape ``(n - 1,)``."""
        return np.diff((self.start_s + self.end_s) / 2)

    def where(self, kept: slice) -> "Bursts":
        """Return some of them."""
        return Bursts(start_s=self.start_s[kept], peak_s=self.peak_s[kept], end_s=self.end_s[kept], depth=self.depth)


def envelope_of(trace: ChannelTrace, settings: RhythmSettings) -> npt.NDArray[np.float32]:
    """Return the root mean square of each 10 ms of a trace, shape ``(n,)``."""
    length = BIN_S * trace.sampling_rate_hz
    parts = []
    for block in trace.blocks(settings):
        # bins of a length that is no whole number of samples begin at the nearest sample
        first, last = int(np.ceil(block.start / length)), int(np.ceil(block.stop / length))
        edges = np.rint(np.arange(first, last + 1) * length).astype(np.int64) - block.first
        whole = edges[edges <= block.samples.size]
        if whole.size > 1:
            power = np.add.reduceat(block.samples[: whole[-1]].astype(np.float64) ** 2, whole[:-1])
            parts.append(np.sqrt(power / np.diff(whole)).astype(np.float32))
    return np.concatenate([np.empty(0, dtype=np.float32), *parts])


def rhythms_in(loudness: npt.NDArray[np.float32], noise: float, settings: RhythmSettings) -> list[Bursts]:
    """Return the rhythms of bursts in a loudness in steps of 10 ms."""
    level = np.log(np.maximum(loudness, noise)).astype(np.float64)
    floor = float(np.log(noise))
    window, hop = round(_WINDOW_S / BIN_S), round(_HOP_S / BIN_S)
    periods = _periods(level, window, hop, _lags(settings))
    found = []
    for first, last, period in _stretches(periods, window):
        bursts = _bursts(level, floor, first, last, period)
        if bursts is not None and len(bursts) >= settings.burst_count and bursts.depth >= settings.burst_depth:
            found.append(bursts)
    return found


def bursts_above(loudness: npt.NDArray[np.float32], noise: float, settings: RhythmSettings) -> list[Bursts]:
    """Return bursts that stand out of the noise, parted where a rhythm of groups cannot go on.

    Loudness over 40 ms is compared with the noise, whose spread follows from how many independent values that holds.
    """
    power = gaussian_filter1d(np.minimum(loudness, _CLIPPED * noise).astype(np.float64) ** 2, _SMOOTH_S / BIN_S)
    above = power > (_ABOVE * noise) ** 2
    edges = np.flatnonzero(np.diff(above.astype(np.int8), prepend=0, append=0))
    first, last = edges[::2], edges[1::2]
    if first.size == 0:
        return []
    peak = np.array([low + int(np.argmax(power[low:high])) for low, high in zip(first, last, strict=True)])
    found = Bursts(
        start_s=np.asarray(first * BIN_S, dtype=np.float64),
        peak_s=(peak + 0.5) * BIN_S,
        end_s=np.asarray(last * BIN_S, dtype=np.float64),
        depth=float(np.sqrt(np.median(power[peak])) / noise),
    )
    breaks = np.flatnonzero(found.intervals_s > 1 / settings.group_rate_low_hz) + 1
    bounds = [0, *(int(one) for one in breaks), first.size]
    parts = [found.where(slice(low, high)) for low, high in pairwise(bounds)]
    return [part for part in parts if len(part) >= settings.group_count]


def _lags(settings: RhythmSettings) -> tuple[int, int]:
    slowest = min(settings.tremor_rate_low_hz, settings.myokymic_rhythm_low_hz)
    return int(1 / settings.tremor_rate_high_hz / BIN_S), int(np.ceil(1 / slowest / BIN_S))


def _periods(level: FloatArray, window: int, hop: int, lags: tuple[int, int]) -> list[tuple[int, float]]:
    """Return the first bin, and the cycle in bins, of each stretch that has one."""
    if level.size < window:
        return []
    rows = np.lib.stride_tricks.sliding_window_view(level, window)[::hop]
    found: list[tuple[int, float]] = []
    for first in range(0, len(rows), _AT_ONCE):
        likeness = _likeness(rows[first : first + _AT_ONCE])
        # where nothing is alike enough there is no peak that is
        alike = likeness[:, lags[0] : lags[1] + 1].max(axis=1) >= _RESEMBLES
        for row in np.flatnonzero(alike).tolist():
            period = _period(likeness[row], lags)
            if period is not None:
                found.append(((first + row) * hop, period))
    return found


def _likeness(parts: FloatArray) -> FloatArray:
    """Return how alike each stretch is to itself later, by lag in bins, shape as given; 0 where nothing changes."""
    size = parts.shape[1]
    moved = gaussian_filter1d(parts - _slow(parts), 1.0, axis=1)
    moved -= moved.mean(axis=1, keepdims=True)
    power = np.einsum("ij,ij->i", moved, moved)
    power[power == 0] = np.inf
    spectrum = np.abs(np.fft.rfft(moved, 2 * size, axis=1)) ** 2
    products = np.fft.irfft(spectrum, axis=1)[:, :size]
    return np.asarray(products / power[:, None] * (size / (size - np.arange(size))), dtype=np.float64)


def _slow(parts: FloatArray) -> FloatArray:
    """Return the running median of each stretch; its ends are carried on, and all are gone over as one row."""
    width = round(_SLOW_S / BIN_S)
    reach = width // 2
    apart = np.pad(parts, ((0, 0), (reach, reach)), mode="edge")
    return np.asarray(median_filter(apart.reshape(-1), width).reshape(apart.shape)[:, reach:-reach])


def _period(likeness: FloatArray, lags: tuple[int, int]) -> float | None:
    """Return the cycle of a stretch in bins, or None where it has none."""
    shortest, longest = lags
    peaks, _ = find_peaks(likeness[shortest - 1 : longest + 2], height=_RESEMBLES)
    if peaks.size == 0:
        return None
    heights = likeness[peaks + shortest - 1]
    # the cycle, not two of it: the first peak that is nearly as high as the highest
    at = int(peaks[np.flatnonzero(heights >= _NEARLY * heights.max())[0]]) + shortest - 1
    between = likeness[: at + 1].min()
    return float(at) if likeness[at] - between >= _RESEMBLES else None


def _stretches(periods: list[tuple[int, float]], window: int) -> list[tuple[int, int, float]]:
    """Join stretches of one rhythm that overlap: first bin, last bin, cycle in bins."""
    joined: list[tuple[int, int, list[float]]] = []
    for first, period in periods:
        if joined and first <= joined[-1][1]:
            start, _, known = joined[-1]
            usual = float(np.median(known))
            if max(period, usual) <= _SAME_RHYTHM * min(period, usual):
                joined[-1] = (start, first + window, [*known, period])
                continue
        joined.append((max(first, joined[-1][1]) if joined else first, first + window, [period]))
    return [(first, last, float(np.median(known))) for first, last, known in joined if last > first]


def _bursts(level: FloatArray, floor: float, first: int, last: int, period: float) -> Bursts | None:
    """Part a stretch into bursts at its troughs."""
    part = gaussian_filter1d(level[first:last], max(_SMOOTHED_PART * period, 0.5))
    troughs, _ = find_peaks(-part, distance=max(1, round(0.6 * period)))
    if troughs.size < 2:  # noqa: PLR2004 - a burst lies between two
        return None
    rows = [_burst(part, int(low), int(high)) for low, high in pairwise(troughs)]
    start, peak, end, depth = (np.array(column) for column in zip(*rows, strict=True))
    loud = level[first + peak] >= floor + _STANDS_OUT
    kept = _in_rhythm(peak, period) & (depth > 0) & loud
    if not kept.any():
        return None
    return Bursts(
        start_s=(first + start[kept]) * BIN_S,
        peak_s=(first + peak[kept] + 0.5) * BIN_S,
        end_s=(first + end[kept]) * BIN_S,
        depth=float(np.exp(np.median(depth[kept]))),
    )


def _burst(part: FloatArray, low: int, high: int) -> tuple[float, int, float, float]:
    peak = low + int(np.argmax(part[low : high + 1]))
    trough = max(float(part[low]), float(part[high]))
    middle = (float(part[peak]) + trough) / 2
    start, end = peak, peak
    while start > low and part[start - 1] >= middle:
        start -= 1
    while end < high and part[end + 1] >= middle:
        end += 1
    return float(start), peak, float(end + 1), float(part[peak]) - trough


def _in_rhythm(peak: IntArray, period: float) -> BoolArray:
    """Tell which bursts have a neighbor about one cycle away."""
    steps = np.diff(peak) / period
    fits = (steps > 1 / _SAME_RHYTHM**2) & (steps < _SAME_RHYTHM**2)
    beside: BoolArray = np.concatenate([[False], fits]) | np.concatenate([fits, [False]])
    return beside
