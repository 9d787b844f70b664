"""The state of an axon refuses what no axon has, and is read from parameters by id."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.vocabulary import OutOfRangeError

HEALTHY = {"plasma_potassium": 0.0042, "plasma_sodium": 0.14, "nerve_temperature": 37.0, "axon_fiber_diameter": 1.2e-5}


def test_parameters_are_read_by_id() -> None:
    changed = AxonChanges.of(
        {**HEALTHY, "axon_gate_shift": -0.003, "axon_myelin_scale": 0.5, "axon_h_current_scale": 2.0}
    )
    assert changed == AxonChanges(
        gate_shift_v=-0.003,
        potassium_out_mol_per_l=0.0042,
        sodium_out_mol_per_l=0.14,
        temperature_c=37.0,
        h_current_scale=2.0,
        myelin_scale=0.5,
        diameter_m=1.2e-5,
    )


def test_the_shipped_parameters_describe_a_healthy_axon(parameters: Mapping[str, float]) -> None:
    changes = AxonChanges.of(parameters)
    assert changes == AxonChanges.of({name: parameters[name] for name in HEALTHY})


@pytest.mark.parametrize("name", list(HEALTHY))
def test_what_has_no_default_must_be_given(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        AxonChanges.of({key: value for key, value in HEALTHY.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gate_shift_v", -0.06),
        ("potassium_out_mol_per_l", 0.0),
        ("sodium_out_mol_per_l", -0.1),
        ("temperature_c", 50.0),
        ("fast_sodium_scale", -0.1),
        ("leak_scale", float("nan")),
        ("myelin_scale", 0.0),
        ("diameter_m", 1e-6),
        ("threshold_scale", 0.0),
    ],
)
def test_what_no_axon_has_is_refused(name: str, value: float) -> None:
    with pytest.raises(OutOfRangeError, match=name):
        replace(AxonChanges.of(HEALTHY), **{name: value})
