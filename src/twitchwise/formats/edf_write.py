"""Writes a recording as EDF+ with annotations, a few data records at a time, so that a night fits in little memory.

edfio could write it only from memory as a whole. Format: Kemp and Olivan 2003, doi:10.1016/S1388-2457(03)00123-8.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from twitchwise.formats.edf_header import header_bytes, require_label
from twitchwise.formats.edf_plan import RecordPlan, plan_records
from twitchwise.formats.edf_scaling import Scaling, scaling_of
from twitchwise.formats.edf_text import format_list, require_text
from twitchwise.signals import Annotation, Channel, EventTrain, Recording
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError
from twitchwise.vocabulary.text import say

# Samples that are looked at or written at once: 8 MiB of floats.
_BLOCK_SAMPLES = 1 << 20


def write_edf(recording: Recording, path: Path | str, *, event_trains: Sequence[EventTrain] = ()) -> None:
    """Write a recording as a continuous EDF+ file with 16-bit samples.

    The file appears under its name only when it is whole. Voltages are written in uV (in mV or V where they are too
    large for it), with limits around all samples so that nothing is clipped. Each event becomes an annotation
    ``kind@channel`` with its start and duration; the recording's own annotations are kept. A start is written as it
    stands, without its time zone. Where no duration of a data record with eight characters fits exactly, the nearest
    is taken if no sample moves by half a sample; the rate that a reader computes then differs in its last digits.

    Parameters
    ----------
    recording
        Channels of one length, with names of at most 16 ASCII characters and finite samples.
    path
        Where to write; a file of that name is replaced.
    event_trains
        Events to write as annotations.

    Raises
    ------
    OutOfRangeError
        If EDF+ cannot hold the recording.
    UnwritableFileError
        If the file cannot be written there.
    """
    for channel in recording.channels:
        require_label(channel.name)
    plan = plan_records(recording.channels, recording.name)
    notes = _notes_by_record(recording, event_trains, plan)
    width = max(map(len, notes))
    width += width % 2
    scalings = [_scaling(recording, channel) for channel in recording.channels]
    with _whole_or_not_at_all(Path(path), typed=str(path)) as file:
        file.write(header_bytes(recording, plan, scalings, annotation_samples=width // 2))
        for block in _record_blocks(recording, plan, scalings, [note.ljust(width, b"\x00") for note in notes]):
            file.write(block)


def _scaling(recording: Recording, channel: Channel) -> Scaling:
    """Look at all samples once for their range."""
    low, high = np.inf, -np.inf
    for _, samples in recording.blocks(channel.name, block_s=_BLOCK_SAMPLES / channel.sampling_rate_hz):
        if not np.isfinite(samples).all():
            raise OutOfRangeError(
                say(
                    "samples of channel {channel!r} must be finite to be written as EDF, got NaN.", channel=channel.name
                )
            )
        low, high = min(low, float(samples.min())), max(high, float(samples.max()))
    return scaling_of(channel, low, high)


def _notes_by_record(recording: Recording, event_trains: Sequence[EventTrain], plan: RecordPlan) -> list[bytes]:
    """Return the text of each data record: when it begins, then the annotations that begin in it."""
    offset_s = recording.start.microsecond / 1e6 if recording.start else 0.0
    step_s = float(plan.duration_s)
    notes = [bytearray(format_list(offset_s + number * step_s, None, "")) for number in range(plan.n_records)]
    for note in _annotations(recording, event_trains):
        number = min(max(int(note.start_s // step_s), 0), plan.n_records - 1)
        notes[number] += format_list(offset_s + note.start_s, note.duration_s, note.text)
    return [bytes(note) for note in notes]


def _annotations(recording: Recording, event_trains: Sequence[EventTrain]) -> list[Annotation]:
    events = [
        Annotation(start_s=event.start_s, duration_s=event.end_s - event.start_s, text=f"{event.kind}@{event.channel}")
        for train in event_trains
        for event in train
    ]
    notes = sorted([*recording.annotations, *events], key=lambda note: note.start_s)
    for note in notes:
        require_text(note)
    return notes


def _record_blocks(
    recording: Recording, plan: RecordPlan, scalings: Sequence[Scaling], notes: Sequence[bytes]
) -> Iterator[bytes]:
    """Give whole data records, several at once."""
    step = max(1, _BLOCK_SAMPLES // sum(plan.samples))
    for first in range(0, plan.n_records, step):
        last = min(first + step, plan.n_records)
        columns = []
        for index, (per_record, scaling) in enumerate(zip(plan.samples, scalings, strict=True)):
            samples = recording.source.read(index, first * per_record, last * per_record)
            columns.append(scaling.to_digital(samples).view(np.uint8).reshape(last - first, -1))
        columns.append(np.frombuffer(b"".join(notes[first:last]), dtype=np.uint8).reshape(last - first, -1))
        yield np.hstack(columns).tobytes()


@contextmanager
def _whole_or_not_at_all(path: Path, typed: str) -> Iterator[BinaryIO]:
    """Open a file beside the target and give it the target's name when all went well."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            yield file
        beside.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableFileError(f"output must be a file that can be written, got {typed!r}: {reason}.") from error
    finally:
        beside.unlink(missing_ok=True)
