"""The library reads what it is asked for; digests follow the meaning; coverage counts what is there."""

from pathlib import Path

import pytest

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.coverage import coverage_of
from twitchwise.knowledge.digest import digest_of, review_state
from twitchwise.vocabulary import OutOfRangeError


def test_asking_a_question_reads_no_condition(small_folder: Path) -> None:
    (small_folder / "conditions" / "sick_nerve.yaml").write_text("broken: [", encoding="utf-8")
    known = Library(small_folder)
    assert "twitch" in known.findings
    assert "choking_now" in known.rules


def test_a_parameter_is_found_by_its_id(small_library: Library) -> None:
    assert small_library.value("assessment_shrinkage") == 0.65
    with pytest.raises(OutOfRangeError, match="got 'luck'"):
        small_library.value("luck")


def test_a_shelf_is_a_mapping(small_library: Library) -> None:
    assert len(small_library.conditions) == 3
    assert list(small_library.conditions) == ["much_coffee", "sick_nerve", "tired_muscle"]


def test_the_shipped_library_is_read_once() -> None:
    assert library() is library()


def test_layout_and_comments_do_not_change_the_digest(small_folder: Path) -> None:
    file = small_folder / "findings" / "weak.yaml"
    before = digest_of(Library(small_folder).findings["weak"])
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("# a comment\n" + "\n".join(reversed(lines)), encoding="utf-8")
    assert digest_of(Library(small_folder).findings["weak"]) == before


def test_a_changed_number_sends_a_reviewed_condition_back_to_draft(small_folder: Path) -> None:
    before = Library(small_folder)
    digest = digest_of(before.conditions["sick_nerve"])
    file = small_folder / "conditions" / "sick_nerve.yaml"
    text = file.read_text(encoding="utf-8")
    signed = text.replace("{state: draft}", f"{{state: reviewed, by: A B, on: 2026-11-22, of_digest: {digest}}}")
    file.write_text(signed, encoding="utf-8")
    condition = Library(small_folder).conditions["sick_nerve"]
    assert review_state(condition.review, digest_of(condition)) == "reviewed"
    file.write_text(signed.replace("value: 0.01", "value: 0.02"), encoding="utf-8")
    condition = Library(small_folder).conditions["sick_nerve"]
    assert review_state(condition.review, digest_of(condition)) == "draft"


def test_the_digest_of_all_changes_with_one_number(small_folder: Path) -> None:
    before = Library(small_folder).digest
    file = small_folder / "parameters" / "assessment_shrinkage.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("0.65", "0.66"), encoding="utf-8")
    assert Library(small_folder).digest != before


def test_coverage_counts_every_number_once(small_library: Library) -> None:
    coverage = coverage_of(small_library)
    assert coverage.numbers == {"counts": 7, "reported": 3, "assumed": 25}
    assert coverage.sources_read == {"full": 0, "abstract": 1, "excerpt": 0, "not_opened": 0}
    assert coverage.reviews == {"reviewed": 0, "draft": 10}
    assert coverage.entries["findings"] == 9
