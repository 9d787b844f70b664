"""A recording of a check that is measured can be watched, stopped and left, and no result lacks it without a word."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from tests.web.clinic import Clinic
from tests.web.holding import Held, wait_for

from twitchwise.diary import open_diary, start_diary
from twitchwise.examine import MeasuringOrder
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.knowledge import library
from twitchwise.web.measuring_view import left_in_words
from twitchwise.web.measurings import (
    LEAST_TOLD_S,
    MOST_AT_ONCE,
    MOST_IN_LINE,
    LineFullError,
    Measuring,
    MeasuringStore,
    Stage,
)
from twitchwise.web.rate_limits import MOST_AT_ONCE as MOST_AT_ONCE_ASKED
from twitchwise.web.routes.recording import MOST_RECORDINGS
from twitchwise.web.visit_store import IDLE_LIMIT_S, VisitNotFoundError, VisitStore

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


@pytest.fixture
def sending(person: Person, held: Held, emg_file: Path) -> Person:
    """Someone whose recording is half measured."""
    assert held.n_begun == 0
    assert person.place_after(person.send(("calf.csv", emg_file.read_bytes()))) == "recording/measuring"
    wait_for(lambda: states(person)[0]["share"] == 0.5)
    return person


def states(person: Person) -> list[dict[str, Any]]:
    return list(person.get("recording/status").json()["measurings"])


class TestWatching:
    def test_the_page_says_how_far_it_is_and_lets_one_stop_or_go_on(self, sending: Person, read: Read) -> None:
        answer = sending.get("recording/measuring")
        page = read(answer)
        assert "calf.csv It is being measured, and 50% is done." in page.text
        assert '<progress id="share-' in answer.text
        assert 'http-equiv="refresh"' in answer.text
        assert "Go on with the questions while this runs" in page.text
        assert sending.url("recording") in page.links

    def test_when_it_has_ended_the_page_leads_to_the_recordings(self, sending: Person, held: Held, read: Read) -> None:
        held.may_end.set()
        assert "calf.csv" in read(sending.measured()).text
        assert sending.place_after(sending.get("recording/measuring")) == "recording#added"
        assert sending.get("recording/status").json() == {"is_working": False, "measurings": []}

    def test_a_script_gets_the_address_and_each_refusal_as_json(self, person: Person, held: Held) -> None:
        wants = {"accept": "application/json"}
        files = {"files": ("calf.csv", b"1")}
        sent = person.client.post(person.url("recording"), files=files, headers=wants)
        assert sent.json() == {"url": person.url("recording/measuring")}
        refused = person.client.post(person.url("recording"), headers=wants)
        assert refused.status_code == 422
        assert refused.json() == {"field": "files", "error": "Choose a file, or go on without a recording."}
        assert held.n_ended == 0

    def test_with_every_question_answered_it_leads_to_the_answers(
        self, sending: Person, read: Read, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("twitchwise.web.visiting.next_page", lambda *_: None)
        page = read(sending.get("recording/measuring"))
        assert "Check my answers while this runs" in page.text
        assert sending.url("check") in page.links

    def test_time_left_is_told_once_it_can_be(self, tmp_path: Path) -> None:
        now_s = [0.0]
        folder = ScratchFolder()
        film, table = (
            Measuring(tmp_path / name, MeasuringOrder(), folder, lambda: now_s[0]) for name in ("a.mp4", "a.csv")
        )
        assert film.left_s is None
        for one in (film, table):
            one.stage, one.share = Stage.MEASURING, 0.25
        now_s[0] = LEAST_TOLD_S / 2
        assert film.left_s is None
        now_s[0] = 30.0
        assert film.left_s == pytest.approx(90.0)
        assert table.left_s is None  # its parts take times that nobody knows before
        folder.erase()

    @given(seconds=st.floats(0, 1e5))
    def test_time_left_is_never_told_as_much_shorter_than_it_is(self, seconds: float) -> None:
        said = left_in_words(seconds)
        minutes = next((int(word) for word in said.split() if word.isdigit()), 1)
        assert minutes * 60 >= seconds - 30


class TestGoingOn:
    def test_questions_are_answered_meanwhile_and_the_recording_is_taken_in(
        self, sending: Person, held: Held, app: FastAPI
    ) -> None:
        assert sending.post("question/fasciculation", answer="present").status_code == 303
        held.may_end.set()
        sending.measured()
        visit = app.state.visits.get(sending.token)
        assert visit.answers["fasciculation"] == "present"
        assert len(visit.recordings) == 1

    def test_a_result_says_that_a_recording_is_still_being_measured_until_it_takes_it_in(
        self, sending: Person, held: Held, read: Read
    ) -> None:
        sentence = "calf.csv is still being measured, so this result does not use it yet."
        page = read(sending.get("result"))
        assert sentence in page.text
        assert "You added no recording" not in page.text
        assert sending.url("recording/measuring") in page.links
        assert sentence in sending.get("report.json").json()["warnings"]
        assert sentence in sending.get("report.html").text
        assert "calf.csv" in read(sending.get("check")).text
        held.may_end.set()
        sending.measured()
        page = read(sending.get("result"))
        assert sentence not in page.text
        assert "per minute" in page.text
        assert sentence not in sending.get("report.json").json()["warnings"]

    def test_a_result_says_that_a_recording_could_not_be_measured(self, person: Person, read: Read) -> None:
        sentence = "notes.edf could not be measured, so this result does not use it."
        person.send(("notes.edf", b"this is no recording"))
        person.measured()
        assert sentence in read(person.get("result")).text
        assert sentence in person.get("report.json").json()["warnings"]
        assert "notes.edf" in read(person.get("check")).text

    def test_nothing_is_kept_in_the_diary_before_the_recording_is_in_the_result(
        self, sending: Person, held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TWITCHWISE_DIARY", str(tmp_path / "diary.sqlite"))
        start_diary(tmp_path / "diary.sqlite")
        assert "once all your recordings are measured" in sending.get("result").text
        assert sending.place_after(sending.post("keep")) == "recording/measuring"
        assert open_diary(tmp_path / "diary.sqlite").checks() == ()
        held.may_end.set()
        sending.measured()
        assert sending.post("keep").headers["location"] == "/diary#else"
        assert len(open_diary(tmp_path / "diary.sqlite").recordings()) == 1

    def test_a_recording_that_ends_while_a_result_is_made_is_not_missed_by_it(
        self, sending: Person, held: Held, read: Read, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        get = app.state.visits.get

        def ends_meanwhile(token: str) -> object:
            visit = get(token)
            held.may_end.set()
            wait_for(lambda: not app.state.measurings.of(token))
            return visit

        monkeypatch.setattr(app.state.visits, "get", ends_meanwhile)
        assert "calf.csv is still being measured" in read(sending.get("result")).text


class TestFailing:
    def test_it_is_told_once_as_an_error_and_listed_until_it_is_removed(self, person: Person, read: Read) -> None:
        person.send(("notes.edf", b"this is no recording"))
        assert person.measured().status_code == 422
        again = person.get("recording")
        assert again.status_code == 200
        assert "This recording could not be measured." in read(again).text
        (one,) = person.client.app.state.measurings.of(person.token)
        assert person.place_after(person.post("recording/stop", measuring=one.id)) == "recording/measuring"
        assert "notes.edf" not in person.get("recording").text
        assert "notes.edf" not in person.get("result").text

    def test_the_next_recording_takes_the_place_of_one_that_failed(
        self, person: Person, emg_file: Path, app: FastAPI
    ) -> None:
        person.send(("notes.edf", b"this is no recording"))
        person.measured()
        person.send(("calf.csv", emg_file.read_bytes()))
        assert person.measured().status_code == 200
        assert app.state.measurings.of(person.token) == ()

    def test_a_fault_of_the_program_is_one_sentence_too(
        self, person: Person, read: Read, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("twitchwise.web.measurings.measure_upload", broken)
        person.send(("a.csv", b"1"))
        assert "ZeroDivisionError; please report this" in read(person.measured()).text


class TestStopping:
    def test_stopping_ends_the_work_and_deletes_the_file(
        self, sending: Person, held: Held, app: FastAPI, scratch: Path
    ) -> None:
        (one,) = states(sending)
        for _ in range(2):  # twice is no mistake
            assert sending.place_after(sending.post("recording/stop", measuring=one["id"])) == "recording/measuring"
            assert list(scratch.iterdir()) == []
        wait_for(lambda: held.n_ended == 1)
        assert sending.place_after(sending.get("recording/measuring")) == "recording"
        assert app.state.visits.get(sending.token).recordings == ()
        assert sending.get("recording").status_code == 200

    def test_of_several_only_one_is_stopped(self, sending: Person, held: Held, emg_file: Path, app: FastAPI) -> None:
        sending.send(("thigh.csv", emg_file.read_bytes()))
        first, second = states(sending)
        sending.post("recording/stop", measuring=first["id"])
        assert [one["id"] for one in states(sending)] == [second["id"]]
        held.may_end.set()
        sending.measured()
        assert [one.recording.name for one in app.state.visits.get(sending.token).recordings] == ["thigh.csv"]

    def test_nobody_else_can_stop_it(self, sending: Person) -> None:
        other = sending.client.post("/visit").headers["location"].split("/")[2]
        sending.client.post(f"/visit/{other}/emergency", data={"signs": "none"})
        (one,) = states(sending)
        sending.client.post(f"/visit/{other}/recording/stop", data={"measuring": one["id"]})
        assert states(sending)[0]["id"] == one["id"]

    def test_erasing_the_visit_ends_the_work_and_deletes_the_file(
        self, sending: Person, held: Held, scratch: Path, app: FastAPI
    ) -> None:
        sending.post("erase")
        assert list(scratch.iterdir()) == []
        wait_for(lambda: held.n_ended == 1)
        assert len(app.state.visits) == 0
        assert app.state.measurings.of(sending.token) == ()

    def test_the_end_of_the_server_ends_the_work_and_deletes_the_file(
        self, sending: Person, held: Held, scratch: Path, app: FastAPI
    ) -> None:
        app.state.measurings.close()
        assert (held.n_begun, held.n_ended) == (1, 1)
        assert list(scratch.iterdir()) == []
        assert states(sending) == []


class TestLimits:
    def test_others_wait_in_line_and_the_page_says_so(
        self, sending: Person, held: Held, emg_file: Path, app: FastAPI, read: Read
    ) -> None:
        for number in range(MOST_AT_ONCE + 2):
            sending.send((f"{number}.csv", emg_file.read_bytes()))
        wait_for(lambda: held.n_begun == MOST_AT_ONCE)
        text = read(sending.get("recording/measuring")).text
        assert "It waits in line, and its turn is next." in text
        assert "It waits in line, and 1 other is before it." in text
        assert "It waits in line, and 2 others are before it." in text
        assert held.n_begun == MOST_AT_ONCE
        held.may_end.set()
        sending.measured()
        assert len(app.state.visits.get(sending.token).recordings) == MOST_AT_ONCE + 3

    def test_those_that_are_measured_count_as_recordings(self, person: Person, held: Held, read: Read) -> None:
        for number in range(MOST_RECORDINGS):
            assert person.send((f"{number}.csv", b"1")).status_code == 303
        refused = person.send(("one_more.csv", b"1"))
        assert refused.status_code == 422
        assert "are enough" in read(refused).text
        assert held.n_begun <= MOST_AT_ONCE

    def test_a_full_line_is_said_and_no_file_is_kept(
        self, person: Person, held: Held, app: FastAPI, read: Read, scratch: Path
    ) -> None:
        for number in range(MOST_AT_ONCE + MOST_IN_LINE):
            if number % MOST_RECORDINGS == 0:
                token = person.client.post("/visit").headers["location"].split("/")[2]
                person.client.post(f"/visit/{token}/emergency", data={"signs": "none"})
            files = {"files": ("a.csv", b"1")}
            assert person.client.post(f"/visit/{token}/recording", files=files).status_code == 303
            wait_for(lambda: held.n_begun >= min(MOST_AT_ONCE, number + 1))  # noqa: B023 - called at once
        refused = person.send(("a.csv", b"1"))
        assert refused.status_code == 422
        assert "Try again in a few minutes" in read(refused).text
        assert len(list(scratch.iterdir())) == MOST_AT_ONCE + MOST_IN_LINE
        app.state.measurings.close()

    def test_a_line_that_fills_up_while_a_file_is_sent_is_full(self, held: Held, tmp_path: Path) -> None:
        visits = VisitStore()
        store, token = MeasuringStore(visits, most_at_once=0, most_in_line=0), visits.open()
        folder = ScratchFolder()
        with pytest.raises(LineFullError):
            store.add(token, Measuring(tmp_path / "a.csv", MeasuringOrder(), folder))
        folder.erase()
        assert held.n_begun == 0

    @pytest.mark.parametrize("how", ["it expires", "others come"])
    def test_a_visit_that_is_dropped_takes_its_files_along(self, held: Held, how: str) -> None:
        now_s = [0.0]
        visits = VisitStore(lambda: now_s[0], most_visits=2)
        store, token, folder = MeasuringStore(visits), visits.open(), ScratchFolder()
        store.add(token, Measuring(folder.path / "a.csv", MeasuringOrder(), folder))
        wait_for(lambda: held.n_begun == 1)
        if how == "it expires":
            now_s[0] = IDLE_LIMIT_S + 1
            assert len(visits) == 0
        else:
            visits.open()
            visits.open()
        assert not folder.path.exists()
        assert store.of(token) == ()
        wait_for(lambda: held.n_ended == 1)

    def test_a_visit_that_is_erased_while_its_file_is_sent_is_measured_for_nobody(self, held: Held) -> None:
        visits = VisitStore()
        store, folder = MeasuringStore(visits), ScratchFolder()
        with pytest.raises(VisitNotFoundError):
            store.add("erased", Measuring(folder.path / "a.csv", MeasuringOrder(), folder))
        assert not folder.path.exists()
        assert store.of("erased") == ()
        assert held.n_begun == 0


class TestSharedServer:
    def test_who_has_not_signed_in_sends_and_stops_nothing(self, clinic: Clinic, held: Held) -> None:
        token = clinic.app.state.visits.open()
        clinic.app.state.visits.change(token, lambda visit: visit.with_signs(frozenset(), library().findings))
        with clinic.browser() as browser:
            sent = browser.post(f"/visit/{token}/recording", files={"files": ("a.csv", b"1")})
            assert sent.status_code == 403
            asked = browser.get(f"/visit/{token}/recording/status", headers={"accept": "application/json"})
            assert asked.status_code == 401
        assert (clinic.app.state.measurings.of(token), held.n_begun) == ((), 0)

    def test_a_foreign_page_sends_and_stops_nothing(self, clinic: Clinic, held: Held) -> None:
        with clinic.signed_in() as browser:
            visit = browser.post("/visit").headers["location"].rsplit("/", 1)[0]
            browser.post(f"{visit}/emergency", data={"signs": "none"})
            files, foreign = {"files": ("a.csv", b"1")}, {"sec-fetch-site": "cross-site"}
            assert browser.post(f"{visit}/recording", files=files, headers=foreign).status_code == 403
            assert held.n_begun == 0
            assert browser.post(f"{visit}/recording", files=files).status_code == 303
            (one,) = clinic.app.state.measurings.of(visit.split("/")[2])
            stopped = browser.post(f"{visit}/recording/stop", data={"measuring": one.id}, headers=foreign)
            assert stopped.status_code == 403
            assert browser.get(f"{visit}/recording/status").json()["is_working"]

    def test_sending_and_asking_count_for_the_limit_of_requests(self, clinic: Clinic, held: Held) -> None:
        with clinic.signed_in() as browser:
            visit = browser.post("/visit").headers["location"].rsplit("/", 1)[0]
            browser.post(f"{visit}/emergency", data={"signs": "none"})
            files = {"files": ("a.csv", b"1")}
            assert browser.post(f"{visit}/recording", files=files).status_code == 303
            asked = {browser.get(f"{visit}/recording/status").status_code for _ in range(int(MOST_AT_ONCE_ASKED))}
            assert asked == {200, 429}
            assert browser.post(f"{visit}/recording", files=files).status_code == 429
        wait_for(lambda: held.n_begun == 1)
