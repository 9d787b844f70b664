"""Who a text is about: age and sex."""

import re

from twitchwise.assess.intake.words import ENGLISH, Spelling
from twitchwise.knowledge.schema import Language
from twitchwise.vocabulary import Sex

_OLD = re.compile(r"\b(\d{1,3})[\s-]*(years?|yrs?|months?|weeks?|days?)[\s-]*(?:old|of age)\b", re.IGNORECASE)


_GERMAN_OLD = re.compile(
    r"\b(\d{1,3})[\s-]*(jahr|j(?=\.?\s*alt)|monat|woche|tag)[a-z]*\.?\s*(?:alt|jung)\b"
    r"|\b(\d{1,3})[\s-]*(j(?:ä|ae)hrig|monat(?=ig)|w(?:ö|oe)chig|t(?:ä|ae)gig)(?:e[rsn]?)?\b(?!\s+(?:anamnese|geschichte|verlauf))",
    re.IGNORECASE,
)
_GERMAN_UNITS = {"m": "monat", "w": "woche", "t": "tag"}
_GERMAN_SHORT = re.compile(
    r"\b(?:ich\s+)?bin\s+(?:gerade|jetzt|erst|schon|weiblich|männlich|[wm])?,?\s*(\d{1,3})\b"
    r"(?!\s*(?:cm|kg|kilo|m\b|%|mal|tag|woche|monat|stunde|minute|km|prozent|uhr|[.,:]\d))"
    r"|\b[mw]\s*[/,]?\s*(\d{2})\b|\b(\d{2})[/,]?[mw]\b|\balter\s*:?\s*(\d{1,3})\b",
    re.IGNORECASE,
)


def _german_age(text: str, language: Language) -> float | None:
    old = _GERMAN_OLD.search(text)
    if old is not None:
        number, named = filter(None, old.groups())
        unit = _GERMAN_UNITS.get(named[0].lower(), "jahr")
        return float(number) * language.durations_days[unit] / language.durations_days["jahr"]
    short = _GERMAN_SHORT.search(text)
    return None if short is None else float(next(filter(None, short.groups())))


def age_in(text: str, language: Language) -> float | None:
    """Return the age in years that a text begins with, or ``None``."""
    if language.inflection == "german":
        return _german_age(text, language)
    old = _OLD.search(text)
    if old is not None:
        unit = old[2].lower().rstrip("s").replace("yr", "year")
        return float(old[1]) * language.durations_days[unit] / language.durations_days["year"]
    short = re.search(r"\b(\d{1,3})\s*(?:yo|y/o|[mf])\b|\b(?:aged?|i am|i'm)\s*:?\s*(\d{1,3})\b", text, re.IGNORECASE)
    return None if short is None else float(short[1] or short[2])


def sex_in(text: str, language: Language, spelling: Spelling = ENGLISH) -> Sex | None:
    """Return the sex that the first word that tells one names; "her" and "mother" tell none of the person."""
    said = {Sex.FEMALE: frozenset(language.female), Sex.MALE: frozenset(language.male)}
    before = ""
    for word in spelling.words_of(text):
        for sex, names in said.items():
            if word.text in names and before not in language.not_own:
                return sex
        before = word.text
    return None
