"""Whole plans: what they cost, what they rest on, and laws of studies of simulated people."""

import math

import numpy as np
import pytest

from twitchwise.cohort.power.as_text import plan_as_plain, plan_as_text
from twitchwise.cohort.power.asked import Assumptions, Of
from twitchwise.cohort.power.effect import Effect
from twitchwise.cohort.power.of_people import plan_of_people
from twitchwise.cohort.power.of_values import plan_of_values, spread_given
from twitchwise.cohort.power.plan import StudyPlan
from twitchwise.cohort.power.population import Population, simulate_people
from twitchwise.cohort.power.studies import CountStudy, Detector
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.simulate.condition import Setting
from twitchwise.vocabulary import OutOfRangeError

KENNEDY = Setting(condition="kennedy_disease")
BEFORE_AFTER, TWO_GROUPS = Design.BEFORE_AFTER, Design.TWO_GROUPS


@pytest.fixture(scope="module")
def people() -> Population:
    return simulate_people(KENNEDY, "fasciculation_rate", n_people=100, minutes=60)


def study(people: Population, **changes: object) -> CountStudy:
    usual: dict[str, object] = {
        "first": people,
        "second": people,
        "is_paired": True,
        "ratio": 0.7,
        "minutes": 5.0,
        "visits": 1,
        "visit_spread": 0.3,
        "detector": Detector(sensitivity=0.8, false_alarms_per_min=0.2),
        "alpha": 0.05,
    }
    return CountStudy(**{**usual, **changes})  # type: ignore[arg-type]


def power(one: CountStudy, n: int = 15) -> float:
    return float(one.found(1500, np.array([n]), np.random.default_rng(1)).mean())


def planned(wanted: Wanted, *, minutes: tuple[float, ...] = (2.0, 10.0), effect: Effect | None = None) -> StudyPlan:
    of = Of(
        quantity="fasciculation_rate",
        effect=None if wanted.design is Design.AGAINST_HEALTHY else effect or Effect(ratio=0.5),
        wanted=wanted,
        assumptions=Assumptions(minutes=minutes, n_people=20),
    )
    return plan_of_people(KENNEDY, of)


@pytest.mark.parametrize("by_logarithms", [True, False])
def test_power_grows_with_minutes_visits_change_and_a_better_detector(
    people: Population, *, by_logarithms: bool
) -> None:
    usual = study(people, by_logarithms=by_logarithms, minutes=2.0)
    least = power(usual)
    for better in (
        {"minutes": 8.0},
        {"visits": 3},
        {"ratio": 0.5},
        {"visit_spread": 0.1},
        {"detector": Detector()},
    ):
        assert (
            power(study(people, **{"by_logarithms": by_logarithms, "minutes": 2.0, **better})) > least - 0.06
        )  # three errors of the draws
    assert power(usual, n=30) > least + 0.05


def test_logarithms_of_own_ratios_hold_alpha_whoever_has_high_rates(people: Population) -> None:
    one = study(people, ratio=1.0, by_logarithms=True)
    found = one.found(6000, np.array([8, 20, 50]), np.random.default_rng(2)).mean(axis=0)
    assert (found < 0.06).all()
    assert (found > 0.03).all()


def test_the_detector_loses_and_adds_what_it_says(people: Population) -> None:
    one = study(people, minutes=10.0, visit_spread=0.0, detector=Detector(sensitivity=0.5, false_alarms_per_min=3.0))
    who = np.repeat(np.arange(people.n_people)[:, np.newaxis], 400, axis=1)
    seen = one.counts(people, 1.0, who, np.random.default_rng(3)).mean() / 10.0
    assert seen == pytest.approx(0.5 * people.rates_per_min.mean() + 3.0, rel=0.02)


def test_visits_differ_by_their_spread_and_not_in_the_mean(people: Population) -> None:
    one = study(people, minutes=30.0, visit_spread=0.5, detector=Detector())
    who = np.full(20_000, int(people.totals.argmax()))
    before, after = one.visits_of(who, np.random.default_rng(4))
    assert before.mean() == pytest.approx(30 * people.rates_per_min.max(), rel=0.02)
    assert after.mean() == pytest.approx(0.7 * before.mean(), rel=0.03)
    assert np.log(before).std() == pytest.approx(0.5, rel=0.1)


def test_a_plan_counts_what_it_costs() -> None:
    wanted = Wanted(design=TWO_GROUPS, power=0.8, visits=2, dropout=0.2, setup_min=10.0, subjects=20, budget_h=50.0)
    plan = planned(wanted)
    for row in plan.rows:
        assert row.needed.n is not None
        assert row.minutes is not None
        assert row.enrolled == 2 * math.ceil(row.needed.n / 0.8)
        assert row.recording_h == pytest.approx(row.enrolled * 2 * row.minutes / 60)
        assert row.visits_h == pytest.approx(row.enrolled * 2 * (row.minutes + 10) / 60)
        assert row.affordable is not None
        assert wanted.n_visits(row.affordable) * (row.minutes + 10) <= 50 * 60
        assert wanted.n_visits(row.affordable + 1) * (row.minutes + 10) > 50 * 60
        assert row.at_subjects is not None
    hours = [row.visits_h for row in plan.rows]
    assert plan.cheapest == hours.index(min(hours, key=lambda one: one or 0.0))
    assert plan.fits == ((min(one or 0.0 for one in hours)) <= 50)


def test_longer_recordings_need_no_more_people() -> None:
    short, long = planned(Wanted(design=BEFORE_AFTER)).rows
    assert (long.needed.low or 0) <= (short.needed.high or 0)


def test_the_same_seed_gives_the_same_plan() -> None:
    first, again = (planned(Wanted(design=BEFORE_AFTER, seed=5), minutes=(5.0,)) for _ in range(2))
    assert plan_as_plain(first) == plan_as_plain(again)


def test_against_healthy_people_the_model_says_how_far_they_differ() -> None:
    plan = planned(Wanted(design=Design.AGAINST_HEALTHY), minutes=(5.0,))
    assert "times the rate of healthy people" in plan.change
    assert plan.rows[0].false_positives is None
    with pytest.raises(OutOfRangeError, match="change must be left out"):
        Of(
            quantity="fasciculation_rate",
            effect=Effect(ratio=0.5),
            wanted=Wanted(design=Design.AGAINST_HEALTHY),
        )


def test_a_plan_names_what_it_rests_on_and_what_it_cannot_know() -> None:
    text = plan_as_text(planned(Wanted(design=BEFORE_AFTER), minutes=(5.0,)))
    for said in ("study_visit_spread", "bashford_daytime_2020", "not patients", "false alarms", "at random"):
        assert said in text
    assert max(map(len, text.splitlines())) <= 120


def test_a_change_in_its_unit_is_one_of_the_mean() -> None:
    plan = planned(Wanted(design=BEFORE_AFTER), minutes=(5.0,), effect=Effect(difference=-5.0, unit="/min"))
    assert "from a mean of" in plan.change


def values(wanted: Wanted, effect: Effect) -> StudyPlan:
    of = Of(quantity="tremor_frequency", effect=effect, wanted=wanted)
    return plan_of_values(of, "spread as given", spread_given(5.0, 1.0, 0.5, "Hz"))


def test_a_share_of_the_mean_is_a_difference_of_values() -> None:
    wanted = Wanted(design=BEFORE_AFTER)
    by_share, by_unit = (
        values(wanted, effect).rows[0].needed.n for effect in (Effect(ratio=0.9), Effect(difference=-0.5, unit="Hz"))
    )
    assert by_share == by_unit


def test_a_change_of_values_has_their_unit() -> None:
    with pytest.raises(OutOfRangeError, match="change must be in Hz"):
        values(Wanted(design=BEFORE_AFTER), Effect(difference=1.0, unit="mm"))


@pytest.mark.parametrize(
    ("design", "between", "within", "said"),
    [
        (BEFORE_AFTER, 1.0, None, "within_sd must be known"),
        (TWO_GROUPS, None, 1.0, "between_sd must be known"),
        (BEFORE_AFTER, 0.0, 0.0, "between_sd or within_sd must be above 0"),
    ],
)
def test_spreads_that_a_design_needs_are_asked_for(
    design: Design, between: float | None, within: float | None, said: str
) -> None:
    of = Of(quantity="plm_index", effect=Effect(difference=-5.0), wanted=Wanted(design=design))
    with pytest.raises(OutOfRangeError, match=said):
        plan_of_values(of, "given", spread_given(None, between, within))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"power": 0.0}, "power must lie between 0 and 1"),
        ({"power": 1.2}, "power must lie between 0 and 1"),
        ({"alpha": 1.0}, "alpha must lie between 0 and 1"),
        ({"power": 0.04}, "power must be above alpha"),
        ({"dropout": 1.0}, "dropout must be at least 0"),
        ({"visits": 0}, "visits must lie in"),
        ({"subjects": 1}, "subjects must lie in"),
        ({"budget_h": -1.0}, "budget_h must be a finite number"),
        ({"design": TWO_GROUPS, "by_logarithms": True}, "analysis must be rates"),
    ],
)
def test_what_no_study_can_be_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(OutOfRangeError, match=said):
        Wanted(**{"design": BEFORE_AFTER, **changes})  # type: ignore[arg-type]


def test_a_budget_that_does_not_suffice_is_told_with_what_it_gives() -> None:
    little, none = (planned(Wanted(design=BEFORE_AFTER, budget_h=hours), minutes=(5.0,)) for hours in (6.0, 0.5))
    assert little.fits is False
    assert "the most that they give is a power of" in plan_as_text(little)
    assert "do not suffice for a study at all" in plan_as_text(none)
    assert planned(Wanted(design=BEFORE_AFTER, budget_h=1e4), minutes=(5.0,)).fits


def test_a_change_that_no_study_finds_is_told() -> None:
    plan = values(Wanted(design=TWO_GROUPS), Effect(difference=-0.01, unit="Hz"))
    text = plan_as_text(plan)
    assert plan.cheapest is None
    assert "more than 3000" in text
    assert "None of these reaches the power" in text
    assert "A study of 3000 participants finds the change with a power of" in text


def test_false_alarms_that_hide_the_rate_are_told() -> None:
    of = Of(
        quantity="fasciculation_rate",
        effect=Effect(ratio=3.0),
        wanted=Wanted(design=BEFORE_AFTER, by_logarithms=True),
        assumptions=Assumptions(minutes=(5.0,), n_people=20, false_alarms_per_min=1.0),
    )
    plan = plan_of_people(Setting(condition="healthy"), of)
    assert any("are false alarms" in one for one in plan.warnings)
    assert any("False alarms weaken the change" in one for one in plan.warnings)
    assert any("1 per minute" in one.value and one.source == "as given" for one in plan.support)


def test_a_few_people_with_high_rates_make_the_ratio_of_all_rates_find_what_is_not_there(people: Population) -> None:
    """The reason why the analysis can be chosen, and why false finds stand in the table."""
    rates = study(people, ratio=1.0, minutes=30.0, visit_spread=0.4)
    found = rates.found(4000, np.array([15]), np.random.default_rng(5)).mean()
    own = study(people, ratio=1.0, minutes=30.0, visit_spread=0.4, by_logarithms=True)
    assert found > 0.06
    assert own.found(4000, np.array([15]), np.random.default_rng(5)).mean() < 0.06


def test_rates_in_the_calf_repeat_worse() -> None:
    spreads = []
    for muscle in ("gastrocnemius", "biceps_brachii"):
        of = Of(
            quantity="fasciculation_rate",
            effect=Effect(ratio=0.3),
            wanted=Wanted(design=BEFORE_AFTER, by_logarithms=True),
            assumptions=Assumptions(minutes=(5.0,), n_people=20),
        )
        plan = plan_of_people(Setting(condition="kennedy_disease", muscle=muscle), of)
        spreads.append(next(one for one in plan.support if "between visits" in one.what))
    assert "study_visit_spread_calf" in spreads[0].source
    assert float(spreads[0].value) > float(spreads[1].value)
