"""Sensors on a limb: accelerometer, gyroscope, fingertip force, and the skin over a muscle as a camera sees it.

An accelerometer on a joint that turns in a plane feels its tangential and centripetal acceleration, and gravity turned
into its own axes. The skin follows the contractile force of the muscle below as a critically damped mass on a spring;
how far is set by the acceleration of evoked hand twitches (Barry 1992, PMID 1541245).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from scipy import signal

from twitchwise.simulate.limb.joint import GRAVITY_MPS2, JointMotion
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

N_AXES = 3
FILTERS_KEPT = 32  # of skins: they differ in little, and are asked for again and again


@dataclass(frozen=True, kw_only=True, slots=True)
class InertialSensor:
    """A sensor fixed to the limb.

    Its first axis points along the limb, away from the joint; its second where the agonist turns the limb; its third
    along the joint's axis.

    Parameters
    ----------
    arm_m
        Distance from the joint's axis, at least 0.
    accelerometer_noise_mps2, gyroscope_noise_radps
        Root mean square of the noise of each axis, at least 0.
    level
        Whether the joint's axis is level, so that the agonist lifts the limb; else the limb turns in the level plane.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    arm_m: float
    accelerometer_noise_mps2: float = 0.0
    gyroscope_noise_radps: float = 0.0
    level: bool = True

    def __post_init__(self) -> None:
        """Refuse numbers below 0."""
        require_not_negative("arm_m", self.arm_m)
        require_not_negative("accelerometer_noise_mps2", self.accelerometer_noise_mps2)
        require_not_negative("gyroscope_noise_radps", self.gyroscope_noise_radps)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "InertialSensor":
        """Return the sensor that the parameters describe, on a joint whose axis is level."""
        return cls(
            arm_m=parameters["sensor_arm"],
            accelerometer_noise_mps2=parameters["accelerometer_noise"],
            gyroscope_noise_radps=parameters["gyroscope_noise"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Skin:
    """The skin over a muscle.

    Parameters
    ----------
    displacement_m_per_n
        Bulge for each newton of contractile force, at least 0.
    resonance_hz
        Frequency up to which the skin follows the muscle, above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    displacement_m_per_n: float
    resonance_hz: float

    def __post_init__(self) -> None:
        """Refuse numbers that no skin can have."""
        require_not_negative("displacement_m_per_n", self.displacement_m_per_n)
        require_positive("resonance_hz", self.resonance_hz)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Skin":
        """Return the skin that the parameters describe."""
        return cls(
            displacement_m_per_n=parameters["skin_displacement_per_newton"], resonance_hz=parameters["skin_resonance"]
        )


def accelerometer(motion: JointMotion, sensor: InertialSensor, generator: np.random.Generator) -> FloatArray:
    """Return what an accelerometer on the limb reads, gravity included.

    Parameters
    ----------
    motion
        How the joint moves, ``n`` samples.
    sensor
        Where it is and how noisy.
    generator
        Source of the noise.

    Returns
    -------
    FloatArray
        m/s2, shape ``(n, 3)``; at rest and level it reads gravity upward, positive on the second axis.

    Examples
    --------
    >>> import numpy as np
    >>> zero = np.zeros(2)
    >>> still = JointMotion(angle_rad=zero, velocity_radps=zero, acceleration_radps2=zero, sampling_rate_hz=100.0)
    >>> accelerometer(still, InertialSensor(arm_m=0.1), np.random.default_rng(0))[0].round(3).tolist()
    [0.0, 9.807, 0.0]
    """
    outward = -sensor.arm_m * motion.velocity_radps**2
    tangential = sensor.arm_m * motion.acceleration_radps2
    level = np.zeros_like(outward)
    if sensor.level:
        outward = outward + GRAVITY_MPS2 * np.sin(motion.angle_rad)
        tangential = tangential + GRAVITY_MPS2 * np.cos(motion.angle_rad)
    else:
        level = level + GRAVITY_MPS2
    return _noisy(np.stack([outward, tangential, level], axis=1), sensor.accelerometer_noise_mps2, generator)


def gyroscope(motion: JointMotion, sensor: InertialSensor, generator: np.random.Generator) -> FloatArray:
    """Return what a gyroscope on the limb reads, in rad/s, shape ``(n_samples, 3)``; the joint turns its third axis."""
    zero = np.zeros_like(motion.velocity_radps)
    return _noisy(np.stack([zero, zero, motion.velocity_radps], axis=1), sensor.gyroscope_noise_radps, generator)


def fingertip_force(
    muscle_torque_nm: FloatArray, arm_m: float, noise_n: float, generator: np.random.Generator
) -> FloatArray:
    """Return the force with which a fingertip presses on a sensor that does not give way.

    Parameters
    ----------
    muscle_torque_nm
        Net torque of the muscles, shape ``(n_samples,)``.
    arm_m
        Distance of the fingertip from the axis, above 0.
    noise_n
        Root mean square of the noise, at least 0.
    generator
        Source of the noise.

    Returns
    -------
    FloatArray
        N, shape ``(n_samples,)``.

    Raises
    ------
    OutOfRangeError
        If the arm is not above 0 or the noise is below 0.
    """
    require_positive("arm_m", arm_m)
    require_not_negative("noise_n", noise_n)
    return _noisy(np.asarray(muscle_torque_nm, dtype=np.float64) / arm_m, noise_n, generator)


def skin_displacement(contractile_force_n: FloatArray, sampling_rate_hz: float, skin: Skin) -> FloatArray:
    """Return how far the skin over a muscle bulges, as a camera or a laser sees it.

    Parameters
    ----------
    contractile_force_n
        Force of the cross-bridges of the muscle below, before any tendon, shape ``(n_samples,)``; starts at its rest.
    sampling_rate_hz
        Samples per second, above 0.
    skin
        What lies over the muscle.

    Returns
    -------
    FloatArray
        m, shape ``(n_samples,)``; settles at the force times the skin's displacement for each newton.

    Raises
    ------
    OutOfRangeError
        If the sampling rate is not above 0.
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    force = np.asarray(contractile_force_n, dtype=np.float64)
    return skin.displacement_m_per_n * _followed(force, sampling_rate_hz, skin)


def skin_acceleration(contractile_force_n: FloatArray, sampling_rate_hz: float, skin: Skin) -> FloatArray:
    """Return the acceleration of the skin over a muscle in m/s2, as a light sensor taped to it feels; see the above."""
    displacement = skin_displacement(contractile_force_n, sampling_rate_hz, skin)
    velocity = np.gradient(displacement, 1 / sampling_rate_hz)
    return cast("FloatArray", np.gradient(velocity, 1 / sampling_rate_hz))


def _followed(force: FloatArray, sampling_rate_hz: float, skin: Skin) -> FloatArray:
    """Return a force as a critically damped mass on a spring follows it: exact for straight lines between samples."""
    numerator, denominator = _follower(skin.resonance_hz, sampling_rate_hz)
    start = signal.lfilter_zi(numerator, denominator) * force[:1].sum()
    return cast("FloatArray", signal.lfilter(numerator, denominator, force, zi=start)[0])


@lru_cache(maxsize=FILTERS_KEPT)
def _follower(resonance_hz: float, sampling_rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return numerator and denominator of a critically damped mass on a spring."""
    turn = 2 * math.pi * resonance_hz
    system: tuple[FloatArray, FloatArray, FloatArray, FloatArray] = (
        np.array([[0.0, 1.0], [-(turn**2), -2 * turn]]),
        np.array([[0.0], [turn**2]]),
        np.array([[1.0, 0.0]]),
        np.zeros((1, 1)),
    )
    a, b, c, d, _ = signal.cont2discrete(system, 1 / sampling_rate_hz, method="foh")
    (numerator,), denominator = signal.ss2tf(a, b, c, d)
    return numerator, denominator


def _noisy(values: FloatArray, noise: float, generator: np.random.Generator) -> FloatArray:
    return values + noise * generator.standard_normal(values.shape) if noise else values
