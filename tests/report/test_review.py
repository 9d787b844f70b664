"""Every form of a result says when no clinician has reviewed what it rests on, and stops saying it when one has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twitchwise.assess import Case
from twitchwise.examine import Examination, examine_case
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.digest import digest_of
from twitchwise.report import examination_as_html, examination_as_json, examination_as_text, summary_as_text
from twitchwise.report.wording import DRAFT

Printed = Callable[..., str]


@pytest.fixture
def reviewed(small_folder: Path) -> Examination:
    """An examination whose every condition was reviewed as it stands."""
    known = Library(small_folder)
    for name in known.conditions:
        file = small_folder / "conditions" / f"{name}.yaml"
        signed = f"{{state: reviewed, by: A B, on: 2026-11-22, of_digest: {digest_of(known.conditions[name])}}}"
        file.write_text(file.read_text(encoding="utf-8").replace("{state: draft}", signed), encoding="utf-8")
    return examine_case(Case(), [], Library(small_folder))


def test_a_draft_is_called_one_in_every_form(printed: Printed) -> None:
    examination = examine_case(Case(), [], library())
    assert examination_as_json(examination)["review"] == "draft"
    for text in (printed(examination_as_text(examination)), printed(summary_as_text(examination))):
        assert DRAFT in " ".join(text.split())
    assert DRAFT in examination_as_html(examination)


def test_what_was_reviewed_is_not_called_a_draft(reviewed: Examination, printed: Printed) -> None:
    assert examination_as_json(reviewed)["review"] == "reviewed"
    for text in (printed(examination_as_text(reviewed)), printed(summary_as_text(reviewed))):
        assert DRAFT not in " ".join(text.split())
