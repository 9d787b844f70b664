"""What to ask next: emergency signs first, then the rest in the order that the findings give."""

from collections.abc import Mapping

from twitchwise.assess.case import Case
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import FindingState


def open_questions(case: Case, findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return the findings that can be asked, make sense for the case and were not assessed, in the order of asking."""
    return tuple(finding for finding in in_order(findings) if _is_open(finding, case))


def next_question(case: Case, findings: Mapping[str, Finding]) -> Finding | None:
    """Return the finding to ask next, or ``None`` when all that makes sense was asked."""
    return next(iter(open_questions(case, findings)), None)


def in_order(findings: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return all findings that can be asked: emergency signs first, then by ``ask_order`` and name."""
    asked = (finding for finding in findings.values() if finding.asked is not None)
    return tuple(sorted(asked, key=lambda finding: (not finding.emergency_sign, finding.ask_order, finding.id)))


def makes_sense(finding: Finding, case: Case) -> bool:
    """Tell whether a question makes sense: not when the finding that it requires is known to be absent."""
    return finding.requires is None or case.state(finding.requires) is not FindingState.ABSENT


def _is_open(finding: Finding, case: Case) -> bool:
    return finding.id not in case.observations and makes_sense(finding, case)
