"""How soon to seek help: rules decide, the greatest level wins, and a further finding never lowers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from twitchwise.assess.case import Case
from twitchwise.knowledge.schema import Rule
from twitchwise.knowledge.schema.rule import When
from twitchwise.vocabulary import FindingState, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleReason:
    """A rule that applies: its id and level, why in plain words, its sources, and the rules it disagrees with."""

    rule: str
    label: str
    level: Urgency
    because: str
    sources: tuple[str, ...]
    findings: tuple[str, ...]
    differs_from: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgencyResult:
    """The level and every rule that applies, most urgent first."""

    level: Urgency
    reasons: tuple[RuleReason, ...]


def urgency_of(case: Case, rules: Mapping[str, Rule]) -> UrgencyResult:
    """Return how soon to seek help.

    Parameters
    ----------
    case
        What is known.
    rules
        Rules by id.

    Returns
    -------
    UrgencyResult
        The greatest level of the rules that apply; ``SELF_CARE`` when none does. Where help is due soon or sooner, no
        rule that reassures is among the reasons.
    """
    reasons = sorted(_reasons(case, rules.values()), key=lambda reason: (-reason.level, reason.rule))
    level = max((reason.level for reason in reasons), default=Urgency.SELF_CARE)
    if level >= Urgency.SOON:
        reasons = [reason for reason in reasons if reason.level is not Urgency.SELF_CARE]
    return UrgencyResult(level=level, reasons=tuple(reasons))


def _reasons(case: Case, rules: Iterable[Rule]) -> Iterable[RuleReason]:
    for rule in rules:
        if applies(rule, case):
            yield RuleReason(
                rule=rule.id,
                label=rule.label,
                level=rule.urgency,
                because=rule.because,
                sources=tuple(dict.fromkeys(evidence.source for evidence in rule.evidence)),
                findings=tuple(when.finding for when in (*rule.all_of, *rule.any_of) if holds(when, case)),
                differs_from=rule.differs_from,
            )


def applies(rule: Rule, case: Case) -> bool:
    """Tell whether a rule applies to a case."""
    return (
        all(holds(when, case) for when in rule.all_of)
        and (not rule.any_of or any(holds(when, case) for when in rule.any_of))
        and not any(holds(when, case) for when in rule.unless)
    )


def holds(when: When, case: Case) -> bool:
    """Tell whether a part of a rule holds; a number counts by its best estimate, so that doubt never hides a sign."""
    seen = case.observations.get(when.finding)
    if seen is None or seen.state is not FindingState.PRESENT:
        return False
    if isinstance(when.state, str):
        return True
    return seen.value is not None and when.state.holds(seen.value)
