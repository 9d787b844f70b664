"""How strongly each place moves by itself, at every time: blocks pooled over bells of several widths.

Two kinds of local movement are looked for: skin that shifts to one side, narrow ones also against what is around them,
and skin that is drawn together, stretched or turned about a place. Each is a quadratic form of components whose spread
over time is known, so that without a twitch it follows a chi-square law; what is given is minus the logarithm of its
probability. A moment in which all places are uneasy, because the camera jerked or a picture was spoiled, is scaled by
its own spread over the picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.ndimage import binary_dilation, correlate1d
from scipy.stats import chi2

from twitchwise.measure.video.twitches.evenly import Series
from twitchwise.measure.video.twitches.restless import calm_spread
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

WIDTHS_BLOCKS = (1.0, 1.8, 3.2)  # standard deviations of the bells: one block alone, which may be misread, is no twitch
SURROUND_BLOCKS = (0.8, 2.0)  # of the bell that is compared with what is around it, and of that
REACH = 2.5  # widths at which a bell is cut off
CALM_SHARE = 0.5  # of the places that must be calm at a time: a twitch moves fewer than the others
UNEASIEST = (
    10.0  # times the usual energy, which a jerk of the camera leaves; more is a twitch that moves most of the picture
)
NORMAL = 1.4826
QUIET_SHARE = 0.3  # of the time that must be quiet: a place may twitch in the rest without raising its spread
QUIET_NORMAL = 1 / 0.3853  # standard deviations in that quantile of a normal variable's size
CALMEST = 0.3  # of the usual spread of a block, the least that is believed
LEAST_WIDTH_DRAWN = 1.0  # blocks; a narrower bell holds no block on either side


@dataclass(frozen=True, kw_only=True, eq=False)
class Surprise:
    """How surprising the movement of each place is.

    Parameters
    ----------
    width_blocks
        Width of the bell.
    is_drawn
        Whether skin is drawn together, stretched or turned, instead of shifted.
    value
        Minus the natural logarithm of the probability, shape ``(n_samples, rows, columns)``.
    response
        Standard deviations by which a shift in the shape of the bell, whose score is 1, moves a component; shape
        ``(rows, columns)``; 0 where skin is drawn.
    """

    width_blocks: float
    is_drawn: bool
    value: Series
    response: FloatArray


def surprises(
    scores: Series, trust: FloatArray, grid: tuple[int, int], floor: float = 0.0, restless: BoolArray | None = None
) -> Iterator[Surprise]:
    """Give the surprise of every place for bells of every width and both kinds of movement, the narrowest twice.

    Parameters
    ----------
    scores
        Of a matched filter, shape ``(n_samples, n_blocks, 2)``; 0 where they cannot be judged.
    trust
        One over the variance of a displacement's noise, shape ``(n_blocks, 2)``; 0 where it is not told.
    grid
        Rows and columns of blocks.
    floor
        Score that is no surprise even where all blocks agree on it: what tracking errs by together.
    restless
        Blocks that move by themselves most of the time, shape ``(n_blocks,)``; they are measured by the calm ones.
    """
    usable = trust > 0
    unrest = np.zeros(len(trust), np.bool_) if restless is None else restless
    spread = calm_spread(_spread_of_judged(scores), trust, unrest)
    # a block that hardly ever moves was not tracked, and is no better than the others
    spread = np.maximum(spread, CALMEST * np.median(spread[usable])) if usable.any() else spread
    weight = np.where(usable & (spread > 0), 1 / np.maximum(spread, 1e-9) ** 2, 0).astype(np.float32)
    planes = (scores * weight).reshape(len(scores), *grid, 2)
    told = np.asarray(weight.any(axis=1), dtype=np.bool_).reshape(grid)
    yield _against_surround(planes, weight.reshape(*grid, 2), told, unrest.reshape(grid))
    for width in WIDTHS_BLOCKS:
        near = binary_dilation(unrest.reshape(grid), np.ones((3, 3), np.bool_), iterations=int(np.ceil(REACH * width)))
        bell, slope = bell_of(width)
        across = [
            [correlate1d(planes[..., axis], one, axis=2, mode="constant") for one in (bell, slope)] for axis in (0, 1)
        ]
        shifted = [_down(x[0], bell) for x in across]
        together = [_pooled(weight.reshape(*grid, 2)[..., axis], bell) for axis in (0, 1)]
        yield Surprise(
            width_blocks=width,
            is_drawn=False,
            value=_value(shifted, Places(told, near & unrest.any()), [floor * one for one in together]),
            response=_response(shifted, weight.reshape(*grid, 2), bell, [floor * one for one in together]),
        )
        if width >= LEAST_WIDTH_DRAWN:
            drawn = [_down(x[1], bell) for x in across] + [_down(x[0], slope) for x in across]
            yield Surprise(
                width_blocks=width,
                is_drawn=True,
                value=_value(drawn, Places(told, near & unrest.any()), [np.zeros(grid, np.float32)] * 4),
                response=np.zeros(grid),
            )


def _against_surround(planes: Series, weight: Series, told: BoolArray, unrest: BoolArray) -> Surprise:
    """Return the surprise of narrow places that move otherwise than what is around them.

    What neighbors err by together, as where the picture is bent, is not in it.
    """
    parts = []
    for axis in (0, 1):
        inner, outer = (
            _pooled_in_time(planes[..., axis], bell) / np.maximum(_pooled(weight[..., axis], bell), 1e-9)
            for bell in (bell_of(width)[0] for width in SURROUND_BLOCKS)
        )
        parts.append((inner - outer).astype(np.float32))
    near = binary_dilation(unrest, np.ones((3, 3), np.bool_), iterations=int(np.ceil(REACH * SURROUND_BLOCKS[1])))
    none = np.zeros(told.shape, np.float32)
    value = _value(parts, Places(told, near & unrest.any()), [none] * 2)
    return Surprise(width_blocks=WIDTHS_BLOCKS[0], is_drawn=False, value=value, response=np.zeros(told.shape))


def bell_of(width_blocks: float) -> tuple[FloatArray, FloatArray]:
    """Return a bell over whole blocks, and the bell times the distance from its middle in widths."""
    reach = np.arange(-np.ceil(REACH * width_blocks), np.ceil(REACH * width_blocks) + 1) / width_blocks
    bell = np.exp(-np.square(reach) / 2)
    return bell, reach * bell


def _down(plane: Series, kernel: FloatArray) -> Series:
    pooled: Series = correlate1d(plane, kernel, axis=1, mode="constant")
    return pooled


def _pooled_in_time(plane: Series, kernel: FloatArray) -> Series:
    return _down(correlate1d(plane, kernel, axis=2, mode="constant"), kernel)


def _pooled(plane: Series, kernel: FloatArray) -> Series:
    across = correlate1d(plane, kernel, axis=1, mode="constant")
    pooled: Series = correlate1d(across, kernel, axis=0, mode="constant")
    return pooled


def _response(components: list[Series], weight: Series, bell: FloatArray, floors: list[Series]) -> FloatArray:
    """Return the deviations that a bell-shaped shift of score 1 gives, the mean of both axes."""
    responses = []
    for axis, component in enumerate(components):
        energy = _pooled(weight[..., axis], bell**2)
        responses.append(energy / np.maximum(np.hypot(_spread(component), floors[axis]), 1e-12))
    mean: FloatArray = np.mean(responses, axis=0)
    return mean


def _spread_of_judged(scores: Series) -> Series:
    """Return the spread of each block's scores over the times at which they could be judged."""
    ordered = np.sort(np.abs(scores), axis=0)
    judged = (ordered > 0).sum(axis=0)
    middle = np.minimum(len(scores) - judged + (QUIET_SHARE * judged).astype(np.int64), len(scores) - 1)
    spread: Series = (QUIET_NORMAL * np.take_along_axis(ordered, middle[np.newaxis], axis=0)[0]).astype(np.float32)
    return spread


def _spread(component: Series) -> Series:
    size = np.abs(component)
    quiet = int(QUIET_SHARE * len(size))
    return np.asarray(QUIET_NORMAL * np.partition(size, quiet, axis=0)[quiet], dtype=np.float32)


class Places(NamedTuple):
    """Which places are told, and which are near one that moves most of the time; shape ``(rows, columns)``."""

    told: BoolArray
    restless: BoolArray

    @property
    def calm(self) -> BoolArray:
        """Places that tell what the film does without twitches; all that are told where none is calm."""
        calm: BoolArray = self.told & ~self.restless
        return calm if calm.any() else self.told


def _value(components: list[Series], places: Places, floors: list[Series]) -> Series:
    energy = np.zeros_like(components[0])
    for component, common in zip(components, floors, strict=True):
        spread = np.hypot(_spread(component), common)
        usual = float(np.median(spread[places.calm]))
        # at the edge of what is told a component may be 0 most of the time
        spread = np.maximum(spread, CALMEST * usual)
        spread = np.where(places.restless, np.minimum(spread, usual), spread)
        energy += np.square(component / np.maximum(spread, 1e-12))
    n = len(components)
    calm = np.quantile(energy[:, places.calm], CALM_SHARE, axis=1) / chi2.ppf(CALM_SHARE, n)
    energy /= np.clip(calm, 1, UNEASIEST)[:, np.newaxis, np.newaxis]
    value = -_log_tail(energy, n)
    value[:, ~places.told] = 0
    return value.astype(np.float32)


def _log_tail(energy: Series, n: int) -> Series:
    """Return the logarithm of the upper tail of the chi-square law with 2 or 4 degrees of freedom."""
    half = energy / 2
    log_tail = -half if n == 2 else -half + np.log1p(half)  # noqa: PLR2004 - components of a shift
    return np.asarray(log_tail, dtype=np.float32)
