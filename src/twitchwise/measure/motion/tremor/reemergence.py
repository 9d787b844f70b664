"""How long after a posture is taken a tremor comes back: re-emergent tremor.

The posture is seen by gravity: the accelerometer's level turns and then stays. Jankovic, Schwartz and Ondo 1999
(PMC1736624) found a mean delay of 9.4 s in Parkinson's disease and hardly any in essential tremor.
"""

from typing import NamedTuple

import numpy as np

from twitchwise.measure.motion.tremor.narrow import band_wave
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.vocabulary import ChannelKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_STEP_S = 0.5
_LEVEL_S = 1.0  # over which the level is averaged, before and after a turn
_TURN_COS = np.cos(np.radians(30.0))  # a turn of less is no new posture
_HELD_S = 8.0  # a posture that is held for less says nothing
_GRAVITY = (7.0, 13.0)  # m/s2: outside, the accelerometer holds no gravity, or is thrown about
_BACK = 0.5  # of the usual amplitude of the tremor: it is back
_LASTS = 4  # steps that it must stay
_PIECE_STEPS = 7200  # of the level that are read together
# A longer recording is no examination of a posture alone: what is far from the turn is left out.
_SHORT_S, _BEFORE_S, _AFTER_S = 1200.0, 60.0, 600.0


class Posture(NamedTuple):
    """When a posture was taken, and until when it was held, in s."""

    taken_s: float
    held_until_s: float


def reemergence(shown: SensorTremor) -> Measurement | None:
    """Return the delay from the last new posture to the tremor, or ``None`` where there is no posture or no tremor."""
    if shown.tremor is None or shown.sensor.kind is not ChannelKind.ACCELERATION:
        return None
    posture = last_posture(shown)
    if posture is None:
        return None
    begin_s, end_s = _looked_at(posture)
    envelope, sample_hz = band_wave(shown.trace, shown.tremor.rate.value, begin_s, end_s)
    steps = _means(envelope**2, round(_STEP_S * sample_hz))
    usual = float(np.sqrt(2 * np.median(shown.tremor.narrow.square)))
    first, last = round((posture.taken_s - begin_s) / _STEP_S) + 1, round((end_s - begin_s) / _STEP_S)
    back = np.sqrt(steps[first:last]) >= _BACK * usual
    lasting = np.convolve(back, np.ones(_LASTS), mode="valid") == _LASTS
    if not lasting.any():
        return None
    delay = (1 + int(lasting.argmax())) * _STEP_S
    return Measurement(
        id="reemergent_tremor_delay",
        value=delay,
        low=max(delay - 2 * _STEP_S, 0.0),
        high=delay + 2 * _STEP_S,
        unit=Unit.SECOND,
        channel=shown.sensor.name,
        method=say(
            "From the last new posture, seen by gravity at {taken_s:.1f} s, until the tremor has half of its "
            "usual amplitude for {lasts_s:g} s; good to two steps of {step_s:g} s.",
            taken_s=posture.taken_s,
            lasts_s=_LASTS * _STEP_S,
            step_s=_STEP_S,
        ),
        doubts=() if delay > 2 * _STEP_S else (say("The tremor was there at once: no pause can be told from none."),),
    )


def _looked_at(posture: Posture) -> tuple[float, float]:
    """Return when to begin and to end: all of a short recording, of a long one what lies around the turn."""
    if posture.held_until_s <= _SHORT_S:
        return 0.0, posture.held_until_s
    begin_s = max(0.0, posture.taken_s - _BEFORE_S)
    return begin_s, min(posture.held_until_s, posture.taken_s + _AFTER_S)


def last_posture(shown: SensorTremor) -> Posture | None:
    """Return the last posture that was taken by a turn and then held, as gravity shows it."""
    sensor, rate_hz = shown.sensor, shown.trace.rate_hz
    if len(sensor.channels) != 3:  # noqa: PLR2004 - gravity's direction needs all three axes
        return None
    step = round(_STEP_S * rate_hz)
    level = _levels(shown, step)
    span = round(_LEVEL_S / _STEP_S)
    smooth = np.stack([np.convolve(row, np.ones(span) / span, mode="valid") for row in level])
    size = np.linalg.norm(smooth, axis=0)
    if not _GRAVITY[0] < float(np.median(size)) < _GRAVITY[1]:
        return None
    direction = smooth / np.maximum(size, 1e-9)
    apart = (direction[:, : -2 * span] * direction[:, 2 * span :]).sum(axis=0)
    turns = np.flatnonzero(apart < _TURN_COS)
    if not turns.size:
        return None
    taken_s = (int(turns[-1]) + 2 * span) * _STEP_S
    held_until_s = sensor.channels[0].n_samples / rate_hz
    return Posture(taken_s, held_until_s) if held_until_s - taken_s >= _HELD_S else None


def _levels(shown: SensorTremor, step: int) -> FloatArray:
    """Return the mean of each axis over every ``step`` samples, shape ``(n_axes, n)``; read in pieces of an hour."""
    rate_hz, n_samples, length = shown.trace.rate_hz, shown.sensor.channels[0].n_samples, _PIECE_STEPS * step
    levels = []
    for first in range(0, n_samples, length):
        stop = min(first + length, n_samples)
        piece = shown.sensor.read(shown.trace.recording, first / rate_hz, stop / rate_hz)
        levels.append(np.stack([_means(row, step) for row in np.nan_to_num(piece)]))
    return np.concatenate(levels, axis=1)


def _means(values: FloatArray, length: int) -> FloatArray:
    whole = values.size // length
    means: FloatArray = values[: whole * length].reshape(whole, length).mean(axis=1)
    return means
