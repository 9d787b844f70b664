"""From what a file says about its channels to the channels of a recording, the same way for every format."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.formats.channel_kind import electrode_of, kind_of, side_of
from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.refusal import readable
from twitchwise.formats.unit_text import ParsedUnit, parse_unit
from twitchwise.signals import Channel, Rows, SampleSource, rows_of
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import Text, filled_anew, say, say_many

# Relative difference up to which a rate in a file and a rate that a person typed are the same: a stated rate may be
# rounded in its last digit, a rate measured from time stamps carries the error of a clock.
_STATED_RATE_TOLERANCE = 1e-6
_MEASURED_RATE_TOLERANCE = 0.01

# Stands in a warning for the channels that it is about.
_CHANNELS = "{channels}"
_IN_COUNTS = say("Samples are raw converter counts, so amplitudes stay in counts: {channels}.", channels=_CHANNELS)
_NO_UNIT = say("The file gives no unit for {channels}; amplitudes have no unit.", channels=_CHANNELS)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelDraft:
    """A channel as the file describes it; ``None`` and empty texts mean that the file does not say.

    Parameters
    ----------
    name, hint, remarks
        The label, any other words of the file about the channel, and words about the whole recording.
    unit_text
        The unit as the file spells it; ``None`` when it has none.
    sampling_rate_hz, rate_is_measured
        The rate, and whether it was taken from time stamps instead of stated.
    n_samples
        Number of samples.
    site, side
        Where on the body, and on which side of it.
    limits, resolution
        Least and greatest value that the converter can give, and the size of its step, in the file's unit.
    electrode
        How the EMG was taken, where the file says so outright; else it is judged from the words.
    array, position_m
        Name of the electrode array that the channel belongs to, and its place on it in meters.
    """

    name: str
    unit_text: str | None
    sampling_rate_hz: float | None
    n_samples: int
    hint: str = ""
    remarks: str = ""
    rate_is_measured: bool = False
    kind: ChannelKind | None = None
    site: str | None = None
    side: Side | None = None
    limits: tuple[float, float] | None = None
    resolution: float | None = None
    electrode: Electrode | None = None
    array: str | None = None
    position_m: tuple[float, float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """Channels with the factor from the file's unit to SI for each, and what had to be said about them."""

    channels: tuple[Channel, ...]
    scales: tuple[float, ...]
    warnings: tuple[str, ...]


class ScaledSource:
    """Samples of another source, brought from the file's unit to SI.

    Parameters
    ----------
    source
        Gives samples in the file's unit.
    scales
        One factor a channel.
    typed
        The path as the person typed it.
    """

    def __init__(self, source: SampleSource, scales: Sequence[float], typed: str) -> None:
        self._source = source
        self._scales = tuple(scales)
        self._typed = typed

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel in SI."""
        with readable(self._typed):
            return self._source.read(channel, start, stop) * self._scales[channel]

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples ``start`` to ``stop`` of channels of one rate in SI, in single precision."""
        with readable(self._typed):
            rows = rows_of(self._source, channels, start, stop)
        scales = np.array([self._scales[channel] for channel in channels], dtype=np.float32)
        return np.multiply(rows, scales[:, None], out=rows)


def settle(drafts: Sequence[ChannelDraft], options: ReadOptions) -> Settled:
    """Decide name, kind, unit, rate and electrode of each channel.

    Raises
    ------
    UnreadableRecordingError
        If there are no samples, the rate is nowhere said, the file and the options disagree, or an EMG channel has a
        unit that cannot be volts.
    """
    if not any(draft.n_samples for draft in drafts):
        raise UnreadableRecordingError(say("{file!r} must hold at least one sample, got none.", file=options.typed))
    remarks: list[_Remark] = []
    named = _named_apart(drafts, remarks)
    kinds = _kinds(named, remarks)
    units = [_unit(draft, kind, options, remarks) for draft, kind in zip(named, kinds, strict=True)]
    _require_rate(named, kinds, options)
    channels = tuple(
        _channel(draft, kind, unit, options) for draft, kind, unit in zip(named, kinds, units, strict=True)
    )
    return Settled(channels=channels, scales=tuple(unit.scale for unit in units), warnings=_joined(remarks))


@dataclass(frozen=True, slots=True)
class _Remark:
    """A warning about one channel; `_CHANNELS` in the sentence stands for all channels it is true of."""

    sentence: Text
    channel: str


def _joined(remarks: Sequence[_Remark]) -> tuple[str, ...]:
    """Say each sentence once, with the names of all its channels."""
    named: dict[Text, list[str]] = {}
    for remark in remarks:
        named.setdefault(remark.sentence, []).append(remark.channel)
    return tuple(_with_channels(sentence, first_few(names)) for sentence, names in named.items())


def _with_channels(sentence: Text, names: str) -> str:
    return filled_anew(sentence, lambda value: names if value == _CHANNELS else value)


def first_few(names: Sequence[str], most: int = 3) -> str:
    """Name the first few and count the others.

    Examples
    --------
    >>> first_few(["calf", "thigh", "hand"], most=2)
    'calf, thigh and 1 more'
    """
    first, left = ", ".join(names[:most]), len(names) - most
    if left <= 0:
        return first
    return say_many("{names} and {count} more", "{names} and {count} more", count=left, names=first)


def _named_apart(drafts: Sequence[ChannelDraft], remarks: list[_Remark]) -> list[ChannelDraft]:
    """Give a number to channels without a label of their own."""
    labels = [draft.name.strip() or f"channel {number}" for number, draft in enumerate(drafts, start=1)]
    counts = Counter(labels)
    names = [f"{label} #{number}" if counts[label] > 1 else label for number, label in enumerate(labels, start=1)]
    if names != labels:
        remarks.append(_Remark(say("Several channels share a label; they were numbered."), ""))
    return [replace(draft, name=name) for draft, name in zip(drafts, names, strict=True)]


def _kinds(drafts: Sequence[ChannelDraft], remarks: list[_Remark]) -> list[ChannelKind]:
    units = [parse_unit(draft.unit_text or "") for draft in drafts]
    kinds = [
        draft.kind or kind_of(draft.name, draft.hint, unit.unit) for draft, unit in zip(drafts, units, strict=True)
    ]
    if any(kind is not ChannelKind.OTHER for kind in kinds):
        return kinds
    taken = [
        draft.kind or (ChannelKind.EMG if unit.may_be_volts else ChannelKind.OTHER)
        for draft, unit in zip(drafts, units, strict=True)
    ]
    if ChannelKind.EMG in taken:
        remarks.append(_Remark(say("The file does not say what its channels measure; they were taken for EMG."), ""))
    return taken


def _unit(draft: ChannelDraft, kind: ChannelKind, options: ReadOptions, remarks: list[_Remark]) -> ParsedUnit:
    spelled = (draft.unit_text or "").strip()
    said = parse_unit(spelled)
    if kind is ChannelKind.EMG and not said.may_be_volts:
        raise UnreadableRecordingError(
            say(
                "{file!r}: unit of EMG channel {channel!r} must be V, mV, uV or nV, got {unit!r}.",
                file=options.typed,
                channel=draft.name,
                unit=spelled,
            )
        )
    wanted = parse_unit(options.unit_text) if options.unit_text is not None else None
    if wanted is not None and _speaks_of(wanted, kind):
        if said.unit in {Unit.UNKNOWN, Unit.COUNT}:
            return wanted
        if (said.unit, said.scale) != (wanted.unit, wanted.scale):
            raise UnreadableRecordingError(
                say(
                    "{file!r}: unit of channel {channel!r} must be the {unit!r} of the file, got {got!r}.",
                    file=options.typed,
                    channel=draft.name,
                    unit=spelled,
                    got=options.unit_text,
                )
            )
    if said.unit is Unit.UNKNOWN:
        remarks.append(_Remark(_without_unit(spelled), draft.name))
    elif said.unit is Unit.COUNT:
        remarks.append(_Remark(_IN_COUNTS, draft.name))
    return said


def _without_unit(spelled: str) -> Text:
    if not spelled:
        return _NO_UNIT
    return say(
        "The file gives the unit {unit!r}, which is not known, for {channels}; amplitudes have no unit.",
        unit=spelled,
        channels=_CHANNELS,
    )


def _speaks_of(wanted: ParsedUnit, kind: ChannelKind) -> bool:
    """Tell whether a unit that a person gave can be meant for a channel of this kind."""
    if wanted.unit is Unit.VOLT:
        return kind is ChannelKind.EMG
    return kind_of("", "", wanted.unit) is kind


def _channel(draft: ChannelDraft, kind: ChannelKind, unit: ParsedUnit, options: ReadOptions) -> Channel:
    return Channel(
        name=draft.name,
        kind=kind,
        unit=unit.unit,
        sampling_rate_hz=draft.sampling_rate_hz or options.sampling_rate_hz or 0.0,
        n_samples=draft.n_samples,
        electrode=_electrode(draft, kind, options),
        site=draft.site,
        side=draft.side or side_of(draft.name),
        position_m=draft.position_m,
        array=draft.array,
        physical_range=_scaled_limits(draft.limits, unit.scale),
        resolution=None if draft.resolution is None else draft.resolution * unit.scale,
    )


def _scaled_limits(limits: tuple[float, float] | None, scale: float) -> tuple[float, float] | None:
    return None if limits is None else (limits[0] * scale, limits[1] * scale)


def _require_rate(drafts: Sequence[ChannelDraft], kinds: Sequence[ChannelKind], options: ReadOptions) -> None:
    """Refuse a rate that nobody gave, or that the file gives otherwise for its EMG, or without EMG for any channel."""
    has_emg = ChannelKind.EMG in kinds
    for draft, kind in zip(drafts, kinds, strict=True):
        said, wanted = draft.sampling_rate_hz, options.sampling_rate_hz
        if said is None and wanted is None:
            raise UnreadableRecordingError(
                say("{file!r} must say its sampling rate, got none; pass it with --sampling-rate.", file=options.typed)
            )
        tolerance = _MEASURED_RATE_TOLERANCE if draft.rate_is_measured else _STATED_RATE_TOLERANCE
        is_meant = kind is ChannelKind.EMG or not has_emg
        if said is not None and wanted is not None and is_meant and abs(said - wanted) > tolerance * said:
            raise UnreadableRecordingError(
                say(
                    "{file!r}: sampling rate of channel {channel!r} must be the {rate_hz:g} Hz of the file,"
                    " got {got_hz:g} Hz.",
                    file=options.typed,
                    channel=draft.name,
                    rate_hz=said,
                    got_hz=wanted,
                )
            )


def _electrode(draft: ChannelDraft, kind: ChannelKind, options: ReadOptions) -> Electrode:
    if kind is not ChannelKind.EMG:
        return Electrode.UNKNOWN
    said = draft.electrode or electrode_of(f"{draft.name} {draft.hint} {draft.remarks}")
    wanted = options.electrode
    if wanted is None or wanted is Electrode.UNKNOWN or wanted is said:
        return said
    if said is not Electrode.UNKNOWN:
        raise UnreadableRecordingError(_other_electrode(said, wanted, file=options.typed, channel=draft.name))
    return wanted


def _other_electrode(said: Electrode, wanted: Electrode, *, file: str, channel: str) -> Text:
    values = {"file": file, "channel": channel, "got": wanted.value}
    if said is Electrode.SURFACE:
        return say(
            "{file!r}: electrode of channel {channel!r} must be the surface one of the file, got {got!r}.", **values
        )
    return say("{file!r}: electrode of channel {channel!r} must be the needle one of the file, got {got!r}.", **values)
