"""``twitchwise diary`` from start to erase, as a person types it; what cannot be meant is one sentence and code 2."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import twitchwise.diary
from twitchwise.diary import open_diary, today

Run = Callable[..., Any]
CASE = Path(__file__).resolve().parents[2] / "examples" / "cases" / "benign_twitches.yaml"
FULL = [
    *("--twitches", "12", "--minutes", "4.5", "--severity", "3", "--place", "left calf", "--place", "eyelid"),
    *("--cups", "2", "--drinks", "1", "--sleep", "7.5", "--sleep-quality", "6", "--exercise", "30", "--stress", "4"),
    *("--sign", "muscle_cramps", "--chair", "11.5", "--hair", "harder", "--lifting", "as_usual"),
    *("--eyelids", "not_possible", "--note", "after a long walk"),
]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the diary in these tests, said by the environment."""
    place = tmp_path / "own" / "diary.sqlite3"
    monkeypatch.setenv("TWITCHWISE_DIARY", str(place))
    return place


@pytest.fixture
def started(run: Run, file: Path) -> Path:
    """A diary that was started on the command line."""
    assert run("diary", "start").code == 0
    return file


def test_a_diary_from_start_to_erase(run: Run, file: Path, tmp_path: Path) -> None:
    said = run("diary", "start")
    assert str(file) in said.out
    added = run("diary", "add", "--day", "2026-03-01", *FULL, "--json")
    entry = json.loads(added.out)
    assert entry["twitch_count"] == 12
    assert entry["places"] == ["left calf", "eyelid"]
    assert json.loads(run("diary", "show", "2026-03-01", "--json").out)["entries"] == [entry]
    shown = run("diary", "show").out
    assert "12 twitches; 4.5 minutes of twitching" in shown
    assert "after a long walk" in shown
    changed = run("diary", "edit", "2026-03-01", "--twitches", "8", "--clear", "cups", "--clear", "sleep-quality")
    assert changed.code == 0
    expected = {**entry, "twitch_count": 8, "caffeine_cups": None, "sleep_quality": None}
    assert json.loads(run("diary", "show", "--json").out)["entries"] == [expected]
    out = tmp_path / "mine.zip"
    assert run("diary", "export", out).code == 0
    rows = list(csv.DictReader(io.StringIO(zipfile.ZipFile(out).read("entries.csv").decode(), newline="")))
    assert rows[0]["note"] == "after a long walk"
    assert run("diary", "erase", "--yes").code == 0
    assert not file.exists()
    assert out.exists()


def test_an_entry_is_of_today_unless_said(run: Run, started: Path) -> None:
    assert run("diary", "add", "--stress", "0").code == 0
    assert [one.day for one in open_diary(started).entries()] == [today()]


def test_the_option_names_another_file_than_the_environment(run: Run, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    assert run("diary", "start", "--diary", other).code == 0
    assert other.exists()
    assert not file.exists()
    assert run("diary", "show", "--diary", other).out == "The diary is empty.\n"


def test_the_environment_may_name_a_file_in_the_home_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("TWITCHWISE_DIARY", "~/mine.sqlite3")
    assert run("diary", "start").code == 0
    assert (tmp_path / "mine.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add",), "must say something"),
        (("add", "--severity", "11"), "severity must be at most 10"),
        (("add", "--twitches", "-1"), "twitch_count must be"),
        (("add", "--sleep", "nan"), "sleep_hours must be"),
        (("add", "--place", "moon"), "place must be one of"),
        (("add", "--sign", "moon"), "sign must be a finding"),
        (("add", "--day", "2999-01-01", "--stress", "1"), "must not be in the future"),
        (("add", "--day", "yesterday", "--stress", "1"), "day must be a day of the calendar"),
        (("add", "--note", "a\x00"), "control characters"),
        (("edit", "2026-03-02", "--stress", "1"), "day must have an entry"),
        (("edit", "2026-03-01"), "something to change"),
        (("edit", "2026-03-01", "--clear", "moon"), "clear must be one of"),
        (("delete",), "exactly one of"),
        (("delete", "2026-03-01", "--check", "1"), "exactly one of"),
        (("delete", "2026-03-02"), "day must have an entry"),
        (("delete", "--check", "7"), "number must be one that is kept"),
        (("delete", "--recording", "99999999999999999999"), "number must be one that is kept"),
        (("keep",), "--case or --recording"),
        (("show", "2026-03-02"), "day must have an entry"),
        (("trend", "--days", "0"), "days must be a whole number"),
        (("trend", "--until", "0000-00-00"), "day must be a day of the calendar"),
        (("doctor", "--html", "/no/such/folder/x.html"), "folder that exists"),
        (("start",), "already"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_changes_nothing(
    run: Run, started: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert run("diary", "add", "--day", "2026-03-01", "--stress", "1").code == 0
    before = started.read_bytes()
    done = run("diary", *arguments)
    assert done.code == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.startswith("twitchwise: ")
    assert done.err.count("\n") == 1
    assert started.read_bytes() == before


def test_a_day_that_has_an_entry_is_not_written_over(run: Run, started: Path) -> None:
    assert run("diary", "add", "--day", "2026-03-01", "--stress", "1").code == 0
    done = run("diary", "add", "--day", "2026-03-01", "--stress", "9")
    assert done.code == 2
    assert "change the one it has" in done.err
    assert [one.stress for one in open_diary(started).entries()] == [1]


@pytest.mark.parametrize(
    "arguments",
    [("add", "--stress", "1"), ("show",), ("trend",), ("doctor",), ("export", "x.zip"), ("erase", "--yes")],
)
def test_before_it_is_started_nothing_is_made(run: Run, file: Path, arguments: tuple[str, ...]) -> None:
    done = run("diary", *arguments)
    assert done.code == 2
    assert "twitchwise diary start" in done.err
    assert not file.parent.exists()


def test_erasing_asks_first(run: Run, started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    done = run("diary", "erase")
    assert "Nothing was erased" in done.out
    assert started.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert run("diary", "erase").code == 0
    assert not started.exists()


def test_an_export_never_goes_over_a_file(run: Run, started: Path) -> None:
    before = started.read_bytes()
    done = run("diary", "export", started)
    assert done.code == 2
    assert "new file" in done.err
    assert started.read_bytes() == before
    assert run("diary", "export", started.parent / "no" / "x.zip").code == 2


@pytest.mark.usefixtures("started")
def test_the_result_of_a_check_and_what_was_measured_are_kept_and_erased(run: Run, tmp_path: Path) -> None:
    recording = tmp_path / "calf.edf"
    assert run("simulate", "benign_fasciculation_syndrome", "--duration", "30", "-o", recording).code == 0
    assert run("diary", "keep", "--case", CASE, "--recording", recording, "--day", "2026-03-01").code == 0
    kept = json.loads(run("diary", "show", "--json").out)
    assert [(one["day"], one["urgency"]) for one in kept["checks"]] == [("2026-03-01", "routine")]
    assert kept["checks"][0]["rules"]
    assert "fasciculation_rate" in {one["quantity"] for one in kept["measurements"]}
    assert "recording 1: calf" in run("diary", "show").out
    page = json.loads(run("diary", "doctor", "--until", "2026-03-10", "--json").out)
    assert {"Recordings", "Checks"} <= {heading for heading, _ in page["sections"]}
    assert run("diary", "delete", "--recording", "1").code == 0
    assert run("diary", "delete", "--check", "1").code == 0
    assert run("diary", "show").out == "The diary is empty.\n"


def test_trend_and_page_for_the_doctor_as_text_json_and_html(run: Run, started: Path, tmp_path: Path) -> None:
    for day in range(1, 29):
        noted = ("--twitches", 9 * (day > 14) + day % 3, "--note", "<b>&")
        assert run("diary", "add", "--day", f"2026-02-{day:02}", *noted).code == 0
    assert "not enough days to say" in run("diary", "trend", "--until", "2026-02-28").out
    trend = json.loads(run("diary", "trend", "--until", "2026-02-28", "--days", "14", "--json").out)
    assert trend["changes"][0]["verdict"] == "more"
    assert len(trend["counts"]) == 14
    assert trend["sentences"]
    assert "28 days noted." in run("diary", "doctor", "--until", "2026-02-28").out
    page = tmp_path / "page.html"
    assert run("diary", "doctor", "--until", "2026-02-28", "--html", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert "28 days noted" in text
    assert "<b>&" not in text
    assert "&lt;b&gt;&amp;" in text
    assert started.exists()


def test_without_its_package_the_install_command_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twitchwise.diary, "find_spec", lambda _: None)
    done = run("diary", "show")
    assert done.code == 2
    assert "pip install 'twitchwise[diary]'" in done.err
