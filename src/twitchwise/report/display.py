"""Numbers as a reader sees them: ms, µV and mN, three digits, and chances as "1 in 4,000" where they are small."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from twitchwise.report.wording import UNIT_WORDS
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import Text, Tongue, digits, say, text_of, told

DIGITS = 3  # significant digits shown: no measurement here is known better
PERCENT_FROM = 0.01  # below, "1 in 4,000" reads better than "0.025%"
LEAST_SHOWN = 1e-6  # smaller chances are only said to be smaller

_SCALES: dict[Unit, tuple[tuple[float, str], ...]] = {
    Unit.VOLT: ((1.0, "V"), (1e-3, "mV"), (1e-6, "µV")),
    Unit.SECOND: ((1.0, "s"), (1e-3, "ms")),
    Unit.NEWTON: ((1.0, "N"), (1e-3, "mN")),
    Unit.METER: ((1.0, "m"), (1e-2, "cm"), (1e-3, "mm")),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    r"""Return text from outside on one line, without control characters that could steer a terminal or hide letters.

    Examples
    --------
    >>> clean("left\x1b[31m calf\n")
    'left [31m calf'
    """
    return text_of(_Changed(text, _on_one_line)) if isinstance(text, Text) else _on_one_line(text)


def without_end(text: str, end: str) -> str:
    """Return a text without its last words or its stop, where it ends with them.

    Examples
    --------
    >>> without_end("Two units. No tremor.", "No tremor.")
    'Two units.'
    """
    return text_of(_WithoutEnd(text, end))


def without_brackets(text: str) -> str:
    """Return what of a text stands before its first bracket.

    Examples
    --------
    >>> without_brackets("tennis elbow (lateral epicondylitis)")
    'tennis elbow'
    """
    return text_of(_Changed(text, _before_brackets))


@dataclass(frozen=True, slots=True)
class _Changed:
    """A text that is changed after it was told."""

    text: str
    change: Callable[[str], str]

    def told(self, tongue: Tongue) -> str:
        return self.change(told(self.text, tongue))


@dataclass(frozen=True, slots=True)
class _WithoutEnd:
    text: str
    end: str

    def told(self, tongue: Tongue) -> str:
        return told(self.text, tongue).removesuffix(told(self.end, tongue)).rstrip()


def _on_one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _before_brackets(text: str) -> str:
    return text.partition(" (")[0]


def number(value: float) -> str:
    """Return a number with three significant digits, thousands apart and without an exponent.

    Examples
    --------
    >>> number(0.000012345), number(6.0), number(1234567.0)
    ('0.0000123', '6', '1,230,000')
    """
    if not math.isfinite(value):
        return say("not known")
    return digits(f"{Decimal(f'{value:.{DIGITS - 1}e}').normalize() + 0:,f}")


def scale_of(unit: Unit, size: float) -> tuple[float, str]:
    """Return the size of the unit to show a quantity in, in ``unit``, and its name.

    Parameters
    ----------
    unit
        SI unit of the quantity.
    size
        A value that should read well, in ``unit``.
    """
    scales = _SCALES.get(unit)
    if scales is None:
        return 1.0, UNIT_WORDS.get(unit, unit.value)
    return next((scale for scale in scales if abs(size) >= scale[0]), scales[-1] if size else scales[0])


def quantity(value: float, unit: Unit) -> str:
    """Return a value with its unit.

    Examples
    --------
    >>> quantity(0.00012, Unit.VOLT), quantity(6.0, Unit.PER_MINUTE), quantity(50.0, Unit.PERCENT)
    ('120 µV', '6 per minute', '50%')
    """
    scale, name = scale_of(unit, value)
    return with_unit(number(value / scale), name)


def with_interval(value: float, low: float, high: float, unit: Unit, *, short: bool = False) -> str:
    """Return a value with its interval, all in the unit that suits the value; ``short`` is for tables.

    Examples
    --------
    >>> with_interval(0.00012, 0.00009, 0.0015, Unit.VOLT)
    '120 µV (90 to 1,500)'
    >>> with_interval(0.00012, 0.00009, 0.0015, Unit.VOLT, short=True)
    '120 µV (90-1,500)'
    """
    scale, name = scale_of(unit, value or high)
    said = with_unit(number(value / scale), name)
    if low == high:
        return said
    ends = {"low": number(low / scale), "high": number(high / scale)}
    return (
        say("{value} ({low}-{high})", value=said, **ends)
        if short
        else say("{value} ({low} to {high})", value=said, **ends)
    )


def duration(seconds: float) -> str:
    """Return a length of time in the unit that reads best.

    Examples
    --------
    >>> duration(0.04), duration(12.5), duration(120.0), duration(7200.0)
    ('40 ms', '12.5 s', '2.0 min', '2.0 h')
    """
    minute, hour = 60.0, 3600.0
    if seconds < minute:
        return quantity(seconds, Unit.SECOND)
    if seconds < hour:
        return say("{minutes:.1f} min", minutes=seconds / minute)
    return say("{hours:.1f} h", hours=seconds / hour)


def measured_in_words(measurement: Measurement, watched_s: float | None) -> str:
    """Return a measurement with its interval; a rate of none says for how long was looked and what cannot be excluded.

    Parameters
    ----------
    measurement
        What was measured.
    watched_s
        For how long was looked, in seconds, or ``None`` where that is not known.
    """
    value, low, high, unit = measurement.value, measurement.low, measurement.high, measurement.unit
    if unit in {Unit.PER_MINUTE, Unit.PER_HOUR} and value == 0:
        return _none_seen(quantity(high, unit), watched_s)
    return with_interval(value, low, high, unit)


def _none_seen(most: str, watched_s: float | None) -> str:
    if watched_s is None:
        return say("None seen; up to {most} cannot be excluded", most=most)
    return say("None seen in {time}; up to {most} cannot be excluded", time=duration(watched_s), most=most)


def chance(probability: float) -> str:
    """Return a probability as a person reads it, never as 0 or 100 %.

    Examples
    --------
    >>> chance(0.62), chance(0.00024), chance(1e-9), chance(0.9999)
    ('62%', '1 in 4,200', 'less than 1 in 1,000,000', 'more than 99%')
    """
    if probability < LEAST_SHOWN:
        return say("less than 1 in {people:,.0f}", people=1 / LEAST_SHOWN)
    if probability < PERCENT_FROM:
        return say("1 in {people}", people=digits(f"{Decimal(f'{1 / probability:.1e}'):,f}"))
    most = 1 - PERCENT_FROM
    return _percent(probability) if probability <= most else say("more than {chance}", chance=_percent(most))


def chance_range(probability: float, low: float, high: float) -> str:
    """Return the interval of a probability in the same way of speaking as the probability itself.

    Examples
    --------
    >>> chance_range(0.04, 0.007, 0.22), chance_range(0.0001, 0.00001, 0.02)
    ('between less than 1% and 22%', 'between 1 in 100,000 and 1 in 50')
    """
    if probability < PERCENT_FROM:
        is_small = PERCENT_FROM <= high <= 1 / 2
        least, most = chance(low), say("1 in {people:.2g}", people=1 / high) if is_small else chance(high)
    else:
        least = chance(low) if low >= PERCENT_FROM else say("less than {chance}", chance=_percent(PERCENT_FROM))
        most = chance(high)
    if least == most:
        return least if " than " in least else say("about {chance}", chance=least)
    return say("between {least} and {most}", least=least, most=most)


def _percent(share: float) -> str:
    return say("{percent}%", percent=digits(f"{100 * share:.0f}"))


def with_unit(text: str, unit: str) -> str:
    """Return a number that is written already with its unit."""
    if unit == Unit.PERCENT.value:
        return say("{percent}%", percent=text)
    return say("{value} {unit}", value=text, unit=unit) if unit else text
