"""Cramp discharges: many units join one after another, fire irregularly and ever more slowly, and drop out one by one.

Rates, their variability and the time that units are active after Minetto et al. (2009, PMID 19571196); that a cramp
spreads over the muscle after Roeleveld et al. (2000, doi:10.1152/jappl.2000.88.5.1698). How fast units join and drop
out, and that the rate falls in a straight line, is assumed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.ectopic.timing import SECONDS_PER_MINUTE, on_course, random_starts_s
from twitchwise.simulate.ectopic.train import NOTHING, Kind, Label, Site, Train, before, in_order
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

SHORTEST_INTERVAL_S = 0.003  # of a motor axon; what chance draws closer is left out
_COURSE_POINTS = 65  # the rate falls in a straight line, whose integral this many points give to a part in 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Cramps:
    """How a muscle cramps.

    Parameters
    ----------
    rate_per_min
        Cramps per minute, at least 0; one begins only when the one before is over.
    duration_s
        From the first unit's first discharge to the last unit's last, above 0.
    n_units, unit_share
        Motor units of the muscle, at least 1, and the share of them that a cramp takes in, 0 to 1; at least one.
    discharge_rate_hz, rate_span
        Mean rate of a unit, above 0, and the share of it by which the rate lies above it at first and below it at
        last, 0 to 0.95.
    interval_spread
        Standard deviation of an interval over its mean, 0 to 1.
    spread_share, fade_share
        Shares of the cramp in which units join and drop out, each at least 0 and together at most 1.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or there is no time for the cramps.
    """

    rate_per_min: float
    duration_s: float
    n_units: int
    unit_share: float
    discharge_rate_hz: float
    rate_span: float = 0.0
    interval_spread: float = 0.0
    spread_share: float = 0.0
    fade_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse cramps that cannot be."""
        require_not_negative("rate_per_min", self.rate_per_min)
        for name in ("duration_s", "discharge_rate_hz"):
            require_positive(name, getattr(self, name))
        require_within("n_units", self.n_units, 1, math.inf)
        for name in ("unit_share", "interval_spread", "spread_share", "fade_share"):
            require_within(name, getattr(self, name), 0.0, 1.0)
        require_within("rate_span", self.rate_span, 0.0, 0.95)
        require_within("spread_share and fade_share together", self.spread_share + self.fade_share, 0.0, 1.0)
        limit = SECONDS_PER_MINUTE / self.duration_s
        if self.rate_per_min >= limit:
            raise OutOfRangeError(
                f"rate_per_min must be below {limit:.4g} for cramps of {self.duration_s:g} s, "
                f"got {self.rate_per_min!r}."
            )

    @classmethod
    def of(cls, parameters: Mapping[str, float], n_units: int) -> "Cramps":
        """Return the cramps that a condition's parameters describe in a muscle with so many motor units."""
        return cls(
            rate_per_min=parameters["cramp_rate_per_min"],
            duration_s=parameters["cramp_duration"],
            n_units=n_units,
            unit_share=parameters["cramp_unit_share"],
            discharge_rate_hz=parameters["cramp_discharge_rate_hz"],
            rate_span=parameters["cramp_rate_span"],
            interval_spread=parameters["cramp_interval_spread"],
            spread_share=parameters["cramp_spread_share"],
            fade_share=parameters["cramp_fade_share"],
        )

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw the discharges of all cramps before ``duration_s``; each is one event, and the last may be cut.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        interval_s = math.inf if self.rate_per_min == 0 else SECONDS_PER_MINUTE / self.rate_per_min
        of_starts, of_cramps = generator.spawn(2)
        starts = random_starts_s(duration_s, interval_s, self.duration_s, of_starts)
        times, units, events = [NOTHING.time_s], [NOTHING.unit], [NOTHING.event]
        for event, start_s in enumerate(starts):
            for unit, fired in self._one(of_cramps):
                times.append(start_s + fired)
                units.append(np.full(fired.size, unit, dtype=np.int64))
                events.append(np.full(fired.size, event, dtype=np.int64))
        labels = [Label(Kind.CRAMP_DISCHARGE, Site.DISTAL)] * starts.size
        found = in_order(np.concatenate(times), np.concatenate(units), np.concatenate(events), labels)
        return before(found, duration_s)

    def _one(self, generator: np.random.Generator) -> list[tuple[int, FloatArray]]:
        """Draw one cramp: for each unit that takes part, its discharges in seconds from the cramp's start."""
        taken = generator.permutation(self.n_units)[: max(1, round(self.unit_share * self.n_units))]
        joins = self.spread_share * self.duration_s * generator.random(taken.size)
        joins[0] = 0.0  # the cramp starts with its first unit
        stops = self.duration_s * (1 - self.fade_share * generator.random(taken.size))
        course = self.discharge_rate_hz * np.linspace(1 + self.rate_span, 1 - self.rate_span, _COURSE_POINTS)
        found = []
        for unit, join, stop in zip(taken, joins, stops, strict=True):
            fired = join + on_course(course, stop - join, self.interval_spread, generator)
            found.append((int(unit), fired[_apart(fired, SHORTEST_INTERVAL_S)]))
        return found


def _apart(times: FloatArray, least_s: float) -> BoolArray:
    """Tell which ascending times keep a distance from the last one kept."""
    kept = np.ones(times.size, dtype=np.bool_)
    for index in np.flatnonzero(np.diff(times) < least_s) + 1:
        before = times[:index][kept[:index]]
        kept[index] = times[index] - before[-1] >= least_s
    return kept
