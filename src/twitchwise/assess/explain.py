"""One sentence for every weight: what was found, how often it is seen, and what that does to a cause."""

import dataclasses
import math
from dataclasses import dataclass

from twitchwise.knowledge.likelihood import LogNumber
from twitchwise.knowledge.schema import Band, Finding, FindingLink, Share
from twitchwise.vocabulary import FindingState


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """What one finding does to one cause: a likelihood ratio with its interval, as used, and why.

    ``counted`` is false where another finding of the same ``group`` says more and stands for it.
    """

    condition_label: str
    described: Finding
    link: FindingLink
    comparison: Share
    state: FindingState
    log_ratio: LogNumber
    interval_z: float
    counted: bool = True

    @property
    def finding(self) -> str:
        """Id of the finding."""
        return self.described.id

    @property
    def group(self) -> str | None:
        """Group of findings that restate each other, where it has one."""
        return self.described.group

    @property
    def ratio(self) -> float:
        """The likelihood ratio as used."""
        return math.exp(self.log_ratio.mean)

    @property
    def low(self) -> float:
        """Lower end of its 95 % interval."""
        return math.exp(self.log_ratio.mean - self._half)

    @property
    def high(self) -> float:
        """Upper end of its 95 % interval."""
        return math.exp(self.log_ratio.mean + self._half)

    @property
    def _half(self) -> float:
        return self.interval_z * math.sqrt(self.log_ratio.variance)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources that the numbers come from; empty where both are assumed."""
        return tuple(dict.fromkeys(evidence.source for evidence in self.link.evidence))

    @property
    def sentence(self) -> str:
        """What was found, how often it is seen, and what that does to the cause."""
        return sentence_of(self)

    def not_counted(self) -> "Weight":
        """Return the weight as one that another of its group stands for."""
        return dataclasses.replace(self, counted=False)


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


def sentence_of(weight: Weight) -> str:
    """Return the one sentence for a weight."""
    said = state_in_words(weight.described, weight.link, weight.state)
    population = (weight.comparison.population or "").replace("_", " ")
    return (
        f"{said[:1].upper()}{said[1:]}. "
        f"Seen in {share_in_words(weight.link.in_condition)} with {weight.condition_label.lower()} and in "
        f"{share_in_words(weight.comparison)} of others ({population}), so this makes it "
        f"{_direction(weight.log_ratio.mean)} (weight {weight.ratio:.2g})."
    )
