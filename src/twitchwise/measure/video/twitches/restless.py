"""Places that move by themselves most of the time, as an eyelid does in myokymia: their own movement is no noise.

A place is judged by what it usually does. One that twitches again and again would so be taken for a noisy one, and a
film of it for one without twitches. Such a place moves more than the calm part of the same film, in the band of a
twitch and in the middle over time; it is measured by the noise of that calm part instead.
"""

import numpy as np
from scipy.ndimage import binary_dilation, binary_erosion, median_filter
from scipy.signal import butter, sosfiltfilt

from twitchwise.measure.video.twitches.evenly import EvenField, Series
from twitchwise.measure.video.twitches.settings import TwitchSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.text import say

BAND_HZ = (1.5, 12.0)  # from the slowest course that is looked for to where little of the fastest is left
NYQUIST_SHARE = 0.9
CALM_QUANTILE = 0.2  # of the places: so many must be calm for a film to tell its own noise
NORMAL = 1.4826
LEAST_SAMPLES = 64


def restless_blocks(field: EvenField, left_px: Series, settings: TwitchSettings) -> BoolArray:
    """Tell which blocks move by themselves most of the time.

    Parameters
    ----------
    field
        The even field.
    left_px
        What is left of it without the movement of the whole picture, shape ``(n_samples, n_blocks, 2)``.
    settings
        How much more than the calm part of the film, and how far at least.

    Returns
    -------
    BoolArray
        Shape ``(n_blocks,)``.
    """
    grid = (field.rows, field.columns)
    within = binary_erosion(field.told.reshape(grid), np.ones((3, 3), np.bool_))
    if len(left_px) < LEAST_SAMPLES or not within.any():
        return np.zeros(field.told.size, np.bool_)
    usual = median_filter(_usual_px(left_px, field.rate_hz).reshape(grid), 3)
    calm = float(np.quantile(usual[within], CALM_QUANTILE))
    core = within & (usual > max(settings.restless_ratio * calm, settings.restless_least_px))
    if not core.any():
        return np.zeros(field.told.size, np.bool_)
    # the rim of what moves moves less, and still more than noise
    rim: BoolArray = binary_dilation(core, np.ones((3, 3), np.bool_), iterations=-1, mask=within & (usual > 2 * calm))
    return np.asarray(rim.ravel(), dtype=np.bool_)


def _usual_px(left_px: Series, rate_hz: float) -> FloatArray:
    """Return how far each block moves in the band of a twitch, in the middle over time, along its restless axis."""
    high_hz = min(BAND_HZ[1], NYQUIST_SHARE * rate_hz / 2)
    band = butter(2, (BAND_HZ[0], high_hz), "bandpass", fs=rate_hz, output="sos")
    usual = np.empty(left_px.shape[1:])
    for block in range(left_px.shape[1]):
        moved = np.abs(sosfiltfilt(band, left_px[:, block], axis=0))
        usual[block] = NORMAL * np.median(moved, axis=0)
    return np.asarray(usual.max(axis=1))


def calm_spread(spread: Series, trust: FloatArray, restless: BoolArray) -> Series:
    """Return spreads of scores in which restless blocks have that of calm ones with as much texture.

    Parameters
    ----------
    spread
        Of each block and axis, shape ``(n_blocks, 2)``.
    trust
        One over the variance that the picture's noise gives a displacement, the same shape; 0 where it tells nothing.
    restless
        Shape ``(n_blocks,)``.
    """
    calm = (trust > 0) & ~restless[:, np.newaxis] & (spread > 0)
    if not restless.any() or not calm.any():
        return spread
    share = float(np.median(spread[calm] * np.sqrt(trust[calm])))
    believed = np.where(trust > 0, share / np.sqrt(np.maximum(trust, 1e-12)), spread)
    found: Series = np.where(restless[:, np.newaxis], np.minimum(spread, believed), spread).astype(np.float32)
    return found


def sentence(restless: BoolArray, field: EvenField) -> str:
    """Say where the picture moves all the time, or nothing where it does not."""
    if not restless.any():
        return ""
    x, y = np.median(field.centers_px[restless], axis=0)
    share = 100 * float(restless.sum()) / max(int(field.told.sum()), 1)
    return say(
        "{percent:.0f} % of the picture, around x = {x:.0f} and y = {y:.0f} pixels, moves by itself most of the "
        "time: single twitches there run into each other, so that some are missed.",
        percent=share,
        x=float(x),
        y=float(y),
    )
