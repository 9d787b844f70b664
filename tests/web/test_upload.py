import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.web import guard
from twitchwise.web.routes.recording import MOST_RECORDINGS
from twitchwise.web.upload import ErasedSamples, main_file, safe_name

Person = Any
Read = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; whatever happens, none may be left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def test_a_recording_is_measured_and_listed(person: Person, emg_file: Path, read: Read) -> None:
    assert person.place_after(person.send(("calf.csv", emg_file.read_bytes()))) == "recording/measuring"
    page = read(person.measured())
    assert "calf.csv" in page.text
    assert "1 channel." in page.text
    assert "calf.csv" in read(person.get("check")).text
    assert person.place_after(person.get("recording/measuring")) == "recording#added"


def test_what_was_measured_stands_in_the_result(person: Person, emg_file: Path, read: Read) -> None:
    person.send(("calf.csv", emg_file.read_bytes()))
    person.measured()
    assert "per minute" in read(person.get("result")).text
    measured = {one["id"]: one for one in person.get("report.json").json()["measurements"]}
    assert measured["fasciculation_rate"]["low"] < 20 < measured["fasciculation_rate"]["high"]


def test_of_the_samples_nothing_is_kept(person: Person, app: FastAPI, emg_file: Path) -> None:
    person.send(("calf.csv", emg_file.read_bytes()))
    person.measured()
    (examined,) = app.state.visits.get(person.token).recordings
    assert isinstance(examined.recording.source, ErasedSamples)
    with pytest.raises(UnreadableRecordingError, match="before they are erased"):
        examined.recording.read(examined.recording.channels[0].name)


def test_a_big_file_takes_the_same_way(person: Person, emg_file: Path) -> None:
    # above 1 MB the form itself is kept in a temporary file
    text = emg_file.read_text()
    header, rows = text.split("\n", 1)
    big = "\n".join([header, *(f"{row}{' ' * 40}" for row in rows.splitlines())])
    assert len(big) > 2**20
    assert person.send(("calf.csv", big.encode())).status_code == 303
    assert person.measured().status_code == 200


def test_the_rate_can_be_given_where_the_file_does_not_say_it(person: Person, emg_file: Path, read: Read) -> None:
    volts = "\n".join(row.split(",")[1] for row in emg_file.read_text().splitlines()).encode()
    person.send(("calf.csv", volts))
    refused = person.measured()
    assert refused.status_code == 422
    assert "rate" in read(refused).text
    person.send(("calf.csv", volts), sampling_rate_hz="1000", unit="V")
    assert person.measured().status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.edf", b"this is no recording"),
        ("empty.csv", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("cut.edf", b"0       " + b" " * 200),
        ("table.csv", b"a,b\n1,x\n"),
        ("missing.hea", b"missing 1 1000 10\nmissing.dat 16 1000(0)/mV 16 0 0 0 0 emg\n"),
        ("nothing", b"\x00" * 5000),
        ("../../etc/passwd", b"root"),
        ("\u202efdc.exe", b"MZ"),
    ],
)
def test_a_bad_file_is_answered_with_one_sentence(
    person: Person, app: FastAPI, read: Read, scratch: Path, name: str, content: bytes
) -> None:
    assert person.send((name, content)).status_code == 303
    response = person.measured()
    assert response.status_code == 422
    page = read(response)
    assert page.title.startswith("Error: ")
    assert "This recording could not be used" in page.text
    assert str(scratch) not in response.text
    assert "Traceback" not in response.text
    assert not app.state.visits.get(person.token).recordings
    assert list(scratch.iterdir()) == []


def test_choosing_no_file_says_what_to_do(person: Person, read: Read) -> None:
    assert "go on without a recording" in read(person.send()).text
    assert person.send(("", b"")).status_code == 422
    assert person.post("recording", files="calf.csv").status_code == 422


@pytest.mark.parametrize(
    ("form", "field"), [({"sampling_rate_hz": "fast"}, "sampling_rate_hz"), ({"unit": "parsec"}, "unit")]
)
def test_a_slip_beside_the_file_is_named(
    person: Person, emg_file: Path, read: Read, form: dict[str, str], field: str
) -> None:
    response = person.send(("calf.csv", emg_file.read_bytes()), **form)
    assert response.status_code == 422
    assert f"{field}-error" in read(response).ids
    assert '<details class="nhsuk-details" open>' in response.text


def test_files_of_one_name_are_refused(person: Person, read: Read) -> None:
    response = person.send(("a/x.csv", b"1"), ("b/x.csv", b"2"))
    assert response.status_code == 422
    assert "different names" in read(response).text


def test_a_file_above_the_limit_is_refused(person: Person, monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    monkeypatch.setattr(guard, "LARGEST_UPLOAD_BYTES", 2**21)
    response = person.send(("long.csv", b"1\n" * 2**21))
    assert response.status_code == 413
    assert "up to 512 MB" in read(response).text


def test_too_many_files_at_once_are_refused(person: Person) -> None:
    assert person.send(*[(f"{number}.csv", b"1") for number in range(40)]).status_code == 400


def test_a_recording_can_be_removed(person: Person, app: FastAPI, emg_file: Path) -> None:
    person.send(("calf.csv", emg_file.read_bytes()))
    person.measured()
    assert person.place_after(person.post("recording/remove", place="0", name="calf.csv")) == "recording"
    assert not app.state.visits.get(person.token).recordings
    for place in ("0", "-1", "x", ""):
        assert person.post("recording/remove", place=place, name="calf.csv").status_code == 422


def test_a_tab_that_is_behind_removes_no_other_recording(person: Person, app: FastAPI, emg_file: Path) -> None:
    for name in ("calf.csv", "thigh.csv"):
        person.send((name, emg_file.read_bytes()))
        person.measured()
    for _ in range(2):  # the second press is of a tab that still shows both
        person.post("recording/remove", place="0", name="calf.csv")
    assert [one.recording.name for one in app.state.visits.get(person.token).recordings] == ["thigh.csv"]


def test_recordings_are_bounded(person: Person, app: FastAPI, emg_file: Path, read: Read) -> None:
    content = emg_file.read_bytes()
    person.send(("calf.csv", content))
    person.measured()
    visits = app.state.visits
    (examined,) = visits.get(person.token).recordings
    for _ in range(MOST_RECORDINGS - 1):
        visits.change(person.token, lambda visit: visit.with_recording(examined))
    response = person.send(("calf.csv", content))
    assert response.status_code == 422
    assert "are enough" in read(response).text


def test_without_room_on_the_disk_one_sentence_says_so(
    person: Person, emg_file: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("twitchwise.web.upload.shutil.copyfileobj", full)
    response = person.send(("calf.csv", emg_file.read_bytes()))
    assert response.status_code == 422
    assert "there must be room for the file" in read(response).text


@pytest.mark.parametrize(
    ("names", "main"),
    [
        (["a.dat", "a.hea"], "a.hea"),
        (["a_channels.tsv", "a_emg.json", "a_emg.edf"], "a_emg.edf"),
        (["a.txt"], "a.txt"),
        (["A.DAT", "A.HEA"], "A.HEA"),
    ],
)
def test_the_file_to_open_is_found_among_its_companions(names: list[str], main: str) -> None:
    assert main_file([Path(name) for name in names]).name == main


@pytest.mark.parametrize(
    "name", ["", ".", "..", "...", "/", "a/", "\\", "~", "con\x00.edf", "x" * 5000 + ".edf", "..\\..\\x"]
)
def test_a_name_leads_nowhere_else(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe not in {"", ".", ".."}
    assert len(safe) <= 120


@pytest.mark.shared_data
def test_a_real_recording_in_two_parts_is_measured(person: Person, shared_data: Path, read: Read) -> None:
    folder = shared_data / "emg" / "physionet_emgdb"
    parts = [(file.name, file.read_bytes()) for file in sorted(folder.glob("emg_healthy.*"))]
    assert len(parts) >= 2
    assert person.send(*parts).status_code == 303
    assert "WFDB" in read(person.measured()).text
    assert person.get("result").status_code == 200


@pytest.mark.shared_data
def test_a_real_text_export_is_measured(person: Person, shared_data: Path) -> None:
    content = (shared_data / "emg" / "biosppy_emg.txt").read_bytes()
    assert person.send(("biosppy_emg.txt", content)).status_code == 303
    assert person.measured().status_code == 200
