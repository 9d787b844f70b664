"""Random fasciculations: each motor unit discharges as a Poisson process with a dead time, now and then repetitively.

That fasciculations come at random, without memory beyond the dead time, is assumed. A doublet or multiplet is **one**
fasciculation.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.discharges import INTERVAL_REACH, Discharges, draw_counts, in_order, repeated
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FasciculationProcess:
    """How a muscle at rest fasciculates.

    Parameters
    ----------
    rate_per_min
        Fasciculations per minute of all units together, at least 0.
    n_units
        Motor units that share the rate evenly, at least 1.
    doublet_probability
        Share of fasciculations that are repetitive, 0 to 1.
    multiplet_discharges
        Mean number of discharges of a repetitive one, at least 1.
    doublet_interval_s, doublet_interval_spread
        Mean interval between these, and its standard deviation over the mean (at most 0.3).
    refractory_period_s
        Shortest time from the end of a unit's fasciculation to its next, above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or the units cannot reach the rate with this refractory period.
    """

    rate_per_min: float
    n_units: int
    doublet_probability: float = 0.0
    multiplet_discharges: float = 2.0
    doublet_interval_s: float = 0.03
    doublet_interval_spread: float = 0.0
    refractory_period_s: float = 0.1

    def __post_init__(self) -> None:
        """Refuse a process that cannot be."""
        require_not_negative("rate_per_min", self.rate_per_min)
        require_within("n_units", self.n_units, 1, math.inf)
        require_within("doublet_probability", self.doublet_probability, 0.0, 1.0)
        require_within("multiplet_discharges", self.multiplet_discharges, 1.0, math.inf)
        require_positive("doublet_interval_s", self.doublet_interval_s)
        require_within("doublet_interval_spread", self.doublet_interval_spread, 0.0, 1 / INTERVAL_REACH)
        require_positive("refractory_period_s", self.refractory_period_s)
        limit = SECONDS_PER_MINUTE * self.n_units / self.dead_time_s
        if self.rate_per_min >= limit:
            raise OutOfRangeError(
                f"rate_per_min must be below {limit:.4g} for {self.n_units} units with a dead time of "
                f"{self.dead_time_s:.3g} s, got {self.rate_per_min!r}."
            )

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "FasciculationProcess":
        """Return the process that a condition's parameters describe."""
        return cls(
            rate_per_min=ectopic_rate_per_min(parameters),
            n_units=max(1, round(parameters["fasciculating_units"])),
            doublet_probability=parameters["doublet_probability"],
            multiplet_discharges=parameters["multiplet_discharges"],
            doublet_interval_s=parameters["doublet_interval"],
            doublet_interval_spread=parameters["doublet_interval_spread"],
            refractory_period_s=parameters["fasciculation_refractory_period"],
        )

    @property
    def dead_time_s(self) -> float:
        """Shortest time between starts of two fasciculations of a unit: longest multiplet and refractory period."""
        further = math.ceil(self.multiplet_discharges) - 1 if self.doublet_probability > 0 else 0
        longest_interval_s = self.doublet_interval_s * (1 + INTERVAL_REACH * self.doublet_interval_spread)
        return self.refractory_period_s + further * longest_interval_s

    def draw(self, duration_s: float, generator: np.random.Generator) -> Discharges:
        """Draw the discharges of all fasciculations that end before ``duration_s``.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        trains = [self._starts_s(duration_s, generator) for _ in range(self.n_units)]
        starts = np.concatenate(trains)
        owners = np.repeat(np.arange(self.n_units), [train.size for train in trains])
        counts = draw_counts(starts.size, self.doublet_probability, self.multiplet_discharges, generator)
        times, event = repeated(starts, counts, self.doublet_interval_s, self.doublet_interval_spread, generator)
        last = np.full(starts.size, -math.inf)
        np.maximum.at(last, event, times)
        whole = last[event] <= duration_s
        return in_order(times[whole], owners[event][whole], event[whole])

    def _starts_s(self, duration_s: float, generator: np.random.Generator) -> FloatArray:
        if self.rate_per_min == 0 or duration_s <= 0:
            return np.empty(0)
        interval_s = SECONDS_PER_MINUTE * self.n_units / self.rate_per_min
        random_s = interval_s - self.dead_time_s
        expected = duration_s / interval_s
        # the first wait is that of a process long under way, so that the rate holds from the first second
        waiting = generator.random() * interval_s
        first = waiting if waiting < self.dead_time_s else self.dead_time_s + generator.exponential(random_s)
        starts = np.array([first])
        while starts[-1] < duration_s:
            more = self.dead_time_s + generator.exponential(random_s, int(expected + 4 * math.sqrt(expected)) + 8)
            starts = np.concatenate([starts, starts[-1] + np.cumsum(more)])
        return starts[starts < duration_s]


def ectopic_rate_per_min(parameters: Mapping[str, float]) -> float:
    """Return the fasciculation rate per minute after the axon's threshold has had its effect.

    The rate is multiplied by ``axon_threshold_scale ** -ectopic_rate_exponent``: a lower threshold, a higher rate. The
    link is assumed, not measured; it stands in for an axon model.

    Examples
    --------
    >>> healthy = {"fasciculation_rate_per_min": 2.0, "axon_threshold_scale": 1.0, "ectopic_rate_exponent": 4.0}
    >>> ectopic_rate_per_min(healthy), ectopic_rate_per_min({**healthy, "axon_threshold_scale": 0.5})
    (2.0, 32.0)
    """
    effect: float = parameters["axon_threshold_scale"] ** -parameters["ectopic_rate_exponent"]
    return parameters["fasciculation_rate_per_min"] * effect
