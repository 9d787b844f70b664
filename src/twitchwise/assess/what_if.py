"""What would change the advice: the findings that would call for help sooner, were they there."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.assess.case import Case
from twitchwise.assess.urgency import holds, urgency_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Answer, Finding, Rule
from twitchwise.knowledge.schema.rule import When
from twitchwise.vocabulary import FindingState, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIf:
    """A finding that is not there now and how soon to seek help if it were, with the rule's reason."""

    finding: str
    level: Urgency
    rule: str
    because: str


def what_would_change(case: Case, library: Library) -> tuple[WhatIf, ...]:
    """Return, most urgent first, each single finding that would raise the urgency of a case.

    Parameters
    ----------
    case
        What is known.
    library
        Rules and findings.
    """
    now = urgency_of(case, library.rules).level
    best: dict[str, WhatIf] = {}
    for rule in library.rules.values():
        if rule.urgency > now:
            for finding in _missing_alone(rule, case, library):
                known = best.get(finding.id)
                if known is None or known.level < rule.urgency:
                    best[finding.id] = WhatIf(
                        finding=finding.id, level=rule.urgency, rule=rule.id, because=rule.because
                    )
    return tuple(sorted(best.values(), key=lambda one: (-one.level, one.finding)))


def _missing_alone(rule: Rule, case: Case, library: Library) -> Iterator[Finding]:
    """Give each finding that alone would complete a rule."""
    lacking = [when for when in rule.all_of if not holds(when, case)]
    has_any = not rule.any_of or any(holds(when, case) for when in rule.any_of)
    if has_any and len(lacking) == 1:
        yield from _findings(lacking, library)
    elif not has_any:
        needed = {when.finding for when in lacking}
        yield from _findings([when for when in rule.any_of if needed <= {when.finding}], library)


def _findings(whens: list[When], library: Library) -> Iterator[Finding]:
    for when in whens:
        finding = library.findings[when.finding]
        if finding.answer is Answer.YES_NO and finding.asked_of_anyone:
            yield finding


def open_red_flags(case: Case, library: Library) -> tuple[WhatIf, ...]:
    """Return those that nobody has asked about yet."""
    return tuple(
        one for one in what_would_change(case, library) if case.state(one.finding) is FindingState.NOT_ASSESSED
    )
