"""MATLAB files without a known layout: the longest matrices are the channels, one variable is the sampling rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.matlab_variables import Content, Matrix, MatrixChannel, scalar, texts
from twitchwise.signals import Annotation
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_FORMAT = say("MATLAB matrices")
_RATES = frozenset(
    {
        *("fs", "fsamp", "fsample", "srate", "sfreq", "samplerate", "samplingrate", "samplefrequency"),
        *("samplingfrequency", "samplingfreq", "samplefreq", "sampfreq", "freqsamp"),
    }
)
_UNITS = frozenset({"unit", "units", "emgunit", "emgunits"})
_LABELS = frozenset({"label", "labels", "channels", "channelnames", "channellabels", "names"})
_TIMES = frozenset({"t", "time", "times", "timestamps", "tvec", "timevector"})
_RANK = 2
_MOST_CHANNELS = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class MatContent:
    """What was understood of a MATLAB file: channels, where their samples lie, and what was noted."""

    format: str
    drafts: tuple[ChannelDraft, ...]
    channels: tuple[MatrixChannel, ...]
    annotations: tuple[Annotation, ...] = ()
    warnings: tuple[str, ...] = ()


def read_matrices(variables: Mapping[str, Content], typed: str) -> MatContent:
    """Take the longest side among the matrices for time, and every matrix that has it for channels.

    Raises
    ------
    UnreadableRecordingError
        If there is no matrix of samples, or none whose longer side can be told.
    """
    plain = {name.lower().replace("_", "").replace(" ", ""): content for name, content in variables.items()}
    rate_hz = next((rate for name, rate in _scalars(plain) if name in _RATES), None)
    matrices = {name: one for name, one in variables.items() if _may_hold_samples(name, one)}
    length = max((max(one.shape) for one in matrices.values() if isinstance(one, Matrix)), default=0)
    drafts: list[ChannelDraft] = []
    channels: list[MatrixChannel] = []
    unit = next((text for name in _UNITS for text in texts(plain.get(name)) if text), None)
    labels = next((texts(plain[name]) for name in sorted(_LABELS) if name in plain), [])
    for name, one in matrices.items():
        if isinstance(one, Matrix) and max(one.shape) == length:
            for index in range(_count(name, one, typed)):
                channels.append(MatrixChannel(one, index, is_row=one.shape[1] > one.shape[0]))
                drafts.append(_draft(name, index, min(one.shape), length, rate_hz))
    if not drafts:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold a matrix of samples, the cells SIG of DEMUSE or the variables Data,"
                " Description and SamplingFrequency of an OTBioLab+ export, got {variables!r}.",
                file=typed,
                variables=list(variables)[:8],
            )
        )
    return MatContent(
        format=_FORMAT,
        drafts=tuple(_named(drafts, labels, unit if len({one.hint for one in drafts}) == 1 else None)),
        channels=tuple(channels),
    )


def _scalars(plain: Mapping[str, Content]) -> list[tuple[str, float]]:
    found = [(name, scalar(content)) for name, content in plain.items()]
    return [(name, number) for name, number in found if number is not None]


def _may_hold_samples(name: str, content: Content) -> bool:
    return (
        isinstance(content, Matrix)
        and len(content.shape) == _RANK
        and content.size > 1
        and name.lower().replace("_", "") not in _TIMES
    )


def _count(name: str, matrix: Matrix, typed: str) -> int:
    """Return the number of channels of a matrix, the shorter side."""
    rows, columns = matrix.shape
    if rows == columns or min(rows, columns) > _MOST_CHANNELS:
        raise UnreadableRecordingError(
            say(
                "{file!r}: matrix {matrix!r} must have one side that is time and a much shorter one of"
                " channels, got {rows} by {columns}.",
                file=typed,
                matrix=name,
                rows=rows,
                columns=columns,
            )
        )
    return min(rows, columns)


def _draft(name: str, index: int, count: int, length: int, rate_hz: float | None) -> ChannelDraft:
    return ChannelDraft(
        name=name if count == 1 else f"{name} ({index + 1})",
        hint=name,
        unit_text=None,
        sampling_rate_hz=rate_hz,
        n_samples=length,
    )


def _named(drafts: Sequence[ChannelDraft], labels: Sequence[str], unit: str | None) -> list[ChannelDraft]:
    """Give the channels their labels, and the unit, where the file has one for all of them."""
    named = labels if len(labels) == len(drafts) else [draft.name for draft in drafts]
    return [
        ChannelDraft(
            name=label or draft.name,
            hint=draft.hint,
            unit_text=unit,
            sampling_rate_hz=draft.sampling_rate_hz,
            n_samples=draft.n_samples,
        )
        for draft, label in zip(drafts, named, strict=True)
    ]
