"""Reads OTB+ files of OTBioLab+ in blocks: grids and single electrodes, force and other auxiliary inputs.

The archive holds the samples (``.sig``) and, under the same name, what is known of device, adapters and channels
(``.xml``); the layout is that of the maker's readers in https://github.com/OTBioelettronica/OTB-Matlab.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ScaledSource, settle
from twitchwise.formats.interleaved import Frames, InterleavedReader, Line, LinesSource, bytes_of
from twitchwise.formats.otb_archive import Archive, Part, is_tar, markers, moment, number_of, open_archive, text_of
from twitchwise.formats.otb_channels import OtbChannel, draft_channels
from twitchwise.formats.otb_scales import Scale, is_auxiliary, is_control, scale_of
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = "OTB+"
_SUFFIX = ".otb+"
# Types that a sample can have by the bits of the converter: three bytes for 24 bits, or four where only that fits.
_TYPES = {16: ("<i2",), 24: ("int24", "<i4"), 32: ("<i4",)}
_SAME_LENGTH_S = 0.05
_MOST_CHANNELS = 4096


def _recognizes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == _SUFFIX and is_tar(head)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with one_sentence(typed, say("{format} archive", format=_NAME)) as noticed:
        archive = open_archive(path, typed)
        signal = _only_signal(archive)
        device = _device(archive.xml(archive.part(str(PurePosixPath(signal.name).with_suffix(".xml")))), typed)
        about = _about(archive)
        frames = _frames(archive, signal, device, number_of(text_of(about, "duration"), 0.0))
        inputs = _inputs(device, typed)
        notes = tuple(markers(archive))
    drafts, said = draft_channels([_channel(one, device, frames) for one in inputs])
    settled = settle(drafts, options)
    reader = InterleavedReader(frames)
    lines = tuple(Line(reader=reader, column=one.column, gain=one.scale.step) for one in inputs)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(LinesSource(lines), settled.scales, typed),
        start=moment(text_of(about, "time")),
        annotations=notes,
        warnings=(*noticed, *_remarks(archive, device, inputs), *said, *settled.warnings),
    )


def _only_signal(archive: Archive) -> Part:
    signals = archive.named("", ".sig")
    if len(signals) != 1:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold one recording, got {signals} signal files; save each one by itself.",
                file=archive.typed,
                signals=len(signals),
            )
        )
    return signals[0]


def _about(archive: Archive) -> ET.Element | None:
    found = archive.named("patient", ".xml")
    return archive.xml(found[0]) if found else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Device:
    """The amplifier: its name in capitals, samples per second, bits, channels of a frame, and its description."""

    name: str
    rate_hz: float
    bits: int
    n_channels: int
    root: ET.Element


def _device(root: ET.Element, typed: str) -> _Device:
    rate_hz, bits, n_channels = (
        number_of(root.get(key), 0.0) for key in ("SampleFrequency", "ad_bits", "DeviceTotalChannels")
    )
    if root.tag != "Device" or bits not in _TYPES or not 1 <= n_channels <= _MOST_CHANNELS or rate_hz <= 0:
        raise UnreadableRecordingError(
            say(
                "{file!r} must describe a device with its sampling rate, 16, 24 or 32 bits and its"
                " channels, got {root!r} with {rate_hz:g} Hz, {bits:g} bits and {channels:g} channels.",
                file=typed,
                root=root.tag,
                rate_hz=rate_hz,
                bits=bits,
                channels=n_channels,
            )
        )
    name = (root.get("Name") or "").partition(";")[0].strip().upper()
    return _Device(name=name, rate_hz=rate_hz, bits=int(bits), n_channels=int(n_channels), root=root)


def _frames(archive: Archive, signal: Part, device: _Device, duration_s: float) -> Frames:
    """Find the type of the samples that fills the signal file with whole frames, for as long as the file says."""
    fitting = [dtype for dtype in _TYPES[device.bits] if not signal.n_bytes % (device.n_channels * bytes_of(dtype))]
    if not fitting:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold whole samples of {channels} channels of {bits} bits, got {size} bytes.",
                file=archive.typed,
                channels=device.n_channels,
                bits=device.bits,
                size=signal.n_bytes,
            )
        )
    counts = {dtype: signal.n_bytes // (device.n_channels * bytes_of(dtype)) for dtype in fitting}
    as_long = [d for d in fitting if abs(counts[d] / device.rate_hz - duration_s) <= _SAME_LENGTH_S]
    dtype = (as_long or fitting)[0]
    return Frames(
        path=archive.path,
        typed=archive.typed,
        first_byte=signal.first_byte,
        n_frames=counts[dtype],
        n_channels=device.n_channels,
        dtype=dtype,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Input:
    """A channel and its adapter as the file describes them, its column in a frame, and what a step is worth."""

    adapter: str
    column: int
    node: ET.Element
    scale: Scale


def _inputs(device: _Device, typed: str) -> list[_Input]:
    """Return the channels that the file describes, in the order of their columns."""
    found: dict[int, _Input] = {}
    for adapter in device.root.iter("Adapter"):
        first, gain = number_of(adapter.get("ChannelStartIndex"), -1.0), number_of(adapter.get("Gain"), 1.0)
        for node in adapter.iter("Channel"):
            column = int(first + number_of(node.get("Index"), -1.0))
            if first < 0 or not 0 <= column < device.n_channels or column in found:
                raise UnreadableRecordingError(
                    say(
                        "{file!r} must give each channel one of {channels} columns, got {column} for {channel!r}.",
                        file=typed,
                        channels=device.n_channels,
                        column=column,
                        channel=node.get("ID"),
                    )
                )
            name = (adapter.get("ID") or "").partition(";")[0].strip()
            scale = scale_of(device.name, name, bits=device.bits, gain=gain * number_of(node.get("Gain"), 1.0))
            found[column] = _Input(adapter=name, column=column, node=node, scale=scale)
    if not found:
        raise UnreadableRecordingError(say("{file!r} must describe its channels, got none.", file=typed))
    return [found[column] for column in sorted(found)]


def _channel(one: _Input, device: _Device, frames: Frames) -> OtbChannel:
    said = [one.node.get(key) or "" for key in ("ID", "Prefix", "Description")]
    is_aux = is_control(one.adapter) or is_auxiliary(one.adapter) or said[0].strip().upper().startswith("AUX")
    return OtbChannel(
        label=" ".join(said[0].split()) or " ".join(said[2].split()),
        words=" ".join((*said, one.adapter)).replace("LoadCell", "Load cell"),
        unit_text=one.scale.unit_text,
        step=one.scale.step,
        bits=device.bits,
        rate_hz=device.rate_hz,
        n_samples=frames.n_frames,
        is_emg=not is_aux,
        muscle=_said(one.node.get("Muscle")),
        side=_said(one.node.get("Side")),
    )


def _said(text: str | None) -> str:
    """Return a text unless it says that nothing is known."""
    plain = (text or "").strip()
    return "" if plain.lower() in {"not defined", "undefined", "unknown", "none", "n/a"} else plain


def _remarks(archive: Archive, device: _Device, inputs: Sequence[_Input]) -> Iterator[str]:
    processed = archive.named("", ".sip")
    if processed:
        yield say(
            "Signals that were computed and stored beside the recording were left out: {signals}.",
            signals=len(processed),
        )
    if device.n_channels > len(inputs):
        left_out = device.n_channels - len(inputs)
        yield say("Channels that the file does not describe were left out: {channels}.", channels=left_out)
    yield from dict.fromkeys(one.scale.remark for one in inputs if one.scale.remark)


FORMAT = Format(name=_NAME, suffixes=(_SUFFIX,), recognizes=_recognizes, read=_read)
