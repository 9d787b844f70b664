"""What the engine finds is believed where the threshold, or a unit that comes alone, stands behind it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.acceptance import accepted, within
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.emg.units import Discharges
from twitchwise.vocabulary.arrays import FloatArray

NONE = np.empty(0)
REST_S = 120.0


def discharges(*trains: tuple[int, FloatArray], probability: float = 0.95) -> Discharges:
    time_s = np.concatenate([times for _, times in trains])
    unit = np.concatenate([np.full(times.size, number) for number, times in trains])
    order = np.argsort(time_s, kind="stable")
    return Discharges(
        time_s=time_s[order],
        unit=unit[order],
        probability=np.full(time_s.size, probability),
        amplitude=np.ones(time_s.size),
        residual=np.ones(time_s.size),
        overlapped=np.zeros(time_s.size, dtype=np.bool_),
    )


def alone(n: int = 6, seed: int = 1) -> FloatArray:
    return np.cumsum(np.random.default_rng(seed).uniform(1.0, 9.0, n))


def test_a_small_unit_that_comes_alone_is_believed() -> None:
    assert accepted(discharges((1, alone())), NONE, NONE, REST_S, emg_settings()).all()


def test_a_small_unit_that_comes_in_runs_is_not() -> None:
    held = 5.0 + np.arange(12) / 9.0
    assert not accepted(discharges((1, held)), NONE, NONE, REST_S, emg_settings()).any()


@pytest.mark.parametrize("probability", [0.6, 0.89])
def test_what_only_the_engine_sees_must_be_nearly_sure(probability: float) -> None:
    found = discharges((1, alone()), probability=probability)
    assert not accepted(found, NONE, NONE, REST_S, emg_settings()).any()
    assert accepted(found, found.time_s + 0.003, NONE, REST_S, emg_settings()).all()


def test_two_small_ones_are_too_few_to_be_a_unit() -> None:
    assert not accepted(discharges((1, alone(2))), NONE, NONE, REST_S, emg_settings()).any()


def test_a_potential_of_no_unit_is_believed_only_above_the_threshold() -> None:
    found = discharges((0, alone()))
    assert np.array_equal(accepted(found, found.time_s[2:4], NONE, REST_S, emg_settings()), np.arange(6) // 2 == 1)


def test_beside_a_heartbeat_only_what_exceeds_the_threshold_and_is_no_beat_is_believed() -> None:
    beats = np.arange(0.4, 40.0, 0.85)
    found = discharges((1, beats), (2, alone() + 0.02))
    kept = accepted(found, np.sort(np.append(beats, found.time_s[found.unit == 2][:1])), beats, REST_S, emg_settings())
    assert not kept[found.unit == 1].any()
    assert kept[found.unit == 2].sum() <= 1


def test_a_unit_that_always_follows_another_is_its_tail() -> None:
    times = alone(9)
    kept = accepted(discharges((1, times), (2, times[:8] + 0.014)), NONE, NONE, REST_S, emg_settings())
    assert kept.sum() == 9


@given(st.lists(st.floats(0, 100), max_size=20), st.lists(st.floats(0, 100), max_size=20), st.floats(0.0, 5.0))
def test_within_is_what_the_definition_says(times: list[float], others: list[float], distance: float) -> None:
    of = np.sort(np.array(others, dtype=np.float64))
    found = within(np.array(times, dtype=np.float64), of, distance)
    assert found.tolist() == [any(one - distance <= other <= one + distance for other in others) for one in times]


def test_parts_of_one_shape_are_one_discharge_and_chance_overlaps_are_two() -> None:
    times = alone(9)
    parts = discharges(
        (1, np.concatenate([times, times[-1] + alone(4, 2)])), (2, times[:5] + 0.003), (2, 70 + alone(6, 3))
    )
    kept = accepted(parts, parts.time_s, NONE, REST_S, emg_settings())
    assert kept.sum() == len(parts) - 5
    once = discharges((1, alone(20)), (2, np.append(alone(20)[3] + 0.003, 130 + alone(6, 3))))
    assert accepted(once, once.time_s, NONE, 60.0, emg_settings()).all()
