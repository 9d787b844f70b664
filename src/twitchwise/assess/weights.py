"""Every log likelihood ratio of the library, worked out once: which statements a finding bears on, and by how much."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twitchwise.assess.case import Case, Observation
from twitchwise.assess.explain import Weight
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import LogNumber, log_likelihood_ratio
from twitchwise.knowledge.schema import Condition, ConditionKind, Finding, FindingLink, Share
from twitchwise.vocabulary import FindingState, Setting


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A condition's link to a finding, with its shrunk log ratio when the statement holds and when it does not."""

    condition: str
    link: FindingLink
    comparison: Share
    holds: LogNumber
    fails: LogNumber

    def log_ratio(self, state: FindingState) -> LogNumber:
        """Return the log ratio for what is known of the statement; ask only where something is."""
        return self.holds if state is FindingState.PRESENT else self.fails


def comparison_of(link: FindingLink, finding: Finding) -> Share:
    """Return the share in others that a link is compared with: its own, or the finding's background."""
    share = link.in_others or finding.background
    if share is None:
        raise ValueError(f"{finding.id} must have a background where a link gives no comparison")
    return share


class WeightTable:
    """The statements of a library by finding, and its conditions in two pools.

    Parameters
    ----------
    library
        Conditions, findings and the widths to take numbers with.
    shrinkage
        Factor by which each log ratio is shrunk.
    """

    def __init__(self, library: Library, shrinkage: float) -> None:
        self._library = library
        self._shrinkage = shrinkage
        self.interval_z = library.uncertainty.interval_z

    @cached_property
    def main(self) -> tuple[Condition, ...]:
        """Causes of which one is taken to be the main one."""
        return tuple(one for one in self._library.conditions.values() if one.kind is not ConditionKind.TRIGGER)

    @cached_property
    def triggers(self) -> tuple[Condition, ...]:
        """Causes that can add to any other, each weighed on its own."""
        return tuple(one for one in self._library.conditions.values() if one.kind is ConditionKind.TRIGGER)

    @cached_property
    def statements(self) -> Mapping[str, tuple[Statement, ...]]:
        """The statements that each finding bears on."""
        table: dict[str, list[Statement]] = {}
        for statement in self._all():
            table.setdefault(statement.link.finding, []).append(statement)
        return {name: tuple(found) for name, found in table.items()}

    def _all(self) -> Iterator[Statement]:
        for condition in self._library.conditions.values():
            for link in condition.findings:
                yield self._statement(condition, link)

    def _statement(self, condition: Condition, link: FindingLink) -> Statement:
        comparison = comparison_of(link, self._library.findings[link.finding])
        holds, fails = (
            _shrunk(
                log_likelihood_ratio(
                    link.in_condition, comparison, absent=absent, uncertainty=self._library.uncertainty
                ),
                self._shrinkage,
            )
            for absent in (False, True)
        )
        return Statement(condition=condition.id, link=link, comparison=comparison, holds=holds, fails=fails)

    def weights(self, case: Case) -> dict[str, tuple[Weight, ...]]:
        """Return what the findings of a case do to each condition, strongest first; one of a group counts."""
        found: dict[str, list[Weight]] = {}
        for seen in case.observations.values():
            for statement in self.statements.get(seen.finding, ()):
                weight = self._weight(statement, seen)
                if weight is not None:
                    found.setdefault(statement.condition, []).append(weight)
        return {name: one_a_group(weights) for name, weights in found.items()}

    def sums(self, case: Case) -> dict[str, float]:
        """Return the sum of the log ratios that count for each condition, and nothing else."""
        strongest: dict[str, dict[str, float]] = {}
        for seen in case.observations.values():
            group = self.groups[seen.finding]
            for statement in self.statements.get(seen.finding, ()):
                state = seen.state_in(statement.link.state)
                if state is not FindingState.NOT_ASSESSED:
                    mean = statement.log_ratio(state).mean
                    own = strongest.setdefault(statement.condition, {})
                    own[group] = max(own.get(group, 0.0), mean, key=abs)
        return {condition: math.fsum(own.values()) for condition, own in strongest.items()}

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The group of each finding; one that has none is a group of its own."""
        return {name: finding.group or name for name, finding in self._library.findings.items()}

    def _weight(self, statement: Statement, seen: Observation) -> Weight | None:
        state = seen.state_in(statement.link.state)
        if state is FindingState.NOT_ASSESSED:
            return None
        finding = self._library.findings[seen.finding]
        return Weight(
            described=finding,
            link=statement.link,
            comparison=statement.comparison,
            state=state,
            log_ratio=statement.log_ratio(state),
            interval_z=self.interval_z,
        )


def _shrunk(full: LogNumber, shrinkage: float) -> LogNumber:
    return LogNumber(shrinkage * full.mean, shrinkage**2 * full.variance)


def one_a_group(weights: list[Weight]) -> tuple[Weight, ...]:
    """Return the weights, strongest first, with only the strongest of each group counted."""
    ranked = sorted(weights, key=lambda weight: (-abs(weight.log_ratio.mean), weight.finding))
    taken: set[str] = set()
    result = []
    for weight in ranked:
        group = weight.group or weight.finding
        result.append(weight if group not in taken else weight.not_counted())
        taken.add(group)
    return tuple(result)


_OWN_SHRINKAGE = {Setting.GENETICS_CLINIC: "assessment_shrinkage_genetics_clinic"}


def table_of(library: Library, setting: Setting = Setting.COMMUNITY) -> WeightTable:
    """Return the table of a library for a setting, made once for each factor of shrinkage."""
    shrinkage = library.value(_OWN_SHRINKAGE.get(setting, "assessment_shrinkage"))
    tables: dict[float, WeightTable] = library.__dict__.setdefault("weight_tables", {})
    if shrinkage not in tables:
        tables[shrinkage] = WeightTable(library, shrinkage)
    return tables[shrinkage]
