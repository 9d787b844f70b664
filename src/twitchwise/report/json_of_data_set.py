"""A measured folder as JSON: one row a recording, and where all that was measured lies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from twitchwise.examine.measuring import MeasuredRecording
from twitchwise.report.as_json import Json, plain
from twitchwise.report.contract import MeasuredRecordingOut, MeasureSetOut, RateOut
from twitchwise.report.wording import NOTICE

_RATE, _UNITS, _REST = "fasciculation_rate", "active_units", "rest_share"


def measured_set_as_json(
    rows: Sequence[MeasuredRecordingOut], folder: Path, output: Path | None, *, complete: bool = True
) -> Json:
    """Return a measured folder as ``measure FOLDER --json`` prints it.

    Parameters
    ----------
    rows
        What became of its recordings.
    folder, output
        The folder, and that of the results, if there is one.
    complete
        Whether all of its recordings are there.
    """
    return plain(
        MeasureSetOut(
            folder=str(folder),
            output=None if output is None else str(output),
            complete=complete,
            recordings=list(rows),
            version=version("twitchwise"),
            notice=NOTICE,
        )
    )


def measured_row(one: MeasuredRecording, *, whole: bool = True) -> MeasuredRecordingOut:
    """Return a recording's row, made from its JSON so that new and kept results read alike.

    Parameters
    ----------
    one
        What became of the recording.
    whole
        Whether the row holds all that was measured, where no file does; it takes memory.
    """
    measured = cast("Mapping[str, Any]", one.measured or {})
    measurements = measured.get("measurements", [])
    rate = _greatest(measurements, _RATE)
    units = _greatest(measurements, _UNITS)
    events = Counter(event["kind"] for event in (*measured.get("events", ()), *measured.get("discharges", ())))
    return MeasuredRecordingOut(
        name=one.planned.name,
        state=one.state.value,
        refusal=one.refusal,
        duration_s=measured["recording"]["duration_s"] if measured else None,
        rest_s=_rest_s(measured.get("quality", {}), rate),
        rate=None if rate is None else RateOut(**{name: rate[name] for name in RateOut.__struct_fields__}),
        units=None if units is None else units["value"],
        events=dict(sorted(events.items())),
        doubts=list(dict.fromkeys(doubt for each in measurements for doubt in each["doubts"])),
        warnings=list(measured.get("warnings", [])),
        files=[str(file) for file in one.files],
        seconds=one.seconds,
        result=dict(measured) if whole and measured and not one.files else None,
        summary=str(measured.get("summary", "")),
    )


def _greatest(measurements: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Return the greatest measurement of an id; without doubts where there is one, as neighbors must not be added."""
    found = [one for one in measurements if one["id"] == name and one["value"] is not None]
    return max(found, key=lambda one: (not one["doubts"], one["value"]), default=None)


def _rest_s(quality: Mapping[str, Mapping[str, Any]], rate: Mapping[str, Any] | None) -> float | None:
    own = quality.get(rate["channel"] or "", {}).get("rest_s") if rate else None
    rests = [one["rest_s"] for one in quality.values() if one.get("rest_s") is not None]
    return own if own is not None else max(rests, default=None)
