"""When a movement began, peaked and ended, how far it went and where: a course in time is fitted to what is left there.

The course is fitted by least squares for each of many onsets, contraction and relaxation times, together with a
straight baseline; the best one gives the times.
"""

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
DRAWN_MOST = float(np.exp(-0.5))  # greatest of a bell times the distance from its middle in widths


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
        How far skin moves at the peak, in pixels.
    place_px
        Its middle, x and y in pixels.
    width_px
        Standard deviation of the bell that fits best, in pixels.
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
    surprise: float


def described(scene: TwitchScene, one: Candidate) -> LocalMovement:
    """Return the times, the size and the place of a movement."""
    rate_hz, field = scene.field.rate_hz, scene.field
    trace, first = _trace(scene, one)
    course, onset, size = _fitted(trace, one.sample - first, rate_hz)
    onset_s = (first + onset) / rate_hz
    peak_s = onset_s + course.contraction_s
    return LocalMovement(
        start_s=max(onset_s + RISEN * course.contraction_s, 0.0),
        peak_s=peak_s,
        end_s=peak_s + FALLEN * course.half_relaxation_s,
        contraction_s=course.contraction_s,
        half_relaxation_s=course.half_relaxation_s,
        size_px=abs(size) * (DRAWN_MOST if one.is_drawn else 1.0),
        place_px=_place(scene, one),
        width_px=one.width_blocks * field.block_px,
        surprise=one.surprise,
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


def _fitted(trace: FloatArray, peak: int, rate_hz: float) -> tuple[Course, float, float]:
    """Return the course that fits best, its onset in samples of the trace, and its size."""
    best = (-np.inf, COURSES[0], 0.0, 0.0)
    ramp = np.stack([np.ones(trace.size), np.linspace(-1, 1, trace.size)])
    basis, _ = np.linalg.qr(ramp.T)
    level = trace - basis @ (basis.T @ trace)
    for course in _courses():
        onsets = peak - course.contraction_s * rate_hz + np.arange(-2 * STEPS, 2 * STEPS + 1) / STEPS
        shapes = course.at((np.arange(trace.size) - onsets[:, np.newaxis]) / rate_hz)
        shapes -= (shapes @ basis) @ basis.T
        energy = np.maximum(np.square(shapes).sum(axis=1), 1e-12)
        size = shapes @ level / energy
        gain = np.where(size > 0, size**2 * energy, 0)
        at = int(gain.argmax())
        if gain[at] > best[0]:
            best = (float(gain[at]), course, float(onsets[at]), float(size[at]))
    return best[1:]


@cache
def _courses() -> tuple[Course, ...]:
    return tuple(Course(contraction_s=c, half_relaxation_s=r) for c in CONTRACTIONS_S for r in RELAXATIONS_S)


def _place(scene: TwitchScene, one: Candidate) -> tuple[float, float]:
    """Return where the surprise peaks between blocks: the top of a parabola through its root."""
    root = np.sqrt(np.maximum(scene.surprise[one.sample], 0))
    center = scene.field.centers_px[one.row * scene.field.columns + one.column]
    x = center[0] + scene.field.block_px * _top(root[one.row], one.column)
    y = center[1] + scene.field.block_px * _top(root[:, one.column], one.row)
    return float(x), float(y)


def _top(values: "np.typing.NDArray[np.float32]", at: int) -> float:
    if not 0 < at < values.size - 1:
        return 0.0
    left, middle, right = (float(value) for value in values[at - 1 : at + 2])
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 and min(left, right) > 0 else 0.0
