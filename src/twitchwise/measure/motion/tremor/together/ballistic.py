"""Whether a tremor pauses when the other hand makes a quick movement."""

import numpy as np

from twitchwise.measure.motion.tremor.narrow import band_wave
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.together.differences import moving_mean
from twitchwise.vocabulary import Side
from twitchwise.vocabulary.arrays import FloatArray

_BEFORE_S, _AFTER_S, _GUARD_S = 1.5, 0.5, 0.2
_FEWEST = 3
_APART_S, _LEVEL_S = 2.0, 1.0
_LOUD = 6.0  # times the usual size: a quick movement, not a restless hand


def ballistic(
    shown: tuple[SensorTremor, ...], kind_of: SensorTremor, settings: TremorSettings
) -> tuple[int | None, str]:
    """Return the point for a pause of the tremor by at least half of its amplitude, and why.

    The quick movements are marked in the file, by notes that begin with ``ballistic``, or seen on the other hand.
    """
    trembling = next(
        (
            one
            for one in shown
            if one.sensor.kind is kind_of.sensor.kind and one.sensor.side in {kind_of.sensor.side, None}
        ),
        None,
    )
    if trembling is None or trembling.tremor is None:
        return None, "There is no tremor in the recording of quick movements."
    times_s = _marked(trembling) if _marked(trembling).size else _seen(shown, trembling)
    if times_s.size < _FEWEST:
        return None, f"Fewer than {_FEWEST} quick movements of the other hand are marked or seen."
    before, after = _sizes(trembling, times_s)
    if before.size < _FEWEST:
        return None, "The quick movements lie too close to the ends of the recording."
    fall = 100 * (1 - float(np.median(after / before)))
    point = int(fall >= settings.ballistic_fall_percent)
    return point, f"During {before.size} quick movements of the other hand the tremor fell by {fall:.0f} % (median)."


def _marked(shown: SensorTremor) -> FloatArray:
    notes = shown.trace.recording.annotations
    return np.array([note.start_s for note in notes if note.text.lower().startswith("ballistic")])


def _seen(shown: tuple[SensorTremor, ...], trembling: SensorTremor) -> FloatArray:
    """Return when a sensor on the other side moves far more than it usually does."""
    opposite = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    side = opposite.get(trembling.sensor.side) if trembling.sensor.side is not None else None
    other = next((one for one in shown if side is not None and one.sensor.side is side), None)
    if other is None:
        return np.empty(0)
    rows = np.nan_to_num(other.sensor.read(other.trace.recording))
    size = np.sqrt(((rows - moving_mean(rows, other.trace.rate_hz, _LEVEL_S)) ** 2).sum(axis=0))
    over = np.flatnonzero(size > _LOUD * np.median(size))
    first = over[np.diff(over, prepend=-np.inf) > _APART_S * other.sensor.sampling_rate_hz]
    return np.asarray(first / other.sensor.sampling_rate_hz, dtype=np.float64)


def _sizes(shown: SensorTremor, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the amplitude of the tremor before and during each movement."""
    envelope, sample_hz = band_wave(shown.trace, shown.tremor.rate.value if shown.tremor is not None else 5.0)
    before, after = [], []
    for time_s in times_s.tolist():
        middle = round((time_s + _GUARD_S) * sample_hz)
        first, stop = middle - round(_BEFORE_S * sample_hz), middle + round(_AFTER_S * sample_hz)
        if first >= 0 and stop <= envelope.size:
            before.append(float(np.sqrt(np.mean(envelope[first : middle - round(_GUARD_S * sample_hz)] ** 2))))
            after.append(float(np.sqrt(np.mean(envelope[middle:stop] ** 2))))
    return np.array(before), np.array(after)
