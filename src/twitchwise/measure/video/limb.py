"""A limb before what lies behind it: which blocks show it, how the camera moved, and whether the limb did by itself."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from twitchwise.measure.video.camera import PictureMotion, picture_motion
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.skin import patches_of_skin
from twitchwise.measure.video.twitches import Part, skin_field
from twitchwise.signals import Video
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

MOSTLY = 0.95  # of a block that is skin, or is none
SLOW_S = 0.5  # what moves along over this long, as breathing does, disturbs no twitch
# Median. Rendered hands and tongues before a room came to 0.03 to 0.12 px with breathing alone where enough of the room
# told its movement, to 0.18 px and more with a tremor of 0.3 px, from which on a skin that was followed with the room
# gave twitches along its outline.
BY_ITSELF_PX = 0.15
WIDEST_PX = 400  # enough to tell the camera's movement of faint texture, all of which tells it together
LOST_MOST = 0.02  # of the pictures, in which that texture may not be found
UNSEEN_MOST = 0.2  # of the pictures, in which a block of it may be hidden
COLOR_LEAST = 0.01  # of the blocks, that must be skin


@dataclass(frozen=True, kw_only=True, eq=False)
class Limb:
    """A limb in a film.

    Parameters
    ----------
    skin
        Which blocks are skin, shape ``(n_blocks,)``.
    camera
        How the picture moved as what lies behind the limb tells, ``None`` where it is too even to tell.
    """

    skin: BoolArray
    camera: PictureMotion | None


def limb_in(video: Video, field: MotionField) -> Limb:
    """Return the limb in a film, by the color of its first picture.

    In a film without color all of the picture tells the camera's movement.

    Parameters
    ----------
    video
        The film.
    field
        Motion of all of its picture.
    """
    share = _share_of_skin(video, field)
    camera = picture_motion(only(field, share < 1 - MOSTLY), with_growth=False)
    if camera is None and (share > MOSTLY).mean() >= COLOR_LEAST:
        camera = _told_together(video)
    return Limb(skin=share > MOSTLY, camera=camera)


def moves_by_itself(limb: Limb, field: MotionField) -> bool:
    """Tell whether a limb moves before what lies behind it, or may, because one of them tells no movement.

    Parameters
    ----------
    limb
        Which blocks show it.
    field
        Motion of all of the picture.
    """
    skin = picture_motion(only(field, limb.skin), with_growth=False)
    if skin is None or limb.camera is None:
        return True
    middle = field.centers_px[limb.skin].mean(axis=0, keepdims=True)
    beside = (skin.at(middle) - limb.camera.at(middle))[:, 0]
    rate_hz = 1 / float(np.median(np.diff(field.times_s)))
    fast = beside - uniform_filter1d(beside, max(3, round(SLOW_S * rate_hz)), axis=0)
    return bool(np.median(np.hypot(*fast.T)) > BY_ITSELF_PX)


def _told_together(video: Video) -> PictureMotion | None:
    """Return the camera's movement from texture so faint that only all of it together tells it."""
    field = skin_field(video, lambda _: None, Part.BEHIND, widest_px=WIDEST_PX)
    hidden = np.isnan(field.shift_px[..., 0])
    if hidden.all(axis=1).mean() > LOST_MOST:
        return None
    return picture_motion(only(field, hidden.mean(axis=0) <= UNSEEN_MOST), with_growth=False)


def only(field: MotionField, blocks: BoolArray) -> MotionField:
    """Return a field in which some blocks alone tell displacement."""
    return replace(field, noise_px=np.where(blocks[:, np.newaxis], field.noise_px, np.inf))


def _share_of_skin(video: Video, field: MotionField) -> FloatArray:
    """Return which share of each block is skin in the first picture, shape ``(n_blocks,)``."""
    skin = patches_of_skin(next(video.color(0, 1))).astype(np.float64)
    total = np.pad(skin, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    corners = np.round(np.stack([field.centers_px - field.block_px / 2, field.centers_px + field.block_px / 2]))
    (left, top), (right, bottom) = (corner.T for corner in corners.astype(int).clip(0, np.array(skin.shape)[::-1]))
    inside = total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
    return np.asarray(inside / np.maximum((bottom - top) * (right - left), 1), dtype=np.float64)
