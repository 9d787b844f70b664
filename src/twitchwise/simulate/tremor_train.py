"""Rhythmic bursts: stretches of time in which motor units discharge in a rhythm, as in parkinsonian rest tremor.

All units visit the same bursts; each starts anywhere in the burst, now and then with a doublet or triplet some 50 ms
apart (Christakos et al. 2009, doi:10.1113/jphysiol.2009.173989). A burst with all its discharges is one event.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.signals import Intervals
from twitchwise.simulate.discharges import INTERVAL_REACH, Discharges, draw_counts, in_order, repeated
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within


@dataclass(frozen=True, kw_only=True, slots=True)
class BurstProcess:
    """How motor units discharge in rhythmic bursts.

    Parameters
    ----------
    share
        Share of each cycle that a burst fills, 0 to 1; 0 for no bursts.
    rate_hz, interval_spread
        Bursts per second while they last, and the standard deviation of their interval over its mean (at most 1/3).
    n_units
        Motor units that take part, at least 1.
    time_share, epoch_s
        Share of the time with bursts, above 0, and the mean length in seconds of a stretch of them.
    participation
        Share of the bursts that a unit visits.
    doublet_probability, multiplet_discharges, doublet_interval_s, doublet_interval_spread
        As for `twitchwise.simulate.fasciculation_train.FasciculationProcess`, for the visits of a unit.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    share: float
    rate_hz: float
    n_units: int
    interval_spread: float = 0.0
    time_share: float = 1.0
    epoch_s: float = 10.0
    participation: float = 1.0
    doublet_probability: float = 0.0
    multiplet_discharges: float = 2.0
    doublet_interval_s: float = 0.05
    doublet_interval_spread: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a process that cannot be."""
        for name in ("share", "time_share", "participation", "doublet_probability"):
            require_within(name, getattr(self, name), 0.0, 1.0)
        for name in ("rate_hz", "time_share", "epoch_s", "doublet_interval_s"):
            require_positive(name, getattr(self, name))
        for name in ("interval_spread", "doublet_interval_spread"):
            require_within(name, getattr(self, name), 0.0, 1 / INTERVAL_REACH)
        require_within("n_units", self.n_units, 1, math.inf)
        require_within("multiplet_discharges", self.multiplet_discharges, 1.0, math.inf)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "BurstProcess":
        """Return the process that a condition's parameters describe."""
        return cls(
            share=parameters["burst_share"],
            rate_hz=parameters["rhythmic_burst_rate_hz"],
            n_units=max(1, round(parameters["fasciculating_units"])),
            interval_spread=parameters["burst_interval_spread"],
            time_share=parameters["burst_time_share"],
            epoch_s=parameters["burst_epoch_duration"],
            participation=parameters["burst_participation"],
            doublet_probability=parameters["doublet_probability"],
            multiplet_discharges=parameters["multiplet_discharges"],
            doublet_interval_s=parameters["burst_doublet_interval"],
            doublet_interval_spread=parameters["doublet_interval_spread"],
        )

    def draw(self, duration_s: float, generator: np.random.Generator) -> Discharges:
        """Draw the discharges of all bursts that end before ``duration_s``.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        bursts_s = self._bursts_s(self.epochs(duration_s, generator), generator)
        burst, unit = np.nonzero(generator.random((bursts_s.size, self.n_units)) < self.participation)
        counts = draw_counts(burst.size, self.doublet_probability, self.multiplet_discharges, generator)
        room_s = np.maximum(self.share / self.rate_hz - (counts - 1) * self.doublet_interval_s, 0.0)
        starts = bursts_s[burst] + room_s * generator.random(burst.size)
        times, visit = repeated(starts, counts, self.doublet_interval_s, self.doublet_interval_spread, generator)
        whole = ~np.isin(burst[visit], burst[visit][times > duration_s])
        return in_order(times[whole], unit[visit][whole], burst[visit][whole])

    def epochs(self, duration_s: float, generator: np.random.Generator) -> Intervals:
        """Draw the stretches of bursts, of exponential lengths, with pauses that leave the wanted share of the time."""
        if self.share == 0 or duration_s <= 0:
            return Intervals()
        if self.time_share == 1:
            return Intervals(((0.0, duration_s),))
        pause_s = self.epoch_s * (1 - self.time_share) / self.time_share
        active, time, spans = bool(generator.random() < self.time_share), 0.0, []
        while time < duration_s:
            length = float(generator.exponential(self.epoch_s if active else pause_s))
            if active:
                spans.append((time, min(time + length, duration_s)))
            active, time = not active, time + length
        return Intervals.union(spans)

    def _bursts_s(self, epochs: Intervals, generator: np.random.Generator) -> FloatArray:
        interval_s = 1 / self.rate_hz
        found = [np.empty(0)]
        for start, stop in epochs.spans:
            # as many as fit if every interval were four standard deviations of their sum too short
            expected = (stop - start) * self.rate_hz
            most = math.ceil(expected + 4 * self.interval_spread * math.sqrt(expected)) + 2
            deviations = np.clip(generator.standard_normal(most), -INTERVAL_REACH, INTERVAL_REACH)
            intervals = interval_s * (1 + self.interval_spread * deviations)
            intervals[0] = interval_s * generator.random()
            times = start + np.cumsum(intervals)
            found.append(times[times < stop])
        return np.concatenate(found)
