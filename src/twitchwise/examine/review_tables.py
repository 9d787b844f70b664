"""The reviewed events of a recording as files: a BIDS table of those that count, and all of them as CSV and JSON."""

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from twitchwise.examine.review import MarkedEvent, Tally, Verdict

if TYPE_CHECKING:
    from twitchwise.signals import Recording

COLUMNS = (
    *("onset", "duration", "trial_type", "channel", "unit", "probability"),
    *("peak_time", "peak", "peak_units", "origin"),
)
_PROBABILITY_DIGITS = 6  # far more than a probability is known to
_ORIGINS = {False: "found", True: "added"}
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def review_as_tsv(events: Sequence[MarkedEvent], recording: "Recording") -> str:
    """Return the events that count as BIDS ``events.tsv``; its last column says what came about by hand."""
    from twitchwise.formats.bids.text import table  # noqa: PLC0415 - array libraries load here

    return table(COLUMNS, [_cells(event, recording) for event in events if event.is_kept])


def review_as_bids(events: Sequence[MarkedEvent], recording: "Recording") -> tuple[str, dict[str, object]]:
    """Return all events, also rejected ones, as BIDS ``events.tsv`` with a verdict each, and what explains it."""
    from twitchwise.formats.bids.measured_events import measured_events_sidecar  # noqa: PLC0415 - array libraries load here
    from twitchwise.formats.bids.text import table  # noqa: PLC0415

    by_onset = sorted(events, key=lambda event: event.start_s)
    rows = ([*_cells(event, recording)[:-1], _ORIGINS[event.is_by_hand], event.verdict.value] for event in by_onset)
    explained = measured_events_sidecar(()) | {
        "Description": "Events that were found in the recording or added by hand, as a person judged them.",
        "origin": {
            "Description": "Where the event comes from.",
            "Levels": {"found": "found by the program", "added": "marked by hand"},
        },
        "verdict": {
            "Description": "What a person said of the event; all but rejected ones count.",
            "Levels": {
                "open": "nothing was said",
                "accepted": "accepted by hand",
                "rejected": "rejected by hand: it does not count",
            },
        },
    }
    return table((*COLUMNS, "verdict"), rows), explained


def review_as_csv(events: Sequence[MarkedEvent], recording: "Recording") -> str:
    """Return all events, also rejected ones, as a table for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, "verdict"))
    for event in events:
        writer.writerow([*map(_unarmed, _cells(event, recording)), event.verdict.value])
    return out.getvalue()


def review_as_json(events: Sequence[MarkedEvent], counted: Sequence[Tally], recording: "Recording") -> str:
    """Return all events, also rejected ones, and their tallies for other programs."""
    values = {
        "recording": recording.name,
        "events": [
            {
                "onset_s": event.start_s,
                "duration_s": event.end_s - event.start_s,
                "kind": event.kind.value,
                "channel": event.channel,
                "unit": event.unit,
                "probability": event.probability,
                "peak_time_s": event.peak_s,
                "peak": event.peak,
                "peak_units": recording.unit_of(event.channel).value,
                "by_hand": event.is_by_hand,
                "verdict": event.verdict.value,
            }
            for event in events
        ],
        "counts": [tally_as_json(tally) for tally in counted],
    }
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def tally_as_json(tally: Tally) -> dict[str, object]:
    """Return a tally as plain values."""
    rate, low, high = tally.per_minute
    middle = tally.interval_s
    return {
        "kind": tally.kind.value,
        "channel": tally.channel,
        "count": tally.count,
        "added_by_hand": tally.added,
        "rejected_by_hand": tally.rejected,
        "watched_s": tally.watched_s,
        "at_rest": tally.at_rest,
        "per_minute": {"value": rate, "low": low, "high": high},
        "interval_s": None if middle is None else dict(zip(("value", "low", "high"), middle, strict=True)),
    }


def _cells(event: MarkedEvent, recording: "Recording") -> list[str]:
    from twitchwise.formats.bids.text import cell, times  # noqa: PLC0415 - array libraries load here

    onset, duration, peak_time = times([event.start_s, event.end_s - event.start_s, event.peak_s])
    unit = recording.unit_of(event.channel).value
    what = [
        event.kind.value,
        cell(event.channel),
        cell(event.unit),
        cell(round(event.probability, _PROBABILITY_DIGITS)),
    ]
    return [onset, duration, *what, peak_time, cell(event.peak), unit, _origin(event)]


def _origin(event: MarkedEvent) -> str:
    if event.is_by_hand:
        return "added by hand"
    return "found, accepted by hand" if event.verdict is Verdict.ACCEPTED else "found"


def _unarmed(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not text.startswith(_FORMULA_BEGINS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
