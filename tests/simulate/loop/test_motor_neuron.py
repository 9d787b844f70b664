"""Motor neurons are recruited by size, discharge at the rates they are given, and keep on by their plateau."""

from collections.abc import Mapping

import numpy as np
import pytest

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop import LoopResult, LoopSettings, Subject, run_many
from twitchwise.simulate.loop.motor_neuron import SURROGATE_WIDTH, discharges
from twitchwise.simulate.units import MotorUnits

STEADY = {"common_drive_spread": 0.0}
SPINAL_CORD_INJURY = {
    "discharge_rate_least_hz": 5.5,
    "derecruitment_rate_hz": 3.2,
    "discharge_rate_most_hz": 18.0,
    "persistent_inward_current": 1.1,
}
RAMP = {"voluntary_drive": 0.5, "voluntary_ramp_time": 6.0, "voluntary_hold_time": 1.0}


def _run(parameters: Mapping[str, float], units: MotorUnits, duration_s: float, **changes: float) -> LoopResult:
    subject = Subject(settings=LoopSettings.of({**parameters, **changes}), agonist=units, seed=2)
    return next(run_many([subject], duration_s=duration_s))


@pytest.mark.parametrize("drive", [0.1, 0.3, 0.6, 1.0])
def test_rate_rises_in_a_line_from_recruitment_to_full_drive(
    parameters: Mapping[str, float], units: MotorUnits, drive: float
) -> None:
    result = _run(parameters, units, 8.0, voluntary_drive=drive, **STEADY)
    least, most = parameters["discharge_rate_least_hz"], parameters["discharge_rate_most_hz"]
    for unit in range(0, len(units), 9):
        threshold = units.recruitment_threshold[unit]
        rate = np.sum(result.agonist.times_of(unit) > 2) / 6
        if drive > 1.15 * threshold:  # synaptic noise blurs the threshold itself
            assert rate == pytest.approx(least + (most - least) * (drive - threshold) / (1 - threshold), abs=1.5)
        elif drive < 0.7 * threshold:
            assert rate == 0


def test_units_are_recruited_in_order_of_size(parameters: Mapping[str, float], units: MotorUnits) -> None:
    result = _run(parameters, units, 8.0, voluntary_drive=0.8, voluntary_ramp_time=7.5, **STEADY)
    first = np.array([result.agonist.times_of(unit)[:2].mean() for unit in range(len(units))])
    assert np.corrcoef(np.argsort(np.argsort(first)), np.arange(len(units)))[0, 1] > 0.98


def test_intervals_vary_by_a_tenth_to_a_fifth(parameters: Mapping[str, float], units: MotorUnits) -> None:
    result = _run(parameters, units, 20.0, voluntary_drive=0.4)
    spreads = []
    for unit in np.flatnonzero(units.recruitment_threshold < 0.35):
        intervals = np.diff(result.agonist.times_of(int(unit))[10:])
        spreads.append(intervals.std() / intervals.mean())
    assert 0.08 < np.median(spreads) < 0.2


def _end_rates_hz(result: LoopResult, n_units: int) -> tuple[float, float]:
    trains = [result.agonist.times_of(unit) for unit in range(n_units)]
    intervals = [np.diff(train) for train in trains if train.size > 8]
    return (
        float(np.mean([1 / each[:4].mean() for each in intervals])),
        float(np.mean([1 / each[-4:].mean() for each in intervals])),
    )


def test_after_cord_injury_units_start_and_stop_at_the_published_rates(
    parameters: Mapping[str, float], units: MotorUnits
) -> None:
    result = _run(parameters, units, 16.0, **RAMP, **SPINAL_CORD_INJURY)
    first, last = _end_rates_hz(result, len(units))
    assert first == pytest.approx(7.1, abs=1.0)
    assert last == pytest.approx(5.4, abs=1.0)
    assert last < first


def test_healthy_units_fall_silent_without_drive_at_a_lower_drive_than_they_began(
    parameters: Mapping[str, float], units: MotorUnits
) -> None:
    result = _run(parameters, units, 16.0, **RAMP, **STEADY)
    assert result.agonist.time_s.max() < 13.2
    slope = RAMP["voluntary_drive"] / RAMP["voluntary_ramp_time"]
    ends = [(train[0] * slope, (13 - train[-1]) * slope) for train in map(result.agonist.times_of, range(5, 45, 8))]
    assert all(off < on for on, off in ends)


def test_a_strong_plateau_outlasts_the_drive(parameters: Mapping[str, float], units: MotorUnits) -> None:
    result = _run(parameters, units, 12.0, **RAMP | {"voluntary_ramp_time": 1.0}, persistent_inward_current=1.6)
    late = [np.sum(result.agonist.times_of(unit) > 8.0) / 4 for unit in range(len(units))]
    sustained = [rate for rate in late if rate > 1]
    assert len(sustained) > len(units) // 2
    assert 4 < np.mean(sustained) < 10  # 6.1 Hz in the thenar muscles of injured people


def test_without_a_plateau_current_units_discharge_less(parameters: Mapping[str, float], units: MotorUnits) -> None:
    healthy = _run(parameters, units, 4.0, voluntary_drive=0.3)
    blocked = _run(parameters, units, 4.0, voluntary_drive=0.3, persistent_inward_current=0.0)
    assert len(blocked.agonist) < 0.7 * len(healthy.agonist)


def test_an_idle_pool_is_silent(parameters: Mapping[str, float], units: MotorUnits) -> None:
    assert len(_run(parameters, units, 10.0).agonist) == 0


def test_inhibition_ends_a_sustained_discharge(parameters: Mapping[str, float], units: MotorUnits) -> None:
    changes = {"persistent_inward_current": 1.6, **RAMP, "voluntary_ramp_time": 1.0}
    free = _run(parameters, units, 8.0, **changes)
    inhibited = _run(parameters, units, 8.0, **changes, renshaw_gain=1.0)
    assert len(inhibited.agonist) < 0.8 * len(free.agonist)


def test_the_slope_of_a_discharge_is_that_of_a_sigmoid() -> None:
    assert discharges(jnp.asarray([-0.1, 0.0, 0.1])).tolist() == [0.0, 1.0, 1.0]
    assert float(jax.grad(discharges)(0.0)) == pytest.approx(0.25 / SURROGATE_WIDTH)
