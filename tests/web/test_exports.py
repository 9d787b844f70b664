import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from tests.web.test_wording import HIGHEST_GRADE, grade

from twitchwise.report import FORMS, form_named
from twitchwise.report.exports import Form

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]


def form(ending: str) -> Form:
    found = form_named(ending)
    assert found is not None
    return found


@pytest.mark.parametrize("known", FORMS, ids=lambda known: known.ending)
def test_each_form_is_sent_as_a_file_with_a_name_and_its_type(person: Person, known: Form) -> None:
    person.post("question/fasciculation", answer="present")
    response = person.get(f"report{known.ending}")
    assert response.status_code == 200
    assert response.headers["content-type"] == known.media_type
    assert response.headers["content-disposition"] == f'attachment; filename="{known.file}"'
    assert response.headers["cache-control"] == "no-store"


def test_the_files_hold_what_was_answered(person: Person) -> None:
    person.post("question/muscle_wasting", answer="present")
    assert person.get("report.pdf").content.startswith(b"%PDF")
    bundle = Bundle.model_validate_json(person.get("report.fhir.json").content)
    assert bundle.type == "collection"
    assert '"linkId": "muscle_wasting"' in person.get("report.fhir.json").text
    assert "HP:0003202" in person.get("report.phenopacket.json").text


def test_the_result_page_offers_every_form(person: Person, read: Read) -> None:
    page = read(person.get("result"))
    assert "Take it with you" in page.text
    for known in FORMS:
        assert person.url(f"report{known.ending}") in page.links
        assert known.good_for in page.text


def test_a_form_that_is_not_set_up_is_named_and_not_offered(
    person: Person, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchwise.report.exports.importlib.util.find_spec", lambda _: None)
    page = read(person.get("result"))
    assert person.url("report.pdf") not in page.links
    assert "PDF is not set up on this computer" in page.text
    assert person.url("report.fhir.json") in page.links


def test_a_form_whose_part_is_missing_is_one_sentence_and_no_fault(
    person: Person, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    response = person.get("report.pdf")
    assert response.status_code == 422
    assert "twitchwise[pdf]" in read(response).text


@pytest.mark.parametrize("ending", ["exe", "pdf.exe", "", "..", "zip", "PDF%00", "a" * 300])
def test_another_ending_is_not_found(person: Person, ending: str) -> None:
    assert person.get(f"report.{ending}").status_code == 404


def test_nothing_is_sent_before_the_emergency_signs_were_asked(newcomer: Person) -> None:
    response = newcomer.get("report.pdf")
    assert response.status_code == 303
    assert response.headers["location"].endswith("/emergency")


def test_a_recording_is_in_the_files_but_not_its_name_in_theirs(person: Person, emg_file: Path) -> None:
    with emg_file.open("rb") as content:
        sent = person.client.post(person.url("recording"), files={"files": ('../"x\r\n.csv', content)})
    assert sent.status_code == 303, sent.text
    assert person.measured().status_code == 200
    response = person.get("report.pdf")
    assert response.headers["content-disposition"] == f'attachment; filename="{form(".pdf").file}"'
    assert re.search(r'"resourceType": "Observation"', person.get("report.fhir.json").text)


def test_whom_each_form_is_for_is_said_in_plain_words() -> None:
    sentences = [part for known in FORMS for part in known.good_for.split(". ")]
    assert grade(sentences) <= HIGHEST_GRADE
