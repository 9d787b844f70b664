"""Reads HDF5 files of OpenSignals (BITalino, biosignalsplux) in blocks; refuses any other HDF5 file.

A group a device holds its channels under ``raw``; the layout was taken from such files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ScaledSource, settle
from twitchwise.formats.hdf5 import Node, open_hdf5
from twitchwise.formats.hdf5_bytes import place_of_superblock
from twitchwise.formats.hdf5_data import DataSet
from twitchwise.formats.hdf5_types import Value
from twitchwise.formats.opensignals import Input, bits_of, rate_of, start_of
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_many

_NAME = "OpenSignals HDF5"
_FILE = say("{format} file", format="HDF5")
_COUNTER = "nSeq"
_BLOCK = 1 << 20


def _recognizes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".h5", ".hdf5"} and place_of_superblock(head) is not None


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with one_sentence(typed, _FILE) as noticed:
        devices = list(_devices(open_hdf5(path), typed))
        inputs = [one for device in devices for one in device.inputs]
        drafts = [one.input.draft(one.data.shape[0]) for one in inputs]
        lost = [sentence for device in devices for sentence in _lost(device)]
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(_Columns(tuple(inputs), typed), settled.scales, typed),
        start=next((device.start for device in devices if device.start), None),
        warnings=(*noticed, *lost, *settled.warnings),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """A channel and its numbers, of shape ``(n_samples, 1)`` or ``(n_samples,)``."""

    input: Input
    data: DataSet


@dataclass(frozen=True, kw_only=True, slots=True)
class _Device:
    """A device: its channels, its counter of samples, and when it began."""

    name: str
    inputs: tuple[_Column, ...]
    counter: DataSet | None
    start: datetime | None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Samples in the unit of the header."""

    columns: tuple[_Column, ...]
    typed: str

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        column = self.columns[channel]
        with one_sentence(self.typed, _FILE):
            counts = _stretch(column.data, start, stop)
        gain, offset = column.input.line
        return counts * gain + offset


def _stretch(data: DataSet, start: int, stop: int) -> FloatArray:
    rank = len(data.shape)
    return data.box((start, *[0] * (rank - 1)), (stop, *[1] * (rank - 1))).reshape(-1)


def _devices(root: Node, typed: str) -> Iterator[_Device]:
    found = False
    for name, group in root.children.items():
        raw = group.child("raw")
        if raw is None:
            continue
        found = True
        yield _device(name, group.attributes, raw)
    if not found:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold a device with the group 'raw', as OpenSignals writes it, got"
                " {groups!r}; of other HDF5 files export EDF or CSV.",
                file=typed,
                groups=list(root.children)[:8],
            )
        )


def _device(name: str, said: dict[str, Value], raw: Node) -> _Device:
    columns = dict(_columns(raw))
    counter = columns.pop(_COUNTER, None)
    bits = _bits(said, len(columns))
    inputs = []
    for key, (data, attributes) in columns.items():
        one = Input(
            name=_text(attributes.get("label")) or key,
            sensor=_text(attributes.get("sensor")),
            device=_text(said.get("device")),
            bits=bits.get(key, 0),
            rate_hz=rate_of(next(iter(_numbers(said.get("sampling rate"))), None)),
        )
        inputs.append(_Column(input=one, data=data))
    return _Device(
        name=name,
        inputs=tuple(inputs),
        counter=counter[0] if counter else None,
        start=start_of(said.get("date"), said.get("time")),
    )


def _bits(said: dict[str, Value], count: int) -> dict[str, int]:
    """Return the bits of each channel; the header lists them in the order of its ``channels``."""
    bits, numbers = _numbers(said.get("resolution")), _numbers(said.get("channels"))
    if len(bits) != len(numbers) or len(bits) != count:
        bits = bits[:1] * len(numbers) if len(set(bits)) == 1 else []
    return {f"channel_{number:g}": bits_of(size) for number, size in zip(numbers, bits, strict=False)}


def _columns(raw: Node) -> Iterator[tuple[str, tuple[DataSet, dict[str, Value]]]]:
    for key, node in raw.children.items():
        data = node.data
        if data is not None and data.type.dtype and data.shape[1:] in {(), (1,)} and data.shape:
            yield key, (data, node.attributes)


def _numbers(value: Value) -> list[float]:
    return value.tolist() if isinstance(value, np.ndarray) else []


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _lost(device: _Device) -> Iterator[str]:
    """Say how many samples the counter of the device shows to be missing; it starts again at a power of two."""
    counter = device.counter
    if counter is None or counter.shape[0] < 2:  # noqa: PLR2004 - one step needs two
        return
    blocks = range(0, counter.shape[0] - 1, _BLOCK)
    steps = [np.diff(_stretch(counter, at, min(at + _BLOCK + 1, counter.shape[0]))) for at in blocks]
    top = max(float(_stretch(counter, at, min(at + _BLOCK, counter.shape[0])).max()) for at in blocks)
    n_lost = _missing(steps, 2.0 ** np.ceil(np.log2(top + 1)))
    if n_lost:
        yield say_many(
            "The counter of device {device!r} shows {count} sample to be lost; later times are too early by that much.",
            "The counter of device {device!r} shows {count} samples to be lost;"
            " later times are too early by that much.",
            count=n_lost,
            device=device.name,
        )


def _missing(steps: Sequence[FloatArray], cycle: float) -> int:
    return int(sum(((step - 1) % cycle).sum() for step in steps))


FORMAT = Format(name=_NAME, suffixes=(".h5", ".hdf5"), recognizes=_recognizes, read=_read)
