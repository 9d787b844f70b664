"""Reads EDF, EDF+ and BDF files in blocks; edfio reads the header, the samples are taken from the file piece by piece.

edfio can leave the samples of an EDF file on disk but reads a BDF file as a whole, so both are read here in one way.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.formats.bids_sidecar import apply_sidecars
from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.edf_layout import FIXED_HEADER_BYTES, EdfLayout, read_layout
from twitchwise.formats.edf_records import Calibration, EdfSource, Notes, RecordReader
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError

if TYPE_CHECKING:
    from edfio import Bdf, BdfSignal, Edf, EdfSignal

_MAGICS = (b"0       ", b"\xffBIOSEMI")
_DATE_AND_TIME = slice(168, 184)
# EDF writes two digits of the year; 85 stands for 1985, 84 for 2084.
_FIRST_YEAR = 1985


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(_MAGICS) and len(head) >= FIXED_HEADER_BYTES


def _read(path: Path, options: ReadOptions) -> Recording:
    layout = read_layout(path, options.typed)
    with one_sentence(options.typed, f"{layout.format_name} file") as noticed:
        header = _parse_header(layout)
        read = [_draft_signal(signal, layout) for signal in header.signals]
        start = _start(header, layout)
    reader = RecordReader(path, options.typed, layout)
    notes = Notes.of(reader)
    _require_no_gap(notes, options.typed)
    drafts, sidecar_warnings = apply_sidecars(path, [draft for draft, _ in read])
    columns = [index for index, is_text in enumerate(layout.is_annotation) if not is_text]
    filled = [number for number, draft in enumerate(drafts) if draft.n_samples]
    settled = settle([drafts[number] for number in filled], options)
    source = EdfSource(reader, tuple(columns[number] for number in filled), tuple(read[number][1] for number in filled))
    return Recording(
        name=path.name,
        format=layout.format_name,
        channels=settled.channels,
        source=ScaledSource(source, settled.scales, options.typed),
        start=start + timedelta(seconds=notes.first_onset_s) if start else None,
        annotations=tuple(notes.annotations),
        warnings=(*layout.warnings, *noticed, *_left_out(notes, drafts), *sidecar_warnings, *settled.warnings),
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


def _require_no_gap(notes: Notes, typed: str) -> None:
    if notes.n_gaps:
        raise UnreadableRecordingError(
            f"{typed!r} must be recorded without interruption, got jumps of its time stamps"
            f" ({notes.n_gaps}, the largest of {notes.largest_gap_s:g} s); split it where it was interrupted."
        )


def _left_out(notes: Notes, drafts: Sequence[ChannelDraft]) -> Iterator[str]:
    if notes.n_unreadable:
        yield f"{notes.n_unreadable} annotations in the file could not be read and were left out."
    for draft in drafts:
        if not draft.n_samples:
            yield f"Channel {draft.name!r} holds no samples and was left out."


FORMAT = Format(
    name="EDF, EDF+, BDF",
    suffixes=(".edf", ".bdf", ".rec"),
    recognizes=_recognizes,
    read=_read,
)
