"""One sentence for every weight: what was found, how often it is seen, and what that does to a cause."""

import math
from dataclasses import dataclass

from twitchwise.knowledge.likelihood import LogNumber, Uncertainty
from twitchwise.knowledge.schema import Band, Condition, Finding, FindingLink, Share
from twitchwise.vocabulary import FindingState


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """What one finding does to one cause: a likelihood ratio with its interval, as used, and why.

    ``counted`` is false where another finding of the same ``group`` says more and stands for it.
    """

    finding: str
    state: FindingState
    log_ratio: LogNumber
    ratio: float
    low: float
    high: float
    group: str | None
    sentence: str
    sources: tuple[str, ...]
    counted: bool = True


def share_in_words(share: Share) -> str:
    """Return a share as a person reads it, with where it comes from."""
    if share.counts is not None:
        return f"{share.counts.present} of {share.counts.examined}"
    if share.reported is not None:
        return percent(share.reported.value)
    return f"{percent(share.number.value)} (assumed)"


def percent(value: float) -> str:
    """Return a share as a whole percentage, never as 0 or 100 % when it is neither."""
    rounded = f"{value:.0%}"
    return {"0%": "less than 1%", "100%": "nearly 100%"}.get(rounded, rounded)


def state_in_words(finding: Finding, link: FindingLink, state: FindingState) -> str:
    """Return what was found, for example ``twitches in a muscle: yes``."""
    if isinstance(link.state, Band):
        edges = [
            f"{word} {edge:g}"
            for word, edge in (("above", link.state.above), ("below", link.state.below))
            if edge is not None
        ]
        said = f"{' and '.join(edges)} {finding.unit.words}".rstrip()
        return f"{finding.plain} {said}" if state is FindingState.PRESENT else f"{finding.plain} not {said}"
    there = (state is FindingState.PRESENT) == (link.state == "present")
    return f"{finding.plain}: {'yes' if there else 'no'}"


def _direction(log_ratio: float) -> str:
    if log_ratio > 0:
        return "more likely"
    return "less likely" if log_ratio < 0 else "neither more nor less likely"


def sentence_of(condition: Condition, finding: Finding, link: FindingLink, state: FindingState, used: LogNumber) -> str:
    """Return the one sentence for a weight."""
    said = state_in_words(finding, link, state)
    population = (link.in_others.population or "").replace("_", " ")
    return (
        f"{said[:1].upper()}{said[1:]}. "
        f"Seen in {share_in_words(link.in_condition)} with {condition.label.lower()} and in "
        f"{share_in_words(link.in_others)} of others ({population}), so this makes it {_direction(used.mean)} "
        f"(weight {math.exp(used.mean):.2g})."
    )


def weight_of(
    condition: Condition,
    finding: Finding,
    link: FindingLink,
    state: FindingState,
    used: LogNumber,
    uncertainty: Uncertainty,
) -> Weight:
    """Return the weight that a finding in a state has for a condition, ``used`` being its log ratio after shrinkage."""
    half = uncertainty.interval_z * math.sqrt(used.variance)
    return Weight(
        finding=finding.id,
        state=state,
        log_ratio=used,
        ratio=math.exp(used.mean),
        low=math.exp(used.mean - half),
        high=math.exp(used.mean + half),
        group=finding.group,
        sentence=sentence_of(condition, finding, link, state, used),
        sources=tuple(dict.fromkeys(evidence.source for evidence in link.evidence)),
    )
