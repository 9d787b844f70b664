"""Recordings from and to MNE-Python, Gramfort et al. 2013, doi:10.3389/fnins.2013.00267; MNE loads when it is used."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from twitchwise.formats.bad_channels import set_aside
from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Annotation, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, MissingExtraError, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    import mne

# "bio" and "misc" say nothing of what was measured, so names and units do.
_KINDS = {"emg": ChannelKind.EMG, "eeg": ChannelKind.EEG, "ecg": ChannelKind.ECG}
_SILENT = {"bio", "misc"}
_TYPES = {ChannelKind.EMG: "emg", ChannelKind.EEG: "eeg", ChannelKind.ECG: "ecg"}
# 64 MiB: a minute of 64 channels at 2048 Hz.
_MOST_KEPT_SAMPLES = 1 << 23
# Numbers of the FIF format, which MNE holds all channels in: https://github.com/mne-tools/fiff-constants
_UNITS = {107: Unit.VOLT, 102: Unit.NEWTON, 1: Unit.METER, 3: Unit.SECOND, 101: Unit.HERTZ, 114: Unit.DEGREE_CELSIUS}


def from_mne(raw: "mne.io.BaseRaw", *, name: str | None = None) -> Recording:
    """Take an MNE recording as it is, without copying its samples.

    Parameters
    ----------
    raw
        Any ``mne.io.BaseRaw``, loaded or not. Channels of the types emg, eeg and ecg are what they say; bio and misc
        go by their names. MNE reads every channel of an EDF file as eeg unless it is told otherwise: set the types
        first, ``raw.set_channel_types({"EMG1": "emg"})``. Channels in ``raw.info["bads"]`` are not taken for EMG.
    name
        What to call it; the name of its file if left out.

    Returns
    -------
    Recording
        Samples are read from ``raw`` in blocks when they are asked for, so it must not be changed or closed meanwhile.
        Annotations and the time of its begin are kept.

    Raises
    ------
    MissingExtraError
        If MNE is not installed.
    OutOfRangeError
        If it is no MNE recording.
    UnreadableRecordingError
        If every channel is marked as bad.

    Examples
    --------
    >>> import mne, numpy as np
    >>> info = mne.create_info(["calf"], sfreq=1000.0, ch_types="emg")
    >>> raw = mne.io.RawArray(np.zeros((1, 5000)), info, verbose="ERROR")
    >>> recording = from_mne(raw)
    >>> recording.channels[0].kind.value, recording.channels[0].unit.value, recording.duration_s
    ('emg', 'V', 5.0)
    """
    if not isinstance(raw, _load_mne().io.BaseRaw):
        raise OutOfRangeError(f"raw must be an MNE recording (mne.io.BaseRaw), got {type(raw).__name__!r}.")
    called = name or _name_of(raw)
    drafts = [_draft(raw, index) for index in range(len(raw.ch_names))]
    bad = dict.fromkeys(raw.info["bads"], "")
    drafts, said = set_aside(drafts, bad, marked_by="MNE", typed=called)
    settled = settle(drafts, ReadOptions(typed=called))
    start: datetime | None = raw.info["meas_date"]
    return Recording(
        name=called,
        format="MNE",
        channels=settled.channels,
        source=ScaledSource(_RawSource(raw, called), settled.scales, called),
        start=None if start is None else start + timedelta(seconds=float(raw.first_time)),
        annotations=tuple(_annotations(raw)),
        warnings=(*said, *settled.warnings),
    )


def to_mne(
    recording: Recording, *, events: Iterable[EventTrain] = (), channels: Sequence[str] | None = None
) -> "mne.io.RawArray":
    """Return a recording as an MNE one, all of it in memory.

    Parameters
    ----------
    recording
        Its annotations come along. EMG, EEG and ECG in volts are of these types; all other channels are misc, in the
        unit that they have here.
    events
        Events to add as annotations, as `events_to_annotations` makes them.
    channels
        Names of the channels to take, all of one rate and length, as MNE has it; all if left out.

    Raises
    ------
    MissingExtraError
        If MNE is not installed.
    OutOfRangeError
        If a channel is not there, or the channels differ in rate or length.
    """
    package = _load_mne()
    taken = [recording.channel(name) for name in channels or [one.name for one in recording.channels]]
    rate_hz = _one_rate(taken, recording.name)
    info = package.create_info([one.name for one in taken], rate_hz, [_type_of(one) for one in taken])
    if recording.start is not None:
        info.set_meas_date(_in_utc(recording.start))
    raw = package.io.RawArray(np.stack([recording.read(one.name) for one in taken]), info, verbose="ERROR")
    noted = [train for train in events if train.channel in raw.ch_names or train.at]
    raw.set_annotations(_notes(recording) + events_to_annotations(noted))
    return raw


def events_to_annotations(trains: Iterable[EventTrain]) -> "mne.Annotations":
    """Return events as MNE annotations, times from the start of the recording.

    Parameters
    ----------
    trains
        Events; the kind is the description, the channel the annotation's, and unit and probability are its extras.

    Raises
    ------
    MissingExtraError
        If MNE is not installed.
    """
    events = sorted((event for train in trains for event in train), key=lambda event: event.start_s)
    return _load_mne().Annotations(
        onset=[event.start_s for event in events],
        duration=[event.end_s - event.start_s for event in events],
        description=[event.kind.value for event in events],
        ch_names=[(event.channel,) for event in events],
        extras=[{"unit": event.unit or 0, "probability": event.probability} for event in events],
    )


class _RawSource:
    """Samples of an MNE recording in the units that it holds them in.

    MNE decodes all channels of a file to give one. So when the same stretch is asked for another channel, it is read
    for all of them and kept for those that follow.
    """

    def __init__(self, raw: Any, name: str) -> None:  # noqa: ANN401 - MNE has no types
        self._raw, self._name = raw, name
        self._last: tuple[int, int] | None = None
        self._kept: tuple[tuple[int, int], list[FloatArray]] | None = None

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        stretch, n_channels = (start, stop), len(self._raw.ch_names)
        if stop <= start:
            return np.empty(0)
        if self._kept is None or self._kept[0] != stretch:
            if self._raw.preload or stretch != self._last or (stop - start) * n_channels > _MOST_KEPT_SAMPLES:
                self._last = stretch
                return self._decoded([channel], stretch)[0]
            self._kept = stretch, self._decoded(list(range(n_channels)), stretch)
        return self._kept[1][channel]

    def _decoded(self, channels: list[int], stretch: tuple[int, int]) -> list[FloatArray]:
        with one_sentence(self._name, "MNE recording"):
            read: FloatArray = self._raw.get_data(picks=channels, start=stretch[0], stop=stretch[1])
        read.flags.writeable = False
        return list(read)


def _load_mne() -> ModuleType:
    try:
        import mne  # noqa: PLC0415 - it takes a second to load, and is an extra
    except ImportError as error:
        raise MissingExtraError(say("Exchange with MNE"), "mne") from error
    loaded: ModuleType = mne
    return loaded


def _name_of(raw: Any) -> str:  # noqa: ANN401 - MNE has no types
    files = [file for file in raw.filenames if file is not None]
    return files[0].name if files else "MNE recording"


def _draft(raw: Any, index: int) -> ChannelDraft:  # noqa: ANN401 - MNE has no types
    kind = raw.get_channel_types(picks=[index])[0]
    described = raw.info["chs"][index]
    unit = Unit.VOLT if kind == "bio" else _UNITS.get(int(described["unit"]))
    place = tuple(float(value) for value in described["loc"][:3])
    return ChannelDraft(
        name=raw.ch_names[index],
        unit_text=None if unit is None else unit.value,
        sampling_rate_hz=float(raw.info["sfreq"]),
        n_samples=int(raw.n_times),
        kind=_KINDS.get(kind, None if kind in _SILENT else ChannelKind.OTHER),
        position_m=(place[0], place[1], place[2]) if all(map(math.isfinite, place)) and any(place) else None,
    )


def _annotations(raw: Any) -> Iterable[Annotation]:  # noqa: ANN401 - MNE has no types
    """Give the annotations by the time from the first sample; MNE counts from the begin of the measurement."""
    for onset, duration, text in zip(
        raw.annotations.onset, raw.annotations.duration, raw.annotations.description, strict=True
    ):
        yield Annotation(start_s=float(onset) - float(raw.first_time), duration_s=float(duration), text=str(text))


def _one_rate(channels: Sequence[Channel], name: str) -> float:
    first = channels[0]
    for one in channels:
        if (one.sampling_rate_hz, one.n_samples) != (first.sampling_rate_hz, first.n_samples):
            raise OutOfRangeError(
                f"channels of {name!r} must be of one rate and length for MNE, got {first.sampling_rate_hz:g} Hz and"
                f" {one.sampling_rate_hz:g} Hz; name those to take."
            )
    return first.sampling_rate_hz


def _type_of(channel: Channel) -> str:
    return _TYPES.get(channel.kind, "misc") if channel.unit is Unit.VOLT else "misc"


def _in_utc(start: datetime) -> datetime:
    """Return a time as MNE wants it; one without a zone is taken as it stands, as MNE does when it reads EDF."""
    return start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)


def _notes(recording: Recording) -> Any:  # noqa: ANN401 - MNE has no types
    notes = recording.annotations
    return _load_mne().Annotations(
        onset=[note.start_s for note in notes],
        duration=[note.duration_s for note in notes],
        description=[note.text for note in notes],
    )
