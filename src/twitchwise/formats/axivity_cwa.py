"""Reads CWA files of Axivity AX3 and AX6 loggers block by block; a block whose checksum is wrong is left out.

Format: Open Movement, https://github.com/openmovementproject/openmovement, Docs/ax3/cwa.h.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.motion import RawMotion, RawSensor, Singles, recording_of
from twitchwise.formats.motion.anchors import sample_times
from twitchwise.formats.motion.named_file import with_name
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.text import say

_NAME = "Axivity CWA"
_HEADER_BYTES, _BLOCK_BYTES = 1024, 512
_MAGIC, _BLOCK_MAGIC = b"MD", 0x5841
_BLOCK = np.dtype(
    {
        "names": ["magic", "fraction", "sequence", "stamp", "scales", "rate", "packing", "offset", "count", "samples"],
        "formats": ["<u2", "<u2", "<u4", "<u4", "<u2", "u1", "u1", "<i2", "<u2", ("u1", 480)],
        "offsets": [0, 4, 10, 14, 18, 24, 25, 26, 28, 30],
        "itemsize": _BLOCK_BYTES,
    }
)
# Of packed samples: three times 10 bits and a common exponent of 2 bits; else 16 bits an axis.
_PACKED, _UNPACKED = 0, 2
_AXES = {3: ("accelerometer",), 6: ("gyroscope", "accelerometer"), 9: ("gyroscope", "accelerometer")}
_GYROSCOPE_DPS = 2000.0  # full range where the blocks do not say

Blocks = npt.NDArray[np.void]


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(_MAGIC) and len(head) >= _HEADER_BYTES and head[2:4] == b"\xfc\x03"


def _read(path: Path, options: ReadOptions) -> Recording:
    with one_sentence(options.typed, _NAME) as noticed:
        blocks, warnings = _blocks(path, options.typed)
        rate_hz = _rate_hz(int(blocks["rate"][0]))
        sensors, start = _sensors(blocks, rate_hz)
    raw = RawMotion(
        name=path.name,
        format_name=_NAME,
        sensors=tuple(sensors),
        start=start,
        notes=(say("The logger was set to {rate_hz:g} Hz.", rate_hz=rate_hz),),
        warnings=(*noticed, *warnings),
    )
    return recording_of(with_name(raw, path), options)


def _blocks(path: Path, typed: str) -> tuple[Blocks, list[str]]:
    """Return the blocks with samples whose checksum is right, and what was left out."""
    data = np.fromfile(path, dtype=np.uint8)[_HEADER_BYTES:]
    count, rest = divmod(data.size, _BLOCK_BYTES)
    whole = data[: count * _BLOCK_BYTES]
    sums = whole.view("<u2").reshape(count, -1).sum(axis=1, dtype=np.uint16)
    blocks = whole.view(_BLOCK)
    is_data = blocks["magic"] == _BLOCK_MAGIC
    good = is_data & ((sums == 0) | (blocks["rate"] == 0)) & (blocks["count"] > 0) & _is_dated(blocks["stamp"])
    kept = blocks[good]
    if kept.size:
        alike = (kept["rate"] == kept["rate"][0]) & (kept["packing"] == kept["packing"][0])
        kept = kept[alike & (kept["count"] <= _most(int(kept["packing"][0]), typed))]
    if not kept.size:
        raise UnreadableRecordingError(
            say("{file!r} must hold blocks of samples with a right checksum, got none.", file=typed)
        )
    n_bad = count - kept.size
    said: list[str] = []
    if n_bad:
        said.append(
            say(
                "Blocks that are damaged or hold no samples were left out: {count} of {all_of_them}.",
                count=n_bad,
                all_of_them=count,
            )
        )
    if rest:
        said.append(say("The file ends within a block, which was left out."))
    return kept, said


def _most(packing: int, typed: str) -> int:
    """Return how many samples a block can hold."""
    n_axes, kind = packing >> 4, packing & 15
    if n_axes not in _AXES or kind not in {_PACKED, _UNPACKED} or (kind == _PACKED and n_axes != 3):  # noqa: PLR2004
        raise UnreadableRecordingError(
            say(
                "{file!r}: samples must be packed as CWA knows it, got code {code}.",
                file=typed,
                code=f"{packing:#04x}",
            )
        )
    return 480 // (4 if kind == _PACKED else 2 * n_axes)


def _rate_hz(code: int) -> float:
    return 3200.0 / (1 << (15 - (code & 15)))


def _is_dated(stamps: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    months, days = (stamps >> 22) & 15, (stamps >> 17) & 31
    hours, minutes, seconds = (stamps >> 12) & 31, (stamps >> 6) & 63, stamps & 63
    return (months >= 1) & (months <= 12) & (days >= 1) & (hours < 24) & (minutes < 60) & (seconds < 60)  # noqa: PLR2004 - a calendar


def _seconds(stamps: npt.NDArray[np.uint32]) -> FloatArray:
    """Return packed dates as seconds since 1970."""
    months = (stamps >> 26).astype(np.int64) * 12 + ((stamps >> 22) & 15) - 1
    days = (
        (months + 30 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + ((stamps >> 17) & 31) - 1
    )
    clock = ((stamps >> 12) & 31).astype(np.int64) * 3600 + ((stamps >> 6) & 63).astype(np.int64) * 60 + (stamps & 63)
    return np.asarray(days * 86_400 + clock, dtype=np.float64)


def _sensors(blocks: Blocks, rate_hz: float) -> tuple[list[RawSensor], datetime]:
    counts = blocks["count"].astype(np.int64)
    exact = (blocks["fraction"] & 0x8000) > 0
    fractions = np.where(exact, (blocks["fraction"] & 0x7FFF) / 32768.0, 0.0)
    # The offset was moved to suit readers that know whole seconds only; the fraction moves it back.
    anchors = blocks["offset"] + np.floor(fractions * rate_hz)
    seconds = _seconds(blocks["stamp"]) + fractions
    origin_s = float(seconds[0] - anchors[0] / rate_hz)
    times_s = sample_times(counts, anchors, seconds - origin_s, rate_hz)
    rows = _rows(blocks, counts)
    names = _AXES[int(blocks["packing"][0]) >> 4]
    scales = _scales(blocks, counts)
    sensors = [
        RawSensor(
            name=name,
            kind=ChannelKind.ACCELERATION if name == "accelerometer" else ChannelKind.ANGULAR_VELOCITY,
            values=rows[:, 3 * place : 3 * place + 3] * scales[name][:, None],
            axes=("x", "y", "z"),
            stamps=times_s,
            stamp_unit_s=1.0,
            unit_text="g" if name == "accelerometer" else "deg/s",
        )
        for place, name in enumerate(names)
    ]
    first = origin_s + float(times_s[0])
    return sensors, _moment(first)


def _moment(seconds: float) -> datetime:
    """Return the local time that a logger was set to."""
    return np.datetime64(round(seconds * 1000), "ms").astype(datetime)  # type: ignore[no-any-return] # what numpy promises


def _scales(blocks: Blocks, counts: IntArray) -> dict[str, Singles]:
    """Return the size of a count for each sample: g of the accelerometer and degrees a second of the gyroscope."""
    scales = blocks["scales"].astype(np.int64)
    of_g = 1.0 / (1 << (8 + (scales >> 13)))
    code = (scales >> 10) & 7
    range_dps = np.where(code > 0, 8000.0 / (1 << code), _GYROSCOPE_DPS)
    return {
        "accelerometer": np.repeat(of_g, counts).astype(np.float32),
        "gyroscope": np.repeat(range_dps / 32768.0, counts).astype(np.float32),
    }


def _rows(blocks: Blocks, counts: IntArray) -> Singles:
    """Return the counts of all samples, shape ``(n_samples, n_axes)``."""
    packing = int(blocks["packing"][0])
    samples = np.ascontiguousarray(blocks["samples"])
    if packing & 15 == _PACKED:
        rows = _unpacked(samples.view("<u4"))
    else:
        n_axes = packing >> 4
        rows = samples[:, : 480 // (2 * n_axes) * 2 * n_axes].copy().view("<i2").reshape(len(blocks), -1, n_axes)
    inside = np.arange(rows.shape[1]) < counts[:, None]
    return np.asarray(rows[inside], dtype=np.float32)


def _unpacked(words: npt.NDArray[np.uint32]) -> npt.NDArray[np.int16]:
    """Widen three signed numbers of 10 bits with a common exponent of 2 bits."""
    exponents = (words >> 30).astype(np.int16)
    axes = [((words >> shift) << 6).astype(np.uint16).view(np.int16) >> 6 for shift in (0, 10, 20)]
    return np.stack([axis << exponents for axis in axes], axis=-1)


FORMAT = Format(name=_NAME, suffixes=(".cwa",), recognizes=_recognizes, read=_read)
