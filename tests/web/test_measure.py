"""The pages that look through a recording: opened, drawn, judged, taken along and erased, and never more than asked."""

import json
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.knowledge import library
from twitchwise.web import application
from twitchwise.web.looks import MOST_LOOKS, LookStore
from twitchwise.web.visit_store import IDLE_LIMIT_S

Read = Callable[[Any], Any]
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> Iterator[Path]:
    """Where temporary files go; once all is erased, none may be left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    if hasattr(app.state, "looks"):
        app.state.looks.erase_all()
    assert list(folder.iterdir()) == []


def opened(client: TestClient, **form: str) -> str:
    response = client.post("/measure", data=form)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def measured(client: TestClient, url: str) -> dict[str, Any]:
    until_s = time.monotonic() + PATIENCE_S
    while (status := client.get(f"{url}/status").json())["is_working"]:
        assert time.monotonic() < until_s, "measuring has no end"
        time.sleep(0.02)
    return dict(status)


@pytest.fixture
def url(client: TestClient, emg_file: Path) -> str:
    """The address of a recording that is measured: ten pulses in half a minute."""
    url = opened(client, path=str(emg_file))
    assert measured(client, url)["phase"] == "measured"
    return url


def test_a_recording_is_sent_measured_and_shown(client: TestClient, emg_file: Path, read: Read) -> None:
    response = client.post("/measure", files=[("files", ("calf.csv", emg_file.read_bytes()))])
    assert response.status_code == 303
    url = response.headers["location"]
    measured(client, url)
    page = client.get(url)
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "calf.csv" in read(page).title
    assert "per minute" in read(page).text
    assert page.text.count("one-event") == 10


def test_a_script_gets_the_address_and_each_refusal_as_json(client: TestClient, emg_file: Path) -> None:
    wants = {"accept": "application/json"}
    files = [("files", ("calf.csv", emg_file.read_bytes()))]
    url = client.post("/measure", files=files, headers=wants).json()["url"]
    assert client.get(url).status_code == 200
    refused = client.post("/measure", files=[("files", ("a.edf", b"no recording"))], headers=wants)
    assert refused.status_code == 422
    assert refused.json()["field"] == "files"
    assert "could not be used" in refused.json()["error"]


def test_a_path_is_opened_where_it_is_and_not_copied(client: TestClient, emg_file: Path, scratch: Path) -> None:
    url = opened(client, path=str(emg_file))
    measured(client, url)
    assert [file for folder in scratch.iterdir() for file in folder.iterdir()] == []
    client.post(f"{url}/erase")
    assert emg_file.exists()


@pytest.mark.parametrize("host", ["192.168.1.5", "0.0.0.0", "example.org"])  # noqa: S104 - no address to bind to
def test_no_path_is_opened_where_others_could_ask(app: FastAPI, emg_file: Path, host: str) -> None:
    async def elsewhere(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await app({**scope, "server": (host, 8000)}, receive, send)

    with TestClient(elsewhere, base_url="http://127.0.0.1:8321", follow_redirects=False) as client:
        assert 'name="path"' not in client.get("/measure").text
        refused = client.post("/measure", data={"path": str(emg_file)})
        assert refused.status_code == 422
        assert "only on the computer that they are on" in refused.text


@pytest.mark.parametrize(
    "typed", ["calf.csv", "/nowhere/calf.csv", "/", "a\0b", "/" + "x" * 3000, "~nobody/x", "/dev/zero"]
)
def test_what_is_no_file_is_one_sentence(client: TestClient, typed: str) -> None:
    response = client.post("/measure", data={"path": typed})
    assert response.status_code == 422
    assert "whole path" in response.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hold_up_the_program(client: TestClient, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.edf")
    assert client.post("/measure", data={"path": str(tmp_path / "pipe.edf")}).status_code == 422


@pytest.mark.parametrize(
    "form", [{}, {"path": " "}, {"path": "/x", "unit": "furlong"}, {"path": "/x", "sampling_rate_hz": "fast"}]
)
def test_a_form_that_is_not_filled_in_well_is_shown_again(client: TestClient, form: dict[str, str], read: Read) -> None:
    response = client.post("/measure", data=form)
    assert response.status_code == 422
    assert read(response).title.startswith("Error: ")


@pytest.mark.parametrize("name", ["a.edf", "a.csv", "a.mp4", "a.zip", "a.mat", "a.bdf", "a.json", "../../a.hea"])
def test_malformed_files_are_refused_in_a_sentence_that_names_no_folder(
    client: TestClient, name: str, scratch: Path
) -> None:
    response = client.post("/measure", files=[("files", (name, b"\x00\x01broken" * 90))])
    if response.status_code == 303:  # a film is looked into beside
        url = response.headers["location"]
        assert measured(client, url)["phase"] == "not_measured"
        response = client.get(url)
        assert response.status_code == 200
        for place in ("channels", "events", "export/events.tsv", "export/recording.edf", "export/bids.zip"):
            assert client.get(f"{url}/{place}").status_code == 409
        assert client.get(f"{url}/traces?start_s=0&stop_s=1&pixels=5&channels=0").status_code == 422
    else:
        assert response.status_code == 422
    assert str(scratch) not in response.text


def values(client: TestClient, url: str, query: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    response = client.get(f"{url}/traces?{query}")
    assert response.status_code == 200, response.text
    return np.frombuffer(response.content, dtype="<f4")


def test_traces_are_the_least_and_greatest_values_as_they_lie_in_the_file(
    client: TestClient, url: str, emg_file: Path
) -> None:
    samples = read_recording(emg_file).read("emg", 2.0, 12.0)
    least, greatest = values(client, url, "start_s=2&stop_s=12&pixels=100&channels=0").reshape(2, 100)
    np.testing.assert_array_equal(least, samples.reshape(100, 100).min(axis=1).astype(np.float32))
    np.testing.assert_array_equal(greatest, samples.reshape(100, 100).max(axis=1).astype(np.float32))
    assert client.get(f"{url}/traces?start_s=2&stop_s=12&pixels=100&channels=0").headers["x-exact"] == "1"


def judge(client: TestClient, url: str, **form: str) -> Any:  # noqa: ANN401 - the client's own type
    return client.post(f"{url}/events", data=form, headers={"accept": "application/json"})


def test_counts_follow_what_is_accepted_rejected_and_added(client: TestClient, url: str) -> None:
    known = client.get(f"{url}/events").json()
    first, second = (event["id"] for event in known["events"][:2])
    known = judge(client, url, do="judge", **{f"event-{first}": "rejected", f"event-{second}": "accepted"}).json()
    assert known["tallies"][0]["count"] == "9 (1 rejected by hand)"
    known = judge(client, url, do="add", time_s="6,5", channel="0", kind="fasciculation_potential").json()
    assert known["tallies"][0]["count"] == "10 (1 added by hand, 1 rejected by hand)"
    assert [event["verdict"] for event in known["events"][:2]] == ["rejected", "accepted"]
    judge(client, url, do="undo")
    known = judge(client, url, do="undo").json()
    assert known["tallies"][0]["count"] == "10"
    assert not known["can_undo"]


def test_without_a_script_the_same_is_done_by_forms(client: TestClient, url: str, read: Read) -> None:
    response = client.post(f"{url}/events", data={"do": "judge", "event-f1": "rejected", "page": "1"})
    assert response.headers["location"] == f"{url}?events=1#events"
    page = client.get(url)
    assert 'value="rejected" checked' in page.text
    assert "1 rejected by hand" in read(page).text
    refused = client.post(f"{url}/events", data={"do": "add", "time_s": "late", "channel": "0", "kind": "jerk"})
    assert refused.status_code == 422
    assert "Give the time in seconds" in refused.text
    assert "Undo the last step" in page.text
    nearer = client.get(f"{url}?from=2&to=4")
    assert "2.000 s" in nearer.text


@pytest.mark.parametrize(
    "form",
    [
        {"do": "judge", "event-f99": "accepted"},
        {"do": "judge", "event-f1": "perhaps"},
        {"do": "dance"},
        {},
        {"do": "add", "time_s": "1", "channel": "5", "kind": "jerk"},
        {"do": "add", "time_s": "1", "channel": "x", "kind": "jerk"},
        {"do": "add", "time_s": "1", "channel": "0", "kind": "dance"},
        {"do": "add", "time_s": "31", "channel": "0", "kind": "jerk"},
    ],
)
def test_what_cannot_be_done_with_events_is_refused(client: TestClient, url: str, form: dict[str, str]) -> None:
    response = judge(client, url, **form)
    assert response.status_code == 422
    assert response.json()["error"].endswith(".")
    assert client.get(f"{url}/events").json()["can_undo"] is False


def test_what_is_shown_and_judged_can_be_taken_along(client: TestClient, url: str, tmp_path: Path) -> None:
    judge(client, url, do="judge", **{"event-f1": "rejected"})
    tsv = client.get(f"{url}/export/events.tsv")
    assert len(tsv.text.splitlines()) == 10
    assert tsv.headers["content-disposition"] == 'attachment; filename="calf_events.tsv"'
    assert len(client.get(f"{url}/export/events.csv").text.splitlines()) == 11
    assert len(json.loads(client.get(f"{url}/export/events.json").text)["events"]) == 10
    file = tmp_path / "taken.edf"
    file.write_bytes(client.get(f"{url}/export/recording.edf").content)
    assert len(read_recording(file).annotations) == 9
    svg = client.get(f"{url}/export/picture.svg?from=1&to=9&channels=0")
    assert ET.fromstring(svg.text).tag.endswith("svg")  # noqa: S314 - our own
    assert "calf" not in svg.text
    assert client.get(f"{url}/export/events.exe").status_code == 404


def test_the_recording_is_taken_along_as_a_bids_data_set_as_it_was_reviewed(
    client: TestClient, url: str, tmp_path: Path, scratch: Path
) -> None:
    judge(client, url, do="judge", **{"event-f1": "rejected"})
    sent = client.get(f"{url}/export/bids.zip")
    assert sent.status_code == 200
    assert sent.headers["content-type"] == "application/zip"
    assert sent.headers["content-disposition"] == 'attachment; filename="calf_bids.zip"'
    assert [file for folder in scratch.iterdir() for file in folder.iterdir()] == []
    (tmp_path / "sent.zip").write_bytes(sent.content)
    with zipfile.ZipFile(tmp_path / "sent.zip") as archive:
        (name,) = (one for one in archive.namelist() if "derivatives" in one and one.endswith("events.tsv"))
        rows = archive.read(name).decode().splitlines()
        everything = b"".join(map(archive.read, archive.namelist()))
    assert [row.rpartition("\t")[2] for row in rows] == ["verdict", "rejected", *["open"] * 9]
    assert str(tmp_path).encode() not in everything
    assert f"{url}/export/bids.zip" in client.get(url).text


def test_exports_leave_nothing_behind(client: TestClient, url: str, scratch: Path) -> None:
    client.get(f"{url}/export/recording.edf")
    assert [file for folder in scratch.iterdir() for file in folder.iterdir()] == []


def test_what_is_erased_is_gone_with_its_copy(client: TestClient, emg_file: Path, scratch: Path) -> None:
    response = client.post("/measure", files=[("files", ("calf.csv", emg_file.read_bytes()))])
    url = response.headers["location"]
    measured(client, url)
    assert len(list(scratch.iterdir())) == 1
    for _ in range(2):
        assert client.post(f"{url}/erase").headers["location"] == "/measure/erased"
    assert list(scratch.iterdir()) == []
    assert client.get(url).status_code == 404
    assert client.get(f"{url}/status").status_code == 404
    assert "deleted" in client.get("/measure/erased").text


def test_measuring_can_be_stopped(client: TestClient, emg_file: Path) -> None:
    url = opened(client, path=str(emg_file))
    assert client.post(f"{url}/stop").status_code == 303
    assert measured(client, url)["phase"] in {"stopped", "measured"}
    assert values(client, url, "start_s=2&stop_s=12&pixels=10&channels=0").shape == (20,)


def test_only_a_few_recordings_are_open_at_once(client: TestClient, emg_file: Path) -> None:
    urls = [opened(client, path=str(emg_file)) for _ in range(MOST_LOOKS + 1)]
    assert [client.get(f"{url}/status").status_code for url in urls] == [404, *[200] * MOST_LOOKS]


class _Closed:
    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_recording_that_nobody_looks_at_is_closed_after_a_day() -> None:
    now_s = [0.0]
    store = LookStore(clock=lambda: now_s[0])
    old, new = _Closed(), _Closed()
    first = store.put(old)  # type: ignore[arg-type]
    now_s[0] = IDLE_LIMIT_S - 1.0
    second = store.put(new)  # type: ignore[arg-type]
    now_s[0] = IDLE_LIMIT_S + 1.0
    assert store.get(first) is None
    assert store.get(second) is new  # type: ignore[comparison-overlap]
    assert (old.is_closed, new.is_closed) == (True, False)
    store.erase_all()
    assert new.is_closed


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str]]:
    """A client that meets every fault as an exception, and a recording."""
    file = tmp_path_factory.mktemp("fuzzed") / "calf.csv"
    rows = np.column_stack([np.arange(3000) / 1000, np.random.default_rng(1).normal(0, 4e-6, 3000)])
    np.savetxt(file, rows, delimiter=",", header="time_s,emg_v", comments="", fmt="%.9g")
    with TestClient(application(library()), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client, opened(client, path=str(file))
        client.app.state.looks.erase_all()  # type: ignore[attr-defined]


number = st.one_of(
    st.floats().map(str), st.integers().map(str), st.sampled_from(["", "nan", "-inf", "1e999", "x", "0", "1"])
)
channel = st.one_of(
    st.sampled_from(["0", "0-0", "0,0", "0-99999999", "1-0", "-1", "", "0;1", "²", "9" * 400, "0-999999,0"]),
    st.text(max_size=9),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(start=number, stop=number, pixels=number, channels=channel)
def test_no_stretch_and_no_channel_is_a_fault_of_the_program(
    fuzzed: tuple[TestClient, str], start: str, stop: str, pixels: str, channels: str
) -> None:
    client, url = fuzzed
    query = {"start_s": start, "stop_s": stop, "pixels": pixels, "channels": channels}
    response = client.get(f"{url}/traces", params=query)
    assert response.status_code in {200, 422}
    if response.status_code == 200:
        assert len(response.content) == 8 * int(float(pixels))
    shown = {"from": start, "to": stop, "channels": channels, "events": pixels}
    assert client.get(url, params=shown).status_code in {200, 422}
    assert client.get(f"{url}/export/picture.svg", params=shown).status_code in {200, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    form=st.dictionaries(
        st.sampled_from(["do", "time_s", "channel", "kind", "event-f1", "event-h1", "event-", "page"]),
        st.one_of(
            number, channel, st.sampled_from(["judge", "add", "undo", "accepted", "rejected", "open", "jerk", "twitch"])
        ),
    )
)
def test_no_form_is_a_fault_of_the_program(fuzzed: tuple[TestClient, str], form: dict[str, str]) -> None:
    client, url = fuzzed
    assert client.post(f"{url}/events", data=form).status_code in {303, 422}
    assert judge(client, url, **form).status_code in {200, 422}


def test_a_script_that_has_the_events_gets_only_what_was_said_of_them(client: TestClient, url: str) -> None:
    known = client.get(f"{url}/events").json()["known"]
    said = judge(client, url, do="judge", known=known, **{"event-f1": "rejected"}).json()
    assert said["verdicts"] == {"f1": "rejected"}
    assert "events" not in said
    said = judge(client, url, do="add", known=known, time_s="6.5", channel="0", kind="jerk").json()
    assert len(said["events"]) == 11
    assert "verdicts" not in said


def test_a_film_is_waited_for_and_then_shown(client: TestClient, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    file = tmp_path / "skin.mp4"
    rng = np.random.default_rng(3)
    skin = rng.integers(60, 200, (120, 160, 3), dtype=np.uint8)
    with av.open(str(file), "w") as out:
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(150):
            shift = 3 if number % 50 in {20, 21, 22} else 0
            picture = av.VideoFrame.from_ndarray(np.roll(skin, shift, axis=1), format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    url = opened(client, path=str(file))
    assert "A film is measured first" in client.get(url).text or client.get(f"{url}/status").json()["is_shown"]
    status = measured(client, url)
    page = client.get(url)
    assert page.status_code == 200
    assert ("<svg" in page.text) == (status["phase"] == "measured")
