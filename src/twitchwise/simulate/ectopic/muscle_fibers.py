"""Discharges of single muscle fibers, which only a needle records: myotonic runs and fibrillation potentials.

Myotonic runs wax and wane between 20 and 80 per second (definition of the American Association of Neuromuscular &
Electrodiagnostic Medicine); fibrillation potentials come regularly at 0.5 to 15 per second (Kushlaf,
https://dev.statpearls.com/point-of-care/19794).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.ectopic.timing import (
    INTERVAL_REACH,
    SECONDS_PER_MINUTE,
    jittered,
    on_course,
    random_starts_s,
)
from twitchwise.simulate.ectopic.train import NOTHING, Kind, Label, Site, Train, before, in_order
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

FIBRILLATIONS_HZ = (0.5, 15.0)  # the definition of a fibrillation potential: other rates have other names
_COURSE_POINTS = 129  # a full wave of the rate, whose integral this many points give to a part in 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class MyotonicRuns:
    """How muscle fibers discharge in myotonic runs.

    Parameters
    ----------
    rate_per_min
        Runs per minute of each fiber, at least 0; one begins only when the one before is over.
    duration_s
        Of a run, above 0.
    n_fibers
        Fibers near the needle that do so, at least 1.
    rate_hz, rate_span
        Mean rate in a run, above 0, and the share of it by which the rate waxes above it and wanes below, 0 to 0.95.
    size_span
        Share of its largest size that a potential lacks at both ends of a run, 0 to 1; it waxes and wanes as the rate.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or there is no time for the runs.
    """

    rate_per_min: float
    duration_s: float
    n_fibers: int
    rate_hz: float
    rate_span: float = 0.0
    size_span: float = 0.0

    def __post_init__(self) -> None:
        """Refuse runs that cannot be."""
        require_not_negative("rate_per_min", self.rate_per_min)
        for name in ("duration_s", "rate_hz"):
            require_positive(name, getattr(self, name))
        require_within("n_fibers", self.n_fibers, 1, math.inf)
        require_within("rate_span", self.rate_span, 0.0, 0.95)
        require_within("size_span", self.size_span, 0.0, 1.0)
        limit = SECONDS_PER_MINUTE / self.duration_s
        if self.rate_per_min >= limit:
            raise OutOfRangeError(
                f"rate_per_min must be below {limit:.4g} for runs of {self.duration_s:g} s, got {self.rate_per_min!r}."
            )

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "MyotonicRuns":
        """Return the runs that a condition's parameters describe."""
        return cls(
            rate_per_min=parameters["myotonic_run_rate_per_min"],
            duration_s=parameters["myotonic_run_duration"],
            n_fibers=max(1, round(parameters["myotonic_fibers"])),
            rate_hz=parameters["myotonic_rate_hz"],
            rate_span=parameters["myotonic_rate_span"],
            size_span=parameters["myotonic_size_span"],
        )

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw the discharges of all runs before ``duration_s``; each run is one event, each fiber a unit.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none. It may cut the last runs.
        generator
            Source of chance.
        """
        interval_s = math.inf if self.rate_per_min == 0 else SECONDS_PER_MINUTE / self.rate_per_min
        trains = [
            random_starts_s(duration_s, interval_s, self.duration_s, chance)
            for chance in generator.spawn(self.n_fibers)
        ]
        owners = np.repeat(np.arange(self.n_fibers, dtype=np.int64), [train.size for train in trains])
        starts = np.concatenate(trains)
        run_s = self._run_s(generator)
        events = np.repeat(np.arange(starts.size, dtype=np.int64), run_s.size)
        labels = [Label(Kind.MYOTONIC_DISCHARGE, Site.FIBER)] * starts.size
        found = in_order((starts[:, np.newaxis] + run_s).reshape(-1), owners[events], events, labels)
        return before(found, duration_s)

    def share_of(self, train: Train) -> FloatArray:
        """Return the size of each potential over its largest, shape ``(n,)``; 1 for those that are in no run.

        Parameters
        ----------
        train
            Runs, perhaps among other events; all that are cut are cut at their end.
        """
        is_run = np.array([kind is Kind.MYOTONIC_DISCHARGE for kind in train.kind], dtype=np.bool_)[train.event]
        _, first = np.unique(train.event, return_index=True)
        passed = (train.time_s - train.time_s[first][train.event]) / self.duration_s
        waned: FloatArray = np.where(is_run, self.size_span * (1 + np.cos(2 * math.pi * passed)) / 2, 0.0)
        return 1 - waned

    def _run_s(self, generator: np.random.Generator) -> FloatArray:
        """Return the discharges of a run in seconds from its start."""
        wave = -np.cos(2 * math.pi * np.linspace(0.0, 1.0, _COURSE_POINTS))
        return on_course(self.rate_hz * (1 + self.rate_span * wave), self.duration_s, 0.0, generator)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fibrillations:
    """How fibers that have lost their nerve discharge on their own.

    Parameters
    ----------
    n_fibers
        Fibers near the needle that do so, at least 0; 0 for none.
    rate_hz, rate_spread
        Median rate of a fiber, 0.5 to 15 Hz, and the standard deviation of its logarithm between fibers, at least 0;
        all keep to 0.5 to 15 Hz.
    interval_spread
        Standard deviation of a fiber's interval over its mean, at most 1/3; small, for they are regular.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    n_fibers: int
    rate_hz: float
    rate_spread: float = 0.0
    interval_spread: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no fibrillation."""
        require_within("n_fibers", self.n_fibers, 0, math.inf)
        require_within("rate_hz", self.rate_hz, *FIBRILLATIONS_HZ)
        require_not_negative("rate_spread", self.rate_spread)
        require_within("interval_spread", self.interval_spread, 0.0, 1 / INTERVAL_REACH)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Fibrillations":
        """Return the fibrillation potentials that a condition's parameters describe."""
        return cls(
            n_fibers=max(0, round(parameters["fibrillating_fibers"])),
            rate_hz=parameters["fibrillation_rate_hz"],
            rate_spread=parameters["fibrillation_rate_spread"],
            interval_spread=parameters["fibrillation_interval_spread"],
        )

    def draw(self, duration_s: float, generator: np.random.Generator) -> Train:
        """Draw all fibrillation potentials before ``duration_s``; each is one event, each fiber a unit.

        Parameters
        ----------
        duration_s
            In seconds; at or below 0 there are none.
        generator
            Source of chance.
        """
        of_rates, *of_fibers = generator.spawn(1 + self.n_fibers)
        spread = self.rate_spread * of_rates.standard_normal(self.n_fibers)
        rates = np.clip(self.rate_hz * np.exp(spread), *FIBRILLATIONS_HZ)
        fibers = zip(rates.tolist(), of_fibers, strict=True)
        trains = [NOTHING.time_s, *(self._fiber_s(rate_hz, duration_s, chance) for rate_hz, chance in fibers)]
        times = np.concatenate(trains)
        owners = np.repeat(np.arange(self.n_fibers, dtype=np.int64), [train.size for train in trains[1:]])
        labels = [Label(Kind.FIBRILLATION, Site.FIBER)] * times.size
        return in_order(times, owners, np.arange(times.size, dtype=np.int64), labels)

    def _fiber_s(self, rate_hz: float, duration_s: float, generator: np.random.Generator) -> FloatArray:
        # as many as fit if every interval were a standard deviation too short, and some
        most = math.ceil(max(duration_s, 0.0) * rate_hz / (1 - self.interval_spread)) + 8
        under_way = generator.random()
        intervals = jittered(1 / rate_hz, self.interval_spread, (most,), generator)
        intervals[0] *= under_way
        times = np.cumsum(intervals)
        return times[times < duration_s]
