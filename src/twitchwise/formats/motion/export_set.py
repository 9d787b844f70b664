"""A set of tables that an app exported together, as a folder or a zip archive, and what its metadata say.

phyphox writes one table an experiment and ``meta/time.csv`` (events, experiment time, system time); Sensor Logger one
table a sensor, ``Metadata.csv`` and ``Annotation.csv``.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from twitchwise.formats.motion.text_rows import Opener
from twitchwise.signals import Annotation
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

# An archive is not to fill the memory: a day of every sensor of a phone is well below.
_MOST_BYTES = 4 << 30
_MOST_MEMBERS = 1000
_SMALL_BYTES = 1 << 20
_TABLES = (".csv", ".txt", ".tsv")


@dataclass(frozen=True, slots=True)
class ExportSet:
    """The tables of a set by their path in it, each with what opens it."""

    members: dict[str, Opener]

    @classmethod
    def of(cls, path: Path, typed: str) -> "ExportSet":
        """List the tables of a folder or an archive.

        Raises
        ------
        UnreadableRecordingError
            If the archive is damaged or too large.
        """
        return cls(dict(_in_folder(path) if path.is_dir() else _in_archive(path, typed)))

    def small(self, *names: str) -> list[dict[str, str]]:
        """Return the rows of the first table of such a name as texts by column; none where there is no such table."""
        for name, opener in self.members.items():
            if PurePosixPath(name).name.lower() in names:
                return _rows(opener)
        return []

    def holds_columns(self, name: str, columns: frozenset[str]) -> bool:
        """Tell whether there is a table of that path in the set with one of these columns."""
        opener = next((one for known, one in self.members.items() if known.lower() == name), None)
        rows = [] if opener is None else _rows(opener)
        return bool(rows) and bool(columns & rows[0].keys())

    def tables(self) -> Iterator[tuple[str, Opener]]:
        """Give the tables that may hold samples."""
        for name, opener in self.members.items():
            path = PurePosixPath(name)
            if path.parent.name != "meta" and path.stem.lower() not in {"metadata", "annotation", "annotations"}:
                yield name, opener


def _rows(opener: Opener) -> list[dict[str, str]]:
    with opener() as file:
        text = file.read(_SMALL_BYTES).decode("utf-8-sig", errors="replace")
    first = text.partition("\n")[0]
    return list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count)))


def _in_folder(folder: Path) -> Iterator[tuple[str, Opener]]:
    inner = sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
    for place in (folder, *inner):
        for path in sorted(place.iterdir()):
            if path.is_file() and path.suffix.lower() in _TABLES and not path.name.startswith("."):
                yield path.relative_to(folder).as_posix(), _opener_of(path)


def _opener_of(path: Path) -> Opener:
    return lambda: path.open("rb")


def _in_archive(path: Path, typed: str) -> Iterator[tuple[str, Opener]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_table(one.filename)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableRecordingError(
            say("{file!r} must be a whole zip archive, got a damaged one ({reason}).", file=typed, reason=str(error))
        ) from error
    if sum(one.file_size for one in members) > _MOST_BYTES or len(members) > _MOST_MEMBERS:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold at most {most} tables of {gib} GiB in all, got more.",
                file=typed,
                most=_MOST_MEMBERS,
                gib=_MOST_BYTES >> 30,
            )
        )
    for one in sorted(members, key=lambda one: one.filename):
        yield one.filename, _opener_in(path, one.filename)


def _is_table(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in _TABLES and not hidden


def _opener_in(path: Path, name: str) -> Opener:
    def opened() -> IO[bytes]:
        with zipfile.ZipFile(path) as archive:
            return archive.open(name)  # it stays open when the archive is closed

    return opened


def phyphox_start(members: ExportSet) -> tuple[datetime | None, tuple[Annotation, ...]]:
    """Return when the clock of the experiment stood at zero, and its pauses, from ``meta/time.csv``."""
    rows = members.small("time.csv")
    events = [
        (row.get("event", ""), _number(row.get("experiment time")), _number(row.get("system time"))) for row in rows
    ]
    start = next((now - then for event, then, now in events if event == "START" and then == then and now == now), None)  # noqa: PLR0124 - NaN alone differs from itself
    pauses = [
        Annotation(start_s=then, duration_s=0.0, text="paused" if event == "PAUSE" else "went on")
        for event, then, _ in events[1:]
        if then == then and event in {"PAUSE", "START"}  # noqa: PLR0124
    ]
    moment = None if start is None else datetime.fromtimestamp(round(start, 6), UTC).replace(tzinfo=None)
    return moment, tuple(pauses[:-1] if pauses and pauses[-1].text == "paused" else pauses)


def sensor_logger_notes(members: ExportSet) -> tuple[Annotation, ...]:
    """Return what a person noted while Sensor Logger recorded, in seconds from its start."""
    found = []
    for row in members.small("annotation.csv", "annotations.csv"):
        start_s = _number(row.get("seconds_elapsed"))
        pressed_s = _number(row.get("millisecond_press_duration")) / 1000
        if start_s == start_s:  # noqa: PLR0124 - NaN alone differs from itself
            duration_s = pressed_s if pressed_s > 0 else 0.0
            found.append(Annotation(start_s=start_s, duration_s=duration_s, text=row.get("text") or "annotation"))
    return tuple(found)


def is_standardized(members: ExportSet) -> bool | None:
    """Return whether Sensor Logger standardized the units, or nothing where its metadata do not say."""
    rows = members.small("metadata.csv")
    value = str(rows[0].get("standardisation") or "").strip().lower() if rows else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(value)


def device_of(members: ExportSet) -> str | None:
    """Return the name of the phone, where the metadata hold it."""
    for row in members.small("metadata.csv"):
        return row.get("device name") or None
    named = {row.get("property", ""): row.get("value", "") for row in members.small("device.csv")}
    return named.get("deviceModel") or None


def _number(text: str | None) -> float:
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return float("nan")
