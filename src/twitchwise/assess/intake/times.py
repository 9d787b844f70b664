"""How long, in a text: "for three weeks", "a 2-month history", "since 6 hours", as days."""

import re
from collections.abc import Sequence

from twitchwise.assess.intake.words import ENGLISH, Spelling, Word
from twitchwise.knowledge.schema import Language


def durations_in(words: Sequence[Word], language: Language, spelling: Spelling = ENGLISH) -> list[float]:
    """Return the days that each time unit with a number before it means.

    An age ("a 34-year-old") is not a duration.
    """
    units = {spelling.stem_of(unit): days for unit, days in language.durations_days.items()}
    found = []
    for index in range(1, len(words)):
        days = units.get(words[index].stem)
        number = None if days is None else _number(words, index - 1, language)
        if days is not None and number is not None and not _is_age(words, index, language):
            found.append(number * days)
    return found + [days for said, days in language.durations_said.items() if _is_said(said.split(), words)]


def _is_said(said: Sequence[str], words: Sequence[Word]) -> bool:
    """Tell whether words such as "since yesterday" stand in a sentence."""
    texts = [word.text for word in words]
    return any(texts[at : at + len(said)] == said for at in range(len(texts) - len(said) + 1))


def _number(words: Sequence[Word], index: int, language: Language) -> float | None:
    text = words[index].text
    if text[0].isdigit():
        return number_of(text)
    if text in language.articles and not (index and words[index - 1].text in language.duration_leads):
        return None
    if text in language.number_words:
        return float(language.number_words[text])
    return float(language.number_words[words[index - 1].text]) if _is_couple_of(words, index, language) else None


_WHOLE = re.compile(r"\d+|\d{1,3}(?:,\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")


def number_of(text: str) -> float | None:
    """Return a number as people write it, or ``None`` for what is none, such as a date.

    Examples
    --------
    >>> [number_of(text) for text in ("12", "1,000", "1,5", "2.5", "1.2.3")]
    [12.0, 1000.0, 1.5, 2.5, None]
    """
    if _WHOLE.fullmatch(text):
        return float(text.replace(",", ""))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _is_couple_of(words: Sequence[Word], index: int, language: Language) -> bool:
    return bool(index) and words[index].text == "of" and words[index - 1].text in language.number_words


def _is_age(words: Sequence[Word], index: int, language: Language) -> bool:
    return (
        index + 1 < len(words) and words[index + 1].text in language.ages_behind and not _is_history(words, index + 1)
    )


def _is_history(words: Sequence[Word], index: int) -> bool:
    """Tell "two months of weakness" from "28 years of age"."""
    return words[index].text == "of" and index + 1 < len(words) and words[index + 1].text != "age"
