"""One answer in full: what was said, on which side, where, for how long, and how it went on."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from twitchwise.assess import Observation
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.report.display import clean, duration, quantity
from twitchwise.vocabulary import Course, FindingState, Side
from twitchwise.vocabulary.text import say, say_in, together

_SECONDS_PER_DAY = 86_400

_SIDES: Mapping[Side, str] = MappingProxyType(
    {
        Side.LEFT: say_in("side of the body", "left"),
        Side.RIGHT: say_in("side of the body", "right"),
        Side.MIDLINE: say_in("side of the body", "midline"),
        Side.BOTH: say_in("side of the body", "both"),
    }
)
_COURSES: Mapping[Course, str] = MappingProxyType(
    {
        Course.SUDDEN: say("sudden"),
        Course.WORSENING: say("worsening"),
        Course.STEADY: say("steady"),
        Course.IMPROVING: say("improving"),
        Course.COMES_AND_GOES: say("comes and goes"),
    }
)
_SITES: Mapping[str, str] = MappingProxyType(
    {
        "eyelid": say("eyelid"),
        "face": say("face"),
        "tongue": say("tongue"),
        "jaw": say("jaw"),
        "neck": say("neck"),
        "head": say("head"),
        "shoulder": say("shoulder"),
        "arm": say("arm"),
        "hand": say("hand"),
        "trunk": say("trunk"),
        "back": say_in("part of the body", "back"),
        "thigh": say("thigh"),
        "calf": say("calf"),
        "leg": say("leg"),
        "foot": say("foot"),
        "whole_body": say("whole body"),
    }
)
"""The sites that own words are read for; any other is as a person or a file named it."""


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
        yield _SIDES[seen.side]
    yield from (_SITES.get(site, clean(site)) for site in seen.sites)
    if seen.duration_days is not None:
        yield say("for {time}", time=duration(seen.duration_days * _SECONDS_PER_DAY))
    if seen.course is not None:
        yield _COURSES[seen.course]
