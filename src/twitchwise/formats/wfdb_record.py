"""Reads WFDB records (a ``.hea`` header with its signal files) in blocks through wfdb, from this machine only.

Format: https://physionet.org/physiotools/wag/header-5.htm
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import MissingExtraError, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_HEADER_SUFFIX, _SIGNAL_SUFFIX = ".hea", ".dat"
_NAME = "WFDB"
_RECORD = say("WFDB record")
# The third field of a signal line is the gain; without one, or with 0, the signal is not calibrated.
_GAIN_FIELD = 2
_MOST_BITS = 32
_NO_GAIN = re.compile(r"0*\.?0*(?![0-9.eE])")


def _recognizes(path: Path, head: bytes) -> bool:
    """Ask for text in a header, and believe the ending of a signal file: its bytes tell nothing."""
    return path.suffix.lower() == _SIGNAL_SUFFIX or (path.suffix.lower() == _HEADER_SUFFIX and b"\x00" not in head)


def _read(path: Path, options: ReadOptions) -> Recording:
    stem = path.resolve().with_suffix("")
    header = stem.with_suffix(_HEADER_SUFFIX)
    if not header.is_file():
        raise UnreadableRecordingError(
            say("{file!r} must have its header {header!r} beside it, got none.", file=options.typed, header=header.name)
        )
    wfdb = _import_wfdb()
    with one_sentence(options.typed, _RECORD) as noticed:
        record = wfdb.rdheader(_local_name(stem, options.typed))
        calibrated = _calibrated(stem)
        _require_simple(record, calibrated, header, options.typed)
        drafts = [_draft(record, index, is_calibrated=flag) for index, flag in enumerate(calibrated)]
        source = _WfdbSource(stem, options.typed, tuple(calibrated), tuple(record.samps_per_frame))
        source.require_end([draft.n_samples for draft in drafts])
        start = _start(record)
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(source, settled.scales, options.typed),
        start=start,
        warnings=(*noticed, *settled.warnings),
    )


@dataclass(frozen=True, slots=True)
class _WfdbSource:
    """Samples in the file's units, or converter counts where a signal is not calibrated."""

    stem: Path
    typed: str
    calibrated: tuple[bool, ...]
    per_frame: tuple[int, ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel; a frame may hold several of them."""
        per_frame, calibrated = self.per_frame[channel], self.calibrated[channel]
        first, last = start // per_frame, -(-stop // per_frame)
        if first >= last:
            return np.empty(0)
        with one_sentence(self.typed, _RECORD):
            record = _import_wfdb().rdrecord(
                _local_name(self.stem, self.typed),
                sampfrom=first,
                sampto=last,
                channels=[channel],
                physical=calibrated,
                smooth_frames=False,
            )
            samples = np.asarray((record.e_p_signal if calibrated else record.e_d_signal)[0], dtype=np.float64)
        return samples[start - first * per_frame : stop - first * per_frame]

    def require_end(self, lengths: Sequence[int]) -> None:
        """Refuse signal files that do not reach the last sample of every channel."""
        try:
            for channel, n_samples in enumerate(lengths):
                self.read(channel, n_samples - 1, n_samples)
        except UnreadableRecordingError as error:
            raise UnreadableRecordingError(
                say(
                    "{file!r} must have signal files that hold the {samples} samples its header promises, got"
                    " shorter or damaged ones.",
                    file=self.typed,
                    samples=max(lengths),
                )
            ) from error


def _import_wfdb() -> Any:  # noqa: ANN401 - the package ships no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own dependencies warn of when it is loaded is not about a recording
        try:
            import wfdb  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise MissingExtraError(say("Reading WFDB records"), "wfdb") from error
    return wfdb


def _local_name(stem: Path, typed: str) -> str:
    """Return the record's name, surely of this machine: the package would take some names for network addresses."""
    if ":" in str(stem.relative_to(stem.anchor)):
        raise UnreadableRecordingError(
            say("{file!r} must be in a folder without ':' in its name to be read as WFDB.", file=typed)
        )
    return str(stem)


def _signal_lines(stem: Path) -> list[list[str]]:
    text = stem.with_suffix(_HEADER_SUFFIX).read_text(encoding="ascii", errors="ignore")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return lines[1:]


def _calibrated(stem: Path) -> list[bool]:
    """Tell for each signal whether its header line gives a gain; the package would invent one."""
    return [len(fields) > _GAIN_FIELD and _NO_GAIN.match(fields[_GAIN_FIELD]) is None for fields in _signal_lines(stem)]


def _require_simple(record: Any, calibrated: list[bool], header: Path, typed: str) -> None:  # noqa: ANN401 - the package ships no types
    """Refuse what is not read yet, and signal files outside the record's folder."""
    if hasattr(record, "seg_name"):
        raise UnreadableRecordingError(
            say(
                "{file!r} must be a WFDB record of one segment, got one of {segments}.",
                file=typed,
                segments=record.n_seg,
            )
        )
    if not record.n_sig or len(calibrated) != record.n_sig or not record.sig_len:
        raise UnreadableRecordingError(
            say(
                "{file!r} must name its signals and their length in the header, got {signals} signals of"
                " {samples} samples.",
                file=typed,
                signals=record.n_sig,
                samples=record.sig_len,
            )
        )
    for name in record.file_name:
        if name.startswith(".") or not header.with_name(name).is_file():
            raise UnreadableRecordingError(
                say(
                    "{file!r} must have its signal files beside it, got no {signal_file!r}.",
                    file=typed,
                    signal_file=name,
                )
            )


def _draft(record: Any, index: int, *, is_calibrated: bool) -> ChannelDraft:  # noqa: ANN401 - the package ships no types
    gain = float(record.adc_gain[index]) if is_calibrated else 1.0
    baseline = int(record.baseline[index]) if is_calibrated else 0
    per_frame = int(record.samps_per_frame[index])
    return ChannelDraft(
        name=record.sig_name[index] or "",
        remarks=" ".join(record.comments),
        unit_text=record.units[index] if is_calibrated else "count",
        sampling_rate_hz=float(record.fs) * per_frame,
        n_samples=int(record.sig_len) * per_frame,
        limits=_limits(record.adc_res[index], record.adc_zero[index], gain, baseline),
        resolution=abs(1 / gain),
    )


def _limits(bits: int | None, zero: int | None, gain: float, baseline: int) -> tuple[float, float] | None:
    """Return what the converter can give, in the file's unit; nothing where the header does not tell its bits."""
    if not bits or not 0 < bits <= _MOST_BITS:
        return None
    half = 2 ** (bits - 1)
    ends = [(count + (zero or 0) - baseline) / gain for count in (-half, half - 1)]
    return min(ends), max(ends)


def _start(record: Any) -> datetime | None:  # noqa: ANN401 - the package ships no types
    if record.base_date is None or record.base_time is None:
        return None
    return datetime.combine(record.base_date, record.base_time)


FORMAT = Format(
    name=_NAME,
    suffixes=(_HEADER_SUFFIX, _SIGNAL_SUFFIX),
    recognizes=_recognizes,
    read=_read,
    named_by_stem=True,
)
