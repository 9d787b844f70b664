"""Which page comes next: by worth, never twice, and with an end."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.assess import Observation, Question
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import FindingState
from twitchwise.web.order import fits
from twitchwise.web.path import RARELY_MORE, is_page, next_page, number_of, page_before, page_named
from twitchwise.web.visit import Visit

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

KNOWN = library()


def begun(known: Library) -> Visit:
    return Visit().with_signs(frozenset(), known.findings)


def everything_is_worth_asking(folder: Path) -> Library:
    file = folder / "parameters" / "question_least_worth.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 0.02", "value: 0"), encoding="utf-8")
    return Library(folder)


def answered(visit: Visit, page: Question, answer: str, known: Library) -> Visit:
    numbers = {finding.id: "1" for finding in page.findings if finding.answer is Answer.NUMBER}
    return visit.with_answers(page.id, {**{finding.id: answer for finding in page.findings}, **numbers}, known.findings)


def test_the_first_page_is_what_is_worth_most(small_library: Library) -> None:
    page = next_page(begun(small_library), small_library)
    assert page is not None
    assert page.id == "twitch"


def test_i_do_not_know_counts_as_asked(small_library: Library) -> None:
    visit = begun(small_library).with_answers("twitch", {"twitch": "not_assessed"}, small_library.findings)
    page = next_page(visit, small_library)
    assert page is None or page.id != "twitch"


def test_what_was_told_in_own_words_is_not_asked(small_library: Library) -> None:
    told = {"twitch": Observation(finding="twitch", state=FindingState.PRESENT)}
    visit = begun(small_library).with_text("x", small_library.findings).with_told(told, small_library.findings)
    page = next_page(visit, small_library)
    assert page is None or page.id != "twitch"


def test_what_follows_from_an_answer_is_not_asked(small_folder: Path) -> None:
    file = small_folder / "findings" / "drops.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "implies: [weak]\n", encoding="utf-8")
    known = everything_is_worth_asking(small_folder)
    visit = begun(known).with_answers("drops", {"drops": "present"}, known.findings)
    while (page := next_page(visit, known)) is not None:
        assert page.id != "weak"
        visit = answered(visit, page, "absent", known)


def test_a_rival_of_what_is_there_is_not_asked_whichever_file_names_it(small_folder: Path) -> None:
    file = small_folder / "findings" / "strong.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("excludes: [stiff]\n", ""), encoding="utf-8")
    known = everything_is_worth_asking(small_folder)
    visit = begun(known).with_answers("stiff", {"stiff": "present"}, known.findings)
    while (page := next_page(visit, known)) is not None:
        assert page.id != "strong"
        visit = answered(visit, page, "not_assessed", known)


@given(answers=st.lists(st.sampled_from(["present", "absent", "not_assessed"]), min_size=20, max_size=20))
@settings(max_examples=10)
def test_every_path_ends_and_no_page_comes_twice(answers: list[str]) -> None:
    visit, seen = begun(KNOWN).with_person(44, None), []
    while (page := next_page(visit, KNOWN)) is not None:
        assert all(finding.id not in visit.answers for finding in page.findings)
        assert {finding.id for finding in page.findings} <= _shown(page.id, visit)
        seen.append({finding.id for finding in page.findings})
        answer = answers[len(seen) % len(answers)]
        visit = answered(visit, page, answer if not page.is_checklist else "absent", KNOWN)
        assert len(seen) < len(KNOWN.findings)
    assert sum(map(len, seen)) == len({name for names in seen for name in names})


def test_what_is_said_to_be_rare_is() -> None:
    """One in twenty vignettes answers as a person who has what it says and nothing else."""
    lengths = [_pages_needed(one.case.get("findings", {})) for one in [*KNOWN.vignettes.values()][::20]]
    assert len(lengths) > 10
    assert sum(length > RARELY_MORE for length in lengths) <= len(lengths) / 10


def _pages_needed(told: dict[str, object]) -> int:
    there = {name for name, said in told.items() if said == "present"}
    visit = Visit().with_signs(frozenset(there), KNOWN.findings).with_person(None, None)
    while (page := next_page(visit, KNOWN)) is not None:
        answers = {
            one.id: "30" if one.answer is Answer.NUMBER else "present" if one.id in there else "absent"
            for one in page.findings
        }
        visit = visit.with_answers(page.id, answers, KNOWN.findings)
    return len(visit.pages)


def _shown(name: str, visit: Visit) -> set[str]:
    page = page_named(name, visit, KNOWN)
    return set() if page is None else {finding.id for finding in page.findings}


def test_a_checklist_shows_what_fits_and_what_was_answered_on_it(talking: Library) -> None:
    visit = begun(talking)
    page = page_named("habits", visit, talking)
    assert page is not None
    assert page.is_checklist
    assert [finding.id for finding in page.findings] == ["coffee", "tea"]
    visit = visit.with_answers("habits", {"coffee": "present", "tea": "absent"}, talking.findings)
    assert page_named("habits", visit, talking) == page


def test_a_checklist_does_not_ask_again_what_is_known_from_elsewhere(talking: Library) -> None:
    visit = begun(talking).with_answers("coffee", {"coffee": "present"}, talking.findings)
    page = page_named("habits", visit, talking)
    assert page is not None
    assert [finding.id for finding in page.findings] == ["tea"]
    assert page.is_checklist
    visit = visit.with_answers("tea", {"tea": "absent"}, talking.findings)
    assert page_named("habits", visit, talking) is None


@pytest.mark.parametrize(
    ("name", "expected"), [("twitch", True), ("habits", True), ("choking", False), ("rate", False), ("x", False)]
)
def test_only_questions_and_checklists_have_pages(small_library: Library, name: str, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_page(name, small_library) is expected


def test_pages_are_numbered_in_the_order_of_answering(small_library: Library) -> None:
    visit = begun(small_library)
    assert (number_of("weak", visit), page_before("weak", visit)) == (1, None)
    for name in ("weak", "twitch"):
        visit = visit.with_answers(name, {name: "absent"}, small_library.findings)
    assert [number_of(name, visit) for name in ("weak", "twitch", "drops")] == [1, 2, 3]
    assert [page_before(name, visit) for name in ("weak", "twitch", "drops")] == [None, "weak", "twitch"]


def test_no_page_is_left_open_that_does_not_fit(small_library: Library) -> None:
    visit = begun(small_library).with_answers("twitch", {"twitch": "absent"}, small_library.findings)
    assert not fits(small_library.findings["stiff"], visit.case(small_library.findings), small_library.findings)
