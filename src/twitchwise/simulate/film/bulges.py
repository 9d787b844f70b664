"""Twitches as the camera sees them: a place on the skin that moves by a few pixels and returns.

The course in time is that of skin over a muscle, given as samples; the course in space is a bell, moved to one side as
a bulge seen at an angle, or drawn together along the fibers as a bulge seen from above.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within

Plane = npt.NDArray[np.floating]

CURVE_HZ = 1000.0  # samples per second of a course in time
SEEN = 0.1  # share of the peak at which a twitch is said to begin and to end
WIDE = 3.0  # widths beyond which a bell is 1 % of its height


@dataclass(frozen=True, kw_only=True, eq=False)
class Bulge:
    """One twitch on the skin.

    Parameters
    ----------
    start_s
        When its course begins.
    curve
        Its course at 1000 samples per second, from 0, with a peak of 1; shape ``(n,)``.
    place_px
        Middle of the bell, x and y.
    width_px
        Standard deviation of the bell.
    size_px
        Farthest that any point of the skin moves in the picture, above 0.
    direction_rad
        Which way, or along which axis it is drawn together.
    drawn
        Share of the movement that draws skin together instead of shifting it, 0 to 1.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or the course has no peak of 1.
    """

    start_s: float
    curve: FloatArray
    place_px: tuple[float, float]
    width_px: float
    size_px: float
    direction_rad: float = 0.0
    drawn: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be seen."""
        require_positive("width_px", self.width_px)
        require_positive("size_px", self.size_px)
        require_within("drawn", self.drawn, 0.0, 1.0)
        if not self.curve.size or not np.isclose(self.curve.max(), 1.0):
            raise OutOfRangeError("curve of a twitch must have a peak of 1, got one that has not.")

    def height(self, time_s: float) -> float:
        """Return the share of the peak at a time, 0 before and after."""
        at = (time_s - self.start_s) * CURVE_HZ
        return float(np.interp(at, np.arange(self.curve.size), self.curve, left=0.0, right=0.0))

    @property
    def times_s(self) -> tuple[float, float, float]:
        """When it rises above a tenth of its peak for the first time, is at its peak, and falls below for the last."""
        above = np.flatnonzero(self.curve >= SEEN)
        samples = (above[0], self.curve.argmax(), above[-1])
        start, peak, end = (self.start_s + float(sample) / CURVE_HZ for sample in samples)
        return start, peak, end

    @property
    def reach_px(self) -> float:
        """How far from its place anything moves."""
        return WIDE * self.width_px

    def shift_px(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """Return how far points of the picture move at the peak, x and y, each in the shape of the input."""
        dx, dy = (x - self.place_px[0]) / self.width_px, (y - self.place_px[1]) / self.width_px
        bell = np.exp(-(dx**2 + dy**2) / 2)
        cos, sin = np.cos(self.direction_rad), np.sin(self.direction_rad)
        # a bell times its own axis is greatest one width from the middle, where it is exp(-1/2)
        along = -(dx * cos + dy * sin) * np.exp(0.5)
        share = self.size_px * bell * ((1 - self.drawn) + self.drawn * along) / _greatest(self.drawn)
        return (share * cos).astype(x.dtype), (share * sin).astype(x.dtype)


def twitch_curve(contraction_time_s: float, half_relaxation_time_s: float) -> FloatArray:
    """Return the course of one twitch, peak 1: a gamma-shaped rise, then a slower fall to half in the time given.

    Raises
    ------
    OutOfRangeError
        If a time is not above 0.

    Examples
    --------
    >>> curve = twitch_curve(0.05, 0.06)
    >>> int(curve.argmax()), bool(abs(curve[110] - 0.5) < 0.02)
    (50, True)
    """
    require_positive("contraction_time_s", contraction_time_s)
    require_positive("half_relaxation_time_s", half_relaxation_time_s)
    time_s = np.arange(0, contraction_time_s + 8 * half_relaxation_time_s, 1 / CURVE_HZ)
    rise = np.sin(np.pi / 2 * np.minimum(time_s / contraction_time_s, 1.0)) ** 2
    late = np.maximum(time_s - contraction_time_s, 0.0) / half_relaxation_time_s
    # (1 + a t) exp(-a t), flat at the peak; half of it at a t = 1.678
    fall = (1 + 1.678347 * late) * np.exp(-1.678347 * late)
    curve: FloatArray = rise * fall
    return np.asarray(curve / curve.max())


def train_curve(curve: FloatArray, onsets_s: FloatArray) -> FloatArray:
    """Return the course of several twitches that add up, peak 1; the first onset is at 0."""
    samples = np.round(np.asarray(onsets_s) * CURVE_HZ).astype(np.int64)
    total = np.zeros(int(samples.max()) + curve.size)
    for sample in samples:
        total[sample : sample + curve.size] += curve
    return np.asarray(total / total.max())


@dataclass(frozen=True, kw_only=True, eq=False)
class SkinCourse:
    """Displacement of the skin over a muscle in m, at a sampling rate, with the spans of its events in seconds."""

    displacement_m: FloatArray
    sampling_rate_hz: float
    spans_s: tuple[tuple[float, float], ...]
    places_px: tuple[tuple[float, float], ...]
    width_px: float
    direction_rad: float = field(default=0.0)


def bulges_of(course: SkinCourse, meters_per_pixel: float, seen: float, most_m: float = np.inf) -> tuple[Bulge, ...]:
    """Return the twitches that a camera sees of skin that moves.

    Parameters
    ----------
    course
        How the skin moves, and when, where and how widely it does so on its own.
    meters_per_pixel
        Scale of the picture on the skin, above 0.
    seen
        Share of the bulge that the camera sees as a shift: the tangent of the angle at which it looks, above 0.
    most_m
        Farthest that the camera sees skin shift, which larger bulges come near to.

    Raises
    ------
    OutOfRangeError
        If a number is not above 0.
    """
    require_positive("meters_per_pixel", meters_per_pixel)
    require_positive("seen", seen)
    if not most_m > 0:
        raise OutOfRangeError(f"most_m must be above 0, got {most_m!r}.")
    made = []
    for (start_s, end_s), place in zip(course.spans_s, course.places_px, strict=True):
        curve = seen * _resampled(course, start_s, end_s)
        curve = most_m * np.tanh(curve / most_m) if np.isfinite(most_m) else curve
        peak_m = float(curve.max(initial=0.0))
        if peak_m > 0:
            made.append(
                Bulge(
                    start_s=start_s,
                    curve=curve / peak_m,
                    place_px=place,
                    width_px=course.width_px,
                    size_px=peak_m / meters_per_pixel,
                    direction_rad=course.direction_rad,
                )
            )
    return tuple(made)


def _resampled(course: SkinCourse, start_s: float, end_s: float) -> FloatArray:
    """Return a span of the course above where it began, at the rate of curves."""
    time_s = np.arange(start_s, end_s, 1 / CURVE_HZ)
    known_s = np.arange(course.displacement_m.size) / course.sampling_rate_hz
    values = np.interp(time_s, known_s, course.displacement_m)
    above: FloatArray = np.maximum(values - values[:1].sum(), 0.0)
    return above


def _greatest(drawn: float) -> float:
    """Return the greatest of a bell and its slope, mixed, along the axis."""
    u = np.linspace(-3, 3, 601)
    mixed = np.exp(-(u**2) / 2) * ((1 - drawn) - drawn * u * np.exp(0.5))
    return float(np.abs(mixed).max())
