"""Reads what the package neo reads, in blocks: Intan, Spike2, Blackrock, Open Ephys, Axon, Plexon and others.

neo is kept by the NeuralEnsemble project (Garcia et al. 2014, https://doi.org/10.3389/fninf.2014.00010).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Annotation, Recording
from twitchwise.vocabulary import ChannelKind, MissingExtraError, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# The class of neo.rawio for each ending.
_READERS = {
    ".rhd": "IntanRawIO",
    ".rhs": "IntanRawIO",
    ".smr": "Spike2RawIO",
    ".smrx": "CedRawIO",
    **{f".ns{number}": "BlackrockRawIO" for number in range(1, 7)},
    ".abf": "AxonRawIO",
    ".axgd": "AxographRawIO",
    ".axgx": "AxographRawIO",
    ".vhdr": "BrainVisionRawIO",
    ".nex": "NeuroExplorerRawIO",
    ".plx": "PlexonRawIO",
    ".trc": "MicromedRawIO",
    ".wcp": "WinWcpRawIO",
    ".oebin": "OpenEphysBinaryRawIO",
    ".continuous": "OpenEphysRawIO",
    ".ncs": "NeuralynxRawIO",
}
# These take the folder of the file.
_OF_FOLDERS = frozenset({"OpenEphysBinaryRawIO", "OpenEphysRawIO", "NeuralynxRawIO"})
_MAGICS = {".rhd": b"\x02\x27\x91\xc6", ".rhs": b"\xac\x27\x91\xd6"}
# Streams that are not electrodes, whatever their unit.
_NOT_ELECTRODES = re.compile(
    r"aux|supply|adc\b|dac\b|digital|stim|temperature|trigger|sync|dc amplifier|analog[- ]in", re.IGNORECASE
)
# neo keeps what it has mapped of a file; it is opened anew after so many bytes, so that memory stays small.
_MAPPED_BYTES = 1 << 27
_MOST_EVENTS = 100_000


def _recognizes(path: Path, head: bytes) -> bool:
    """Believe the ending, and the first bytes where the maker fixes them."""
    suffix = path.suffix.lower()
    return suffix in _READERS and head.startswith(_MAGICS.get(suffix, b""))


def _read(path: Path, options: ReadOptions) -> Recording:
    typed, name = options.typed, _called(path)
    source = _NeoSource(path, typed)
    with one_sentence(typed, name) as noticed:
        reader = source.reader()
        _require_one_stretch(reader, typed)
        signals = list(_signals(reader))
        source.signals = tuple(signals)
        drafts = [signal.draft() for signal in signals]
        notes, said = tuple(_notes(reader, signals)), tuple(_remarks(signals))
        start = _start(reader)
    if not signals:
        raise UnreadableRecordingError(
            say("{file!r} must hold a signal that was sampled evenly, got none.", file=typed)
        )
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=f"{_READERS[path.suffix.lower()].removesuffix('RawIO')} (neo)",
        channels=settled.channels,
        source=ScaledSource(source, settled.scales, typed),
        start=start,
        annotations=notes,
        warnings=(*noticed, *said, *settled.warnings),
    )


def _called(path: Path) -> str:
    return say("{format} file", format=path.suffix[1:])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Signal:
    """A channel: its stream and its number in it, the line to its unit, when it starts, and whether it holds counts."""

    name: str
    stream: int
    stream_name: str
    index: int
    unit_text: str
    gain: float
    offset: float
    rate_hz: float
    n_samples: int
    bytes_per_sample: int
    start_s: float
    is_whole: bool

    def draft(self) -> ChannelDraft:
        """Describe the channel for `settle`."""
        return ChannelDraft(
            name=self.name,
            hint=self.stream_name,
            unit_text=self.unit_text,
            sampling_rate_hz=self.rate_hz,
            n_samples=self.n_samples,
            kind=ChannelKind.OTHER if _NOT_ELECTRODES.search(self.stream_name) else None,
            resolution=abs(self.gain) if self.is_whole and self.gain else None,
        )


@dataclass(slots=True)
class _NeoSource:
    """Samples in the file's units."""

    path: Path
    typed: str
    signals: tuple[_Signal, ...] = ()
    _opened: list[Any] = field(default_factory=list)
    _mapped: int = 0

    def reader(self) -> Any:  # noqa: ANN401 - the package ships no types
        """Return neo's reader of the file, opened anew when it has mapped much of it."""
        if self._opened and self._mapped > _MAPPED_BYTES:
            self._opened.clear()
            self._mapped = 0
        if not self._opened:
            self._opened.append(_open(self.path, self.typed))
        return self._opened[0]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        signal = self.signals[channel]
        with one_sentence(self.typed, _called(self.path)):
            counts = self.reader().get_analogsignal_chunk(
                block_index=0,
                seg_index=0,
                i_start=start,
                i_stop=stop,
                stream_index=signal.stream,
                channel_indexes=[signal.index],
            )
            samples = np.asarray(counts, dtype=np.float64).reshape(-1)
            if samples.size != stop - start:
                raise ValueError(say("the file is shorter than it says"))
        self._mapped += (stop - start) * signal.bytes_per_sample
        return samples * signal.gain + signal.offset


def _open(path: Path, typed: str) -> Any:  # noqa: ANN401 - the package ships no types
    try:
        from neo import rawio  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise MissingExtraError(say("Reading Intan, Spike2, Blackrock and Open Ephys files"), "formats") from error
    name = _READERS[path.suffix.lower()]
    kind = getattr(rawio, name)
    place = {"dirname": str(path.resolve().parent)} if name in _OF_FOLDERS else {"filename": str(path)}
    try:
        reader = kind(**place)
        reader.parse_header()
    except ImportError as error:
        raise UnreadableRecordingError(
            say(
                "{file!r} must be read through another package, {package!r}; install it, or save the"
                " recording in an older format of its program.",
                file=typed,
                package=error.name or "sonpy",
            )
        ) from error
    return reader


def _require_one_stretch(reader: Any, typed: str) -> None:  # noqa: ANN401 - the package ships no types
    stretches = sum(reader.segment_count(block) for block in range(reader.block_count()))
    if stretches != 1:
        raise UnreadableRecordingError(
            say(
                "{file!r} must be recorded without interruption, got {stretches} stretches; split it"
                " where it was interrupted.",
                file=typed,
                stretches=stretches,
            )
        )


def _signals(reader: Any) -> Iterator[_Signal]:  # noqa: ANN401 - the package ships no types
    """Give the channels of every stream."""
    channels = reader.header["signal_channels"]
    for number, stream in enumerate(reader.header["signal_streams"]):
        mine = channels[channels["stream_id"] == stream["id"]]
        n_samples = int(reader.get_signal_size(0, 0, number))
        start_s = float(reader.get_signal_t_start(0, 0, number))
        for index, channel in enumerate(mine):
            dtype = np.dtype(str(channel["dtype"]))
            yield _Signal(
                name=str(channel["name"]),
                stream=number,
                stream_name=str(stream["name"]),
                index=index,
                unit_text=str(channel["units"]),
                gain=float(channel["gain"]),
                offset=float(channel["offset"]),
                rate_hz=float(channel["sampling_rate"]),
                n_samples=n_samples,
                bytes_per_sample=dtype.itemsize * len(mine),
                start_s=start_s,
                is_whole=dtype.kind in "iu",
            )


def _remarks(signals: list[_Signal]) -> Iterator[str]:
    starts = [signal.start_s for signal in signals]
    if starts and max(starts) - min(starts) > max(1 / signal.rate_hz for signal in signals):
        yield say(
            "The streams of the file start up to {apart_s:.3g} s apart; each was taken to start with the recording.",
            apart_s=max(starts) - min(starts),
        )


def _notes(reader: Any, signals: list[_Signal]) -> Iterator[Annotation]:  # noqa: ANN401 - the package ships no types
    """Give the events of the file, in order of time from its first sample."""
    first_s = min((signal.start_s for signal in signals), default=0.0)
    found: list[tuple[float, float, str]] = []
    for index, channel in enumerate(reader.header["event_channels"]):
        stamps, durations, labels = reader.get_event_timestamps(0, 0, index)
        times = reader.rescale_event_timestamp(stamps, dtype="float64", event_channel_index=index)
        for at in range(min(len(times), _MOST_EVENTS - len(found))):
            length = float(durations[at]) if durations is not None else 0.0
            text = " ".join((str(channel["name"]), str(labels[at]) if labels is not None else "")).strip()
            found.append((float(times[at]) - first_s, max(length, 0.0), text))
    for start_s, duration_s, text in sorted(found):
        if start_s >= 0:
            yield Annotation(start_s=start_s, duration_s=duration_s, text=text)


def _start(reader: Any) -> datetime | None:  # noqa: ANN401 - the package ships no types
    blocks = getattr(reader, "raw_annotations", {}).get("blocks") or [{}]
    start = blocks[0].get("rec_datetime")
    return start.replace(tzinfo=None) if isinstance(start, datetime) else None


FORMAT = Format(
    name=say("Intan, Spike2, Blackrock, Open Ephys and others of neo"),
    suffixes=tuple(_READERS),
    recognizes=_recognizes,
    read=_read,
)
