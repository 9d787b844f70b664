"""Simulated people: they are those of the simulation, and what is counted of them is what they did."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.cohort.power.population import SMOOTHED_BELOW, Population, simulate_people
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.ectopic import Kind
from twitchwise.simulate.firing import joined_at_the_muscle
from twitchwise.simulate.people import People
from twitchwise.simulate.preparation import prepare_people
from twitchwise.vocabulary import OutOfRangeError

BENIGN = Setting(condition="benign_fasciculation_syndrome")
RATE = "fasciculation_rate"


@pytest.fixture(scope="module")
def people() -> Population:
    return simulate_people(BENIGN, RATE, n_people=30, minutes=10)


def test_people_are_those_that_the_simulation_draws() -> None:
    """Where the condition leaves the axon alone, interpolation changes nothing, and events are the same."""
    ours = simulate_people(BENIGN, RATE, n_people=3, minutes=5, seed=4)
    for number, one in enumerate(prepare_people(BENIGN, seeds=range(4, 7), people=People())):
        train = joined_at_the_muscle(one, None, 300.0, seed=4 + number).ectopic
        n_events = train.kind.count(Kind.FASCICULATION)
        assert ours.totals[number] == pytest.approx(n_events, abs=1)


def test_the_axon_between_tabulated_severities_is_nearly_the_computed_one() -> None:
    setting = Setting(condition="amyotrophic_lateral_sclerosis")
    people = prepare_people(setting, seeds=[3], people=People(), n_units=1)
    rate = people[0].parameters["fasciculation_rate_per_min"]
    assert people[0].setting.severity not in {0.5, 1.0, 1.5, 2.0}
    ours = simulate_people(setting, RATE, n_people=1, minutes=240, seed=3)
    assert ours.rates_per_min[0] == pytest.approx(rate, rel=0.02 + 3 / np.sqrt(240 * rate))


def test_people_differ_and_some_much(people: Population) -> None:
    low, high = people.quantiles((0.1, 0.9))
    assert high > 2 * low


@settings(max_examples=20, deadline=None)
@given(parts=st.lists(st.integers(1, 400), min_size=1, max_size=6), start=st.integers(0, 599), who=st.integers(0, 29))
def test_counts_of_parts_add_up_to_that_of_the_whole(
    people: Population, parts: list[int], start: int, who: int
) -> None:
    def count(begin: int, seconds: int) -> int:
        one = np.array([who]), np.array([begin % people.n_seconds]), np.array([float(seconds)])
        return int(people.counts(*one, np.random.default_rng(0))[0])

    begins = start + np.cumsum([0, *parts[:-1]])
    assert sum(map(count, begins, parts)) == count(start, sum(parts))


def test_a_whole_round_counts_every_event(people: Population) -> None:
    who = np.arange(people.n_people)
    whole = np.full(who.size, float(people.n_seconds))
    counts = people.counts(who, who * 17, whole, np.random.default_rng(1))
    assert (counts == people.totals).all()


def test_a_part_of_a_second_is_a_whole_one_as_often_as_it_is_large(people: Population) -> None:
    who = np.full(40_000, int(people.totals.argmax()))
    chance = np.random.default_rng(2)
    counts = people.counts(who, chance.integers(people.n_seconds, size=who.size), np.full(who.size, 10.25), chance)
    assert counts.mean() == pytest.approx(10.25 / 60 * people.rates_per_min.max(), rel=0.03)


def test_smoothing_keeps_the_spread_of_the_people(people: Population) -> None:
    assert people.n_people < SMOOTHED_BELOW
    chance = np.random.default_rng(3)
    who = chance.integers(people.n_people, size=60_000)
    logs = np.log(people.rates_per_min)
    smoothed = np.log(people.rates_per_min[who] * people.spread_of(who, chance))
    assert smoothed.std() == pytest.approx(logs.std(), rel=0.05)
    assert np.unique(np.round(smoothed, 6)).size > 10_000


def test_random_events_vary_as_their_mean(people: Population) -> None:
    assert people.variance_over_mean(1.0) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(
    ("condition", "quantity", "said"),
    [
        ("essential_tremor", RATE, "quantity must be one that essential_tremor changes"),
        ("amyotrophic_lateral_sclerosis", "cramp_discharge_rate", "choose fasciculation_rate"),
        ("no_such_thing", RATE, "condition must be one that"),
        ("essential_tremor", "tremor_frequency", "quantity must be fasciculation_rate, "),
        ("night_cramps", "myokymic_discharge_rate", "choose "),
    ],
)
def test_what_people_do_not_have_is_refused(condition: str, quantity: str, said: str) -> None:
    with pytest.raises(OutOfRangeError, match=said):
        simulate_people(Setting(condition=condition), quantity, n_people=2, minutes=2)
