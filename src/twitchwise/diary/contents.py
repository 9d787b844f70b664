"""All that a diary holds, as tables of plain values: one form for every export."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from twitchwise.diary.entry import NUMBERS, TASKS, Entry, KeptCheck, KeptRecording
from twitchwise.vocabulary import Measurement

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from twitchwise.diary.store import Diary

Value = str | int | float | list[str] | None
Row = dict[str, Value]

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "entries": {
            "day": "the day, as year-month-day",
            "twitch_count": "how many twitches; a whole number",
            "twitch_minutes": "how long it twitched in all; minutes",
            "severity": "how bad it was; 0 (not at all) to 10",
            "caffeine_cups": "drinks with caffeine; cups",
            "alcohol_drinks": "alcoholic drinks; glasses",
            "sleep_hours": "sleep of the night before; hours",
            "sleep_quality": "how good that sleep was; 0 (bad) to 10 (good)",
            "exercise_minutes": "exercise; minutes",
            "stress": "stress; 0 (none) to 10",
            "chair_rise_s": "rising from a chair five times; seconds",
            "hair": "brushing the hair; as_usual, harder or not_possible",
            "lifting": "lifting things; as_usual, harder or not_possible",
            "eyelids": "keeping the eyelids up; as_usual, harder or not_possible",
            "note": "what was written; text",
        },
        "places": {
            "day": "the day of the entry",
            "site": "part of the body where it twitched",
            "side": "left or right; empty where not said",
        },
        "findings": {"day": "the day of the entry", "finding": "another sign, as the id of a finding of twitchwise"},
        "recordings": {
            "number": "number of the recording in the diary",
            "day": "the day it was made or measured",
            "name": "name of the file",
            "format": "kind of the file",
            "duration_s": "how long it is; seconds",
        },
        "measurements": {
            "recording": "number of the recording",
            "quantity": "what was measured",
            "value": "best estimate, in the unit of the row",
            "low": "lower end of the 95 % interval, in the unit of the row",
            "high": "upper end of the 95 % interval, in the unit of the row",
            "unit": "unit of value, low and high",
            "channel": "where it was measured; empty for the whole recording",
            "method": "how it was measured",
            "doubts": "why the value must not be leaned on; a JSON list",
        },
        "checks": {
            "number": "number of the check in the diary",
            "day": "the day of the check",
            "urgency": "how soon to seek help; self_care, routine, soon, same_day or emergency",
            "rules": "ids of the rules that said so; a JSON list",
        },
    }
)
"""What is exported: each table with its columns and what they mean."""


def tables_of(diary: "Diary") -> dict[str, list[Row]]:
    """Return all that a diary holds, table by table, with the columns of `COLUMNS`."""
    entries, recordings = diary.entries(), diary.recordings()
    return {
        "entries": [_entry(one) for one in entries],
        "places": [
            {"day": one.day.isoformat(), "site": place.site.value, "side": place.side.value if place.side else None}
            for one in entries
            for place in one.places
        ],
        "findings": [{"day": one.day.isoformat(), "finding": name} for one in entries for name in one.findings],
        "recordings": [_recording(one) for one in recordings],
        "measurements": [_measurement(one.number, value) for one in recordings for value in one.measurements],
        "checks": [_check(one) for one in diary.checks()],
    }


def as_plain(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON has it: places as words, and all fields there."""
    return {
        **_entry(entry),
        "places": [place.name for place in entry.places],
        "findings": list(entry.findings),
    }


def _entry(entry: Entry) -> Row:
    row: Row = {"day": entry.day.isoformat()}
    row.update({name: getattr(entry, name) for name in NUMBERS})
    row.update({name: ease.value if (ease := getattr(entry, name)) else None for name in TASKS})
    return {**row, "note": entry.note}


def _recording(one: KeptRecording) -> Row:
    return {
        "number": one.number,
        "day": one.day.isoformat(),
        "name": one.name,
        "format": one.format,
        "duration_s": one.duration_s,
    }


def _measurement(number: int, one: Measurement) -> Row:
    fields = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    del fields["id"]
    return {**fields, "recording": number, "quantity": one.id, "unit": one.unit.value, "doubts": list(one.doubts)}


def _check(one: KeptCheck) -> Row:
    return {
        "number": one.number,
        "day": one.day.isoformat(),
        "urgency": one.urgency.word,
        "rules": list(one.rules),
    }


def plain(value: "DataclassInstance") -> dict[str, object]:
    """Return a value of this room as JSON has it: days as text, tuples as lists."""
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
