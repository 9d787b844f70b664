"""Constructed recordings of legs with known truth, made apart from the package's own simulator."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.spasticity import measure_spasticity
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, EventTrain, Recording
from twitchwise.signals.recording import Annotation
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray

GRAVITY = 9.81
_UNITS = {
    ChannelKind.EMG: Unit.VOLT,
    ChannelKind.ACCELERATION: Unit.METER_PER_SECOND_SQUARED,
    ChannelKind.ANGULAR_VELOCITY: Unit.RADIAN_PER_SECOND,
    ChannelKind.ANGLE: Unit.RADIAN,
    ChannelKind.FORCE: Unit.NEWTON,
}


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Samples of one channel or of a sensor's axes, shape ``(n,)`` or ``(3, n)``."""

    kind: ChannelKind
    samples: FloatArray
    rate_hz: float
    name: str = "ankle"
    site: str | None = None


def recording_of(traces: Sequence[Trace], notes: Sequence[tuple[float, str]] = ()) -> Recording:
    """Return a recording of several traces with notes."""
    channels, arrays = [], []
    for trace in traces:
        rows = np.atleast_2d(trace.samples)
        axes = "XYZ" if len(rows) > 1 else " "
        for axis, row in zip(axes, rows, strict=False):
            many = len(rows) > 1
            channels.append(
                Channel(
                    name=f"{trace.name} {axis}".strip(),
                    kind=trace.kind,
                    unit=_UNITS[trace.kind],
                    sampling_rate_hz=trace.rate_hz,
                    n_samples=row.size,
                    electrode=Electrode.SURFACE if trace.kind is ChannelKind.EMG else Electrode.UNKNOWN,
                    site=trace.site,
                    array=trace.name if many else None,
                )
            )
            arrays.append(row)
    annotations = tuple(Annotation(start_s=time_s, duration_s=0.0, text=text) for time_s, text in notes)
    return Recording(
        name="scene", format="array", channels=tuple(channels), source=ArraySource(arrays), annotations=annotations
    )


def measured(recording: Recording, asked: Asked | None = None) -> RecordingMeasurements | None:
    """Measure with nobody told of the progress."""
    found = measure_spasticity(recording, asked or Asked(), lambda _: None)
    for one in () if found is None else found.measurements:
        # what leaves the program as JSON must be plain numbers
        assert {type(one.value), type(one.low), type(one.high)} == {float}, one.id
    return found


def values(found: RecordingMeasurements | None) -> dict[str, Measurement]:
    """Return measurements by id, the first of each."""
    by_id: dict[str, Measurement] = {}
    for one in () if found is None else found.measurements:
        by_id.setdefault(one.id, one)
    return by_id


def events(found: RecordingMeasurements | None, kind: EventKind) -> list[EventTrain]:
    """Return the trains of one kind."""
    return [] if found is None else [train for train in found.events if train.kind is kind]


def beat_times(rng: np.random.Generator, start_s: float, beats: int, frequency_hz: float, spread: float) -> FloatArray:
    """Return times of beats whose intervals vary by a share of themselves."""
    intervals = rng.normal(1 / frequency_hz, spread / frequency_hz, size=beats - 1)
    return np.concatenate([[start_s], start_s + np.cumsum(np.clip(intervals, 0.6 / frequency_hz, 1.5 / frequency_hz))])


def emg_of_beats(
    rng: np.random.Generator, duration_s: float, times_s: FloatArray, sizes: FloatArray, rate_hz: float = 1000.0
) -> FloatArray:
    """Return EMG: noise of 3 uV, and a burst of about 60 ms at each time."""
    time_s = np.arange(0, duration_s, 1 / rate_hz)
    loudness = np.zeros(time_s.size)
    for moment, size in zip(times_s, sizes, strict=True):
        loudness += size * np.exp(-0.5 * ((time_s - moment) / 0.018) ** 2)
    return rng.normal(scale=3e-6, size=time_s.size) + loudness * rng.normal(size=time_s.size)


def motion_of_beats(
    rng: np.random.Generator, duration_s: float, times_s: FloatArray, sizes: FloatArray, rate_hz: float = 100.0
) -> FloatArray:
    """Return the angular velocity in rad/s of a foot that beats, with the noise of a phone's gyroscope."""
    time_s = np.arange(0, duration_s, 1 / rate_hz)
    turned = rng.normal(scale=0.005, size=time_s.size)
    if times_s.size > 1:
        half_s = float(np.median(np.diff(times_s))) / 2
        for moment, size in zip(times_s, sizes, strict=True):
            near = np.abs(time_s - moment) < half_s
            turned[near] += size * np.cos(np.pi * (time_s[near] - moment) / half_s)
    return turned


def pendulum(
    *, start_rad: float, rest_rad: float, frequency_hz: float, ratio: float, rate_hz: float, hold_s: float = 2.0
) -> tuple[FloatArray, FloatArray]:
    """Return angle and angular velocity of a leg that is held, let go and swings to rest as a damped pendulum."""
    natural = 2 * np.pi * frequency_hz
    lasts_s = min(6.0 / (ratio * natural), 18.0) + 3.0
    time_s = np.arange(0, lasts_s, 1 / rate_hz)

    damped = natural * np.sqrt(1 - ratio**2)
    fading = np.exp(-ratio * natural * time_s)
    swing = rest_rad + (start_rad - rest_rad) * fading * (
        np.cos(damped * time_s) + ratio / np.sqrt(1 - ratio**2) * np.sin(damped * time_s)
    )
    turned = (rest_rad - start_rad) * fading * natural / np.sqrt(1 - ratio**2) * np.sin(damped * time_s)
    held = np.full(round(hold_s * rate_hz), start_rad)
    return np.concatenate([held, swing]), np.concatenate([np.zeros_like(held), turned])


def lying_after_fall(
    rng: np.random.Generator,
    *,
    impact_mps2: float = 40.0,
    turned: bool = True,
    walks_s: float = 30.0,
    rate_hz: float = 100.0,
) -> tuple[FloatArray, float]:
    """Return acceleration at the trunk of a walk that ends in a fall, shape ``(3, n)``, and when the fall begins."""
    walk = walking(rng, walks_s, rate_hz)
    falls = np.linspace(8.0, 3.0, round(0.35 * rate_hz))
    drop = np.stack([np.zeros_like(falls), falls, np.zeros_like(falls)]) + rng.normal(scale=0.3, size=(3, falls.size))
    hit = np.array([[0.3, 0.8, 0.4], [0.9, 0.5, 0.2], [0.1, 0.2, 0.1]]).repeat(max(1, round(0.03 * rate_hz)), axis=1)
    lying = np.zeros((3, round(15 * rate_hz)))
    lying[0 if turned else 1] = GRAVITY
    lying += rng.normal(scale=0.1, size=lying.shape)
    return np.concatenate([walk, drop, impact_mps2 * hit, lying], axis=1), walks_s


def walking(rng: np.random.Generator, duration_s: float, rate_hz: float = 100.0) -> FloatArray:
    """Return acceleration at the trunk while walking two steps a second, shape ``(3, n)``."""
    time_s = np.arange(0, duration_s, 1 / rate_hz)
    phase = 2 * np.pi * 1.9 * time_s + 0.3 * np.cumsum(rng.normal(size=time_s.size)) / np.sqrt(rate_hz)
    up = GRAVITY + 2.5 * np.sin(phase) + 1.2 * np.sin(2 * phase + 1)
    return np.stack([0.8 * np.sin(phase / 2), up, 0.6 * np.sin(phase + 2)]) + rng.normal(
        scale=0.3, size=(3, time_s.size)
    )
