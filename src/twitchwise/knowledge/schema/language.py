"""The words of one language: denial, whose finding it is, side, site, duration and course."""

from typing import Annotated, Literal

from msgspec import Meta, field

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.vocabulary import Course, Side

Phrases = tuple[str, ...]
Reached = Annotated[int, Meta(ge=0, le=200)]


class Reach(Entry, frozen=True, kw_only=True):
    """How far words act, counted in words, and a laboratory value behind its name, counted in characters.

    ``language`` is how many words a text has at least before it can be said to be in no language that is read.
    """

    gap_in_phrase: Reached
    negation_before: Reached
    negation_after: Reached
    relative: Reached
    supposed: Reached
    detail: Reached
    laboratory_value: Reached
    language: Reached
    negation_near: Reached = 0


class Language(Entry, frozen=True, kw_only=True):
    """What the intake needs to know of a language besides how each finding is said.

    ``tag`` is the language's tag (BCP 47), ``inflection`` the rules by which forms of a word meet, and ``common_words``
    are those by which a text is told to be in it. A language whose commas part clauses gives ``clause_words``, which a
    clause of its own has and a list has not. ``negation_near`` acts within a few words of its own clause alone,
    ``negation_close_behind`` right behind a finding; ``light_behind`` are words that a phrase of denial behind a
    finding may hold. ``forms`` are words whose forms no rule finds, ``kept`` words that no rule may change,
    ``compound_heads`` ends of compounds that are read as words of their own, ``groups`` alternatives that phrases name
    in angle brackets, and ``test_names`` how the tests that findings name are called.
    """

    id: str
    tag: str = "en"
    inflection: Literal["english", "german"] = "english"
    common_words: Phrases = ()
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
    number_words: dict[str, float]
    female: Phrases
    male: Phrases
    reach: Reach
    clause_words: Phrases = ()
    clause_openers: Phrases = ()
    clause_continues: Phrases = ()
    clause_links: Phrases = ()
    list_words: Phrases = ()
    negation_near: Phrases = ()
    not_behind: Phrases = ()
    negation_close_behind: Phrases = ()
    light_behind: Phrases = ()
    same_subject: Phrases = ()
    ages_behind: Phrases = ("old", "of")
    durations_said: dict[str, float] = field(default_factory=dict)
    not_own: Phrases = ()
    abbreviations: Phrases = ()
    forms: dict[str, Phrases] = field(default_factory=dict)
    kept: Phrases = ()
    compound_heads: Phrases = ()
    not_compounds: Phrases = ()
    groups: dict[str, str] = field(default_factory=dict)
    test_names: dict[str, Phrases] = field(default_factory=dict)
