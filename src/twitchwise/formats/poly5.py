"""Reads Poly5 files of TMSi (SAGA, Porti, Mobita) in blocks.

Layout: ``poly5reader.py`` of TMSi's own Python interface (https://gitlab.com/tmsi/tmsi-python-interface): a header of
217 bytes, two descriptions of 136 bytes a channel, then blocks of 86 bytes and float samples of all channels in turn.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.interleaved import KeptPieces, Numbers
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NAME = "Poly5"
_MAGIC = b"POLY SAMPLE FILEversion 2.03\r\n\x1a"
_HEADER = struct.Struct("<31sH81phhBHi4xHHHHHHHiHHH64x")
_DESCRIPTION = struct.Struct("<41p4x11pffffH62x")
_BLOCK_HEADER_BYTES = 86
_LOW_WORD = "(Lo) "  # each channel is described twice, as the lower and the upper half of a float
_PIECE_BYTES = 1 << 22


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(_MAGIC)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with one_sentence(typed, say("{format} file", format=_NAME)) as noticed, path.open("rb") as file:
        header = _header(file, typed)
        drafts = list(_drafts(file, header))
        source = _Source(path, typed, header, file.tell())
        _require_whole(path, source, typed)
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(source, settled.scales, typed),
        start=header.start,
        warnings=(*noticed, *settled.warnings),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """Rate, channels, samples, samples of a block, and when it began."""

    rate_hz: float
    n_channels: int
    n_samples: int
    per_block: int
    start: datetime | None

    @property
    def block(self) -> np.dtype[np.void]:
        """A block: its own header and the samples, shape ``(per_block, n_channels)``."""
        return np.dtype([("head", f"V{_BLOCK_HEADER_BYTES}"), ("data", "<f4", (self.per_block, self.n_channels))])


def _header(file: BinaryIO, typed: str) -> _Header:
    said = _HEADER.unpack(file.read(_HEADER.size))
    rate_hz, n_signals, n_samples, per_block = said[3], said[6], said[7], said[16]
    if rate_hz < 1 or n_signals < 2 or n_signals % 2 or n_samples < 1 or per_block < 1:  # noqa: PLR2004 - two a channel
        raise UnreadableRecordingError(
            say(
                "{file!r} must say its rate, its channels and its samples, got {rate_hz} Hz,"
                " {half_channels} half channels and {samples} samples in blocks of {per_block}.",
                file=typed,
                rate_hz=rate_hz,
                half_channels=n_signals,
                samples=n_samples,
                per_block=per_block,
            )
        )
    start = None
    with suppress(ValueError):
        start = datetime(*said[8:11], *said[12:15])  # noqa: DTZ001 - the file knows no time zone
    return _Header(
        rate_hz=float(rate_hz), n_channels=n_signals // 2, n_samples=n_samples, per_block=per_block, start=start
    )


def _drafts(file: BinaryIO, header: _Header) -> Iterator[ChannelDraft]:
    for _ in range(header.n_channels):
        name, unit, *_ = _DESCRIPTION.unpack(file.read(_DESCRIPTION.size))
        file.read(_DESCRIPTION.size)
        yield ChannelDraft(
            name=name.decode("latin-1").removeprefix(_LOW_WORD).strip("\x00 "),
            unit_text=_unit(unit),
            sampling_rate_hz=header.rate_hz,
            n_samples=header.n_samples,
        )


def _unit(text: bytes) -> str:
    """Return a unit that may be written in either of two ways."""
    try:
        return text.decode("utf-8").strip("\x00 ")
    except UnicodeDecodeError:
        return text.decode("latin-1").strip("\x00 ")


def _require_whole(path: Path, source: "_Source", typed: str) -> None:
    n_blocks = -(-source.header.n_samples // source.header.per_block)
    wanted = source.first_byte + n_blocks * source.header.block.itemsize
    if path.stat().st_size < wanted:
        raise UnreadableRecordingError(
            say(
                "{file!r} must hold the {samples} samples its header promises, got {size} of {promised_bytes} bytes.",
                file=typed,
                samples=source.header.n_samples,
                size=path.stat().st_size,
                promised_bytes=wanted,
            )
        )


@dataclass(slots=True)
class _Source:
    """Samples in the file's units; blocks that were read last are kept for the next channel."""

    path: Path
    typed: str
    header: _Header
    first_byte: int
    _pieces: KeptPieces = field(default_factory=KeptPieces)

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        step = self.header.per_block * max(1, _PIECE_BYTES // self.header.block.itemsize)
        samples = np.empty(max(stop - start, 0))
        for number in range(start // step, -(-stop // step)):
            first = number * step
            piece = self._pieces.get(number, partial(self._piece, first, step))
            begin, end = max(start, first), min(stop, first + step)
            samples[begin - start : end - start] = piece[channel, begin - first : end - first]
        return samples

    def _piece(self, first: int, step: int) -> Numbers:
        """Read blocks from sample ``first`` on as an array of shape ``(n_channels, n_samples)``."""
        block = self.header.block
        n_blocks = -(-min(step, self.header.n_samples - first) // self.header.per_block)
        with self.path.open("rb") as file:
            file.seek(self.first_byte + first // self.header.per_block * block.itemsize)
            data = file.read(n_blocks * block.itemsize)
        if len(data) != n_blocks * block.itemsize:
            raise UnreadableRecordingError(
                say("{file!r} must keep its size while it is read, got a shorter file.", file=self.typed)
            )
        return np.ascontiguousarray(np.frombuffer(data, dtype=block)["data"].reshape(-1, self.header.n_channels).T)


FORMAT = Format(name=_NAME, suffixes=(".poly5",), recognizes=_recognizes, read=_read)
