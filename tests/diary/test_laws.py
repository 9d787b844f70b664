"""What holds whatever is written down: it is read back, it is exported, it is forgotten when it is erased."""

import csv
import dataclasses
import datetime as dt
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diary.homes import FileShelf, Shelf, file_of

from twitchwise.diary import (
    Ease,
    Entry,
    KeptCheck,
    KeptRecording,
    NoSuchDayError,
    Place,
    Site,
    erase_diary,
    sqlite,
)
from twitchwise.diary.contents import COLUMNS, tables_of
from twitchwise.diary.export import export_as_bytes
from twitchwise.diary.limits import signs_of
from twitchwise.diary.store import Diary
from twitchwise.knowledge import library
from twitchwise.vocabulary import Measurement, OutOfRangeError, Side, Unit, Urgency

SIGNS = sorted(signs_of(library()))

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=200)
scale = st.none() | st.integers(0, 10)
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
places = st.builds(Place, st.sampled_from(Site), st.sampled_from([None, Side.LEFT, Side.RIGHT]))


def numbers(most: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(0, most)


entries = st.builds(
    Entry,
    day=days,
    twitch_count=st.none() | st.integers(0, 100_000),
    twitch_minutes=numbers(1440),
    severity=scale,
    places=st.lists(places, max_size=5).map(tuple),
    caffeine_cups=numbers(50),
    alcohol_drinks=numbers(60),
    sleep_hours=numbers(24),
    sleep_quality=scale,
    exercise_minutes=numbers(1440),
    stress=scale,
    findings=st.lists(st.sampled_from(SIGNS), max_size=4).map(tuple),
    chair_rise_s=numbers(600),
    hair=st.none() | st.sampled_from(Ease),
    lifting=st.none() | st.sampled_from(Ease),
    eyelids=st.none() | st.sampled_from(Ease),
    note=texts,
).filter(lambda entry: not entry.is_empty)
several = st.lists(entries, max_size=6, unique_by=lambda entry: entry.day)
finite = st.floats(allow_nan=False, allow_infinity=False)
measurements = st.tuples(finite, finite, finite).flatmap(
    lambda ends: st.builds(
        Measurement,
        id=st.sampled_from(["fasciculation_rate", "tremor_frequency"]),
        low=st.just(min(ends)),
        value=st.just(sorted(ends)[1]),
        high=st.just(max(ends)),
        unit=st.sampled_from(Unit),
        method=texts,
        channel=st.none() | texts,
        doubts=st.lists(texts, max_size=2).map(tuple),
    )
)
recordings = st.builds(
    KeptRecording,
    name=texts,
    format=texts,
    day=days,
    duration_s=st.floats(0, 1e6),
    measurements=st.lists(measurements, max_size=3).map(tuple),
)
checks = st.builds(KeptCheck, day=days, urgency=st.sampled_from(Urgency), rules=st.lists(texts, max_size=2).map(tuple))


@pytest.fixture(autouse=True, scope="module")
def _without_waiting_for_the_disk() -> Iterator[None]:
    """No law here pulls the plug, so nothing has to reach the disk."""
    pragmas = tuple(one.replace("EXTRA", "OFF") for one in sqlite._PRAGMAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_PRAGMAS", pragmas)
        yield


@contextmanager
def new_diary(shelf: Shelf | None = None) -> Iterator[Diary]:
    """Start a diary that is gone afterwards; in a file unless a shelf is given."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = shelf or FileShelf(Path(folder))
        diary = shelf.new()
        yield diary
        if not isinstance(shelf, FileShelf) or file_of(diary).exists():
            shelf.erase(diary)


on_each_shelf = settings(
    max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""The homes share the tries of a law."""


def in_order(some: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(some, key=lambda entry: entry.day))


@on_each_shelf
@given(several)
def test_what_is_added_is_read_back_by_whoever_opens_the_diary(shelf: Shelf, some: list[Entry]) -> None:
    with new_diary(shelf) as diary:
        for entry in some:
            diary.add(entry)
        assert shelf.opened(diary).entries() == in_order(some)


@on_each_shelf
@given(entries, entries, several)
def test_a_change_takes_the_place_of_one_day_and_touches_no_other(
    shelf: Shelf, old: Entry, new: Entry, others: list[Entry]
) -> None:
    others = [one for one in others if one.day != old.day]
    new = dataclasses.replace(new, day=old.day)
    with new_diary(shelf) as diary:
        for entry in (old, *others):
            diary.add(entry)
        diary.change(new)
        assert diary.entries() == in_order([new, *others])
        diary.remove(new.day)
        assert diary.entries() == in_order(others)
        with pytest.raises(NoSuchDayError):
            diary.change(new)


@on_each_shelf
@given(st.lists(recordings, max_size=3), st.lists(checks, max_size=3))
def test_recordings_and_checks_are_read_back(shelf: Shelf, some: list[KeptRecording], others: list[KeptCheck]) -> None:
    with new_diary(shelf) as diary:
        for recording in some:
            diary.keep_recording(recording)
        for check in others:
            diary.keep_check(check)
        kept = shelf.opened(diary)
        assert sorted(kept.recordings(), key=lambda one: one.number) == [
            dataclasses.replace(one, number=number) for number, one in enumerate(some, start=1)
        ]
        assert sorted(kept.checks(), key=lambda one: one.number) == [
            dataclasses.replace(one, number=number) for number, one in enumerate(others, start=1)
        ]


def entry_from(tables: dict[str, list[dict[str, str]]], row: dict[str, str]) -> Entry:
    """Build an entry from the cells of the exported tables alone, as another program would."""
    day = row["day"]
    whole = {"twitch_count", "severity", "sleep_quality", "stress"}
    tasks = {"hair", "lifting", "eyelids"}
    values = {
        name: None if cell == "" else Ease(cell) if name in tasks else int(cell) if name in whole else float(cell)
        for name, cell in row.items()
        if name not in {"day", "note"}
    }
    return Entry(
        day=dt.date.fromisoformat(day),
        note=row["note"],
        places=tuple(
            Place(Site(one["site"]), Side(one["side"]) if one["side"] else None)
            for one in tables["places"]
            if one["day"] == day
        ),
        findings=tuple(one["finding"] for one in tables["findings"] if one["day"] == day),
        **values,  # type: ignore[arg-type] # the names of the columns are those of the fields
    )


@on_each_shelf
@given(several, st.lists(recordings, max_size=2), st.lists(checks, max_size=2))
def test_the_export_holds_the_same_in_tables_and_in_json(
    shelf: Shelf, some: list[Entry], measured: list[KeptRecording], checked: list[KeptCheck]
) -> None:
    with new_diary(shelf) as diary:
        for entry in some:
            diary.add(entry)
        for recording in measured:
            diary.keep_recording(recording)
        for check in checked:
            diary.keep_check(check)
        expected = tables_of(diary)
        exported = zipfile.ZipFile(io.BytesIO(export_as_bytes(diary)))
    tables = {
        name: list(csv.DictReader(io.StringIO(exported.read(f"{name}.csv").decode(), newline=""))) for name in COLUMNS
    }
    assert [entry_from(tables, row) for row in tables["entries"]] == list(in_order(some))
    assert json.loads(exported.read("diary.json")) == expected
    for name, rows in tables.items():
        assert [list(row) for row in rows] == [list(COLUMNS[name])] * len(expected[name])
    values = [float(row["value"]) for row in tables["measurements"]]
    assert values == [row["value"] for row in expected["measurements"]]
    assert [json.loads(row["doubts"]) for row in tables["measurements"]] == [
        row["doubts"] for row in expected["measurements"]
    ]


words = st.text(st.characters(categories=("L", "N")), min_size=8, max_size=60)


def bytes_beside(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(file.parent.rglob("*")) if one.is_file())


@given(words, several)
def test_erasing_leaves_no_byte_of_the_text_in_the_folder(secret: str, others: list[Entry]) -> None:
    with new_diary() as diary:
        diary.add(Entry(day=dt.date(2200, 1, 1), note=secret))
        for entry in others:
            diary.add(entry)
        assert secret.encode() in bytes_beside(file_of(diary))
        erase_diary(file_of(diary))
        assert list(file_of(diary).parent.iterdir()) == []


@given(words, words, several)
def test_a_text_that_was_changed_or_erased_is_nowhere_in_the_file(
    changed: str, erased: str, others: list[Entry]
) -> None:
    changed, erased = f"first {changed} last", f"before {erased} after"
    day, other = dt.date(2200, 1, 1), dt.date(2200, 1, 2)
    with new_diary() as diary:
        diary.add(Entry(day=day, note=changed))
        diary.add(Entry(day=other, note=erased))
        for entry in others:
            diary.add(entry)
        held = bytes_beside(file_of(diary))
        assert changed.encode() in held
        assert erased.encode() in held
        diary.change(Entry(day=day, note="something else"))
        diary.remove(other)
        held = bytes_beside(file_of(diary))
        assert changed.encode() not in held
        assert erased.encode() not in held


def noted(diary: Diary, day: dt.date, text: str) -> str | None:
    """Note a text, and return the sentence by which it was refused, if it was."""
    try:
        diary.add(Entry(day=day, note=text))
    except OutOfRangeError as refused:
        return str(refused)
    return None


@on_each_shelf
@given(st.text(), days)
def test_any_text_is_kept_as_it_is_or_refused_in_one_sentence(shelf: Shelf, text: str, day: dt.date) -> None:
    with new_diary(shelf) as diary:
        said = noted(diary, day, text)
        assert said is None or "\n" not in said
        assert [one.note for one in diary.entries()] == ([text] if said is None else [])
