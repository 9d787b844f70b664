"""What stands around a finding in a text: is it denied, only feared, somebody else's, and what is said of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from twitchwise.assess.intake.phrases import Match, PhraseBook
from twitchwise.assess.intake.words import CLAUSE, ENGLISH, LINK, Spelling, Word
from twitchwise.knowledge.schema import Language
from twitchwise.vocabulary import Course, Side

T = TypeVar("T")
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a text tells of a finding beyond that it is named."""

    denied: bool
    supposed: bool
    of_other: bool
    side: Side | None
    sites: tuple[str, ...]
    course: Course | None


TWO_WORDS = 2


class Phrasings:
    """The phrases of a language, ready to be looked for."""

    def __init__(self, language: Language, spelling: Spelling = ENGLISH) -> None:
        self.language = language
        self.spelling = spelling
        self.before = self._book(language.negation_before)
        self.near = self._book(language.negation_near)
        self.after = self._book(language.negation_after, light=language.light_behind)
        self.close_behind = self._book(language.negation_close_behind)
        self.not_a_negation = self._book(language.not_a_negation)
        self.not_behind = self._book((*language.not_a_negation, *language.not_behind))
        self.clause_ends = self._book(language.clause_ends)
        self.same_subject = self._book(language.same_subject)
        self.relatives = self._book(language.relatives)
        self.tellers = self._book(language.tellers)
        self.relatives_have = self._book(language.relatives_have)
        self.companions = self._book(language.companions)
        self.supposed = self._book(language.supposed)
        self.not_told = self._book(language.not_told)
        self.sides = self._book_of(language.sides)
        self.courses = self._book_of(language.courses)
        self.sites = self._book_of(language.sites)
        self.denials = frozenset(map(spelling.stem_of, language.never_skipped))
        self.barriers = self.denials | {CLAUSE}

    def _book(self, phrases: Iterable[str], light: Iterable[str] = ()) -> PhraseBook[str]:
        pairs = ((phrase, phrase) for phrase in phrases)
        return PhraseBook(pairs, gap=0, light=frozenset(light), spelling=self.spelling)

    def _book_of(self, phrases: Mapping[T, Iterable[str]]) -> PhraseBook[T]:
        pairs = ((meaning, phrase) for meaning, said in phrases.items() for phrase in said)
        return PhraseBook(pairs, gap=0, spelling=self.spelling)


class Surroundings:
    """The words of one sentence with every turn of phrase in it.

    Parameters
    ----------
    words
        The sentence, without stops; nothing reaches beyond it.
    phrasings
        The language's phrases.
    """

    def __init__(self, words: Sequence[Word], phrasings: Phrasings) -> None:
        self.words = words
        language = phrasings.language
        self.reach = language.reach
        void = [_span(match) for match in phrasings.not_a_negation.find(words)]
        self.before = [one for one in map(_span, phrasings.before.find(words)) if not _inside_any(one, void)]
        if language.negation_near:  # "Allergien keine, Nikotin täglich": such a denial looks back alone
            self.before = [one for one in self.before if not self._has_comma(one[1], one[1] + 1)]
        self.near = [one for one in map(_span, phrasings.near.find(words)) if not _inside_any(one, void)]
        behind = [_span(match) for match in phrasings.not_behind.find(words)] if language.not_behind else void
        self.after = [one for one in map(_span, phrasings.after.find(words)) if not _ends_inside(one, behind)]
        close = map(_span, phrasings.close_behind.find(words))
        self.close_behind = [one for one in close if not _ends_inside(one, behind)]
        self.ends = [_span(match) for match in phrasings.clause_ends.find(words)]
        self.subject_ends = self.ends  # behind "und hat" a clause is still about the same relative
        if language.same_subject:
            same = [_span(match) for match in phrasings.same_subject.find(words)]
            self.subject_ends = [one for one in self.ends if one not in same]
        if language.clause_words:
            self.ends += [(index, index) for index, word in enumerate(words) if word.stem in {CLAUSE, LINK}]
        self.tellers = [_span(match) for match in phrasings.tellers.find(words)]
        self.having = [_span(match) for match in phrasings.relatives_have.find(words)]
        self.companions = [_span(match) for match in phrasings.companions.find(words)]
        self.relatives = [one for one in map(_span, phrasings.relatives.find(words)) if self._has_it(one)]
        self.supposed = [_span(match) for match in phrasings.supposed.find(words)]
        self.sides = list(phrasings.sides.find(words))
        self.courses = list(phrasings.courses.find(words))
        self.sites = list(phrasings.sites.find(words))
        self.untold = [index for index, _ in map(_span, phrasings.not_told.find(words))]

    def told(self, span: Span, *, own_words_count: bool) -> Told:
        """Return what is told of a finding.

        Parameters
        ----------
        span
            First and last word of the finding.
        own_words_count
            Whether the finding is about a relative by itself, as a family history is.
        """
        return Told(
            denied=self._denied(span),
            supposed=self._acts(self.supposed, span, self.reach.supposed) or self._is_asked(span),
            of_other=not own_words_count and self._acts(self.relatives, span, self.reach.relative, self.subject_ends),
            side=self._nearest(self.sides, span),
            sites=self._sites(span),
            course=self._course(),
        )

    def denies_itself(self, span: Span) -> bool:
        """Tell whether a phrase has a denial of its own in it, as "no urinary symptoms" has."""
        return any(span[0] <= first and last <= span[1] for first, last in (*self.before, *self.near))

    def _denied(self, span: Span) -> bool:
        return self._denied_before(span) or self._denied_behind(span)

    def _denied_before(self, span: Span) -> bool:
        if any(word.stem == LINK for word in self.words[span[0] : span[1] + 1]):
            return False  # what stands before the first of two clauses does not deny both
        near = [one for one in self.near if not self._has_comma(one[1], span[0])] if self.near else ()
        return self._acts(self.before, span, self.reach.negation_before) or self._acts(
            near, span, self.reach.negation_near
        )

    def _has_comma(self, last: int, first: int) -> bool:
        """Tell whether anything but a space stands between two words, however many lie between."""
        return any(after.start - word.end > 1 for word, after in pairwise(self.words[last : first + 1]))

    def _acts(self, causes: Iterable[Span], span: Span, reach: int, ends: Sequence[Span] | None = None) -> bool:
        """Tell whether something before a finding reaches it without the end of a clause between."""
        return any(
            last < span[0] and self._length(last, span[0]) <= reach and not self._parted(last, span[0], ends)
            for _, last in causes
        )

    def _length(self, last: int, first: int) -> int:
        """Return how many words lie between; a list such as "no fever, chills, or cough" reaches as far as it goes."""
        between = self.words[last + 1 : first]
        listed = sum(1 for word, after in pairwise(between) if after.start - word.end > 1)
        return len(between) - 2 * listed

    def _denied_behind(self, span: Span) -> bool:
        first, last = span
        if any(begin == last + 1 for begin, _ in self.close_behind):
            return True
        return any(
            last < begin <= last + self.reach.negation_after and not self._parted(last, begin)
            for begin, end in self.after
            if not first <= end <= last
        )

    def _parted(self, last: int, first: int, ends: Sequence[Span] | None = None) -> bool:
        return any(last < end[0] and end[1] < first for end in (self.ends if ends is None else ends))

    def _has_it(self, relative: Span) -> bool:
        """Tell whether a relative is one who has something, not one who tells of the person or is merely there."""
        first, last = relative
        if any(0 < first - end <= TWO_WORDS for _, end in self.companions):
            return False
        tells = any(last < begin <= last + 2 for begin, _ in self.tellers)
        return not tells and any(last < begin <= last + 2 for begin, _ in self.having)

    def _is_asked(self, span: Span) -> bool:
        """Tell whether a finding stands in the question of a sentence rather than in what is told before it."""
        return any(asked <= span[0] for asked in self.untold)

    def _near(self, matches: Iterable[Match[T]], span: Span) -> list[tuple[int, Match[T]]]:
        near = [(max(match.first - span[1], span[0] - match.last, 0), match) for match in matches]
        return sorted((one for one in near if one[0] <= self.reach.detail), key=lambda one: one[0])

    def _nearest(self, matches: Iterable[Match[T]], span: Span) -> T | None:
        near = self._near(matches, span)
        return near[0][1].meaning if near else None

    def _sites(self, span: Span) -> tuple[str, ...]:
        near = [
            match.meaning for distance, match in self._near(self.sites, span) if distance <= self.reach.negation_after
        ]
        return tuple(dict.fromkeys(near))

    def _course(self) -> Course | None:
        """Return the course told in the sentence; what calls for help sooner outweighs what else is told."""
        told = {match.meaning for match in self.courses}
        return next((course for course in Course if course in told), None)


def _span(match: Match[T]) -> Span:
    return match.first, match.last


def _inside_any(span: Span, spans: Iterable[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in spans)


def _ends_inside(span: Span, spans: Iterable[Span]) -> bool:
    """Tell whether the last word of a span is one of another that goes on behind it, or ends with it."""
    return any(first <= span[1] <= last for first, last in spans)
