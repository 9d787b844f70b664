"""A measured folder as terminal text: a table with a row a recording, and what makes its numbers doubtful."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from rich.box import SIMPLE
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from twitchwise.examine.measuring import State
from twitchwise.report.contract import MeasuredRecordingOut
from twitchwise.report.display import clean, duration, number
from twitchwise.report.text_parts import bullets, page, paragraph, section, title
from twitchwise.report.wording import HEADINGS, NOTICE

DOUBTS_SHOWN = 12
_NOTHING = "-"


def measured_set_as_text(
    rows: Sequence[MeasuredRecordingOut], folder: Path, output: Path | None, *, complete: bool = True
) -> RenderableType:
    """Return a measured folder for a terminal.

    Parameters
    ----------
    rows
        What became of its recordings.
    folder, output
        The folder, and that of the results, if there is one.
    complete
        Whether all of its recordings are there.
    """
    return page(
        title(f"{clean(folder.name)}: {_counts(rows)}{'' if complete else ', then interrupted'}"),
        _table([row for row in rows if row.state != State.REFUSED]),
        paragraph("Rate: fasciculation potentials at rest on the channel that has most, with a 95 % interval.")
        if any(row.rate for row in rows)
        else None,
        section("What moved", bullets(f"{clean(row.name)}: {clean(row.summary)}" for row in rows if _moved(row))),
        section("Not measured", bullets(f"{clean(row.name)}: {clean(row.refusal)}" for row in rows if row.refusal)),
        section(HEADINGS.doubts, bullets(_doubts(rows))),
        None if output is None else section("Where it is", paragraph(clean(f"Results are in {output}."))),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def measured_in_a_line(row: MeasuredRecordingOut) -> str:
    """Return what became of one recording in a few words, behind its name."""
    moved = row.summary.removesuffix(".") or "no rate"
    said = moved if row.rate is None else f"{_rate(row)} a minute"
    by_state = {State.REFUSED: f"not measured: {row.refusal}", State.KEPT: f"{said}, kept from an earlier run"}
    return clean(f"{row.name}: {by_state.get(State(row.state), said)}")


def _moved(row: MeasuredRecordingOut) -> bool:
    """Tell whether what was found in a recording stands in a sentence instead of a rate."""
    return row.rate is None and bool(row.summary)


def _counts(rows: Iterable[MeasuredRecordingOut]) -> str:
    counts = Counter(row.state for row in rows)
    words = {State.MEASURED: "measured", State.KEPT: "kept from an earlier run", State.REFUSED: "not measured"}
    return ", ".join(f"{counts[state]} {said}" for state, said in words.items() if counts[state]) or "none measured"


def _table(rows: Sequence[MeasuredRecordingOut]) -> RenderableType | None:
    if not rows:
        return None
    table = Table(box=SIMPLE, pad_edge=False, expand=True)
    table.add_column("recording", ratio=1, overflow="fold")
    for heading in ("length", "at rest", "rate a minute", "units", "doubts"):
        table.add_column(heading, justify="right")
    for name, row in zip(_names(rows), rows, strict=True):
        cells = (clean(name), _long(row.duration_s), _long(row.rest_s), _rate(row), _units(row), _n_doubts(row))
        table.add_row(*map(Text, cells))
    return table


def _names(rows: Sequence[MeasuredRecordingOut]) -> list[str]:
    """Return the names of files alone where they tell the recordings apart, as those of a data set do."""
    names = [PurePosixPath(row.name).name for row in rows]
    return names if len(set(names)) == len(names) else [row.name for row in rows]


def _long(seconds: float | None) -> str:
    return _NOTHING if seconds is None else duration(seconds)


def _rate(row: MeasuredRecordingOut) -> str:
    """Return the rate with its interval; of none seen, what cannot be excluded."""
    if row.rate is None:
        return _NOTHING
    if row.rate.value == 0:
        return f"none seen (up to {number(row.rate.high)})"
    return f"{number(row.rate.value)} ({number(row.rate.low)} to {number(row.rate.high)})"


def _units(row: MeasuredRecordingOut) -> str:
    return _NOTHING if row.units is None else number(row.units)


def _n_doubts(row: MeasuredRecordingOut) -> str:
    return str(len(row.doubts)) if row.doubts else _NOTHING


def _doubts(rows: Sequence[MeasuredRecordingOut]) -> Iterator[str]:
    """Give each doubt once, with how many recordings it is about, the most frequent first."""
    counts = Counter(doubt for row in rows for doubt in (*row.doubts, *row.warnings))
    for doubt, count in counts.most_common(DOUBTS_SHOWN):
        of = "" if len(rows) == 1 else f" ({count} of {len(rows)})"
        yield f"{clean(doubt)}{of}"
    if len(counts) > DOUBTS_SHOWN:
        yield f"{len(counts) - DOUBTS_SHOWN} more; the JSON has all."
