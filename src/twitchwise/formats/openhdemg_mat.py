"""Reads the MATLAB 5 files that OTBioLab+ exports and openhdemg takes: high-density EMG, force and discharges.

Such a file is packed as a whole, so its samples are held in memory.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.matlab5 import Value, read_variables
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Annotation, ArraySource, Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray

_NAME = "OTBioLab+ MATLAB export"
_VARIABLES = ("Data", "Description", "SamplingFrequency")
_LABEL = re.compile(r"(?P<label>.*?)\s*\[(?P<unit>[^\[\]]*)\]\s*")
_DECOMPOSED = "ecomposition of "
_PULSE_TRAIN = "ource for decomposition"


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith((b"MATLAB 5.0 MAT-file", b"MATLAB 7.3 MAT-file"))


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    _require_matlab5(path, typed)
    with one_sentence(typed, "MATLAB 5 file") as noticed:
        data, labels, rate_hz = _load(path, typed)
    measured = [index for index, label in enumerate(labels) if not _is_derived(label)]
    drafts = [_draft(labels[index], rate_hz, len(data)) for index in measured]
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(ArraySource([data[:, index] for index in measured]), settled.scales, typed),
        annotations=tuple(_discharges(data, labels, rate_hz)),
        warnings=(*noticed, *settled.warnings),
    )


def _require_matlab5(path: Path, typed: str) -> None:
    with path.open("rb") as file:
        if file.read(10).startswith(b"MATLAB 7.3"):
            raise UnreadableRecordingError(
                f"{typed!r} must be saved as MATLAB 5 (save with '-v7'), got MATLAB 7.3, which is not read yet."
            )


def _load(path: Path, typed: str) -> tuple[FloatArray, list[str], float]:
    """Return samples of shape ``(n_samples, n_channels)``, a label for each channel, and the rate in Hz."""
    values, found = read_variables(path.read_bytes(), _VARIABLES)
    data, labels, rate_hz = (_content(values.get(name)) for name in _VARIABLES)
    if not (isinstance(data, np.ndarray) and labels and isinstance(rate_hz, np.ndarray) and rate_hz.size == 1):
        raise UnreadableRecordingError(
            f"{typed!r} must hold the variables Data, Description and SamplingFrequency of an OTBioLab+ export,"
            f" got {found[:8]!r}."
        )
    names = _labels(labels)
    if data.ndim != 2 or data.shape[1] != len(names):  # noqa: PLR2004 - rows and columns
        raise UnreadableRecordingError(
            f"{typed!r} must hold one column of Data for each Description, got shape {data.shape!r}"
            f" for {len(names)} descriptions."
        )
    return data, names, float(rate_hz.item())


def _content(value: Value) -> Value:
    """Take a value out of the cell of its own that OTBioLab+ puts it in."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _labels(value: Value) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    return [text if isinstance(text, str) else "" for text in texts]


def _is_derived(label: str) -> bool:
    """Tell whether a column was computed from the others."""
    return _DECOMPOSED in label or _PULSE_TRAIN in label


def _draft(label: str, rate_hz: float, n_samples: int) -> ChannelDraft:
    match = _LABEL.fullmatch(label)
    text, unit = (match["label"], match["unit"]) if match else (label, None)
    site, _, name = text.rpartition(" - ")
    is_force = "MVC" in label
    return ChannelDraft(
        name=name,
        hint=text,
        unit_text=unit,
        sampling_rate_hz=rate_hz,
        n_samples=n_samples,
        kind=ChannelKind.FORCE if is_force else ChannelKind.EMG,
        site=site.partition(" - ")[0] or None,
    )


def _discharges(data: FloatArray, labels: list[str], rate_hz: float) -> Iterator[Annotation]:
    """Give the discharges of every decomposed unit, in order of time; a one in its column marks one."""
    units = [i for i, label in enumerate(labels) if _DECOMPOSED in label and _PULSE_TRAIN not in label]
    rows, numbers = np.nonzero(data[:, units] > 0)
    for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
        yield Annotation(start_s=row / rate_hz, duration_s=0.0, text=f"discharge unit {number + 1}")


FORMAT = Format(name=_NAME, suffixes=(".mat",), recognizes=_recognizes, read=_read)
