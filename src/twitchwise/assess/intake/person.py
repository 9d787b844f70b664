"""Who a text is about: age and sex."""

import re

from twitchwise.assess.intake.words import words_of
from twitchwise.knowledge.schema import Language
from twitchwise.vocabulary import Sex

_OLD = re.compile(r"\b(\d{1,3})[\s-]*(years?|yrs?|months?|weeks?|days?)[\s-]*(?:old|of age)\b", re.IGNORECASE)


def age_in(text: str, language: Language) -> float | None:
    """Return the age in years that a text begins with, or ``None``."""
    old = _OLD.search(text)
    if old is not None:
        unit = old[2].lower().rstrip("s").replace("yr", "year")
        return float(old[1]) * language.durations_days[unit] / language.durations_days["year"]
    short = re.search(r"\b(\d{1,3})\s*(?:yo|y/o|[mf])\b|\b(?:aged?|i am|i'm)\s*:?\s*(\d{1,3})\b", text, re.IGNORECASE)
    return None if short is None else float(short[1] or short[2])


def sex_in(text: str, language: Language) -> Sex | None:
    """Return the sex that the first word that tells one names; "her" and "mother" tell none of the person."""
    said = {Sex.FEMALE: frozenset(language.female), Sex.MALE: frozenset(language.male)}
    for word in words_of(text):
        for sex, names in said.items():
            if word.text in names:
                return sex
    return None
