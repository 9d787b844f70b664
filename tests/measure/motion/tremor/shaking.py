"""What the tests of tremor share: rendered recordings, and what is measured on them."""

import numpy as np
from benchmarks.accuracy.tremor.scenes import RATE_HZ, Movement, colored, recording, sensed, tremor

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor import measure_tremor
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.recording import sensors_looked_at
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording
from twitchwise.vocabulary import Measurement
from twitchwise.vocabulary.arrays import FloatArray


def shaking(
    rate_hz: float = 5.0, amplitude: float = 0.5, *, seed: int = 1, duration_s: float = 40.0, noise: float = 0.2
) -> FloatArray:
    """Return linear acceleration of a tremor over other movement, shape ``(3, n)``."""
    rng = np.random.default_rng(seed)
    n_samples = int(duration_s * RATE_HZ)
    rendered: FloatArray = tremor(rng, n_samples, rate_hz, amplitude) + colored(rng, n_samples, 2.0, noise * amplitude)
    return rendered


def rendered(linear: FloatArray, *, seed: int = 1, gyroscope: bool = False) -> Recording:
    """Return the recording of an accelerometer, or of a gyroscope."""
    acceleration, turning = sensed(linear, np.random.default_rng(seed))
    return recording(None, turning) if gyroscope else recording(acceleration, None)


def scene(movement: Movement, seed: int, duration_s: float = 60.0) -> Recording:
    """Return a scene of both sensors."""
    rng = np.random.default_rng(seed)
    return recording(*sensed(movement(rng, int(duration_s * RATE_HZ)), rng))


def measured(of: Recording, asked: Asked | None = None) -> RecordingMeasurements:
    """Return what the tremor part measures."""
    found = measure_tremor(of, asked or Asked(), lambda _: None)
    assert found is not None
    return found


def one_sensor(of: Recording, asked: Asked | None = None) -> SensorTremor:
    """Return what the first sensor shows."""
    return sensors_looked_at(of, asked or Asked())[0]


def by_id(found: RecordingMeasurements, measurement_id: str) -> Measurement:
    """Return the first measurement of an id."""
    return next(one for one in found.measurements if one.id == measurement_id)


def ids(found: RecordingMeasurements) -> set[str]:
    """Return the ids that were measured."""
    return {one.id for one in found.measurements}
