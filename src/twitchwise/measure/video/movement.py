"""What a film shows of periodic movement, as measurements with intervals, methods and doubts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.knowledge import library
from twitchwise.measure.video.camera import PictureMotion, picture_motion
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.flicker import flicker_hz
from twitchwise.measure.video.limb import Limb
from twitchwise.measure.video.line import Line
from twitchwise.measure.video.periodic import PeriodicMovement, find_periodic
from twitchwise.measure.video.series import block_series
from twitchwise.measure.video.settings import VideoSettings, video_settings
from twitchwise.measure.video.traces import doubts_of_times
from twitchwise.signals import Video
from twitchwise.vocabulary import Measurement, Unit, View
from twitchwise.vocabulary.text import say

_LEFT_ORDERS = (1, 2, 3)
# Beside the movement the picture stays still to this, or to this share of the movement: the camera stood.
_STILL_PX = 0.1
_STILL_SHARE = 0.1
_LARGER_CHANCE = 10.0
_OF_A_LIMB = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Periodicity:
    """What was found of periodic movement.

    Parameters
    ----------
    camera
        Motion of the picture as a whole, ``None`` where it cannot be told.
    found
        The movement, or that there is none; ``None`` where there is not enough to answer.
    n_series
        How many displacements it was looked for in.
    doubts
        Why a frequency must not be leaned on.
    lamps_hz
        Rates at which the light flickers; a movement there cannot be told from it.
    """

    camera: PictureMotion | None
    found: PeriodicMovement | None
    n_series: int
    doubts: tuple[str, ...]
    lamps_hz: tuple[float, ...]

    @property
    def line(self) -> Line | None:
        """The movement, where there is one."""
        return None if self.found is None else self.found.line


def look_for_periodicity(video: Video, field: MotionField, limb: Limb | None = None) -> Periodicity:
    """Look for a periodic movement beside that of the camera, then for one of the picture as a whole.

    Parameters
    ----------
    video
        The film.
    field
        Motion of its picture.
    limb
        The limb that it shows, if it does: what lies behind tells the camera's movement, all of the picture where that
        is too even.
    """
    settings, rate_hz = video_settings(), video.frame_rate_hz
    lamps = flicker_hz(field, rate_hz)
    behind = None if limb is None else limb.camera
    rigid = behind or picture_motion(field, with_growth=False)
    # where nothing behind a limb tells the camera's movement, that of the picture is the limb's too
    share = settings.shake_share if behind is not None or limb is None else _OF_A_LIMB
    whole = block_series(field, None, rate_hz)
    beside = None if rigid is None else find_periodic(block_series(field, rigid, rate_hz), settings, lamps)
    line = None if beside is None else beside.line
    if rigid is not None and line is not None and not _is_rest_of_camera(line, rigid, video, share):
        doubts = tuple(_doubts(video, line, settings))
        return Periodicity(camera=rigid, found=beside, n_series=whole.blocks.size, doubts=doubts, lamps_hz=lamps)
    found = find_periodic(whole, settings, lamps)
    if found is None or found.line is None:
        return Periodicity(camera=rigid, found=found or beside, n_series=whole.blocks.size, doubts=(), lamps_hz=lamps)
    shaken = () if _camera_stood(found.line, rigid, video, settings) else (_SHAKEN,)
    doubts = (*_doubts(video, found.line, settings), *shaken)
    return Periodicity(camera=rigid, found=found, n_series=whole.blocks.size, doubts=doubts, lamps_hz=lamps)


_SHAKEN = say(
    "The picture moves as a whole at this rate: the hand that holds the camera may be what moves. Film from a "
    "stand, with something in view that stays still."
)


def _amplitude_of_camera(camera: PictureMotion, video: Video, frequency_hz: float) -> float:
    window = np.hanning(len(camera.shift_px) + 2)[1:-1]
    wave = window * np.exp(-2j * np.pi * frequency_hz * video.times_s) / window.sum()
    return float(2 * np.linalg.norm(wave @ (camera.shift_px - camera.shift_px.mean(axis=0))))


def _is_rest_of_camera(line: Line, camera: PictureMotion, video: Video, share: float) -> bool:
    """Tell whether a movement is what is left of the camera's, of which up to a share may be, after it was taken out.

    What is read between pixels errs with the fraction of a pixel, so a shake leaves twice and three times its rate too.
    """
    return any(
        line.amplitude_px < share * _amplitude_of_camera(camera, video, line.frequency_hz / order)
        for order in _LEFT_ORDERS
        if order > 1 or line.frequency_hz <= video_settings().shake_high_hz
    )


def _camera_stood(line: Line, camera: PictureMotion | None, video: Video, settings: VideoSettings) -> bool:
    """Tell whether the picture as a whole does nothing but the movement, as where one thing fills it before a stand."""
    if line.frequency_hz > settings.shake_high_hz:
        return True
    if camera is None:
        return False
    moving = _amplitude_of_camera(camera, video, line.frequency_hz)
    rest = np.square(camera.shift_px - camera.shift_px.mean(axis=0)).sum(axis=1).mean() - moving**2 / 2
    return float(rest) < max(_STILL_PX, _STILL_SHARE * moving) ** 2


def _doubts(video: Video, line: Line, settings: VideoSettings) -> Iterator[str]:
    yield from doubts_of_times(video)
    rate_hz = video.frame_rate_hz
    if line.frequency_hz > settings.aliased_share * rate_hz:
        yield say(
            "With {rate_hz:.4g} pictures per second, movement at {frequency_hz:.4g} Hz and at {other_hz:.4g} Hz "
            "look alike; film with more pictures per second.",
            rate_hz=rate_hz,
            frequency_hz=line.frequency_hz,
            other_hz=rate_hz - line.frequency_hz,
        )


def measurements_of(shown: Periodicity, view: View, channel: str) -> Iterator[Measurement]:
    """Give what was measured of a periodic movement."""
    found = shown.found
    if found is None:
        return
    method = say(
        "Displacement of blocks of the picture by least squares on gradients (Lucas and Kanade 1981), spectra over "
        "each block's own noise averaged over {count} series",
        count=shown.n_series,
    )
    yield _probability(found, method, channel)
    if found.line is None:
        yield _unseen(found, method, channel)
        return
    line = found.line
    for name in ("movement_frequency", *(["tremor_frequency"] if _may_be_tremor(shown, line, view) else [])):
        yield Measurement(
            id=name,
            value=line.frequency_hz,
            low=line.frequency_low_hz,
            high=line.frequency_high_hz,
            unit=Unit.HERTZ,
            channel=channel,
            method=say("{method}; its frequency by how the phase runs over the film.", method=method),
            doubts=shown.doubts,
        )
    yield Measurement(
        id="movement_amplitude",
        value=line.amplitude_px,
        low=line.amplitude_low_px,
        high=line.amplitude_high_px,
        unit=Unit.PIXEL,
        channel=channel,
        method=say("{method}; half the way to and fro of the tenth of the blocks in it that move most.", method=method),
    )


def _may_be_tremor(shown: Periodicity, line: Line, view: View) -> bool:
    value = library().value
    if _SHAKEN in shown.doubts:
        return False
    return view is View.LIMB and value("tremor_band_low") <= line.frequency_hz <= value("tremor_band_high")


def _probability(found: PeriodicMovement, method: str, channel: str) -> Measurement:
    return Measurement(
        id="periodic_movement_probability",
        value=probability_of(found.chance),
        low=probability_of(min(found.chance * _LARGER_CHANCE, 1.0)),
        high=probability_of(found.chance / _LARGER_CHANCE),
        unit=Unit.ONE,
        channel=channel,
        method=say(
            "{method}; from how often noise gives as strong a line, as Sellke, Bayarri and Berger 2001 "
            "(doi:10.1198/000313001300339950) turn such a chance into odds, each as likely beforehand; the "
            "interval is for a chance ten times as large or small.",
            method=method,
        ),
    )


def probability_of(chance: float) -> float:
    """Return how probable an effect is, at the most, that noise gives with a chance, both as likely beforehand.

    Examples
    --------
    >>> round(probability_of(0.05), 2), probability_of(1.0), probability_of(0.0)
    (0.71, 0.5, 1.0)
    """
    if chance <= 0:
        return 1.0
    if chance >= np.exp(-1):
        return 0.5
    return float(1 / (1 - np.e * chance * np.log(chance)))


def _unseen(found: PeriodicMovement, method: str, channel: str) -> Measurement:
    return Measurement(
        id="movement_amplitude",
        value=0.0,
        low=0.0,
        high=found.unseen_px,
        unit=Unit.PIXEL,
        channel=channel,
        method=say(
            "{method}; no line from {low_hz:.3g} to {high_hz:.4g} Hz, where one in a tenth of the blocks above "
            "the upper end would have been told from noise.",
            method=method,
            low_hz=found.low_hz,
            high_hz=found.high_hz,
        ),
    )
