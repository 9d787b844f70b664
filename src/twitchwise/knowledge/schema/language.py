"""The words of one language: denial, whose finding it is, side, site, duration and course."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.vocabulary import Course, Side

Phrases = tuple[str, ...]
Reached = Annotated[int, Meta(ge=0, le=200)]


class Reach(Entry, frozen=True, kw_only=True):
    """How far words act, counted in words, and a laboratory value behind its name, counted in characters."""

    gap_in_phrase: Reached
    negation_before: Reached
    negation_after: Reached
    relative: Reached
    supposed: Reached
    detail: Reached
    laboratory_value: Reached


class Language(Entry, frozen=True, kw_only=True):
    """What the intake needs to know of a language besides how each finding is said."""

    id: str
    negation_before: Phrases
    negation_after: Phrases
    not_a_negation: Phrases
    clause_ends: Phrases
    relatives: Phrases
    relatives_have: Phrases
    companions: Phrases
    light_words: Phrases
    never_skipped: Phrases
    tellers: Phrases
    supposed: Phrases
    not_told: Phrases
    sides: dict[Side, Phrases]
    courses: dict[Course, Phrases]
    sites: dict[str, Phrases]
    durations_days: dict[str, float]
    duration_leads: Phrases
    articles: Phrases
    number_words: dict[str, int]
    female: Phrases
    male: Phrases
    reach: Reach
