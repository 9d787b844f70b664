"""When a movement began, peaked and ended, how far it went and where: a course in time is fitted to what is left there.

The course is fitted by least squares for each of many onsets, contraction and relaxation times, together with a
straight baseline; the best one gives the times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from twitchwise.measure.video.twitches.candidates import Candidate
from twitchwise.measure.video.twitches.evenly import EvenField
from twitchwise.measure.video.twitches.local import bell_of
from twitchwise.measure.video.twitches.matched import Course
from twitchwise.measure.video.twitches.scene import COURSES, TwitchScene
from twitchwise.vocabulary.arrays import FloatArray

BEFORE_S, AFTER_S = 0.2, 0.25  # of rest around a course, for the baseline
CONTRACTIONS_S = (0.02, 0.03, 0.04, 0.05, 0.06, 0.075, 0.09, 0.11, 0.14, 0.18, 0.24)
RELAXATIONS_S = (0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.17, 0.23, 0.32)
STEPS = 4  # onsets that are tried between two pictures
RISEN = 0.2048  # share of the contraction time at which a course has risen to a tenth
FALLEN = 2.3180  # half-relaxation times after the peak at which it has fallen to a tenth
SWING_S, SWING_SHARE, SWING_WIDTHS = 0.6, 0.25, 4.0  # how soon, how small, how near a movement is no twitch of its own
LEAST_BESIDE = 0.25  # the fastest course has 0.46 of its peak a picture later, at 30 a second
PLACE_WIDTHS, PLACE_SHARE, PLACE_ROUNDS = 2.5, 0.1, 3  # of what moves, that tells the place; less is noise


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalMovement:
    """One movement of one place.

    Parameters
    ----------
    start_s, peak_s, end_s
        When it rises above a tenth of its peak, is at its peak, and falls below a tenth, in seconds.
    contraction_s, half_relaxation_s
        From onset to peak, and from the peak to half of it, in seconds.
    size_px
        How far the block that moves farthest does so at the peak, in pixels.
    place_px
        Its middle, x and y in pixels.
    width_px
        Standard deviation of the bell that fits best, in pixels.
    beside
        The greater of the sizes one sample before and after the peak, as a share of it.
    surprise
        Minus the logarithm of how probable it is without a twitch.
    """

    start_s: float
    peak_s: float
    end_s: float
    contraction_s: float
    half_relaxation_s: float
    size_px: float
    place_px: tuple[float, float]
    width_px: float
    beside: float
    surprise: float


def described(scene: TwitchScene, one: Candidate) -> LocalMovement:
    """Return the times, the size and the place of a movement."""
    rate_hz, field = scene.field.rate_hz, scene.field
    trace, first = _trace(scene, one)
    fitted = _fitted(trace, first, one.sample, rate_hz)
    course, (place_px, size_px) = fitted.course, _place_and_size(scene, one, fitted)
    onset_s = fitted.onset / rate_hz
    peak_s = onset_s + course.contraction_s
    return LocalMovement(
        start_s=max(onset_s + RISEN * course.contraction_s, 0.0),
        peak_s=peak_s,
        end_s=peak_s + FALLEN * course.half_relaxation_s,
        contraction_s=course.contraction_s,
        half_relaxation_s=course.half_relaxation_s,
        size_px=size_px,
        place_px=place_px,
        width_px=one.width_blocks * field.block_px,
        beside=_beside(trace, one.sample - first),
        surprise=one.surprise,
    )


def separate(movements: Sequence[LocalMovement]) -> list[LocalMovement]:
    """Return movements in order of time, without what a single spoiled picture or a larger movement may have made.

    Skin that twitches is under way for two pictures at least, while a film that was compressed may show one place
    wrongly in a single picture.
    """
    lasting = [one for one in movements if one.beside >= LEAST_BESIDE]
    return [
        one
        for one in sorted(lasting, key=lambda one: one.start_s)
        if not any(_swings_back(one, other) for other in lasting)
    ]


def _beside(trace: FloatArray, peak: int) -> float:
    """Return the greater of the neighbors of the greatest value near a peak, as a share of it."""
    first = max(1, peak - 1)
    at = first + int(trace[first : min(peak + 2, trace.size - 1)].argmax())
    return float(trace[[at - 1, at + 1]].max() / max(float(trace[at]), 1e-12))


def _swings_back(one: LocalMovement, other: LocalMovement) -> bool:
    near_px = SWING_WIDTHS * max(one.width_px, other.width_px)
    return (
        one.size_px < SWING_SHARE * other.size_px
        and abs(one.peak_s - other.peak_s) < SWING_S
        and float(np.hypot(*np.subtract(one.place_px, other.place_px))) < near_px
    )


def _trace(scene: TwitchScene, one: Candidate) -> tuple[FloatArray, int]:
    """Return how far the place moved along the way it went, and the first sample of that."""
    rate_hz, course = scene.field.rate_hz, COURSES[one.course]
    first = max(0, one.sample - int((course.contraction_s + BEFORE_S + 0.1) * rate_hz))
    last = min(scene.field.n_samples, one.sample + int((4 * course.half_relaxation_s + AFTER_S) * rate_hz) + 2)
    patterns = _patterns(scene.field, one)
    window = scene.left_px[first:last].reshape(last - first, -1).astype(np.float64)
    parts = window @ patterns.T
    parts -= np.median(parts, axis=0)
    way = parts[max(one.sample - first - 1, 0) : one.sample - first + 2].mean(axis=0)
    return parts @ (way / max(float(np.linalg.norm(way)), 1e-12)), first


def _patterns(field: EvenField, one: Candidate) -> FloatArray:
    """Return the weights that read each component of a movement, shape ``(n_components, 2 * n_blocks)``."""
    bell, slope = bell_of(one.width_blocks)
    reach = bell.size // 2
    rows, columns = np.arange(field.rows) - one.row + reach, np.arange(field.columns) - one.column + reach
    down, across = (_taken(bell, index) for index in (rows, columns))
    down_slope, across_slope = (_taken(slope, index) for index in (rows, columns))
    shapes = [np.outer(down, across_slope), np.outer(down_slope, across)] if one.is_drawn else [np.outer(down, across)]
    patterns = []
    for shape in shapes:
        for axis in (0, 1):
            weights = np.zeros((field.rows * field.columns, 2))
            weighted = shape.ravel() * field.trust[:, axis]
            weights[:, axis] = weighted / max(float(weighted @ shape.ravel()), 1e-12)
            patterns.append(weights.ravel())
    return np.array(patterns)


def _taken(kernel: FloatArray, index: "np.typing.NDArray[np.int64]") -> FloatArray:
    inside = (index >= 0) & (index < kernel.size)
    return np.where(inside, kernel[np.clip(index, 0, kernel.size - 1)], 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """The course that fits a trace best, its onset in samples of the film, and what reads its size off a series.

    The weights are for samples from the first on, shape ``(n,)``; a straight baseline has no say.
    """

    course: Course
    onset: float
    first: int
    weights: FloatArray


def _fitted(trace: FloatArray, first: int, peak: int, rate_hz: float) -> Fitted:
    """Return the course that fits a trace best, which begins at a sample and peaks near another."""
    ramp = np.stack([np.ones(trace.size), np.linspace(-1, 1, trace.size)])
    basis, _ = np.linalg.qr(ramp.T)
    level = trace - basis @ (basis.T @ trace)
    candidates = [_fit(course, level, basis, peak - first, rate_hz) for course in _courses()]
    _, course, onset, weights = max(candidates, key=lambda one: one[0])
    return Fitted(course=course, onset=first + onset, first=first, weights=weights)


def _fit(
    course: Course, level: FloatArray, basis: FloatArray, peak: int, rate_hz: float
) -> tuple[float, Course, float, FloatArray]:
    """Return how much of a trace a course explains at the best onset, the course, that onset and weights."""
    onsets = peak - course.contraction_s * rate_hz + np.arange(-2 * STEPS, 2 * STEPS + 1) / STEPS
    shapes = course.at((np.arange(level.size) - onsets[:, np.newaxis]) / rate_hz)
    shapes -= (shapes @ basis) @ basis.T
    energy = np.maximum(np.square(shapes).sum(axis=1), 1e-12)
    size = shapes @ level / energy
    gain = np.where(size > 0, size**2 * energy, 0)
    at = int(gain.argmax())
    return float(gain[at]), course, float(onsets[at]), shapes[at] / energy[at]


@cache
def _courses() -> tuple[Course, ...]:
    return tuple(Course(contraction_s=c, half_relaxation_s=r) for c in CONTRACTIONS_S for r in RELAXATIONS_S)


def _place_and_size(scene: TwitchScene, one: Candidate, fitted: Fitted) -> tuple[tuple[float, float], float]:
    """Return the middle of what moves with the course, weighed by power, and how far the farthest block does."""
    field, grid = scene.field, (scene.field.rows, scene.field.columns)
    sizes = np.tensordot(fitted.weights, scene.left_px[fitted.first : fitted.first + fitted.weights.size], axes=(0, 0))
    power = np.where(field.told, np.square(sizes).sum(axis=1), 0).reshape(grid)
    row, column = np.mgrid[: grid[0], : grid[1]]
    at, reach = np.array([one.row, one.column], np.float64), PLACE_WIDTHS * one.width_blocks + 1
    for _ in range(PLACE_ROUNDS):
        near = np.where(np.hypot(row - at[0], column - at[1]) <= reach, power, 0)
        weight = np.maximum(near - PLACE_SHARE * near.max(), 0) + 1e-12
        at = np.array([(weight * row).sum(), (weight * column).sum()]) / weight.sum()
    x, y = field.centers_px[0] + field.block_px * at[::-1]
    return (float(x), float(y)), float(np.sqrt(near.max()))
