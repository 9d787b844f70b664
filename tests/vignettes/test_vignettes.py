"""Scenario tests that a clinician can read: each vignette file says what must come out."""

import io
from functools import cache

import pytest

from twitchwise.examine import Examination, examine_case
from twitchwise.examine.case_file import case_from_plain
from twitchwise.knowledge import library
from twitchwise.vocabulary import Urgency

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

KNOWN = library()


@cache
def examined(name: str) -> Examination:
    """Return what comes out for a vignette, which all its tests look at."""
    return examine_case(case_from_plain(KNOWN.vignettes[name].case, KNOWN.findings), [], KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN.vignettes))
def test_the_cause_is_among_the_first(name: str) -> None:
    vignette = KNOWN.vignettes[name]
    if vignette.expect.cause is None:
        assert vignette.role != "typical"
        return
    assessment = examined(name).assessment
    is_trigger = vignette.expect.cause in {cause.id for cause in assessment.contributors}
    ranked = [cause.id for cause in (assessment.contributors if is_trigger else assessment.causes)]
    assert vignette.expect.cause in ranked[: vignette.expect.within], ranked


@pytest.mark.parametrize("name", sorted(KNOWN.vignettes))
def test_the_urgency_lies_between_its_bounds(name: str) -> None:
    vignette = KNOWN.vignettes[name]
    level = examined(name).assessment.urgency.level
    assert (
        Urgency[vignette.expect.urgency_at_least.upper()] <= level <= Urgency[vignette.expect.urgency_at_most.upper()]
    )


@pytest.mark.parametrize("name", sorted(KNOWN.vignettes))
def test_the_report_never_says_what_must_not_be_said(name: str) -> None:
    from rich.console import Console  # noqa: PLC0415

    from twitchwise.report import examination_as_text  # noqa: PLC0415

    vignette = KNOWN.vignettes[name]
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(examination_as_text(examined(name)))
    # on one line, so that where it was wrapped does not matter
    said = " ".join(console.export_text().replace("│", " ").lower().split())
    assert len(said) > 100
    for phrase in (*vignette.expect.never_say, "you do not have", "you don't have"):
        assert phrase.lower() not in said
