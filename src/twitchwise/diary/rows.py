"""Turns values into rows of the tables and back."""

from typing import Any

from twitchwise.diary.entry import NUMBERS, TASKS, Ease, Entry, KeptCheck, KeptRecording, Place, Site
from twitchwise.diary.models import CheckRow, EntryRow, FindingRow, MeasurementRow, PlaceRow, RecordingRow
from twitchwise.vocabulary import Measurement, Side, Unit, Urgency


def fill(row: EntryRow, entry: Entry) -> EntryRow:
    """Write an entry over a row, new or old, and return it."""
    for name in (*NUMBERS, "day", "note"):
        setattr(row, name, getattr(entry, name))
    for name in TASKS:
        ease = getattr(entry, name)
        setattr(row, name, None if ease is None else ease.value)
    row.places = [PlaceRow(site=one.site.value, side=one.side.value if one.side else None) for one in entry.places]
    row.findings = [FindingRow(finding=name) for name in entry.findings]
    return row


def entry_in(row: EntryRow) -> Entry:
    """Return the entry that a row holds."""
    return Entry(
        day=row.day,
        note=row.note,
        places=tuple(Place(Site(one.site), None if one.side is None else Side(one.side)) for one in row.places),
        findings=tuple(one.finding for one in row.findings),
        **_numbers_and_tasks(row),
    )


def _numbers_and_tasks(row: EntryRow) -> dict[str, Any]:
    tasks = {name: getattr(row, name) for name in TASKS}
    return {
        **{name: getattr(row, name) for name in NUMBERS},
        **{name: None if ease is None else Ease(ease) for name, ease in tasks.items()},
    }


def row_of_recording(kept: KeptRecording) -> RecordingRow:
    """Return a row for a recording with its measurements."""
    return RecordingRow(
        day=kept.day,
        name=kept.name,
        format=kept.format,
        duration_s=kept.duration_s,
        measurements=[_row_of_measurement(one) for one in kept.measurements],
    )


def _row_of_measurement(one: Measurement) -> MeasurementRow:
    return MeasurementRow(
        quantity=one.id,
        value=float(one.value),
        low=float(one.low),
        high=float(one.high),
        unit=one.unit.value,
        channel=one.channel,
        method=one.method,
        doubts=list(one.doubts),
    )


def recording_in(row: RecordingRow) -> KeptRecording:
    """Return the recording that a row holds."""
    return KeptRecording(
        number=row.number,
        day=row.day,
        name=row.name,
        format=row.format,
        duration_s=row.duration_s,
        measurements=tuple(_measurement_in(one) for one in row.measurements),
    )


def _measurement_in(row: MeasurementRow) -> Measurement:
    return Measurement(
        id=row.quantity,
        value=row.value,
        low=row.low,
        high=row.high,
        unit=Unit(row.unit),
        channel=row.channel,
        method=row.method,
        doubts=tuple(row.doubts),
    )


def row_of_check(kept: KeptCheck) -> CheckRow:
    """Return a row for the result of a check."""
    return CheckRow(day=kept.day, urgency=kept.urgency.word, rules=list(kept.rules))


def check_in(row: CheckRow) -> KeptCheck:
    """Return the result of a check that a row holds."""
    return KeptCheck(number=row.number, day=row.day, urgency=Urgency[row.urgency.upper()], rules=tuple(row.rules))
