"""What a muscle answers to each noted stretch, where EMG and the motion of the joint were recorded together.

The threshold is the velocity that parts stretches with an answer from those without, as far as there are both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.rhythms.envelope import BIN_S
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.waves import WaveSource, kept
from twitchwise.measure.rate_interval import median_interval
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# The turn that a note is about begins within this around it, where it is faster than this and than five times what the
# sensor shows before; it lasts until it turns back.
_NOTED_S, _BEGINS_RADPS, _OVER_NOISE = 0.5, 0.1, 5.0
_TURN_S = 1.0
# Motion is looked at in steps of 4 ms here, for the sake of latencies.
_RATE_HZ = 250.0
# An answer is this many times as loud as the half second before. It begins where it reaches this share of its loudest
# 10 ms, for the filter spreads a small part of it to earlier times.
_LOUDER, _BEGINS_SHARE = 4.0, 0.1
_BEFORE_S = 0.5
_FEW = 6
_FEW_WORDS = say("fewer than six stretches, so the interval is their range")
_STEPS = say("The loudness has steps of 10 ms.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One stretch as it was done, and the answer.

    Parameters
    ----------
    onset_s
        When the joint began to turn.
    velocity_radps, angle_rad
        How fast at most, and how far.
    latency_s, size, at_rad
        Of the answer, if there was one: how late, how loud, and by how much the joint had turned.
    """

    onset_s: float
    velocity_radps: float
    angle_rad: float
    latency_s: float | None = None
    size: float | None = None
    at_rad: float | None = None


def stretches_of(
    recording: Recording, sensor: MotionSensor, muscle: WaveSource, noted_s: FloatArray, noise: float
) -> list[Stretch]:
    """Return the noted stretches of a resting muscle that a goniometer or gyroscope shows, with its answers."""
    found = list[Stretch]()
    for time_s in noted_s.tolist():
        turn = _turn(recording, sensor, time_s)
        stretch = None if turn is None else _answered(turn, muscle, noise)
        found += [] if stretch is None else [stretch]
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Turn:
    onset_s: float
    rate_hz: float
    angle: FloatArray
    velocity_radps: float


def _turn(recording: Recording, sensor: MotionSensor, time_s: float) -> _Turn | None:
    start_s = max(time_s - _NOTED_S, 0.0)
    stop_s = min(time_s + _NOTED_S + _TURN_S, sensor.duration_s)
    rate_hz, rows = kept(sensor, recording, start_s, stop_s, _RATE_HZ)
    noted = round((time_s - start_s) * rate_hz)
    if rows.shape[1] - noted < rate_hz / 2 or noted < 3:  # noqa: PLR2004 - what is before must be known
        return None
    main = rows[int(np.argmax(rows.std(axis=1)))]
    velocity = np.gradient(main) * rate_hz if sensor.kind is ChannelKind.ANGLE else main - np.median(main[: noted // 2])
    quiet = 1.4826 * float(np.median(np.abs(velocity[: noted // 2])))
    moving = np.flatnonzero(np.abs(velocity[: 2 * noted]) > max(_OVER_NOISE * quiet, _BEGINS_RADPS))
    if moving.size == 0 or moving[0] <= noted // 4:
        return None
    onset = int(moving[0])
    back = np.flatnonzero(np.sign(velocity[onset:]) != np.sign(velocity[onset]))
    turn = velocity[onset : onset + int(back[0])] if back.size else velocity[onset:]
    return _Turn(
        onset_s=start_s + onset / rate_hz,
        rate_hz=rate_hz,
        angle=np.cumsum(turn) / rate_hz,
        velocity_radps=float(np.abs(turn).max()),
    )


def _answered(turn: _Turn, muscle: WaveSource, noise: float) -> Stretch | None:
    """Return the stretch with its answer, or ``None`` where the muscle was not at rest before."""
    settings = rhythm_settings()
    loudness = np.empty(0, dtype=np.float32) if muscle.loudness is None else muscle.loudness
    at = int(turn.onset_s / BIN_S)
    before = loudness[max(at - round(_BEFORE_S / BIN_S), 0) : at].astype(np.float64)
    first = int(np.ceil((turn.onset_s + settings.reflex_latency_low_s) / BIN_S))
    after = loudness[first : int((turn.onset_s + settings.reflex_latency_high_s) / BIN_S) + 1]
    if before.size == 0 or after.size == 0 or float(np.sqrt((before**2).mean())) > _LOUDER * noise:
        return None
    least = max(_LOUDER * max(noise, float(before.max()) / 2), _BEGINS_SHARE * float(after.max()))
    loud = np.flatnonzero(after > least)
    done = Stretch(onset_s=turn.onset_s, velocity_radps=turn.velocity_radps, angle_rad=float(np.abs(turn.angle).max()))
    if loud.size == 0:
        return done
    latency_s = (first + int(loud[0]) + 0.5) * BIN_S - turn.onset_s
    then = min(round(latency_s * turn.rate_hz), turn.angle.size - 1)
    return replace(done, latency_s=latency_s, size=float(after.max()), at_rad=float(abs(turn.angle[then])))


def stretch_measurements(
    stretches: Sequence[Stretch], sensor: MotionSensor, muscle: WaveSource
) -> Iterator[Measurement]:
    """Give how the joint was stretched, what the muscle answered, and the threshold where it can be told."""
    if not stretches:
        return
    fastest = np.array([one.velocity_radps for one in stretches])
    method = say(
        "Greatest velocity of the joint until it turned back, median over noted stretches of the resting muscle."
    )
    yield _median("stretch_velocity", fastest, Unit.RADIAN_PER_SECOND, method, sensor.name)
    method = say("How far the joint turned until it turned back, median.")
    yield _median("stretch_angle", np.array([one.angle_rad for one in stretches]), Unit.RADIAN, method, sensor.name)
    answered = [one for one in stretches if one.latency_s is not None]
    if answered:
        method = say(
            "From where the joint begins to turn to where EMG is {times:g} times as loud as before, median.",
            times=_LOUDER,
        )
        latency = np.array([one.latency_s for one in answered], dtype=np.float64)
        yield _median("stretch_reflex_latency", latency, Unit.SECOND, method, muscle.name, _STEPS)
        size = np.array([one.size for one in answered], dtype=np.float64)
        method = say("Loudest 10 ms of EMG in the time of a stretch reflex, median over answered stretches.")
        yield _median("stretch_reflex_size", size, muscle.unit, method, muscle.name)
        turned = np.array([one.at_rad for one in answered], dtype=np.float64)
        method = say("By how much the joint had turned when EMG answered, median.")
        yield _median("stretch_reflex_angle", turned, Unit.RADIAN, method, muscle.name, _STEPS)
    yield from _threshold(stretches, muscle)


def _threshold(stretches: Sequence[Stretch], muscle: WaveSource) -> Iterator[Measurement]:
    """Give the velocity that parts answered stretches from others; its interval reaches from one kind to the other."""
    answered = sorted(one.velocity_radps for one in stretches if one.latency_s is not None)
    silent = sorted(one.velocity_radps for one in stretches if one.latency_s is None)
    if not answered or not silent:
        return
    cuts = np.array(sorted([*answered, *silent]))
    middles = np.concatenate([[cuts[0]], (cuts[1:] + cuts[:-1]) / 2, [cuts[-1]]])
    wrong = [sum(v < cut for v in answered) + sum(v >= cut for v in silent) for cut in middles]
    best = np.flatnonzero(np.array(wrong) == min(wrong))
    low, high = min(silent[-1], answered[0]), max(silent[-1], answered[0])
    value = float(np.clip(middles[best].mean(), low, high))
    mixed = (say("answered and unanswered stretches overlap in velocity"),) if min(wrong) else ()
    yield Measurement(
        id="stretch_reflex_threshold_velocity",
        value=value,
        low=low,
        high=high,
        unit=Unit.RADIAN_PER_SECOND,
        method=say(
            "Velocity that best parts {answered} answered from {unanswered} unanswered stretches; the interval reaches "
            "from the fastest without to the slowest with an answer.",
            answered=len(answered),
            unanswered=len(silent),
        ),
        channel=muscle.name,
        doubts=mixed,
    )


def _median(name: str, values: FloatArray, unit: Unit, method: str, channel: str, *doubts: str) -> Measurement:
    value, low, high = median_interval(values)
    few = (_FEW_WORDS,) if values.size < _FEW else ()
    return Measurement(
        id=name, value=value, low=low, high=high, unit=unit, method=method, channel=channel, doubts=(*doubts, *few)
    )
