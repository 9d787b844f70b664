"""The limb: a joint that torque moves, and the sensors that see it move."""

from twitchwise.simulate.limb.joint import GRAVITY_MPS2, Joint, JointMotion, joint_motion
from twitchwise.simulate.limb.sensors import (
    InertialSensor,
    Skin,
    accelerometer,
    fingertip_force,
    gyroscope,
    skin_acceleration,
    skin_displacement,
)

__all__ = [
    "GRAVITY_MPS2",
    "InertialSensor",
    "Joint",
    "JointMotion",
    "Skin",
    "accelerometer",
    "fingertip_force",
    "gyroscope",
    "joint_motion",
    "skin_acceleration",
    "skin_displacement",
]
