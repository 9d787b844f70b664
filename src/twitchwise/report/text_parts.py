"""The few shapes that terminal text is made of: sections, paragraphs, lists with hanging indents, and a card.

Everything is built from `Text` objects, never from markup, so a name with brackets in it stays what it is.
"""

from collections.abc import Iterable, Iterator

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from twitchwise.report.citations import Citation
from twitchwise.report.measured import Fact
from twitchwise.report.wording import NO_RECORDING, CareCard
from twitchwise.vocabulary import Urgency

WIDTH = 88  # longer lines are hard to read, however wide the terminal
_COLORS = {
    Urgency.EMERGENCY: "bright_red",
    Urgency.SAME_DAY: "red",
    Urgency.SOON: "yellow",
    Urgency.ROUTINE: "blue",
    Urgency.SELF_CARE: "green",
}


def page(*parts: RenderableType | None) -> RenderableType:
    """Return parts one below the other, no wider than reads well; ``None`` stands for a part that is left out."""
    return Constrain(Group(*(part for part in parts if part is not None)), width=WIDTH)


def title(text: str) -> RenderableType:
    """Return the title of a page."""
    return Padding(Text(text, style="bold"), (1, 0, 0, 0))


def section(heading: str, *parts: RenderableType | None) -> RenderableType | None:
    """Return a part of a page under its heading, or ``None`` when nothing is in it."""
    kept = [part for part in parts if part is not None]
    if not kept:
        return None
    return Group(Text(), Rule(Text(heading, style="bold"), align="left", style="dim"), *kept)


def paragraph(text: str, style: str = "", indent: int = 0) -> RenderableType:
    """Return running text."""
    return Padding(Text(text, style=style), (0, 0, 0, indent))


def bullets(lines: Iterable[str], mark: str = "-", indent: int = 0) -> RenderableType | None:
    """Return a list with hanging indents, or ``None`` when it is empty."""
    return marked([(mark, line) for line in lines], indent)


def marked(lines: Iterable[tuple[str, str]], indent: int = 0) -> RenderableType | None:
    """Return lines, each behind a mark of its own, or ``None`` when there are none."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")  # an address cut short leads nowhere
    for mark, line in lines:
        grid.add_row(Text(mark), Text(line))
    return Padding(grid, (0, 0, 0, indent)) if grid.row_count else None


def card(content: CareCard, level: Urgency | None) -> RenderableType:
    """Return how soon to seek help, as a frame whose title is the level in words; ``None`` when it cannot be said."""
    return Panel(
        Group(
            Text(content.heading, style="bold"), Text(), Text(content.lead), Text(), bullets(content.steps) or Text()
        ),
        title=Text(f" {content.label} ", style="bold"),
        title_align="left",
        box=ROUNDED,
        border_style="default" if level is None else _COLORS[level],
        padding=(1, 2),
    )


def facts_as_text(facts: Iterable[Fact]) -> RenderableType:
    """Return what was measured, channel by channel, or that nothing was."""
    parts = [part for fact in facts for part in _fact(fact)]
    return Group(*parts) if parts else paragraph(NO_RECORDING)


def _fact(fact: Fact) -> Iterator[RenderableType]:
    yield Text.assemble((fact.label, "bold"), f", {fact.where}:" if fact.where else ":")
    yield paragraph(f"{fact.said}.", indent=2)
    if fact.doubts:
        yield paragraph(f"! Doubtful: {'; '.join(fact.doubts)}.", indent=2)


def with_sources(sentence: str, citations: Iterable[Citation]) -> str:
    """Return a sentence with its sources in short behind it."""
    short = "; ".join(citation.short for citation in citations)
    return f"{sentence} [{short}]" if short else sentence


def pages_to_read(citations: Iterable[Citation]) -> RenderableType | None:
    """Return pages for further reading, with what each is good for."""
    return bullets(_page_to_read(citation) for citation in citations)


def _page_to_read(citation: Citation) -> str:
    good_for = f" - {citation.good_for}" if citation.good_for else ""
    return f"{citation.title}{good_for} {citation.url or ''}".rstrip()


def references(citations: Iterable[Citation]) -> RenderableType | None:
    """Return a list of sources in full, each once, with addresses."""
    once = dict.fromkeys(citations)
    return bullets(citation.text if citation.url is None else f"{citation.text} {citation.url}" for citation in once)
