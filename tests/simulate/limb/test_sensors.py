"""Sensors read what physics says they feel, and the evoked thenar twitch as it was measured."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate.limb import (
    GRAVITY_MPS2,
    InertialSensor,
    JointMotion,
    Skin,
    accelerometer,
    fingertip_force,
    gyroscope,
    skin_acceleration,
    skin_displacement,
)
from twitchwise.vocabulary import OutOfRangeError

NO_CHANCE = np.random.default_rng(0)
SKIN = Skin(displacement_m_per_n=5e-4, resonance_hz=80.0)


@pytest.fixture(scope="module")
def parameters() -> Mapping[str, float]:
    knowledge = library()
    return {name: knowledge.value(name) for name in knowledge.parameters}


def _motion(angle: float, velocity: float = 0.0, acceleration: float = 0.0, n: int = 1) -> JointMotion:
    return JointMotion(
        angle_rad=np.full(n, angle),
        velocity_radps=np.full(n, velocity),
        acceleration_radps2=np.full(n, acceleration),
        sampling_rate_hz=100.0,
    )


@given(st.floats(-3.0, 3.0))
def test_a_still_sensor_reads_gravity_whatever_its_angle(angle: float) -> None:
    read = accelerometer(_motion(angle), InertialSensor(arm_m=0.1), NO_CHANCE)[0]
    assert np.linalg.norm(read) == pytest.approx(GRAVITY_MPS2)
    assert read[1] == pytest.approx(GRAVITY_MPS2 * np.cos(angle))


def test_a_turning_sensor_reads_tangential_and_centripetal_acceleration() -> None:
    sensor = InertialSensor(arm_m=0.1, level=False)
    read = accelerometer(_motion(0.3, velocity=2.0, acceleration=5.0), sensor, NO_CHANCE)[0]
    assert read == pytest.approx([-0.4, 0.5, GRAVITY_MPS2])


def test_a_gyroscope_reads_the_velocity_about_the_joint_s_axis() -> None:
    read = gyroscope(_motion(0.0, velocity=2.0), InertialSensor(arm_m=0.1), NO_CHANCE)
    assert read.tolist() == [[0.0, 0.0, 2.0]]


def test_noise_has_the_size_asked_for() -> None:
    sensor = InertialSensor(arm_m=0.0, accelerometer_noise_mps2=0.02, gyroscope_noise_radps=0.003)
    still = _motion(0.0, n=20_000)
    assert accelerometer(still, sensor, np.random.default_rng(1)).std(axis=0) == pytest.approx([0.02] * 3, rel=0.03)
    assert gyroscope(still, sensor, np.random.default_rng(1)).std(axis=0) == pytest.approx([0.003] * 3, rel=0.03)
    force = fingertip_force(np.zeros(20_000), 0.05, 0.01, np.random.default_rng(1))
    assert force.std() == pytest.approx(0.01, rel=0.03)


def test_a_fingertip_presses_with_the_torque_over_its_arm() -> None:
    assert fingertip_force(np.array([0.1, 0.2]), 0.05, 0.0, NO_CHANCE).tolist() == pytest.approx([2.0, 4.0])


def test_skin_settles_where_the_force_holds_it_without_overshoot() -> None:
    force = np.concatenate([np.zeros(10), np.full(490, 2.0)])
    bulge = skin_displacement(force, 1000.0, SKIN)
    assert bulge[-1] == pytest.approx(1e-3, rel=1e-6)
    assert bulge.max() <= 1e-3 * (1 + 1e-9)
    assert not bulge[:10].any()


def test_skin_starts_where_the_first_force_holds_it() -> None:
    np.testing.assert_allclose(skin_displacement(np.full(20, 2.0), 1000.0, SKIN), 1e-3)
    assert skin_displacement(np.zeros(0), 1000.0, SKIN).size == 0


def test_the_acceleration_of_the_skin_is_that_of_its_displacement() -> None:
    time = np.arange(5000) / 5000
    acceleration = skin_acceleration(1 - np.cos(2 * np.pi * 4 * time), 5000.0, SKIN)
    assert acceleration[2500:].max() == pytest.approx(5e-4 * (2 * np.pi * 4) ** 2, rel=0.02)


def test_an_evoked_thenar_twitch_shakes_the_skin_as_measured(parameters: Mapping[str, float]) -> None:
    """Barry 1992: onset 5.7 +- 0.6 ms after the stimulus of the nerve, 6.5 +- 2.4 m/s2 from peak to peak."""
    from twitchwise.simulate.engine import jax, jnp  # noqa: PLC0415
    from twitchwise.simulate.twitches import state as twitches  # noqa: PLC0415
    from twitchwise.simulate.units import draw_units  # noqa: PLC0415

    rate_hz = 8000.0
    units = draw_units(parameters, 100, np.random.default_rng(1))
    coefficients = jax.tree.map(jnp.asarray, twitches.coefficients_of(units, parameters))
    velocity = units.axon_velocity_mps
    delay_s = parameters["distal_motor_latency"] + parameters["stimulus_distance"] * (1 / velocity - 1 / velocity.max())
    released = np.zeros((800, 100), dtype=np.float32)
    released[np.rint(delay_s * rate_hz).astype(int), np.arange(100)] = 1

    @jax.jit
    def pulled(trains: jax.Array) -> jax.Array:
        def step(now: twitches.TwitchState, discharged: jax.Array) -> tuple[twitches.TwitchState, jax.Array]:
            later = twitches.advance(now, discharged, coefficients, 1 / rate_hz)
            return later, twitches.contractile_force_n(later, coefficients).sum()

        return jax.lax.scan(step, twitches.at_rest(coefficients), trains)[1]

    force = np.asarray(pulled(jnp.asarray(released)), dtype=np.float64)
    acceleration = skin_acceleration(force, rate_hz, Skin.of(parameters))
    size = np.ptp(acceleration)
    onset_s = np.flatnonzero(np.abs(acceleration) > 0.02 * size)[0] / rate_hz  # what an averaged trace shows
    assert 4.1 <= size <= 8.9
    assert onset_s == pytest.approx(0.0057, abs=0.0006)


@pytest.mark.parametrize("name", ["sensor_arm", "accelerometer_noise", "gyroscope_noise"])
def test_a_sensor_with_a_negative_number_is_refused(parameters: Mapping[str, float], name: str) -> None:
    with pytest.raises(OutOfRangeError, match=r"at least 0"):
        InertialSensor.of({**parameters, name: -1.0})


def test_a_sampling_rate_that_cannot_be_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="sampling_rate_hz"):
        skin_displacement(np.zeros(10), 0.0, SKIN)


@pytest.mark.parametrize("rate_hz", [60.0, 500.0, 20_000.0])
def test_skin_moves_alike_at_any_sampling_rate(rate_hz: float) -> None:
    time = np.arange(round(rate_hz)) / rate_hz
    bulge = skin_displacement(np.minimum(time, 0.5), rate_hz, SKIN)
    lag_s = 2 / (2 * np.pi * SKIN.resonance_hz)  # of a ramp, in a critically damped system
    assert np.interp(0.4, time, bulge) == pytest.approx(5e-4 * (0.4 - lag_s), rel=1e-3)


@pytest.mark.parametrize(("displacement", "resonance"), [(-1.0, 80.0), (1e-3, 0.0)])
def test_skin_that_cannot_be_is_refused(displacement: float, resonance: float) -> None:
    with pytest.raises(OutOfRangeError):
        Skin(displacement_m_per_n=displacement, resonance_hz=resonance)
