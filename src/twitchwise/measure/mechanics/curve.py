"""The curve that is fitted to an averaged twitch, and where its landmarks lie.

With ``x`` the time since the onset, it is ``(1 - exp(-x / rise_s))**power * exp(-(x / fall_s)**fall_power)``: a power
of a saturating rise, as of lags in a row, times a relaxation that begins slowly and then gathers speed. Unlike the
critically damped twitch (Fuglevand et al. 1993, doi:10.1152/jn.1993.70.6.2470) it leaves contraction and relaxation
independent, as Raikova et al. 2007 (J Electromyogr Kinesiol 17:121-130) ask for. It is fitted down to half the peak.
"""

from typing import NamedTuple

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

# The first force is taken where the curve reaches this share of its peak: what a good record tells from its noise, and
# what the forward model calls the first force.
FIRST_SHARE = 0.01
HALF = 0.5
# Landmarks are read from a table of this many points and interpolated: right to a thousandth of the twitch.
_POINTS = 512
# The curve has passed its peak and half of it within this many fall times, whatever the powers allow.
_REACH = 2.0


class Curve(NamedTuple):
    """A twitch of peak 1 at any scale: onset, times and powers; times in seconds after the discharge."""

    onset_s: float
    rise_s: float
    rise_power: float
    fall_s: float
    fall_power: float


class Landmarks(NamedTuple):
    """Where a curve has its first force, its peak and half its peak, in seconds; ``top`` is its value at the peak."""

    first_s: float
    peak_s: float
    half_s: float
    top: float

    @property
    def contraction_time_s(self) -> float:
        """From the first force to the peak."""
        return self.peak_s - self.first_s

    @property
    def half_relaxation_time_s(self) -> float:
        """From the peak to half of it."""
        return self.half_s - self.peak_s


def curve_at(curve: Curve, time_s: FloatArray) -> FloatArray:
    """Return the curve at times in seconds after the discharge; any shape, 0 before the onset.

    Examples
    --------
    >>> import numpy as np
    >>> curve = Curve(onset_s=0.01, rise_s=0.03, rise_power=1.5, fall_s=0.12, fall_power=2.9)
    >>> curve_at(curve, np.array([0.0, 0.01, 0.05])).round(2).tolist()
    [0.0, 0.0, 0.61]
    """
    since = np.maximum(np.asarray(time_s, dtype=np.float64) - curve.onset_s, 0.0)
    rise = -np.expm1(-since / curve.rise_s)
    value: FloatArray = rise**curve.rise_power * np.exp(-((since / curve.fall_s) ** curve.fall_power))
    return value


def landmarks_of(curve: Curve) -> Landmarks:
    """Return where a curve has its landmarks."""
    since = np.linspace(0.0, _REACH * curve.fall_s, _POINTS)
    value = curve_at(curve._replace(onset_s=0.0), since)
    peak = int(np.clip(value.argmax(), 1, _POINTS - 2))
    offset, top = _vertex(*(float(one) for one in value[peak - 1 : peak + 2]))
    step_s = float(since[1])
    half = peak + int((value[peak:] <= HALF * top).argmax())
    return Landmarks(
        first_s=curve.onset_s + _first_s(curve, FIRST_SHARE * top),
        peak_s=curve.onset_s + step_s * (peak + offset),
        half_s=curve.onset_s + step_s * _between(value, half, HALF * top),
        top=top,
    )


def _vertex(before: float, at: float, after: float) -> tuple[float, float]:
    """Return where a parabola through three points has its top, in points from the middle, and how high it is."""
    bend = before - 2 * at + after
    offset = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return offset, at - 0.25 * (before - after) * offset


def _first_s(curve: Curve, level: float) -> float:
    """Return when the rise reaches a low level: the fall has hardly begun, so a few rounds settle it."""
    since = 0.0
    for _ in range(4):
        wanted = level * np.exp((since / curve.fall_s) ** curve.fall_power)
        since = float(-curve.rise_s * np.log1p(-min(float(wanted ** (1 / curve.rise_power)), HALF)))
    return since


def _between(value: FloatArray, index: int, level: float) -> float:
    """Return where the falling line between two points crosses a level, in points."""
    high, low = float(value[index - 1]), float(value[index])
    return index - 1 + (high - level) / max(high - low, np.finfo(np.float64).tiny)
