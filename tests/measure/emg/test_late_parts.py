"""What keeps one lag to a greater potential is a part of it; what comes at any lag is not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.late_parts import late_parts
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

REST_S = 120.0
seeds = st.integers(0, 10_000)


def at_random(n: int, seed: int) -> FloatArray:
    return np.sort(np.random.default_rng(seed).uniform(0.0, REST_S, n))


def marked(*trains: tuple[int, float, FloatArray]) -> tuple[BoolArray, IntArray]:
    """Return what is marked of trains of a unit and a size, and the units, in order of time."""
    time_s = np.concatenate([times for _, _, times in trains])
    order = np.argsort(time_s)
    unit = np.concatenate([np.full(times.size, number) for number, _, times in trains])[order]
    vary = 1 + 0.01 * np.sin(np.arange(time_s.size))
    size = vary * np.concatenate([np.full(times.size, one) for _, one, times in trains])[order]
    return late_parts(time_s[order], size, unit, REST_S, emg_settings()), unit


@given(seeds, st.sampled_from([-0.014, 0.012, 0.02]))
def test_what_keeps_a_lag_to_a_unit_is_a_part_of_it_before_or_after(seed: int, lag_s: float) -> None:
    whole = at_random(8, seed)
    parts, unit = marked((1, 50.0, whole), (0, 9.0, whole + lag_s))
    assert parts[unit == 0].all()
    assert not parts[unit == 1].any()


@given(seeds)
def test_a_unit_of_late_parts_of_several_others_is_left_out_however_often_it_comes(seed: int) -> None:
    one, other = at_random(5, seed), at_random(5, seed + 1) + REST_S
    both = np.concatenate([one, other])
    parts, unit = marked((1, 50.0, one), (2, 40.0, other), (3, 9.0, both + 0.013))
    assert parts[unit == 3].all()
    assert not parts[unit < 3].any()


@given(seeds)
def test_a_unit_that_now_and_then_falls_beside_a_greater_one_is_kept(seed: int) -> None:
    whole = at_random(12, seed)
    alone = at_random(12, seed + 7)
    parts, unit = marked((1, 50.0, whole), (2, 9.0, np.concatenate([alone, whole[:3] + 0.013])))
    assert not parts[unit == 2].any()


def test_of_independent_potentials_hardly_one_in_a_hundred_is_taken_for_a_part() -> None:
    taken, all_of_them = 0, 0
    for seed in range(40):
        parts, unit = marked((1, 50.0, at_random(60, seed)), (0, 9.0, at_random(60, seed + 100)))
        taken, all_of_them = taken + int(parts.sum()), all_of_them + int((unit == 0).sum())
    assert taken < 0.01 * all_of_them


def test_potentials_that_crowd_keep_no_lag_and_are_kept() -> None:
    taken, all_of_them = 0, 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        crowds = rng.uniform(0.0, REST_S, 12)
        great, small = (np.repeat(crowds, 3) + rng.uniform(0.0, 0.4, 36) for _ in range(2))
        parts, unit = marked((1, 50.0, np.sort(great)), (0, 9.0, np.sort(small)))
        taken, all_of_them = taken + int(parts.sum()), all_of_them + int((unit == 0).sum())
    assert taken < 0.05 * all_of_them


def test_nothing_is_a_part_where_there_is_nothing() -> None:
    none = np.empty(0)
    assert late_parts(none, none, np.empty(0, dtype=np.int64), 0.0, emg_settings()).size == 0
