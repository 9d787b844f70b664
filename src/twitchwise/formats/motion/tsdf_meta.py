"""What the metadata of a TSDF set say: which binary files hold which channels, in which unit, type and scale.

Time Series Data Format, https://biomarkersparkinson.github.io/tsdf: JSON beside binary files; what an inner object
leaves out, the one around it says.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_TYPES = {"float": "f", "int": "i", "uint": "u"}
_ORDERS = {"little": "<", "big": ">"}
_UNITS_S = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_META_BYTES = 1 << 20
_MOST_KEPT = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class BinaryFile:
    """One binary file of a set: a table of numbers of one type, row after row."""

    path: Path
    channels: tuple[str, ...]
    units: tuple[str, ...]
    scales: tuple[float, ...]
    dtype: np.dtype[Any]
    n_rows: int | None
    start: datetime | None
    rate_hz: float | None

    @property
    def is_time(self) -> bool:
        """Whether it holds time alone."""
        return len(self.channels) == 1 and "time" in self.channels[0].lower()

    def read(self, typed: str) -> FloatArray:
        """Return its numbers with the scale factors applied, shape ``(n_rows, n_channels)``."""
        size = self.path.stat().st_size
        row_bytes = self.dtype.itemsize * len(self.channels)
        promised = size // row_bytes if self.n_rows is None else self.n_rows
        if size != promised * row_bytes:
            raise UnreadableRecordingError(
                say(
                    "{file!r}: {name!r} must hold the {count} rows of {row_bytes} bytes that its metadata promise,"
                    " got {n_bytes} bytes.",
                    file=typed,
                    name=self.path.name,
                    count=promised,
                    row_bytes=row_bytes,
                    n_bytes=size,
                )
            )
        rows = np.fromfile(self.path, dtype=self.dtype).reshape(-1, len(self.channels))
        return rows * np.array(self.scales, dtype=np.float64)


def time_unit(text: str) -> tuple[bool, float] | None:
    """Return whether times are differences from row to row, and their unit in seconds; nothing for an unknown word.

    Examples
    --------
    >>> time_unit("difference_ms"), time_unit("relative_s")
    ((True, 0.001), (False, 1.0))
    """
    words = text.strip().lower().replace("_", " ").split()
    if not words or words[-1] not in _UNITS_S:
        return None
    return any(word.startswith(("diff", "delta")) for word in words), _UNITS_S[words[-1]]


def metadata_of(path: Path) -> Mapping[str, Any] | None:
    """Return the content of a file of TSDF metadata, or nothing where it is something else."""
    stat = path.stat()
    return _metadata_of(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=_MOST_KEPT)
def _metadata_of(path: Path, n_bytes: int, changed_ns: int) -> Mapping[str, Any] | None:
    """Read metadata once, however many files of a folder ask for them."""
    del changed_ns
    if n_bytes > _META_BYTES:
        return None
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and any(True for _ in _leaves(content, {})) else None


def described(content: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names of the binary files that metadata describe, each with the names of its channels."""
    return [(leaf["file_name"], tuple(map(str, leaf["channels"]))) for leaf in _leaves(content, {})]


def described_with_units(content: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the names of the files that metadata describe, each with the names and units of its channels."""
    leaves = list(_leaves(content, {}))
    names = [tuple(map(str, leaf["channels"])) for leaf in leaves]
    units = [_matched(leaf.get("units"), len(channels), "") for leaf, channels in zip(leaves, names, strict=True)]
    return list(zip((leaf["file_name"] for leaf in leaves), names, units, strict=True))


def binary_files(path: Path, content: Mapping[str, Any], typed: str) -> list[BinaryFile]:
    """Return the binary files that metadata describe.

    Raises
    ------
    UnreadableRecordingError
        If something that TSDF demands is missing or cannot be.
    """
    return [_binary_file(path, leaf, typed) for leaf in _leaves(content, {})]


def _leaves(content: Mapping[str, Any], around: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give each object that names a binary file, with what the objects around it say."""
    own = {key: value for key, value in content.items() if not _is_nest(value)}
    known = {**around, **own}
    if isinstance(content.get("file_name"), str) and isinstance(content.get("channels"), list):
        yield {**around, **content}
        return
    for value in content.values():
        inner = value if isinstance(value, list) else [value]
        for one in inner:
            if isinstance(one, dict):
                yield from _leaves(one, known)


def _is_nest(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _binary_file(path: Path, leaf: Mapping[str, Any], typed: str) -> BinaryFile:
    channels = tuple(map(str, leaf["channels"]))
    units, name = leaf.get("units"), leaf["file_name"]
    if not channels or not name or "/" in name or "\\" in name:
        raise UnreadableRecordingError(
            say("{file!r} must name a file beside it and its channels, got {name!r}.", file=typed, name=name)
        )
    return BinaryFile(
        path=path.with_name(name),
        channels=channels,
        units=_matched(units, len(channels), ""),
        scales=_scales(leaf, len(channels), typed),
        dtype=_dtype(leaf, typed),
        n_rows=leaf["rows"] if isinstance(leaf.get("rows"), int) else None,
        start=_start(leaf),
        rate_hz=_rate(leaf),
    )


def _matched(values: object, count: int, otherwise: str) -> tuple[str, ...]:
    """Return one text a channel; a list of another length says nothing."""
    if isinstance(values, list) and len(values) == count:
        return tuple(str(value) for value in values)
    return (otherwise,) * count


def _scales(leaf: Mapping[str, Any], count: int, typed: str) -> tuple[float, ...]:
    texts = _matched(leaf.get("scale_factors"), count, "1")
    try:
        return tuple(map(float, texts))
    except ValueError as error:
        raise UnreadableRecordingError(
            say("{file!r}: scale factors must be numbers, got {found!r}.", file=typed, found=texts)
        ) from error


def _dtype(leaf: Mapping[str, Any], typed: str) -> np.dtype[Any]:
    kind, bits, order = str(leaf.get("data_type")), leaf.get("bits", 0), str(leaf.get("endianness", "little"))
    sizes = (32, 64) if kind == "float" else (8, 16, 32, 64)
    if kind not in _TYPES or bits not in sizes or order not in _ORDERS:
        raise UnreadableRecordingError(
            say(
                "{file!r}: samples must be float, int or uint of 8 to 64 bits, little or big endian, got {kind!r} of"
                " {bits!r} bits, {order!r}.",
                file=typed,
                kind=kind,
                bits=bits,
                order=order,
            )
        )
    return np.dtype(f"{_ORDERS[order]}{_TYPES[kind]}{bits // 8}")


def _rate(leaf: Mapping[str, Any]) -> float | None:
    rate = leaf.get("sampling_rate")
    return float(rate) if isinstance(rate, int | float) and 0 < rate < float("inf") else None


def _start(leaf: Mapping[str, Any]) -> datetime | None:
    for key in ("start_iso8601", "start_datetime_iso8601"):
        try:
            return datetime.fromisoformat(str(leaf.get(key))).replace(tzinfo=None)
        except ValueError:
            continue
    return None
