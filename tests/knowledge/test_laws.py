"""Each law between knowledge files is broken on purpose, and the refusal names file, line and key."""

from pathlib import Path

import pytest

from twitchwise.knowledge import Library
from twitchwise.knowledge.laws import broken_laws
from twitchwise.vocabulary import KnowledgeError

BREACHES = {
    "a long file": ("advice/rest.yaml", "id: rest\n", "id: rest\n" + "# line\n" * 250, "at most 250 lines"),
    "a source that is not there": (
        "advice/rest.yaml",
        "source: example_2020",
        "source: nobody_1900",
        "source must exist",
    ),
    "a finding that is not there": (
        "conditions/sick_nerve.yaml",
        "finding: weak",
        "finding: weary",
        "finding must exist, got 'weary'",
    ),
    "a parameter that is not there": (
        "conditions/tired_muscle.yaml",
        "parameter: assessment_interval_z",
        "parameter: luck",
        "parameter must exist",
    ),
    "a scene that is not there": ("conditions/sick_nerve.yaml", "scene: stand", "scene: fly", "scene must exist"),
    "a muscle that is not there": ("conditions/sick_nerve.yaml", "muscle: calf", "muscle: wing", "muscle must exist"),
    "a preset that changes nothing there is": (
        "scenes/stand.yaml",
        "parameter: assessment_interval_z",
        "parameter: luck",
        "parameter must exist, got 'luck'",
    ),
    "a reported change without an opened source": (
        "muscles/calf.yaml",
        "    evidence: [{source: example_2020, because: it says so in the abstract}]\n",
        "",
        "else it is assumed",
    ),
    "a reported parameter that nobody read": (
        "sources/example_2020.yaml",
        "read: abstract\nread_on: 2026-11-22",
        "read: not_opened",
        "else it is assumed",
    ),
    "a story about nothing": ("stories/coffee_and_nerves.yaml", "[much_coffee, coffee]", "[tea]", "got 'tea'"),
    "a story of no claim": (
        "stories/coffee_and_nerves.yaml",
        "claims: [coffee_twitch]",
        "claims: [rumor]",
        "claim must exist",
    ),
    "an advice that is not there": ("conditions/tired_muscle.yaml", "advice: [rest]", "advice: [rest, run]", "'run'"),
    "a mimic that is not there": ("conditions/tired_muscle.yaml", "[sick_nerve]", "[flu]", "condition must exist"),
    "a page that is not public": ("sources/example_2020.yaml", "reach: public", "reach: professional", "public source"),
    "an exclusion on one side": ("findings/strong.yaml", "[stiff]", "[]", "exclusion must be mutual"),
    "an exclusion of nothing": ("findings/strong.yaml", "[stiff]", "[stiff, ghost]", "got 'ghost'"),
    "a requirement of nothing": ("findings/stiff.yaml", "requires: twitch", "requires: ghost", "got 'ghost'"),
    "a measurement of another name": ("findings/rate.yaml", "by: rate", "by: pace", "by must be 'rate'"),
    "a rule on nothing": ("rules/choking_now.yaml", "finding: choking", "finding: ghost", "finding must exist"),
    "a rule on a number without a band": (
        "rules/choking_now.yaml",
        "{finding: choking}",
        "{finding: choking}, {finding: days}",
        "must fit its kind",
    ),
    "a difference on one side": ("rules/long_twitch.yaml", "[only_a_twitch]", "[]", "difference must be mutual"),
    "a difference from nothing": (
        "rules/long_twitch.yaml",
        "[only_a_twitch]",
        "[only_a_twitch, ghost]",
        "got 'ghost'",
    ),
    "a link that does not fit": ("conditions/tired_muscle.yaml", "state: {above: 10}", "state: present", "must fit"),
    "a group of one": ("findings/drops.yaml", "group: weakness\n", "", "must hold two findings"),
    "a source nobody opened": (
        "sources/example_2020.yaml",
        "read: abstract\nread_on: 2026-11-22",
        "read: not_opened",
        "was opened",
    ),
    "counts that the quote does not hold": (
        "conditions/sick_nerve.yaml",
        "38 of 40 against 6 of 60",
        "many against few",
        "digits of the counts",
    ),
    "priors that leave no room": (
        "conditions/tired_muscle.yaml",
        "community, assumed: {value: 0.3",
        "community, assumed: {value: 0.99999",
        "below 1",
    ),
    "a red flag that does nothing": (
        "conditions/sick_nerve.yaml",
        "red_flags: [drops]",
        "red_flags: [drops, twitch]",
        "'twitch' is not",
    ),
    "an implied finding that is not there": (
        "findings/drops.yaml",
        "group: weakness\n",
        "group: weakness\nimplies: [ghost]\n",
        "finding must exist, got 'ghost'",
    ),
    "a checklist that is not there": (
        "findings/coffee.yaml",
        "checklist: habits",
        "checklist: ghost",
        "checklist must",
    ),
    "a claim about nothing": ("claims/coffee_twitch.yaml", "[much_coffee]", "[ghost]", "about must name"),
    "a medicine with an effect that is not there": (
        "medicines/stimulant.yaml",
        "finding: twitch",
        "finding: ghost",
        "finding must exist",
    ),
    "a medicine that brings about nothing": (
        "medicines/stimulant.yaml",
        "condition: much_coffee",
        "condition: ghost",
        "condition must exist",
    ),
    "a link without a comparison": (
        "conditions/much_coffee.yaml",
        "finding: coffee",
        "finding: drops",
        "in_others must be given",
    ),
    "a vignette about nothing": (
        "vignettes/sick_nerve_typical.yaml",
        "about: sick_nerve",
        "about: ghost",
        "about must be a condition",
    ),
}


def test_the_small_set_is_sound(small_library: Library) -> None:
    assert broken_laws(small_library) == ()


@pytest.mark.parametrize(("name", "old", "new", "said"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_found(small_folder: Path, name: str, old: str, new: str, said: str) -> None:
    file = small_folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    breaches = [str(breach) for breach in broken_laws(Library(small_folder))]
    assert any(said in breach for breach in breaches), breaches


@pytest.mark.parametrize("name", ["findings/unused.yaml", "sources/unused.yaml", "advice/unused.yaml"])
def test_an_unused_entry_is_found(small_folder: Path, name: str) -> None:
    model = {"findings": "choking", "sources": "example_2020", "advice": "rest"}[name.partition("/")[0]]
    text = (small_folder / name).with_stem(model).read_text(encoding="utf-8")
    (small_folder / name).write_text(text.replace(f"id: {model}", "id: unused"), encoding="utf-8")
    assert any("'unused' is not" in str(breach) for breach in broken_laws(Library(small_folder)))


def test_a_condition_needs_both_vignettes(small_folder: Path) -> None:
    (small_folder / "vignettes" / "sick_nerve_near_miss.yaml").unlink()
    assert any("near_miss vignette" in str(breach) for breach in broken_laws(Library(small_folder)))


def test_a_breach_names_file_line_and_key(small_folder: Path) -> None:
    file = small_folder / "conditions" / "sick_nerve.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[drops]", "[twitch]"), encoding="utf-8")
    (breach,) = broken_laws(Library(small_folder))
    assert isinstance(breach, KnowledgeError)
    assert (breach.file, breach.path) == (str(file), "red_flags")
    assert file.read_text(encoding="utf-8").splitlines()[breach.line - 1].startswith("red_flags:")


def test_a_preset_that_changes_a_parameter_twice_is_refused(small_folder: Path) -> None:
    file = small_folder / "scenes" / "stand.yaml"
    text = file.read_text(encoding="utf-8")
    line = text.splitlines()[-1]
    file.write_text(f"{text}{line}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="must name each parameter once"):
        _ = Library(small_folder).scenes


def test_a_story_has_two_sides(small_folder: Path) -> None:
    story = Library(small_folder).stories["coffee_and_nerves"]
    assert story.side("popular").changes
    assert not story.side("evidence").changes
