"""Healthy junctions, and junctions changed the way diseases change them."""

from collections.abc import Callable, Mapping

import pytest

from twitchwise.knowledge import library
from twitchwise.simulate.junction import Junction

DISEASES: Mapping[str, Mapping[str, float]] = {
    "healthy": {},
    "myasthenia gravis": {"quantum_size": 0.45, "endplate_threshold": 1.2, "junction_fiber_spread": 1.75},
    "receptor deficiency": {"quantum_size": 0.36},
    "Lambert-Eaton syndrome": {"quantal_content": 0.425, "release_probability": 0.4},
    "botulism": {
        "release_probability": 0.2,
        "release_store_recovery_time": 0.4,
        "release_facilitation": 0.4,
        "release_augmentation": 0.1,
        "release_potentiation": 0.4,
        "potentiation_time": 6.0,
        "release_reserve_loss": 0.0,
    },
    "slow channels, long": {"endplate_decay_time": 8.68},
    "slow channels, less long": {"endplate_decay_time": 3.84},
    "poisoned cholinesterase": {"endplate_decay_time": 8.0, "endplate_threshold": 1.3},
}
"""What each disease multiplies."""

MakeJunction = Callable[..., Junction]


@pytest.fixture(scope="session")
def diseases() -> Mapping[str, Mapping[str, float]]:
    """What each disease multiplies, by parameter."""
    return DISEASES


@pytest.fixture(scope="session")
def parameters() -> dict[str, float]:
    """Healthy values by id."""
    return {name: parameter.value.value for name, parameter in library().parameters.items()}


@pytest.fixture(scope="session")
def junction_in(parameters: dict[str, float]) -> MakeJunction:
    """Make a junction by disease, with parameters that go before."""

    def make(disease: str = "healthy", **values: float) -> Junction:
        scaled = {name: parameters[name] * factor for name, factor in DISEASES[disease].items()}
        return Junction.of({**parameters, **scaled, **values})

    return make
