"""A joint with one degree of freedom: inertia, stiffness, damping, and a load; torque in, motion out.

The exact solution of ``I a + B w + K q = torque`` for torque that runs in straight lines between samples: the discrete
system of the same response (first-order hold), applied as a recursive filter. Hand tremor is mostly the resonance of
such a system (Lakie et al. 2015, doi:10.1113/JP270464).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

import numpy as np
from scipy import signal

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

GRAVITY_MPS2 = 9.80665  # the standard acceleration of free fall, exact by definition


@dataclass(frozen=True, kw_only=True, slots=True)
class Joint:
    """What sets how a torque moves a joint.

    Parameters
    ----------
    inertia_kg_m2
        Moment of inertia of the limb part about the joint, without load, above 0.
    stiffness_nm_per_rad
        Elastic torque for an angle, above 0.
    damping_nm_s_per_rad
        Viscous torque for an angular velocity, at least 0.
    stiffness_per_torque
        By how much a torque of the muscles stiffens the joint: N m/rad for each N m, at least 0.
    moment_arm_m
        Distance of the tendon from the axis, above 0; times the real units that each simulated one stands for.
    load_mass_kg, load_arm_m
        A mass and how far from the axis it is fixed, at least 0.
    sensor_arm_m
        Distance of a sensor from the axis, at least 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> hand = Joint(
    ...     inertia_kg_m2=0.003, stiffness_nm_per_rad=8.0, damping_nm_s_per_rad=0.03, stiffness_per_torque=0.0,
    ...     moment_arm_m=0.012, load_mass_kg=0.0, load_arm_m=0.07, sensor_arm_m=0.08,
    ... )
    >>> round(hand.resonance_hz, 2)
    8.22
    """

    inertia_kg_m2: float
    stiffness_nm_per_rad: float
    damping_nm_s_per_rad: float
    stiffness_per_torque: float
    moment_arm_m: float
    load_mass_kg: float
    load_arm_m: float
    sensor_arm_m: float

    def __post_init__(self) -> None:
        """Refuse numbers that no joint can have."""
        for name in ("inertia_kg_m2", "stiffness_nm_per_rad", "moment_arm_m"):
            require_positive(name, getattr(self, name))
        for field in fields(self):
            require_not_negative(field.name, getattr(self, field.name))

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Joint":
        """Return the joint that the parameters describe."""
        return cls(
            inertia_kg_m2=parameters["joint_inertia"],
            stiffness_nm_per_rad=parameters["joint_stiffness"],
            damping_nm_s_per_rad=parameters["joint_damping"],
            stiffness_per_torque=parameters["joint_stiffness_per_torque"],
            moment_arm_m=parameters["moment_arm"] * parameters["represented_units"],
            load_mass_kg=parameters["load_mass"],
            load_arm_m=parameters["load_arm"],
            sensor_arm_m=parameters["sensor_arm"],
        )

    @property
    def loaded_inertia_kg_m2(self) -> float:
        """Moment of inertia with the load."""
        return self.inertia_kg_m2 + self.load_mass_kg * self.load_arm_m**2

    @property
    def load_torque_nm(self) -> float:
        """Torque of the load's weight where its lever is level."""
        return self.load_mass_kg * GRAVITY_MPS2 * self.load_arm_m

    @property
    def resonance_hz(self) -> float:
        """Frequency at which the undamped joint swings, ``sqrt(K / I) / 2 pi``."""
        return math.sqrt(self.stiffness_nm_per_rad / self.loaded_inertia_kg_m2) / (2 * math.pi)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class JointMotion:
    """How a joint moved; every array has shape ``(n_samples,)``, positive where the agonist pulls.

    Parameters
    ----------
    angle_rad, velocity_radps, acceleration_radps2
        Angle from where the unloaded joint rests, and its first two derivatives.
    sampling_rate_hz
        Samples per second, above 0.

    Raises
    ------
    OutOfRangeError
        If the shapes differ, or the sampling rate is not above 0.
    """

    angle_rad: FloatArray
    velocity_radps: FloatArray
    acceleration_radps2: FloatArray
    sampling_rate_hz: float

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        shapes = {array.shape for array in (self.angle_rad, self.velocity_radps, self.acceleration_radps2)}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise OutOfRangeError(f"the arrays of a motion must have one shape (n_samples,), got {sorted(shapes)!r}.")


def joint_motion(torque_nm: FloatArray, sampling_rate_hz: float, joint: Joint) -> JointMotion:
    """Return how a torque moves a joint.

    Parameters
    ----------
    torque_nm
        Net torque in N m, shape ``(n_samples,)``; the joint starts at rest where the first of them holds it.
    sampling_rate_hz
        Samples per second, above 0.
    joint
        What is moved. Its stiffness stays that of relaxed muscle.

    Returns
    -------
    JointMotion
        Exact for torque that runs in straight lines between samples.

    Raises
    ------
    OutOfRangeError
        If the sampling rate is not above 0, or there is no sample.

    Examples
    --------
    >>> import numpy as np
    >>> joint = Joint(
    ...     inertia_kg_m2=0.003, stiffness_nm_per_rad=8.0, damping_nm_s_per_rad=0.03, stiffness_per_torque=0.0,
    ...     moment_arm_m=0.012, load_mass_kg=0.0, load_arm_m=0.07, sensor_arm_m=0.08,
    ... )
    >>> joint_motion(np.full(100, 0.4), 1000.0, joint).angle_rad[-1].round(6).item()
    0.05
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    torque = np.asarray(torque_nm, dtype=np.float64)
    if torque.ndim != 1 or torque.size == 0:
        raise OutOfRangeError(f"torque_nm must have shape (n_samples,) with a sample, got shape {torque.shape!r}.")
    numerators, denominator = _filters(joint, sampling_rate_hz)
    angle, velocity, acceleration = (_settled(numerator, denominator, torque) for numerator in numerators)
    return JointMotion(
        angle_rad=angle, velocity_radps=velocity, acceleration_radps2=acceleration, sampling_rate_hz=sampling_rate_hz
    )


def _filters(joint: Joint, sampling_rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return the numerators of angle, velocity and acceleration, shape ``(3, 3)``, and their denominator, ``(3,)``."""
    inertia = joint.loaded_inertia_kg_m2
    slope = [-joint.stiffness_nm_per_rad / inertia, -joint.damping_nm_s_per_rad / inertia]
    system = (
        np.array([[0.0, 1.0], slope]),
        np.array([[0.0], [1 / inertia]]),
        np.array([[1.0, 0.0], [0.0, 1.0], slope]),
        np.array([[0.0], [0.0], [1 / inertia]]),
    )
    a, b, c, d, _ = signal.cont2discrete(system, 1 / sampling_rate_hz, method="foh")
    return cast("tuple[FloatArray, FloatArray]", signal.ss2tf(a, b, c, d))


def _settled(numerator: FloatArray, denominator: FloatArray, torque: FloatArray) -> FloatArray:
    start = signal.lfilter_zi(numerator, denominator) * torque[0]
    return cast("FloatArray", signal.lfilter(numerator, denominator, torque, zi=start)[0])
