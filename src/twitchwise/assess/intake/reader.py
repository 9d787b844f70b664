"""From a description in somebody's own words to findings, shown back with the words that each was taken from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from twitchwise.assess.case import Case, Observation
from twitchwise.assess.intake.clauses import Phrasings, Surroundings, Told
from twitchwise.assess.intake.laboratory import values_in
from twitchwise.assess.intake.person import age_in, sex_in
from twitchwise.assess.intake.phrases import Match, PhraseBook, without_vetoed
from twitchwise.assess.intake.times import durations_in
from twitchwise.assess.intake.words import Word, sentences_of, words_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer
from twitchwise.vocabulary import Detail, FindingState, Setting, Sex

LANGUAGE = "english"


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
        Findings with how each is said, medicines with their names, and the language's words.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.language = library.languages[LANGUAGE]

    @cached_property
    def _phrasings(self) -> Phrasings:
        return Phrasings(self.language)

    @cached_property
    def _book(self) -> PhraseBook[str]:
        return self._phrase_book(self._phrases())

    @cached_property
    def _denials(self) -> PhraseBook[str]:
        return self._phrase_book(
            (finding.id, phrase) for finding in self.library.findings.values() for phrase in finding.denied_as
        )

    def _phrase_book(self, phrases: Iterable[tuple[str, str]]) -> PhraseBook[str]:
        return PhraseBook(
            phrases,
            gap=self.language.reach.gap_in_phrase,
            barriers=self._phrasings.barriers,
            light=frozenset(self.language.light_words),
        )

    def _phrases(self) -> Iterator[tuple[str, str]]:
        for finding in self.library.findings.values():
            for phrase in finding.said_as:
                yield finding.id, phrase
        for medicine in self.library.medicines.values():
            if medicine.finding is not None:
                for name in medicine.names:
                    yield medicine.finding, name

    def read(self, text: str) -> Intake:
        """Return what is understood of a text."""
        mentions = [mention for words in sentences_of(words_of(text)) for mention in self._told(words)]
        mentions += self._measured(text)
        mentions.sort(key=lambda mention: (mention.start, mention.observation.finding))
        return Intake(
            text=text,
            mentions=tuple(mentions),
            age_years=age_in(text, self.language),
            sex=sex_in(text, self.language),
        )

    def _told(self, words: list[Word]) -> Iterator[Mention]:
        """Give what one sentence tells; nothing reaches beyond its end."""
        around = Surroundings(words, self._phrasings)
        durations = durations_in(words, self.language)
        for match in self._matches(words):
            yield self._mention(match, words, around, durations)
        yield from self._denied(words, around)

    def _matches(self, words: list[Word]) -> Iterable[Match[str]]:
        longest: dict[tuple[str, int], Match[str]] = {}
        for match in without_vetoed(self._book.find(words)):
            known = longest.get((match.meaning, match.first))
            if known is None or match.last > known.last:
                longest[match.meaning, match.first] = match
        return longest.values()

    def _mention(self, match: Match[str], words: list[Word], around: Surroundings, durations: list[float]) -> Mention:
        span = (match.first, match.last)
        own = any(span[0] <= first and last <= span[1] for first, last in around.relatives)
        told = around.told(span, own_words_count=own)
        days = max(durations, default=None)
        start, end = words[match.first].start, words[match.last].end
        said = " ".join(word.text for word in words[match.first : match.last + 1])
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

    def _denied(self, words: list[Word], around: Surroundings) -> Iterator[Mention]:
        """Give the findings that a phrase itself denies, as "normal strength" does, unless that is denied in turn."""
        for match in self._denials.find(words):
            told = around.told((match.first, match.last), own_words_count=False)
            denied_in_turn = told.denied and not around.denies_itself((match.first, match.last))
            if not (denied_in_turn or told.supposed or told.of_other):
                start, end = words[match.first].start, words[match.last].end
                said = " ".join(word.text for word in words[match.first : match.last + 1])
                seen = Observation(finding=match.meaning, state=FindingState.ABSENT, said=said)
                yield Mention(observation=seen, of_other=False, start=start, end=end)

    def _measured(self, text: str) -> Iterator[Mention]:
        for value in values_in(text, self.library.findings, self.language.reach.laboratory_value):
            said = text[value.start : value.end]
            seen = Observation(finding=value.finding, state=value.state, said=said)
            yield Mention(observation=seen, of_other=False, start=value.start, end=value.end)


def reader_of(library: Library) -> Reader:
    """Return the reader of a library, made once for each."""
    reader = library.__dict__.get("reader")
    if reader is None:
        reader = library.__dict__["reader"] = Reader(library)
    return reader


def read_description(text: str, library: Library) -> Intake:
    """Return what is understood of a description in somebody's own words.

    Parameters
    ----------
    text
        Plain text in English.
    library
        The findings to look for.

    Examples
    --------
    >>> from twitchwise.knowledge import library
    >>> seen = read_description("My left calf twitches, but I have no weakness.", library()).observations
    >>> seen["fasciculation"].state.value, seen["muscle_weakness"].state.value
    ('present', 'absent')
    """
    return reader_of(library).read(text)
