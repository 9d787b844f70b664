"""A figure of a measured recording: its drawing, words for those who do not see it, and the numbers behind it."""

from dataclasses import dataclass

from markupsafe import Markup

from twitchwise.report.drawings import Drawing


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """A table: the columns' heads and the rows, and a sentence on what it leaves out, if it does."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure: a name for its file, a heading, the drawing, and the numbers that it was drawn from."""

    name: str
    heading: str
    drawing: Drawing
    numbers: Numbers


def figure_of(name: str, heading: str, svg: str, *, alt: str, caption: str, numbers: Numbers) -> Figure:
    """Return a figure of an SVG that our own modules drew."""
    drawn = Drawing(svg=Markup(svg), alt=alt, caption=caption)  # noqa: S704 - our figures escape their labels
    return Figure(name=name, heading=heading, drawing=drawn, numbers=numbers)
