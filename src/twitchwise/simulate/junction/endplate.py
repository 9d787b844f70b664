"""The endplate: quanta add up to a potential that fires the fiber, or fails to.

The fiber fires when the potential reaches its threshold; how many times the potential exceeds it is the safety factor
(Wood and Slater 2001, doi:10.1016/s0301-0082(00)00055-1). The closer it is to 1, the later and the less evenly the
fiber fires. Quanta add up by Martin's rule (checked against a cable model in PMC1434962).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

_COOLING_STEP = 10.0  # temperature coefficients are given for 10 degrees
_FADED = 100.0  # after this many time constants nothing is left, and the exponential has not yet overflown
_RISE = 2.0 / math.pi  # the potential rises as the first quarter of a sine


@dataclass(frozen=True, kw_only=True, slots=True)
class Endplate:
    """How a muscle fiber answers the quanta that reach its endplate.

    Parameters
    ----------
    quantum_size_v, quantum_spread
        Depolarization by one quantum in volts, and its standard deviation over the mean.
    driving_potential_v
        Depolarization in volts that no number of quanta exceeds: from rest to the reversal potential.
    threshold_v
        Depolarization in volts that fires the fiber, below ``driving_potential_v``.
    fiber_spread
        Standard deviation over fibers of the logarithm of the safety factor.
    rise_time_s, decay_time_s
        Time from the start of the endplate potential to its peak, and the time constant of its fall, in seconds.
    refractory_time_s
        Time in seconds after which a fiber can fire again.
    delay_s, delay_spread_s
        Time in seconds from the discharge of the axon to the start of the potential, and its standard deviation from
        discharge to discharge.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    quantum_size_v: float
    quantum_spread: float
    driving_potential_v: float
    threshold_v: float
    fiber_spread: float
    rise_time_s: float
    decay_time_s: float
    refractory_time_s: float
    delay_s: float
    delay_spread_s: float

    def __post_init__(self) -> None:
        """Refuse an endplate that cannot be."""
        positive = ("driving_potential_v", "threshold_v", "rise_time_s", "decay_time_s", "refractory_time_s")
        for field in fields(self):
            check = require_positive if field.name in positive else require_not_negative
            check(field.name, getattr(self, field.name))
        if self.threshold_v >= self.driving_potential_v:
            limit_v = self.driving_potential_v
            raise OutOfRangeError(
                f"threshold_v must be below driving_potential_v, {limit_v!r}, got {self.threshold_v!r}."
            )

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Endplate":
        """Return the endplate that a condition's parameters describe, at the muscle's temperature."""
        cooling = (parameters["junction_reference_temperature"] - parameters["muscle_temperature"]) / _COOLING_STEP
        return cls(
            quantum_size_v=parameters["quantum_size"] * parameters["quantum_size_temperature_coefficient"] ** -cooling,
            quantum_spread=parameters["quantum_size_spread"],
            driving_potential_v=parameters["endplate_driving_potential"],
            threshold_v=parameters["endplate_threshold"],
            fiber_spread=parameters["junction_fiber_spread"],
            rise_time_s=parameters["endplate_rise_time"],
            decay_time_s=parameters["endplate_decay_time"],
            refractory_time_s=parameters["muscle_fiber_refractory_time"],
            delay_s=parameters["junction_delay"],
            delay_spread_s=parameters["junction_delay_spread"],
        )

    @property
    def repeat_threshold_v(self) -> float:
        """Peak potential in volts that is still at threshold when the refractory time is over; infinite if none is."""
        faded = min(self.refractory_time_s / self.decay_time_s, _FADED)
        peak_v = self.threshold_v * math.exp(faded)
        return peak_v if peak_v < self.driving_potential_v else math.inf

    def potential_v(self, quanta: FloatArray) -> FloatArray:
        """Return the peak endplate potential in volts: each further quantum drives less current than the one before."""
        linear_v = quanta * self.quantum_size_v
        peak_v: FloatArray = linear_v / (1.0 + linear_v / self.driving_potential_v)
        return peak_v

    def quanta_to(self, peak_v: float) -> float:
        """Return how many quanta bring the fiber of middle safety to a potential; infinite where none can."""
        if not peak_v < self.driving_potential_v or self.quantum_size_v == 0:
            return math.inf
        return peak_v / (1.0 - peak_v / self.driving_potential_v) / self.quantum_size_v

    def delay_to_threshold_s(self, peak_v: FloatArray) -> FloatArray:
        """Return the time in seconds from the discharge to the fiber's firing, for peaks above threshold."""
        rising = _RISE * np.arcsin(np.minimum(self.threshold_v / np.maximum(peak_v, self.threshold_v), 1.0))
        delay_s: FloatArray = self.delay_s + self.rise_time_s * rising
        return delay_s
