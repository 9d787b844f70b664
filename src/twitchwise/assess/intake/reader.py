"""From a description in somebody's own words to findings, shown back with the words that each was taken from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from twitchwise.assess.case import Case, Observation
from twitchwise.assess.intake.clauses import Phrasings, Surroundings, Told
from twitchwise.assess.intake.german import German
from twitchwise.assess.intake.laboratory import values_in, with_decimal_points
from twitchwise.assess.intake.person import age_in, sex_in
from twitchwise.assess.intake.phrases import Match, PhraseBook, without_vetoed
from twitchwise.assess.intake.times import durations_in
from twitchwise.assess.intake.words import ENGLISH, Spelling, Word, sentences_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding, Language
from twitchwise.vocabulary import Detail, FindingState, Setting, Sex

LANGUAGE = "english"
"""The language that the finding files themselves have phrases in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A finding as a text names it.

    Parameters
    ----------
    observation
        What it says of the finding; ``not_assessed`` where it is only feared, asked, or somebody else's.
    of_other
        Whether it is a relative's.
    start, end
        The characters that it was taken from.
    """

    observation: Observation
    of_other: bool
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """What was understood of a text: each mention in its order, and who it is about."""

    text: str
    mentions: tuple[Mention, ...]
    age_years: float | None
    sex: Sex | None

    @property
    def observations(self) -> dict[str, Observation]:
        """What is known of each finding: where a text says both, that it is there."""
        found: dict[str, Observation] = {}
        for mention in self.mentions:
            seen = mention.observation
            known = found.get(seen.finding)
            if seen.state is FindingState.NOT_ASSESSED or mention.of_other:
                continue
            if known is None or (known.state is FindingState.ABSENT and seen.state is FindingState.PRESENT):
                found[seen.finding] = seen
            elif known.state is seen.state is FindingState.PRESENT:
                found[seen.finding] = _joined(known, seen)
        return found

    def case(self, setting: Setting = Setting.COMMUNITY) -> Case:
        """Return the findings as a case."""
        return Case(observations=self.observations, setting=setting, age_years=self.age_years, sex=self.sex)


def _joined(first: Observation, second: Observation) -> Observation:
    days = [one.duration_days for one in (first, second) if one.duration_days is not None]
    return Observation(
        finding=first.finding,
        state=first.state,
        value=first.value,
        low=first.low,
        high=first.high,
        side=first.side or second.side,
        sites=tuple(dict.fromkeys((*first.sites, *second.sites))),
        duration_days=max(days, default=None),
        course=first.course or second.course,
        said=first.said,
    )


class Reader:
    """Reads descriptions with the phrases of a library.

    Parameters
    ----------
    library
        Findings with how each is said, medicines with their names, and the languages' words.
    language
        Id of the language.
    """

    def __init__(self, library: Library, language: str = LANGUAGE) -> None:
        self.library = library
        self.spelling, self.language = _written(library.languages[language])

    @cached_property
    def _phrasings(self) -> Phrasings:
        return Phrasings(self.language, self.spelling)

    @cached_property
    def _book(self) -> PhraseBook[str]:
        return self._phrase_book(self._phrases())

    @cached_property
    def _denials(self) -> PhraseBook[str]:
        return self._phrase_book(
            (name, phrase)
            for name, (said, denied) in self._said.items()
            for phrase in (*denied, *(turned for one in said for turned in self.spelling.denials_of(one)))
        )

    def _phrase_book(self, phrases: Iterable[tuple[str, str]]) -> PhraseBook[str]:
        return PhraseBook(
            phrases,
            gap=self.language.reach.gap_in_phrase,
            barriers=self._phrasings.barriers,
            light=frozenset(self.language.light_words),
            spelling=self.spelling,
        )

    @cached_property
    def _said(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """How each finding is said and how it is denied."""
        if self.language.id == LANGUAGE:
            return {one.id: (one.said_as, one.denied_as) for one in self.library.findings.values()}
        said: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for one in (one for one in self.library.sayings.values() if one.language == self.language.id):
            for name in (one.said.keys() | one.denied.keys()) & self.library.findings.keys():
                known = said.get(name, ((), ()))
                said[name] = (*known[0], *one.said.get(name, ())), (*known[1], *one.denied.get(name, ()))
        return said

    def _phrases(self) -> Iterator[tuple[str, str]]:
        yield from _pairs({name: said for name, (said, _) in self._said.items()})
        for medicine in self.library.medicines.values():
            if medicine.finding is not None:
                for name in medicine.names:
                    yield medicine.finding, name

    def read(self, text: str) -> Intake:
        """Return what is understood of a text."""
        mentions = [
            mention for words in sentences_of(self.spelling.words_of(text)) for mention in self._told(text, words)
        ]
        mentions += self._measured(text)
        mentions.sort(key=lambda mention: (mention.start, mention.observation.finding))
        return Intake(
            text=text,
            mentions=tuple(mentions),
            age_years=age_in(text, self.language),
            sex=sex_in(text, self.language, self.spelling),
        )

    def _told(self, text: str, words: list[Word]) -> Iterator[Mention]:
        """Give what one sentence tells; nothing reaches beyond its end."""
        around = Surroundings(words, self._phrasings)
        durations = durations_in(words, self.language, self.spelling)
        told: list[tuple[Match[str], Mention]] = []
        for match in self._matches(words):
            said = self.spelling.said(text, words[match.first : match.last + 1])
            told.append((match, self._mention(match, words, around, durations, said)))
        yield from self._not_turned(told, words) if self.language.negation_near else (one for _, one in told)
        yield from self._denied(text, words, around)

    def _not_turned(self, told: list[tuple[Match[str], Mention]], words: list[Word]) -> Iterator[Mention]:
        """Give the mentions without those that take for their own the word that denies another of the same finding.

        "Schlafmangel habe ich nicht" denies a lack of sleep, and is not "Schlaf ... nicht".
        """
        denied = [match for match, one in told if one.observation.state is FindingState.ABSENT]
        for match, one in told:
            denies = self._denies_within(match, words)
            if not denies or not any(other.meaning == match.meaning and other.overlaps(match) for other in denied):
                yield one

    def _matches(self, words: list[Word]) -> Iterable[Match[str]]:
        longest: dict[tuple[str, int, bool], Match[str]] = {}
        for match in without_vetoed(self._book.find(words)):
            key = match.meaning, match.first, self._denies_within(match, words)
            known = longest.get(key)
            if known is None or match.last > known.last:
                longest[key] = match
        return longest.values()

    def _denies_within(self, match: Match[str], words: list[Word]) -> bool:
        """Tell whether a phrase holds a denial, in a language in which that may be another one's."""
        denials = self._phrasings.denials if self.language.negation_near else ()
        return bool(denials) and any(word.stem in denials for word in words[match.first : match.last + 1])

    def _mention(
        self, match: Match[str], words: list[Word], around: Surroundings, durations: list[float], said: str
    ) -> Mention:
        span = (match.first, match.last)
        own = any(span[0] <= first and last <= span[1] for first, last in around.relatives)
        told = around.told(span, own_words_count=own)
        days = max(durations, default=None)
        start, end = words[match.first].start, words[match.last].end
        return Mention(
            observation=self._observation(match.meaning, told, days, said),
            of_other=told.of_other,
            start=start,
            end=end,
        )

    def _observation(self, name: str, told: Told, days: float | None, said: str) -> Observation:
        numeric = self.library.findings[name].answer is Answer.NUMBER
        if told.supposed or told.of_other or numeric:
            return Observation(finding=name, state=FindingState.NOT_ASSESSED, said=said)
        if told.denied:
            return Observation(finding=name, state=FindingState.ABSENT, said=said)
        worth = self._details[name]
        return Observation(
            finding=name,
            state=FindingState.PRESENT,
            side=told.side if Detail.SIDE in worth else None,
            sites=told.sites if Detail.SITE in worth else (),
            duration_days=days if Detail.DURATION in worth else None,
            course=told.course if Detail.COURSE in worth else None,
            said=said,
        )

    @cached_property
    def _details(self) -> dict[str, set[Detail]]:
        """The details that matter of each finding: its own, and those that settle another."""
        found = {name: set(finding.details) for name, finding in self.library.findings.items()}
        for finding in self.library.findings.values():
            if finding.detail_of is not None:
                for name in finding.detail_of.findings:
                    found[name] |= {rule.detail for rule in (finding.detail_of, *finding.detail_of.also)}
        return found

    def _denied(self, text: str, words: list[Word], around: Surroundings) -> Iterator[Mention]:
        """Give the findings that a phrase itself denies, as "normal strength" does, unless that is denied in turn."""
        for match in self._denials.find(words):
            told = around.told((match.first, match.last), own_words_count=False)
            denied_in_turn = told.denied and not around.denies_itself((match.first, match.last))
            if not (denied_in_turn or told.supposed or told.of_other):
                start, end = words[match.first].start, words[match.last].end
                said = self.spelling.said(text, words[match.first : match.last + 1])
                seen = Observation(finding=match.meaning, state=FindingState.ABSENT, said=said)
                yield Mention(observation=seen, of_other=False, start=start, end=end)

    @cached_property
    def _tested(self) -> Mapping[str, Finding]:
        """The findings, with the names of their tests in the language."""
        names = self.language.test_names
        if not names:
            return self.library.findings
        return {one.id: _with_test_names(one, names) for one in self.library.findings.values() if one.laboratory}

    def _measured(self, text: str) -> Iterator[Mention]:
        plain = text if self.language.id == LANGUAGE else with_decimal_points(text)
        for value in values_in(plain, self._tested, self.language.reach.laboratory_value):
            said = text[value.start : value.end]
            seen = Observation(finding=value.finding, state=value.state, said=said)
            yield Mention(observation=seen, of_other=False, start=value.start, end=value.end)


def _written(language: Language) -> tuple[Spelling, Language]:
    """Return how a language is written, and the language with its words written so."""
    if language.inflection == LANGUAGE:
        return ENGLISH, language
    german = German(language)
    return german, german.language


def _pairs(phrases: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    return ((name, phrase) for name, said in phrases.items() for phrase in said)


def _with_test_names(finding: Finding, names: Mapping[str, tuple[str, ...]]) -> Finding:
    limits = tuple(
        replace(limit, names=(*limit.names, *(own for name in limit.names for own in names.get(name, ()))))
        for limit in finding.laboratory
    )
    return replace(finding, laboratory=limits)


def reader_of(library: Library, language: str = LANGUAGE) -> Reader:
    """Return the reader of a library and a language, made once for each."""
    readers: dict[str, Reader] = library.__dict__.setdefault("readers", {})
    if language not in readers:
        readers[language] = Reader(library, language)
    return readers[language]


def read_description(text: str, library: Library, language: str = LANGUAGE) -> Intake:
    """Return what is understood of a description in somebody's own words.

    Parameters
    ----------
    text
        Plain text.
    library
        The findings to look for.
    language
        Id of the language that the text is in, as in ``knowledge/data/language``.

    Examples
    --------
    >>> from twitchwise.knowledge import library
    >>> seen = read_description("My left calf twitches, but I have no weakness.", library()).observations
    >>> seen["fasciculation"].state.value, seen["muscle_weakness"].state.value
    ('present', 'absent')
    >>> seen = read_description("Meine linke Wade zuckt, Schwäche habe ich keine.", library(), "german").observations
    >>> seen["fasciculation"].state.value, seen["muscle_weakness"].state.value
    ('present', 'absent')
    """
    return reader_of(library, language).read(text)
