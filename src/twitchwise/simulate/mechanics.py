"""Force and motion of a simulation: what the muscles and an examiner make of the joint, and what sensors see of it.

A run of the loop has moved the joint already. What ectopic discharges add to it, and what failing junctions and axons
take away, is a torque of its own, which the joint answers in addition. Only units whose discharges that changes are
stepped again.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.signals import Channel
from twitchwise.simulate.firing import FROM_THE_CELL_BODY, Firing, MuscleDischarges
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
from twitchwise.simulate.loop import LoopMotion, LoopResult
from twitchwise.simulate.loop.run import OpenMotion
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.twitches import TwitchCoefficients
from twitchwise.simulate.twitches.forces import Impulses, impulses_of
from twitchwise.simulate.twitches.muscle_and_tendon import muscle_and_tendon_force_n
from twitchwise.simulate.twitches.sums import filled_size
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

FRAME_RATE_HZ = 1000.0  # of force and motion before they are sampled: the rate of the loop
WARM_UP_FRAMES = 3000  # by then the force of earlier discharges is over, and so is the swing of any joint

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
class Pull:
    """Units that are stepped, and their discharges, numbered among them.

    Parameters
    ----------
    coefficients
        Of the units; one with a tetanic force below 0 is taken away.
    impulses
        Their discharges.
    """

    coefficients: TwitchCoefficients
    impulses: Impulses

    @classmethod
    def of(cls, train: MuscleDischarges, twitches: TwitchCoefficients) -> "Pull":
        """Return all discharges of a muscle."""
        there = np.unique(train.unit) if len(train) else np.zeros(1, dtype=np.int64)
        impulses = impulses_of(train.time_s, np.searchsorted(there, train.unit), train.share)
        return cls(coefficients=_filled(_picked(twitches, there)), impulses=impulses)

    @classmethod
    def beyond(cls, loop: LoopResult, train: MuscleDischarges, twitches: TwitchCoefficients) -> "Pull | None":
        """Return what a muscle's discharges give beyond those of the loop, None where both are the same."""
        units = _changed(loop, train, np.size(twitches.content))
        if not units.size:
            return None
        ours, theirs = np.isin(train.unit, units), np.isin(loop.agonist.unit, units)
        # what is taken away begins a block of the sum, so that it is rounded as it was in the loop
        half = filled_size(units.size)
        missing = half + np.searchsorted(units, loop.agonist.unit[theirs])
        coefficients = _picked(_filled(_picked(twitches, units)), np.tile(np.arange(half), 2))
        tetanic_n = np.asarray(coefficients.tetanic_n) * np.repeat([1.0, -1.0], half)
        return cls(
            coefficients=coefficients._replace(tetanic_n=cast("jax.Array", tetanic_n)),
            impulses=impulses_of(
                np.concatenate([train.time_s[ours], loop.agonist.time_s[theirs]]),
                np.concatenate([np.searchsorted(units, train.unit[ours]), missing]),
                np.concatenate([train.share[ours], np.ones(missing.size)]),
            ),
        )

    def forces_n(self, start: int, n_frames: int) -> FloatArray:
        """Return force of the cross-bridges and at the tendon, shape ``(2, n_frames)``.

        What was before the start is taken to be felt no more.
        """
        late = self.impulses.time_s - start / FRAME_RATE_HZ
        here = (late >= 0) & (late < n_frames / FRAME_RATE_HZ)
        shifted = Impulses(late[here], self.impulses.unit[here], self.impulses.share[here])
        return np.stack(muscle_and_tendon_force_n(shifted, self.coefficients, n_frames))


@dataclass(frozen=True, kw_only=True, eq=False)
class Mechanics:
    """Everything that is needed to make force and motion.

    Parameters
    ----------
    pull
        All discharges that reach the muscle; ``None`` where the loop knows the force of its own.
    beyond
        What they give beyond the discharges that the loop has moved the joint with; ``None`` where these are all.
    motion
        How the loop has moved it; ``None`` at rest.
    joint, sensor, skin
        What is moved, and what sees it.
    force_noise_n, represented_units
        Root mean square of the force sensor's noise; how many real units each simulated one stands for.
    seed
        Of the sensors' noise.
    """

    pull: Pull | None
    beyond: Pull | None
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
        loop, parameters, twitches = firing.loop, prepared.parameters, prepared.twitches[0]
        motion = None if loop is None else loop.motion
        return cls(
            pull=None if isinstance(motion, OpenMotion) else Pull.of(firing.agonist, twitches),
            beyond=None if loop is None else Pull.beyond(loop, firing.agonist, twitches),
            motion=motion,
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
        beyond = None if self.beyond is None else self.beyond.forces_n(start, n_frames)
        contractile_n, tendon_n = self._forces_n(beyond, start, n_frames)
        silent = replace(self.sensor, accelerometer_noise_mps2=0.0, gyroscope_noise_radps=0.0)
        motion, chance = self._moved(tendon_n, beyond, start), np.random.default_rng(0)
        return np.column_stack(
            [
                self.represented_units * tendon_n,
                accelerometer(motion, silent, chance),
                gyroscope(motion, silent, chance),
                skin_displacement(contractile_n, FRAME_RATE_HZ, self.skin),
            ]
        )

    def _forces_n(self, beyond: FloatArray | None, start: int, n_frames: int) -> FloatArray:
        """Return force of the cross-bridges and at the tendon, shape ``(2, n_frames)``."""
        if self.pull is not None:
            return self.pull.forces_n(start, n_frames)
        motion = cast("OpenMotion", self.motion)
        frames = _frames_of(motion, start, n_frames)
        known = np.stack([motion.contractile_n[frames], motion.tendon_n[frames]])
        return known if beyond is None else known + beyond

    def _moved(self, tendon_n: FloatArray, beyond: FloatArray | None, start: int) -> JointMotion:
        if self.motion is None:
            return joint_motion(self.joint.moment_arm_m * tendon_n, FRAME_RATE_HZ, self.joint)
        moved = _part(self.motion, start, tendon_n.size)
        if beyond is None:
            return moved
        added = joint_motion(self.joint.moment_arm_m * beyond[1], FRAME_RATE_HZ, self.joint)
        return JointMotion(
            angle_rad=moved.angle_rad + added.angle_rad,
            velocity_radps=moved.velocity_radps + added.velocity_radps,
            acceleration_radps2=moved.acceleration_radps2 + added.acceleration_radps2,
            sampling_rate_hz=FRAME_RATE_HZ,
        )

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


def _picked(coefficients: TwitchCoefficients, units: IntArray) -> TwitchCoefficients:
    return TwitchCoefficients(*(cast("jax.Array", np.asarray(column)[units]) for column in coefficients))


def _filled(coefficients: TwitchCoefficients) -> TwitchCoefficients:
    """Return coefficients and those of the first unit again, which then is silent, until their number is round."""
    n_units = np.size(coefficients.content)
    return _picked(coefficients, np.r_[:n_units, np.zeros(filled_size(n_units) - n_units, dtype=np.int64)])


def _changed(loop: LoopResult, train: MuscleDischarges, n_units: int) -> IntArray:
    """Return the units whose discharges in the muscle are not those of the loop: more, fewer, or of fewer fibers."""
    central = train.event == FROM_THE_CELL_BODY
    passed = np.bincount(train.unit[central], minlength=n_units)
    changed = passed != np.bincount(loop.agonist.unit, minlength=n_units)
    changed[train.unit[~central | (train.share != 1)]] = True
    return np.flatnonzero(changed)


def _frames_of(motion: LoopMotion, start: int, n_frames: int) -> IntArray:
    """Return the frames of a stretch; beyond the end everything is taken to stay as it was."""
    frames: IntArray = np.minimum(np.arange(start, start + n_frames), motion.joint.angle_rad.size - 1)
    return frames


def _part(motion: LoopMotion, start: int, n_frames: int) -> JointMotion:
    """Return a stretch of a motion."""
    frames, joint = _frames_of(motion, start, n_frames), motion.joint
    return JointMotion(
        angle_rad=joint.angle_rad[frames],
        velocity_radps=joint.velocity_radps[frames],
        acceleration_radps2=joint.acceleration_radps2[frames],
        sampling_rate_hz=FRAME_RATE_HZ,
    )
