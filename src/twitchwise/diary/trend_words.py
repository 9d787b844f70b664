"""Says a trend in plain sentences: how many days, how sure, and never that one thing causes another."""

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from twitchwise.diary.spread import Interval
from twitchwise.diary.trend import Association, Comparison, MeasuredChange, Trend, Verdict

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "twitch_count": "twitches a day",
        "twitch_minutes": "minutes of twitching a day",
        "severity": "out of 10 for how bad it was",
        "chair_rise_s": "seconds for five rises from a chair",
    }
)

NOT_A_CAUSE = (
    "Days can differ for many reasons, and by chance. This does not show that one thing causes the other. With six "
    "such pairs, one can look clear by chance alone in about a quarter of all diaries."
)
NOT_KNOWN = (
    "How much these numbers go up and down by themselves in other people is not known to us. So they are held only "
    "against how much your own days differ."
)
CHANCE = "The range of a day is what chance alone would give if twitches came one by one at random."


def day_in_words(day: dt.date) -> str:
    """Return a day as people write it.

    Examples
    --------
    >>> day_in_words(dt.date(2026, 11, 3))
    '3 November 2026'
    """
    return f"{day.day} {day:%B %Y}"


def number(value: float) -> str:
    """Return a number with one digit behind the point where it needs one."""
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == round(rounded) else f"{rounded:,.1f}"


def interval(one: Interval) -> str:
    """Return a value with its range."""
    return f"{number(one.value)} ({number(one.low)} to {number(one.high)})"


def sentences_of(trend: Trend) -> dict[str, list[str]]:
    """Return what a trend says, by heading."""
    said = {
        "What changed": [*map(_change, trend.changes), NOT_KNOWN],
        "What went with more or fewer twitches": [*_associations(trend), NOT_A_CAUSE],
    }
    if trend.measured:
        said["What recordings show"] = [_measured(one) for one in trend.measured]
    return said


def _change(one: Comparison) -> str:
    what = QUANTITIES[one.quantity]
    if one.difference is None or one.mean is None or one.other_mean is None:
        return f"{what[:1].upper()}{what[1:]}: not enough days to say ({one.days} lately, {one.other_days} before)."
    return (
        f"Lately, on {one.days} days: {interval(one.mean)} {what}. Before, on {one.other_days} days: "
        f"{interval(one.other_mean)}. The difference is {_signed(one.difference)}: {_verdict(one.verdict)}."
    )


def _verdict(verdict: Verdict) -> str:
    if verdict is Verdict.UNCLEAR:
        return "no clear change beside how much your days differ"
    return f"{verdict.value} than your days differ by themselves"


def _signed(one: Interval) -> str:
    ends = (one.value, one.low, one.high)
    value, low, high = (("+" if round(end, 1) > 0 else "") + number(end) for end in ends)
    return f"{value} ({low} to {high})"


def _associations(trend: Trend) -> Iterator[str]:
    noted = [one for one in trend.associations if one.compared.days + one.compared.other_days]
    yield from map(_association, noted)
    left = [_TRIGGER_WORDS[one.trigger][0] for one in trend.associations if one not in noted]
    if left:
        yield f"Not enough days to say anything of {' or '.join(left)}: not noted on days with a count of twitches."


def _association(one: Association) -> str:
    days, others = trigger_in_words(one)
    compared = one.compared
    if compared.difference is None or compared.mean is None or compared.other_mean is None:
        return f"On {days} compared with {others}: not enough days to say ({compared.days} and {compared.other_days})."
    return (
        f"On {days} ({_days(compared.days)}) you noted {interval(compared.mean)} twitches a day; on {others} "
        f"({_days(compared.other_days)}) {interval(compared.other_mean)}. The difference is "
        f"{_signed(compared.difference)}: {_clear(compared.verdict)}."
    )


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _clear(verdict: Verdict) -> str:
    if verdict is Verdict.UNCLEAR:
        return "it may well be chance"
    return f"{verdict.value} than the spread of the days alone would often give"


_TRIGGER_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "caffeine_cups": ("caffeine", "cups with caffeine"),
        "alcohol_drinks": ("alcohol", "alcoholic drinks"),
        "exercise_minutes": ("exercise", "minutes of exercise"),
        "stress": ("stress", "out of 10 for stress"),
        "sleep_hours": ("hours of sleep", "hours of sleep"),
        "sleep_quality": ("how good sleep was", "out of 10 for sleep"),
    }
)


def trigger_in_words(one: Association) -> tuple[str, str]:
    """Return how the days with a trigger and the others are called."""
    short, long = _TRIGGER_WORDS[one.trigger]
    if one.is_low:
        return f"days with less than {number(one.above)} {long}", "other days"
    if one.above == 0:
        return f"days with {short}", "other days"
    return f"days with more than {number(one.above)} {long}", "other days"


def _measured(one: MeasuredChange) -> str:
    name = one.quantity.replace("_", " ")
    before, after = one.recordings
    start = (
        f"{name[:1].upper()}{name[1:]}: {one.before:.3g} {one.unit} before ({before} recordings), {one.after:.3g} "
        f"{one.unit} lately ({after} recordings), {one.change_percent:+.0f} %"
    )
    if one.usual_percent is None:
        return f"{start}. How much it changes by itself is not known to us."
    more = abs(one.change_percent) > one.usual_percent
    return f"{start}. By itself it changes by about {one.usual_percent:g} %, so this is {'' if more else 'no '}more."


def lines_of(trend: Trend) -> Iterator[str]:
    """Give a trend as lines for a terminal."""
    yield (f"The {trend.period_days} days to {day_in_words(trend.last)} beside the {trend.period_days} days before.")
    if trend.counts:
        yield ""
        yield "Twitches a day"
        for one in trend.counts:
            yield f"  {one.day}  {interval(one.count)}"
        yield f"  {CHANCE}"
    for heading, sentences in sentences_of(trend).items():
        yield ""
        yield heading
        yield from (f"  {sentence}" for sentence in sentences)
