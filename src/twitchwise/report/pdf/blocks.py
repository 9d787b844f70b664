"""The blocks that a document is made of, as plain data: the template decides how each looks, never what it says.

Every text is told here in the language of the reader, by `printable`.
"""

from collections.abc import Iterable, Sequence

from twitchwise.report.citations import Citation
from twitchwise.report.drawings import Drawing
from twitchwise.report.pdf.letters import printable

Block = dict[str, object]


def heading(text: str, level: int = 2) -> Block:
    """Return a heading; of level 1 there is one a document."""
    return {"kind": "heading", "text": printable(text), "level": level}


def paragraph(text: str, *, lead: str = "", is_small: bool = False) -> Block:
    """Return a paragraph, with bold words before it."""
    return {"kind": "paragraph", "lead": printable(lead), "text": printable(text), "small": is_small}


def bullets(items: Iterable[str | tuple[str, str]]) -> Block:
    """Return a list; of a pair the first words are bold."""
    pairs = [("", item) if isinstance(item, str) else item for item in items]
    return {"kind": "bullets", "items": [[printable(lead), printable(text)] for lead, text in pairs]}


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int] = ()) -> Block:
    """Return a table; ``widths`` are shares of the line."""
    return {
        "kind": "table",
        "caption": printable(caption),
        "heads": list(map(printable, heads)),
        "rows": [list(map(printable, row)) for row in rows],
        "widths": list(widths) or [1] * len(heads),
    }


def card(level: str, label: str, text: str, lead: str) -> Block:
    """Return the box that says how soon to seek help; ``level`` is a word such as ``same_day``."""
    return {
        "kind": "card",
        "level": level,
        "label": printable(label),
        "text": printable(text),
        "lead": printable(lead),
    }


def figure(drawing: Drawing) -> Block:
    """Return a figure with its words for those who do not see it and its caption."""
    return {
        "kind": "figure",
        "svg": str(drawing.svg),
        "alt": printable(drawing.alt),
        "caption": printable(drawing.caption),
    }


def references(citations: Iterable[Citation]) -> Block:
    """Return a list of sources, each with its address where it has one."""
    items = [[printable(one.text), one.url if one.url and one.url.startswith("https://") else ""] for one in citations]
    return {"kind": "references", "items": items}


def in_short(citations: Iterable[Citation]) -> str:
    """Return who wrote the sources of a sentence, in brackets; nothing where there is none."""
    named = "; ".join(one.short for one in citations)
    return f"[{named}]" if named else ""


def page_break() -> Block:
    """Return the end of a page."""
    return {"kind": "page_break"}
