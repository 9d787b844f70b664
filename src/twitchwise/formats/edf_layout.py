"""Where the samples of an EDF or BDF file lie: header record, data records, one column of bytes per signal.

Kemp et al. 1992, doi:10.1016/0013-4694(92)90009-7; EDF+: Kemp and Olivan 2003, doi:10.1016/S1388-2457(03)00123-8.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say, say_many

FIXED_HEADER_BYTES = 256
_SIGNAL_HEADER_BYTES = 256
_N_RECORDS = slice(236, 244)
_RECORD_DURATION = slice(244, 252)
_N_SIGNALS = slice(252, 256)
_RESERVED = slice(192, 236)
_LABEL_BYTES = 16
# Bytes of the signal fields that lie before the number of samples, for each signal: label 16, transducer 80, dimension
# 8, physical and digital limits 4 x 8, prefiltering 80.
_BEFORE_SAMPLES_BYTES = 216
_UNKNOWN_N_RECORDS = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class EdfLayout:
    """How the bytes of one file are laid out.

    ``columns`` holds, for each signal in file order, its first byte in a data record and its number of samples there;
    ``is_annotation`` tells which of them hold text. ``n_records`` is what the file holds; the header may not know.
    """

    is_bdf: bool
    header: bytes
    record_duration_s: float
    n_records: int
    columns: tuple[tuple[int, int], ...]
    is_annotation: tuple[bool, ...]
    warnings: tuple[str, ...]

    @property
    def format_name(self) -> str:
        """Name with the variant that the header states, for example ``EDF+C``."""
        stated = self.header[_RESERVED].decode("latin-1").strip()[:5]
        plain = "BDF" if self.is_bdf else "EDF"
        return stated if stated.startswith(f"{plain}+") else plain

    @property
    def bytes_per_sample(self) -> int:
        """Two in EDF, three in BDF."""
        return 3 if self.is_bdf else 2

    @property
    def record_bytes(self) -> int:
        """Size of a data record."""
        start, n_samples = self.columns[-1]
        return start + n_samples * self.bytes_per_sample

    def header_of_no_records(self) -> bytes:
        """Return the header with a count of zero, for a parser that must not look for data."""
        return self.header[: _N_RECORDS.start] + b"0       " + self.header[_N_RECORDS.stop :]


def read_layout(path: Path, typed: str) -> EdfLayout:
    """Read the header and compare its promise with the size of the file.

    Raises
    ------
    UnreadableRecordingError
        If the header cannot be understood or the file holds fewer data records than it promises.
    """
    with path.open("rb") as file:
        header = file.read(FIXED_HEADER_BYTES)
        n_signals = _number(header[_N_SIGNALS], say("number of signals"), typed, least=1)
        header += file.read(n_signals * _SIGNAL_HEADER_BYTES)
    if len(header) != FIXED_HEADER_BYTES + n_signals * _SIGNAL_HEADER_BYTES:
        raise UnreadableRecordingError(
            say("{file!r} must hold its whole header, got a file that ends within it.", file=typed)
        )
    is_bdf = header[:1] == b"\xff"
    samples = _samples_per_record(header, n_signals, typed)
    record_bytes = _record_bytes(samples, 3 if is_bdf else 2)
    data_bytes = path.stat().st_size - len(header)
    n_records, warnings = _compare(header, data_bytes, record_bytes, typed)
    annotations = "BDF Annotations" if is_bdf else "EDF Annotations"
    labels = _labels(header, n_signals)
    starts = [_record_bytes(samples[:index], 3 if is_bdf else 2) for index in range(n_signals)]
    return EdfLayout(
        is_bdf=is_bdf,
        header=header,
        record_duration_s=_duration_s(header, typed, is_text_alone=all(label == annotations for label in labels)),
        n_records=n_records,
        columns=tuple(zip(starts, samples, strict=True)),
        is_annotation=tuple(label == annotations for label in labels),
        warnings=warnings,
    )


def _record_bytes(samples: list[int], bytes_per_sample: int) -> int:
    return sum(samples) * bytes_per_sample


def _labels(header: bytes, n_signals: int) -> list[str]:
    field = header[FIXED_HEADER_BYTES : FIXED_HEADER_BYTES + n_signals * _LABEL_BYTES].decode("latin-1")
    return [field[at : at + _LABEL_BYTES].rstrip() for at in range(0, len(field), _LABEL_BYTES)]


def _samples_per_record(header: bytes, n_signals: int, typed: str) -> list[int]:
    start = FIXED_HEADER_BYTES + n_signals * _BEFORE_SAMPLES_BYTES
    fields = [header[start + 8 * index : start + 8 * index + 8] for index in range(n_signals)]
    samples = [_number(field, say("number of samples in a data record"), typed, least=0) for field in fields]
    if not any(samples):
        raise UnreadableRecordingError(
            say("{file!r} must hold at least one sample, got data records without any.", file=typed)
        )
    return samples


def _duration_s(header: bytes, typed: str, *, is_text_alone: bool) -> float:
    """Return the duration of a data record; without signals it may be 0."""
    text = header[_RECORD_DURATION].decode("latin-1").strip()
    try:
        duration_s = float(text)
    except ValueError:
        duration_s = math.nan
    if not (math.isfinite(duration_s) and (duration_s > 0 or (is_text_alone and duration_s == 0))):
        raise UnreadableRecordingError(
            say("{file!r}: duration of a data record must be above 0 s, got {got!r}.", file=typed, got=text)
        )
    return duration_s


def _number(field: bytes, what: str, typed: str, *, least: int) -> int:
    text = field.decode("latin-1").strip()
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and int(text) >= least):
        raise UnreadableRecordingError(
            say(
                "{file!r}: {what} in the header must be a whole number of at least {least}, got {got!r}.",
                file=typed,
                what=what,
                least=least,
                got=text,
            )
        )
    return int(text)


def _compare(header: bytes, data_bytes: int, record_bytes: int, typed: str) -> tuple[int, tuple[str, ...]]:
    promised = _number(header[_N_RECORDS], say("number of data records"), typed, least=_UNKNOWN_N_RECORDS)
    whole, rest = divmod(data_bytes, record_bytes)
    if promised == _UNKNOWN_N_RECORDS:
        return whole, (_open_count(whole, is_ragged=rest > 0),)
    if whole < promised:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold the {promised} data records that its header promises, got {records};"
                " it was cut short.",
                file=typed,
                promised=promised,
                records=whole,
            )
        )
    if data_bytes > promised * record_bytes:
        beyond = data_bytes - promised * record_bytes
        said = say_many(
            "The file goes on for {count} byte after the last data record; it was left out.",
            "The file goes on for {count} bytes after the last data record; they were left out.",
            count=beyond,
        )
        return promised, (said,)
    return promised, ()


def _open_count(whole: int, *, is_ragged: bool) -> str:
    if is_ragged:
        return say(
            "The header leaves the number of data records open; the file holds {records} and a part of one more,"
            " which was left out.",
            records=whole,
        )
    return say("The header leaves the number of data records open; the file holds {records}.", records=whole)
