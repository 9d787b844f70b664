"""How much a leg moves, or how loud its muscle is, in steps of a tenth of a second over the whole recording.

A day of three axes is read piece by piece and leaves less than 10 MB.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.rhythms.envelope import BIN_S
from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.settings import SpasmSettings
from twitchwise.measure.motion.spasticity.waves import PIECE_S, WaveSource, kept
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

STEP_S = 0.1
"""Length of a step of a level."""
# The noise of a level is what this share of its steps does not exceed.
_QUIET_SHARE = 0.1
_AXES = 3
MOVING = (ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY, ChannelKind.ANGLE)
"""The kinds of sensor on which movements of a leg are looked for, the first that there is before the others."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Level:
    """The level of one source.

    Parameters
    ----------
    source
        What was read.
    values
        Level of each step of `STEP_S`, in the source's unit, shape ``(n,)``.
    least
        Level from which something happens.
    rests
        Whether the quietest part is at rest, so that what happens stands out of it.
    lean
        Direction of gravity in each step, as the sensor reads it, shape ``(3, n)``; ``None`` where it is not known.
    """

    source: WaveSource
    values: FloatArray
    least: float
    rests: bool = True
    lean: "np.typing.NDArray[np.float32] | None" = None

    @property
    def active(self) -> BoolArray:
        """Whether something happens in each step."""
        return np.asarray(self.values > self.least, dtype=np.bool_)

    def spans(self, gap_s: float) -> list[tuple[float, float]]:
        """Return when something happened, pauses shorter than ``gap_s`` bridged."""
        edges = np.flatnonzero(np.diff(self.active.astype(np.int8), prepend=0, append=0))
        joined: list[tuple[float, float]] = []
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            start_s, stop_s = first * STEP_S, last * STEP_S
            if joined and start_s - joined[-1][1] < gap_s:
                joined[-1] = (joined[-1][0], float(stop_s))
            else:
                joined.append((float(start_s), float(stop_s)))
        return joined

    def turned_rad(self, start_s: float, stop_s: float) -> float:
        """Return the angle between how the leg lay in the second before and in the second after; 0 if not known."""
        if self.lean is None:
            return 0.0
        first, last, each = round(start_s / STEP_S), round(stop_s / STEP_S), round(1 / STEP_S)
        before, after = self.lean[:, max(first - each, 0) : first], self.lean[:, last : last + each]
        if before.shape[1] == 0 or after.shape[1] == 0:
            return 0.0
        one, other = before.mean(axis=1, dtype=np.float64), after.mean(axis=1, dtype=np.float64)
        sizes = float(np.linalg.norm(one) * np.linalg.norm(other))
        return float(np.arccos(np.clip(one @ other / sizes, -1.0, 1.0))) if sizes else 0.0

    def peak(self, start_s: float, stop_s: float) -> tuple[float, float]:
        """Return when the level is highest between two times, and how high."""
        first = round(start_s / STEP_S)
        part = self.values[first : max(round(stop_s / STEP_S), first + 1)]
        at = int(np.argmax(part))
        return min((first + at + 0.5) * STEP_S, stop_s), float(part[at])


def emg_level(source: WaveSource, noise: float, settings: SpasmSettings) -> Level:
    """Return the loudness of an EMG channel over tenths of a second."""
    whole = np.empty(0, dtype=np.float32) if source.loudness is None else source.loudness
    each = round(STEP_S / BIN_S)
    rows = whole[: whole.size // each * each].reshape(-1, each).astype(np.float64)
    return Level(source=source, values=np.sqrt((rows**2).mean(axis=1)), least=settings.above_noise * noise)


def motion_level(recording: Recording, source: WaveSource, sensor: MotionSensor, settings: SpasmSettings) -> Level:
    """Return how much a sensor on the leg moves.

    Of acceleration it is the change from one tenth of a second to the next, which the constant part, gravity, is not
    in; of angular velocity its size; of an angle its change a second.
    """
    steps = [
        _steps(sensor, recording, float(start_s), min(start_s + PIECE_S, sensor.duration_s))
        for start_s in np.arange(0.0, sensor.duration_s, PIECE_S)
    ]
    values = np.concatenate([moved for moved, _ in steps]).astype(np.float64)
    quiet = float(np.quantile(values, _QUIET_SHARE)) if values.size else 0.0
    floor = (
        settings.acceleration_least_mps2 if sensor.kind is ChannelKind.ACCELERATION else settings.velocity_least_radps
    )
    least = max(floor, settings.motion_above_noise * quiet)
    lean = np.concatenate([means for _, means in steps], axis=1) if _shows_gravity(sensor) else None
    return Level(source=source, values=values, least=least, rests=quiet < floor, lean=lean)


def _shows_gravity(sensor: MotionSensor) -> bool:
    return sensor.kind is ChannelKind.ACCELERATION and len(sensor.channels) == _AXES


Steps = tuple["np.typing.NDArray[np.float32]", "np.typing.NDArray[np.float32]"]


def _steps(sensor: MotionSensor, recording: Recording, start_s: float, stop_s: float) -> Steps:
    """Return the level of each step of a piece, and the mean of each axis in it, in single precision."""
    # one step more at the front, so that the first step of a piece has one before it
    rate_hz, rows = kept(sensor, recording, max(start_s - STEP_S, 0.0), stop_s)
    each = max(1, round(STEP_S * rate_hz))
    steps = rows[:, : rows.shape[1] // each * each].reshape(rows.shape[0], -1, each)
    means = steps.mean(axis=2)
    level = _moved(sensor.kind, steps, means) if steps.shape[1] else np.empty(0)
    own = slice(1 if start_s > 0 else 0, None)
    return level[own].astype(np.float32), means[:, own].astype(np.float32)


def _moved(kind: ChannelKind, steps: FloatArray, means: FloatArray) -> FloatArray:
    if kind is ChannelKind.ANGULAR_VELOCITY:
        apart = steps - np.median(means, axis=1)[:, None, None]
        return np.asarray(np.sqrt((apart**2).sum(axis=0).mean(axis=1)), dtype=np.float64)
    change = np.diff(means, axis=1, prepend=means[:, :1])
    if kind is ChannelKind.ANGLE:
        return np.asarray(np.abs(change).max(axis=0) / STEP_S, dtype=np.float64)
    return np.asarray(np.sqrt((change**2).sum(axis=0) + steps.var(axis=2).sum(axis=0)), dtype=np.float64)


def missing_in(recording: Recording, sensor: MotionSensor) -> Intervals:
    """Return where a sensor has no samples, in stretches of a second and more."""
    lost: list[tuple[float, float]] = []
    for start_s, samples in recording.blocks(sensor.channels[0].name, block_s=PIECE_S):
        edges = np.flatnonzero(np.diff(np.isnan(samples).astype(np.int8), prepend=0, append=0))
        rate_hz = sensor.sampling_rate_hz
        lost += [
            (start_s + first / rate_hz, start_s + last / rate_hz)
            for first, last in zip(edges[::2], edges[1::2], strict=True)
            if last - first >= rate_hz
        ]
    return Intervals.union(lost)
