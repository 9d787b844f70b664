"""The most that can be noted of one day, from the knowledge; asked of what comes in, never of what is kept already."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.diary.entry import Entry
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "twitch_count": "diary_twitches_most",
        "severity": "diary_scale_most",
        "caffeine_cups": "diary_cups_most",
        "alcohol_drinks": "diary_drinks_most",
        "sleep_quality": "diary_scale_most",
        "stress": "diary_scale_most",
        "chair_rise_s": "diary_chair_rise_longest",
    }
)
"""The parameter that bounds a field."""


def require_within_limits(entry: Entry, known: Library) -> None:
    """Raise OutOfRangeError if an entry says more than a day can hold, or names a sign that is not known.

    Parameters
    ----------
    entry
        What is to be kept.
    known
        Holds the limits and the signs.
    """
    for name, parameter in LIMITS.items():
        value, most = getattr(entry, name), known.value(parameter)
        if value is not None and value > most:
            raise OutOfRangeError(
                say("{name} must be at most {most:g}, got {value}.", name=name, most=most, value=value)
            )
    longest, most_findings = int(known.value("diary_note_longest")), int(known.value("diary_findings_most"))
    if len(entry.note) > longest:
        raise OutOfRangeError(
            say("note must have at most {longest} letters, got {length}.", longest=longest, length=len(entry.note))
        )
    if len(entry.findings) > most_findings:
        raise OutOfRangeError(
            say("signs must be at most {most}, got {count}.", most=most_findings, count=len(entry.findings))
        )
    signs = signs_of(known)
    for name in entry.findings:
        if name not in signs:
            raise OutOfRangeError(say("sign must be a finding that a person can tell of, got {name!r}.", name=name))


def signs_of(known: Library) -> dict[str, Finding]:
    """Return the findings that can be noted as signs of a day: those that anybody can answer with yes or no."""
    return {
        name: finding
        for name, finding in known.findings.items()
        if finding.asked_of_anyone and finding.answer is Answer.YES_NO
    }
