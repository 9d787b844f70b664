"""What the days say together: counts a day, what changed between two periods, and which days were unlike others.

Nothing here says why. Where there are too few days it says so, and where it is not known how much a quantity varies by
itself, it says that too.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from twitchwise.diary.entry import Entry, KeptRecording
from twitchwise.diary.spread import Group, Interval, difference_of, mean_of, poisson_interval
from twitchwise.knowledge import Library

OUTCOMES = ("twitch_count", "twitch_minutes", "severity", "chair_rise_s")
"""What is compared between two periods."""

REPEATS: Mapping[str, str] = MappingProxyType(
    {
        "tremor_frequency": "tremor_repeat_frequency",
        "tremor_acceleration": "tremor_repeat_amplitude",
        "tremor_angular_velocity": "tremor_repeat_amplitude",
        "tremor_angle": "tremor_repeat_amplitude",
        "tremor_displacement": "tremor_repeat_amplitude",
    }
)
"""Measurements for which a parameter says how much they change by themselves; all others are not known to us."""


class Verdict(StrEnum):
    """What can be said of a comparison."""

    TOO_FEW = "too_few"
    UNCLEAR = "unclear"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class DayCount:
    """The twitches of one day, with the interval of a count that is up to chance alone."""

    day: dt.date
    count: Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Days of one kind beside days of another.

    Parameters
    ----------
    quantity
        The field of an entry that is compared.
    days, other_days
        How many days of each kind say something about it.
    mean, other_mean
        Mean a day of each, or ``None`` where there are too few.
    difference
        How much more the first is, or ``None`` where there are too few.
    verdict
        What can be said of it.
    """

    quantity: str
    days: int
    other_days: int
    mean: Interval | None = None
    other_mean: Interval | None = None
    difference: Interval | None = None
    verdict: Verdict = Verdict.TOO_FEW


@dataclass(frozen=True, kw_only=True, slots=True)
class Association:
    """Days with a trigger beside other days; that they differ does not say that the one causes the other.

    ``above`` is the person's own middle value where the trigger is there on most days: days above it are those with.
    """

    trigger: str
    above: float
    is_low: bool
    compared: Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredChange:
    """A quantity that recordings of two periods have in common.

    ``change_percent`` is how much more the mean of the later ones is; ``usual_percent`` how much it changes by itself
    in a person, or ``None`` where that is not known.
    """

    quantity: str
    unit: str
    before: float
    after: float
    recordings: tuple[int, int]
    change_percent: float
    usual_percent: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """All that is said of the days up to ``last``: a later period and the one before it, each of ``period_days``."""

    last: dt.date
    period_days: int
    least_days: int
    counts: tuple[DayCount, ...]
    changes: tuple[Comparison, ...]
    associations: tuple[Association, ...]
    measured: tuple[MeasuredChange, ...]

    @property
    def first_later(self) -> dt.date:
        """The first day of the later period."""
        return self.last - dt.timedelta(days=self.period_days - 1)

    @property
    def first_earlier(self) -> dt.date:
        """The first day of the earlier period."""
        return self.first_later - dt.timedelta(days=self.period_days)


def trend_of(
    entries: Sequence[Entry],
    recordings: Sequence[KeptRecording],
    known: Library,
    *,
    last: dt.date,
    period_days: int | None = None,
) -> Trend:
    """Return what the days say.

    Parameters
    ----------
    entries, recordings
        All that is kept; days after ``last`` are left out.
    known
        Says how many days are needed, and what varies by itself.
    last
        The last day of the later period.
    period_days
        Length of each of the two periods; as the knowledge has it unless given.
    """
    length = period_days or int(known.value("diary_period_days"))
    frame = Trend(
        last=last, period_days=length, least_days=max(int(known.value("diary_days_least")), 2),
        counts=(), changes=(), associations=(), measured=(),
    )  # fmt: skip
    seen = [entry for entry in entries if frame.first_earlier <= entry.day <= last]
    later, earlier = (
        [entry for entry in seen if entry.day >= frame.first_later],
        [entry for entry in seen if entry.day < frame.first_later],
    )
    compare = _comparer(known, frame.least_days)
    return Trend(
        last=last,
        period_days=length,
        least_days=frame.least_days,
        counts=counts_of(later),
        changes=tuple(compare(name, later, earlier) for name in OUTCOMES),
        associations=tuple(_associations(seen, compare, known.value("diary_without_least"))),
        measured=tuple(_measured(recordings, frame, known)),
    )


def counts_of(entries: Iterable[Entry]) -> tuple[DayCount, ...]:
    """Return the count of every day that has one, with its interval."""
    return tuple(
        DayCount(one.day, poisson_interval(one.twitch_count)) for one in entries if one.twitch_count is not None
    )


Comparer = Callable[[str, Sequence[Entry], Sequence[Entry]], Comparison]


def _comparer(known: Library, least_days: int) -> Comparer:
    most_alike = known.value("diary_alike_most")

    def compare(name: str, entries: Sequence[Entry], others: Sequence[Entry]) -> Comparison:
        one, other = _group(name, entries), _group(name, others)
        days, other_days = len(one.values), len(other.values)
        if min(days, other_days) < least_days:
            return Comparison(quantity=name, days=days, other_days=other_days)
        difference = difference_of(one, other, most_alike)
        return Comparison(
            quantity=name,
            days=days,
            other_days=other_days,
            mean=_not_below_zero(mean_of(one, most_alike)),
            other_mean=_not_below_zero(mean_of(other, most_alike)),
            difference=difference,
            verdict=_verdict(difference),
        )

    return compare


def _verdict(difference: Interval) -> Verdict:
    if difference.low > 0:
        return Verdict.MORE
    return Verdict.LESS if difference.high < 0 else Verdict.UNCLEAR


def _not_below_zero(mean: Interval) -> Interval:
    return Interval(mean.value, max(mean.low, 0.0), mean.high)


def _group(name: str, entries: Iterable[Entry]) -> Group:
    given = ((one.day.toordinal(), getattr(one, name)) for one in entries)
    return Group({day: float(value) for day, value in given if value is not None})


_TRIGGERS: Mapping[str, bool] = MappingProxyType(
    {
        "caffeine_cups": False,
        "alcohol_drinks": False,
        "exercise_minutes": False,
        "stress": False,
        "sleep_hours": True,
        "sleep_quality": True,
    }
)
"""What may go with twitches, and whether it is the low days of it that are looked at."""


def _associations(entries: Sequence[Entry], compare: Comparer, without_least: float) -> Iterable[Association]:
    for trigger, is_low in _TRIGGERS.items():
        told = [one for one in entries if getattr(one, trigger) is not None and one.twitch_count is not None]
        values = sorted(getattr(one, trigger) for one in told)
        edge = _edge(values, 1.0 if is_low else without_least)
        with_it = [one for one in told if _has(getattr(one, trigger), edge, is_low=is_low)]
        without = [one for one in told if not _has(getattr(one, trigger), edge, is_low=is_low)]
        yield Association(
            trigger=trigger, above=edge, is_low=is_low, compared=compare("twitch_count", with_it, without)
        )


def _has(value: float, edge: float, *, is_low: bool) -> bool:
    return value < edge if is_low else value > edge


def _edge(values: Sequence[float], without_least: float) -> float:
    """Return 0 where so large a share of days is without that any counts; else the person's own middle."""
    if not values or sum(value == 0 for value in values) >= without_least * len(values):
        return 0.0
    return float(values[len(values) // 2])


def _measured(recordings: Sequence[KeptRecording], frame: Trend, known: Library) -> Iterable[MeasuredChange]:
    earlier, later = (
        _values(recordings, frame.first_earlier, frame.first_later),
        _values(recordings, frame.first_later, frame.last + dt.timedelta(days=1)),
    )
    for key in sorted(earlier.keys() & later.keys()):
        before, after = (sum(values) / len(values) for values in (earlier[key], later[key]))
        if before:
            quantity, unit = key
            usual = REPEATS.get(quantity)
            yield MeasuredChange(
                quantity=quantity,
                unit=unit,
                before=before,
                after=after,
                recordings=(len(earlier[key]), len(later[key])),
                change_percent=100 * (after - before) / abs(before),
                usual_percent=None if usual is None else known.value(usual),
            )


def _values(recordings: Sequence[KeptRecording], first: dt.date, until: dt.date) -> dict[tuple[str, str], list[float]]:
    """Return the undoubted values of each quantity; channels of one recording count once, with their mean."""
    values: dict[tuple[str, str], list[float]] = {}
    for recording in recordings:
        if first <= recording.day < until:
            of_one: dict[tuple[str, str], list[float]] = {}
            for one in recording.measurements:
                if not one.doubts:
                    of_one.setdefault((one.id, one.unit.value), []).append(one.value)
            for key, found in of_one.items():
                values.setdefault(key, []).append(sum(found) / len(found))
    return values
