"""What is asked and told is plain: reading age 9 to 11 on the whole, and no single text far above it.

Measured by the readability library (Flesch-Kincaid grade; grade 4 to 6 is about age 9 to 11), without words that cannot
be put more simply: names of medicines, and what they are called on the packet.
"""

import re
import statistics
from collections.abc import Iterator

import pytest
import readability

from twitchwise.knowledge import library

KNOWN = library()
GRADE_OF_AGE_11 = 6.0
HIGHEST_GRADE = 9.0
EXCUSED = re.compile(
    r"\b(medicines?|levodopa|antidepressants?|antipsychotics?|statins?|inhalers?|amitriptyline|citalopram|sertraline|"
    r"fluoxetine|olanzapine|risperidone|haloperidol|quetiapine|donepezil|rivastigmine|pyridostigmine|salbutamol|"
    r"salmeterol|theophylline|aminophylline|denosumab|zoledronate|metoclopramide|prochlorperazine|promethazine|"
    r"simvastatin|atorvastatin|rosuvastatin|omeprazole|lansoprazole|prednisolone|prednisone|furosemide|"
    r"tacrolimus|ciclosporin|amiodarone|thyroxine|lithium|valproate|diazepam|lorazepam|alprazolam|clonazepam|"
    r"cocaine|amphetamines?|porphyria|dystonia|disability|vitamin|magnesium|potassium|calcium|sodium)\b",
    re.IGNORECASE,
)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text, sentence by sentence, without the excused words."""
    sentences = re.split(r"(?<=[.!?;:])\s+", EXCUSED.sub("", text).strip())
    tokens = "\n".join(" ".join(re.findall(r"[A-Za-z']+|[.!?]", one)) for one in sentences if one.strip())
    return float(readability.getmeasures(tokens, lang="en")["readability grades"]["Kincaid"])


def questions() -> Iterator[tuple[str, str]]:
    for name, finding in KNOWN.findings.items():
        if finding.asked is not None:
            yield name, f"{finding.asked.question} {finding.asked.help or ''}"
    for name, checklist in KNOWN.checklists.items():
        yield name, f"{checklist.question} {checklist.help or ''}"


def told() -> Iterator[tuple[str, str]]:
    for name, condition in KNOWN.conditions.items():
        yield f"{name} summary", condition.summary
        yield f"{name} what_happens", condition.what_happens
        yield f"{name} outlook", condition.care.outlook
    for name, rule in KNOWN.rules.items():
        yield f"rule {name}", rule.because
    for name, advice in KNOWN.advice.items():
        yield f"advice {name}", advice.text
    for name, claim in KNOWN.claims.items():
        yield f"claim {name}", claim.answer


@pytest.mark.parametrize("texts", [questions, told], ids=["questions", "told"])
def test_texts_are_plain_on_the_whole_and_none_is_far_above(texts: object) -> None:
    grades = {name: grade(text) for name, text in texts()}  # type: ignore[operator]
    assert len(grades) > 300
    assert statistics.mean(grades.values()) <= GRADE_OF_AGE_11
    assert statistics.quantiles(grades.values(), n=10)[-1] <= GRADE_OF_AGE_11 + 1
    assert {name: round(found, 1) for name, found in grades.items() if found > HIGHEST_GRADE} == {}


def test_every_finding_is_asked_in_its_own_plain_words() -> None:
    asked = [finding.asked.question for finding in KNOWN.findings.values() if finding.asked is not None]
    assert len(asked) == len(set(asked))
    assert not [question for question in asked if "TO DO" in question]
