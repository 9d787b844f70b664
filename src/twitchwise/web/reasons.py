"""The rules that apply to a visit, as a reader sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twitchwise.assess import RuleReason
from twitchwise.knowledge import Library
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.wording import CARE_CARDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """A rule that applies: what it is about, the name of its level, why, and where it comes from."""

    label: str
    level: str
    because: str
    citations: tuple[Citation, ...]


def reasons_of(rules: Iterable[RuleReason], library: Library) -> tuple[Reason, ...]:
    """Return rules that apply with their sources, in the order given."""
    return tuple(
        Reason(
            label=rule.label,
            level=CARE_CARDS[rule.level].label,
            because=rule.because,
            citations=cite_all(rule.sources, library),
        )
        for rule in rules
    )


def is_disputed(rules: Sequence[RuleReason]) -> bool:
    """Tell whether two rules that both apply disagree about the level."""
    levels = {rule.rule: rule.level for rule in rules}
    return any(levels.get(other, rule.level) is not rule.level for rule in rules for other in rule.differs_from)
