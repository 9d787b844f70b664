"""Reads .bin files of GENEActiv loggers: pages of text, each with 300 samples as hexadecimal digits.

Format: GENEActiv Operating Instructions, Activinsights, "Decoding .bin files": 12 bits an axis, 10 bits of light, one
of the button; ``(100 * count - offset) / gain`` is acceleration in g.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.motion import RawMotion, RawSensor, Singles, recording_of
from twitchwise.formats.motion.anchors import sample_times
from twitchwise.formats.motion.named_file import with_name
from twitchwise.formats.motion.words import side_in, words_of
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = "GENEActiv"
_MAGIC = b"Device Identity"
_PAGE = b"Recorded Data"
_TIME = re.compile(rb"Page Time:(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d):(\d{3})")
_RATE = re.compile(rb"Measurement Frequency:\s*([0-9]+(?:\.[0-9]+)?)")
_FIELD = rb"(?m)^%s:[ \t]*(.*?)[ \t]*\r?$"
_DIGITS = 12  # of a sample
_HEADER_BYTES = 1 << 14


@dataclass(frozen=True, slots=True)
class _Page:
    """Start of a page, its rate and the bytes of its samples."""

    start: datetime
    rate_hz: float
    samples: bytes


def _recognizes(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(_MAGIC) and b"Device" in head[len(_MAGIC) :]


def _read(path: Path, options: ReadOptions) -> Recording:
    with one_sentence(options.typed, say("GENEActiv file")) as noticed:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
        calibration = _calibration(header.partition(_PAGE)[0], options.typed)
        pages, n_bad = _pages(path)
    if not pages:
        raise UnreadableRecordingError(
            say("{file!r} must hold pages of recorded data, got none that is whole.", file=options.typed)
        )
    left_out = say(
        "Pages that are damaged were left out: {count} of {all_of_them}.", count=n_bad, all_of_them=n_bad + len(pages)
    )
    raw = RawMotion(
        name=path.name,
        format_name=_NAME,
        sensors=(_sensor(pages, calibration, header),),
        start=pages[0].start,
        notes=(say("The logger was set to {rate_hz:g} Hz.", rate_hz=pages[0].rate_hz),),
        warnings=(*noticed, *((left_out,) if n_bad else ())),
    )
    return recording_of(with_name(raw, path), options)


def _field(header: bytes, name: bytes) -> bytes:
    match = re.search(_FIELD % re.escape(name), header)
    return match[1] if match else b""


def _calibration(header: bytes, typed: str) -> list[tuple[float, float]]:
    """Return gain and offset of each axis."""
    found = []
    for axis in (b"x", b"y", b"z"):
        gain, offset = _field(header, axis + b" gain"), _field(header, axis + b" offset")
        try:
            found.append((float(gain), float(offset)))
        except ValueError:
            found.append((0.0, 0.0))
    if any(gain == 0 for gain, _ in found):
        raise UnreadableRecordingError(
            say("{file!r} must hold a gain and an offset for x, y and z, got {found!r}.", file=typed, found=found)
        )
    return found


def _pages(path: Path) -> tuple[list[_Page], int]:
    """Return the whole pages of one rate, and how many are not."""
    found: list[_Page] = []
    n_bad = 0
    for lines in _raw_pages(path):
        page = _page(lines)
        if page is None or (found and page.rate_hz != found[0].rate_hz):
            n_bad += 1
        else:
            found.append(page)
    return found, n_bad


def _raw_pages(path: Path) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    is_inside = False
    with path.open("rb") as file:
        for line in file:
            if line.startswith(_PAGE):
                if is_inside:
                    yield lines
                lines, is_inside = [], True
            elif is_inside:
                lines.append(line.strip())
    if is_inside:
        yield lines


def _page(lines: list[bytes]) -> _Page | None:
    text = b"\n".join(line for line in lines if b":" in line)
    time, rate = _TIME.search(text), _RATE.search(text)
    digits = b"".join(line for line in lines if line and b":" not in line)
    if time is None or rate is None or not digits or len(digits) % _DIGITS or float(rate[1]) <= 0:
        return None
    year, month, day, hour, minute, second, millis = (int(part) for part in time.groups())
    try:
        start = datetime(year, month, day, hour, minute, second, 1000 * millis)  # noqa: DTZ001 - as the logger was set
        return _Page(start, float(rate[1]), bytes.fromhex(digits.decode("ascii")))
    except ValueError:
        return None


def _sensor(pages: list[_Page], calibration: list[tuple[float, float]], header: bytes) -> RawSensor:
    counts = np.array([2 * len(page.samples) // _DIGITS for page in pages], dtype=np.int64)
    seconds = np.array([(page.start - pages[0].start).total_seconds() for page in pages])
    place = words_of(_field(header, b"Device Location Code").decode("latin-1"))
    return RawSensor(
        name="accelerometer",
        kind=ChannelKind.ACCELERATION,
        values=_decoded(b"".join(page.samples for page in pages), calibration),
        axes=("x", "y", "z"),
        stamps=sample_times(counts, np.zeros(counts.size), seconds, pages[0].rate_hz),
        stamp_unit_s=1.0,
        unit_text="g",
        with_gravity=True,
        site=next((word for word in place if word in {"wrist", "ankle", "hip", "waist", "thigh"}), None),
        side=side_in(place),
    )


def _decoded(data: bytes, calibration: list[tuple[float, float]]) -> Singles:
    """Widen three signed numbers of 12 bits a sample of six bytes, and calibrate them."""
    octets = np.frombuffer(data, dtype=np.uint8).reshape(-1, _DIGITS // 2).astype(np.int16)
    first, second, third, fourth, fifth = (octets[:, place] for place in range(5))
    whole = ((first << 4) | (second >> 4), ((second & 15) << 8) | third, (fourth << 4) | (fifth >> 4))
    axes = []
    for count, (gain, offset) in zip(whole, calibration, strict=True):
        signed = np.where(count > 2047, count - 4096, count).astype(np.float32)  # noqa: PLR2004 - twelve bits
        axes.append((100 * signed - np.float32(offset)) / np.float32(gain))
    return np.stack(axes, axis=1)


FORMAT = Format(name=_NAME, suffixes=(".bin",), recognizes=_recognizes, read=_read)
