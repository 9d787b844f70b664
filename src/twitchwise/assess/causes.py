"""Ranks causes: a prior for the setting times one shrunk likelihood ratio a group of findings.

Every share is a Beta posterior (or its like on the logit scale); means and variances of logarithms add up, and the
interval of a probability follows from its log odds to first order. "Something not covered here" is a cause of its own
whose likelihood ratio is 1 throughout. Triggers stand apart: each is weighed on its own, because a cup of coffee
neither makes nor excuses a disease.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twitchwise.assess.case import Case
from twitchwise.assess.explain import Weight
from twitchwise.assess.weights import table_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import LogNumber, Uncertainty, central_value, log_share
from twitchwise.knowledge.schema import Condition, ConditionKind
from twitchwise.vocabulary import Setting
from twitchwise.vocabulary.text import say

NOT_COVERED = "not_covered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probability:
    """A probability strictly between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A possible cause, how probable it is, and each finding's weight for it.

    ``probability`` is that of being the main cause, or for a trigger of playing a part; ``on_its_own`` is that of being
    there at all, by its own prior and findings, whatever else is there too.
    """

    id: str
    label: str
    kind: ConditionKind
    probability: Probability
    on_its_own: Probability
    reasons: tuple[Weight, ...]
    score: LogNumber


@dataclass(frozen=True, kw_only=True, slots=True)
class NotCovered:
    """The probability that it is something the program knows nothing of."""

    probability: Probability
    because: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """The main causes, most probable first, what is left for others, and the triggers that may play a part."""

    causes: tuple[Cause, ...]
    not_covered: NotCovered
    contributors: tuple[Cause, ...]


def rank_causes(case: Case, library: Library) -> Ranking:
    """Return the causes, most probable first.

    Parameters
    ----------
    case
        What is known.
    library
        Conditions, findings and the widths to take numbers with.

    Returns
    -------
    Ranking
        Main causes and the rest, whose probabilities sum to 1, and the triggers, each between 0 and 1.
    """
    table = table_of(library, case.setting)
    weights = table.weights(case)
    scores = [_score(case, one, weights.get(one.id, ()), library.uncertainty) for one in table.main]
    rest = LogNumber(math.log(uncovered_share(case, table.main)), 0)
    *probabilities, left = normalized([*scores, rest], table.interval_z)
    causes = [
        _cause(case, condition, weights.get(condition.id, ()), score, probability, table.interval_z)
        for condition, score, probability in zip(table.main, scores, probabilities, strict=True)
    ]
    because = say("{count} causes are described here; this is the share left for all the others.", count=len(causes))
    return Ranking(
        causes=_most_probable_first(causes),
        not_covered=NotCovered(probability=left, because=because),
        contributors=_contributors(case, library, weights),
    )


def main_shares(case: Case, library: Library) -> dict[str, float]:
    """Return the probability of each main cause alone, as `rank_causes` gives it but without reasons or intervals."""
    table = table_of(library, case.setting)
    sums, priors = table.sums(case), _priors_of(library, case.setting)
    logs = {name: math.log(share) + sums.get(name, 0.0) for name, share in priors.items()}
    total = _log_sum([*logs.values(), math.log(1 - math.fsum(priors.values()))])
    return {name: math.exp(log - total) for name, log in logs.items()}


def _priors_of(library: Library, setting: Setting) -> dict[str, float]:
    """Return the share of each main cause beforehand, looked up once for each setting."""
    known: dict[Setting, dict[str, float]] = library.__dict__.setdefault("priors", {})
    if setting not in known:
        nobody = Case(setting=setting)
        known[setting] = {one.id: prior_share(nobody, one) for one in table_of(library, setting).main}
    return known[setting]


def _contributors(case: Case, library: Library, weights: dict[str, tuple[Weight, ...]]) -> tuple[Cause, ...]:
    table = table_of(library, case.setting)
    contributors = []
    for condition in table.triggers:
        own = weights.get(condition.id, ())
        score = _score(case, condition, own, library.uncertainty)
        alone = _on_its_own(case, condition, score, table.interval_z)
        contributors.append(_cause(case, condition, own, score, alone, table.interval_z))
    return _most_probable_first(contributors)


def _most_probable_first(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    return tuple(sorted(causes, key=lambda cause: (-cause.probability.value, cause.id)))


def _cause(
    case: Case,
    condition: Condition,
    reasons: tuple[Weight, ...],
    score: LogNumber,
    probability: Probability,
    interval_z: float,
) -> Cause:
    return Cause(
        id=condition.id,
        label=condition.label,
        kind=condition.kind,
        probability=probability,
        on_its_own=_on_its_own(case, condition, score, interval_z),
        reasons=reasons,
        score=score,
    )


def _on_its_own(case: Case, condition: Condition, score: LogNumber, interval_z: float) -> Probability:
    log_odds = score.mean - math.log1p(-prior_share(case, condition))
    return _probability(_share_of(log_odds), LogNumber(log_odds, score.variance), interval_z)


def uncovered_share(case: Case, conditions: Iterable[Condition]) -> float:
    """Return the prior share of causes that are not described here, for the case's setting."""
    return 1 - math.fsum(prior_share(case, condition) for condition in conditions)


def prior_share(case: Case, condition: Condition) -> float:
    """Return the share of a cause beforehand, in the case's setting."""
    return central_value(condition.share_in(case.setting))


def _score(case: Case, condition: Condition, weights: Iterable[Weight], uncertainty: Uncertainty) -> LogNumber:
    share = condition.share_in(case.setting)
    prior = LogNumber(math.log(central_value(share)), log_share(share, absent=False, uncertainty=uncertainty).variance)
    return _total([prior, *(weight.log_ratio for weight in weights if weight.counted)])


def _total(parts: Sequence[LogNumber]) -> LogNumber:
    # fsum is exact, so the order in which findings were given cannot show in the last digit
    return LogNumber(math.fsum(part.mean for part in parts), math.fsum(part.variance for part in parts))


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
    spread = math.fsum(share**2 * score.variance for share, score in zip(shares, scores, strict=True))
    found = []
    for index, (score, share) in enumerate(zip(scores, shares, strict=True)):
        if 2 * share > 1:  # at most one; the others are summed anew, since a difference from 1 would lose them
            against = _without(index, scores)
        else:
            left = math.log1p(-share)
            against = LogNumber(total + left, (spread - share**2 * score.variance) / math.exp(2 * left))
        found.append(_probability(share, score.ratio_to(against), interval_z))
    return found


def _without(index: int, scores: Sequence[LogNumber]) -> LogNumber:
    others = [score for place, score in enumerate(scores) if place != index]
    total = _log_sum(score.mean for score in others)
    return LogNumber(total, math.fsum(math.exp(2 * (one.mean - total)) * one.variance for one in others))


def _log_sum(logs: Iterable[float]) -> float:
    logs = list(logs)
    top = max(logs)
    return top + math.log(math.fsum(math.exp(log - top) for log in logs))


def _probability(value: float, log_odds: LogNumber, interval_z: float) -> Probability:
    half = interval_z * math.sqrt(max(log_odds.variance, 0))
    return Probability(
        value=_inside(value),
        low=_inside(_share_of(log_odds.mean - half)),
        high=_inside(_share_of(log_odds.mean + half)),
    )


def _inside(value: float) -> float:
    return min(max(value, sys.float_info.min), math.nextafter(1, 0))


def _share_of(log_odds: float) -> float:
    if log_odds < 0:
        return math.exp(log_odds) / (1 + math.exp(log_odds))
    return 1 / (1 + math.exp(-log_odds))
