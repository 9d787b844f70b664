"""Small synthetic grid recordings with known truth: shared noise, potentials that spread over the electrodes."""

from dataclasses import dataclass, field

import numpy as np
from tests.measure.emg_scenes import muap, shape_at

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

SPACING_M = 0.008


@dataclass(frozen=True, kw_only=True)
class GridScene:
    """What to synthesize; ``peak_v`` is a potential's peak on its best channel, ``noise_v`` the noise of a channel."""

    rows: int = 4
    columns: int = 4
    duration_s: float = 30.0
    sampling_rate_hz: float = 2048.0
    rate_per_min: float = 40.0
    units: int = 3
    peak_v: float = 30e-6
    noise_v: float = 10e-6
    shared: float = 0.9
    contraction: tuple[float, float] | None = None
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class GridTruth:
    """Times of potentials in seconds, and the unit of each from 0."""

    times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    unit: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def make_grid(scene: GridScene) -> tuple[Recording, GridTruth]:
    """Return a recording of an array, and its truth."""
    rng = np.random.default_rng(scene.seed)
    n_channels, n_samples = scene.rows * scene.columns, round(scene.duration_s * scene.sampling_rate_hz)
    own = rng.normal(size=(n_channels, n_samples)) * np.sqrt(1 - scene.shared)
    signal = scene.noise_v * (own + rng.normal(size=n_samples) * np.sqrt(scene.shared))
    count = rng.poisson(scene.rate_per_min * scene.duration_s / 60)
    times = np.sort(rng.uniform(0.2, scene.duration_s - 0.2, count))
    times = times[np.diff(times, prepend=-1.0) > 0.06]
    unit = rng.integers(scene.units, size=times.size)
    shapes = [muap(rng) for _ in range(scene.units)]
    places = rng.uniform(0, 1, (scene.units, 2)) * [scene.rows - 1, scene.columns - 1]
    for at, one in zip(times, unit, strict=True):
        _add(signal, scene, shapes[one], places[one], float(at))
    if scene.contraction is not None:
        for one in range(scene.units):
            _contract(signal, scene, shapes[one], places[one], rng)
    return grid_recording(signal, scene), GridTruth(times_s=times, unit=unit)


def grid_recording(signal: FloatArray, scene: GridScene) -> Recording:
    """Return samples of shape ``(n_channels, n)`` as the recording of an array."""
    channels = tuple(
        Channel(
            name=f"E{number + 1}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=scene.sampling_rate_hz,
            n_samples=signal.shape[1],
            electrode=Electrode.SURFACE,
            array="grid",
            position_m=(SPACING_M * (number // scene.columns), SPACING_M * (number % scene.columns), 0.0),
        )
        for number in range(len(signal))
    )
    return Recording(name="grid scene", format="array", channels=channels, source=ArraySource(list(signal)))


def _add(signal: FloatArray, scene: GridScene, shape: FloatArray, place: FloatArray, at_s: float) -> None:
    first = round((at_s - 0.01) * scene.sampling_rate_hz)
    stop = round((at_s + 0.01) * scene.sampling_rate_hz)
    wave = scene.peak_v * shape_at(shape, np.arange(first, stop) / scene.sampling_rate_hz - at_s)
    rows, columns = np.divmod(np.arange(len(signal)), scene.columns)
    apart = (rows - place[0]) ** 2 + (columns - place[1]) ** 2
    weight = np.exp(-apart / (2 * 1.2**2))
    signal[:, first:stop] += (weight / weight.max())[:, None] * wave


def _contract(
    signal: FloatArray, scene: GridScene, shape: FloatArray, place: FloatArray, rng: np.random.Generator
) -> None:
    assert scene.contraction is not None
    start, stop = scene.contraction
    at = start + rng.uniform(0, 0.05)
    interval = 1 / rng.uniform(7, 12)
    while at < stop:
        _add(signal, scene, shape, place, at)
        at += interval * max(0.4, 1 + 0.12 * rng.normal())
