"""The joint's motion solves its equation of motion."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate.limb import GRAVITY_MPS2, Joint, JointMotion, joint_motion
from twitchwise.vocabulary import OutOfRangeError

HAND = Joint(
    inertia_kg_m2=0.003,
    stiffness_nm_per_rad=8.0,
    damping_nm_s_per_rad=0.03,
    stiffness_per_torque=0.0,
    moment_arm_m=0.015,
    load_mass_kg=0.0,
    load_arm_m=0.07,
    sensor_arm_m=0.08,
)


@pytest.fixture(scope="module")
def parameters() -> Mapping[str, float]:
    knowledge = library()
    return {name: knowledge.value(name) for name in knowledge.parameters}


def test_the_healthy_hand_resonates_at_eight_hertz(parameters: Mapping[str, float]) -> None:
    assert Joint.of(parameters).resonance_hz == pytest.approx(8.0, abs=0.1)


@given(st.floats(0.5, 20.0), st.floats(0.0, 0.2), st.floats(500.0, 4000.0))
def test_inertia_damping_and_stiffness_take_up_the_torque(
    frequency_hz: float, damping: float, sampling_rate_hz: float
) -> None:
    joint = replace(HAND, damping_nm_s_per_rad=damping)
    time = np.arange(round(sampling_rate_hz)) / sampling_rate_hz
    torque = 0.2 * np.sin(2 * np.pi * frequency_hz * time)
    motion = joint_motion(torque, sampling_rate_hz, joint)
    taken = (
        joint.loaded_inertia_kg_m2 * motion.acceleration_radps2
        + joint.damping_nm_s_per_rad * motion.velocity_radps
        + joint.stiffness_nm_per_rad * motion.angle_rad
    )
    np.testing.assert_allclose(taken, torque, atol=1e-7)


def test_velocity_and_acceleration_are_derivatives_of_the_angle() -> None:
    time = np.arange(4000) / 4000.0
    motion = joint_motion(0.1 * (1 - np.cos(2 * np.pi * 3 * time)), 4000.0, HAND)
    np.testing.assert_allclose(np.gradient(motion.angle_rad, 1 / 4000)[2:-2], motion.velocity_radps[2:-2], atol=3e-4)
    np.testing.assert_allclose(
        np.gradient(motion.velocity_radps, 1 / 4000)[2:-2], motion.acceleration_radps2[2:-2], atol=3e-2
    )


def test_a_step_is_followed_as_the_closed_form_has_it() -> None:
    torque = np.concatenate([[0.0], np.full(999, 0.4)])
    angle = joint_motion(torque, 10_000.0, HAND).angle_rad
    turn = np.sqrt(HAND.stiffness_nm_per_rad / HAND.inertia_kg_m2)
    share = HAND.damping_nm_s_per_rad / (2 * HAND.inertia_kg_m2 * turn)
    swing, time = turn * np.sqrt(1 - share**2), (np.arange(1000) - 0.5) / 10_000  # a ramp of one sample is half late
    exact = 0.05 * (
        1 - np.exp(-share * turn * time) * (np.cos(swing * time) + share * turn / swing * np.sin(swing * time))
    )
    np.testing.assert_allclose(angle[1:], exact[1:], atol=2e-6)


def test_a_constant_torque_is_held() -> None:
    motion = joint_motion(np.full(50, 0.4), 1000.0, HAND)
    np.testing.assert_allclose(motion.angle_rad, 0.05)
    np.testing.assert_allclose(motion.velocity_radps, 0.0, atol=1e-9)


def test_a_load_adds_inertia_and_weight() -> None:
    loaded = replace(HAND, load_mass_kg=1.0)
    assert loaded.loaded_inertia_kg_m2 == pytest.approx(0.003 + 0.07**2)
    assert loaded.load_torque_nm == pytest.approx(0.07 * GRAVITY_MPS2)
    assert HAND.resonance_hz - loaded.resonance_hz > 1.0


@pytest.mark.parametrize("name", ["inertia_kg_m2", "stiffness_nm_per_rad", "moment_arm_m"])
def test_a_joint_without_is_refused(name: str) -> None:
    with pytest.raises(OutOfRangeError, match=name):
        replace(HAND, **{name: 0.0})


def test_negative_damping_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="damping"):
        replace(HAND, damping_nm_s_per_rad=-0.1)


@pytest.mark.parametrize(("torque", "rate_hz"), [(np.zeros(0), 100.0), (np.zeros((2, 2)), 100.0), (np.zeros(5), 0.0)])
def test_a_torque_that_cannot_be_filtered_is_refused(torque: np.ndarray, rate_hz: float) -> None:
    with pytest.raises(OutOfRangeError):
        joint_motion(torque, rate_hz, HAND)


def test_a_motion_has_arrays_of_one_shape() -> None:
    with pytest.raises(OutOfRangeError, match="one shape"):
        JointMotion(
            angle_rad=np.zeros(3), velocity_radps=np.zeros(3), acceleration_radps2=np.zeros(2), sampling_rate_hz=100.0
        )
