"""What may be asked here and what fits what is known: emergency signs on one page, then pages of one question each."""

from collections.abc import Mapping

from twitchwise.assess import Case
from twitchwise.assess.implied import AGE, FEMALE_SEX
from twitchwise.assess.questions import in_order, makes_sense
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import FindingState


def emergency_signs(findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the emergency signs that can be ticked, in the order of asking."""
    return tuple(finding for finding in in_order(findings) if is_sign(finding))


def is_sign(finding: Finding) -> bool:
    """Tell whether a finding stands on the page of the emergency signs."""
    return finding.emergency_sign and finding.asked_of_anyone and finding.answer is Answer.YES_NO


def is_question(finding: Finding) -> bool:
    """Tell whether a finding can be asked on a page of its own or on a checklist; age and sex have theirs."""
    return finding.asked_of_anyone and not is_sign(finding) and finding.id not in {AGE, FEMALE_SEX}


def is_ticked(finding: Finding) -> bool:
    """Tell whether a finding can stand among others on a checklist."""
    return is_question(finding) and finding.answer is Answer.YES_NO


def checklist_of(finding: Finding) -> str | None:
    """Return the id of the checklist that a finding stands on, if any."""
    return finding.asked.checklist if finding.asked is not None else None


def fits(finding: Finding, case: Case, findings: Mapping[str, Finding]) -> bool:
    """Tell whether a finding fits: what it requires may be there, and nothing that is there excludes it."""
    return against(finding, case, findings) is None


def against(finding: Finding, case: Case, findings: Mapping[str, Finding]) -> Finding | None:
    """Return a finding that speaks against this one: it is there and excludes it, or is required and is not there."""
    other = rival(finding, case, findings)
    if other is not None or finding.requires is None:
        return other
    needed = findings[finding.requires]
    return against(needed, case, findings) if makes_sense(finding, case) else needed


def rival(finding: Finding, case: Case, findings: Mapping[str, Finding]) -> Finding | None:
    """Return a finding that is there and that cannot be there together with this one, if there is one."""
    there = (findings[name] for name, seen in case.observations.items() if seen.state is FindingState.PRESENT)
    return next((other for other in there if other.id in finding.excludes or finding.id in other.excludes), None)
