"""Twitches in a film of an ultrasound screen: brief movement of part of the tissue by itself."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.settings import UltrasoundSettings
from twitchwise.measure.video.ultrasound.candidates import Candidate, candidates
from twitchwise.measure.video.ultrasound.changes import Changes, look_at_changes
from twitchwise.measure.video.ultrasound.confirm import Moved, moved_between, small_pictures
from twitchwise.measure.video.ultrasound.pulse import beats_of_a_pulse
from twitchwise.signals import Video
from twitchwise.vocabulary.arrays import FloatArray

# Pairs of pictures away from any candidate that tell how far tissue seems to move at rest.
_RESTING_PAIRS = 5
_QUICK_PASS = 0.9
# Speeds this near the greatest are as great: displacement in fast, blurred tissue is told no better.
_EQUAL = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class UltrasoundTwitch:
    """One twitch.

    Parameters
    ----------
    start_s, peak_s, end_s
        When tissue began to move, moved fastest, and stopped.
    moved_px
        How far it moved where it moved most, in the time between compared pictures.
    place_px
        Middle of what moved, x and y.
    extent_px
        Edge of a square as large as what moved.
    """

    start_s: float
    peak_s: float
    end_s: float
    moved_px: float
    place_px: tuple[float, float]
    extent_px: float


@dataclass(frozen=True, kw_only=True, eq=False)
class UltrasoundTwitches:
    """What was found.

    Parameters
    ----------
    twitches
        In order.
    looked_s
        Time in which one would have been seen.
    least_px
        Smallest movement that counts.
    apart_s
        Time between compared pictures.
    probe_s, long_s
        Time in which the whole picture moved, and in which tissue moved for longer than a twitch.
    pulse
        Movements that recur like a pulse and are not counted.
    trace_px
        How far tissue seems to move from picture to picture at its most unusual place, ``(n_frames,)``.
    heat_px
        How far each part moved in the twitches, root mean square, shape ``(rows, columns)``.
    """

    twitches: tuple[UltrasoundTwitch, ...]
    looked_s: float
    least_px: float
    apart_s: float
    probe_s: float = 0.0
    long_s: float = 0.0
    pulse: int = 0
    trace_px: FloatArray = field(default_factory=lambda: np.empty(0))
    heat_px: FloatArray = field(default_factory=lambda: np.empty((0, 0)))


def find_ultrasound_twitches(video: Video, settings: UltrasoundSettings, progress: Progress) -> UltrasoundTwitches:
    """Find the twitches in a film of an ultrasound screen.

    Parameters
    ----------
    video
        At least three pictures.
    settings
        Thresholds.
    progress
        Is told how much is done, from 0 to 1.
    """
    changes = look_at_changes(video, lambda share: progress(_QUICK_PASS * share))
    found, unusual = candidates(changes, video.frame_rate_hz)
    least_px = max(settings.least_px, settings.over_rest * _at_rest(video, changes, found))
    sorted_out = _SortedOut(video, changes, settings, least_px)
    for one in found:
        sorted_out.take(one)
    pulsing = beats_of_a_pulse(sorted_out.twitches, changes.edge_px * changes.scale * 3.0, settings)
    kept = tuple(one for one, pulse in zip(sorted_out.twitches, pulsing, strict=True) if not pulse)
    progress(1.0)
    return UltrasoundTwitches(
        twitches=kept,
        looked_s=max(video.duration_s - sorted_out.probe_s - sorted_out.long_s, 0.0),
        least_px=least_px,
        apart_s=changes.lag / video.frame_rate_hz,
        probe_s=sorted_out.probe_s,
        long_s=sorted_out.long_s,
        pulse=int(sum(pulsing)),
        trace_px=_trace(changes, unusual, video.n_frames),
        heat_px=np.sqrt(np.mean(np.square(sorted_out.maps), axis=0))
        if sorted_out.maps
        else np.zeros(changes.tissue.shape),
    )


class _SortedOut:
    """Sorts candidates into twitches, movement of the probe, and movement that lasts too long."""

    def __init__(self, video: Video, changes: Changes, settings: UltrasoundSettings, least_px: float) -> None:
        self._video, self._changes, self._settings, self._least_px = video, changes, settings, least_px
        self.twitches = list[UltrasoundTwitch]()
        self.maps = list[FloatArray]()
        self.probe_s = self.long_s = 0.0

    def take(self, one: Candidate) -> None:
        """Look at one candidate with care."""
        lag, times = self._changes.lag, self._video.times_s
        start_s, end_s = float(times[one.first + lag - 1]), float(times[min(one.last + lag, times.size - 1)])
        pictures = small_pictures(self._video, self._changes, one.peak, one.peak + lag)
        moved = moved_between(pictures[0], pictures[-1], self._changes)
        if end_s - start_s > self._settings.duration_longest_s:
            self.long_s += end_s - start_s
        elif moved.local_px.max() >= max(self._least_px, self._settings.own_share * moved.whole_px):
            peak_s = min(max(self._fastest_s(one), start_s), end_s)
            self.twitches.append(_twitch(moved, self._changes, start_s, peak_s, end_s, self._least_px))
            self.maps.append(moved.local_px)
        elif moved.whole_px >= self._least_px:
            self.probe_s += end_s - start_s

    def _fastest_s(self, one: Candidate) -> float:
        """Return the time of the picture from which to the next the fastest parts move farthest."""
        lag = self._changes.lag
        first = max(one.peak - lag, 0)
        pictures = small_pictures(self._video, self._changes, first, one.peak + 2 * lag)
        speeds = [moved_between(before, after, self._changes).fastest_px for before, after in pairwise(pictures)]
        equal = first + np.flatnonzero(np.array(speeds) >= _EQUAL * max(speeds))
        return float(self._video.times_s[equal].mean())


def _at_rest(video: Video, changes: Changes, found: list[Candidate]) -> float:
    """Return how far tissue seems to move where nothing unusual is seen."""
    quiet = np.ones(len(changes.energy), dtype=bool)
    for one in found:
        quiet[one.first : one.last + 1] = False
    numbers = np.flatnonzero(quiet)
    chosen = numbers[np.linspace(0, numbers.size - 1, min(_RESTING_PAIRS, numbers.size)).astype(int)]
    moves = []
    for number in chosen:
        pictures = small_pictures(video, changes, int(number), int(number) + changes.lag)
        moves.append(float(moved_between(pictures[0], pictures[-1], changes).local_px.max()))
    return float(np.median(moves)) if moves else 0.0


def _twitch(
    moved: Moved, changes: Changes, start_s: float, peak_s: float, end_s: float, least_px: float
) -> UltrasoundTwitch:
    most = float(moved.local_px.max())
    part = moved.local_px >= max(least_px, most / 2)
    edge = changes.edge_px * changes.scale
    rows, columns = np.nonzero(part)
    weights = moved.local_px[part]
    x, y = ((np.average(numbers, weights=weights) + 0.5) * edge - 0.5 for numbers in (columns, rows))
    return UltrasoundTwitch(
        start_s=start_s,
        peak_s=peak_s,
        end_s=end_s,
        moved_px=most,
        place_px=(float(x), float(y)),
        extent_px=float(np.sqrt(part.sum()) * edge),
    )


def _trace(changes: Changes, unusual: FloatArray, n_frames: int) -> FloatArray:
    padded = np.zeros(n_frames)
    first = changes.lag // 2
    padded[first : first + unusual.size] = unusual
    return padded
