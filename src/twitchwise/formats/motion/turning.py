"""The unit of a gyroscope told from gravity: seen from a turning sensor, gravity turns at the sensor's own speed.

For a vector that is fixed in space and seen from a body that turns with the angular velocity w (in rad/s),
``dg/dt = g x w``; the ratio of both sides is 1 for rad/s and pi/180 for degrees a second.
"""

from math import pi

import numpy as np

from twitchwise.formats.motion.clock import Ticks
from twitchwise.formats.motion.raw_motion import RawSensor
from twitchwise.vocabulary.arrays import FloatArray

# Gravity is told from movement by averaging over so long.
_SMOOTHED_S = 0.3
_FEWEST_SAMPLES = 50
# Both sides agree where they correlate at least so well; less means that the sensor hardly turned.
_AGREES_FROM = 0.8
_WITHIN_FACTOR = 1.5
_N_AXES = 3
# Gyroscopes of phones and watches end at 2000 or 4000 degrees a second, which is 70 rad/s; more can only be degrees.
_MOST_RADPS = 80.0
_MOST_ROWS = 200_000


def turning_unit(
    gyroscope: RawSensor, turns: Ticks, accelerometer: RawSensor | None, falls: Ticks | None
) -> str | None:
    """Return ``rad/s`` or ``deg/s``, or nothing where the data do not tell."""
    if float(np.nanmax(np.abs(gyroscope.values), initial=0.0)) > _MOST_RADPS:
        return "deg/s"
    if accelerometer is None or falls is None or gyroscope.values.shape[1] != _N_AXES:
        return None
    ratio = _ratio(gyroscope, turns, accelerometer, falls)
    for unit_text, expected in (("rad/s", 1.0), ("deg/s", pi / 180)):
        if ratio is not None and expected / _WITHIN_FACTOR < ratio < expected * _WITHIN_FACTOR:
            return unit_text
    return None


def _ratio(gyroscope: RawSensor, turns: Ticks, accelerometer: RawSensor, falls: Ticks) -> float | None:
    """Return how fast gravity turns over how fast the sensor says it turns; nothing where the two do not agree."""
    times_s = turns.times_s[:_MOST_ROWS] + turns.first_s
    if times_s.size < _FEWEST_SAMPLES:
        return None
    speed = gyroscope.values[turns.rows[:_MOST_ROWS]].astype(np.float64)
    seen = accelerometer.values[falls.rows].astype(np.float64)
    down = np.stack([np.interp(times_s, falls.times_s + falls.first_s, seen[:, axis]) for axis in range(_N_AXES)], 1)
    size = max(round(_SMOOTHED_S * turns.rate_hz), 1)
    speed, down = _smoothed(speed, size), _smoothed(down, size)
    turned = np.gradient(down, 1 / turns.rate_hz, axis=0)[size:-size].ravel()
    said = np.cross(down, speed)[size:-size].ravel()
    power = float(said @ said)
    scale = np.sqrt(power * float(turned @ turned))
    if not scale > 0 or float(turned @ said) / scale < _AGREES_FROM:
        return None
    return float(turned @ said) / power


def _smoothed(rows: FloatArray, size: int) -> FloatArray:
    kernel = np.ones(size) / size
    return np.stack([np.convolve(np.nan_to_num(column), kernel, mode="same") for column in rows.T], 1)
