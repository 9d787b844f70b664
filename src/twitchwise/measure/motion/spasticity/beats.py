"""Chains of beats on a wave: crests that follow each other at the rates of clonus and do not change their pace."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from twitchwise.measure.emg.rhythms.features import irregularity_of
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.measure.motion.spasticity.settings import ClonusSettings
from twitchwise.measure.motion.spasticity.waves import Wave, WaveSource
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# How far beyond the slowest and fastest clonus an interval may lie: beats are not all alike.
_TOLERANCE = 1.25
# Share of the beats' size that is taken as large, of which the least that counts is a part.
_LARGE = 0.75
# A crest at either end that is smaller than this part of its neighbor is what the filter makes of the end of a rhythm.
_ENDS = 0.45
# In EMG it is quiet: below this multiple of how much the loudness of noise swings, which is three times the noise.
_LOUD = 25.0
# Beats have several crests where a wave resembles itself only after so many times the time from crest to crest; the
# largest of each are then at least this part of a beat apart. Of two cycles the first is taken if nearly as alike.
_SEVERAL, _APART, _NEARLY = 1.4, 0.7, 0.8


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """Beats of one rhythm, in order of time.

    Parameters
    ----------
    time_s
        When each crest is, shape ``(n,)``.
    height
        How far it stands out of the wave's middle, shape ``(n,)``.
    size
        Root mean square of the source around it, in the source's unit, shape ``(n,)``.
    depth
        Median size at the crests over that at the troughs.
    likeness
        Correlation of the wave with itself one beat later.
    """

    time_s: FloatArray
    height: FloatArray
    size: FloatArray
    depth: float
    likeness: float

    def __len__(self) -> int:
        return int(self.time_s.size)

    @property
    def interval_s(self) -> float:
        """Median time from beat to beat."""
        return float(np.median(np.diff(self.time_s)))

    @property
    def start_s(self) -> float:
        """Half a beat before the first crest, or the start of the recording."""
        return max(float(self.time_s[0]) - self.interval_s / 2, 0.0)

    @property
    def stop_s(self) -> float:
        """Half a beat after the last crest."""
        return float(self.time_s[-1]) + self.interval_s / 2


def chains_on(wave: Wave, source: WaveSource, settings: ClonusSettings) -> Iterator[Chain]:
    """Give the chains of beats on a wave that are long and regular enough to be clonus."""
    fastest_s = 1 / (settings.rate_high_hz * _TOLERANCE)
    crests, _ = find_peaks(
        wave.swing,
        height=max(settings.beat_to_noise * source.noise, np.finfo(np.float64).tiny),
        distance=max(1, int(fastest_s * wave.rate_hz)),
    )
    for run in _runs(crests, wave.rate_hz, settings, steady=False):
        for steady in _runs(_beats(wave, run, settings), wave.rate_hz, settings):
            for part in _runs(_large(wave.swing, steady, source, settings), wave.rate_hz, settings):
                chain = _chain(wave, _without_ends(wave, part, source))
                if chain is not None and _is_regular(chain, source, settings):
                    yield chain


def _runs(crests: IntArray, rate_hz: float, settings: ClonusSettings, *, steady: bool = True) -> Iterator[IntArray]:
    """Give runs of crests whose steps are no longer than in clonus; if steady, no shorter and all alike."""
    steps = np.diff(crests) / rate_hz
    fits = steps * settings.rate_low_hz <= _TOLERANCE
    if steady:
        fits &= steps * settings.rate_high_hz * _TOLERANCE >= 1
    ratio = np.maximum(steps[1:], steps[:-1]) / np.minimum(steps[1:], steps[:-1])
    goes_on = np.concatenate([[True], (ratio <= settings.interval_change) | (not steady)])
    first = 0
    for step in range(steps.size + 1):
        if step == steps.size or not fits[step] or (step > first and not goes_on[step]):
            if step + 1 - first >= settings.beats_least:
                yield crests[first : step + 1]
            first = step + 1 if step < steps.size and not fits[step] else step


def _beats(wave: Wave, crests: IntArray, settings: ClonusSettings) -> IntArray:
    """Return the crests, or the largest in every beat where beats have several."""
    once = float(np.median(np.diff(crests)))
    beat = _cycle(wave.swing[crests[0] : crests[-1] + 1], wave.rate_hz, settings)
    if beat < _SEVERAL * once:
        return crests
    larger, _ = find_peaks(wave.swing, height=float(wave.swing[crests].min()), distance=_APART * beat)
    return np.asarray(larger[(larger >= crests[0]) & (larger <= crests[-1])], dtype=np.int64)


def _cycle(part: FloatArray, rate_hz: float, settings: ClonusSettings) -> float:
    """Return the lag in samples at which a wave resembles itself: the first nearly as alike as the best; 0 if none."""
    first, last = int(rate_hz / (settings.rate_high_hz * _TOLERANCE)), int(rate_hz / settings.rate_low_hz * _TOLERANCE)
    if part.size <= 2 * last:
        return 0.0
    alike = np.array([float(np.corrcoef(part[:-lag], part[lag:])[0, 1]) for lag in range(max(first, 2), last + 1)])
    peaks, heights = find_peaks(alike, height=0.0)
    if peaks.size == 0:
        return 0.0
    nearly = np.flatnonzero(heights["peak_heights"] >= _NEARLY * heights["peak_heights"].max())
    return float(peaks[nearly[0]] + max(first, 2))


def _large(swing: FloatArray, crests: IntArray, source: WaveSource, settings: ClonusSettings) -> IntArray:
    """Return the crests that are a good part of the large ones.

    In motion the second largest is the measure: the largest may be the stretch itself, and a limb that swings by itself
    dies away from there on.
    """
    if crests.size < 2:  # noqa: PLR2004 - there is no second largest
        return crests[:0]
    height = swing[crests]
    large = np.quantile(height, _LARGE) if source.is_emg else np.sort(height)[-2]
    return crests[height >= settings.beat_share * large]


def _without_ends(wave: Wave, crests: IntArray, source: WaveSource) -> IntArray:
    """Return the crests without one at either end that the filter made."""
    height = wave.swing[crests]
    first, last = height[0] < _ENDS * height[1], height[-1] < _ENDS * height[-2]
    if source.is_emg:
        # EMG is loud at every beat, and quiet where the filter swings on
        loud = wave.size[crests] > _LOUD * source.noise
        first, last = not loud[0], not loud[-1]
    return crests[int(first) : crests.size - int(last)]


def _chain(wave: Wave, crests: IntArray) -> Chain | None:
    if crests.size < 2:  # noqa: PLR2004 - an interval lies between two
        return None
    step = max(1, round(float(np.median(np.diff(crests))) / 4))
    squared = np.concatenate([[0.0], np.cumsum(wave.size**2)])
    first, last = np.maximum(crests - step, 0), np.minimum(crests + step + 1, wave.size.size)
    low = np.minimum(crests[:-1], crests[1:])
    troughs = np.array([a + int(np.argmin(wave.swing[a:b])) for a, b in zip(low, crests[1:], strict=True)])
    trough = max(float(np.median(wave.size[troughs])), np.finfo(np.float64).tiny)
    return Chain(
        time_s=wave.start_s + (crests + _between(wave.swing, crests)) / wave.rate_hz,
        height=wave.swing[crests],
        size=np.sqrt((squared[last] - squared[first]) / (last - first)),
        depth=float(np.median(wave.size[crests])) / trough,
        likeness=_likeness(wave.swing[crests[0] : crests[-1] + 1], 4 * step),
    )


def _likeness(part: FloatArray, lag: int) -> float:
    """Return the correlation of a wave with itself about a beat later, at the best of the lags around."""
    lags = [one for one in (lag - 1, lag, lag + 1) if 1 < one < part.size - 2]
    return max((float(np.corrcoef(part[:-one], part[one:])[0, 1]) for one in lags), default=0.0)


def _between(swing: FloatArray, crests: IntArray) -> FloatArray:
    """Return how far from its sample each crest lies, by the parabola through three of them."""
    inner = np.clip(crests, 1, swing.size - 2)
    before, at, after = swing[inner - 1], swing[inner], swing[inner + 1]
    bend = before - 2 * at + after
    safe = np.where(bend < 0, bend, -1.0)
    return np.asarray(np.where(bend < 0, np.clip(0.5 * (before - after) / safe, -0.5, 0.5), 0.0), dtype=np.float64)


def _is_regular(chain: Chain, source: WaveSource, settings: ClonusSettings) -> bool:
    if len(chain) < settings.beats_least or chain.depth < source.depth_least:
        return False
    rate_hz = 1 / chain.interval_s
    in_range = settings.rate_low_hz <= rate_hz <= settings.rate_high_hz
    intervals_s = np.diff(chain.time_s)
    if intervals_s.size <= 2:  # noqa: PLR2004 - too few to tell a change of pace from neighbors
        return in_range
    return in_range and irregularity_of(intervals_s) <= rhythm_settings().clonus_irregularity * _TOLERANCE
