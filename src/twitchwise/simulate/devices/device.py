"""A phone or a watch as a sensor: noise, offset, resolution, range, clock, orientation and how it is worn."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from twitchwise.knowledge import library
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within


class DeviceKind(StrEnum):
    """What records."""

    PHONE = "phone"
    WATCH = "watch"


class Place(StrEnum):
    """How it is fixed to the limb."""

    HELD = "held"
    STRAPPED = "strapped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """When samples are taken.

    Parameters
    ----------
    rate_hz
        Samples per second, above 0.
    jitter_s
        Standard deviation of each sample's time around its place.
    drift
        Relative error of the rate.
    gaps_per_min, gap_s
        How often samples are lost for a while, and for how long in the mean.
    """

    rate_hz: float = 100.0
    jitter_s: float = 0.0
    drift: float = 0.0
    gaps_per_min: float = 0.0
    gap_s: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what no clock does."""
        require_positive("rate_hz", self.rate_hz)
        require_within("drift", self.drift, -0.1, 0.1)
        for name in ("jitter_s", "gaps_per_min", "gap_s"):
            require_not_negative(name, getattr(self, name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device with an accelerometer and a gyroscope.

    Parameters
    ----------
    kind, place
        What it is and how it is fixed.
    clock
        When it samples.
    accelerometer_noise_mps2, gyroscope_noise_radps
        Root mean square of the noise of each axis.
    accelerometer_offset_mps2, gyroscope_offset_radps
        Standard deviation of the constant error of each axis, which the seed draws.
    accelerometer_step_mps2, gyroscope_step_radps
        Resolution; 0 for none.
    accelerometer_range_mps2, gyroscope_range_radps
        Beyond it values are clipped.
    with_gravity
        Whether the accelerometer's values hold gravity.
    turn_rad
        Turns about x, then y, then z from the limb's axes to the device's.
    slip_hz
        Frequency above which a device that is held follows the limb no more; ``None`` where it is strapped.
    """

    kind: DeviceKind = DeviceKind.PHONE
    place: Place = Place.STRAPPED
    clock: Clock = field(default_factory=Clock)
    accelerometer_noise_mps2: float = 0.01
    gyroscope_noise_radps: float = 0.001
    accelerometer_offset_mps2: float = 0.0
    gyroscope_offset_radps: float = 0.0
    accelerometer_step_mps2: float = 0.0
    gyroscope_step_radps: float = 0.0
    accelerometer_range_mps2: float = 78.0
    gyroscope_range_radps: float = 35.0
    with_gravity: bool = True
    turn_rad: tuple[float, float, float] = (0.0, 0.0, 0.0)
    slip_hz: float | None = None

    def __post_init__(self) -> None:
        """Refuse numbers below 0, and a range that is none."""
        for sensor, unit in (("accelerometer", "mps2"), ("gyroscope", "radps")):
            for name in ("noise", "offset", "step"):
                require_not_negative(f"{sensor}_{name}_{unit}", getattr(self, f"{sensor}_{name}_{unit}"))
            require_positive(f"{sensor}_range_{unit}", getattr(self, f"{sensor}_range_{unit}"))
        if self.slip_hz is not None:
            require_positive("slip_hz", self.slip_hz)

    @property
    def rotation(self) -> FloatArray:
        """Matrix that takes the limb's axes to the device's, shape ``(3, 3)``."""
        turns = np.eye(3)
        for axis, angle in enumerate(self.turn_rad):
            one = np.eye(3)
            first, second = [(1, 2), (2, 0), (0, 1)][axis]
            one[first, first] = one[second, second] = np.cos(angle)
            one[first, second], one[second, first] = -np.sin(angle), np.sin(angle)
            turns = one @ turns
        return turns


def device_of(kind: DeviceKind, seed: int = 0, *, place: Place | None = None) -> Device:
    """Return a device of a kind as the knowledge files describe it, turned and set off as the seed draws."""
    value, chance = library().value, np.random.default_rng([seed, 20])
    name = kind.value
    place = place or (Place.HELD if kind is DeviceKind.PHONE else Place.STRAPPED)
    device = Device(
        kind=kind,
        place=place,
        clock=Clock(
            rate_hz=value(f"device_{name}_rate"),
            jitter_s=value("device_clock_jitter"),
            drift=float(chance.normal(0, value("device_clock_drift"))),
        ),
        accelerometer_noise_mps2=value("device_accelerometer_noise"),
        gyroscope_noise_radps=value("device_gyroscope_noise"),
        accelerometer_offset_mps2=value("device_accelerometer_offset"),
        gyroscope_offset_radps=value("device_gyroscope_offset"),
        accelerometer_step_mps2=value("device_accelerometer_step"),
        gyroscope_step_radps=value("device_gyroscope_step"),
        accelerometer_range_mps2=value("device_accelerometer_range"),
        gyroscope_range_radps=value("device_gyroscope_range"),
    )
    turn = tuple(float(angle) for angle in chance.uniform(-np.pi, np.pi, 3))
    slip_hz = value("device_held_slip") if place is Place.HELD else None
    return replace(device, turn_rad=(turn[0], turn[1], turn[2]), slip_hz=slip_hz)
