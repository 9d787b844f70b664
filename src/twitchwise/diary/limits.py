"""The most that can be noted of one day, from the knowledge; asked of what comes in, never of what is kept already."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.diary.entry import Entry
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import OutOfRangeError

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
            raise OutOfRangeError(f"{name} must be at most {most:g}, got {value!r}.")
    longest, most_findings = int(known.value("diary_note_longest")), int(known.value("diary_findings_most"))
    if len(entry.note) > longest:
        raise OutOfRangeError(f"note must have at most {longest} letters, got {len(entry.note)}.")
    if len(entry.findings) > most_findings:
        raise OutOfRangeError(f"signs must be at most {most_findings}, got {len(entry.findings)}.")
    signs = signs_of(known)
    for name in entry.findings:
        if name not in signs:
            raise OutOfRangeError(f"sign must be a finding that a person can tell of, got {name!r}.")


def signs_of(known: Library) -> dict[str, Finding]:
    """Return the findings that can be noted as signs of a day: those that anybody can answer with yes or no."""
    return {
        name: finding
        for name, finding in known.findings.items()
        if finding.asked_of_anyone and finding.answer is Answer.YES_NO
    }
