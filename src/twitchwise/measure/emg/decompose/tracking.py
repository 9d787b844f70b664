"""Which motor unit of one recording is which of another, by the multichannel shapes of their potentials.

Shapes are compared by their correlation over channels and time, as Negro 2017 does
(https://iris.unibs.it/handle/11379/535381), under small shifts in time and, where the places of the electrodes are
known, shifts of the grid by whole electrodes. The grid was moved once, so one shift holds for all units: the one under
which most is alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.motor_unit import Decomposition
from twitchwise.measure.emg.decompose.settings import DecomposeSettings, decompose_settings
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.text import say

# Shapes are centered on their largest sample, which may be another phase the next time: up to this much apart.
_MOST_SHIFT_S = 0.005
# On a real grid different units were alike up to 0.97 without this step, and the same unit 0.97 in the middle; with it
# 0.94 and 0.95. Directions over the channels fainter than this share of the strongest hold noise, and are left faint.
_FAINT = 0.1
# Electrodes by which a grid may have been put elsewhere; farther, too few channels see the same part of the muscle.
_MOST_ELECTRODES = 2
# Share of both shapes' energy that must lie on the channels that overlap, lest a quiet corner decide.
_LEAST_ENERGY = 0.5
# A grid is taken as moved only if the units are alike by this much more on the whole.
_WORTH_MOVING = 0.02
# A runner-up this close to the best makes a match ambiguous.
_CLOSE = 0.05
# Electrodes nearer than this share of the least distance are in one row.
_ONE_ROW = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A unit of the first recording that is one of the second.

    Parameters
    ----------
    first, second
        Numbers of the units.
    similarity
        Correlation of their shapes, up to 1.
    runner_up
        The best similarity that either of them has with any other unit, 0 if there is none.
    doubts
        What the match cannot bear, one sentence each.
    """

    first: int
    second: int
    similarity: float
    runner_up: float
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracking:
    """Units of two recordings side by side.

    Parameters
    ----------
    matches
        Pairs whose similarity reaches the threshold and of which neither is more like another unit, the most similar
        first.
    similarity
        Of every pair, shape ``(n_first, n_second)``.
    moved
        Electrodes by which the second grid lies elsewhere, along its two directions; ``(0, 0)`` if places are unknown.
    """

    matches: tuple[Match, ...]
    similarity: FloatArray
    moved: tuple[int, int] = (0, 0)


def track(first: Decomposition, second: Decomposition, *, settings: DecomposeSettings | None = None) -> Tracking:
    """Match the motor units of two recordings from one grid, or from one put back on the same muscle.

    Parameters
    ----------
    first, second
        What was found in each; the same channels in the same order, sampled at the same rate.
    settings
        Gives the similarity that is asked for.

    Raises
    ------
    OutOfRangeError
        If the recordings differ in channels or sampling rate.
    """
    settings = settings or decompose_settings()
    if first.sampling_rate_hz != second.sampling_rate_hz:
        raise OutOfRangeError(
            f"sampling rates must be equal, got {first.sampling_rate_hz!r} and {second.sampling_rate_hz!r}."
        )
    if not (first.units and second.units):
        return Tracking(matches=(), similarity=np.zeros((len(first.units), len(second.units))))
    one, other = (np.stack([unit.shape for unit in side.units]) for side in (first, second))
    if one.shape[1] != other.shape[1]:
        raise OutOfRangeError(f"grids must have the same channels, got {one.shape[1]} and {other.shape[1]}.")
    most = round(_MOST_SHIFT_S * first.sampling_rate_hz)
    similarity, moved = _best_placed(*_sharpened(one, other), _places(first, second), most)
    matches = tuple(_matches(first, second, similarity, settings.track_similarity))
    return Tracking(matches=matches, similarity=similarity, moved=moved)


def _sharpened(one: Samples, other: Samples) -> tuple[Samples, Samples]:
    """Take out what the channels of all shapes have in common, so that shapes differ where the units do."""
    rows = np.concatenate([one, other]).transpose(1, 0, 2).reshape(one.shape[1], -1).astype(np.float64)
    power, directions = np.linalg.eigh(rows @ rows.T)
    scale = 1 / np.sqrt(np.maximum(power, 0) + max(_FAINT * power[-1], np.finfo(np.float64).tiny))
    sharpen = ((directions * scale) @ directions.T).astype(np.float32)
    return sharpen @ one, sharpen @ other


def _places(first: Decomposition, second: Decomposition) -> IntArray | None:
    """Return row and column of each channel, shape ``(n_channels, 2)``, or None where they are not known of both."""
    if first.positions_m is None or second.positions_m is None:
        return None
    rows, columns = (_row_numbers(first.positions_m[:, axis]) for axis in (0, 1))
    return np.stack([rows, columns], axis=1)


def _row_numbers(along_m: FloatArray) -> IntArray:
    steps = np.diff(np.unique(along_m))
    steps = steps[steps > _ONE_ROW * steps.max()] if steps.size else steps
    spacing = float(np.median(steps)) if steps.size else 1.0
    numbers: IntArray = np.rint((along_m - along_m.min()) / spacing).astype(np.int64)
    return numbers


def _best_placed(
    one: Samples, other: Samples, places: IntArray | None, most: int
) -> tuple[FloatArray, tuple[int, int]]:
    """Return the similarity of all pairs under the shift of the grid that makes units most alike, and that shift."""
    best, moved = _similarity(one, other, most), (0, 0)
    for shift in _shifts(places):
        here, there = _overlap(places, shift)
        similarity = _similarity(one[:, here], other[:, there], most) * _seen(one, here)[:, None] * _seen(other, there)
        if _gain(similarity) > _gain(best) + _WORTH_MOVING * min(similarity.shape):
            best, moved = similarity, shift
    return best, moved


def _shifts(places: IntArray | None) -> Iterator[tuple[int, int]]:
    if places is None:
        return
    reach = range(-_MOST_ELECTRODES, _MOST_ELECTRODES + 1)
    yield from sorted(((along, across) for along in reach for across in reach if along or across), key=_distance)


def _distance(shift: tuple[int, int]) -> int:
    return abs(shift[0]) + abs(shift[1])


def _overlap(places: IntArray | None, shift: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Return the channels of the first grid, and those of the second that lie on the same skin."""
    known = {tuple(place): channel for channel, place in enumerate([] if places is None else places.tolist())}
    moved = ((channel, known.get((row - shift[0], column - shift[1]))) for (row, column), channel in known.items())
    pairs = np.array([(here, there) for here, there in moved if there is not None], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _seen(shapes: Samples, channels: IntArray) -> FloatArray:
    """Return 1 for shapes that have enough of their energy on some channels, else 0."""
    energy = np.square(shapes, dtype=np.float64).sum(axis=2)
    share = energy[:, channels].sum(axis=1) / np.maximum(energy.sum(axis=1), np.finfo(np.float64).tiny)
    enough: FloatArray = (share >= _LEAST_ENERGY).astype(np.float64)
    return enough


def _gain(similarity: FloatArray) -> float:
    """Return the sum of similarities under the best one-to-one assignment."""
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    return float(similarity[rows, columns].sum())


def _similarity(one: Samples, other: Samples, most: int) -> FloatArray:
    """Return the greatest correlation of each pair over shifts in time, shape ``(n_first, n_second)``."""
    flat = _normal(one)
    best = np.full((len(one), len(other)), -1.0)
    for shift in range(-most, most + 1):
        best = np.maximum(best, flat @ _normal(_shifted(other, shift)).T)
    return best


def _shifted(shapes: Samples, shift: int) -> Samples:
    """Return shapes later by some samples, with zeros where nothing is known."""
    moved = np.zeros_like(shapes)
    n_shape = shapes.shape[2]
    moved[..., max(shift, 0) : n_shape + min(shift, 0)] = shapes[..., max(-shift, 0) : n_shape - max(shift, 0)]
    return moved


def _normal(shapes: Samples) -> FloatArray:
    flat = shapes.reshape(len(shapes), -1).astype(np.float64)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    scaled: FloatArray = flat / np.maximum(length, np.finfo(np.float64).tiny)
    return scaled


def _matches(first: Decomposition, second: Decomposition, similarity: FloatArray, least: float) -> Iterator[Match]:
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    order = np.argsort(-similarity[rows, columns], kind="stable")
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        value = float(similarity[row, column])
        rest = np.concatenate([np.delete(similarity[row], column), np.delete(similarity[:, column], row), [0.0]])
        runner_up = float(rest.max())
        if value < least or value < runner_up:
            continue
        close = (
            (say("Another unit is nearly as similar; the match may be to that one."),)
            if runner_up > value - _CLOSE
            else ()
        )
        yield Match(
            first=first.units[row].number,
            second=second.units[column].number,
            similarity=min(value, 1.0),
            runner_up=runner_up,
            doubts=close,
        )
