"""Force and motion of a simulation: what the muscles and an examiner make of the joint, and what sensors see of it.

A run of the loop has moved the joint already. What ectopic discharges add to it, and what failing junctions and axons
take away, is a torque of its own, which the joint answers in addition.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.signals import Channel
from twitchwise.simulate.firing import Firing
from twitchwise.simulate.limb import (
    InertialSensor,
    Joint,
    JointMotion,
    Skin,
    accelerometer,
    gyroscope,
    joint_motion,
    skin_displacement,
)
from twitchwise.simulate.loop import LoopMotion
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.twitches import TwitchCoefficients
from twitchwise.simulate.twitches.forces import Impulses, impulses_of
from twitchwise.simulate.twitches.muscle_and_tendon import muscle_and_tendon_force_n
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

FRAME_RATE_HZ = 1000.0  # of force and motion before they are sampled: the rate of the loop
WARM_UP_FRAMES = 3000  # by then the force of earlier discharges is over, and so is the swing of any joint
UNITS_AT_ONCE = 16  # numbers of units are filled up to a multiple, so that few shapes have to be compiled

MOTION_CHANNELS = (
    ("Force", ChannelKind.FORCE, Unit.NEWTON),
    ("Acc X", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
    ("Acc Y", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
    ("Acc Z", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
    ("Gyro X", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND),
    ("Gyro Y", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND),
    ("Gyro Z", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND),
    ("Skin", ChannelKind.DISPLACEMENT, Unit.METER),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Mechanics:
    """Everything that is needed to make force and motion.

    Parameters
    ----------
    coefficients
        Of the units that discharge.
    impulses
        All discharges that reach the muscle.
    central
        Discharges that the loop has moved the joint with; ``None`` where these are all there is.
    motion
        How the loop has moved it; ``None`` at rest.
    joint, sensor, skin
        What is moved, and what sees it.
    force_noise_n, represented_units
        Root mean square of the force sensor's noise; how many real units each simulated one stands for.
    seed
        Of the sensors' noise.
    """

    coefficients: TwitchCoefficients
    impulses: Impulses
    central: Impulses | None
    motion: LoopMotion | None
    joint: Joint
    sensor: InertialSensor
    skin: Skin
    force_noise_n: float
    represented_units: float
    seed: int

    @classmethod
    def of(cls, prepared: Prepared, firing: Firing, *, seed: int) -> "Mechanics":
        """Return the mechanics of a muscle and its discharges."""
        train, loop, parameters = firing.agonist, firing.loop, prepared.parameters
        central = None
        if loop is not None and not np.array_equal(loop.agonist.time_s, train.time_s[train.share == 1]):
            central = (loop.agonist.time_s, loop.agonist.unit)
        there = np.unique(train.unit if central is None else np.concatenate([train.unit, central[1]]))
        return cls(
            coefficients=_filled(prepared.twitches[0], there),
            impulses=impulses_of(train.time_s, np.searchsorted(there, train.unit), train.share),
            central=None if central is None else impulses_of(central[0], np.searchsorted(there, central[1])),
            motion=None if loop is None else loop.motion,
            joint=Joint.of(parameters),
            sensor=InertialSensor.of(parameters),
            skin=Skin.of(parameters),
            force_noise_n=parameters["force_sensor_noise"],
            represented_units=parameters["represented_units"],
            seed=seed,
        )

    @property
    def n_channels(self) -> int:
        """Number of channels, those of `MOTION_CHANNELS`."""
        return len(MOTION_CHANNELS)

    def block(self, first_sample: int, n_samples: int, sampling_rate_hz: float) -> FloatArray:
        """Return a stretch of all channels, shape ``(n_samples, n_channels)``."""
        time_s = np.arange(first_sample, first_sample + n_samples) / sampling_rate_hz
        start = max(int(time_s[0] * FRAME_RATE_HZ) - WARM_UP_FRAMES, 0)
        n_frames = int(np.ceil(time_s[-1] * FRAME_RATE_HZ)) + 1 - start
        frames = self._frames(start, n_frames)
        frame_s = (start + 1 + np.arange(n_frames)) / FRAME_RATE_HZ
        sampled = np.stack([np.interp(time_s, frame_s, column) for column in frames.T], axis=1)
        return sampled + self._noise(first_sample, n_samples)

    def _frames(self, start: int, n_frames: int) -> FloatArray:
        """Return every channel without noise at the ends of frames, shape ``(n_frames, n_channels)``."""
        contractile_n, tendon_n = self._forces_n(self.impulses, start, n_frames)
        silent = replace(self.sensor, accelerometer_noise_mps2=0.0, gyroscope_noise_radps=0.0)
        motion, chance = self._moved(tendon_n, start), np.random.default_rng(0)
        return np.column_stack(
            [
                self.represented_units * tendon_n,
                accelerometer(motion, silent, chance),
                gyroscope(motion, silent, chance),
                skin_displacement(contractile_n, FRAME_RATE_HZ, self.skin),
            ]
        )

    def _moved(self, tendon_n: FloatArray, start: int) -> JointMotion:
        if self.motion is None:
            return joint_motion(self.joint.moment_arm_m * tendon_n, FRAME_RATE_HZ, self.joint)
        moved = _part(self.motion.joint, start, tendon_n.size)
        if self.central is None:
            return moved
        known_n = self._forces_n(self.central, start, tendon_n.size)[1]
        added = joint_motion(self.joint.moment_arm_m * (tendon_n - known_n), FRAME_RATE_HZ, self.joint)
        return JointMotion(
            angle_rad=moved.angle_rad + added.angle_rad,
            velocity_radps=moved.velocity_radps + added.velocity_radps,
            acceleration_radps2=moved.acceleration_radps2 + added.acceleration_radps2,
            sampling_rate_hz=FRAME_RATE_HZ,
        )

    def _forces_n(self, impulses: Impulses, start: int, n_frames: int) -> tuple[FloatArray, FloatArray]:
        """Return force of the cross-bridges and at the tendon, from a start before which nothing is felt any more."""
        late = impulses.time_s - start / FRAME_RATE_HZ
        here = (late >= 0) & (late < n_frames / FRAME_RATE_HZ)
        shifted = Impulses(late[here], impulses.unit[here], impulses.share[here])
        return muscle_and_tendon_force_n(shifted, self.coefficients, n_frames)

    def _noise(self, first_sample: int, n_samples: int) -> FloatArray:
        chance = np.random.default_rng([self.seed, 6, first_sample])
        acceleration, turning = self.sensor.accelerometer_noise_mps2, self.sensor.gyroscope_noise_radps
        size = np.array([self.force_noise_n, *[acceleration] * 3, *[turning] * 3, 0.0])
        noise: FloatArray = chance.standard_normal((n_samples, size.size)) * size
        return noise


def mechanical_channels(n_samples: int, sampling_rate_hz: float) -> tuple[Channel, ...]:
    """Return the channels of force and motion."""
    return tuple(
        Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=sampling_rate_hz, n_samples=n_samples)
        for name, kind, unit in MOTION_CHANNELS
    )


def _filled(coefficients: TwitchCoefficients, units: IntArray) -> TwitchCoefficients:
    """Return the coefficients of some units, and of one of them again until their number is round."""
    n_filled = max(1, -(-units.size // UNITS_AT_ONCE)) * UNITS_AT_ONCE
    taken = np.resize(units if units.size else np.zeros(1, dtype=np.int64), n_filled)
    return TwitchCoefficients(*(cast("jax.Array", np.asarray(column)[taken]) for column in coefficients))


def _part(motion: JointMotion, start: int, n_frames: int) -> JointMotion:
    """Return a stretch of a motion; beyond its end the joint is taken to stay as it was."""
    frames = np.minimum(np.arange(start, start + n_frames), motion.angle_rad.size - 1)
    return JointMotion(
        angle_rad=motion.angle_rad[frames],
        velocity_radps=motion.velocity_radps[frames],
        acceleration_radps2=motion.acceleration_radps2[frames],
        sampling_rate_hz=FRAME_RATE_HZ,
    )
