"""Whether tissue moved, where, how far, and by itself or with the whole picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import rank_filter

from twitchwise.measure.video.level import Level
from twitchwise.measure.video.ultrasound.changes import Changes, shrunk
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary.arrays import FloatArray

_STEPS = 4
_NOISE_GRAY = 2.0
# Of a part and its eight neighbors, so many must move.
_TOGETHER = 4
_FASTEST = 0.9


@dataclass(frozen=True, kw_only=True, eq=False)
class Moved:
    """How tissue moved from one picture to another.

    Parameters
    ----------
    local_px
        How far each part moved with its neighbors, without what the picture moved as a whole, in pixels of the film,
        shape ``(rows, columns)``; 0 where it cannot be told.
    whole_px
        How far the picture moved as a whole.
    fastest_px
        How far the fastest tenth of the parts moved.
    lost
        Share of the parts that are not found again.
    """

    local_px: FloatArray
    whole_px: float
    fastest_px: float
    lost: float


def moved_between(before: Picture, after: Picture, changes: Changes) -> Moved:
    """Return how tissue moved from one small picture to another."""
    level = Level(before.astype(np.float32), changes.edge_px, _NOISE_GRAY)
    told = level.templates.told
    found = level.farther(after.astype(np.float32), np.zeros((told.size, 2), np.float32), np.arange(told.size), _STEPS)
    seen = ~level.lost(found) & changes.tissue.reshape(-1)[told]
    if not seen.any():
        return Moved(local_px=np.zeros(changes.tissue.shape), whole_px=0.0, fastest_px=0.0, lost=1.0)
    shift = found.shift_px[seen].astype(np.float64) * changes.scale
    whole = np.median(shift, axis=0)
    own = np.zeros(changes.tissue.size)
    own[told[seen]] = np.linalg.norm(shift - whole, axis=1)
    local = rank_filter(own.reshape(changes.tissue.shape), rank=-_TOGETHER, size=3, mode="constant")
    return Moved(
        local_px=local,
        whole_px=float(np.linalg.norm(whole)),
        fastest_px=float(np.quantile(np.linalg.norm(shift, axis=1), _FASTEST)),
        lost=1 - float(seen.sum()) / max(int(changes.tissue.reshape(-1)[told].sum()), 1),
    )


def small_pictures(video: Video, changes: Changes, first: int, last: int) -> Sequence[Picture]:
    """Return pictures ``first`` to ``last`` (inclusive, cut to the film), made smaller."""
    if changes.kept:
        return changes.kept[max(first, 0) : last + 1]
    height, width = (length * changes.edge_px for length in changes.tissue.shape)
    stop = min(last + 1, video.n_frames)
    return [shrunk(picture, changes.scale)[:height, :width] for picture in video.brightness(max(first, 0), stop)]
