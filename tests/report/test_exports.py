import datetime as dt
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from twitchwise.examine import Examination, ExaminedRecording, examine_recording, read_phenopacket
from twitchwise.formats import read_recording, write_edf
from twitchwise.knowledge import Library
from twitchwise.report import (
    FORMS,
    examination_as_phenopacket,
    exported,
    form_named,
    recording_as_phenopacket,
    require_form,
    today,
    write_exports,
)
from twitchwise.report.exports import Form, form_of
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import FindingState, MissingExtraError, OutOfRangeError

Visit = Callable[..., Examination]
DAY = dt.date(2026, 11, 29)
STARTS = {
    ".pdf": b"%PDF-1.7",
    ".html": b"<!DOCTYPE html>",
    ".json": b"{",
    ".fhir.json": b"{",
    ".phenopacket.json": b"{",
}


@pytest.fixture
def full(visit: Visit, examined: ExaminedRecording) -> Examination:
    """A visit with an answer and a recording."""
    return visit({"fasciculation": "present"}, examined)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> ExaminedRecording:
    """A simulated recording that was written and measured."""
    file = tmp_path_factory.mktemp("recording") / "calf left.edf"
    write_edf(simulate_condition("caffeine", duration_s=30.0, seed=3).recording, file)
    return examine_recording(file)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.ending)
def test_each_form_is_made_of_a_visit_and_of_a_recording(form: Form, full: Examination) -> None:
    assert form_named(form.ending) is form
    for thing in (full, full.recordings[0]):
        content = exported(thing, form, made_on=DAY)
        assert content.startswith(STARTS[form.ending])
        assert content == exported(thing, form, made_on=DAY)


@pytest.mark.parametrize(
    ("file", "ending"),
    [
        ("a.pdf", ".pdf"),
        ("A.PDF", ".pdf"),
        ("a.json", ".json"),
        ("a.fhir.json", ".fhir.json"),
        ("a.b.phenopacket.json", ".phenopacket.json"),
        ("a.html", ".html"),
    ],
)
def test_the_ending_says_the_form(file: str, ending: str) -> None:
    assert form_of(Path(file)).ending == ending


def test_an_ending_that_is_not_known_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match=r"\.pdf, \.html, \.fhir\.json, .* got .*a\.doc"):
        require_form(tmp_path / "a.doc")
    with pytest.raises(OutOfRangeError, match="must lie in a folder that exists"):
        require_form(tmp_path / "none" / "a.pdf")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutOfRangeError, match="got the file"):
        require_form(tmp_path / "file")


def test_a_folder_gets_every_form(full: Examination, tmp_path: Path) -> None:
    said = write_exports(full, tmp_path / "out", made_on=DAY)
    assert said == (f"The report is in {tmp_path / 'out'}, in 5 files",)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {form.file for form in FORMS}


def test_an_archive_holds_the_same_bytes_each_time(full: Examination, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_exports(full, tmp_path / name, made_on=DAY)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert set(archive.namelist()) == {form.file for form in FORMS}
        assert json.loads(archive.read("twitchwise-result.json"))["case"]["findings"]["fasciculation"] == "present"


def test_a_recording_goes_along_only_where_it_was_allowed(real: ExaminedRecording, tmp_path: Path) -> None:
    write_exports(real, tmp_path / "without.zip")
    said = write_exports(real, tmp_path / "with", with_recordings=True)
    assert not any("recordings/" in name for name in zipfile.ZipFile(tmp_path / "without.zip").namelist())
    assert len(said) == 1
    file = tmp_path / "with" / "recordings" / "1_calf_left.edf"
    again = read_recording(file)
    assert [channel.name for channel in again.channels] == [channel.name for channel in real.recording.channels]


def test_what_cannot_be_written_is_left_out_and_said(full: Examination, tmp_path: Path) -> None:
    said = write_exports(full, tmp_path / "out.zip", with_recordings=True)
    assert any("Left out: the recording" in line for line in said[1:])
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "twitchwise-report.pdf" in archive.namelist()


def test_a_data_set_of_another_kind_is_not_mixed_into(real: ExaminedRecording, tmp_path: Path) -> None:
    other = tmp_path / "out" / "bids" / "sub-07"
    other.mkdir(parents=True)
    (other / "theirs.txt").write_text("theirs")
    said = write_exports(real, tmp_path / "out", with_bids=True)
    assert any("Left out: the BIDS data set. bids must be a new folder" in line for line in said)
    assert [file.name for file in (tmp_path / "out" / "bids").rglob("*") if file.is_file()] == ["theirs.txt"]


def test_a_data_set_in_an_archive_is_the_same_bytes_each_time(real: ExaminedRecording, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        assert len(write_exports(real, tmp_path / name, made_on=DAY, with_bids=True)) == 1
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_missing_part_is_left_out_of_a_folder_and_refused_alone(
    full: Examination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    said = write_exports(full, tmp_path / "out")
    assert any("twitchwise[pdf]" in line for line in said)
    assert not (tmp_path / "out" / "twitchwise-report.pdf").exists()
    with pytest.raises(MissingExtraError):
        write_exports(full, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_the_day_is_that_of_the_environment_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert today() == dt.date(1970, 1, 2)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert today() >= dt.date(2026, 1, 1)


class TestPhenopacket:
    def test_it_holds_the_measurements_beside_the_findings(self, full: Examination) -> None:
        packet = examination_as_phenopacket(full, made_on=DAY)
        assert packet["phenotypicFeatures"]
        sizes = [one for one in packet["measurements"] if one["assay"]["id"] == "twitchwise:fasciculation_amplitude"]
        assert sizes[0]["value"]["quantity"] == {"unit": {"id": "UCUM:V", "label": "V"}, "value": 1.2e-4}
        assert "95 % interval 9e-05 to 0.00015" in sizes[0]["description"]
        assert "Not to be leaned on: samples are clipped" in sizes[0]["description"]
        prefixes = {one["namespacePrefix"] for one in packet["metaData"]["resources"]}
        assert {"HP", "UCUM", "twitchwise"} <= prefixes
        assert packet["metaData"]["created"] == "2026-11-29T00:00:00Z"

    def test_what_is_read_back_are_the_findings(self, visit: Visit, known: Library) -> None:
        packet = examination_as_phenopacket(visit({"fasciculation": "present", "tremor": "absent"}))
        case = read_phenopacket(json.dumps(packet), known)
        assert case.state("fasciculation") is FindingState.PRESENT
        assert case.state("tremor") is FindingState.ABSENT
        assert "measurements" not in packet

    def test_a_recording_alone_has_measurements_alone(self, examined: ExaminedRecording) -> None:
        packet = recording_as_phenopacket(examined)
        assert packet["phenotypicFeatures"] == []
        assert len(packet["measurements"]) == len(examined.result.measurements)
