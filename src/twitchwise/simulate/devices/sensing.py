"""What a device records of a limb's acceleration and turning: sampled by its own clock, turned, noisy and clipped."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt

from twitchwise.signals import EventTrain
from twitchwise.simulate.devices.device import Clock, Device
from twitchwise.simulate.simulation import Simulation
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

GRAVITY_HZ = 0.3  # what a phone takes for gravity: the accelerometer below this frequency
AXES = "XYZ"
ACROSS = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Sensed:
    """What a device recorded.

    Parameters
    ----------
    device
        What recorded it.
    times_s
        When, by the device's clock, in seconds from its first sample, shape ``(n_samples,)``.
    true_times_s
        The same by the clock of the truth.
    acceleration_mps2, turning_radps
        Along and about the device's axes, each of shape ``(n_samples, 3)``.
    events
        The truth, by its own clock.
    """

    device: Device
    times_s: FloatArray
    true_times_s: FloatArray
    acceleration_mps2: FloatArray
    turning_radps: FloatArray
    events: tuple[EventTrain, ...] = ()


def sense_simulation(simulation: Simulation, device: Device, seed: int = 0) -> Sensed:
    """Return what a device on the limb of a simulation records."""
    recording = simulation.recording
    motion = [np.stack([recording.read(f"{name} {axis}") for axis in AXES], axis=1) for name in ("Acc", "Gyro")]
    rate_hz = next(one.sampling_rate_hz for one in recording.channels if one.name == "Acc X")
    return sense(motion[0], motion[1], rate_hz, device, seed=seed, events=simulation.events)


def sense(
    acceleration_mps2: FloatArray,
    turning_radps: FloatArray,
    sampling_rate_hz: float,
    device: Device,
    *,
    seed: int = 0,
    events: tuple[EventTrain, ...] = (),
) -> Sensed:
    """Return what a device records of a motion.

    Parameters
    ----------
    acceleration_mps2, turning_radps
        Motion of the limb where the device is, gravity included, each of shape ``(n, 3)``.
    sampling_rate_hz
        Samples per second of the motion, above 0.
    device
        What records.
    seed
        Of its noise, offset and clock.
    events
        The truth of the motion.

    Raises
    ------
    OutOfRangeError
        If the motions do not fit together, or are too short for one sample.
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    if acceleration_mps2.shape != turning_radps.shape or acceleration_mps2.shape[1:] != (ACROSS,):
        shapes = (acceleration_mps2.shape, turning_radps.shape)
        raise OutOfRangeError(f"acceleration and turning must have one shape (n, 3), got {shapes!r}.")
    chance = np.random.default_rng([seed, 21])
    true_s, told_s = sample_times(device.clock, len(acceleration_mps2) / sampling_rate_hz, chance)
    if not true_s.size:
        raise OutOfRangeError(
            f"motion must be as long as one sample of the device, got {len(acceleration_mps2)} values."
        )
    felt = [_followed(one, sampling_rate_hz, device) for one in (acceleration_mps2, turning_radps)]
    if not device.with_gravity:
        felt[0] = felt[0] - _slow(felt[0], sampling_rate_hz, GRAVITY_HZ)
    known_s = np.arange(len(acceleration_mps2)) / sampling_rate_hz
    at = [np.stack([np.interp(true_s, known_s, axis) for axis in one.T], axis=1) @ device.rotation.T for one in felt]
    return Sensed(
        device=device,
        times_s=told_s,
        true_times_s=true_s,
        acceleration_mps2=_read(
            at[0],
            chance,
            noise=device.accelerometer_noise_mps2,
            offset=device.accelerometer_offset_mps2,
            step=device.accelerometer_step_mps2,
            limit=device.accelerometer_range_mps2,
        ),
        turning_radps=_read(
            at[1],
            chance,
            noise=device.gyroscope_noise_radps,
            offset=device.gyroscope_offset_radps,
            step=device.gyroscope_step_radps,
            limit=device.gyroscope_range_radps,
        ),
        events=events,
    )


def sample_times(clock: Clock, duration_s: float, chance: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return when samples are taken, and what the device says of it, in seconds; both rise.

    The device stamps each sample when it is taken: jitter and gaps are true, and only the drift of its clock is not.
    """
    step_s = 1 / clock.rate_hz
    true_s = np.arange(0, duration_s - step_s / 2, step_s)
    true_s = true_s + np.clip(chance.normal(0, clock.jitter_s, true_s.size), -0.45 * step_s, 0.45 * step_s)
    true_s = np.clip(true_s, 0, duration_s)
    for start_s in chance.uniform(0, duration_s, chance.poisson(clock.gaps_per_min * duration_s / 60)):
        length_s = chance.exponential(clock.gap_s)
        true_s = true_s[(true_s < start_s) | (true_s > start_s + length_s)]
    told_s = (true_s - true_s[:1].sum()) * (1 + clock.drift)
    return true_s, told_s


def _followed(motion: FloatArray, rate_hz: float, device: Device) -> FloatArray:
    """Return the motion as far as a device that is held follows the limb."""
    if device.slip_hz is None or device.slip_hz >= rate_hz / 2:
        return motion
    return _slow(motion, rate_hz, device.slip_hz)


def _slow(motion: FloatArray, rate_hz: float, below_hz: float) -> FloatArray:
    sections = butter(1, below_hz, fs=rate_hz, output="sos")
    slow: FloatArray = sosfiltfilt(sections, motion, axis=0, padlen=min(len(motion) - 1, round(3 * rate_hz / below_hz)))
    return slow


def _read(
    values: FloatArray, chance: np.random.Generator, *, noise: float, offset: float, step: float, limit: float
) -> FloatArray:
    read = values + chance.normal(0, offset, ACROSS) + chance.normal(0, noise, values.shape)
    read = np.clip(read, -limit, limit)
    return np.round(read / step) * step if step else read
