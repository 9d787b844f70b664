"""The joint inside the loop swings, is held and is loaded as physics has it."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.limb import Joint, joint_motion
from twitchwise.simulate.loop.mechanics import JointNumbers, JointState, at_rest, moved


def _numbers(joint: Joint, *, held: float = 0.0) -> JointNumbers:
    return JointNumbers(
        *(
            jnp.asarray(value, dtype=jnp.float32)
            for value in (
                joint.loaded_inertia_kg_m2,
                joint.stiffness_nm_per_rad,
                joint.damping_nm_s_per_rad,
                joint.stiffness_per_torque,
                joint.load_torque_nm,
                joint.moment_arm_m,
                held,
            )
        )
    )


@jax.jit
def _stepped(numbers: JointNumbers, pulls: jax.Array, external: jax.Array, held: jax.Array) -> JointState:
    def step(now: JointState, given: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[JointState, JointState]:
        later = moved(now, *given, numbers)
        return later, later

    return jax.lax.scan(step, at_rest(), (pulls, external, held))[1]


def _moved(joint: Joint, pulls: np.ndarray, external: np.ndarray | float = 0.0, *, held: float = 0.0) -> JointState:
    n = len(pulls)
    held_angle = jnp.linspace(0, 0.1, n)
    return cast(
        "JointState", _stepped(_numbers(joint, held=held), jnp.asarray(pulls), jnp.zeros(n) + external, held_angle)
    )


@given(st.floats(3.0, 15.0), st.floats(0.02, 0.5))
def test_the_motion_is_that_of_the_exact_filter(frequency_hz: float, damping: float) -> None:
    inertia = 0.003
    stiffness = inertia * (2 * np.pi * frequency_hz) ** 2
    joint = Joint(
        inertia_kg_m2=inertia,
        stiffness_nm_per_rad=stiffness,
        damping_nm_s_per_rad=2 * damping * np.sqrt(inertia * stiffness),
        stiffness_per_torque=0.0,
        moment_arm_m=0.015,
        load_mass_kg=0.0,
        load_arm_m=0.07,
        sensor_arm_m=0.08,
    )
    time = np.arange(1000) * 1e-3
    torque = 0.1 * np.sin(2 * np.pi * 4 * time) ** 2
    mine = _moved(joint, torque[:, None])
    exact = joint_motion(torque, 1000.0, joint)
    # the loop applies the torque of a frame in all of it: half a frame late
    np.testing.assert_allclose(np.asarray(mine.angle)[1:], exact.angle_rad[1:], atol=0.04 * exact.angle_rad.max())


def test_agonist_antagonist_and_examiner_pull_their_ways(parameters: Mapping[str, float]) -> None:
    joint = Joint.of({**parameters, "joint_stiffness_per_torque": 0.0})
    flat = np.full((3000, 2), [0.5, 0.2])
    resting = np.asarray(_moved(joint, flat, -0.1).angle)[-1]
    assert resting == pytest.approx(0.2 / joint.stiffness_nm_per_rad, rel=1e-3)


def test_muscles_that_pull_stiffen_the_joint(parameters: Mapping[str, float]) -> None:
    joint = Joint.of({**parameters, "joint_stiffness_per_torque": 10.0})
    both = np.full((3000, 2), [1.0, 0.9])
    assert np.asarray(_moved(joint, both).angle)[-1] == pytest.approx(
        0.1 / (joint.stiffness_nm_per_rad + 19.0), rel=1e-3
    )


def test_a_load_pulls_the_limb_down(parameters: Mapping[str, float]) -> None:
    joint = Joint.of({**parameters, "load_mass": 1.0})
    angle = np.asarray(_moved(joint, np.zeros((4000, 1))).angle)[-1]
    assert angle == pytest.approx(-joint.load_torque_nm * np.cos(angle) / joint.stiffness_nm_per_rad, rel=2e-3)


def test_a_motor_sets_the_angle(parameters: Mapping[str, float]) -> None:
    held = _moved(Joint.of(parameters), np.full((1000, 1), 5.0), held=1.0)
    np.testing.assert_allclose(np.asarray(held.angle), np.linspace(0, 0.1, 1000), atol=1e-5)
    assert np.asarray(held.velocity)[500] == pytest.approx(0.1, rel=0.02)
