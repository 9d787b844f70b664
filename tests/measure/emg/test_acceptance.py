"""What the engine finds is believed where the threshold, or near certainty, stands behind it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.acceptance import accepted, within
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.emg.units import Discharges
from twitchwise.vocabulary.arrays import FloatArray

NONE = np.empty(0)
REST_S = 120.0


def beats_at(times_s: FloatArray) -> Potentials:
    ones = np.ones(times_s.size)
    shape = np.ones((times_s.size, 3), dtype=np.float32)
    start_s, end_s = times_s - 0.03, times_s + 0.03
    return Potentials(
        start_s=start_s, peak_s=times_s, end_s=end_s, peak=ones, peak_to_peak=ones, height=9 * ones, shape=shape
    )


NO_BEATS = beats_at(NONE)


def discharges(*trains: tuple[int, FloatArray], probability: float = 0.95, height: float = 8.0) -> Discharges:
    time_s = np.concatenate([times for _, times in trains])
    unit = np.concatenate([np.full(times.size, number) for number, times in trains])
    order = np.argsort(time_s, kind="stable")
    return Discharges(
        time_s=time_s[order],
        unit=unit[order],
        probability=np.full(time_s.size, probability),
        amplitude=np.where(unit[order] > 0, 1.0, height),
        residual=np.ones(time_s.size),
        overlapped=np.zeros(time_s.size, dtype=np.bool_),
    )


def alone(n: int = 6, seed: int = 1) -> FloatArray:
    return np.cumsum(np.random.default_rng(seed).uniform(1.0, 9.0, n))


def test_a_small_unit_that_comes_alone_is_believed() -> None:
    assert accepted(discharges((1, alone(2)), probability=0.97), NONE, NO_BEATS, REST_S, emg_settings()).all()


def test_a_unit_that_drowns_and_is_seldom_alone_is_not_even_where_it_stands_out() -> None:
    often = np.cumsum(np.random.default_rng(2).uniform(0.07, 0.3, 40))
    found = discharges((1, often), probability=0.97)
    assert not accepted(found, often[:10], NO_BEATS, REST_S, emg_settings()).any()
    assert accepted(found, often[:30], NO_BEATS, REST_S, emg_settings()).all()


def test_beside_a_unit_that_drowns_only_what_exceeds_the_threshold_is_believed() -> None:
    often, rare = np.cumsum(np.random.default_rng(2).uniform(0.07, 0.3, 40)), 20.0 + alone(8)
    found = discharges((1, often), (2, rare), probability=0.97)
    kept = accepted(found, rare[:3], NO_BEATS, REST_S, emg_settings())
    assert found.time_s[kept].tolist() == rare[:3].tolist()
    assert accepted(discharges((2, rare), probability=0.97), NONE, NO_BEATS, REST_S, emg_settings()).all()


def test_of_many_small_ones_of_no_unit_only_those_that_stand_out_are_believed() -> None:
    often = np.cumsum(np.random.default_rng(2).uniform(0.07, 0.3, 40))
    kept = accepted(discharges((0, often), probability=0.97), often[:10], NO_BEATS, REST_S, emg_settings())
    assert np.array_equal(kept, np.arange(40) < 10)


def test_doublets_do_not_make_a_unit_one_that_is_seldom_alone() -> None:
    times = alone(8)
    found = discharges((1, np.sort(np.concatenate([times, times + 0.02]))), probability=0.97)
    assert accepted(found, NONE, NO_BEATS, REST_S, emg_settings()).all()


@pytest.mark.parametrize("unit", [0, 1])
@pytest.mark.parametrize("probability", [0.6, 0.94])
def test_what_only_the_engine_sees_must_be_nearly_sure(probability: float, unit: int) -> None:
    found = discharges((unit, alone()), probability=probability)
    assert not accepted(found, NONE, NO_BEATS, REST_S, emg_settings()).any()
    assert accepted(found, found.time_s + 0.003, NO_BEATS, REST_S, emg_settings()).all()


def test_what_is_less_likely_than_not_is_not_believed_even_above_the_threshold() -> None:
    found = discharges((1, alone()), probability=0.4)
    assert not accepted(found, found.time_s, NO_BEATS, REST_S, emg_settings()).any()


@pytest.mark.parametrize(("height", "believed"), [(5.5, False), (6.5, True)])
def test_small_potentials_of_no_unit_are_believed_where_they_are_nearly_sure_and_high(
    height: float,
    believed: bool,  # noqa: FBT001 - a table's column
) -> None:
    found = discharges((0, alone()), probability=0.97, height=height)
    assert accepted(found, NONE, NO_BEATS, REST_S, emg_settings()).all() == believed


BEATS = np.arange(0.4, 60.0, 0.85) + np.random.default_rng(5).normal(0, 0.02, 71)


def test_a_heartbeat_and_the_pieces_of_it_are_not_believed_and_units_beside_it_are() -> None:
    found = discharges((1, BEATS), (2, alone(8, 3) + 0.3), (3, BEATS[::3] + 0.004), (4, BEATS[1::9] + 0.02))
    kept = accepted(found, np.sort(found.time_s), beats_at(BEATS), 60.0, emg_settings())
    assert set(found.unit[kept].tolist()) == {2}
    assert kept[found.unit == 2].all()


def test_what_follows_the_heartbeat_at_one_distance_is_its_wave() -> None:
    waves = BEATS[::4] + 0.25
    found = discharges((1, waves), (0, alone(8, 3) + 0.3), probability=0.97)
    kept = accepted(found, NONE, beats_at(BEATS), 60.0, emg_settings())
    assert not kept[found.unit == 1].any()
    apart = ~within(found.time_s, BEATS, 0.06)
    assert kept[(found.unit == 0) & apart].all()
    assert not kept[(found.unit == 0) & within(found.time_s, BEATS, 0.03)].any()


def test_a_unit_of_which_one_falls_into_a_beat_by_chance_keeps_it() -> None:
    times = np.sort(np.append(BEATS[5:60:12] + 0.4, BEATS[20] + 0.01))
    kept = accepted(discharges((1, times + np.linspace(0, 0.02, 6))), times, beats_at(BEATS), 60.0, emg_settings())
    assert kept.all()


@given(st.lists(st.floats(0, 100), max_size=20), st.lists(st.floats(0, 100), max_size=20), st.floats(0.0, 5.0))
def test_within_is_what_the_definition_says(times: list[float], others: list[float], distance: float) -> None:
    of = np.sort(np.array(others, dtype=np.float64))
    found = within(np.array(times, dtype=np.float64), of, distance)
    assert found.tolist() == [any(one - distance <= other <= one + distance for other in others) for one in times]
