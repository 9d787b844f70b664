"""Takes samples and notes out of the data records of an EDF or BDF file, piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twitchwise.formats.edf_layout import EdfLayout
from twitchwise.formats.edf_text import TimedTexts, parse_lists
from twitchwise.signals import Annotation, Rows
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# Two data records follow each other without a gap when their time stamps fit within this time: shorter than a sample at
# 5 kHz, longer than the rounding of a time stamp in the file.
_CONTIGUOUS_WITHIN_S = 1e-4
_BDF_SAMPLE_BYTES = 3


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads parts of columns of the data records; the file is open only while it is read."""

    path: Path
    typed: str
    layout: EdfLayout

    def column(self, signal: int, start: int, stop: int) -> bytes:
        """Return the bytes of samples ``start`` to ``stop`` of a signal, counted over all data records."""
        per_record = self.layout.columns[signal][1]
        first, last = start // per_record, -(-stop // per_record)
        with self.path.open("rb") as file:
            pieces = []
            for record in range(first, last):
                begin = max(start - record * per_record, 0)
                end = min(stop - record * per_record, per_record)
                file.seek(self._position(record, signal, begin))
                pieces.append(file.read((end - begin) * self.layout.bytes_per_sample))
        data = b"".join(pieces)
        if len(data) != (stop - start) * self.layout.bytes_per_sample:
            raise UnreadableRecordingError(
                say("{file!r} must keep its size while it is read, got a shorter file.", file=self.typed)
            )
        return data

    def records(self, first: int, stop: int) -> bytes:
        """Return data records ``first`` to ``stop`` as they lie in the file."""
        with self.path.open("rb") as file:
            file.seek(len(self.layout.header) + first * self.layout.record_bytes)
            data = file.read((stop - first) * self.layout.record_bytes)
        if len(data) != (stop - first) * self.layout.record_bytes:
            raise UnreadableRecordingError(
                say("{file!r} must keep its size while it is read, got a shorter file.", file=self.typed)
            )
        return data

    def texts(self, signal: int) -> Iterator[bytes]:
        """Give the bytes of a text signal, one data record after the other."""
        start, per_record = self.layout.columns[signal]
        del start
        with self.path.open("rb") as file:
            for record in range(self.layout.n_records):
                file.seek(self._position(record, signal, 0))
                yield file.read(per_record * self.layout.bytes_per_sample)

    def _position(self, record: int, signal: int, sample: int) -> int:
        layout = self.layout
        return (
            len(layout.header)
            + record * layout.record_bytes
            + layout.columns[signal][0]
            + sample * layout.bytes_per_sample
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """The line from converter counts to the unit in the file: ``(count + offset) * gain``."""

    gain: float
    offset: float


@dataclass(frozen=True, slots=True)
class EdfSource:
    """Samples in the file's units; ``columns`` are the numbers of the signals that hold samples."""

    reader: RecordReader
    columns: tuple[int, ...]
    calibrations: tuple[Calibration, ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        raw = self.reader.column(self.columns[channel], start, stop)
        counts = _decoded(raw, self.reader.layout)
        calibration = self.calibrations[channel]
        return (counts.astype(np.float64) + calibration.offset) * calibration.gain

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples ``start`` to ``stop`` of channels of one rate; whole data records are read at once."""
        layout = self.reader.layout
        chosen = [self.columns[channel] for channel in channels]
        per_record = layout.columns[chosen[0]][1]
        first, last = start // per_record, -(-stop // per_record)
        counts = _decoded(self.reader.records(first, last), layout).reshape(max(last - first, 0), -1)
        rows = np.empty((len(chosen), counts.shape[0] * per_record), dtype=np.float32)
        for row, signal, channel in zip(rows, chosen, channels, strict=True):
            begin = layout.columns[signal][0] // layout.bytes_per_sample
            row.reshape(-1, per_record)[:] = counts[:, begin : begin + per_record]
            calibration = self.calibrations[channel]
            np.add(row, np.float32(calibration.offset), out=row)
            np.multiply(row, np.float32(calibration.gain), out=row)
        return rows[:, start - first * per_record : stop - first * per_record]


def _decoded(raw: bytes, layout: EdfLayout) -> npt.NDArray[np.int16] | npt.NDArray[np.int32]:
    return _decode_bdf(raw) if layout.is_bdf else np.frombuffer(raw, dtype="<i2")


def _decode_bdf(raw: bytes) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Widen little-endian 24-bit samples to 32 bits: fill the upper three bytes, then shift with the sign."""
    wide = np.zeros((len(raw) // _BDF_SAMPLE_BYTES, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(raw, dtype=np.uint8).reshape(-1, _BDF_SAMPLE_BYTES)
    return wide.reshape(-1).view("<i4") >> 8


@dataclass(slots=True)
class Notes:
    """What the text signals of a file say: annotations, when the first data record began, and which begin after a jump.

    ``jumps`` holds the number of such a data record and its begin in seconds from that of the first.
    """

    annotations: list[Annotation] = field(default_factory=list)
    first_onset_s: float = 0.0
    n_gaps: int = 0
    n_back: int = 0
    largest_gap_s: float = 0.0
    n_unreadable: int = 0
    jumps: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def of(cls, reader: RecordReader) -> "Notes":
        """Read all text signals of a file."""
        notes = cls()
        texts = [index for index, is_text in enumerate(reader.layout.is_annotation) if is_text]
        for order, signal in enumerate(texts):
            notes._read_signal(reader, signal, keeps_time=order == 0)
        notes.annotations.sort(key=lambda note: (note.start_s, note.text))
        return notes

    def _read_signal(self, reader: RecordReader, signal: int, *, keeps_time: bool) -> None:
        expected_s: float | None = None
        for number, record in enumerate(reader.texts(signal)):
            lists = list(parse_lists(record))
            self.n_unreadable += lists.count(None)
            read = [timed for timed in lists if timed is not None]
            if keeps_time and read:
                expected_s = self._keep_time(number, read[0].onset_s, expected_s) + reader.layout.record_duration_s
            for timed in read:
                self._add(timed)

    def _keep_time(self, number: int, onset_s: float, expected_s: float | None) -> float:
        if expected_s is None:
            self.first_onset_s = onset_s
        elif abs(onset_s - expected_s) > _CONTIGUOUS_WITHIN_S:
            self.n_gaps += 1
            self.n_back += onset_s < expected_s
            self.jumps.append((number, onset_s - self.first_onset_s))
            self.largest_gap_s = max(self.largest_gap_s, onset_s - expected_s, key=abs)
        return onset_s

    def _add(self, timed: TimedTexts) -> None:
        start_s = timed.onset_s - self.first_onset_s
        self.annotations.extend(
            Annotation(start_s=start_s, duration_s=timed.duration_s, text=text) for text in timed.texts if text
        )
