from collections.abc import Callable, Mapping

import numpy as np
import pytest

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.simulate.muscle.conductor import Conductor
from twitchwise.simulate.muscle.electrodes import ConcentricNeedle
from twitchwise.simulate.muscle.layout import Layout, UnitFibers, lay_out
from twitchwise.simulate.muscle.low_pass import low_pass
from twitchwise.simulate.muscle.needle import NeedleFibers, _points, needle_fibers
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

RATE = 50000.0
NEEDLE = ConcentricNeedle(depth_m=0.008, along_m=0.012)


@pytest.fixture(scope="module")
def layout(parameters: Mapping[str, float], units: Callable[..., UnitFibers]) -> Layout:
    drawn = units(n_fibers=np.array([40, 0, 120, 200]), fiber_velocity_mps=np.array([3.0, 3.5, 4.0, 4.5]))
    return lay_out(drawn, dict(parameters) | {"motor_unit_territory_density": 2e6}, np.random.default_rng(0))


@pytest.fixture(scope="module")
def seen(layout: Layout, parameters: Mapping[str, float]) -> NeedleFibers:
    return needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=RATE, within_m=0.004)


def _exact(layout: Layout, fiber: int, parameters: Mapping[str, float], n: int, before: int) -> FloatArray:
    """Integrate over steps of 5 um at each moment."""
    tissue, potential = Conductor.of(parameters), FiberActionPotential.of(parameters)
    points, weights = _points(NEEDLE, parameters)
    ratio = tissue.along_s_per_m / tissue.across_s_per_m
    time = (np.arange(2 * n) - before) / RATE
    total = np.zeros(2 * n)
    for end, sign in ((layout.right_end_m[fiber], -1), (layout.left_end_m[fiber], 1)):
        length = abs(end - layout.endplate_m[fiber])
        steps = int(length / 5e-6) + 1
        run = length * (np.arange(steps) + 0.5) / steps
        place = layout.endplate_m[fiber] - sign * run
        slope = np.zeros(steps)
        for (x, z, y), weight in zip(points, weights, strict=True):
            across = np.hypot(layout.across_m[fiber] - z, layout.depth_m[fiber] + tissue.cover_m - y)
            square = ratio * max(across, layout.diameter_m[fiber] / 2) ** 2 + (x - place) ** 2
            slope += weight * (place - x) / square**1.5 / (4 * np.pi * tissue.across_s_per_m)
        wave = potential.slope_v_per_m(layout.velocity_mps[fiber] * time[:, np.newaxis] - run)
        total += sign * potential.strength_a_m2_per_v(layout.diameter_m[fiber]) * length / steps * wave @ slope
    spectrum = np.fft.rfft(total) * low_pass(np.asarray(np.fft.rfftfreq(2 * n), dtype=np.float64))
    exact: FloatArray = np.fft.irfft(spectrum, 2 * n)[:n]
    return exact


@pytest.mark.parametrize("rank", [0, 3, 20])
def test_a_fibers_potential_is_that_of_its_currents_added_up(
    layout: Layout, seen: NeedleFibers, parameters: Mapping[str, float], rank: int
) -> None:
    which = int(np.argsort(seen.distance_m)[rank])
    exact = _exact(layout, int(seen.fiber[which]), parameters, seen.voltage_v.shape[1], seen.before)
    error = np.sqrt(((seen.voltage_v[which] - exact) ** 2).mean()) / np.ptp(exact)
    assert error < 0.01


def test_near_fibers_are_seen_large_and_sharp_and_far_ones_small_and_blunt(seen: NeedleFibers) -> None:
    order = np.argsort(seen.distance_m)
    size = np.ptp(seen.voltage_v, axis=1)[order]
    assert np.median(size[:5]) > 5 * np.median(size[-50:])
    assert 5e-5 < size[:3].max() < 1e-2
    steep = np.abs(np.diff(seen.voltage_v, axis=1)).max(axis=1)[order] / size
    assert np.median(steep[:5]) > np.median(steep[-50:])


def test_only_fibers_within_reach_are_kept(layout: Layout, parameters: Mapping[str, float]) -> None:
    few = needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=RATE, within_m=0.001)
    assert few.distance_m.max() < 0.001
    assert np.array_equal(few.unit, layout.unit_of_fiber[few.fiber])
    none = needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=RATE, within_m=1e-9)
    assert none.voltage_v.shape[0] == 0
    assert not none.templates().peak_to_peak_v().any()


def test_a_discharge_with_every_fiber_on_time_is_the_template(seen: NeedleFibers) -> None:
    made = seen.templates()
    assert made.n_units == 4
    assert not made.peak_to_peak_v()[1].any()
    for unit in (0, 3):
        expected = seen.voltage_v[seen.of_unit(unit)].sum(axis=0)
        assert made.voltage_v[unit, :, 0] == pytest.approx(expected, abs=1e-3 * float(np.abs(expected).max()))
        assert seen.discharge(unit) == pytest.approx(expected, abs=1e-5 * float(np.abs(expected).max()))


def test_a_late_endplate_is_late_and_a_blocked_one_is_missing(seen: NeedleFibers) -> None:
    here = seen.of_unit(2)
    n = here.stop - here.start
    alone = np.arange(n) == 0
    on_time = seen.discharge(2, transmitted=alone)
    assert on_time == pytest.approx(seen.voltage_v[here][0], abs=1e-4 * np.ptp(on_time))
    late = seen.discharge(2, transmitted=alone, delay_s=np.full(n, 3 / RATE))
    assert late[3:] == pytest.approx(on_time[:-3], abs=1e-3 * np.ptp(on_time))
    assert not seen.discharge(2, transmitted=np.zeros(n, dtype=bool)).any()


def test_a_slow_recorder_sees_the_same_but_blunter(layout: Layout, parameters: Mapping[str, float]) -> None:
    slow = needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=5000.0, within_m=0.002)
    fast = needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=RATE, within_m=0.002)
    far = int(np.argmax(slow.distance_m))
    again = fast.voltage_v[far][fast.before % 10 :: 10][: slow.voltage_v.shape[1]]
    at = min(again.size, slow.voltage_v.shape[1])
    assert fast.before == 10 * slow.before
    assert slow.voltage_v[far][:at] == pytest.approx(again[:at], abs=0.05 * float(np.ptp(again)))


def test_a_needle_that_does_not_reach_the_muscle_is_refused(layout: Layout, parameters: Mapping[str, float]) -> None:
    for depth_m in (0.001, 0.1):
        with pytest.raises(OutOfRangeError, match="depth_m must lie in the muscle under fat and skin"):
            needle_fibers(layout, ConcentricNeedle(depth_m=depth_m), parameters, sampling_rate_hz=RATE, within_m=0.002)
    with pytest.raises(OutOfRangeError, match="within_m"):
        needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=RATE, within_m=0.0)
    with pytest.raises(OutOfRangeError, match="sampling_rate_hz"):
        needle_fibers(layout, NEEDLE, parameters, sampling_rate_hz=0.0, within_m=0.002)
