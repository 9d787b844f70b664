from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from twitchwise.knowledge import library
from twitchwise.simulate.muscle.layout import Layout, UnitFibers
from twitchwise.vocabulary.arrays import FloatArray, IntArray


@pytest.fixture(scope="session")
def parameters() -> Mapping[str, float]:
    return {name: parameter.value.value for name, parameter in library().parameters.items()}


@dataclass(frozen=True, kw_only=True)
class _Units:
    n_fibers: IntArray
    fiber_velocity_mps: FloatArray


@pytest.fixture(scope="session")
def units() -> Callable[..., UnitFibers]:
    return _Units


def _bundle(velocity_mps: float, *, n_fibers: int = 20, depth_m: float = 3e-3, half_m: float = 0.06) -> Layout:
    """Return one unit whose fibers lie in a small bundle, with everything under the test's control."""
    chance = np.random.default_rng(0)

    def around(middle: float, spread: float) -> FloatArray:
        return middle + spread * chance.uniform(-1, 1, n_fibers)

    return Layout(
        first_fiber=np.array([0, n_fibers]),
        across_m=around(0.0, 1e-3),
        depth_m=around(depth_m, 1e-3),
        endplate_m=around(0.0, 2e-3),
        left_end_m=around(-half_m, 2e-3),
        right_end_m=around(half_m, 2e-3),
        diameter_m=around(5.5e-5, 5e-6),
        velocity_mps=around(velocity_mps, 0.0),
    )


@pytest.fixture(scope="session")
def bundle() -> Callable[..., Layout]:
    return _bundle
