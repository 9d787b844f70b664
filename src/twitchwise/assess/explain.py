"""One sentence for every weight: what was found, how often it is seen, and what that does to a cause."""

import dataclasses
import math
from dataclasses import dataclass

from twitchwise.knowledge.likelihood import LogNumber
from twitchwise.knowledge.schema import Band, Finding, FindingLink, Share
from twitchwise.vocabulary import FindingState
from twitchwise.vocabulary.text import capital, digits, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """What one finding does to one cause: a likelihood ratio with its interval, as used, and why.

    ``counted`` is false where another finding of the same ``group`` says more and stands for it.
    """

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
        return say("{some} of {all_of_them}", some=share.counts.present, all_of_them=share.counts.examined)
    if share.reported is not None:
        return percent(share.reported.value)
    return say("{share} (assumed)", share=percent(share.number.value))


def percent(value: float) -> str:
    """Return a share as a whole percentage, never as 0 or 100 % when it is neither."""
    rounded = f"{value:.0%}".rstrip("%")
    unsaid = {"0": say("less than 1%"), "100": say("nearly 100%")}
    return unsaid[rounded] if rounded in unsaid else say("{percent}%", percent=digits(rounded))


def state_in_words(finding: Finding, link: FindingLink, state: FindingState) -> str:
    """Return what was found, for example ``twitches in a muscle: yes``."""
    if isinstance(link.state, Band):
        said = _band(link.state, finding.unit.words)
        if state is FindingState.PRESENT:
            return say("{finding} {band}", finding=finding.plain, band=said)
        return say("{finding} not {band}", finding=finding.plain, band=said)
    if (state is FindingState.PRESENT) == (link.state == "present"):
        return say("{finding}: yes", finding=finding.plain)
    return say("{finding}: no", finding=finding.plain)


def _band(band: Band, unit: str) -> str:
    low, high = (None if edge is None else _with_unit(edge, unit) for edge in (band.above, band.below))
    if low is None:
        return say("below {high}", high=high)
    if high is None:
        return say("above {low}", low=low)
    return say("above {low} and below {high}", low=f"{band.above:g}", high=high)


def _with_unit(number: float, unit: str) -> str:
    return say("{number:g} {unit}", number=number, unit=unit) if unit else say("{number:g}", number=number)


def sentence_of(weight: Weight) -> str:
    """Return the one sentence for a weight."""
    comparison = weight.comparison.population or ""
    values = {
        "what": capital(state_in_words(weight.described, weight.link, weight.state)),
        "share": share_in_words(weight.link.in_condition),
        "share_of_others": share_in_words(weight.comparison),
        "others": say(comparison.replace("_", " ")),
        "weight": weight.ratio,
    }
    if weight.log_ratio.mean > 0:
        return say(
            "{what}. Seen in {share} with this cause and in {share_of_others} of others ({others}), so this "
            "makes it more likely (weight {weight:.2g}).",
            **values,
        )
    if weight.log_ratio.mean < 0:
        return say(
            "{what}. Seen in {share} with this cause and in {share_of_others} of others ({others}), so this "
            "makes it less likely (weight {weight:.2g}).",
            **values,
        )
    return say(
        "{what}. Seen in {share} with this cause and in {share_of_others} of others ({others}), so this "
        "makes it neither more nor less likely (weight {weight:.2g}).",
        **values,
    )
