"""How well descriptions become findings, on 200 sentences of published cases, labeled without the extractor."""

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from twitchwise.assess import read_description
from twitchwise.assess.implied import completed
from twitchwise.examine.evaluation import read_case_sets
from twitchwise.knowledge import library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import FindingState

KNOWN = library()
LABELS = json.loads((Path(__file__).parent / "labeled_sentences.json").read_text(encoding="utf-8"))["sentences"]
LEAST_F1 = 0.85
Pair = tuple[str, str]


class Counts(NamedTuple):
    """Findings that were found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


def sentences_of(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n", text)


def found_in(sentence: str) -> set[Pair]:
    """Return the findings of a sentence with what they imply, without numbers."""
    case = completed(read_description(sentence, KNOWN).case(), KNOWN.findings)
    return {
        (name, seen.state.value)
        for name, seen in case.observations.items()
        if KNOWN.findings[name].answer is Answer.YES_NO and name != "female_sex"
    }


def wanted_in(label: dict[str, list[str]]) -> set[Pair]:
    """Return the labels with what they imply, as the extractor is judged by."""
    implied = set(label["present"])
    waiting = list(implied)
    while waiting:
        for other in KNOWN.findings[waiting.pop()].implies:
            if other not in implied:
                implied.add(other)
                waiting.append(other)
    return {(name, FindingState.PRESENT.value) for name in implied} | {(name, "absent") for name in label["absent"]}


def score(half: str, folder: Path) -> Counts:
    texts = {(one.name, case.id): case.text for one in read_case_sets([folder]) for case in one.cases}
    right = wrong = missed = 0
    for label in LABELS:
        if label["half"] == half:
            sentence = sentences_of(texts[label["set"], label["case"]])[label["index"]].strip()
            assert hashlib.sha256(sentence.encode()).hexdigest()[:16] == label["sha"], label
            found, wanted = found_in(sentence), wanted_in(label)
            right += len(found & wanted)
            wrong += len(found - wanted)
            missed += len(wanted - found)
    return Counts(right, wrong, missed)


@pytest.mark.shared_data
@pytest.mark.parametrize("half", ["seen", "held_out"])
def test_findings_are_taken_from_sentences_as_a_reader_takes_them(half: str, shared_cases: Path) -> None:
    counts = score(half, shared_cases)
    assert counts.f1 >= LEAST_F1, counts


def test_the_labels_are_two_hundred_sentences_of_findings_there_are() -> None:
    assert len(LABELS) == 200
    assert sum(label["half"] == "held_out" for label in LABELS) == 100
    assert {name for label in LABELS for name in (*label["present"], *label["absent"])} <= set(KNOWN.findings)
