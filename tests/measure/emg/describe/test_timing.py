"""Intervals, isolated discharges, doublets, echoes, locked units, drift and clusters, each against its truth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.describe.trains import bare, drawn, potentials

from twitchwise.measure.emg.describe.chance import SURROGATES, by_chance, probability_of
from twitchwise.measure.emg.describe.course import drift_of
from twitchwise.measure.emg.describe.fasciculations import fasciculations_of
from twitchwise.measure.emg.describe.partners import echo_measurements, lock_measurements
from twitchwise.measure.emg.describe.pattern import isolated, runs, units_in_windows
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.repeats import echoes, locked_pairs
from twitchwise.measure.emg.describe.rest_clock import from_rest_time, intervals_within, to_rest_time
from twitchwise.measure.emg.describe.settings import describe_settings
from twitchwise.measure.emg.describe.timing import (
    doublet_measurements,
    interval_measurements,
    isolation_measurements,
    variation_of,
)
from twitchwise.measure.emg.describe.units import units_with_unseen
from twitchwise.signals import Intervals
from twitchwise.simulate.ectopic.fasciculations import Fasciculations

SETTINGS = describe_settings()
MAKER = Maker(channel="calf")
REST = Intervals(((0.0, 100.0), (150.0, 300.0), (400.0, 450.0)))


@given(st.lists(st.floats(0.0, 299.0), max_size=30))
def test_the_clock_of_the_rest_runs_back_and_forth(passed: list[float]) -> None:
    times = from_rest_time(np.array(passed), REST)
    assert all(REST.contains(time) for time in times)
    assert to_rest_time(times, REST).tolist() == pytest.approx(passed, abs=1e-9)


def test_no_interval_spans_a_gap_in_the_rest() -> None:
    assert intervals_within(np.array([1.0, 3.0, 151.0, 152.5]), REST).tolist() == [2.0, 1.5]


@pytest.mark.parametrize(
    ("times_s", "units", "alone", "told"),
    [
        ([10.0, 10.3, 10.4], [1, 1, 1], [True, False, False], [True, True, True]),
        ([10.0, 10.1], [1, 2], [True, True], [True, True]),  # units are looked at one by one
        ([0.1, 10.0], [1, 1], [False, True], [False, True]),  # one before the rest began would not have been seen
        ([10.0], [0], [False], [False]),
    ],
)
def test_isolated_is_more_than_250_ms_on_both_sides(
    times_s: list[float], units: list[int], alone: list[bool], told: list[bool]
) -> None:
    found = isolated(potentials(times_s, units), 0.25)
    assert [mask.tolist() for mask in found] == [alone, told]


def test_windows_begin_with_each_stretch_and_count_units_once() -> None:
    times, units = np.array([1.0, 2.0, 3.0, 12.0, 155.0, 449.9]), np.array([1, 2, 2, 1, 3, 1])
    found = units_in_windows(times, units, REST, 10.0)
    assert found.size == 30
    assert (found[0], found[1], found[10], found[-1]) == (2, 1, 1, 1)
    assert found.sum() == 5


def test_runs_are_of_one_unit() -> None:
    times = [1.0, 1.01, 2.0, 3.0, 3.01, 3.02, 4.0, 4.005]
    assert sorted(runs(potentials(times, [1, 1, 1, 2, 2, 2, 1, 2]), 0.02)) == [1, 1, 1, 2, 3]


def test_doublets_of_the_forward_model_are_found_in_their_share() -> None:
    model = Fasciculations(rate_per_min=60, n_units=3, doublet_probability=0.2, doublet_interval_s=0.008)
    found = doublet_measurements(drawn(model, 900.0, np.random.default_rng(1)), SETTINGS, MAKER)
    assert found[0].low <= 20.0 <= found[0].high
    assert found[1].value == 0.0


def test_echoes_are_found_at_their_latency_and_share() -> None:
    model = Fasciculations(rate_per_min=60, n_units=3, echo_probability=0.1, echo_latency_s=0.034)
    share, latency = echo_measurements(drawn(model, 600.0, np.random.default_rng(2)), SETTINGS, MAKER)
    # a share of all discharges, echoes included
    assert share.low <= 100 * 0.1 / 1.1 <= share.high
    assert latency.value == pytest.approx(0.034, abs=1e-6)
    assert share.doubts == ()


def test_without_echoes_there_is_an_upper_bound_and_no_latency() -> None:
    model = Fasciculations(rate_per_min=30, n_units=3)
    (share,) = echo_measurements(drawn(model, 600.0, np.random.default_rng(3)), SETTINGS, MAKER)
    assert share.doubts == ("no more than chance gives",)
    assert share.low == 0.0
    assert 0 < share.high < 3.0


def test_chance_is_not_taken_for_echoes_or_locks() -> None:
    rng, false_echoes, false_locks = np.random.default_rng(4), 0, 0
    for _ in range(12):
        time = np.sort(rng.uniform(0, 300, rng.poisson(150)))
        random = bare(time, rng.integers(1, 4, time.size), 300.0)
        false_echoes += echoes(random, SETTINGS).probability < 0.05
        false_locks += lock_measurements(random, SETTINGS, MAKER)[1].value > 0
    # 5 % of 12 are 0.6; four or more have a probability of 0.2 %
    assert false_echoes <= 3
    assert false_locks <= 3


def test_units_that_go_along_are_locked() -> None:
    model = Fasciculations(rate_per_min=40, n_units=3, multi_unit_share=0.2, companion_delay_s=0.003)
    share, pairs = lock_measurements(drawn(model, 600.0, np.random.default_rng(5)), SETTINGS, MAKER)
    assert pairs.value == 3
    # 0.2 pairs for every 1.2 discharges
    assert share.low <= 100 * 0.2 / 1.2 <= share.high


def test_a_pair_is_described_by_its_lags() -> None:
    lead = np.arange(1.0, 40.0)
    both = bare(np.concatenate([lead, lead + 0.004]), np.repeat([1, 2], lead.size), 50.0)
    found = locked_pairs(both, 1, 2, SETTINGS)
    assert (found.seen, found.of) == (39, 39)
    assert np.median(found.interval_s) == pytest.approx(0.004)
    assert found.probability < 1e-6


def test_too_few_are_not_tested() -> None:
    few = potentials([1.0, 2.0], [1, 2])
    assert echo_measurements(few, SETTINGS, MAKER) == []
    assert lock_measurements(few, SETTINGS, MAKER) == []
    assert lock_measurements(potentials(np.arange(1.0, 30.0)), SETTINGS, MAKER) == []
    assert doublet_measurements(potentials([1.0], 0), SETTINGS, MAKER) == []
    assert isolation_measurements(potentials([1.0], 0, rest=((0.0, 9.0),)), SETTINGS, MAKER) == []
    assert interval_measurements(fasciculations_of(few, SETTINGS), few.rest, SETTINGS, MAKER) == []


def test_moved_copies_stay_at_rest_and_are_the_same_each_time() -> None:
    times = np.array([0.01, 50.0, 99.99, 150.01, 449.99])
    copies = by_chance(times, REST, lambda copy: copy)
    assert copies.shape == (SURROGATES, 5)
    assert all(REST.contains(time) or time == 450.0 for time in copies.reshape(-1))
    assert np.array_equal(copies, by_chance(times, REST, lambda copy: copy))
    assert probability_of(1.0, np.zeros(SURROGATES)) == pytest.approx(1 / (SURROGATES + 1))


@pytest.mark.parametrize("ratio", [1.0, np.e**2, np.e**-2])
def test_the_drifts_interval_covers_the_true_ratio(ratio: float) -> None:
    rng, covered, slope = np.random.default_rng(6), 0, np.log(ratio)
    for _ in range(200):
        place = rng.uniform(0, 1, 400)
        kept = place[rng.uniform(0, 1, 400) < np.exp(slope * place - max(slope, 0.0)) / 2]
        found = drift_of(np.sort(kept) * 300.0, Intervals(((0.0, 300.0),)))
        covered += found.low <= ratio <= found.high
    assert 182 <= covered <= 198


def test_gaps_in_the_rest_are_no_drift() -> None:
    rng = np.random.default_rng(7)
    covered = [
        drift.low <= 1.0 <= drift.high
        for drift in (drift_of(from_rest_time(np.sort(rng.uniform(0, 300, 60)), REST), REST) for _ in range(200))
    ]
    assert np.mean(covered) >= 0.91


def test_a_start_or_an_end_is_no_steeper_than_a_thousandfold() -> None:
    rest = Intervals(((0.0, 100.0),))
    assert drift_of(np.array([0.0, 0.1]), rest).ratio == pytest.approx(np.exp(-7.0))
    assert drift_of(np.array([99.9, 100.0]), rest).ratio == pytest.approx(np.exp(7.0))


@pytest.mark.parametrize(("shape", "truth"), [(1.0, 1.0), (4.0, 0.5)])
def test_the_variations_interval_covers_the_truth(shape: float, truth: float) -> None:
    rng, covered = np.random.default_rng(8), 0
    for _ in range(300):
        _, low, high = variation_of(rng.gamma(shape, 1.0, 30))
        covered += low <= truth <= high
    assert 277 <= covered <= 300


def test_a_perfect_rhythm_does_not_vary() -> None:
    value, low, high = variation_of(np.full(20, 0.5))
    assert low <= value <= high < 1e-3


def test_a_rhythm_is_told_from_random_events() -> None:
    rng = np.random.default_rng(9)
    random, rhythm = np.sort(rng.uniform(0, 299, 100)), np.arange(100) * 2.99 + 0.1 * rng.normal(size=100) + 1.0
    words = []
    for times in (random, np.sort(rhythm)):
        found = bare(times, np.arange(1, 101), 300.0)
        made = interval_measurements(fasciculations_of(found, SETTINGS), found.rest, SETTINGS, MAKER)
        words.append({one.id: one for one in made}["fasciculation_interval_variation"].method)
    assert "probability of 0.010" in words[1]
    assert float(words[0].split("probability of ")[1].rstrip(".")) > 0.02


@given(st.floats(0.01, 100.0), st.integers(0, 1000))
def test_the_variation_has_no_unit(factor: float, seed: int) -> None:
    intervals = np.random.default_rng(seed).exponential(size=20)
    assert variation_of(factor * intervals) == pytest.approx(variation_of(intervals), rel=1e-6)


def test_unseen_units_are_a_few_more() -> None:
    rng, estimates = np.random.default_rng(10), []
    for _ in range(200):
        counts = rng.poisson(1.5, 20)
        estimates.append(units_with_unseen(counts[counts > 0]))
    assert np.mean([one.value for one in estimates]) == pytest.approx(20.0, rel=0.08)
    assert np.mean([one.low <= 20.0 <= one.high for one in estimates]) >= 0.85
    assert units_with_unseen(np.array([5, 7])).high == 2.0


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_there_are_no_fewer_units_than_seen(counts: list[int]) -> None:
    found = units_with_unseen(np.array(counts))
    assert len(counts) <= found.low <= found.value <= found.high


def test_the_settings_are_read_from_the_knowledge() -> None:
    assert SETTINGS.doublet_longest_s == 0.02
    assert replace(SETTINGS, doublet_longest_s=0.01).doublet_longest_s == 0.01


def test_eleven_fasciculations_are_too_few_for_windows() -> None:
    found = bare(np.linspace(1, 90, 11), np.arange(1, 12), 100.0)
    made = interval_measurements(fasciculations_of(found, SETTINGS), found.rest, SETTINGS, MAKER)
    assert [one.id for one in made] == [
        "fasciculation_interval",
        "fasciculation_interval_variation",
        "fasciculation_rate_drift",
    ]
