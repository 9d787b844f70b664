import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitchwise.cli.reports import LanguageChoice
from twitchwise.formats import write_edf
from twitchwise.report.languages import LANGUAGES
from twitchwise.simulate import simulate_condition

Run = Callable[..., Any]
CASE = "findings:\n  fasciculation: present\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file."""
    file = tmp_path / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A simulated recording."""
    file = tmp_path / "calf.edf"
    write_edf(simulate_condition("caffeine", duration_s=30.0, seed=3).recording, file)
    return file


def test_a_check_is_written_in_each_form_that_is_asked_for(run: Run, case: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.pdf", "a.html", "a.json", "a.fhir.json", "a.phenopacket.json")]
    done = run("check", case, "--json", *(part for file in files for part in ("--report", file)))
    assert done.code == 0, done.err
    assert files[0].read_bytes().startswith(b"%PDF")
    assert files[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(files[2].read_text(encoding="utf-8")) == json.loads(done.out)
    assert json.loads(files[3].read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    assert json.loads(files[4].read_text(encoding="utf-8"))["phenotypicFeatures"]
    assert all(f"The report is in {file}" in done.err for file in files)


def test_all_forms_go_to_a_folder_with_the_recordings_where_that_is_asked_for(
    run: Run, case: Path, recording: Path, tmp_path: Path
) -> None:
    done = run("check", case, "--recording", recording, "--report", tmp_path / "out", "--with-recordings", "--json")
    assert done.code == 0, done.err
    assert (tmp_path / "out" / "recordings" / "1_calf.edf").is_file()
    assert (tmp_path / "out" / "twitchwise-report.pdf").is_file()


def test_the_recordings_go_along_as_a_bids_data_set_where_that_is_asked_for(
    run: Run, case: Path, recording: Path, tmp_path: Path
) -> None:
    for _ in range(2):  # a report may be written again to its place
        done = run("check", case, "--recording", recording, "--report", tmp_path / "out", "--with-bids", "--json")
        assert done.code == 0, done.err
        assert "Left out" not in done.err
    assert (tmp_path / "out/bids/sub-01/emg/sub-01_task-recording_acq-calf_emg.edf").is_file()
    assert not (tmp_path / "out/recordings").exists()
    done = run("measure", recording, "--report", tmp_path / "a.zip", "--with-bids", "--with-recordings", "--json")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {"bids/dataset_description.json", "recordings/1_calf.edf"} < set(archive.namelist())


def test_a_recording_is_written_to_an_archive(run: Run, recording: Path, tmp_path: Path) -> None:
    done = run("measure", recording, "--report", tmp_path / "a.zip", "--json")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert json.loads(archive.read("twitchwise-result.json")) == json.loads(done.out)
        assert not any(name.startswith("recordings/") for name in archive.namelist())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--report", "a.doc"), "end in .pdf"),
        (("--report", "none/a.pdf"), "in a folder that exists"),
        (("--report", "a.pdf", "--with-recordings"), "must come with a --report that is a folder"),
        (("--with-recordings",), "--with-recordings must come with a --report that is a folder"),
        (("--with-bids", "--report", "a.json"), "--with-bids must come with a --report that is a folder"),
    ],
)
def test_a_place_that_cannot_be_is_refused_before_the_work(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("twitchwise.cli.check.examine_files", pytest.fail)
    done = run("check", case, *options)
    assert done.code == 2
    assert said in done.err


def test_the_same_day_gives_the_same_file(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764374400")
    for name in ("a.pdf", "b.pdf"):
        assert run("check", case, "--report", tmp_path / name, "--json").code == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert b"D:20251129" in (tmp_path / "a.pdf").read_bytes()


def test_the_languages_offered_are_those_of_the_catalogs() -> None:
    assert {one.value for one in LanguageChoice} == set(LANGUAGES)


def test_a_report_comes_in_the_language_that_is_asked_for(run: Run, case: Path, tmp_path: Path) -> None:
    done = run("check", case, "--report", tmp_path / "a.html", "--report", tmp_path / "a.pdf", "--language", "de")
    assert done.code == 0, done.err
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "Zuckung" in page
    assert "Was Sie dem Arzt oder der Ärztin sagen sollten" in page
    assert "What to tell a doctor" in done.out  # the terminal stays English
