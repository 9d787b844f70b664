"""Reads movement from JSON as phone apps and studies write it: mPower, Core Motion records, Sensor Logger."""

import json
import re
from pathlib import Path
from typing import Any

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import first_few
from twitchwise.formats.motion import RawMotion, recording_of
from twitchwise.formats.motion.named_file import with_name
from twitchwise.formats.motion.records import Record, sensors_of_records
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = say("movement JSON")
_SUFFIXES = (".json", ".items")
_LOOKS_LIKE = re.compile(
    rb'"(?:x|accelerationX|userAcceleration|rotationRate|acceleration|accelerometer)"', re.IGNORECASE
)
_TIME = re.compile(rb'"[^"]*(?:time|elapsed)[^"]*"\s*:|"t"\s*:', re.IGNORECASE)
_COLUMN = re.compile(rb'":\s*\[\s*-?[0-9.]+\s*,\s*-?[0-9.]')
_MOST_BYTES = 1 << 26


def _recognizes(path: Path, head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] not in {b"[", b"{"} or not _TIME.search(text):
        return False
    if _LOOKS_LIKE.search(text):
        return True
    if not _COLUMN.search(text):
        return False
    with path.open("rb") as file:  # one list a column: the axes may stand far behind the times
        return bool(_LOOKS_LIKE.search(file.read(_MOST_BYTES)))


def _read(path: Path, options: ReadOptions) -> Recording:
    records = _records(_content(path, options.typed), options.typed)
    sensors, left_out = sensors_of_records(records, path.name)
    said = say("Left out because it is no movement sensor: {names}.", names=first_few(left_out))
    raw = RawMotion(name=path.name, format_name=_NAME, sensors=tuple(sensors), notes=(said,) if left_out else ())
    return recording_of(with_name(raw, path), options)


def _content(path: Path, typed: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnreadableRecordingError(
            say("{file!r} must be whole JSON, got a file that is not ({reason}).", file=typed, reason=str(error))
        ) from error


def _records(content: Any, typed: str) -> list[Record]:  # noqa: ANN401
    """Return the list of records, also where it lies in an object or as one list a column."""
    if isinstance(content, dict):
        lists = {key: value for key, value in content.items() if isinstance(value, list)}
        if {"x", "y", "z"} <= lists.keys():
            content = [dict(zip(lists, row, strict=False)) for row in zip(*lists.values(), strict=False)]
        else:
            content = max(lists.values(), key=len, default=None)
    if not isinstance(content, list) or not content or not all(isinstance(row, dict) for row in content):
        raise UnreadableRecordingError(
            say("{file!r} must hold a list of records with a time, x, y and z, got others.", file=typed)
        )
    return content


FORMAT = Format(name=_NAME, suffixes=_SUFFIXES, recognizes=_recognizes, read=_read)
