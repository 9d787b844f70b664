"""One answer in full: what was said, on which side, where, for how long, and how it went on."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from twitchwise.assess import Observation
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.display import clean, duration, quantity
from twitchwise.vocabulary import Course, FindingState
from twitchwise.vocabulary.text import say, together
from twitchwise.vocabulary.words import SIDE_WORDS, SITE_WORDS

_SECONDS_PER_DAY = 86_400

_COURSES: Mapping[Course, str] = MappingProxyType(
    {
        Course.SUDDEN: say("sudden"),
        Course.WORSENING: say("worsening"),
        Course.STEADY: say("steady"),
        Course.IMPROVING: say("improving"),
        Course.COMES_AND_GOES: say("comes and goes"),
    }
)


def answer_in_full(finding: Finding, seen: Observation) -> str:
    """Return the answer to the question about a finding, with all that was told of it in brackets."""
    said: str = say("Yes") if seen.state is FindingState.PRESENT else say("No")
    if finding.answer is Answer.NUMBER and seen.value is not None:
        said = quantity(seen.value, finding.unit)
    details = list(_details(seen))
    return say("{answer} ({details})", answer=said, details=together(details, ", ")) if details else said


def _details(seen: Observation) -> Iterator[str]:
    if seen.measured:
        yield say("measured")
    if seen.side is not None:
        yield SIDE_WORDS[seen.side]
    yield from (SITE_WORDS.get(site, clean(site)) for site in seen.sites)
    if seen.duration_days is not None:
        yield say("for {time}", time=duration(seen.duration_days * _SECONDS_PER_DAY))
    if seen.course is not None:
        yield _COURSES[seen.course]
