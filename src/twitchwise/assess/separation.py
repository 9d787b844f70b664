"""Whether the evidence separates the causes, and whether there is reason to think of several at once."""

from dataclasses import dataclass
from itertools import accumulate

from twitchwise.assess.causes import Cause, Ranking
from twitchwise.knowledge import Library
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Separation:
    """What may be said of the ranking as a whole.

    Parameters
    ----------
    decided
        Whether a leading cause stands out; otherwise the program abstains from naming one.
    leading
        The causes that lead together: one when decided, else the fewest that hold half of the probability.
    together
        Further causes that have evidence of their own, so that more than one may be at work.
    because
        The reason in one sentence.
    """

    decided: bool
    leading: tuple[str, ...]
    together: tuple[str, ...]
    because: str


def separation_of(ranking: Ranking, library: Library) -> Separation:
    """Return whether a leading cause stands out from the others and from what is not covered here."""
    first = ranking.causes[0]
    decided = (
        first.probability.value >= library.value("assessment_decided_from")
        and first.probability.value > ranking.not_covered.probability.value
        and any(weight.counted and weight.log_ratio.mean > 0 for weight in first.reasons)
    )
    leading = (first,) if decided else _half_of(ranking)
    return Separation(
        decided=decided,
        leading=tuple(cause.id for cause in leading),
        together=tuple(cause.id for cause in _with_own_evidence(ranking, library) if cause not in leading),
        because=_sentence(decided=decided, leading=leading),
    )


def _half_of(ranking: Ranking) -> tuple[Cause, ...]:
    covered = 1 - ranking.not_covered.probability.value
    held = list(accumulate(cause.probability.value for cause in ranking.causes))
    needed = next((count for count, share in enumerate(held, 1) if 2 * share >= covered), len(held))
    return ranking.causes[:needed]


def _with_own_evidence(ranking: Ranking, library: Library) -> list[Cause]:
    least = library.value("assessment_together_from")
    return [cause for cause in ranking.causes if cause.on_its_own.value >= least]


def _sentence(*, decided: bool, leading: tuple[Cause, ...]) -> str:
    if decided:
        return say(
            "{cause} explains what is known clearly better than the other causes described here.",
            cause=leading[0].label,
        )
    return say(
        "What is known does not separate the causes; {count} of them share half of the probability.", count=len(leading)
    )
