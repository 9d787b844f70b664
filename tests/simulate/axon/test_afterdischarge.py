"""An axon with more persistent sodium or weaker potassium currents discharges on after its stimulus."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from twitchwise.simulate.axon.afterdischarge import afterdischarges
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.ectopic_rate import ectopic_rate_hz
from twitchwise.vocabulary import OutOfRangeError


def test_weak_potassium_currents_let_a_brief_pulse_start_a_train(
    changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    after = afterdischarges(replace(changes, slow_potassium_scale=0.1, fast_potassium_scale=0.1), parameters)
    assert after.after_brief >= 5
    assert not after.spontaneous  # bistable: it rests until it is set off
    assert after.interval_s is not None
    assert 1 / 300 < after.interval_s < 1 / 40


def test_persistent_sodium_with_weak_slow_potassium_discharges_by_itself(
    changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    after = afterdischarges(replace(changes, persistent_sodium_scale=2.0, slow_potassium_scale=0.5), parameters)
    assert after.spontaneous
    assert after.after_brief >= 1
    assert after.during_sustained > 1


def test_a_strong_shift_of_the_gates_makes_an_axon_discharge_by_itself(
    changes: AxonChanges, parameters: Mapping[str, float]
) -> None:
    assert afterdischarges(replace(changes, gate_shift_v=-0.012), parameters).spontaneous


def test_noise_crosses_a_lower_threshold_more_often() -> None:
    rates = [ectopic_rate_hz(threshold_a, 1e-10, 5e-4) for threshold_a in (0.0, 1e-10, 3e-10)]
    assert rates[0] > rates[1] > rates[2] > 0
    assert rates[0] == pytest.approx(318.3, abs=0.1)


@pytest.mark.parametrize("wrong", [(-1.0, 1e-10, 5e-4), (1e-10, 0.0, 5e-4), (1e-10, 1e-10, -1.0)])
def test_impossible_noise_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(OutOfRangeError):
        ectopic_rate_hz(*wrong)
