"""Says a trend in plain sentences: how many days, how sure, and never that one thing causes another."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from twitchwise.diary.spread import Interval
from twitchwise.diary.trend import Association, Comparison, MeasuredChange, Trend, Verdict
from twitchwise.diary.words import Naming, spaced, with_unit
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import capital, digits, say, say_many, together

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "twitch_count": say("twitches a day"),
        "twitch_minutes": say("minutes of twitching a day"),
        "severity": say("how bad it was"),
        "chair_rise_s": say("five rises from a chair"),
    }
)
_MEANS: Mapping[str, str] = MappingProxyType(
    {
        "twitch_count": say("{mean} twitches a day"),
        "twitch_minutes": say("{mean} minutes of twitching a day"),
        "severity": say("{mean} out of 10 for how bad it was"),
        "chair_rise_s": say("{mean} seconds for five rises from a chair"),
    }
)

CHANGES = say("What changed")
ASSOCIATIONS = say("What went with more or fewer twitches")
MEASURED = say("What recordings show")
"""The headings."""

NOT_A_CAUSE = say(
    "Days can differ for many reasons, and by chance. This does not show that one thing causes the other. With six "
    "such pairs, one can look clear by chance alone in about a quarter of all diaries."
)
NOT_KNOWN = say(
    "How much these numbers go up and down by themselves in other people is not known to us. So they are held only "
    "against how much your own days differ."
)
CHANCE = say("The range of a day is what chance alone would give if twitches came one by one at random.")


def number(value: float) -> str:
    """Return a number with one digit behind the point where it needs one."""
    rounded = round(value, 1)
    return digits(f"{rounded:,.0f}" if rounded == round(rounded) else f"{rounded:,.1f}")


def interval(one: Interval) -> str:
    """Return a value with its range."""
    return say("{value} ({low} to {high})", value=number(one.value), low=number(one.low), high=number(one.high))


def sentences_of(trend: Trend, naming: Naming = spaced) -> dict[str, list[str]]:
    """Return what a trend says, by heading.

    Parameters
    ----------
    trend
        What the days say.
    naming
        Names what was measured on recordings.
    """
    said: dict[str, list[str]] = {
        CHANGES: [*map(_change, trend.changes), NOT_KNOWN],
        ASSOCIATIONS: [*_associations(trend), NOT_A_CAUSE],
    }
    if trend.measured:
        said[MEASURED] = [_measured(one, naming) for one in trend.measured]
    return said


def _change(one: Comparison) -> str:
    if one.difference is None or one.mean is None or one.other_mean is None:
        return say(
            "{quantity}: not enough days to say ({days} lately, {other_days} before).",
            quantity=capital(QUANTITIES[one.quantity]),
            days=one.days,
            other_days=one.other_days,
        )
    return say(
        "Lately, on {days} days: {mean}. Before, on {other_days} days: {other_mean}. "
        "The difference is {difference}: {verdict}.",
        days=one.days,
        mean=say(_MEANS[one.quantity], mean=interval(one.mean)),
        other_days=one.other_days,
        other_mean=interval(one.other_mean),
        difference=_signed(one.difference),
        verdict=_VERDICTS[one.verdict],
    )


_VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.UNCLEAR: say("no clear change beside how much your days differ"),
        Verdict.MORE: say("a rise by more than your days differ by themselves"),
        Verdict.LESS: say("a fall by more than your days differ by themselves"),
    }
)


def _signed(one: Interval) -> str:
    value, low, high = (_with_sign(end) for end in (one.value, one.low, one.high))
    return say("{value} ({low} to {high})", value=value, low=low, high=high)


def _with_sign(value: float) -> str:
    return together(["+" if round(value, 1) > 0 else "", number(value)], "")


def _associations(trend: Trend) -> Iterator[str]:
    noted = [one for one in trend.associations if one.compared.days + one.compared.other_days]
    yield from map(_association, noted)
    left = [_TRIGGERS[one.trigger] for one in trend.associations if one not in noted]
    if left:
        yield say(
            "Not enough days to say anything of {triggers}: not noted on days with a count of twitches.",
            triggers=_either(left),
        )


def _either(items: Sequence[str]) -> str:
    if len(items) == 1:
        return items[0]
    return say("{all_but_last} or {last}", all_but_last=together(items[:-1], ", "), last=items[-1])


def _association(one: Association) -> str:
    with_it, compared = trigger_in_words(one), one.compared
    if compared.difference is None or compared.mean is None or compared.other_mean is None:
        return say(
            "{on_days} compared with other days: not enough days to say ({days} and {other_days}).",
            on_days=capital(with_it),
            days=compared.days,
            other_days=compared.other_days,
        )
    return say(
        "{on_days} ({days}) you noted {mean} twitches a day; on other days ({other_days}) {other_mean}. "
        "The difference is {difference}: {verdict}.",
        on_days=capital(with_it),
        days=days_in_words(compared.days),
        mean=interval(compared.mean),
        other_days=days_in_words(compared.other_days),
        other_mean=interval(compared.other_mean),
        difference=_signed(compared.difference),
        verdict=_CLEAR[compared.verdict],
    )


_CLEAR: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.UNCLEAR: say("it may well be chance"),
        Verdict.MORE: say("higher by more than the spread of the days alone would often give"),
        Verdict.LESS: say("lower by more than the spread of the days alone would often give"),
    }
)


def days_in_words(count: int) -> str:
    """Return a number of days."""
    return say_many("{count} day", "{count} days", count=count)


_TRIGGERS: Mapping[str, str] = MappingProxyType(
    {
        "caffeine_cups": say("caffeine"),
        "alcohol_drinks": say("alcohol"),
        "exercise_minutes": say("exercise"),
        "stress": say("stress"),
        "sleep_hours": say("hours of sleep"),
        "sleep_quality": say("how good sleep was"),
    }
)
_DAYS_WITH: Mapping[str, str] = MappingProxyType(
    {
        "caffeine_cups": say("on days with caffeine"),
        "alcohol_drinks": say("on days with alcohol"),
        "exercise_minutes": say("on days with exercise"),
        "stress": say("on days with stress"),
    }
)
_DAYS_WITH_MORE: Mapping[str, str] = MappingProxyType(
    {
        "caffeine_cups": say("on days with more than {amount} cups with caffeine"),
        "alcohol_drinks": say("on days with more than {amount} alcoholic drinks"),
        "exercise_minutes": say("on days with more than {amount} minutes of exercise"),
        "stress": say("on days with more than {amount} out of 10 for stress"),
    }
)
_DAYS_WITH_LESS: Mapping[str, str] = MappingProxyType(
    {
        "sleep_hours": say("on days with less than {amount} hours of sleep"),
        "sleep_quality": say("on days with less than {amount} out of 10 for sleep"),
    }
)


def trigger_in_words(one: Association) -> str:
    """Return how the days with a trigger are called."""
    if one.above == 0 and not one.is_low:
        return _DAYS_WITH[one.trigger]
    return say((_DAYS_WITH_LESS if one.is_low else _DAYS_WITH_MORE)[one.trigger], amount=number(one.above))


def _measured(one: MeasuredChange, naming: Naming) -> str:
    before, after = one.recordings
    unit = Unit(one.unit)
    change = say(
        "{quantity}: {before} before ({before_in}), {after} lately ({after_in}), {change} %.",
        quantity=capital(naming(one.quantity)),
        before=with_unit(digits(f"{one.before:.3g}"), unit),
        before_in=_recordings(before),
        after=with_unit(digits(f"{one.after:.3g}"), unit),
        after_in=_recordings(after),
        change=digits(f"{one.change_percent:+.0f}"),
    )
    return together([change, _beside_what_is_usual(one)])


def _recordings(count: int) -> str:
    return say_many("{count} recording", "{count} recordings", count=count)


def _beside_what_is_usual(one: MeasuredChange) -> str:
    if one.usual_percent is None:
        return say("How much it changes by itself is not known to us.")
    usual = digits(f"{one.usual_percent:g}")
    if abs(one.change_percent) > one.usual_percent:
        return say("By itself it changes by about {usual} %, so this is more.", usual=usual)
    return say("By itself it changes by about {usual} %, so this is no more.", usual=usual)


def lines_of(trend: Trend) -> Iterator[str]:
    """Give a trend as lines for a terminal."""
    yield (f"The {trend.period_days} days to {date_in_words(trend.last)} beside the {trend.period_days} days before.")
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
