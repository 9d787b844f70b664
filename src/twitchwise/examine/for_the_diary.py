"""What the diary keeps of a measured recording and of an assessment."""

import dataclasses
import datetime as dt

from twitchwise.assess import Assessment
from twitchwise.diary import KeptCheck, KeptRecording
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.vocabulary import Measurement


def kept_recording(examined: ExaminedRecording, day: dt.date) -> KeptRecording:
    """Return what is kept of a recording: its measurements, not its samples.

    Parameters
    ----------
    examined
        The recording with what was measured.
    day
        The day to keep it under.
    """
    recording = examined.recording
    return KeptRecording(
        name=_on_one_line(recording.name),
        format=_on_one_line(recording.format),
        day=day,
        duration_s=float(recording.duration_s),
        measurements=tuple(_printable(one) for one in examined.result.measurements),
    )


def kept_check(assessment: Assessment, day: dt.date) -> KeptCheck:
    """Return what is kept of a check: how soon to seek help, and the rules that said so.

    Parameters
    ----------
    assessment
        The result.
    day
        The day to keep it under.
    """
    rules = tuple(reason.rule for reason in assessment.urgency.reasons)
    return KeptCheck(day=day, urgency=assessment.urgency.level, rules=rules)


def _printable(one: Measurement) -> Measurement:
    return dataclasses.replace(
        one,
        channel=None if one.channel is None else _on_one_line(one.channel),
        method=_on_one_line(one.method),
        doubts=tuple(_on_one_line(doubt) for doubt in one.doubts),
    )


def _on_one_line(text: str) -> str:
    """Return a name from a file without signs that cannot be printed, which no diary keeps."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
