"""What is understood of a person's own words, ready to be shown back and corrected before any of it counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from types import MappingProxyType

from twitchwise.assess import Case, Intake, Observation, read_description
from twitchwise.assess.implied import AGE, FEMALE_SEX
from twitchwise.assess.intake import is_in_no_language
from twitchwise.assess.intake.person import age_in
from twitchwise.assess.intake.reader import LANGUAGE, Reader, reader_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Finding
from twitchwise.report.display import clean, number
from twitchwise.vocabulary import Course, FindingState, Sex, Side
from twitchwise.vocabulary.text import Text, say, say_many, together
from twitchwise.vocabulary.words import SITE_WORDS
from twitchwise.web.forms import OLDEST_YEARS, FormRefusedError, conflict
from twitchwise.web.order import against, is_sign
from twitchwise.web.visit import Visit

SIDE_WORDS: Mapping[Side, str] = MappingProxyType(
    {
        Side.LEFT: say("on the left"),
        Side.RIGHT: say("on the right"),
        Side.BOTH: say("on both sides"),
        Side.MIDLINE: say("in the middle"),
    }
)
COURSE_WORDS: Mapping[Course, str] = MappingProxyType(
    {
        Course.SUDDEN: say("came all at once"),
        Course.WORSENING: say("getting worse"),
        Course.STEADY: say("stays the same"),
        Course.IMPROVING: say("getting better"),
        Course.COMES_AND_GOES: say("comes and goes"),
    }
)
DAYS_OF: Mapping[str, float] = MappingProxyType({"year": 365, "month": 30, "week": 7, "day": 1})
"""Units of time of at least a day by their length in days, the longest first."""

TIMES: Mapping[str, Callable[[int], Text]] = MappingProxyType(
    {
        "year": lambda count: say_many("for {count} year", "for {count} years", count=count),
        "month": lambda count: say_many("for {count} month", "for {count} months", count=count),
        "week": lambda count: say_many("for {count} week", "for {count} weeks", count=count),
        "day": lambda count: say_many("for {count} day", "for {count} days", count=count),
        "hour": lambda count: say_many("for {count} hour", "for {count} hours", count=count),
        "minute": lambda count: say_many("for {count} minute", "for {count} minutes", count=count),
    }
)
HOURS_A_DAY, MINUTES_AN_HOUR = 24, 60
MOST_QUOTED = 160  # letters of a sentence that are shown back
LANGUAGE_WORDS: Mapping[str, str] = MappingProxyType({LANGUAGE: say("English"), "german": say("German")})


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A finding as it was understood.

    ``said`` is the sentence that it was taken from; ``details`` are side, place, time and course as a reader sees them;
    ``is_kept`` tells whether its box is ticked.
    """

    finding: Finding
    observation: Observation
    said: str
    is_kept: bool = True

    @property
    def is_there(self) -> bool:
        """Whether the words say that it is there."""
        return self.observation.state is FindingState.PRESENT

    @property
    def is_sign(self) -> bool:
        """Whether it is an emergency sign, which the words name and the person has not ticked."""
        return is_sign(self.finding)

    @property
    def details(self) -> str:
        """Place, side, time and course, where they are told."""
        return details_of(self.observation)


def heard_in(visit: Visit, library: Library) -> tuple[Heard, ...]:
    """Return what is understood of a visit's text, in the order of the text.

    All of it is ticked at first, except what cannot be true beside the rest; then what the person has agreed to.
    """
    intake, reader = _read(visit, library), _reader(visit, library)
    heard = [
        Heard(finding=library.findings[name], observation=_sound(seen), said=_said(intake, seen, reader))
        for name, seen in intake.observations.items()
        if _is_new(library.findings[name], seen, visit)
    ]
    kept = _agreed(heard, visit) if visit.told_asked else _without_conflict(heard, visit, library)
    return tuple(replace(one, is_kept=one.finding.id in kept) for one in heard)


def agreed_in(visit: Visit, library: Library, kept: frozenset[str]) -> dict[str, Observation]:
    """Return the observations that a person agrees to.

    Raises
    ------
    FormRefusedError
        If one of them was not shown, or two of them, or one and an earlier answer, cannot both be true.
    """
    heard = {one.finding.id: one for one in heard_in(visit, library)}
    if not kept <= heard.keys():
        raise FormRefusedError("told", "Tick only boxes from this page.")
    agreed = [heard[name] for name in heard if name in kept]
    for one, other in _conflicts(agreed, visit, library):
        raise conflict("told", one, other)
    return {one.finding.id: one.observation for one in agreed}


def person_in(visit: Visit, library: Library) -> tuple[float | None, Sex | None]:
    """Return age and sex as the words tell them; an age that nobody has is none."""
    intake = _read(visit, library)
    age_years = intake.age_years
    return (None if age_years is None or age_years > OLDEST_YEARS else age_years), intake.sex


def not_understood(visit: Visit, library: Library) -> tuple[str, ...]:
    """Return the sentences of a visit's text in which neither a finding nor an age was recognized."""
    mentions, reader = _read(visit, library).mentions, _reader(visit, library)
    return tuple(
        clean(visit.text[start:end])
        for start, end in _sentences(visit.text, reader)
        if not any(start <= mention.start < end for mention in mentions)
        and age_in(visit.text[start:end], reader.language) is None
    )


def is_in_other_language(visit: Visit, library: Library) -> bool:
    """Tell whether nothing was recognized in a text that seems to be in no language that is read."""
    return not _read(visit, library).mentions and is_in_no_language(visit.text, library)


def details_of(seen: Observation) -> str:
    """Return place, side, time and course as a reader sees them, for example ``calf, on the left, for 3 weeks``."""
    parts = [SITE_WORDS.get(site, site) for site in seen.sites]
    parts += [] if seen.side is None else [SIDE_WORDS[seen.side]]
    parts += [] if seen.duration_days is None else [time_in_words(seen.duration_days)]
    parts += [] if seen.course is None else [COURSE_WORDS[seen.course]]
    return together(parts, ", ") if parts else ""


def time_in_words(days: float) -> str:
    """Return a time in the longest unit that it is a whole number of; below a day in hours or minutes.

    Examples
    --------
    >>> [time_in_words(days) for days in (21, 1, 45, 730, 10.5, 0.125, 0.0007)][:4]
    ['for 3 weeks', 'for 1 day', 'for 45 days', 'for 2 years']
    >>> [time_in_words(days) for days in (10.5, 0.125, 0.0007)]
    ['for 10.5 days', 'for 3 hours', 'for 1 minute']
    """
    if days < 1:
        hours = days * HOURS_A_DAY
        return TIMES["hour"](round(hours)) if hours >= 1 else TIMES["minute"](round(hours * MINUTES_AN_HOUR))
    whole = (TIMES[unit](round(days / length)) for unit, length in DAYS_OF.items() if days % length == 0)
    return next(whole, None) or say("for {days} days", days=number(days))


def _reader(visit: Visit, library: Library) -> Reader:
    is_known = visit.text_language in library.languages
    return reader_of(library, visit.text_language if is_known else LANGUAGE)


def _read(visit: Visit, library: Library) -> Intake:
    return read_description(visit.text, library, _reader(visit, library).language.id)


def _said(intake: Intake, seen: Observation, reader: Reader) -> str:
    """Return the first sentence that says it, cut where it is long."""
    at = next(
        mention.start
        for mention in intake.mentions
        if (mention.observation.finding, mention.observation.state) == (seen.finding, seen.state)
    )
    around = (intake.text[start:end] for start, end in _sentences(intake.text, reader) if start <= at < end)
    return shorten(clean(next(around, seen.said or "")), MOST_QUOTED, placeholder=" …")


def _sound(seen: Observation) -> Observation:
    """Return an observation without a time that is longer than a life."""
    days = seen.duration_days
    return replace(seen, duration_days=None) if days is not None and days > OLDEST_YEARS * DAYS_OF["year"] else seen


def _is_new(finding: Finding, seen: Observation, visit: Visit) -> bool:
    """Tell whether to show a finding: age and sex have a page, and emergency signs were answered on theirs."""
    if finding.id in {AGE, FEMALE_SEX}:
        return False
    is_ticked = visit.answers.get(finding.id) == FindingState.PRESENT and finding.id not in visit.told
    return not is_sign(finding) or (seen.state is FindingState.PRESENT and not is_ticked)


def _agreed(heard: Sequence[Heard], visit: Visit) -> set[str]:
    return {
        one.finding.id
        for one in heard
        if one.finding.id in visit.told and visit.answers.get(one.finding.id) == one.observation.state
    }


def _without_conflict(heard: Sequence[Heard], visit: Visit, library: Library) -> set[str]:
    kept = list(heard)
    while bad := [one for one, _ in _conflicts(kept, visit, library)]:
        kept = [one for one in kept if one.finding is not bad[-1]]
    return {one.finding.id for one in kept}


def _conflicts(heard: Sequence[Heard], visit: Visit, library: Library) -> Iterator[tuple[Finding, Finding]]:
    """Give what is said to be there, each with what speaks against it."""
    case = _with(heard, visit, library)
    for one in heard:
        other = against(one.finding, case, library.findings) if one.is_there else None
        if other is not None:
            yield one.finding, other


def _with(heard: Sequence[Heard], visit: Visit, library: Library) -> Case:
    told = {one.finding.id: one.observation for one in heard}
    return visit.with_told({}, library.findings).case(library.findings).with_observations(told)


def _sentences(text: str, reader: Reader) -> Iterator[tuple[int, int]]:
    """Give where the sentences of a text that hold a word begin and end."""
    start = end = None
    for word in reader.spelling.words_of(text):
        if not word.is_stop:
            start, end = word.start if start is None else start, word.end
        elif start is not None and end is not None:
            yield start, end
            start = None
    if start is not None and end is not None:
        yield start, end
