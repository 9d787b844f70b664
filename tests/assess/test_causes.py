"""Causes are ranked as Bayes says, with intervals that hold their value."""

import math

import numpy as np
import pytest

from twitchwise.assess import Case, Observation
from twitchwise.assess.causes import normalized, rank_causes, uncovered_share
from twitchwise.assess.explain import percent
from twitchwise.assess.weights import table_of
from twitchwise.knowledge import Library
from twitchwise.knowledge.likelihood import LogNumber
from twitchwise.vocabulary import FindingState, Setting

PRESENT, ABSENT = FindingState.PRESENT, FindingState.ABSENT


def case_of(setting: Setting = Setting.COMMUNITY, **states: FindingState) -> Case:
    return Case(
        observations={name: Observation(finding=name, state=state) for name, state in states.items()}, setting=setting
    )


def probability(case: Case, library: Library, cause: str) -> float:
    causes = rank_causes(case, library).causes
    return next(one.probability.value for one in causes if one.id == cause)


def test_without_answers_the_probabilities_are_the_priors(small_library: Library) -> None:
    ranking = rank_causes(case_of(), small_library)
    causes, rest = ranking.causes, ranking.not_covered
    assert [cause.id for cause in causes] == ["tired_muscle", "sick_nerve"]
    assert causes[0].probability.value == pytest.approx(0.3)
    assert causes[1].probability.value == pytest.approx(1e-5)
    assert rest.probability.value == pytest.approx(0.69999)
    assert "2 causes" in rest.because


def test_counts_give_the_prior_of_their_posterior_mean(small_library: Library) -> None:
    clinic = case_of(Setting.NEUROLOGY_CLINIC)
    assert probability(clinic, small_library, "tired_muscle") == pytest.approx(6 / 102)
    assert uncovered_share(clinic, table_of(small_library).main) == pytest.approx(1 - 0.3 - 6 / 102)


def test_one_finding_moves_the_odds_by_its_shrunk_likelihood_ratio(small_library: Library) -> None:
    """Worked by hand: 36 of 40 against 12 of 60, Beta posteriors, shrinkage 0.65, prior odds 0.3 to 0.7."""
    log_ratio = -sum(1 / j for j in range(37, 42)) + sum(1 / j for j in range(13, 62))
    odds = 0.3 / 0.7 * math.exp(0.65 * log_ratio)
    expected = odds / (1 + odds)
    assert probability(case_of(twitch=PRESENT), small_library, "tired_muscle") == pytest.approx(expected, abs=2e-5)


def test_only_the_strongest_of_a_group_counts(small_library: Library) -> None:
    both = rank_causes(case_of(weak=PRESENT, drops=PRESENT), small_library).causes
    nerve = next(cause for cause in both if cause.id == "sick_nerve")
    counted = [weight.finding for weight in nerve.reasons if weight.counted]
    assert len(nerve.reasons) == 2
    assert len(counted) == 1
    alone = [probability(case, small_library, "sick_nerve") for case in (case_of(weak=PRESENT), case_of(drops=PRESENT))]
    assert nerve.probability.value == pytest.approx(max(alone), rel=1e-9)


def test_a_reason_says_how_often_it_is_seen_and_its_source(small_library: Library) -> None:
    causes = rank_causes(case_of(twitch=PRESENT, strong=ABSENT, stiff=PRESENT), small_library).causes
    tired = next(cause for cause in causes if cause.id == "tired_muscle")
    twitch = next(weight for weight in tired.reasons if weight.finding == "twitch")
    assert twitch.sentence.startswith("Twitches in a muscle: yes. Seen in 36 of 40 with this cause and in 12 of 60")
    assert "healthy adults" in twitch.sentence
    assert "more likely" in twitch.sentence
    assert twitch.sources == ("example_2020",)
    assert twitch.low < twitch.ratio < twitch.high
    strong = next(weight for weight in tired.reasons if weight.finding == "strong")
    assert "Full strength: no." in strong.sentence
    assert "less likely" in strong.sentence
    assert "90% (assumed)" in strong.sentence
    stiff = next(weight for weight in tired.reasons if weight.finding == "stiff")
    assert "Stiff muscles: yes." in stiff.sentence
    assert stiff.state is ABSENT


@pytest.mark.parametrize(("value", "said"), [(30.0, "above 10 per minute"), (2.0, "not above 10 per minute")])
def test_a_number_is_weighed_by_the_band_it_lies_in(small_library: Library, value: float, said: str) -> None:
    seen = Observation(finding="rate", state=PRESENT, value=value, low=value, high=value)
    causes = rank_causes(Case(observations={"rate": seen}), small_library).causes
    (weight,) = next(cause for cause in causes if cause.id == "tired_muscle").reasons
    assert said in weight.sentence
    assert "60%" in weight.sentence


def test_intervals_agree_with_drawing_from_the_uncertain_scores() -> None:
    """The first-order interval of the log odds against 200,000 draws of the scores."""
    scores = [LogNumber(0.3, 0.2), LogNumber(-1.0, 0.4), LogNumber(0.0, 0.0)]
    rng = np.random.default_rng(0)
    draws = np.stack([rng.normal(score.mean, math.sqrt(score.variance), 200_000) for score in scores])
    shares = np.exp(draws) / np.exp(draws).sum(axis=0)
    for found, drawn in zip(normalized(scores, 1.96), shares, strict=True):
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert found.low == pytest.approx(low, abs=0.03)
        assert found.high == pytest.approx(high, abs=0.03)


def test_far_apart_scores_do_not_overflow() -> None:
    first, second = normalized([LogNumber(900, 1), LogNumber(-900, 1)], 1.96)
    assert 0 <= second.value <= second.high <= first.value <= 1


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "50%"), (0.001, "less than 1%"), (0.999, "nearly 100%"), (0.995, "nearly 100%")]
)
def test_a_share_is_never_said_to_be_nothing_or_all(share: float, said: str) -> None:
    assert percent(share) == said
