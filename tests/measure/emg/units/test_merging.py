"""Parts of one unit become one again; units that are alike and fire on their own stay two."""

import numpy as np
import pytest
from tests.measure.emg.units.scenes import RATE_HZ, made, place, shape, trace_of

from twitchwise.measure.emg.units import find_units
from twitchwise.measure.emg.units.learning import look_at
from twitchwise.measure.emg.units.merging import merged, without_satellites
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.selection import centered, moved_by
from twitchwise.measure.emg.units.templates import Templates

SECONDS = 60.0


def passed(one_s: np.ndarray, other_s: np.ndarray, kinds: tuple[int, int] = (0, 0), lag: int = 0) -> Pass:
    """Return a pass that found two units at given times; the second's template lies ``lag`` samples late in its own."""
    scene = look_at([made(20.0, [10.0], [20.0], regular=True).trace], RATE_HZ, 1)
    margin = scene.half - 20
    shapes = np.array([20 * np.pad(shape(kind), ((0, 0), (margin, margin))) for kind in kinds], dtype=np.float32)
    shapes[1] = moved_by(shapes[1], lag)
    templates = Templates(
        shapes=shapes,
        spread=np.full(2, 0.05),
        misfit=np.full(2, 0.01),
        rate=np.array([one_s.size, other_s.size]) / (SECONDS * RATE_HZ),
        noise=np.ones(2),
    )
    done = Pass(scene=scene, templates=templates, usable=int(SECONDS * RATE_HZ))
    done.unit = [np.repeat([0, 1], [one_s.size, other_s.size])]
    done.time = [np.concatenate([one_s, other_s]) * RATE_HZ]
    return done


def regular(seed: int, rate_hz: float = 10.0) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(1 / rate_hz, 0.1 / rate_hz, int(SECONDS * rate_hz))
    return np.cumsum(steps)


def test_two_parts_of_one_train_are_one_unit_whose_rate_is_that_of_both() -> None:
    times = regular(1)
    first = np.random.default_rng(2).random(times.size) < 0.6
    together = merged(passed(times[first], times[~first], lag=6), [0, 1])
    assert len(together) == 1
    assert together.rate[0] * RATE_HZ == pytest.approx(times.size / SECONDS)
    assert together.size[0] == pytest.approx(20.0, rel=0.02)
    assert together.misfit[0] == pytest.approx(0.01, abs=0.005)


def test_two_alike_that_fire_on_their_own_stay_two() -> None:
    assert len(merged(passed(regular(3), regular(4, 11.0)), [0, 1])) == 2


def test_two_of_different_shape_stay_two_though_they_never_meet() -> None:
    times = regular(5)
    assert len(merged(passed(times[::2], times[1::2], kinds=(0, 1)), [0, 1])) == 2


def test_where_chance_would_hardly_let_them_meet_nothing_is_joined() -> None:
    times = regular(6)[::20]
    assert len(merged(passed(times[::2], times[1::2]), [0, 1])) == 2


def test_only_the_kept_units_are_looked_at() -> None:
    times = regular(7)
    assert len(merged(passed(times[::2], times[1::2]), [1])) == 1
    assert len(merged(passed(times[::2], times[1::2]), [])) == 0


def test_a_shape_cut_out_around_its_satellite_is_moved_onto_its_greatest_phase() -> None:
    wave = np.zeros((1, 101), dtype=np.float32)
    wave[0, [10, 50]] = [-5.0, 2.0]
    moved = centered(wave, 3)
    assert np.abs(moved[0]).argmax() == 50
    assert moved[0, 90] == 2.0
    wave[0, 10] = 2.2
    assert centered(wave, 3) is wave


def test_a_unit_with_a_satellite_is_one_unit_timed_by_its_greatest_phase() -> None:
    samples = np.random.default_rng(8).standard_normal((1, 40_000), dtype=np.float32)
    times = 0.2 + np.cumsum(np.random.default_rng(9).normal(0.1, 0.01, 180))
    for at in times:
        place(samples, 0, at * RATE_HZ, 40.0)
        place(samples, 1, (at + 0.009) * RATE_HZ, 25.0)
    units, found = find_units(trace_of(samples))
    assert len(units) == 1
    assert len(found) == times.size
    assert np.abs(found.time_s - times + 0.001).max() < 0.0015


def test_a_unit_that_keeps_one_lag_to_a_greater_one_is_its_late_part() -> None:
    times = regular(10)
    done = passed(times, times + 0.011)
    assert without_satellites(done, [0, 1]) == [0]
    assert without_satellites(passed(times, regular(11, 11.0)), [0, 1]) == [0, 1]
    assert without_satellites(passed(times, times[:5] + 0.011), [0, 1]) == [0, 1]
