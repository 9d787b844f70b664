import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.report.display import (
    chance,
    chance_range,
    clean,
    duration,
    measured_in_words,
    number,
    quantity,
    without_brackets,
    without_end,
)
from twitchwise.report.wording import CARE_CARDS, likely_word
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import Text, say, together, told

POSITIVE = st.floats(1e-12, 1e12)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0111, Unit.SECOND, "11.1 ms"),
        (2.5, Unit.SECOND, "2.5 s"),
        (0.0, Unit.SECOND, "0 s"),
        (1e-9, Unit.VOLT, "0.001 µV"),
        (3.2e-3, Unit.VOLT, "3.2 mV"),
        (-6e-5, Unit.VOLT, "-60 µV"),
        (0.0135, Unit.NEWTON, "13.5 mN"),
        (2048.0, Unit.HERTZ, "2,050 Hz"),
        (41.0, Unit.COUNT, "41"),
        (14.0, Unit.DAY, "14 days"),
        (0.85, Unit.ONE, "0.85"),
    ],
)
def test_quantities_come_in_the_unit_that_reads_best(value: float, unit: Unit, said: str) -> None:
    assert quantity(value, unit) == said


@given(POSITIVE)
def test_a_number_is_shown_within_half_a_percent_and_without_an_exponent(value: float) -> None:
    said = number(value)
    assert "e" not in said.lower()
    assert float(said.replace(",", "")) == pytest.approx(value, rel=5.1e-3)


def test_a_number_that_is_none_is_said_to_be_unknown() -> None:
    assert number(math.nan) == number(math.inf) == "not known"


@given(st.floats(1e-15, 1 - 1e-9))
def test_a_chance_is_never_none_and_never_certain(probability: float) -> None:
    said = chance(probability)
    assert said not in {"0%", "100%"}
    assert "less than" in said or "more than" in said or said.startswith("1 in ") or said.endswith("%")


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_the_range_of_a_chance_is_said_in_the_chances_own_way(probability: float, down: float, up: float) -> None:
    low, high = probability * down, probability + (1 - probability) * up * 0.99
    said = chance_range(probability, low, high)
    assert said.startswith(("between ", "about ", "less than ", "more than "))
    if probability >= 0.01:
        assert "1 in" not in said


@pytest.mark.parametrize(
    ("probability", "low", "high", "said"),
    [
        (0.5, 0.5, 0.5, "about 50%"),
        (0.005, 0.001, 0.6, "between 1 in 1,000 and 60%"),
        (0.005, 0.001, 0.25, "between 1 in 1,000 and 1 in 4"),
        (1e-8, 1e-9, 1e-7, "less than 1 in 1,000,000"),
        (0.999, 0.9, 0.9999, "between 90% and more than 99%"),
    ],
)
def test_ranges_of_chances(probability: float, low: float, high: float, said: str) -> None:
    assert chance_range(probability, low, high) == said


def rate(value: float, high: float) -> Measurement:
    return Measurement(id="r", value=value, low=value / 2, high=high, unit=Unit.PER_MINUTE, method="counted")


def test_none_seen_says_for_how_long_was_looked_and_what_cannot_be_excluded() -> None:
    said = measured_in_words(rate(0.0, 1.8), 120.0)
    assert said == "None seen in 2.0 min; up to 1.8 per minute cannot be excluded"


def test_none_seen_without_a_known_time_still_gives_the_bound() -> None:
    assert measured_in_words(rate(0.0, 1.8), None) == "None seen; up to 1.8 per minute cannot be excluded"


def test_a_measurement_comes_with_its_interval() -> None:
    assert measured_in_words(rate(6.0, 11.0), 120.0) == "6 per minute (3 to 11)"


def test_a_measurement_without_spread_comes_alone() -> None:
    share = Measurement(id="s", value=100.0, low=100.0, high=100.0, unit=Unit.PERCENT, method="counted")
    assert measured_in_words(share, None) == "100%"


@pytest.mark.parametrize(("seconds", "said"), [(0.5, "500 ms"), (59.0, "59 s"), (60.0, "1.0 min"), (5400.0, "1.5 h")])
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@given(st.text())
def test_cleaned_text_is_one_line_that_cannot_steer_a_terminal(text: str) -> None:
    cleaned = clean(text)
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in cleaned)
    assert "\u202e" not in cleaned
    assert clean(cleaned) == cleaned


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
def test_a_greater_chance_never_gets_a_lesser_word(one: float, other: float) -> None:
    order = ["very unlikely", "unlikely", "less likely", "possible", "likely"]
    low, high = sorted((one, other))
    assert order.index(likely_word(low)) <= order.index(likely_word(high))


def test_every_level_says_what_to_do() -> None:
    assert all(card.heading and card.lead and card.steps for card in CARE_CARDS.values())


class Loud:
    """A language in which every sentence is in capitals."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        del context, many, count
        return one.replace("Still", "STILL").replace("twitch", "TWITCH")

    def digits(self, english: str) -> str:
        return english


def test_a_cleaned_text_can_still_be_told_and_is_clean_in_every_language() -> None:
    text = clean(say("Still on {name}.", name="a\x1b[31m\nb"))
    assert text == "Still on a [31m b."
    assert told(text, Loud()) == "STILL on a [31m b."
    assert not isinstance(clean("typed\n"), Text)


def test_what_is_cut_off_a_text_is_cut_off_in_every_language() -> None:
    still = say("Still.")
    assert told(without_end(together([say("A twitch."), still]), still), Loud()) == "A TWITCH."
    assert told(without_end(still, "."), Loud()) == "STILL"
    assert told(without_brackets(say("twitch (small)")), Loud()) == "TWITCH"
    assert without_end("whole", ".") == without_brackets("whole") == "whole"
