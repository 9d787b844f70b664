"""Sets blocks as a PDF/A-2a and PDF/UA-1 file with typst: tagged, archivable, and read aloud by a screen reader.

The text reaches the template as a JSON file that it reads, never as markup, so no text can change what the template
does. Nothing is read from outside: the fonts come with matplotlib, and the template asks for no package.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from twitchwise.report.figures import standing_alone
from twitchwise.report.languages import DEFAULT, LANGUAGE, tell
from twitchwise.report.pdf.blocks import Block
from twitchwise.report.pdf.letters import FONT, font_folder, printable
from twitchwise.vocabulary import MissingExtraError
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    import typst

STANDARDS = ["a-2a", "ua-1"]
PAGE, PAGES = "\u2460", "\u2461"  # stand for numbers that only the template knows
UNDATED = dt.date(1970, 1, 1)
"""Stands in the file where no day is given, because PDF/A wants one; it is not printed."""


def typeset(title: str, blocks: Iterable[Block], *, made_on: dt.date | None = None) -> bytes:
    """Return a PDF in the language of the reader; the same blocks and day always give the same bytes.

    Parameters
    ----------
    title
        What it is, in a few words.
    blocks
        What it says, from top to bottom.
    made_on
        The day to print and to put into the file.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    try:
        import typst  # noqa: PLC0415 - an optional part
    except ImportError:
        raise MissingExtraError(say("A PDF"), "pdf") from None
    figures: dict[str, bytes] = {}
    placed = [_placed(block, figures) for block in blocks]
    content = {
        "title": printable(title),
        "font": FONT,
        "language": LANGUAGE.get(),
        "has_long_words": LANGUAGE.get() != DEFAULT,  # which do not fit a narrow column
        "made_on": "" if made_on is None else printable(date_in_words(made_on)),
        "blocks": placed,
        **_words(),
    }
    sources = {"main": _template(), "content.json": json.dumps(content).encode(), **figures}
    day = dt.datetime.combine(made_on or UNDATED, dt.time(), dt.UTC)
    return typst.compile(  # type: ignore[no-any-return, return-value, unused-ignore]
        cast("Any", sources),  # it takes several files in memory, which its types leave out
        font_paths=cast("Any", _fonts()),
        ignore_system_fonts=True,
        pdf_standards=cast("Any", STANDARDS),
        timestamp=day,
    )


def _words() -> Mapping[str, str]:
    """Return what the template itself says; it puts numbers where a sign stands for them."""
    return {
        "description": tell(say("Research and education software. Not a medical device.")),
        "made_by": tell(
            say(
                "twitchwise {version}, research and education software, not a medical device",
                version=version("twitchwise"),
            )
        ),
        "page": tell(say("Page {number} of {count}", number=PAGE, count=PAGES)),
    }


def _placed(block: Block, figures: dict[str, bytes]) -> Mapping[str, object]:
    """Return a block with the drawing of a figure put among the files, under a number."""
    if block["kind"] != "figure":
        return block
    name = f"figure{len(figures)}.svg"
    figures[name] = standing_alone(str(block["svg"]), str(block["alt"])).encode()
    return {**{key: value for key, value in block.items() if key != "svg"}, "file": name}


def _template() -> bytes:
    return files("twitchwise.report").joinpath("templates", "document.typ").read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415

    folder = str(font_folder())
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
