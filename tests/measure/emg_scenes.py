"""Small synthetic EMG scenes with known truth, made apart from the package's own simulator."""

from dataclasses import dataclass, field, replace

import numpy as np

from twitchwise.signals import ArraySource, Channel, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray

MUAP_SPAN_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What to synthesize; ``snr`` is a potential's peak over the RMS of the white noise, before any filter."""

    duration_s: float = 60.0
    sampling_rate_hz: float = 2000.0
    rate_per_min: float = 20.0
    snr: float = 15.0
    units: int = 5
    noise_v: float = 3e-6
    noise_step: float = 1.0
    bursts: tuple[tuple[float, float], ...] = ()
    burst_units: int = 15
    burst_snr: float = 15.0
    mains_v: float = 0.0
    mains_hz: float = 50.03
    ecg_v: float = 0.0
    drift_v: float = 0.0
    offset_v: float = 0.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What was put in: times of potentials in seconds, and when the muscle was active."""

    times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    active: Intervals = field(default_factory=Intervals)


def make(scene: Scene) -> tuple[Recording, Truth]:
    """Return the recording of a scene, and its truth."""
    rng = np.random.default_rng(scene.seed)
    n_samples = round(scene.duration_s * scene.sampling_rate_hz)
    time = np.arange(n_samples) / scene.sampling_rate_hz
    signal = rng.normal(scale=scene.noise_v, size=n_samples)
    signal[n_samples // 2 :] *= scene.noise_step
    times = fasciculation_times(scene, rng)
    for unit in range(scene.units):
        shape = muap(rng)
        for moment in times[unit :: scene.units]:
            add(signal, scene, shape, moment, scene.snr * scene.noise_v)
    for start, stop in scene.bursts:
        contract(signal, scene, rng, start, stop)
    signal += scene.mains_v * np.sin(2 * np.pi * scene.mains_hz * time)
    signal += scene.mains_v / 3 * np.sin(2 * np.pi * 3 * scene.mains_hz * time + 1.0)
    signal += scene.drift_v * np.sin(2 * np.pi * 0.07 * time) + scene.offset_v
    if scene.ecg_v:
        add_heart(signal, scene, rng)
    return recording_of(signal, scene.sampling_rate_hz), Truth(times_s=times, active=Intervals.union(scene.bursts))


def recording_of(signal: FloatArray, sampling_rate_hz: float, unit: Unit = Unit.VOLT, name: str = "calf") -> Recording:
    """Return one EMG channel in memory."""
    channel = Channel(
        name=name,
        kind=ChannelKind.EMG,
        unit=unit,
        sampling_rate_hz=sampling_rate_hz,
        n_samples=signal.size,
        electrode=Electrode.SURFACE,
    )
    return Recording(name="scene", format="array", channels=(channel,), source=ArraySource([signal]))


def fasciculation_times(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Return random times, none in a burst, none within 30 ms of another or of an edge."""
    count = rng.poisson(scene.rate_per_min * scene.duration_s / 60)
    times = np.sort(rng.uniform(0.1, scene.duration_s - 0.1, count))
    near = [(start - 0.5, stop + 0.5) for start, stop in scene.bursts]
    free = np.array([not any(start <= moment <= stop for start, stop in near) for moment in times], dtype=bool)
    times = times[free]
    return np.asarray(times[np.diff(times, prepend=-1.0) > 0.03], dtype=np.float64)


def muap(rng: np.random.Generator) -> FloatArray:
    """Return the shape of one unit's potential as weights of the first Hermite functions, and its width in s."""
    weights = rng.normal(size=3) * np.array([0.2, 1.0, 0.8])
    return np.concatenate([weights, [rng.uniform(0.0012, 0.0025)]])


def shape_at(shape: FloatArray, time_s: FloatArray) -> FloatArray:
    """Return a potential of peak 1 at the times in s around its middle."""

    def raw(at: FloatArray) -> FloatArray:
        x = at / shape[3]
        bell = np.exp(-(x**2) / 2)
        return np.asarray((shape[0] + shape[1] * x + shape[2] * (x**2 - 1)) * bell, dtype=np.float64)

    fine = np.linspace(-MUAP_SPAN_S / 2, MUAP_SPAN_S / 2, 401)
    return np.asarray(raw(time_s) / np.max(np.abs(raw(fine))), dtype=np.float64)


def add(signal: FloatArray, scene: Scene, shape: FloatArray, moment: float, peak_v: float) -> None:
    """Add one potential to the signal at a time in s."""
    first = max(0, round((moment - MUAP_SPAN_S / 2) * scene.sampling_rate_hz))
    last = max(first, min(signal.size, round((moment + MUAP_SPAN_S / 2) * scene.sampling_rate_hz)))
    signal[first:last] += peak_v * shape_at(shape, np.arange(first, last) / scene.sampling_rate_hz - moment)


def contract(signal: FloatArray, scene: Scene, rng: np.random.Generator, start: float, stop: float) -> None:
    """Add a willed contraction: units at 7 to 14 per second with intervals that vary by 15 %."""
    for unit in range(scene.burst_units):
        shape = muap(rng)
        late = unit / scene.burst_units * (stop - start) / 4
        size = scene.noise_v * scene.burst_snr * rng.uniform(0.3, 1.5)
        moment = start + late + rng.uniform(0, 0.05)
        interval = 1 / rng.uniform(7, 14)
        while moment < stop - late:
            add(signal, scene, shape, moment, size)
            moment += interval * max(0.3, 1 + 0.15 * rng.normal())


def add_heart(signal: FloatArray, scene: Scene, rng: np.random.Generator) -> None:
    """Add a QRS complex 70 times a minute, intervals varying by 4 %."""
    moment = 0.3
    while moment < scene.duration_s - 0.3:
        first, last = (round((moment + shift) * scene.sampling_rate_hz) for shift in (-0.1, 0.1))
        time = np.arange(first, last) / scene.sampling_rate_hz - moment
        qrs = np.exp(-((time / 0.01) ** 2)) - 0.3 * np.exp(-(((time - 0.025) / 0.012) ** 2))
        signal[first:last] += scene.ecg_v * qrs
        moment += 60 / 70 * (1 + 0.04 * rng.normal())


def matched(found_s: FloatArray, true_s: FloatArray, within_s: float = 0.015) -> int:
    """Return how many true times have a found one close by, each found one used once."""
    used, hits = -1, 0
    for moment in true_s:
        index = int(np.searchsorted(found_s, moment - within_s))
        index = max(index, used + 1)
        if index < found_s.size and found_s[index] <= moment + within_s:
            used, hits = index, hits + 1
    return hits


def varied(scene: Scene, **changes: float) -> Scene:
    """Return the scene with some values changed."""
    return replace(scene, **changes)  # type: ignore[arg-type]
