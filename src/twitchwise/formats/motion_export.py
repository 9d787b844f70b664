"""Reads what phyphox and Sensor Logger export: several tables of one recording in a zip archive or a folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import first_few
from twitchwise.formats.motion import RawMotion, RawSensor, recording_of
from twitchwise.formats.motion.export_set import (
    ExportSet,
    device_of,
    is_standardized,
    phyphox_start,
    sensor_logger_notes,
)
from twitchwise.formats.motion.named_file import with_name
from twitchwise.formats.motion.text_table import HEAD_BYTES, TextTable, holds_movement, read_text_table
from twitchwise.formats.refusal import one_sentence, readable
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = say("movement export")
_ZIP = b"PK\x03\x04"
_OF_SENSOR_LOGGER = frozenset({"device name", "platform", "standardisation", "recording time"})
_OF_PHYPHOX = frozenset({"experiment time"})
_OF_ONE_SET, _LINE_BYTES = b"seconds_elapsed", 4096


def _recognizes(path: Path, head: bytes) -> bool:
    """Recognize an archive with a table of movement, and a folder that an app wrote."""
    is_folder = path.is_dir()
    if not is_folder and not head.startswith(_ZIP):
        return False
    try:
        with one_sentence(str(path), _NAME):
            members = ExportSet.of(path, str(path))
            return (not is_folder or _is_one(members)) and any(True for _ in _movement(members))
    except UnreadableRecordingError:
        return not is_folder and path.suffix.lower() == ".zip"


def _is_one(members: ExportSet) -> bool:
    """Tell a folder that an app wrote from one where a person keeps recordings: by its metadata or its columns."""
    if members.holds_columns("metadata.csv", _OF_SENSOR_LOGGER) or members.holds_columns("meta/time.csv", _OF_PHYPHOX):
        return True
    names = [name for name, _ in members.tables() if "/" not in name]
    return len(names) > 1 and all(
        _OF_ONE_SET in _head(members, name, _LINE_BYTES).partition(b"\n")[0] for name in names
    )


def _head(members: ExportSet, name: str, n_bytes: int = HEAD_BYTES) -> bytes:
    with members.members[name]() as file:
        return file.read(n_bytes)


def _movement(members: ExportSet) -> Iterator[str]:
    for name, _ in members.tables():
        head = _head(members, name)
        if head.strip() and holds_movement(head, name):
            yield name


def _read(path: Path, options: ReadOptions) -> Recording:
    with readable(options.typed), one_sentence(options.typed, _NAME) as noticed:
        members = ExportSet.of(path, options.typed)
        tables = {name: read_text_table(members.members[name], name, options.typed) for name in _movement(members)}
        start, pauses = phyphox_start(members)
        notes = sensor_logger_notes(members)
        standardized = is_standardized(members)
    if not tables:
        raise UnreadableRecordingError(
            say("{file!r} must hold a table of a movement sensor, got none.", file=options.typed)
        )
    starts = [table.start for table in tables.values() if table.start is not None]
    raw = RawMotion(
        name=path.name,
        format_name=_NAME,
        sensors=tuple(_sensors(tables, standardized)),
        start=start or min(starts, default=None),
        start_is_first=False,
        annotations=(*pauses, *notes),
        notes=tuple(_notes(members, tables, standardized)),
        warnings=(*noticed, *(said for table in tables.values() for said in table.warnings)),
    )
    return recording_of(with_name(raw, path), options)


def _sensors(tables: dict[str, TextTable], standardized: bool | None) -> Iterator[RawSensor]:  # noqa: FBT001 - of the app
    """Give the sensors of all tables; metadata tell the unit of those that the app may leave in g."""
    for table in tables.values():
        for sensor in table.sensors:
            is_open = sensor.unit_text is None and sensor.told_unit is None and standardized is not None
            if is_open and sensor.kind is ChannelKind.ACCELERATION and (standardized or "headphone" in sensor.name):
                yield replace(sensor, told_unit="m/s2" if standardized else "g")
            else:
                yield sensor


def _notes(members: ExportSet, tables: dict[str, TextTable], standardized: bool | None) -> Iterator[str]:  # noqa: FBT001
    device = device_of(members)
    if device:
        yield say("The recording is from {device}.", device=device)
    if standardized is True:
        yield say("The metadata say that units were standardized.")
    if standardized is False:
        yield say("The metadata say that units were not standardized.")
    yield from dict.fromkeys(said for table in tables.values() for said in table.notes)
    others = [PurePosixPath(name).name for name, _ in members.tables() if name not in tables]
    if others:
        yield say("Tables without movement were left out: {tables}.", tables=first_few(others))


FORMAT = Format(
    name=_NAME, suffixes=(".zip",), recognizes=_recognizes, read=_read, takes_folders=True, is_whole_folder=True
)
