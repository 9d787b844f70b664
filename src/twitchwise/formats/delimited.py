"""Reads CSV and other text tables in blocks: one channel a column, with a time column or a stated sampling rate."""

from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.csv_of_motion import is_nameless, read_motion_table
from twitchwise.formats.draft import ScaledSource, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.formats.table import read_table
from twitchwise.formats.table_rows import TableRows
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NAME = say("CSV or text table")
_SUFFIXES = (".csv", ".txt", ".tsv")


def _recognizes(path: Path, head: bytes) -> bool:
    """Go by the ending: any text may be a table, and what is wrong with it is better said by the reader."""
    del head
    return path.suffix.lower() in _SUFFIXES


def _read(path: Path, options: ReadOptions) -> Recording:
    if options.speaks_of_motion and is_nameless(path):
        return read_motion_table(path, options)
    with one_sentence(options.typed, say("text table")) as noticed:
        table = read_table(path, options.typed)
    rate = table.rate(options)
    settled = settle([table.draft(index, rate) for index in table.channels], options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(_ColumnSource(table.rows, table.channels), settled.scales, options.typed),
        warnings=(*noticed, *rate.warnings, *table.warnings(), *settled.warnings),
    )


@dataclass(frozen=True, slots=True)
class _ColumnSource:
    """Samples in the file's units; ``columns`` are the numbers of the columns that hold samples."""

    rows: TableRows
    columns: tuple[int, ...]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        return self.rows.read(self.columns[channel], start, stop)


FORMAT = Format(name=_NAME, suffixes=_SUFFIXES, recognizes=_recognizes, read=_read)
