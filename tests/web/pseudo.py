"""A language in which every text of the catalogs stands in brackets, so that what is in none of them shows."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from twitchwise.report import languages
from twitchwise.report.languages import tongues
from twitchwise.vocabulary.text import ENGLISH

OPEN, CLOSE = "\u27e6", "\u27e7"
TAG = "de"
"""The tag that the language goes by, so that a browser can ask for it."""

_SPOKEN = {"alt", "aria-label", "placeholder", "title"}
_NO_TEXT = {"script", "style"}
_UNITS = re.compile(
    r"(?<![\w/])(?:[mµunk]?(?:V|A|N|m|g|s|mol/L|Nm)|cm|Hz|min|h|m/s[²2]?|rad/s|°C|°/s|pH|EMG|mmHg|twitchwise|PDF|FHIR|JSON|EDF\+|BIDS)(?![\w/])"
)
"""Units and names that are the same in every language."""


class Pseudo:
    """Puts each template in brackets; numbers stay as they are."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        """Return the template in brackets; one without a letter needs no translation."""
        del context
        template = one if count in (None, 1) else many
        return f"{OPEN}{template}{CLOSE}" if _has_words(template) else template

    def digits(self, english: str) -> str:
        """Return the number."""
        return english


def speak_pseudo(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Let the second language be this one, for as long as a test lasts."""
    monkeypatch.setattr(tongues, "tongue_of", lambda language: Pseudo() if language == TAG else ENGLISH)
    assert languages.LANGUAGES[TAG]


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", re.sub(r"\{[^}]*\}|%\(\w+\)s", "", text)))


def left_out(html: str) -> list[str]:
    """Return the words of a page that stand in no brackets and are not marked as being in another language."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    outside = (_UNITS.sub("", _outside(text)) for text in _joined(reader.said))
    return [words.strip() for words in outside if _has_words(words)]


def _joined(said: list[str]) -> Iterator[str]:
    yield from (" ".join(one.split()) for one in said)


def _outside(text: str) -> str:
    """Return what is left of a text without what stands in brackets, however deep."""
    depth, left = 0, ""
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        left += letter if depth == 0 and letter != CLOSE else ""
    return left.strip()


class _Reader(HTMLParser):
    """Gathers what is read of a page: the text of each block whole, so that brackets may span links and spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said = [""]
        self.path: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and what its attributes say."""
        named = dict(attrs)
        foreign = named.get("lang") not in (None, TAG) or tag in _NO_TEXT
        within = bool(self.path) and self.path[-1][1]
        if tag not in _INLINE:
            self.said.append("")
        if tag not in _VOID:
            self.path.append((tag, foreign or within))
        if not (foreign or within):
            self.said.extend(value or "" for name, value in attrs if name in _SPOKEN or _is_word(name, value))
            self.said.append("") if tag not in _INLINE else None

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self.path and self.path.pop()[0] != tag:
            pass
        if tag not in _INLINE:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        """Gather text."""
        if not (self.path and self.path[-1][1]):
            self.said[-1] += data


_INLINE = {"a", "b", "em", "strong", "span", "i", "abbr", "small", "code", "q", "sub", "sup"}
_VOID = {"area", "br", "circle", "col", "hr", "img", "input", "line", "link", "meta", "path", "rect", "source", "wbr"}


def _is_word(name: str, value: str | None) -> bool:
    """Tell whether an attribute is a sentence for a script."""
    return name.startswith("data-") and " " in (value or "").strip()
