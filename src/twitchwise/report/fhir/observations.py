"""What was measured as FHIR Observations, one a measurement, each with its interval, method, place and doubts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean
from twitchwise.report.fhir.codes import (
    ABSENT_REASON,
    Json,
    amount,
    coding,
    concept,
    filled,
    finding_codes,
    notes,
    span,
)
from twitchwise.report.measured import label_of, said_of
from twitchwise.report.recording.story import outline_of
from twitchwise.vocabulary import Measurement

if TYPE_CHECKING:
    from twitchwise.signals import Channel, Recording

_DOUBTED = "Not to be leaned on: {}"


def device_of(examined: ExaminedRecording) -> Json:
    """Return the recording that measurements were taken from, without its samples."""
    recording = examined.recording
    return filled(
        {
            "resourceType": "Device",
            "deviceName": [{"name": clean(recording.name) or "recording", "type": "user-friendly-name"}],
            "type": concept(f"Recording: {outline_of(recording)}"),
            "note": notes((*recording.notes, *recording.warnings, *examined.result.warnings)),
        }
    )


def observations_of(examined: ExaminedRecording, library: Library) -> Iterator[Json]:
    """Give an Observation a measurement; who it is of and with which device the bundle adds.

    What was looked for and not seen has no value but the reason why, with its upper bound as the end of the interval
    and in a note.
    """
    for measurement in examined.result.measurements:
        yield _observation(examined, measurement, library)


def is_not_seen(measurement: Measurement) -> bool:
    """Tell whether something was looked for and not seen, so that only an upper bound is known."""
    return measurement.value == measurement.low == 0 < measurement.high


def _observation(examined: ExaminedRecording, measurement: Measurement, library: Library) -> Json:
    channel = _channel_of(examined.recording, measurement.channel)
    finding = library.findings.get(measurement.id)
    said, doubts = said_of(examined, measurement), map(clean, measurement.doubts)
    return filled(
        {
            "resourceType": "Observation",
            "status": "preliminary" if measurement.doubts else "final",
            "code": concept(
                label_of(measurement, library),
                coding("measurement", measurement.id),
                *(() if finding is None else finding_codes(finding)),
            ),
            "effectiveDateTime": _start(examined.recording),
            **_value(measurement, said),
            "note": notes((said, *map(_DOUBTED.format, doubts))),
            "bodySite": _site(examined, channel),
            "method": concept(measurement.method),
            "component": list(_components(measurement)),
        }
    )


def _value(measurement: Measurement, said: str) -> Json:
    if not is_not_seen(measurement):
        return {"valueQuantity": amount(measurement.value, measurement.unit)}
    reason = {"system": ABSENT_REASON, "code": "as-text", "display": "As Text"}
    return {"dataAbsentReason": concept(f"Looked for and not seen. {said}", reason)}


def _components(measurement: Measurement) -> Iterator[Json]:
    yield {
        "code": concept("95 % interval of the value, not a normal range", coding("statistic", "interval_95")),
        "valueRange": span(measurement.low, measurement.high, measurement.unit),
    }
    channel = clean(measurement.channel or "")
    if channel:
        yield {"code": concept("Channel", coding("statistic", "channel")), "valueString": channel}


def _start(recording: "Recording") -> str | None:
    """Return when it was recorded; without a time zone only the day, as FHIR asks for."""
    start = recording.start
    if start is None:
        return None
    return start.date().isoformat() if start.tzinfo is None else start.isoformat()


def _channel_of(recording: "Recording", name: str | None) -> "Channel | None":
    return next((channel for channel in recording.channels if channel.name == name), None)


def _site(examined: ExaminedRecording, channel: "Channel | None") -> Json | None:
    site = examined.site or (None if channel is None else channel.site)
    side = examined.side or (None if channel is None else channel.side)
    words = clean(" ".join(str(part) for part in (side, site) if part))
    return concept(words) if words else None
