"""Sayings: phrases of another language, for findings and a language there are, complete, each finding in one file."""

from pathlib import Path

import pytest

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.laws import broken_laws
from twitchwise.knowledge.library import DATA
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import KnowledgeError

GERMAN = "german"
KNOWN = library()


@pytest.fixture
def told(small_folder: Path) -> Path:
    """The small set with German words for each finding that a person can tell."""
    known = Library(small_folder)
    (small_folder / "language").mkdir()
    text = (DATA / "language" / f"{GERMAN}.yaml").read_text(encoding="utf-8")
    (small_folder / "language" / f"{GERMAN}.yaml").write_text(text, encoding="utf-8")
    asked = [one.id for one in known.findings.values() if one.asked is not None and one.answer is Answer.YES_NO]
    said = "".join(f"  {name}: [wort]\n" for name in asked if name != "female_sex")
    file = small_folder / "sayings" / "german_all.yaml"
    file.parent.mkdir()
    file.write_text(f"id: german_all\nlanguage: {GERMAN}\nsaid:\n{said}", encoding="utf-8")
    return file


def breaches(file: Path, old: str, new: str) -> list[str]:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(breach) for breach in broken_laws(Library(file.parents[1]))]


def test_complete_sayings_break_no_law(told: Path) -> None:
    assert broken_laws(Library(told.parents[1])) == ()


def test_a_finding_that_can_be_asked_needs_phrases(told: Path) -> None:
    (said,) = breaches(told, "  weak: [wort]\n", "")
    assert "weak.yaml" in said
    assert "must have phrases in german, 'weak' has none" in said


def test_a_finding_that_is_not_there_is_refused(told: Path) -> None:
    said = breaches(told, "  weak: [wort]\n", "  weak: [wort]\n  weary: [wort]\n")
    assert any("german_all.yaml" in one and "finding must exist, got 'weary'" in one for one in said)


def test_a_language_that_is_not_there_is_refused(told: Path) -> None:
    assert any(
        "language must exist, got 'klingon'" in one
        for one in breaches(told, f"language: {GERMAN}", "language: klingon")
    )


def test_a_finding_has_its_phrases_in_one_file(told: Path) -> None:
    twice = told.with_name("german_more.yaml")
    twice.write_text(f"id: german_more\nlanguage: {GERMAN}\nsaid:\n  weak: [wort]\n", encoding="utf-8")
    assert any("'weak' has them in two" in str(one) for one in broken_laws(Library(told.parents[1])))


def test_each_language_with_sayings_is_complete_by_itself(told: Path) -> None:
    other = told.with_name("english_some.yaml")
    other.write_text("id: english_some\nlanguage: english\nsaid:\n  weak: [word]\n", encoding="utf-8")
    english = (DATA / "language" / "english.yaml").read_text(encoding="utf-8")
    (told.parents[1] / "language" / "english.yaml").write_text(english, encoding="utf-8")
    said = [str(one) for one in broken_laws(Library(told.parents[1]))]
    assert said
    assert all("must have phrases in english" in one for one in said)


def test_an_empty_list_of_phrases_is_refused(told: Path) -> None:
    with pytest.raises(KnowledgeError, match="said"):
        breaches(told, "weak: [wort]", "weak: []")


def test_every_emergency_sign_can_be_told_in_german() -> None:
    said = {name for one in KNOWN.sayings.values() if one.language == GERMAN for name in one.said}
    assert {one.id for one in KNOWN.findings.values() if one.emergency_sign} <= said
