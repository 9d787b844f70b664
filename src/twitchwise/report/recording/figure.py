"""A figure of a measured recording: its drawing, words for those who do not see it, and the numbers behind it."""

from dataclasses import dataclass

from markupsafe import Markup

from twitchwise.report.drawings import Drawing
from twitchwise.vocabulary.text import capital, say_many


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """A table: the columns' heads and the rows, and a sentence on what it leaves out, if it does."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure: a name for its file, what it shows, the drawing, and the numbers that it was drawn from."""

    name: str
    shows: str
    drawing: Drawing
    numbers: Numbers

    @property
    def heading(self) -> str:
        """What stands above it."""
        return capital(self.shows)


def left_out_said(count: int) -> str:
    """Return a sentence on how many events a table leaves out, nothing where it has all."""
    if count <= 0:
        return ""
    return say_many(
        "{count} more event is in the JSON and in the table that --output writes.",
        "{count} more events are in the JSON and in the table that --output writes.",
        count=count,
    )


def figure_of(name: str, shows: str, svg: str, *, alt: str, caption: str, numbers: Numbers) -> Figure:
    """Return a figure of an SVG that our own modules drew."""
    drawn = Drawing(svg=Markup(svg), alt=alt, caption=caption)  # noqa: S704 - our figures escape their labels
    return Figure(name=name, shows=shows, drawing=drawn, numbers=numbers)
