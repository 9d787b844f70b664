"""One motor unit's action potential as a surface electrode pair sees it: a biphasic to triphasic wave of zero area.

The wave is a mixture of the first two Hermite-Rodriguez functions, derivatives of ``exp(-x**2)`` (Lo Conte, Merletti
and Sandri 1994, doi:10.1109/10.335863): the first is biphasic, the second triphasic. Depth, fiber direction, end
effects and the tissue between fiber and skin are not modeled; amplitude, duration and mixture sum them up.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

EDGE = 0.05  # share of the peak-to-peak amplitude at which a reader sees the wave leave the baseline
REACH = 4.5  # beyond this many widths the wave is below 1e-7 of its peak
BISECTIONS = 60  # down to rounding


@dataclass(frozen=True, kw_only=True, slots=True)
class _UnitWave:
    """A mixture in widths and without a size: its peak-to-peak size, edges, and its largest deflection."""

    peak_to_peak: float
    start: float
    stop: float
    peak: float


def _mixture(mixture_rad: float, x: FloatArray) -> FloatArray:
    first = math.cos(mixture_rad) * math.sqrt(2) * x
    second = math.sin(mixture_rad) * (2 * x**2 - 1) / math.sqrt(2)
    wave: FloatArray = (first + second) * np.exp(-(x**2))
    return wave


def _extrema(mixture_rad: float) -> FloatArray:
    # the derivative is exp(-x**2) times this cubic, whose roots are all real
    a, b = math.cos(mixture_rad) * math.sqrt(2), math.sin(mixture_rad) / math.sqrt(2)
    roots = np.roots([-4 * b, -2 * a, 6 * b, a]) if abs(b) > abs(a) * 1e-9 else np.array([-1.0, 1.0]) / math.sqrt(2)
    extrema: FloatArray = np.sort(np.real(roots))
    return extrema


def _edge(mixture_rad: float, inner: float, outer: float, level: float) -> float:
    for _ in range(BISECTIONS):
        middle = (inner + outer) / 2
        if abs(float(_mixture(mixture_rad, np.array(middle)))) > level:
            inner = middle
        else:
            outer = middle
    return outer


def _outermost(extrema: FloatArray, sizes: FloatArray, level: float) -> tuple[float, float]:
    visible = extrema[np.abs(sizes) > level]
    return float(visible[0]), float(visible[-1])


@lru_cache(maxsize=1024)
def _unit_wave(mixture_rad: float) -> _UnitWave:
    extrema = _extrema(mixture_rad)
    sizes = _mixture(mixture_rad, extrema)
    peak_to_peak = float(sizes.max() - sizes.min())
    level = EDGE * peak_to_peak
    first, last = _outermost(extrema, sizes, level)
    return _UnitWave(
        peak_to_peak=peak_to_peak,
        start=_edge(mixture_rad, first, -REACH, level),
        stop=_edge(mixture_rad, last, REACH, level),
        peak=float(extrema[np.abs(sizes).argmax()]),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MotorUnitActionPotential:
    """The potential that one discharge of a motor unit adds to a surface EMG channel.

    Parameters
    ----------
    amplitude_v
        Peak to peak, in V, above 0.
    duration_s
        From leaving the baseline by 5 % of the amplitude to returning within it, in seconds, above 0.
    mixture_rad
        0 for a biphasic wave that rises first, half of pi for a triphasic one whose middle is negative; adding pi turns
        the wave upside down.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> import numpy as np
    >>> potential = MotorUnitActionPotential(amplitude_v=5e-5, duration_s=0.01, mixture_rad=0.0)
    >>> wave = potential.voltage_v(np.linspace(0.0, 0.01, 1001))
    >>> round(float(np.ptp(wave)) * 1e6, 2), round(float(wave[0] / np.ptp(wave)), 3)
    (50.0, -0.05)
    """

    amplitude_v: float
    duration_s: float
    mixture_rad: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be a potential's."""
        require_positive("amplitude_v", self.amplitude_v)
        require_positive("duration_s", self.duration_s)
        if not math.isfinite(self.mixture_rad):
            raise OutOfRangeError(f"mixture_rad must be finite, got {self.mixture_rad!r}.")

    @property
    def width_s(self) -> float:
        """The time that stands for one width of the Hermite-Rodriguez functions."""
        wave = _unit_wave(self.mixture_rad)
        return self.duration_s / (wave.stop - wave.start)

    @property
    def center_s(self) -> float:
        """Time of the middle of the functions, in seconds after the discharge."""
        return -_unit_wave(self.mixture_rad).start * self.width_s

    @property
    def span_s(self) -> tuple[float, float]:
        """Times between which the potential differs from 0, in seconds after the discharge; the first is negative."""
        return self.center_s - REACH * self.width_s, self.center_s + REACH * self.width_s

    @property
    def peak_time_s(self) -> float:
        """Time of the largest deflection, in seconds after the discharge."""
        return self.center_s + _unit_wave(self.mixture_rad).peak * self.width_s

    def voltage_v(self, time_s: FloatArray) -> FloatArray:
        """Return the potential in V at times in seconds after the discharge; any shape, which is kept."""
        x = (np.asarray(time_s, dtype=np.float64) - self.center_s) / self.width_s
        return self.amplitude_v / _unit_wave(self.mixture_rad).peak_to_peak * _mixture(self.mixture_rad, x)
