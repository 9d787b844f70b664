"""In which order the pages come: emergency signs on one page first, then one question a page, as far as each fits."""

from collections.abc import Mapping

from twitchwise.assess import Case
from twitchwise.assess.questions import in_order, makes_sense
from twitchwise.knowledge.schema import Answer, Finding
from twitchwise.vocabulary import FindingState


def emergency_signs(findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the emergency signs that can be ticked, in the order of asking."""
    return tuple(finding for finding in in_order(findings) if _is_ticked(finding))


def questions(case: Case, findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the questions that fit what is known, one a page, answered or not."""
    return tuple(finding for finding in in_order(findings) if not _is_ticked(finding) and fits(finding, case, findings))


def is_question(finding: Finding) -> bool:
    """Tell whether a finding has a page of its own."""
    return finding.asked is not None and not _is_ticked(finding)


def fits(finding: Finding, case: Case, findings: Mapping[str, Finding]) -> bool:
    """Tell whether a question fits: what it requires may be there, and nothing that is there excludes it."""
    if not makes_sense(finding, case) or rival(finding, case, findings) is not None:
        return False
    return finding.requires is None or fits(findings[finding.requires], case, findings)


def rival(finding: Finding, case: Case, findings: Mapping[str, Finding]) -> Finding | None:
    """Return a finding that is there and that cannot be there together with this one, if there is one."""
    there = (findings[name] for name, seen in case.observations.items() if seen.state is FindingState.PRESENT)
    return next((other for other in there if other.id in finding.excludes or finding.id in other.excludes), None)


def _is_ticked(finding: Finding) -> bool:
    return finding.emergency_sign and finding.answer is Answer.YES_NO
