"""Scores of case sets: shares with their intervals, names, options, and cases that are read without their answer."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from twitchwise.assess import assess_case
from twitchwise.examine.evaluation import evaluate, read_case_sets
from twitchwise.examine.evaluation.cases import told_text
from twitchwise.examine.evaluation.constructed import benign_cases
from twitchwise.examine.evaluation.intervals import Share, calibration_of
from twitchwise.examine.evaluation.names import Names
from twitchwise.examine.evaluation.scores import level_of
from twitchwise.knowledge import library
from twitchwise.vocabulary import UnreadableCaseError, Urgency

KNOWN = library()
STROKE = {
    "id": "a",
    "text": "A 70-year-old man has sudden weakness of his right arm and leg and a drooping face.",
    "in_field": True,
    "target": "stroke or transient ischemic attack",
    "true_diagnosis": "Lacunar infarction",
    "options": ["Gout", "Lacunar infarction"],
}


def write(file: Path, *cases: Mapping[str, object]) -> Path:
    file.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return file


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_is_wilsons(count: int, more: int) -> None:
    low, high = Share(count, count + more).interval
    expected = binomtest(count, count + more).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).as_json() == {"value": None, "low": None, "high": None, "n": 0}


def test_calibration_error_is_zero_when_stated_is_what_happens_and_large_when_not() -> None:
    assert calibration_of([0.5] * 100, [True, False] * 50).ece == pytest.approx(0)
    wrong = calibration_of([0.9] * 100, [False] * 100)
    assert wrong.ece == pytest.approx(0.9)
    assert wrong.brier == pytest.approx(0.81)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Guillain-Barré syndrome", "guillain_barre_syndrome"),
        ("Parkinson\u2019s disease.", "parkinson_disease"),
        ("Wilson's disease.", "wilson_disease"),
        ("Left capsular lacunar infarction", "stroke"),
        ("Graves\u2019 disease", "hyperthyroidism"),
        ("Neuroleptic malignant syndrome", "neuroleptic_malignant_syndrome"),
    ],
)
def test_a_diagnosis_in_other_words_is_recognized(said: str, meant: str) -> None:
    assert meant in Names(KNOWN).conditions(said)


def test_what_is_not_described_means_nothing() -> None:
    assert Names(KNOWN).conditions("Appendicitis") == frozenset()


def test_a_text_is_read_without_its_answer() -> None:
    fields = {
        "text": {"correct_diagnosis": "Gout", "presentation": "A sore toe", "family_history": "gout"},
        "exam": None,
    }
    assert told_text(fields) == "A sore toe. Family history: gout."


def test_repeats_are_left_out_and_counted(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", STROKE)
    second = write(tmp_path / "b.jsonl", {**STROKE, "id": "b", "text": f"  {STROKE['text']} "})
    sets = read_case_sets([first, second])
    assert [(len(one.cases), one.repeats) for one in sets] == [(1, 0), (0, 1)]
    assert [one.name for one in read_case_sets([tmp_path])] == ["a", "b"]


def test_a_clear_case_scores(tmp_path: Path) -> None:
    result = evaluate(read_case_sets([write(tmp_path / "a.jsonl", STROKE)]), KNOWN, constructed=False)
    (scores,) = result.sets
    assert scores.top3 == Share(1, 1)
    assert scores.option_accuracy == Share(1, 1)
    assert result.urgency.emergencies == 1
    assert result.urgency.emergencies_missed == Share(0, 1)
    assert result.urgency.self_care_recall == Share(0, 0)


def test_a_label_of_urgency_is_what_is_due(tmp_path: Path) -> None:
    case = {"id": "a", "text": "My eyelid has been twitching for two days.", "triage_level": "self care"}
    result = evaluate(read_case_sets([write(tmp_path / "a.jsonl", case)]), KNOWN, constructed=False)
    assert result.urgency.exact == Share(1, 1)
    assert result.urgency.self_care_recall == Share(1, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "one JSON object a line"),
        ("[]", "an id"),
        ('{"id": "a"}', "a text, or present_ids"),
        ('{"id": "a", "text": "b", "triage_level": "whenever"}', "triage_level must be one of"),
    ],
)
def test_a_line_that_is_no_case_is_refused(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableCaseError, match=said):
        read_case_sets([file])


def test_missing_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCaseError, match="must be readable"):
        read_case_sets([tmp_path / "none.jsonl"])
    with pytest.raises(UnreadableCaseError, match=r"must hold \.jsonl files"):
        read_case_sets([tmp_path])


def test_constructed_cases_are_the_same_for_the_same_seed() -> None:
    assert list(benign_cases(5)) == list(benign_cases(5))
    assert list(benign_cases(5)) != list(benign_cases(5, seed=1))


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_at_least_nine_of_ten_constructed_benign_cases_are_told_to_look_after_themselves() -> None:
    cases = [one.case for one in benign_cases()]
    levels = [level_of(case, KNOWN) for case in cases]
    assert len(levels) == 500
    assert levels[::20] == [assess_case(case, KNOWN).urgency.level for case in cases[::20]]
    assert sum(level is Urgency.SELF_CARE for level in levels) >= 450
