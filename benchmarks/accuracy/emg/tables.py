"""Tables of scores: as text for the screen, and as a section of the page."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.emg.scoring import Score

HEAD = (
    "scenes",
    "events",
    "sensitivity",
    "precision",
    "false alarms per hour",
    "timing, ms",
    "purity",
    "completeness",
    "count bias",
)
SECTION = re.compile(r"<!-- part (\w+) -->\n.*?<!-- end of \1 -->\n", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: what it is, its head, and its rows; a row's first cells are words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The table for the screen."""
        widths = [max(len(row[column]) for row in (self.head, *self.rows)) for column in range(len(self.head))]
        lines = [
            "  ".join(
                cell.ljust(width) if n == 0 else cell.rjust(width)
                for n, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in (self.head, *self.rows)
        ]
        return "\n".join((f"\n{self.title}", *lines))

    @property
    def markdown(self) -> str:
        """The table for the page."""
        lines = [" | ".join(row) for row in (self.head, ("---",) * len(self.head), *self.rows)]
        return "\n".join((f"{self.title}\n", *(f"| {line} |" for line in lines))) + "\n"


@dataclass(frozen=True, kw_only=True)
class Section:
    """What a part has to say: its name, its title, what it is, and its tables."""

    name: str
    title: str
    about: str
    tables: tuple[Table, ...]

    @property
    def markdown(self) -> str:
        """The section for the page, between marks by which it is found again."""
        body = "\n".join((f"## {self.title}\n", f"{self.about}\n", *(table.markdown for table in self.tables)))
        return f"<!-- part {self.name} -->\n{body}<!-- end of {self.name} -->\n"


def number(value: float, digits: int = 3) -> str:
    """Return a number, or a dash for one that is not there."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def cells(score: Score, n_scenes: int) -> tuple[str, ...]:
    """Return the cells of a score, in the order of ``HEAD``."""
    timing = f"{number(1e3 * score.timing_s(0.5), 1)}, {number(1e3 * score.timing_s(0.95), 1)}"
    return (
        str(n_scenes),
        str(score.true),
        number(score.sensitivity),
        number(score.precision),
        number(score.false_per_hour, 1),
        timing,
        number(score.purity, 2),
        number(score.completeness, 2),
        "-" if math.isnan(score.count_bias) else f"{100 * score.count_bias:+.0f} %",
    )


def with_sections(page: str, intro: str, sections: Sequence[Section], order: Sequence[str]) -> str:
    """Return a page with new sections in place of those of the same name, in a given order; others stay."""
    kept = {match[1]: match[0] for match in SECTION.finditer(page)}
    kept |= {section.name: section.markdown for section in sections}
    return "\n".join((intro, *(kept[name] for name in order if name in kept)))


def write_page(file: Path, intro: str, sections: Sequence[Section], order: Sequence[str]) -> None:
    """Write new sections into a page."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(with_sections(old, intro, sections, order), encoding="utf-8")
