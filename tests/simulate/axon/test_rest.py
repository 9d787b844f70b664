"""Where an axon rests is found, also where it does not stay."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.rest import resting_potentials
from twitchwise.simulate.engine import double_precision

Parameters = Mapping[str, float]


def rest(changes: AxonChanges, parameters: Parameters) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], bool]:
    with double_precision(True):  # noqa: FBT003 - JAX's own way
        node_v, _, is_found = resting_potentials(changes, parameters)
    return node_v, is_found


def test_a_healthy_axon_rests_near_minus_84_mv(changes: AxonChanges, parameters: Parameters) -> None:
    node_v, is_found = rest(changes, parameters)
    assert is_found
    assert node_v == pytest.approx(-0.084, abs=0.002)


def test_an_axon_in_little_potassium_rests_lower(changes: AxonChanges, parameters: Parameters) -> None:
    node_v, is_found = rest(replace(changes, potassium_out_mol_per_l=0.0019), parameters)
    assert is_found
    assert (node_v < rest(changes, parameters)[0]).all()


@pytest.mark.parametrize("persistent_sodium", [1.9, 2.0, 2.2])
def test_an_axon_that_cannot_stay_at_its_rest_has_one_that_no_last_digit_moves(
    persistent_sodium: float, changes: AxonChanges, parameters: Parameters
) -> None:
    restless = replace(changes, slow_potassium_scale=0.5)
    node_v, is_found = rest(replace(restless, persistent_sodium_scale=persistent_sodium), parameters)
    nearby_v, _ = rest(replace(restless, persistent_sodium_scale=persistent_sodium * (1 + 1e-12)), parameters)
    assert is_found
    assert nearby_v == pytest.approx(node_v, abs=1e-8)
