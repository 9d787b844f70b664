"""Which language a text is in: plain where it holds more than twice as many frequent words of it as of the page's."""

import re
from collections.abc import Sequence

from twitchwise.assess.intake.reader import LANGUAGE, Intake, read_description
from twitchwise.knowledge import Library

_WORD = re.compile(r"[^\W\d_]+")
TWICE = 2


def language_tagged(tag: str, library: Library) -> str:
    """Return the id of the language of a tag (BCP 47); the language of the finding files where none has it."""
    return next((one.id for one in library.languages.values() if one.tag == tag), LANGUAGE)


def language_of(text: str, library: Library, likely: str) -> str:
    """Return the id of the language that a text is in.

    Parameters
    ----------
    text
        As typed.
    library
        Each language's frequent words that no other language has among its own decide.
    likely
        Tag of the language that it is taken to be in where that is not plain.

    Examples
    --------
    >>> from twitchwise.knowledge import library
    >>> language_of("Meine Wade zuckt seit drei Wochen.", library(), "en"), language_of("Ptosis", library(), "en")
    ('german', 'english')
    """
    counts = _counts(text, library)
    expected = language_tagged(likely, library)
    best = max(counts, key=lambda name: counts[name], default=expected)
    return best if counts.get(best, 0) > TWICE * counts.get(expected, 0) else expected


def read_in_its_language(text: str, library: Library) -> Intake:
    """Return what was understood of a text, read in the language that it is in; English where that is not plain.

    Examples
    --------
    >>> from twitchwise.knowledge import library
    >>> list(read_in_its_language("Seit drei Wochen zuckt mein Augenlid.", library()).observations)
    ['eyelid_twitch', 'fasciculation']
    """
    return read_description(text, library, language_of(text, library, "en"))


def is_in_no_language(text: str, library: Library) -> bool:
    """Tell whether a text long enough to be judged has no frequent word of any language that is read."""
    enough = min(one.reach.language for one in library.languages.values())
    return len(_words(text)) >= enough and not any(_counts(text, library).values())


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())


def _counts(text: str, library: Library) -> dict[str, int]:
    words = _words(text)
    common = {one.id: frozenset(one.common_words) for one in library.languages.values()}
    counts = {}
    for name, own in common.items():
        others = frozenset[str]().union(*(other for known, other in common.items() if known != name))
        counts[name] = sum(word in own - others for word in words)
    return counts
