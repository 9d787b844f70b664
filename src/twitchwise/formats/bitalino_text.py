"""Reads text files of OpenSignals in blocks, in volts where the header says sensor and device.

It is asked before `delimited`, which takes any text, because formats are asked in the order of their names. A file
without a proper header is left to that one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twitchwise.formats import delimited
from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ScaledSource, settle
from twitchwise.formats.opensignals import Input, bits_of, last, rate_of, start_of
from twitchwise.formats.refusal import one_sentence
from twitchwise.formats.table_layout import sniff
from twitchwise.formats.table_rows import TableRows
from twitchwise.formats.table_survey import ColumnSurvey
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NAME = say("OpenSignals text")
_FIRST_WORDS = b"# OpenSignals Text File Format"
_HEAD_BYTES = 1 << 18
_COUNTER = "nSeq"
_TABLE = say("text table")


def _recognizes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".txt" and head.removeprefix(b"\xef\xbb\xbf").startswith(_FIRST_WORDS)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    devices = _devices(head)
    with one_sentence(typed, _TABLE) as noticed:
        layout = sniff(head[: head.rfind(b"\n") + 1] or head, typed)
        inputs = list(_inputs(devices, len(layout.columns)))
    if not inputs:
        return delimited.FORMAT.read(path, options)
    with one_sentence(typed, _TABLE):
        rows = TableRows(path, typed, layout)
        surveys = [ColumnSurvey() for _ in layout.columns]
        for block in rows.index():
            for index, survey in enumerate(surveys):
                survey.add(block[:, index])
        drafts = [one.draft(rows.n_rows) for _, one in inputs]
    settled = settle(drafts, options)
    missing = [
        say(
            "{channel}: {count} of {all_of_them} cells are empty; they were kept as missing samples.",
            channel=one.name,
            count=surveys[column].n_missing,
            all_of_them=rows.n_rows,
        )
        for column, one in inputs
        if surveys[column].n_missing
    ]
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(_Columns(rows, tuple(inputs)), settled.scales, typed),
        start=next(filter(None, (start_of(d.get("date"), d.get("time")) for d in devices)), None),
        warnings=(*noticed, *missing, *settled.warnings),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Samples in the unit of the header, from the columns of the table."""

    rows: TableRows
    inputs: tuple[tuple[int, Input], ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        column, one = self.inputs[channel]
        gain, offset = one.line
        return self.rows.read(column, start, stop) * gain + offset


def _devices(head: bytes) -> list[dict[str, Any]]:
    """Return what the header says of each device; nothing if it says nothing of one."""
    for line in head.splitlines()[1:4]:
        words = line.lstrip(b"# \t")
        if words.startswith(b"{"):
            try:
                content = json.loads(words)
            except (ValueError, RecursionError):
                return []
            found = list(content.values())
            return found if all(isinstance(device, dict) for device in found) else []
    return []


def _inputs(devices: list[dict[str, Any]], n_columns: int) -> Iterator[tuple[int, Input]]:
    """Give the channels of all devices with their columns, if the header accounts for every column of the table."""
    lists = [device.get("column") for device in devices]
    if not lists or not all(isinstance(names, list) for names in lists):
        return
    if sum(len(names or []) for names in lists) != n_columns:
        return
    first = 0
    for device, names in zip(devices, lists, strict=True):
        yield from _of_device(device, list(map(str, names or [])), first)
        first += len(names or [])


def _of_device(device: dict[str, Any], names: list[str], first: int) -> Iterator[tuple[int, Input]]:
    """Give the channels of a device: the last columns, as many as there are sensors, or all but the counter."""
    sensors, bits = _list(device.get("sensor")), _list(device.get("resolution"))
    count = len(sensors) or sum(name != _COUNTER for name in names)
    if count > len(names):
        return
    sizes = last(bits, count) or (bits[-1:] * count)
    for index, name in enumerate(names[len(names) - count :]):
        yield (
            first + len(names) - count + index,
            Input(
                name=name,
                sensor=str(sensors[index]) if sensors else "",
                device=str(device.get("device", "")),
                bits=bits_of(sizes[index]) if sizes else 0,
                rate_hz=rate_of(device.get("sampling rate")),
            ),
        )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


FORMAT = Format(name=_NAME, suffixes=(".txt",), recognizes=_recognizes, read=_read)
