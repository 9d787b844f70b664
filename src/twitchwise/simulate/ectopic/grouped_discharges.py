"""Grouped discharges: bursts that recur half rhythmically, as in myokymia, neuromyotonia and hemifacial spasm.

Groups of one unit recur several times a second in myokymia (Gutmann 1991, doi:10.1002/mus.880141102). In neuromyotonia
a unit fires at up to 300 per second within a group and slows as it goes on (Maddison 2006, PMID 16843723; Kleine et al.
2008, doi:10.1002/mus.20849). In hemifacial spasm many units fire in groups together.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.ectopic.timing import INTERVAL_REACH, jittered, on_course
from twitchwise.simulate.ectopic.train import NOTHING, Kind, Label, Site, Train, before, in_order, joined
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

HIGHEST_RATE_HZ = 500.0  # an axon that has fired cannot fire again within some 2 ms
_COURSE_POINTS = 33  # the rate falls in a straight line, whose integral this many points give to a part in 1000
_PAUSE = 2.0  # intervals of silence after a group at the least, so that it can be told from the next


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupedDischarges:
    """How motor units discharge in groups.

    Parameters
    ----------
    n_units
        Motor units that discharge in groups, at least 0; 0 for none.
    rate_hz, rate_fall
        Discharges per second at the start of a group, above 0 and at most 500, and the share by which the rate has
        fallen at its end, 0 to 0.95.
    duration_s, interval_s
        Mean duration of a group and mean time from the start of one to the start of the next, above 0; the second is
        the longer.
    interval_spread
        Standard deviation of both over their means, at most 1/3.
    together
        Whether all units fire in the same groups, which then are one event each; else each keeps its own rhythm.
    kind
        What these groups are called.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    n_units: int
    rate_hz: float
    duration_s: float
    interval_s: float
    interval_spread: float = 0.0
    rate_fall: float = 0.0
    together: bool = False
    kind: Kind = Kind.MYOKYMIC_DISCHARGE

    def __post_init__(self) -> None:
        """Refuse groups that cannot be."""
        require_within("n_units", self.n_units, 0, math.inf)
        require_positive("rate_hz", self.rate_hz)
        require_within("rate_hz", self.rate_hz, 0.0, HIGHEST_RATE_HZ)
        require_within("rate_fall", self.rate_fall, 0.0, 0.95)
        require_not_negative("duration_s", self.duration_s)
        require_positive("interval_s", self.interval_s)
        require_within("interval_spread", self.interval_spread, 0.0, 1 / INTERVAL_REACH)
        require_within("duration_s", self.duration_s, 0.0, self.interval_s)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "GroupedDischarges":
        """Return the groups that a condition's parameters describe; their rate tells what they are called."""
        rate_hz = parameters["grouped_discharge_rate_hz"]
        fast = rate_hz >= parameters["neuromyotonic_rate_least"]
        return cls(
            n_units=max(0, round(parameters["grouped_discharge_units"])),
            rate_hz=rate_hz,
            duration_s=parameters["grouped_discharge_duration"],
            interval_s=parameters["grouped_discharge_interval"],
            interval_spread=parameters["grouped_discharge_interval_spread"],
            rate_fall=parameters["grouped_discharge_rate_fall"],
            together=round(parameters["grouped_discharge_together"]) == 1,
            kind=Kind.NEUROMYOTONIC_DISCHARGE if fast else Kind.MYOKYMIC_DISCHARGE,
        )

    @property
    def longest_s(self) -> float:
        """Longest time from the first discharge of a group to its last, in seconds."""
        return self.duration_s * (1 + INTERVAL_REACH * self.interval_spread) + 1 / self.rate_hz

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw the discharges of all groups before ``duration_s``; the last may be cut.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        if self.n_units == 0:
            return NOTHING
        units = list(range(self.n_units))
        sharing = [units] if self.together else [[unit] for unit in units]
        chances = generator.spawn(len(sharing))
        found = [self._groups(same, duration_s, chance) for same, chance in zip(sharing, chances, strict=True)]
        return before(joined(found), duration_s)

    def _groups(self, units: list[int], duration_s: float, generator: np.random.Generator) -> Train:
        """Draw groups in which these units fire together."""
        times, numbers, events = [NOTHING.time_s], [NOTHING.unit], [NOTHING.event]
        of_rhythm, of_groups = generator.spawn(2)
        starts, lengths = self._rhythm(duration_s, of_rhythm)
        for event, (start_s, length_s) in enumerate(zip(starts, lengths, strict=True)):
            for unit in units:
                # units of one group start within one of their intervals of each other
                late_s = 0.0 if len(units) == 1 else float(of_groups.random()) / self.rate_hz
                fired = start_s + late_s + self._within(max(length_s - late_s, 0.0), of_groups)
                times.append(fired)
                numbers.append(np.full(fired.size, unit, dtype=np.int64))
                events.append(np.full(fired.size, event, dtype=np.int64))
        labels = [Label(self.kind, Site.DISTAL)] * starts.size
        return in_order(np.concatenate(times), np.concatenate(numbers), np.concatenate(events), labels)

    def _rhythm(self, duration_s: float, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Draw starts and durations of the groups that begin in time, seen from a random moment of the rhythm on."""
        of_lengths, of_intervals = generator.spawn(2)
        # as many as fit if every interval were as short as it can be
        most = math.ceil(max(duration_s, 0.0) / self.interval_s / (1 - self.interval_spread)) + 8
        lengths = jittered(self.duration_s, self.interval_spread, (most,), of_lengths)
        pause_s = _PAUSE / (self.rate_hz * (1 - self.rate_fall))
        intervals = jittered(self.interval_s, self.interval_spread, (most,), of_intervals)
        intervals = np.maximum(intervals, lengths + pause_s)
        starts = self.interval_s * generator.random() + np.concatenate([[0.0], np.cumsum(intervals[:-1])])
        begun = starts < duration_s
        return starts[begun], lengths[begun]

    def _within(self, length_s: float, generator: np.random.Generator) -> FloatArray:
        """Return the discharges of one group, in seconds from its start."""
        if length_s * self.rate_hz < 1:
            return np.zeros(1)
        course = self.rate_hz * (1 - self.rate_fall * np.linspace(0.0, 1.0, _COURSE_POINTS))
        return on_course(course, length_s, 0.0, generator)
