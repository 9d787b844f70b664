"""MATLAB files of DEMUSE: the channels of a grid in a cell array, sampling rate, spacing, force and discharges.

Layout: the head of DEMUSE's readers (A. Holobar, "DEMUSEtool reader") and ``emg_from_demuse`` of openhdemg.
``SIG{r,c}`` is the channel in row r and column c, empty where there is no electrode; ``fsamp`` is in Hz, ``IED`` in mm,
``MUPulses`` counts samples from 1. No unit is said.
"""

from collections.abc import Iterator, Mapping

from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.matlab_matrices import MatContent
from twitchwise.formats.matlab_variables import CellArray, Content, Matrix, MatrixChannel, scalar
from twitchwise.signals import Annotation
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_FORMAT = "DEMUSE"
_MILLIMETER = 1e-3
_RANK = 2


def is_demuse(variables: Mapping[str, Content]) -> bool:
    """Tell whether the variables are those of DEMUSE."""
    return isinstance(variables.get("SIG"), CellArray)


def read_demuse(variables: Mapping[str, Content], typed: str) -> MatContent:
    """Read the channels, the reference signal and the discharges.

    Raises
    ------
    UnreadableRecordingError
        If there is no channel.
    """
    rate_hz, spacing_mm = scalar(variables.get("fsamp")), scalar(variables.get("IED"))
    channels = list(_channels(variables["SIG"]))
    if not channels:
        raise UnreadableRecordingError(say("{file!r} must hold a channel in the cells of SIG, got none.", file=typed))
    montage = variables.get("montage")
    drafts = [
        _draft(place, channel, rate_hz, spacing_mm, f"montage {montage}" if isinstance(montage, str) else "")
        for place, channel in channels
    ]
    force = list(_rows("ref_signal", variables.get("ref_signal"), rate_hz))
    return MatContent(
        format=_FORMAT,
        drafts=(*drafts, *(draft for draft, _ in force)),
        channels=(*(channel for _, channel in channels), *(channel for _, channel in force)),
        annotations=tuple(_discharges(variables.get("MUPulses"), rate_hz)),
    )


def _channels(cells: Content) -> Iterator[tuple[tuple[int, int], MatrixChannel]]:
    """Give row and column of each electrode with its samples, one column of the grid after the other."""
    if not isinstance(cells, CellArray) or len(cells.shape) != _RANK:
        return
    for index, cell in enumerate(cells):
        if isinstance(cell, Matrix) and cell.size and 1 in cell.shape and len(cell.shape) == _RANK:
            yield (index % cells.shape[0], index // cells.shape[0]), MatrixChannel(cell, 0, is_row=cell.shape[0] == 1)


def _draft(
    place: tuple[int, int], channel: MatrixChannel, rate_hz: float | None, spacing_mm: float | None, words: str
) -> ChannelDraft:
    row, column = place
    spacing_m = (spacing_mm or 0.0) * _MILLIMETER
    return ChannelDraft(
        name=f"row {row + 1} column {column + 1}",
        remarks=words,
        unit_text=None,
        sampling_rate_hz=rate_hz,
        n_samples=channel.matrix.size,
        kind=ChannelKind.EMG,
        array="grid",
        position_m=(column * spacing_m, row * spacing_m, 0.0) if spacing_m > 0 else None,
    )


def _rows(name: str, content: Content, rate_hz: float | None) -> Iterator[tuple[ChannelDraft, MatrixChannel]]:
    """Give the rows of the reference signal, or its columns where it stands upright."""
    if not isinstance(content, Matrix) or len(content.shape) != _RANK or content.size <= 1:
        return
    is_row = content.shape[1] >= content.shape[0]
    count, length = content.shape if is_row else content.shape[::-1]
    for index in range(count):
        draft = ChannelDraft(
            name=name if count == 1 else f"{name} ({index + 1})",
            unit_text=None,
            sampling_rate_hz=rate_hz,
            n_samples=length,
            kind=ChannelKind.FORCE,
        )
        yield draft, MatrixChannel(content, index, is_row=is_row)


def _discharges(content: Content, rate_hz: float | None) -> Iterator[Annotation]:
    """Give the discharges of every unit, in order of time."""
    units = content if isinstance(content, list) else [content]
    found = sorted(
        (pulse, number)
        for number, unit in enumerate(units, start=1)
        if isinstance(unit, Matrix)
        for pulse in unit.flat().tolist()
        if pulse >= 1
    )
    if rate_hz is not None and rate_hz > 0:
        for pulse, number in found:
            yield Annotation(start_s=(pulse - 1) / rate_hz, duration_s=0.0, text=f"discharge unit {number}")
