"""Reads EDF, EDF+ and BDF files in blocks; edfio reads the header, the samples are taken from the file piece by piece.

edfio can leave the samples of an EDF file on disk but reads a BDF file as a whole, so both are read here in one way.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.formats.bids_sidecar import apply_sidecars
from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.edf_gaps import GapSource, Stretch
from twitchwise.formats.edf_hypnogram import with_hypnogram
from twitchwise.formats.edf_layout import FIXED_HEADER_BYTES, EdfLayout, read_layout
from twitchwise.formats.edf_records import Calibration, EdfSource, Notes, RecordReader
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording, SampleSource
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say, say_many

if TYPE_CHECKING:
    from edfio import Bdf, BdfSignal, Edf, EdfSignal

_MAGICS = (b"0       ", b"\xffBIOSEMI")
_DATE_AND_TIME = slice(168, 184)
# EDF writes two digits of the year; 85 stands for 1985, 84 for 2084.
_FIRST_YEAR = 1985
# Interruptions may be so many times as long as what was recorded, or a day.
_MOST_GAPS, _DAY_S = 20.0, 86_400.0


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(_MAGICS) and len(head) >= FIXED_HEADER_BYTES


def _read(path: Path, options: ReadOptions) -> Recording:
    layout = read_layout(path, options.typed)
    with one_sentence(options.typed, say("{format} file", format=layout.format_name)) as noticed:
        header = _parse_header(layout)
        read = [_draft_signal(signal, layout) for signal in header.signals]
        start = _start(header, layout)
    reader = RecordReader(path, options.typed, layout)
    notes = Notes.of(reader)
    stretches = _stretches(notes, layout, options.typed)
    if all(layout.is_annotation):
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold signals, got annotations alone; open the recording that they belong to.",
                file=options.typed,
            )
        )
    drafts, sidecar_warnings = apply_sidecars(path, [draft for draft, _ in read])
    columns = [index for index, is_text in enumerate(layout.is_annotation) if not is_text]
    filled = [number for number, draft in enumerate(drafts) if draft.n_samples]
    chosen = [drafts[number] for number in filled]
    source: SampleSource = EdfSource(
        reader, tuple(columns[number] for number in filled), tuple(read[number][1] for number in filled)
    )
    if len(stretches) > 1:
        source, chosen = _with_gaps(source, chosen, stretches, layout)
    settled = settle(chosen, options)
    begin = start + timedelta(seconds=notes.first_onset_s) if start else None
    annotations, taken, doubtful = with_hypnogram(path, notes, layout.header)
    return Recording(
        name=path.name,
        format=layout.format_name,
        channels=settled.channels,
        source=ScaledSource(source, settled.scales, options.typed),
        start=begin,
        annotations=annotations,
        warnings=(
            *layout.warnings,
            *noticed,
            *_left_out(notes, drafts),
            *_interrupted(notes, stretches),
            *sidecar_warnings,
            *doubtful,
            *settled.warnings,
        ),
        notes=tuple(taken),
    )


def _parse_header(layout: EdfLayout) -> "Edf | Bdf":
    """Let edfio read the header alone, as the header of a file without data records."""
    import edfio  # noqa: PLC0415 - it costs time that other formats need not pay

    file = io.BytesIO(layout.header_of_no_records())
    if layout.is_bdf:
        return edfio.read_bdf(file, header_encoding="latin-1")
    return edfio.read_edf(file, lazy_load_data=False, header_encoding="latin-1")


def _draft_signal(signal: "EdfSignal | BdfSignal", layout: EdfLayout) -> tuple[ChannelDraft, Calibration]:
    physical, digital = signal.physical_range, signal.digital_range
    calibrated = physical.min != physical.max and digital.min != digital.max
    gain = (physical.max - physical.min) / (digital.max - digital.min) if calibrated else 1.0
    calibration = Calibration(gain, physical.max / gain - digital.max if calibrated else 0.0)
    limits = physical if calibrated else digital
    draft = ChannelDraft(
        name=signal.label,
        hint=signal.transducer_type,
        unit_text=signal.physical_dimension if calibrated else "count",
        sampling_rate_hz=signal.sampling_frequency,
        n_samples=signal.samples_per_data_record * layout.n_records,
        limits=(min(limits), max(limits)) if min(limits) < max(limits) else None,
        resolution=abs(gain),
    )
    return draft, calibration


def _start(header: "Edf | Bdf", layout: EdfLayout) -> datetime | None:
    """Return the start, or nothing where the date is withheld or not a date."""
    try:
        start = datetime.strptime(layout.header[_DATE_AND_TIME].decode("latin-1"), "%d.%m.%y%H.%M.%S")  # noqa: DTZ007 - EDF knows no time zone
    except ValueError:
        return None
    if start.year < _FIRST_YEAR:
        start = start.replace(year=start.year + 100)
    words = header.local_recording_identification.split()
    if words[:1] != ["Startdate"] or len(words) == 1:
        return start
    try:
        return datetime.combine(header.recording.startdate, start.time())
    except ValueError:
        return None


def _stretches(notes: Notes, layout: EdfLayout, typed: str) -> tuple[Stretch, ...]:
    """Return the stretches of a recording, one where it was not interrupted.

    A file that says of itself that it is without interruption, or whose time runs back, is refused, and so is one that
    is nearly all gap, because a time stamp of it must be wrong.
    """
    begins = [(0, 0.0), *notes.jumps]
    ends = [number for number, _ in notes.jumps] + [layout.n_records]
    found = tuple(Stretch(start_s, number, end - number) for (number, start_s), end in zip(begins, ends, strict=True))
    recorded_s = layout.n_records * layout.record_duration_s
    is_plausible = begins[-1][1] <= max(_MOST_GAPS * recorded_s, _DAY_S)
    may = layout.format_name.endswith("+D") and not notes.n_back and is_plausible
    if notes.n_gaps and not may:
        raise UnreadableRecordingError(
            say(
                "{file!r} must be recorded without interruption, got jumps of its time stamps ({jumps},"
                " the largest of {largest_s:g} s); split it where it was interrupted.",
                file=typed,
                jumps=notes.n_gaps,
                largest_s=notes.largest_gap_s,
            )
        )
    return found


def _with_gaps(
    source: SampleSource, drafts: Sequence[ChannelDraft], stretches: tuple[Stretch, ...], layout: EdfLayout
) -> tuple[GapSource, list[ChannelDraft]]:
    """Put the stretches at their times."""
    spread = GapSource(
        source,
        stretches,
        tuple(draft.n_samples // layout.n_records for draft in drafts),
        tuple(float(draft.sampling_rate_hz or 0.0) for draft in drafts),
    )
    return spread, [replace(draft, n_samples=spread.n_samples(place)) for place, draft in enumerate(drafts)]


def _interrupted(notes: Notes, stretches: tuple[Stretch, ...]) -> Iterator[str]:
    if notes.n_gaps:
        yield say_many(
            "The recording was interrupted once; samples between its {stretches} stretches are missing.",
            "The recording was interrupted {count} times; samples between its {stretches} stretches are missing.",
            count=notes.n_gaps,
            stretches=len(stretches),
        )


def _left_out(notes: Notes, drafts: Sequence[ChannelDraft]) -> Iterator[str]:
    if notes.n_unreadable:
        yield say_many(
            "{count} annotation in the file could not be read and was left out.",
            "{count} annotations in the file could not be read and were left out.",
            count=notes.n_unreadable,
        )
    for draft in drafts:
        if not draft.n_samples:
            yield say("Channel {channel!r} holds no samples and was left out.", channel=draft.name)


FORMAT = Format(
    name="EDF, EDF+, BDF",
    suffixes=(".edf", ".bdf", ".rec"),
    recognizes=_recognizes,
    read=_read,
)
