"""The axon is as excitable as a person's, and changes as axons are known to."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.excitability import _first_fall_s, _recovery_indices, excitability, node_threshold_a
from twitchwise.simulate.axon.rest import resting_potentials
from twitchwise.simulate.axon.table import Excitability
from twitchwise.simulate.axon.velocity import velocity_mps
from twitchwise.simulate.engine import double_precision

HUMAN = {
    "strength_duration_time_constant_s": (0.459e-3, 0.126e-3),  # motor axons, mean and SD: strength_duration_1996
    "relative_refractory_period_s": (3.0e-3, 0.5e-3),  # usual at the wrist; no source opened
    "superexcitability": (-0.25, 0.05),  # the same
    "subexcitability": (0.14, 0.05),  # the same
    "conduction_velocity_mps": (50.0, 3.0),  # the most frequent one: thenar_axon_velocity
    "resting_potential_v": (-0.084, 0.003),  # of models of the human motor axon
}


@pytest.mark.parametrize("name", list(HUMAN))
def test_a_healthy_axon_is_within_the_range_of_people(name: str, healthy: Excitability) -> None:
    middle, tolerance = HUMAN[name]
    assert getattr(healthy, name) == pytest.approx(middle, abs=tolerance)


def test_weiss_law_joins_thresholds_rheobase_and_time_constant(healthy: Excitability) -> None:
    assert healthy.rheobase_a is not None
    assert healthy.strength_duration_time_constant_s is not None
    for threshold_a, pulse_s in ((healthy.threshold_one_ms_a, 1e-3), (healthy.threshold_fifth_ms_a, 2e-4)):
        weiss_a = healthy.rheobase_a * (1 + healthy.strength_duration_time_constant_s / pulse_s)
        assert threshold_a == pytest.approx(weiss_a, rel=1e-6)


def test_a_healthy_axon_falls_silent_after_its_discharge(healthy: Excitability) -> None:
    after = healthy.afterdischarges
    assert (after.after_brief, after.during_sustained, after.interval_s, after.spontaneous) == (0, 0, None, False)
    assert 1 / 3600 < healthy.ectopic_rate_hz < 1 / 60


def test_the_threshold_of_a_node_is_a_small_part_of_that_from_outside(
    changes: AxonChanges, healthy: Excitability, parameters: Mapping[str, float]
) -> None:
    assert healthy.threshold_one_ms_a is not None
    assert healthy.node_threshold_a == node_threshold_a(changes, parameters)
    assert healthy.node_threshold_a < 1e-5 * healthy.threshold_one_ms_a


def measured(changes: AxonChanges, parameters: Mapping[str, float], **changed: float) -> Excitability:
    return excitability(replace(changes, **changed), parameters)


def test_low_calcium_lowers_the_threshold_and_raises_the_ectopic_rate(
    changes: AxonChanges, healthy: Excitability, parameters: Mapping[str, float]
) -> None:
    low = measured(changes, parameters, gate_shift_v=-0.002)
    assert low.threshold_one_ms_a is not None
    assert healthy.threshold_one_ms_a is not None
    assert low.threshold_one_ms_a < 0.95 * healthy.threshold_one_ms_a
    assert low.ectopic_rate_ratio(healthy) > 2


def test_more_persistent_sodium_lengthens_the_time_constant_and_deepens_superexcitability(
    changes: AxonChanges, healthy: Excitability, parameters: Mapping[str, float]
) -> None:
    more = measured(changes, parameters, persistent_sodium_scale=1.5)
    assert more.strength_duration_time_constant_s is not None
    assert healthy.strength_duration_time_constant_s is not None
    assert more.superexcitability is not None
    assert healthy.superexcitability is not None
    assert more.strength_duration_time_constant_s > 1.03 * healthy.strength_duration_time_constant_s
    assert more.superexcitability < healthy.superexcitability
    assert more.ectopic_rate_ratio(healthy) > 1


def test_a_threshold_scale_scales_thresholds_alone(
    changes: AxonChanges, healthy: Excitability, parameters: Mapping[str, float]
) -> None:
    scaled = measured(changes, parameters, threshold_scale=0.9)
    assert healthy.threshold_one_ms_a is not None
    assert scaled.threshold_one_ms_a == pytest.approx(0.9 * healthy.threshold_one_ms_a)
    assert scaled.strength_duration_time_constant_s == healthy.strength_duration_time_constant_s
    assert scaled.conduction_velocity_mps == healthy.conduction_velocity_mps
    assert scaled.ectopic_rate_ratio(healthy) > 2


def test_high_potassium_depolarizes_and_low_potassium_hyperpolarizes(
    changes: AxonChanges, healthy: Excitability, parameters: Mapping[str, float]
) -> None:
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        low_v, high_v = (
            resting_potentials(replace(changes, potassium_out_mol_per_l=each), parameters)[0][10]
            for each in (0.003, 0.0055)
        )
    assert low_v + 2e-3 < healthy.resting_potential_v < high_v - 2e-3


def test_an_axon_without_fast_sodium_gives_no_threshold_and_no_rate(
    changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    dead = measured(changes, parameters, fast_sodium_scale=0.0)
    assert (dead.threshold_one_ms_a, dead.rheobase_a, dead.superexcitability) == (None, None, None)
    assert (dead.node_threshold_a, dead.ectopic_rate_hz, dead.conducts) == (None, 0.0, False)


@pytest.mark.parametrize(
    ("slower", "faster"),
    [
        ({"diameter_m": 8e-6}, {"diameter_m": 1.5e-5}),
        ({"temperature_c": 30.0}, {"temperature_c": 36.0}),
        ({"myelin_scale": 0.3}, {"myelin_scale": 0.7}),
    ],
)
def test_velocity_rises_with_diameter_temperature_and_myelin(
    slower: dict[str, float], faster: dict[str, float], changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    slow, fast = (velocity_mps(replace(changes, **each), parameters) for each in (slower, faster))
    assert 0 < slow < 0.95 * fast


def test_velocity_covers_the_range_of_hand_axons(changes: AxonChanges, parameters: Mapping[str, float]) -> None:
    assert velocity_mps(replace(changes, diameter_m=8.5e-6), parameters) < 40
    assert velocity_mps(replace(changes, diameter_m=1.5e-5), parameters) > 60


def test_velocity_rises_by_about_two_meters_per_second_and_degree(
    changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    cool, warm = (velocity_mps(replace(changes, temperature_c=each), parameters) for each in (32.0, 36.0))
    assert (warm - cool) / 4 == pytest.approx(2.0, abs=0.5)


def test_extreme_demyelination_blocks(changes: AxonChanges, parameters: Mapping[str, float]) -> None:
    assert velocity_mps(replace(changes, myelin_scale=0.002), parameters) == 0


def test_recovery_indices_say_when_there_are_none() -> None:
    refractory_s, least, most = _recovery_indices(np.full(13, np.nan))
    assert math.isnan(refractory_s)
    assert math.isnan(least)
    assert math.isnan(most)


def test_the_refractory_period_ends_between_delays_or_never() -> None:
    assert _first_fall_s(np.array([0.5, 0.5, -0.5])) == pytest.approx(math.sqrt(2.5e-3 * 3.2e-3))
    assert _first_fall_s(np.array([np.nan, -0.5])) == pytest.approx(2.5e-3)
    assert math.isnan(_first_fall_s(np.array([-0.1, -0.2])))
