"""Ranks causes: a prior for the setting times one shrunk likelihood ratio a group of findings.

Every share is a Beta posterior (or its like on the logit scale); means and variances of logarithms add up, and the
interval of a probability follows from its log odds to first order. "Something not covered here" is a cause of its own
whose likelihood ratio is 1 throughout.
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twitchwise.assess.case import Case
from twitchwise.assess.explain import Weight, weight_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import LogNumber, Uncertainty, central_value, log_likelihood_ratio, log_share
from twitchwise.knowledge.schema import Condition, FindingLink, Share
from twitchwise.vocabulary import FindingState


@dataclass(frozen=True, kw_only=True, slots=True)
class Probability:
    """A probability strictly between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A possible cause, how probable it is, and each finding's weight for it."""

    id: str
    label: str
    probability: Probability
    reasons: tuple[Weight, ...]
    score: LogNumber


@dataclass(frozen=True, kw_only=True, slots=True)
class NotCovered:
    """The probability that it is something the program knows nothing of."""

    probability: Probability
    because: str


def rank_causes(case: Case, library: Library) -> tuple[tuple[Cause, ...], NotCovered]:
    """Return the causes, most probable first, and what is left for something not covered here.

    Parameters
    ----------
    case
        What is known.
    library
        Conditions, findings and the widths to take numbers with.

    Returns
    -------
    tuple
        Causes and the rest; their probabilities sum to 1.
    """
    conditions = list(library.conditions.values())
    weights = [_weights(case, condition, library) for condition in conditions]
    priors = [_prior(case, condition, library.uncertainty) for condition in conditions]
    scores = [_total([prior, *_counted(own)]) for prior, own in zip(priors, weights, strict=True)]
    rest = LogNumber(math.log(uncovered_share(case, conditions)), 0)
    *probabilities, left = normalized([*scores, rest], library.uncertainty.interval_z)
    causes = [
        Cause(id=condition.id, label=condition.label, probability=probability, reasons=reasons, score=score)
        for condition, reasons, score, probability in zip(conditions, weights, scores, probabilities, strict=True)
    ]
    causes.sort(key=lambda cause: (-cause.probability.value, cause.id))
    because = f"{len(conditions)} causes are described here; this is the share left for all the others."
    return tuple(causes), NotCovered(probability=left, because=because)


def uncovered_share(case: Case, conditions: Iterable[Condition]) -> float:
    """Return the prior share of causes that are not described here, for the case's setting."""
    return 1 - math.fsum(_prior_share(case, condition) for condition in conditions)


def _pre_test(case: Case, condition: Condition) -> Share:
    return next(pre_test.share for pre_test in condition.pre_test if pre_test.setting is case.setting)


def _prior_share(case: Case, condition: Condition) -> float:
    return central_value(_pre_test(case, condition))


def _prior(case: Case, condition: Condition, uncertainty: Uncertainty) -> LogNumber:
    variance = log_share(_pre_test(case, condition), absent=False, uncertainty=uncertainty).variance
    return LogNumber(math.log(_prior_share(case, condition)), variance)


def _counted(weights: Iterable[Weight]) -> Iterable[LogNumber]:
    return (weight.log_ratio for weight in weights if weight.counted)


def _total(parts: Sequence[LogNumber]) -> LogNumber:
    # fsum is exact, so the order in which findings were given cannot show in the last digit
    return LogNumber(math.fsum(part.mean for part in parts), math.fsum(part.variance for part in parts))


def _weights(case: Case, condition: Condition, library: Library) -> tuple[Weight, ...]:
    weights = []
    for link in condition.findings:
        seen = case.observations.get(link.finding)
        state = FindingState.NOT_ASSESSED if seen is None else seen.state_in(link.state)
        if state is not FindingState.NOT_ASSESSED:
            used = _shrunk_log_ratio(link, state, library)
            weights.append(weight_of(condition, library.findings[link.finding], link, state, used, library.uncertainty))
    return _one_a_group(weights)


def _shrunk_log_ratio(link: FindingLink, state: FindingState, library: Library) -> LogNumber:
    absent = state is FindingState.ABSENT
    full = log_likelihood_ratio(link.in_condition, link.in_others, absent=absent, uncertainty=library.uncertainty)
    shrinkage = library.value("assessment_shrinkage")
    return LogNumber(shrinkage * full.mean, shrinkage**2 * full.variance)


def _one_a_group(weights: Iterable[Weight]) -> tuple[Weight, ...]:
    ranked = sorted(weights, key=lambda weight: (-abs(weight.log_ratio.mean), weight.finding))
    taken: set[str] = set()
    result = []
    for weight in ranked:
        group = weight.group or weight.finding
        result.append(dataclasses.replace(weight, counted=group not in taken))
        taken.add(group)
    return tuple(result)


def normalized(scores: Sequence[LogNumber], interval_z: float) -> list[Probability]:
    """Return the probability of each of several causes that exclude each other.

    Parameters
    ----------
    scores
        Log of prior times likelihood ratios, with its variance, one a cause.
    interval_z
        Half width of the interval in standard deviations of the log odds.
    """
    total = _log_sum(score.mean for score in scores)
    shares = [math.exp(score.mean - total) for score in scores]
    return [_probability(index, scores, shares, interval_z) for index in range(len(scores))]


def _log_sum(logs: Iterable[float]) -> float:
    logs = list(logs)
    top = max(logs)
    return top + math.log(math.fsum(math.exp(log - top) for log in logs))


def _probability(index: int, scores: Sequence[LogNumber], shares: Sequence[float], interval_z: float) -> Probability:
    others = [place for place in range(len(scores)) if place != index]
    against = _log_sum(scores[place].mean for place in others)
    weights = [math.exp(scores[place].mean - against) for place in others]
    spread = math.fsum(weight**2 * scores[place].variance for weight, place in zip(weights, others, strict=True))
    log_odds = scores[index].mean - against
    half = interval_z * math.sqrt(scores[index].variance + spread)
    return Probability(value=shares[index], low=_share_of(log_odds - half), high=_share_of(log_odds + half))


def _share_of(log_odds: float) -> float:
    if log_odds < 0:
        return math.exp(log_odds) / (1 + math.exp(log_odds))
    return 1 / (1 + math.exp(-log_odds))
