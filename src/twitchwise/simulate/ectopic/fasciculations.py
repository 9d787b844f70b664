"""Random fasciculations: motor units discharge as Poisson processes with a dead time, now and then repetitively.

That fasciculations come at random, without memory beyond the dead time, is assumed. Most arise far out in the axon
(Roth 1984, doi:10.1016/0022-510x(84)90152-7); such an impulse also runs back to the cell body, which may answer it with
a second discharge some 30 ms later, an F-wave (Kleine et al. 2012, doi:10.1016/j.clinph.2011.06.032). A doublet, a
multiplet, an answered fasciculation, and one that takes another unit along are each **one** fasciculation.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.ectopic.timing import (
    INTERVAL_REACH,
    SECONDS_PER_MINUTE,
    draw_counts,
    random_starts_s,
    repeated,
)
from twitchwise.simulate.ectopic.train import Kind, Label, Site, Train, before, in_order
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

_SHARES = ("doublet_probability", "distal_share", "echo_probability", "multi_unit_share")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fasciculations:
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
        Mean interval between these, and its standard deviation over the mean (at most 1/3).
    refractory_period_s
        Shortest time from the end of a unit's fasciculation to its next, above 0.
    distal_share
        Share of fasciculations that arise in the far part of the axon, 0 to 1.
    echo_probability, echo_latency_s
        Share of distal single fasciculations that the cell body answers, and the time to the answer, above 0.
    multi_unit_share, companion_delay_s
        Share of fasciculations that take another unit along, and the longest time to its discharge, at least 0.

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
    distal_share: float = 1.0
    echo_probability: float = 0.0
    echo_latency_s: float = 0.03
    multi_unit_share: float = 0.0
    companion_delay_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a process that cannot be."""
        require_not_negative("rate_per_min", self.rate_per_min)
        require_within("n_units", self.n_units, 1, math.inf)
        for name in _SHARES:
            require_within(name, getattr(self, name), 0.0, 1.0)
        require_within("multiplet_discharges", self.multiplet_discharges, 1.0, math.inf)
        for name in ("doublet_interval_s", "refractory_period_s", "echo_latency_s"):
            require_positive(name, getattr(self, name))
        require_within("doublet_interval_spread", self.doublet_interval_spread, 0.0, 1 / INTERVAL_REACH)
        require_not_negative("companion_delay_s", self.companion_delay_s)
        limit = SECONDS_PER_MINUTE * self.n_units / self.dead_time_s
        if self.rate_per_min >= limit:
            raise OutOfRangeError(
                f"rate_per_min must be below {limit:.4g} for {self.n_units} units with a dead time of "
                f"{self.dead_time_s:.3g} s, got {self.rate_per_min!r}."
            )

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Fasciculations":
        """Return the process that a condition's parameters describe."""
        return cls(
            rate_per_min=parameters["fasciculation_rate_per_min"],
            n_units=max(1, round(parameters["fasciculating_units"])),
            doublet_probability=parameters["doublet_probability"],
            multiplet_discharges=parameters["multiplet_discharges"],
            doublet_interval_s=parameters["doublet_interval"],
            doublet_interval_spread=parameters["doublet_interval_spread"],
            refractory_period_s=parameters["fasciculation_refractory_period"],
            distal_share=parameters["fasciculation_distal_share"],
            echo_probability=parameters["fasciculation_echo_probability"],
            echo_latency_s=parameters["fasciculation_echo_latency"],
            multi_unit_share=parameters["fasciculation_multi_unit_share"],
            companion_delay_s=parameters["fasciculation_companion_delay"],
        )

    @property
    def dead_time_s(self) -> float:
        """Shortest time between starts of two fasciculations of a unit: the longest one and the refractory period."""
        further = math.ceil(self.multiplet_discharges) - 1 if self.doublet_probability > 0 else 0
        longest_interval_s = self.doublet_interval_s * (1 + INTERVAL_REACH * self.doublet_interval_spread)
        echo_s = self.echo_latency_s if self.echo_probability * self.distal_share > 0 else 0.0
        return self.refractory_period_s + max(further * longest_interval_s, echo_s)

    @property
    def longest_s(self) -> float:
        """Longest time from the first discharge of a fasciculation to its last, in seconds."""
        return max(self.dead_time_s - self.refractory_period_s, self.companion_delay_s)

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw the discharges of all fasciculations before ``duration_s``; the last may be cut.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        *of_units, of_sites, of_counts, of_intervals, of_echoes, of_companions = generator.spawn(self.n_units + 5)
        # a unit that is about to fasciculate is not taken along, which it may be after the end
        starts, owners = self._starts(duration_s + self.dead_time_s, of_units)
        distal = of_sites.random(starts.size) < self.distal_share
        counts = draw_counts(starts.size, self.doublet_probability, self.multiplet_discharges, of_counts)
        spaced = (self.doublet_interval_s, self.doublet_interval_spread)
        times, event = repeated(starts, counts, math.ceil(self.multiplet_discharges), spaced, of_intervals)
        answered = np.flatnonzero(distal & (counts == 1) & (of_echoes.random(starts.size) < self.echo_probability))
        time_s = np.concatenate([times, starts[answered] + self.echo_latency_s])
        event = np.concatenate([event, answered])
        unit = owners[event]
        more, with_event, with_unit = self._companions(starts, owners, of_companions)
        time_s, event, unit = _all_of((time_s, more), (event, with_event), (unit, with_unit))
        labels = [Label(Kind.FASCICULATION, Site.DISTAL if far else Site.PROXIMAL) for far in distal]
        return before(in_order(time_s, unit, event, labels), duration_s)

    def _starts(self, duration_s: float, generators: Sequence[np.random.Generator]) -> tuple[FloatArray, IntArray]:
        """Draw the starts of all units in order, and whose they are."""
        interval_s = math.inf if self.rate_per_min == 0 else SECONDS_PER_MINUTE * self.n_units / self.rate_per_min
        trains = [random_starts_s(duration_s, interval_s, self.dead_time_s, chance) for chance in generators]
        owners = np.repeat(np.arange(self.n_units, dtype=np.int64), [train.size for train in trains])
        starts = np.concatenate(trains)
        order = np.argsort(starts, kind="stable")
        return starts[order], owners[order]

    def _companions(
        self, starts: FloatArray, owners: IntArray, generator: np.random.Generator
    ) -> tuple[FloatArray, IntArray, IntArray]:
        """Draw which fasciculations take another unit along; one that has just fired or is about to does not join."""
        takes, which, late = generator.random((starts.size, 3)).T
        leads = np.flatnonzero(takes < (self.multi_unit_share if self.n_units > 1 else 0.0))
        step = 1 + (which[leads] * (self.n_units - 1)).astype(np.int64)
        unit = (owners[leads] + step) % self.n_units
        time = starts[leads] + self.companion_delay_s * late[leads]
        order = np.argsort(time, kind="stable")
        leads, unit, time = leads[order], unit[order], time[order]
        free = np.zeros(leads.size, dtype=np.bool_)
        for number in range(self.n_units):
            mine = np.flatnonzero(unit == number)
            free[mine] = _free(time[mine], starts[owners == number], self.dead_time_s)
        return time[free], leads[free], unit[free]


def _free(times: FloatArray, own_starts: FloatArray, dead_time_s: float) -> BoolArray:
    """Tell which ascending times keep a dead time from a unit's own starts and from each other."""
    bounds = np.concatenate([[-math.inf], np.sort(own_starts), [math.inf]])
    after = np.searchsorted(bounds, times)
    free: BoolArray = (bounds[after] - times >= dead_time_s) & (times - bounds[after - 1] >= dead_time_s)
    last = -math.inf
    for index in np.flatnonzero(free):
        free[index] = times[index] - last >= dead_time_s
        last = times[index] if free[index] else last
    return free


def _all_of(
    times: tuple[FloatArray, FloatArray], events: tuple[IntArray, IntArray], units: tuple[IntArray, IntArray]
) -> tuple[FloatArray, IntArray, IntArray]:
    return np.concatenate(times), np.concatenate(events), np.concatenate(units)
