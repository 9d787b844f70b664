"""Times at which several parts of an ultrasound picture that lie together change far more than they mostly do."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import rank_filter

from twitchwise.measure.video.ultrasound.changes import Changes
from twitchwise.vocabulary.arrays import FloatArray

# What a part mostly does: this quantile of its changes, so that it may twitch in the rest of the time; lower in a short
# film, which one twitch may fill.
_MOSTLY, _MOSTLY_LEAST = 0.85, 0.15
_ONE_TWITCH_S = 1.0
# Of a part and its eight neighbors, so many must change, so that a spot that the encoder redraws does not count.
_TOGETHER = 4
# Changes are told from slopes of brightness of this and more, gray levels a pixel, and from moves of this and more.
_SLOPE = 2.0
_LEAST_PX = 0.15
_OVER = 2.5
# Within an event the changes may pause for so long; it lasts while they are over this share of its greatest.
_PAUSE_S = 0.08
_SHARE_AT_ENDS = 0.2
_ALIKE, _ABRUPT, _AFTER, _FOLLOWS = 0.85, 0.45, 4, 1.5
# At rest changes lie below their median and so many median deviations from it.
_RESTING = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """Something that may be a twitch.

    Parameters
    ----------
    first, peak, last
        Numbers of the first, the strongest and the last pair of pictures that differ; a pair has the number of its
        earlier picture.
    """

    first: int
    peak: int
    last: int


def candidates(changes: Changes, frame_rate_hz: float) -> tuple[list[Candidate], FloatArray]:
    """Return the candidates in order, and how far tissue seems to move at its most unusual place.

    Parameters
    ----------
    changes
        What the quick pass gave.
    frame_rate_hz
        Pictures per second.

    Returns
    -------
    candidates
        In order.
    apparent_px
        In pixels of the film from a picture to the one it is compared with, shape ``(n_pairs,)``.
    """
    apparent = np.sqrt(changes.energy / (changes.gradient + _SLOPE**2).astype(np.float32))
    duration_s = len(apparent) / frame_rate_hz
    quantile = min(max(1 - _ONE_TWITCH_S / duration_s, _MOSTLY_LEAST), _MOSTLY)
    mostly = np.maximum(np.quantile(apparent, quantile, axis=0), _LEAST_PX).astype(np.float32)
    apparent /= mostly
    apparent[:, ~changes.tissue] = 0
    shared = rank_filter(apparent, rank=-_TOGETHER, size=(1, 3, 3), mode="constant").reshape(len(apparent), -1)
    place = shared.argmax(axis=1)
    most = shared[np.arange(len(shared)), place].astype(np.float64)
    pause = max(1, round(_PAUSE_S * frame_rate_hz)) + changes.lag
    return list(_runs(most, pause, changes.lag)), most * mostly.reshape(-1)[place] * changes.scale


def _runs(most: FloatArray, pause: int, lag: int) -> Iterator[Candidate]:
    above = np.flatnonzero(most > _OVER)
    usual = float(np.median(most))
    resting = usual + _RESTING * float(np.median(np.abs(most - usual)))
    if not above.size:
        return
    for run in np.split(above, np.flatnonzero(np.diff(above) > pause) + 1):
        peak = int(run[np.argmax(most[run])])
        limit = max(_SHARE_AT_ENDS * most[peak], min(resting, _OVER))
        first = _end(most, peak, -1, limit, pause)
        last = _end(most, peak, 1, limit, pause)
        if not _is_one_picture(most, peak, lag, usual) and lag <= peak < most.size - lag:
            yield Candidate(first=first, peak=peak, last=last)


def _is_one_picture(most: FloatArray, peak: int, lag: int, usual: float) -> bool:
    """Tell whether a single picture differs from all before: the pairs around it differ alike, and nothing follows.

    An encoder does so where it sends a whole picture. Tissue speeds up and slows down, and goes back.
    """
    alike = most >= _ALIKE * most[peak]
    begin, end = peak, peak
    while begin > 0 and alike[begin - 1]:
        begin -= 1
    while end < most.size - 1 and alike[end + 1]:
        end += 1
    beside = np.r_[most[max(begin - 1, 0) : begin], most[end + 1 : end + 2]]
    after = most[end + 1 : end + 1 + _AFTER]
    abrupt = end - begin + 1 <= lag and bool((beside < _ABRUPT * most[peak]).all())
    return abrupt and float(after.max(initial=0.0)) < _FOLLOWS * usual


def _end(most: FloatArray, peak: int, step: int, limit: float, pause: int) -> int:
    """Return the last number, going one way, before a pause below a limit or before something stronger."""
    end, at = peak, peak
    while 0 <= at < most.size and abs(at - end) <= pause and most[at] <= most[peak]:
        if most[at] >= limit:
            end = at
        at += step
    return end
