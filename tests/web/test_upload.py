import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.web import guard
from twitchwise.web.routes.recording import MOST_RECORDINGS
from twitchwise.web.upload import ErasedSamples, examine_upload, main_file, safe_name

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


def send(person: Person, *files: tuple[str, bytes], **form: str) -> Any:  # noqa: ANN401 - the client's own type
    parts = [("files", file) for file in files]
    return person.client.post(person.url("recording"), files=parts, data=form)


def test_a_recording_is_measured_and_listed(person: Person, emg_file: Path, read: Read) -> None:
    assert person.place_after(send(person, ("calf.csv", emg_file.read_bytes()))) == "recording#added"
    page = read(person.get("recording"))
    assert "calf.csv" in page.text
    assert "1 channel." in page.text
    assert "calf.csv" in read(person.get("check")).text


def test_what_was_measured_stands_in_the_result(person: Person, emg_file: Path, read: Read) -> None:
    send(person, ("calf.csv", emg_file.read_bytes()))
    assert "per minute" in read(person.get("result")).text
    measured = {one["id"]: one for one in person.get("report.json").json()["measurements"]}
    assert measured["fasciculation_rate"]["low"] < 20 < measured["fasciculation_rate"]["high"]


def test_of_the_samples_nothing_is_kept(person: Person, app: FastAPI, emg_file: Path) -> None:
    send(person, ("calf.csv", emg_file.read_bytes()))
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
    assert send(person, ("calf.csv", big.encode())).status_code == 303


def test_the_rate_can_be_given_where_the_file_does_not_say_it(person: Person, emg_file: Path, read: Read) -> None:
    volts = "\n".join(row.split(",")[1] for row in emg_file.read_text().splitlines()).encode()
    refused = send(person, ("calf.csv", volts))
    assert refused.status_code == 422
    assert "rate" in read(refused).text
    assert send(person, ("calf.csv", volts), sampling_rate_hz="1000", unit="V").status_code == 303


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
    response = send(person, (name, content))
    assert response.status_code == 422
    page = read(response)
    assert page.title.startswith("Error: ")
    assert "This recording could not be used" in page.text
    assert str(scratch) not in response.text
    assert "Traceback" not in response.text
    assert not app.state.visits.get(person.token).recordings


def test_choosing_no_file_says_what_to_do(person: Person, read: Read) -> None:
    assert "go on without a recording" in read(send(person)).text
    assert send(person, ("", b"")).status_code == 422
    assert person.post("recording", files="calf.csv").status_code == 422


@pytest.mark.parametrize(
    ("form", "field"), [({"sampling_rate_hz": "fast"}, "sampling_rate_hz"), ({"unit": "parsec"}, "unit")]
)
def test_a_slip_beside_the_file_is_named(
    person: Person, emg_file: Path, read: Read, form: dict[str, str], field: str
) -> None:
    response = send(person, ("calf.csv", emg_file.read_bytes()), **form)
    assert response.status_code == 422
    assert f"{field}-error" in read(response).ids
    assert '<details class="nhsuk-details" open>' in response.text


def test_files_of_one_name_are_refused(person: Person, read: Read) -> None:
    response = send(person, ("a/x.csv", b"1"), ("b/x.csv", b"2"))
    assert response.status_code == 422
    assert "different names" in read(response).text


def test_a_file_above_the_limit_is_refused(person: Person, monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    monkeypatch.setattr(guard, "LARGEST_UPLOAD_BYTES", 2**21)
    response = send(person, ("long.csv", b"1\n" * 2**21))
    assert response.status_code == 413
    assert "up to 512 MB" in read(response).text


def test_too_many_files_at_once_are_refused(person: Person) -> None:
    assert send(person, *[(f"{number}.csv", b"1") for number in range(40)]).status_code == 400


def test_a_recording_can_be_removed(person: Person, app: FastAPI, emg_file: Path) -> None:
    send(person, ("calf.csv", emg_file.read_bytes()))
    assert person.place_after(person.post("recording/remove", place="0")) == "recording"
    assert not app.state.visits.get(person.token).recordings
    for place in ("0", "-1", "x", ""):
        assert person.post("recording/remove", place=place).status_code == 422


def test_recordings_are_bounded(person: Person, app: FastAPI, emg_file: Path, read: Read) -> None:
    content = emg_file.read_bytes()
    send(person, ("calf.csv", content))
    visits = app.state.visits
    (examined,) = visits.get(person.token).recordings
    for _ in range(MOST_RECORDINGS - 1):
        visits.change(person.token, lambda visit: visit.with_recording(examined))
    response = send(person, ("calf.csv", content))
    assert response.status_code == 422
    assert "are enough" in read(response).text


def test_a_visit_that_is_erased_while_its_recording_is_measured_stays_erased(
    person: Person, app: FastAPI, emg_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_meanwhile(*files: Any, **options: Any) -> Any:  # noqa: ANN401 - passed through
        app.state.visits.erase(person.token)
        return examine_upload(*files, **options)

    monkeypatch.setattr("twitchwise.web.routes.recording.examine_upload", erase_meanwhile)
    assert send(person, ("calf.csv", emg_file.read_bytes())).status_code == 404
    assert len(app.state.visits) == 0


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
    assert send(person, *parts).status_code == 303
    assert "WFDB" in read(person.get("recording")).text
    assert person.get("result").status_code == 200


@pytest.mark.shared_data
def test_a_real_text_export_is_measured(person: Person, shared_data: Path) -> None:
    content = (shared_data / "emg" / "biosppy_emg.txt").read_bytes()
    assert send(person, ("biosppy_emg.txt", content)).status_code == 303
