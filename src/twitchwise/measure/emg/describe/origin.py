"""Where on a grid of electrodes a potential comes from, and how far its unit reaches.

The amplitude over the grid is fitted near its greatest value with a round Gaussian hill, whose logarithm is a parabola;
the place of its top is known to within what the noise lets it move. It is the place below which the unit lies, on
single-ended (monopolar) maps; a bipolar map is small over the end plates and has two tops.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.checks import require_positive

# Channels below this share of the greatest are far from the top, where a Gaussian no longer fits.
_NEAR_SHARE = 0.4
# The range of a potential stands out from noise from so many times its root mean square.
_NOISE_RANGE = 6.0
# A round hill has four parameters.
_LEAST_CHANNELS = 4
# The range is the difference of two extremes, each with the noise of a sample.
_RANGE_NOISE = np.sqrt(2.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Origin:
    """Place of a potential on the grid.

    Parameters
    ----------
    position_m
        Its x and y in m.
    error_m
        Standard error of these in m.
    reach_m
        Standard deviation of the hill, in m: how far the potential spreads, NaN where no hill was fitted.
    inside
        Whether the top lies between the electrodes; where it does not, the unit may lie further outside.
    fitted
        Whether a hill was fitted; otherwise it is the place of the greatest channel, give or take half an
        electrode distance.
    """

    position_m: FloatArray
    error_m: FloatArray
    reach_m: float
    inside: bool
    fitted: bool


def origin(range_by_channel: FloatArray, positions_m: FloatArray, noise_rms: float) -> Origin:
    """Return where a potential is greatest.

    Parameters
    ----------
    range_by_channel
        Its range on each channel, NaN where a channel is not usable, shape ``(n_channels,)``.
    positions_m
        Places of the channels, shape ``(n_channels, 2)``.
    noise_rms
        Noise of a channel, in the same unit, above 0.

    Raises
    ------
    OutOfRangeError
        If shapes do not fit, a place is missing, the noise is not above 0, or no channel is usable.

    Examples
    --------
    >>> import numpy as np
    >>> grid = np.stack(np.meshgrid(np.arange(5), np.arange(5)), axis=-1).reshape(-1, 2) * 0.01
    >>> hill = 1e-4 * np.exp(-np.sum((grid - [0.017, 0.022]) ** 2, axis=1) / (2 * 0.012**2))
    >>> origin(hill, grid, 1e-7).position_m.round(3).tolist()
    [0.017, 0.022]
    """
    if positions_m.shape != (range_by_channel.size, 2) or not np.isfinite(positions_m).all():
        raise OutOfRangeError(f"positions_m must be two finite numbers a channel, got shape {positions_m.shape!r}.")
    require_positive("noise_rms", noise_rms)
    usable = np.isfinite(range_by_channel)
    if not usable.any():
        raise OutOfRangeError("range_by_channel must hold at least one usable channel, got none.")
    top = int(np.argmax(np.where(usable, range_by_channel, -np.inf)))
    near = _near(range_by_channel, positions_m, noise_rms, top)
    if not _spans_a_plane(positions_m[near]):
        return _unfitted(positions_m, usable, top)
    found = _hill(range_by_channel[near], positions_m[near], noise_rms)
    low, high = positions_m[usable].min(axis=0), positions_m[usable].max(axis=0)
    if found is None or ((found.position_m < low) | (found.position_m > high)).any():
        return _unfitted(positions_m, usable, top)
    return found


def _near(ranges: FloatArray, positions_m: FloatArray, noise_rms: float, top: int) -> BoolArray:
    large = ranges >= max(_NEAR_SHARE * ranges[top], _NOISE_RANGE * noise_rms)
    distance = np.linalg.norm(positions_m - positions_m[top], axis=1)
    # other tops, as of a bipolar map, lie further off than three electrode distances
    near: BoolArray = large & (distance <= 3.0 * _pitch(positions_m))
    return near


def _pitch(positions_m: FloatArray) -> float:
    """Return the usual distance from an electrode to its nearest neighbor in m; 0 for one electrode."""
    if len(positions_m) < 2:  # noqa: PLR2004 - one has no neighbor
        return 0.0
    distance = np.linalg.norm(positions_m[:, np.newaxis] - positions_m, axis=-1)
    np.fill_diagonal(distance, np.inf)
    return float(np.median(distance.min(axis=1)))


def _spans_a_plane(positions_m: FloatArray) -> bool:
    if len(positions_m) < _LEAST_CHANNELS:
        return False
    return int(np.linalg.matrix_rank(_design(positions_m, _pitch(positions_m)))) == _LEAST_CHANNELS


def _design(positions_m: FloatArray, pitch_m: float) -> FloatArray:
    place = (positions_m - positions_m.mean(axis=0)) / pitch_m
    return np.column_stack([np.ones(len(place)), place, np.sum(place**2, axis=1)])


def _hill(ranges: FloatArray, positions_m: FloatArray, noise_rms: float) -> Origin | None:
    """Fit the logarithm, each channel weighed by how well it is known; None where there is no top."""
    pitch_m = _pitch(positions_m)
    design, weight = _design(positions_m, pitch_m), ranges / (_RANGE_NOISE * noise_rms)
    weighted = design * weight[:, np.newaxis]
    fit, *_ = np.linalg.lstsq(weighted, weight * np.log(ranges))
    bend = fit[3]
    if bend >= 0:
        return None
    residual = weight * (np.log(ranges) - design @ fit)
    spare = max(len(ranges) - _LEAST_CHANNELS, 1)
    # where the hill is not a Gaussian, misfit moves the top more than noise does
    inflation = max(1.0, float(residual @ residual) / spare)
    covariance = inflation * np.linalg.inv(weighted.T @ weighted)
    top = -fit[1:3] / (2 * bend)
    gradient = np.zeros((2, 4))
    gradient[0, 1] = gradient[1, 2] = -1 / (2 * bend)
    gradient[:, 3] = -top / bend
    error = np.sqrt(np.diag(gradient @ covariance @ gradient.T))
    return Origin(
        position_m=positions_m.mean(axis=0) + pitch_m * top,
        error_m=pitch_m * error,
        reach_m=float(pitch_m * np.sqrt(-1 / (2 * bend))),
        inside=True,
        fitted=True,
    )


def _unfitted(positions_m: FloatArray, usable: BoolArray, top: int) -> Origin:
    low, high = positions_m[usable].min(axis=0), positions_m[usable].max(axis=0)
    place = positions_m[top]
    return Origin(
        position_m=place.copy(),
        error_m=np.full(2, _pitch(positions_m) / 2),
        reach_m=float("nan"),
        inside=bool(((place > low) & (place < high)).all()),
        fitted=False,
    )


def territory(range_by_channel: FloatArray, positions_m: FloatArray, noise_rms: float) -> float:
    """Return the area in m2 in which the potential is at least half its greatest, as far as electrodes see it.

    Parameters
    ----------
    range_by_channel, positions_m, noise_rms
        As for `origin`; each electrode stands for the square of one electrode distance.
    """
    usable = range_by_channel[np.isfinite(range_by_channel)]
    half = max(float(usable.max(initial=0.0)) / 2, _NOISE_RANGE * noise_rms)
    return float(np.count_nonzero(usable >= half)) * _pitch(positions_m) ** 2
