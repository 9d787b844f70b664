"""Pools, settings and runs that several tests look at."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from twitchwise.knowledge import library
from twitchwise.simulate.loop import LoopResult, LoopSettings, run
from twitchwise.simulate.units import MotorUnits, draw_units

Parameters = Mapping[str, float]
Runner = Callable[..., LoopResult]

N_UNITS = 64
WRIST = {"twitch_peak_force": 0.6}  # 64 units stand for the few hundred of the wrist's muscles
ANKLE = {
    "twitch_peak_force": 5.0,  # 64 units stand for the several hundred of soleus
    "twitch_contraction_time": 0.1124,
    "twitch_half_relaxation_time": 0.0996,
    "discharge_rate_most_hz": 20.0,
    "reflex_delay": 0.042,
    "joint_inertia": 0.02,
    "joint_stiffness": 45.0,
    "joint_damping": 0.4,
    "joint_stiffness_per_torque": 0.0,
    "moment_arm": 0.05,
    "load_arm": 0.15,
    "stretch_reflex_threshold": 0.3,
    "tap_strength": 30.0,
}


def drawn(parameters: Parameters, seed: int = 5, n_units: int = N_UNITS) -> MotorUnits:
    return draw_units(parameters, n_units, np.random.default_rng(seed))


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    knowledge = library()
    return {name: knowledge.value(name) for name in knowledge.parameters}


@pytest.fixture(scope="session")
def units(parameters: Parameters) -> MotorUnits:
    return drawn(parameters)


@pytest.fixture(scope="session")
def one_muscle(parameters: Parameters, units: MotorUnits) -> Runner:
    """Run a hand muscle without an antagonist."""

    def runner(duration_s: float, *, seed: int = 1, **changes: float) -> LoopResult:
        return run(LoopSettings.of({**parameters, **changes}), units, duration_s=duration_s, seed=seed)

    return runner


@pytest.fixture(scope="session")
def wrist(parameters: Parameters) -> Runner:
    """Run the two muscles of a wrist."""
    pools = drawn({**parameters, **WRIST}, 5), drawn({**parameters, **WRIST}, 6)

    def runner(duration_s: float, *, seed: int = 1, **changes: float) -> LoopResult:
        return run(LoopSettings.of({**parameters, **WRIST, **changes}), *pools, duration_s=duration_s, seed=seed)

    return runner


@pytest.fixture(scope="session")
def ankle(parameters: Parameters) -> Runner:
    """Run the calf muscle at the ankle."""
    pool = drawn({**parameters, **ANKLE})

    def runner(duration_s: float, *, seed: int = 1, **changes: float) -> LoopResult:
        return run(LoopSettings.of({**parameters, **ANKLE, **changes}), pool, duration_s=duration_s, seed=seed)

    return runner
