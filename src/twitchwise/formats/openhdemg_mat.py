"""Reads MATLAB files: OTBioLab+ exports as openhdemg takes them, DEMUSE files, and plain matrices with a sampling rate.

A MATLAB 5 file is packed as a whole, so its matrices are held in memory, as they are stored; those of MATLAB 7.3 stay
in the file and are read in blocks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.electrode_grids import find_grid, name_of_grid
from twitchwise.formats.matlab_demuse import is_demuse, read_demuse
from twitchwise.formats.matlab_matrices import MatContent, read_matrices
from twitchwise.formats.matlab_variables import (
    MAGICS,
    Content,
    Matrix,
    MatrixChannel,
    MatrixSource,
    read_mat,
    scalar,
    texts,
)
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Annotation, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = "MATLAB"
_EXPORT = say("OTBioLab+ MATLAB export")
_VARIABLES = ("Data", "Description", "SamplingFrequency")
_LABEL = re.compile(r"(?P<label>.*?)\s*\[(?P<unit>[^\[\]]*)\]\s*")
_NUMBERED = re.compile(r"(?P<group>.*)\((?P<number>\d{1,4})\)\s*")
_DECOMPOSED = "ecomposition of "
_PULSE_TRAIN = "ource for decomposition"
_RANK = 2


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(MAGICS)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with one_sentence(typed, say("{format} file", format=_NAME)) as noticed:
        content = _understood(read_mat(path), typed)
    settled = settle(content.drafts, options)
    return Recording(
        name=path.name,
        format=content.format,
        channels=settled.channels,
        source=ScaledSource(MatrixSource(content.channels, typed), settled.scales, typed),
        annotations=content.annotations,
        warnings=(*noticed, *content.warnings, *settled.warnings),
    )


def _understood(variables: Mapping[str, Content], typed: str) -> MatContent:
    if "Description" in variables or {"Data", "OTBFile"} <= set(variables):
        return _read_export(variables, typed)
    return read_demuse(variables, typed) if is_demuse(variables) else read_matrices(variables, typed)


def _read_export(variables: Mapping[str, Content], typed: str) -> MatContent:
    data, labels, rate_hz = _export(variables, typed)
    measured = [index for index, label in enumerate(labels) if not _is_derived(label)]
    drafts = _placed([_draft(labels[index], rate_hz, data.shape[0]) for index in measured])
    return MatContent(
        format=_EXPORT,
        drafts=tuple(drafts),
        channels=tuple(MatrixChannel(data, index) for index in measured),
        annotations=tuple(_discharges(data, labels, rate_hz)),
    )


def _export(variables: Mapping[str, Content], typed: str) -> tuple[Matrix, list[str], float]:
    """Return samples of shape ``(n_samples, n_channels)``, a label for each channel, and the rate in Hz."""
    data, labels, rate = (_inside(variables.get(name)) for name in _VARIABLES)
    rate_hz = scalar(rate)
    if not isinstance(data, Matrix) or not labels or rate_hz is None:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold the variables Data, Description and SamplingFrequency of an OTBioLab+"
                " export, got {variables!r}.",
                file=typed,
                variables=list(variables)[:8],
            )
        )
    names = texts(labels)
    if len(data.shape) != _RANK or data.shape[1] != len(names):
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold one column of Data for each Description, got shape {shape!r} for"
                " {descriptions} descriptions.",
                file=typed,
                shape=data.shape,
                descriptions=len(names),
            )
        )
    return data, names, rate_hz


def _inside(content: Content) -> Content:
    """Take a value out of the cell of its own that OTBioLab+ puts it in."""
    return content[0] if isinstance(content, list) and len(content) == 1 else content


def _is_derived(label: str) -> bool:
    """Tell whether a column was computed from the others."""
    return _DECOMPOSED in label or _PULSE_TRAIN in label


@dataclass(frozen=True, kw_only=True, slots=True)
class _Described:
    """A draft, the words that it shares with the other electrodes of its grid, and its number among them."""

    draft: ChannelDraft
    group: str
    number: int


def _draft(label: str, rate_hz: float, n_samples: int) -> _Described:
    match = _LABEL.fullmatch(label)
    text, unit = (match["label"], match["unit"]) if match else (label, None)
    site, _, name = text.rpartition(" - ")
    numbered = _NUMBERED.fullmatch(text)
    draft = ChannelDraft(
        name=name,
        hint=text,
        unit_text=unit,
        sampling_rate_hz=rate_hz,
        n_samples=n_samples,
        kind=ChannelKind.FORCE if "MVC" in label else ChannelKind.EMG,
        site=site.partition(" - ")[0] or None,
    )
    group, number = (numbered["group"].strip(), int(numbered["number"])) if numbered else ("", 0)
    return _Described(draft=draft, group=group, number=number)


def _placed(described: Sequence[_Described]) -> list[ChannelDraft]:
    """Add the array and the place on it to the electrodes of grids, where all of a grid are there."""
    sizes = Counter(one.group for one in described)
    grids = Counter(name_of_grid(group) for group in sizes)
    return [_on_grid(one, sizes[one.group], alone=grids[name_of_grid(one.group)] == 1) for one in described]


def _on_grid(one: _Described, size: int, *, alone: bool) -> ChannelDraft:
    name = name_of_grid(one.group)
    if name is None or one.draft.kind is not ChannelKind.EMG:
        return one.draft
    grid = find_grid(name)
    complete = grid is not None and size == grid.n_electrodes
    return replace(
        one.draft,
        array=name if alone else one.group,
        position_m=grid.position_m(one.number) if grid is not None and complete else None,
        electrode=Electrode.SURFACE if grid is not None else None,
    )


def _discharges(data: Matrix, labels: list[str], rate_hz: float) -> Iterator[Annotation]:
    """Give the discharges of every decomposed unit, in order of time; a one in its column marks one."""
    units = [i for i, label in enumerate(labels) if _DECOMPOSED in label and _PULSE_TRAIN not in label]
    found = [
        (row, number)
        for number, index in enumerate(units, start=1)
        for row in np.flatnonzero(data.column(index, 0, data.shape[0]) > 0).tolist()
    ]
    for row, number in sorted(found):
        yield Annotation(start_s=row / rate_hz, duration_s=0.0, text=f"discharge unit {number}")


FORMAT = Format(name=_NAME, suffixes=(".mat",), recognizes=_recognizes, read=_read)
