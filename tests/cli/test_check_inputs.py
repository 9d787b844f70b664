"""What `check` reads besides case files, and what it tells of earlier checks; `evaluate` and claims."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitchwise.knowledge import library

Run = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cases"


def test_a_description_is_checked(run: Run) -> None:
    done = run("check", "--text", "For 3 days my left eyelid has been twitching.", "--json")
    result = json.loads(done.out)
    assert result["case"]["findings"]["eyelid_twitch"] == "present"
    assert result["urgency"]["level"] == "self_care"


def test_a_text_file_is_a_description_or_terms(run: Run, tmp_path: Path) -> None:
    words, terms = tmp_path / "words.txt", tmp_path / "terms.txt"
    words.write_text("My hand has a tremor at rest.", encoding="utf-8")
    terms.write_text("HP:0002322\n", encoding="utf-8")
    for file in (words, terms):
        assert json.loads(run("check", file, "--json").out)["case"]["findings"]["rest_tremor"] == "present"


def test_a_case_can_be_written_and_read_as_a_phenopacket(run: Run, tmp_path: Path) -> None:
    packet = tmp_path / "packet.json"
    done = run("check", EXAMPLES / "parkinson_rest_tremor.yaml", "--phenopacket", packet, "--json")
    assert done.code == 0
    assert "phenopacket is in" in done.err
    again = json.loads(run("check", packet, "--json").out)
    assert again["case"]["findings"]["rest_tremor"] == "present"
    assert again["case"]["setting"] == "genetics_clinic"


def test_a_case_can_be_written_and_read_as_hpo_terms(run: Run, tmp_path: Path) -> None:
    terms = tmp_path / "terms.txt"
    assert run("check", EXAMPLES / "parkinson_rest_tremor.yaml", "--phenopacket", terms, "--json").code == 0
    assert "HP:0002322 Resting tremor" in terms.read_text(encoding="utf-8")
    assert json.loads(run("check", terms, "--json").out)["case"]["findings"]["rest_tremor"] == "present"


def test_the_same_case_again_tells_that_nothing_is_new(run: Run) -> None:
    case = EXAMPLES / "benign_twitches.yaml"
    assert "Nothing new was learned" in run("check", case, "--since", case).err


def test_what_is_new_since_an_earlier_check_is_named(run: Run, tmp_path: Path) -> None:
    earlier, now = tmp_path / "a.yaml", tmp_path / "b.yaml"
    earlier.write_text("findings: {fasciculation: present}\n", encoding="utf-8")
    now.write_text("findings: {fasciculation: present, drops_things: present}\n", encoding="utf-8")
    done = run("check", now, "--since", earlier)
    assert "1 answer differs" in done.err
    assert library().findings["drops_things"].plain in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", EXAMPLES / "benign_twitches.yaml", "--text", "a twitch"),
        ("check", "missing.json"),
        ("evaluate", "missing.jsonl"),
        ("explain", "nothing_like_it"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(run: Run, arguments: tuple[object, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("twitchwise: ")


def test_evaluate_prints_scores_and_writes_a_page(run: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    case = {
        "id": "a",
        "text": "A 70-year-old man has sudden weakness of his right arm and a drooping face.",
        "in_field": True,
        "target": "stroke or transient ischemic attack",
        "true_diagnosis": "Stroke",
    }
    cases.write_text(json.dumps(case) + "\n", encoding="utf-8")
    page = tmp_path / "accuracy.md"
    done = run("evaluate", cases, "--page", page)
    assert "top 1" in done.out
    assert "constructed" in done.out
    text = page.read_text(encoding="utf-8")
    assert "# How good the assessment is" in text
    assert (tmp_path / "accuracy.svg").read_text(encoding="utf-8").startswith("<?xml")
    result = json.loads(run("evaluate", cases, "--json", "--no-constructed").out)
    assert result["sets"][0]["top3"] == {"value": 1.0, "low": pytest.approx(0.2065, abs=1e-3), "high": 1.0, "n": 1}
    assert result["urgency"]["emergencies"] == 1


@pytest.mark.parametrize("name", sorted(library().claims))
def test_each_popular_claim_is_explained_with_sources(run: Run, name: str) -> None:
    done = run("explain", name)
    assert done.code == 0
    assert "Sources" in done.out
