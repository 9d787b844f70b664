"""Entries refuse what cannot be, with the rule in the refusal."""

from pathlib import Path

import pytest

from twitchwise.knowledge.schema import (
    Aging,
    Band,
    Change,
    Condition,
    Finding,
    Parameter,
    Quantity,
    Reported,
    Rule,
    Source,
)
from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.shelf import read_shelf
from twitchwise.vocabulary import KnowledgeError

SCHEMAS: dict[str, type[Entry]] = {
    "conditions": Condition,
    "findings": Finding,
    "rules": Rule,
    "sources": Source,
    "parameters": Parameter,
}

COFFEE = "findings/coffee.yaml"
LIMIT = "laboratory: [{names: [caffeine], unit: mg, because: made up for tests}]\nsaid_as"
REFUSED = [
    (COFFEE, "said_as", LIMIT, "exactly one of above, below"),
    (COFFEE, ", population: people_who_ask", "", "background must name its population"),
    (
        "findings/coffee.yaml",
        "said_as",
        "detail_of: {findings: [twitch], detail: course, values: [often]}\nsaid_as",
        "'often' is not a valid Course",
    ),
    ("conditions/tired_muscle.yaml", "setting: primary_care, ", "setting: genetics_clinic, ", "every setting"),
    ("conditions/sick_nerve.yaml", "present: 38, examined: 40", "present: 41, examined: 40", "at most examined"),
    ("conditions/tired_muscle.yaml", "interval: [0.4, 0.8]", "interval: [0.7, 0.8]", "interval must hold the value"),
    ("conditions/tired_muscle.yaml", "value: 0.6, interval: [0.4, 0.8]", "value: nan", "finite"),
    ("conditions/tired_muscle.yaml", "interval: [0.4, 0.8]", "interval: [0.4, 1.8]", "must lie in [0, 1]"),
    ("conditions/tired_muscle.yaml", "reported: {value: 0.3}", "reported: {value: 1.3}", "strictly between 0 and 1"),
    ("conditions/tired_muscle.yaml", "assumed: {value: 0.9,", "assumed: {value: inf,", "finite"),
    (
        "conditions/tired_muscle.yaml",
        "reported: {value: 0.3}",
        "reported: {value: 0.3}, counts: {present: 1, examined: 2}",
        "exactly one of counts, reported, assumed",
    ),
    ("conditions/tired_muscle.yaml", "{reported: {value: 0.3}, population", "{population", "exactly one of"),
    (
        "conditions/tired_muscle.yaml",
        ", population: healthy_adults}\n    evidence",
        "}\n    evidence",
        "name its population",
    ),
    (
        "conditions/tired_muscle.yaml",
        '    evidence: [{source: example_2020, quote: "36 of 40 against 12 of 60", because: gives the counts}]\n',
        "",
        "must give its evidence",
    ),
    ("conditions/tired_muscle.yaml", "state: {above: 10}", "state: {}", "above, below, or both"),
    ("conditions/tired_muscle.yaml", "state: {above: 10}", "state: {above: 10, below: 9}", "less than below"),
    ("conditions/tired_muscle.yaml", "state: {above: 10}", "state: maybe", "maybe"),
    ("conditions/tired_muscle.yaml", "setting: primary_care", "setting: community", "each setting once"),
    (
        "conditions/sick_nerve.yaml",
        "  - {setting: primary_care, assumed: {value: 0.01, because: made up for tests}}\n",
        "",
        "every setting",
    ),
    ("conditions/sick_nerve.yaml", "finding: drops\n    state: present", "finding: weak\n    state: present", "once"),
    ("conditions/sick_nerve.yaml", "{state: draft}", "{state: reviewed}", "by, on and of_digest"),
    (
        "conditions/tired_muscle.yaml",
        "change: {scale:",
        "change: {set: {assumed: {value: 1, because: made up}}, scale:",
        "",
    ),
    ("findings/rate.yaml", "measured: {by: rate}\n", "", "askable or measurable"),
    ("findings/rate.yaml", "unit: 1/min\n", "", "must give its unit"),
    ("findings/rate.yaml", "measured: {by: rate}", "measured: {by: rate, above: 1}", "and a number must not"),
    (
        "findings/choking.yaml",
        'asked: {question: "Are you choking?"}',
        "measured: {by: choking, above: 0}",
        "must be askable",
    ),
    ("rules/choking_now.yaml", "any_of: [{finding: choking}]\n", "", "all_of, any_of, or both"),
    ("rules/long_twitch.yaml", "differs_from", "unless: [{finding: weak}]\ndiffers_from", "never lower an urgency"),
    ("sources/example_2020.yaml", "url: https://example.org/paper\n", "", "doi, pmid, pmcid or url"),
    ("sources/example_2020.yaml", "good_for: seeing what a source looks like\n", "", "url and good_for"),
    ("sources/example_2020.yaml", "read_on: 2026-11-22\n", "", "read_on"),
    ("sources/example_2020.yaml", "url:", "doi: 11.1/x\nurl:", "doi"),
    ("parameters/assessment_shrinkage.yaml", "bounds: [0, 1]", "bounds: [0.7, 1]", "must lie in bounds"),
    (
        "parameters/assessment_shrinkage.yaml",
        "assumed: {value: 0.65, because: findings are correlated}",
        "reported: {value: 0.65}",
        "must give its evidence",
    ),
    ("parameters/assessment_shrinkage.yaml", 'unit: "1"', 'unit: "parsec"', "unit"),
    (
        "parameters/assessment_shrinkage.yaml",
        'unit: "1"',
        'unit: "1"\nspread: {reported: {value: 0.1}}',
        "must give its evidence",
    ),
    (
        "parameters/assessment_shrinkage.yaml",
        'unit: "1"',
        'unit: "1"\nin_women: {assumed: {value: 0.0, because: made up for tests}}',
        "in_women must be above 0",
    ),
    (
        "parameters/assessment_shrinkage.yaml",
        'unit: "1"',
        'unit: "1"\nwith_age: {steady_to: 70, at: 50, ratio: {assumed: {value: 0.9, because: made up for tests}}}',
        "at must lie above steady_to",
    ),
    (
        "parameters/assessment_shrinkage.yaml",
        'unit: "1"',
        'unit: "1"\nwith_age: {steady_to: 50, at: 70, ratio: {assumed: {value: -0.9, because: made up for tests}}}',
        "ratio must be above 0",
    ),
    ("findings/twitch.yaml", "id: twitch", "id: twitched", "file's stem"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), REFUSED)
def test_what_cannot_be_is_refused(small_folder: Path, name: str, old: str, new: str, said: str) -> None:
    file = small_folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_shelf(file.parent, SCHEMAS[file.parent.name])
    assert said in str(caught.value)
    assert caught.value.line > 0


def test_a_band_does_not_hold_its_edges() -> None:
    band = Band(above=4, below=6)
    assert [band.holds(value) for value in (4, 5, 6)] == [False, True, False]
    assert Band(above=4).holds(1e9)
    assert Band(below=4).holds(-1e9)


def test_a_change_sets_or_scales() -> None:
    two = Quantity(reported=Reported(value=2))
    assert Change(set=two).applied_to(10) == 2
    assert Change(scale=two).applied_to(10) == 20


def test_what_age_changes_is_steady_first_and_then_changes_by_the_same_share_each_year() -> None:
    aging = Aging(steady_to=50, at=71, ratio=Quantity(reported=Reported(value=0.6)))
    assert [aging.factor(age) for age in (18, 50)] == [1.0, 1.0]
    assert aging.factor(71) == pytest.approx(0.6)
    assert aging.factor(92) == pytest.approx(0.36)


def test_a_change_is_one_of_both() -> None:
    with pytest.raises(ValueError, match="exactly one of set, scale"):
        Change()
