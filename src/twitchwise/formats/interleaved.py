"""Reads channels that lie interleaved in a file, sample by sample of all channels, with little memory.

Channels are usually read one after the other over the same stretch; the pieces read last are kept, so that each byte is
read once for all of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

Numbers = npt.NDArray[np.generic]

# A piece is read and turned at once; kept pieces hold a minute of 256 channels of 16 bits at 2048 Hz.
_PIECE_BYTES = 1 << 22
_KEPT_BYTES = 1 << 26
_INT24_BYTES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Frames:
    """Where interleaved samples lie.

    Parameters
    ----------
    path, typed
        The file, and its path as the person typed it.
    first_byte, n_frames
        Where the first frame begins, and how many there are; a frame holds one sample of each channel.
    n_channels
        Channels in a frame.
    dtype
        Type of a sample, with its byte order; ``int24`` for three bytes, least significant first.
    """

    path: Path
    typed: str
    first_byte: int
    n_frames: int
    n_channels: int
    dtype: str

    @property
    def sample_bytes(self) -> int:
        """Bytes of one sample."""
        return bytes_of(self.dtype)

    def piece(self, first: int, stop: int) -> Numbers:
        """Read frames ``first`` to ``stop`` as an array of shape ``(n_channels, stop - first)``."""
        frame_bytes = self.n_channels * self.sample_bytes
        with self.path.open("rb") as file:
            file.seek(self.first_byte + first * frame_bytes)
            data = file.read((stop - first) * frame_bytes)
        if len(data) != (stop - first) * frame_bytes:
            raise UnreadableRecordingError(
                say("{file!r} must keep its size while it is read, got a shorter file.", file=self.typed)
            )
        flat = _widened(data) if self.dtype == "int24" else np.frombuffer(data, dtype=self.dtype)
        return np.ascontiguousarray(flat.reshape(-1, self.n_channels).T)


def bytes_of(dtype: str) -> int:
    """Return the size of a sample in bytes."""
    return _INT24_BYTES if dtype == "int24" else np.dtype(dtype).itemsize


def _widened(data: bytes) -> npt.NDArray[np.int32]:
    """Widen 24-bit samples to 32 bits: fill the upper three bytes, then shift with the sign."""
    wide = np.zeros((len(data) // _INT24_BYTES, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(data, dtype=np.uint8).reshape(-1, _INT24_BYTES)
    return wide.reshape(-1).view("<i4") >> 8


@dataclass(slots=True)
class KeptPieces:
    """Pieces of numbers by their place, the ones read last kept up to a limit of bytes."""

    _kept: OrderedDict[Hashable, Numbers] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def get(self, number: Hashable, read: Callable[[], Numbers]) -> Numbers:
        """Return a piece, read if it is not kept."""
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        piece = read()
        self._kept[number] = piece
        self._bytes += piece.nbytes
        while len(self._kept) > 1 and self._bytes > _KEPT_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return piece


class InterleavedReader:
    """Samples of interleaved channels as they lie in the file, without any scale.

    Parameters
    ----------
    frames
        Where they lie.
    """

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self._step = max(1, _PIECE_BYTES // (frames.n_channels * frames.sample_bytes))
        self._pieces = KeptPieces()

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel as float64."""
        numbers = np.empty(max(stop - start, 0))
        for number in range(start // self._step, -(-stop // self._step)):
            first = number * self._step
            piece = self._piece(number)
            begin, end = max(start, first), min(stop, first + self._step)
            numbers[begin - start : end - start] = piece[channel, begin - first : end - first]
        return numbers

    def _piece(self, number: int) -> Numbers:
        first = number * self._step
        stop = min(first + self._step, self.frames.n_frames)
        return self._pieces.get(number, lambda: self.frames.piece(first, stop))


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One channel: which reader and column it comes from, and the line ``count * gain + offset`` to the file's unit."""

    reader: InterleavedReader
    column: int
    gain: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class LinesSource:
    """Samples of channels from any number of interleaved files, in the file's units."""

    lines: tuple[Line, ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        line = self.lines[channel]
        samples = line.reader.read(line.column, start, stop) * line.gain
        return samples + line.offset if line.offset else samples
