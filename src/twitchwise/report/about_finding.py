"""What is known of a finding: what it means, how it is told, what it may belong to, and when it needs help."""

from dataclasses import dataclass

from twitchwise.assess.weights import comparison_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import log_likelihood_ratio
from twitchwise.knowledge.schema import Condition, ConditionKind, Finding, FindingLink, Rule
from twitchwise.report.about_condition import Said, said
from twitchwise.report.languages import tell
from twitchwise.report.wording import CARE_CARDS
from twitchwise.vocabulary import Urgency
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """A rule that a finding is part of: how soon to seek help, why, and with which findings."""

    level: Urgency
    label: str
    heading: str
    because: Said
    alone: bool


def alarms_of(finding: Finding, library: Library) -> tuple[Alarm, ...]:
    """Return the rules in which a finding counts, the most urgent first, those that need no other finding before."""
    found = [_alarm(rule, finding, library) for rule in library.rules.values() if _counts(rule, finding)]
    return tuple(sorted(found, key=lambda one: (-one.level, not one.alone, tell(one.label))))


def causes_with(finding: Finding, library: Library) -> tuple[Condition, ...]:
    """Return the conditions that a finding is more common in than elsewhere: what is harmless first, then by name."""
    found = (condition for condition in library.conditions.values() if _is_more_common(finding, condition, library))
    return tuple(sorted(found, key=lambda one: (one.kind is ConditionKind.DISEASE, tell(one.label).lower())))


def _is_more_common(finding: Finding, condition: Condition, library: Library) -> bool:
    return any(
        _log_ratio(link, finding, library) > 0
        for link in condition.findings
        if link.finding == finding.id and link.state != "absent"
    )


def _log_ratio(link: FindingLink, finding: Finding, library: Library) -> float:
    """Return how much more often the finding is seen with the condition than without, as a logarithm."""
    others = comparison_of(link, finding)
    return log_likelihood_ratio(link.in_condition, others, absent=False, uncertainty=library.uncertainty).mean


def _counts(rule: Rule, finding: Finding) -> bool:
    return any(one.finding == finding.id and one.state == "present" for one in (*rule.all_of, *rule.any_of))


def _alarm(rule: Rule, finding: Finding, library: Library) -> Alarm:
    card = CARE_CARDS[rule.urgency]
    alone = not [one for one in rule.all_of if one.finding != finding.id] and (
        not rule.any_of or any(one.finding == finding.id for one in rule.any_of)
    )
    return Alarm(
        level=rule.urgency,
        label=rule.label,
        heading=say("{level}: {advice}", level=card.label, advice=card.heading),
        because=said(rule.because, rule.evidence, library),
        alone=alone,
    )
