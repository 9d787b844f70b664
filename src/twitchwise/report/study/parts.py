"""What the page of a study is made of: sections of sentences, tables and figures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from twitchwise.report.drawings import Drawing

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")
_QUOTED = re.compile(r"'[^']*'")
MOST_ROWS = 100
"""Rows of a table on the page; the tables of the study have all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table; ``left_out`` says what it does not show, ``is_folded`` that it opens when asked for."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str = ""
    is_folded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """A figure under a heading, with the numbers behind it and what is to be kept in mind."""

    id: str
    heading: str
    drawing: Drawing
    numbers: Table | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of the page with a place in its table of contents.

    ``lead`` and ``closing`` are sentences before and behind its figures and tables, ``methods`` how its statistics were
    found, and ``data`` what it says for programs.
    """

    id: str
    title: str
    lead: tuple[str, ...] = ()
    plots: tuple[Plot, ...] = ()
    tables: tuple[Table, ...] = ()
    closing: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    data: dict[str, object] = field(default_factory=dict)


def with_common_notes(plots: Sequence[Plot]) -> tuple[tuple[Plot, ...], tuple[str, ...]]:
    """Return plots without the notes that all of them have, and these notes, to be said once.

    Parameters
    ----------
    plots
        Those of a section.
    """
    if len(plots) <= 1:
        return tuple(plots), ()
    common = tuple(note for note in plots[0].notes if all(note in plot.notes for plot in plots))
    kept = (replace(plot, notes=tuple(note for note in plot.notes if note not in common)) for plot in plots)
    return tuple(kept), common


def table_of(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    where: str = "",
    most: int = MOST_ROWS,
    is_folded: bool = False,
) -> Table:
    """Return a table of as many rows as a page can show.

    Parameters
    ----------
    caption, columns, rows
        What it holds.
    where
        The table of the study that has the rows that are left out.
    most
        How many rows to show.
    is_folded
        Whether it opens when asked for.
    """
    every = [tuple(row) for row in rows]
    left_out = f"{len(every) - most:,} more rows are not shown; {where or 'the tables of the study'} has all."
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(every[:most]),
        left_out=left_out if len(every) > most else "",
        is_folded=is_folded,
    )


def listed_shortly(names: Sequence[str], most: int = 6) -> str:
    """Return names one after the other, of many the first.

    Examples
    --------
    >>> listed_shortly(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def without_details(sentence: str) -> str:
    """Return a sentence without its numbers and quoted names, so that sentences that say the same are alike.

    Examples
    --------
    >>> without_details("'calf' lasts 40 s, which is too short; 60 s are needed")
    "'…' lasts … s, which is too short; … s are needed"
    """
    return _NUMBER.sub("…", _QUOTED.sub("'…'", sentence))


def counted(count: int, one: str, many: str = "") -> str:
    """Return how many there are of something.

    Examples
    --------
    >>> counted(1, "visit"), counted(1200, "visit")
    ('1 visit', '1,200 visits')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
