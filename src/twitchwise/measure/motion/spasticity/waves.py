"""A sensor or an EMG channel as one trace on which beats stand out, read piece by piece.

Motion is the part that swings most among its axes, between the slowest and the fastest clonus; acceleration is summed
up once to a velocity, which takes the overtones of sharp beats away. EMG is its loudness in steps of 10 ms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfiltfilt

from twitchwise.measure.emg.rhythms import ChannelTrace
from twitchwise.measure.emg.rhythms.envelope import BIN_S, envelope_of
from twitchwise.measure.emg.rhythms.impulses import noise_of
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.places import Place
from twitchwise.measure.motion.spasticity.settings import ClonusSettings
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Side, Unit
from twitchwise.vocabulary.arrays import FloatArray

# Motion is kept at this rate: the fastest clonus has six samples a beat.
KEPT_HZ = 50.0
# Pieces that are looked at, and what is read around them: longer than a spasm may last.
PIECE_S, MARGIN_S = 600.0, 70.0
# The band reaches this far beyond the slowest and the fastest clonus, on two poles at each edge.
_BELOW, _ABOVE, _ORDER = 0.8, 1.15, 2
# Noise is what the quietest fiftieth of half seconds shows, or what is left above the band, whichever is less.
_FRAME_S, _QUIET_SHARE, _HIGH_HZ = 0.5, 0.02, 15.0
# The loudness of noise in steps of 10 ms swings by about this share of its size within the band.
_LOUDNESS_SWINGS = 0.12


@dataclass(frozen=True, kw_only=True, eq=False)
class Wave:
    """A piece of a trace on which beats stand out as crests.

    Parameters
    ----------
    start_s
        Time of the first sample.
    rate_hz
        Samples per second.
    swing
        What swings at the rates of clonus, shape ``(n,)``; its crests are the beats.
    size
        What the size of a beat is measured on, in the unit of the source, never negative, shape ``(n,)``.
    """

    start_s: float
    rate_hz: float
    swing: FloatArray
    size: FloatArray

    @property
    def stop_s(self) -> float:
        """Time after the last sample."""
        return self.start_s + self.swing.size / self.rate_hz

    def at(self, start_s: float, stop_s: float) -> slice:
        """Return the samples between two times, at least one."""
        first = max(round((start_s - self.start_s) * self.rate_hz), 0)
        last = max(round((stop_s - self.start_s) * self.rate_hz), first + 1)
        return slice(min(first, self.swing.size - 1), last)


@dataclass(frozen=True, kw_only=True, eq=False)
class WaveSource:
    """Where waves come from: a sensor or an EMG channel.

    Parameters
    ----------
    name, kind, unit
        Of the sensor or channel; ``unit`` is that of the size of its beats.
    place, side
        Where it is worn.
    duration_s
        Its length.
    noise
        Root mean square of ``swing`` where nothing happens.
    depth_least
        Loudness of crests over that of troughs that EMG must reach, 0 for motion.
    axis
        Name of the channel that stands for the sensor in events.
    sensor
        The sensor that is read, ``None`` for EMG.
    loudness
        Of EMG in steps of 10 ms.
    """

    name: str
    kind: ChannelKind
    unit: Unit
    place: Place
    side: Side | None
    duration_s: float
    noise: float
    depth_least: float
    axis: str
    sensor: MotionSensor | None = None
    loudness: "np.typing.NDArray[np.float32] | None" = None

    @property
    def is_emg(self) -> bool:
        """Whether it is electrical, so that no limb that swings by itself can look like beats."""
        return self.kind is ChannelKind.EMG

    def pieces(self, recording: Recording, settings: ClonusSettings) -> Iterator[tuple[float, float, Wave]]:
        """Give every piece with the time it stands for; each holds a margin on both sides."""
        for start_s in np.arange(0.0, self.duration_s, PIECE_S):
            stop_s = min(start_s + PIECE_S, self.duration_s)
            first_s, last_s = max(start_s - MARGIN_S, 0.0), min(stop_s + MARGIN_S, self.duration_s)
            yield float(start_s), stop_s, self.wave(recording, first_s, last_s, settings)

    def wave(self, recording: Recording, start_s: float, stop_s: float, settings: ClonusSettings) -> Wave:
        """Return the wave between two times."""
        if self.sensor is None:
            return _emg_wave(self.loudness, start_s, stop_s, settings)
        return _motion_wave(self.sensor, recording, start_s, stop_s, settings)


def emg_source(recording: Recording, trace: ChannelTrace, place: Place, side: Side | None) -> WaveSource:
    """Return the source of an EMG channel: its loudness, and how much that swings in its noise."""
    rhythm = rhythm_settings()
    channel = recording.channel(trace.channel)
    return WaveSource(
        name=trace.channel,
        kind=ChannelKind.EMG,
        unit=channel.unit,
        place=place,
        side=side,
        duration_s=trace.duration_s,
        noise=_LOUDNESS_SWINGS * noise_of(trace, rhythm),
        depth_least=rhythm.burst_depth,
        axis=trace.channel,
        loudness=envelope_of(trace, rhythm),
    )


def motion_source(
    recording: Recording, sensor: MotionSensor, place: Place, side: Side | None, settings: ClonusSettings
) -> WaveSource:
    """Return the source of a sensor of motion or force, with its noise over the whole recording."""
    noises, axes = [], []
    for start_s in np.arange(0.0, sensor.duration_s, PIECE_S):
        stop_s = min(start_s + PIECE_S, sensor.duration_s)
        rate_hz, rows = kept(sensor, recording, float(start_s), stop_s)
        if rows.shape[1] > rate_hz:
            noises.append(_noise(sensor, rows, rate_hz, settings))
            axes.append(rows.std(axis=1))
    main = int(np.argmax(np.sum(axes, axis=0))) if axes else 0
    return WaveSource(
        name=sensor.name,
        kind=sensor.kind,
        unit=sensor.channels[0].unit,
        place=place,
        side=side,
        duration_s=sensor.duration_s,
        noise=float(min(noises, default=0.0)),
        depth_least=0.0,
        axis=sensor.channels[main].name,
        sensor=sensor,
    )


def kept(
    sensor: MotionSensor, recording: Recording, start_s: float, stop_s: float, most_hz: float = KEPT_HZ
) -> tuple[float, FloatArray]:
    """Return the rate and the samples of a sensor, averaged down to 50 a second; missing ones are bridged."""
    rows, rate_hz = sensor.read(recording, start_s, stop_s), sensor.sampling_rate_hz
    if rate_hz > most_hz:
        rate_hz, rows = most_hz, _averaged(rows, rate_hz / most_hz)
    return rate_hz, np.stack([_bridged(row) for row in rows])


def _averaged(rows: FloatArray, length: float) -> FloatArray:
    """Return the means of stretches of a length in samples, which begin at the nearest sample.

    Rows that are shorter stay as they are.
    """
    edges = np.rint(np.arange(0, rows.shape[1] + 1, length)).astype(np.int64)
    edges = edges[edges <= rows.shape[1]]
    if edges.size <= 1:
        return rows
    whole = round(length)
    if whole != length:
        return np.asarray(np.add.reduceat(rows[:, : edges[-1]], edges[:-1], axis=1) / np.diff(edges))
    sums = rows[:, 0 : edges[-1] : whole].copy()
    for shift in range(1, whole):
        sums += rows[:, shift : edges[-1] : whole]
    return np.asarray(sums / whole)


def _bridged(row: FloatArray) -> FloatArray:
    known = np.isfinite(row)
    if known.all() or not known.any():
        return np.nan_to_num(row)
    at = np.arange(row.size)
    return np.interp(at, at[known], row[known])


def _swing(sensor: MotionSensor, rows: FloatArray, rate_hz: float, settings: ClonusSettings) -> FloatArray:
    """Return what swings at the rates of clonus along the direction in which it swings most, shape ``(n,)``."""
    moved = rows - rows.mean(axis=1, keepdims=True)
    if sensor.kind is ChannelKind.ACCELERATION:
        moved = np.cumsum(moved, axis=1) / rate_hz
    passed = _passed(moved, rate_hz, settings)
    return passed[0] if len(passed) == 1 else _main_direction(passed)


def _main_direction(rows: FloatArray) -> FloatArray:
    _, directions = np.linalg.eigh(rows @ rows.T)
    along = directions[:, -1]
    return np.asarray(along * np.sign(along[np.argmax(np.abs(along))]) @ rows, dtype=np.float64)


def _passed(rows: FloatArray, rate_hz: float, settings: ClonusSettings) -> FloatArray:
    sections = _band(settings.rate_low_hz * _BELOW, min(settings.rate_high_hz * _ABOVE, 0.45 * rate_hz), rate_hz)
    room = min(rows.shape[1] - 1, round(2 * rate_hz))
    return np.asarray(sosfiltfilt(sections, rows, axis=-1, padlen=room), dtype=np.float64)


@lru_cache(maxsize=8)
def _band(low_hz: float, high_hz: float, rate_hz: float) -> FloatArray:
    return np.asarray(butter(_ORDER, [low_hz, high_hz], "bandpass", fs=rate_hz, output="sos"), dtype=np.float64)


def _motion_wave(
    sensor: MotionSensor, recording: Recording, start_s: float, stop_s: float, settings: ClonusSettings
) -> Wave:
    rate_hz, rows = kept(sensor, recording, start_s, stop_s)
    size = np.abs(rows - rows.mean(axis=1, keepdims=True))
    swing = np.zeros(rows.shape[1])
    if rows.shape[1] > rate_hz:
        swing = _swing(sensor, rows, rate_hz, settings)
        size = np.abs(_passed(rows, rate_hz, settings))
    return Wave(start_s=start_s, rate_hz=rate_hz, swing=swing, size=np.sqrt((size**2).sum(axis=0)))


def _emg_wave(
    loudness: "np.typing.NDArray[np.float32] | None", start_s: float, stop_s: float, settings: ClonusSettings
) -> Wave:
    whole = np.empty(0, dtype=np.float32) if loudness is None else loudness
    part = whole[round(start_s / BIN_S) : round(stop_s / BIN_S)].astype(np.float64)
    swing = _passed(part[None], 1 / BIN_S, settings)[0] if part.size * BIN_S > 1 else np.zeros(part.size)
    return Wave(start_s=start_s, rate_hz=1 / BIN_S, swing=swing, size=part)


def _noise(sensor: MotionSensor, rows: FloatArray, rate_hz: float, settings: ClonusSettings) -> float:
    swing = _swing(sensor, rows, rate_hz, settings)
    length = round(_FRAME_S * rate_hz)
    frames = swing[: swing.size // length * length].reshape(-1, length)
    quiet = float(np.quantile(np.sqrt((frames**2).mean(axis=1)), _QUIET_SHARE))
    if sensor.kind is ChannelKind.ACCELERATION or rate_hz <= 2.5 * _HIGH_HZ:
        return quiet
    above = sosfiltfilt(butter(2, _HIGH_HZ, "highpass", fs=rate_hz, output="sos"), rows, axis=-1)
    width = (settings.rate_high_hz - settings.rate_low_hz) / (rate_hz / 2 - _HIGH_HZ)
    return min(quiet, float(np.sqrt((np.median(np.abs(above), axis=1) ** 2).sum() * width)) / 0.6745)
