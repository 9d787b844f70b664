"""The tables of events: what a scorer would mark, beside the recording, and every discharge, beside the truth."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from twitchwise.formats.bids.subject import NOT_KNOWN, DischargeTable
from twitchwise.formats.bids.text import as_json, cell, table, times
from twitchwise.signals import EventTrain, Recording
from twitchwise.vocabulary import Unit

_EVENT_COLUMNS = ("onset", "duration", "trial_type", "channel", "peak_time", "peak", "peak_units")
_DISCHARGE_COLUMNS = ("onset", "duration", "trial_type", "motor_unit", "pool")
_ONSET = {"Description": "Seconds from the first sample of the recording.", "Units": "s"}


class WithEvents(Protocol):
    """A recording and what happened on it."""

    @property
    def recording(self) -> Recording:
        """Its channels and notes."""
        ...

    @property
    def events(self) -> tuple[EventTrain, ...]:
        """What happened besides the notes."""
        ...


def events_table(subject: WithEvents) -> str:
    """Return ``events.tsv`` in order of onset; without rows it says that nothing happened."""
    rows = [row for train in subject.events for row in _rows_of(train, subject.recording.channel(train.channel).unit)]
    rows += [
        (note.start_s, [*times([note.start_s, note.duration_s]), cell(note.text), *[NOT_KNOWN] * 4])
        for note in subject.recording.annotations
    ]
    rows.sort(key=lambda row: row[0])
    return table(_EVENT_COLUMNS, (cells for _, cells in rows))


def _rows_of(train: EventTrain, unit: Unit) -> Iterator[tuple[float, list[str]]]:
    kind, channel, units = cell(train.kind), cell(train.channel), cell(unit)
    starts, peaks = times(train.start_s), times(train.peak_s)
    rows = zip(
        train.start_s.tolist(), starts, times(train.end_s - train.start_s), peaks, train.peak.tolist(), strict=True
    )
    for order, start, duration, peak_time, peak in rows:
        yield order, [start, duration, kind, channel, peak_time, repr(peak), units]


def events_sidecar(subject: WithEvents) -> str:
    """Return ``events.json``: what each column and each type of event means."""
    levels = {str(train.kind): train.kind.value.replace("_", " ") for train in subject.events}
    levels |= {note.text: "as noted in the recording" for note in subject.recording.annotations}
    return as_json(
        {
            "onset": _ONSET,
            "duration": {"Description": "From the begin to the end of the event.", "Units": "s"},
            "trial_type": {"Description": "What happened.", "Levels": levels},
            "channel": {"Description": "Channel that the event is seen on."},
            "peak_time": {"Description": "When the event is largest, from the first sample.", "Units": "s"},
            "peak": {"Description": "Sample of greatest size from zero, with its sign, in peak_units."},
            "peak_units": {"Description": "Unit of peak: SI, without prefix."},
            "StimulusPresentation": {"SoftwareName": NOT_KNOWN},
        }
    )


def discharges_table(discharges: DischargeTable) -> str:
    """Return the ``events.tsv`` of the truth: one row for each discharge."""
    return table(_DISCHARGE_COLUMNS, _discharge_rows(discharges))


def _discharge_rows(discharges: DischargeTable) -> Iterator[list[str]]:
    kinds, pools = [cell(name) for name in discharges.kinds], [cell(name) for name in discharges.pools]
    numbers = (column.tolist() for column in (discharges.kind, discharges.motor_unit, discharges.pool))
    for time, kind, unit, pool in zip(times(discharges.time_s), *numbers, strict=True):
        yield [time, "0", kinds[kind], str(unit), pools[pool]]


def discharges_sidecar(discharges: DischargeTable, truth: Mapping[str, object]) -> str:
    """Return the ``events.json`` of the truth; what else is known stands under ``Truth``."""
    return as_json(
        {
            "Description": "Every discharge, and under Truth how the recording came about.",
            "onset": _ONSET | {"Description": "When the motor neuron or its axon discharged, from the first sample."},
            "duration": {"Description": "0: a discharge is a moment.", "Units": "s"},
            "trial_type": {"Description": "Where the discharge came from.", "Levels": _named(discharges.kinds)},
            "motor_unit": {"Description": "Number of the motor unit (0 is recruited first) or fiber in its pool."},
            "pool": {
                "Description": "Motor neuron pool of the motor unit, or single muscle fibers.",
                "Levels": _named(discharges.pools),
            },
            "Truth": truth,
        }
    )


def _named(names: Iterable[str]) -> dict[str, str]:
    return {name: name.replace("_", " ") for name in names}
