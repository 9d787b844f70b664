"""Answers as plain text and as plain values."""

import json
from collections.abc import Callable

import pandas as pd
import pytest

from twitchwise.cohort.questions.agreement import agreement_of, bland_altman
from twitchwise.cohort.questions.as_text import Answer, as_plain, as_text, estimate_in_words, number_in_words
from twitchwise.cohort.questions.change import changes_of, changes_of_counts
from twitchwise.cohort.questions.estimate import UNKNOWN, Estimate
from twitchwise.cohort.questions.groups import compare_counts, compare_values
from twitchwise.cohort.questions.reliability import reliability, reliability_of
from twitchwise.cohort.questions.values import counts_of, values_of
from twitchwise.vocabulary import OutOfRangeError

Tables = tuple[pd.DataFrame, pd.DataFrame]
RATE = "fasciculation_rate"
QUESTIONS: dict[str, Callable[[Tables], Answer]] = {
    "agreement": lambda study: agreement_of(study[0], "left", "right", by="side", quantity=RATE),
    "ratio": lambda _: bland_altman([1, 2, 3, 4], [2, 2, 3, 5], as_ratio=True),
    "no agreement": lambda _: bland_altman([], []),
    "reliability": lambda study: reliability_of(study[0], RATE, visits=("1", "2")),
    "reliability on logs": lambda _: reliability(pd.DataFrame([[1.0, 2], [3, 4], [5, 6]]), on_log=True),
    "no reliability": lambda _: reliability(pd.DataFrame([[1.0, 2]])),
    "change": lambda study: changes_of(study[0], RATE, start="1", end="3", repeats=("1", "2")),
    "change of counts": lambda study: changes_of_counts(counts_of(*study), start="1", end="3"),
    "groups": lambda study: compare_values(values_of(study[0], RATE), covariates=["session"], unit="1/min"),
    "counts": lambda study: compare_counts(counts_of(*study), reference="control"),
    "no counts": lambda study: compare_counts(counts_of(*study).assign(count=0.0)),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_every_answer_has_a_text_of_short_lines_with_its_method_and_all_warnings(
    ask: Callable[[Tables], Answer], study: Tables
) -> None:
    answer = ask(study)
    text = as_text(answer)
    assert max(map(len, text.splitlines())) <= 125
    assert "Method: " in text
    flat = " ".join(text.split())
    assert all(" ".join(one.split()) in flat for one in answer.warnings)
    assert "nan" not in flat.lower()


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_every_answer_is_json_without_numbers_that_json_does_not_have(
    ask: Callable[[Tables], Answer], study: Tables
) -> None:
    answer = ask(study)
    again = json.loads(json.dumps(as_plain(answer), allow_nan=False))
    assert again["question"] == type(answer).__name__
    assert again["warnings"] == list(answer.warnings)


def test_the_table_of_groups_names_reference_ratio_and_chance(study: Tables) -> None:
    lines = as_text(QUESTIONS["counts"](study)).splitlines()
    control = next(line for line in lines if line.startswith("control "))
    assert control.endswith("reference")
    assert any(line.startswith("als ") and "to" in line for line in lines)


def test_each_change_has_a_line(study: Tables) -> None:
    answer = QUESTIONS["change"](study)
    assert sum(line.startswith("sub-") for line in as_text(answer).splitlines()) == 28


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (12.345, "12.3"),
        (9.999, "10.0"),
        (1234.4, "1230"),
        (0.01234, "0.0123"),
        (0.000012, "1.20e-05"),
        (-3.14159, "-3.14"),
        (float("nan"), "-"),
        (float("inf"), "infinite"),
        (float("-inf"), "-infinite"),
    ],
)
def test_numbers_have_three_digits(value: float, words: str) -> None:
    assert number_in_words(value) == words


def test_an_estimate_without_an_interval_or_without_a_value_says_so() -> None:
    assert estimate_in_words(Estimate(value=2.0), "s") == "2.00 s"
    assert estimate_in_words(UNKNOWN, "s") == "-"
    assert estimate_in_words(Estimate(value=2.0, low=1.0, high=3.0), "s") == "2.00 (1.00 to 3.00) s"


def test_an_interval_must_hold_its_value() -> None:
    with pytest.raises(OutOfRangeError, match="value must lie in its interval"):
        Estimate(value=5.0, low=1.0, high=3.0)
