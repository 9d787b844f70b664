"""Trends say how many days and how sure, and never more than the days allow."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson, t

from twitchwise.diary import Entry, KeptRecording
from twitchwise.diary.spread import Group, difference_of, likeness, mean_of, poisson_interval
from twitchwise.diary.trend import OUTCOMES, Verdict, trend_of
from twitchwise.diary.trend_words import NOT_A_CAUSE, NOT_KNOWN, lines_of, sentences_of
from twitchwise.knowledge import library
from twitchwise.vocabulary import Measurement, Unit

KNOWN = library()
LAST = dt.date(2026, 3, 31)
LEAST = int(KNOWN.value("diary_days_least"))
counts = st.lists(st.integers(0, 500), min_size=2, max_size=20)


def days_of(values: list[int], last: dt.date = LAST) -> list[Entry]:
    """Return a day for each value, one after the other, up to the last."""
    first = last - dt.timedelta(days=len(values) - 1)
    return [Entry(day=first + dt.timedelta(days=after), twitch_count=value) for after, value in enumerate(values)]


def group(values: list[float], start: int = 0) -> Group:
    return Group({start + day: value for day, value in enumerate(values)})


@given(st.integers(0, 10_000))
def test_the_ends_of_a_count_are_where_it_would_be_seen_in_one_of_forty(count: int) -> None:
    ends = poisson_interval(count)
    assert poisson.cdf(count, ends.high) == pytest.approx(0.025)
    assert ends.low == 0 if count == 0 else poisson.sf(count - 1, ends.low) == pytest.approx(0.025)


def test_days_that_are_unlike_are_counted_as_a_textbook_counts_them() -> None:
    values = [3.0, 9.0, 2.0, 8.0, 1.0, 9.0]  # up and down, so that no day is like the next
    mean = mean_of(group(values), 0.9)
    low, high = t.interval(0.95, 5, loc=32 / 6, scale=(sum((one - 32 / 6) ** 2 for one in values) / 5 / 6) ** 0.5)
    assert [mean.low, mean.high] == pytest.approx([low, high])


def test_days_that_resemble_each_other_say_less() -> None:
    alike = group([float(value) for value in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)])
    mixed = group([float(value) for value in (1, 5, 2, 4, 3, 1, 5, 2, 4, 3)])
    assert likeness([alike], 0.9) > likeness([mixed], 0.9) == 0
    wide, narrow = mean_of(alike, 0.9), mean_of(mixed, 0.9)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


@given(counts, counts)
def test_a_difference_is_the_same_from_the_other_side(one: list[int], other: list[int]) -> None:
    first, second = group([float(v) for v in one]), group([float(v) for v in other], start=len(one))
    there, back = difference_of(first, second, 0.9), difference_of(second, first, 0.9)
    assert there.low <= there.value <= there.high
    for end, mirrored in ((there.value, back.value), (there.low, back.high), (there.high, back.low)):
        assert end == pytest.approx(-mirrored, abs=1e-6)


@given(counts, st.integers(1, 1000))
def test_more_twitches_every_day_shift_the_mean_and_not_its_spread(values: list[int], more: int) -> None:
    before = mean_of(group([float(v) for v in values]), 0.9)
    after = mean_of(group([float(v + more) for v in values]), 0.9)
    assert after.value - before.value == pytest.approx(more)
    assert after.high - after.low == pytest.approx(before.high - before.low, abs=1e-6)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("alike", [0.0, 0.3, 0.6])
def test_without_a_change_a_change_is_seldom_clear(alike: float) -> None:
    rng, clear, rounds = random.Random(4), 0, 300  # noqa: S311 - simulation
    for _ in range(rounds):
        level, values = 0.0, []
        for _ in range(56):
            level = alike * level + (1 - alike**2) ** 0.5 * rng.gauss(0, 1)
            values.append(10 + 3 * level)
        difference = difference_of(group(values[28:], start=28), group(values[:28]), 0.9)
        clear += not difference.low <= 0 <= difference.high
    assert clear / rounds <= 0.1  # 5 % is meant; 300 rounds tell it to within 2.5 %, and likeness is only estimated


@pytest.mark.parametrize("days", [0, 1, LEAST - 1, LEAST])
def test_with_too_few_days_nothing_is_said(days: int) -> None:
    entries = [*days_of([5, 6] * 14, LAST - dt.timedelta(days=28)), *days_of([50, 60, 55, 52, 58, 61, 57][:days])]
    trend = trend_of(entries, (), KNOWN, last=LAST)
    change = trend.changes[0]
    assert (change.verdict is Verdict.TOO_FEW) == (days < LEAST)
    said = sentences_of(trend)["What changed"][0]
    assert ("not enough days to say" in said) == (days < LEAST)
    assert change.days == days


def test_a_clear_change_is_said_with_its_direction() -> None:
    few, many = [1, 2, 0, 3] * 7, [21, 25, 19, 23] * 7
    for values, verdict, word in ((few + many, Verdict.MORE, "rise"), (many + few, Verdict.LESS, "fall")):
        trend = trend_of(days_of(values), (), KNOWN, last=LAST)
        assert trend.changes[0].verdict is verdict
        assert f": a {word} by more than your days differ" in sentences_of(trend)["What changed"][0]


def test_days_outside_of_the_two_periods_say_nothing() -> None:
    inside = days_of([4, 5, 6, 7] * 14)
    outside = [*days_of([900] * 5, LAST - dt.timedelta(days=56)), *days_of([900] * 5, LAST + dt.timedelta(days=5))]
    assert trend_of([*inside, *outside], (), KNOWN, last=LAST) == trend_of(inside, (), KNOWN, last=LAST)


def with_drinks(drinks: list[float], twitches: list[int]) -> list[Entry]:
    first = LAST - dt.timedelta(days=len(drinks) - 1)
    return [
        Entry(day=first + dt.timedelta(days=after), alcohol_drinks=drank, twitch_count=count)
        for after, (drank, count) in enumerate(zip(drinks, twitches, strict=True))
    ]


def test_days_with_a_trigger_stand_beside_days_without() -> None:
    entries = with_drinks([0, 2] * 10, [4, 14, 5, 15, 6, 16, 4, 14, 5, 15] * 2)
    found = {one.trigger: one for one in trend_of(entries, (), KNOWN, last=LAST).associations}
    alcohol = found["alcohol_drinks"]
    assert (alcohol.above, alcohol.compared.days, alcohol.compared.other_days) == (0, 10, 10)
    assert alcohol.compared.mean is not None
    assert alcohol.compared.mean.value == pytest.approx(14.8)
    assert alcohol.compared.verdict is Verdict.MORE
    said = sentences_of(trend_of(entries, (), KNOWN, last=LAST))["What went with more or fewer twitches"]
    assert said[-1] == NOT_A_CAUSE
    (sentence,) = [one for one in said if "alcohol (" in one]
    assert "On days with alcohol (10 days) you noted 14.8" in sentence
    assert "caus" not in sentence


def test_who_drinks_every_day_is_held_against_their_own_middle() -> None:
    entries = with_drinks([1, 2, 3, 4] * 5, [5, 6, 7, 8] * 5)
    found = {one.trigger: one for one in trend_of(entries, (), KNOWN, last=LAST).associations}
    assert found["alcohol_drinks"].above == 3
    assert found["alcohol_drinks"].compared.verdict is Verdict.TOO_FEW  # 5 days are above it


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=40))
def test_every_day_with_both_answers_is_on_one_side(pairs: list[tuple[int, int]]) -> None:
    entries = with_drinks([float(drank) for drank, _ in pairs], [count for _, count in pairs])
    found = {one.trigger: one for one in trend_of(entries, (), KNOWN, last=LAST).associations}
    compared = found["alcohol_drinks"].compared
    assert compared.days + compared.other_days == len(pairs)
    assert {name for name, one in found.items() if one.compared.days + one.compared.other_days} <= {"alcohol_drinks"}


def recording(day: dt.date, **values: float) -> KeptRecording:
    units = {"tremor_frequency": Unit.HERTZ}
    return KeptRecording(
        name="a",
        format="CSV",
        day=day,
        duration_s=60,
        measurements=tuple(
            Measurement(
                id=name, value=value, low=value, high=value, unit=units.get(name, Unit.PER_MINUTE), method="made up"
            )
            for name, value in values.items()
        ),
    )


@pytest.mark.parametrize(("later_hz", "words"), [(5.5, "no more"), (8.0, "is more")])
def test_a_recording_is_held_against_what_a_tremor_changes_by_itself(later_hz: float, words: str) -> None:
    some = (recording(LAST - dt.timedelta(days=40), tremor_frequency=5.0), recording(LAST, tremor_frequency=later_hz))
    trend = trend_of((), some, KNOWN, last=LAST)
    (change,) = trend.measured
    assert change.usual_percent == KNOWN.value("tremor_repeat_frequency")
    (said,) = sentences_of(trend)["What recordings show"]
    assert words in said


def test_where_nobody_knows_how_much_a_number_changes_by_itself_that_is_said() -> None:
    some = (recording(LAST - dt.timedelta(days=40), fasciculation_rate=5), recording(LAST, fasciculation_rate=9))
    trend = trend_of((), some, KNOWN, last=LAST)
    assert trend.measured[0].usual_percent is None
    assert sentences_of(trend)["What recordings show"][0].endswith("is not known to us.")
    assert NOT_KNOWN in sentences_of(trend)["What changed"]


def test_a_trend_of_nothing_can_be_read() -> None:
    text = "\n".join(lines_of(trend_of((), (), KNOWN, last=LAST)))
    assert text.count("not enough days to say") == len(OUTCOMES)
    assert "Not enough days to say anything of caffeine" in text
