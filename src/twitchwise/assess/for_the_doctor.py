"""What to tell a doctor: what was noticed, and which warning signs were looked for and not seen."""

from dataclasses import dataclass

from twitchwise.assess.case import Case
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class ForTheDoctor:
    """Findings in the order of asking: those that are there, and warning signs that are not."""

    present: tuple[str, ...]
    absent: tuple[str, ...]


def for_the_doctor(case: Case, library: Library) -> ForTheDoctor:
    """Return the findings of a case that are worth telling."""
    warning = {
        when.finding
        for rule in library.rules.values()
        if rule.urgency >= Urgency.SOON
        for when in (*rule.all_of, *rule.any_of)
    }
    names = sorted(case.observations, key=lambda name: (library.findings[name].ask_order, name))
    present = [name for name in names if case.state(name) is FindingState.PRESENT]
    absent = [name for name in names if case.state(name) is FindingState.ABSENT and name in warning]
    return ForTheDoctor(present=tuple(present), absent=tuple(absent))
