"""Grids with known motor units: traveling potentials on 4 x 5 electrodes, at given times, in white noise."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 2048.0
ROWS, COLUMNS, SPACING_M = 4, 5, 0.008
N_CHANNELS = ROWS * COLUMNS
LENGTH = 50  # samples of a potential

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Samples in V, and where each unit discharged."""

    samples: npt.NDArray[np.float32]
    discharges: tuple[IntArray, ...]
    positions_m: FloatArray


def positions_m() -> FloatArray:
    """Return x and y of each channel, row by row."""
    rows, columns = np.divmod(np.arange(N_CHANNELS), COLUMNS)
    return np.stack([rows * SPACING_M, columns * SPACING_M], axis=1)


def potential(seed: int, *, moved: tuple[float, float] = (0.0, 0.0)) -> FloatArray:
    """Return a unit's potential on all channels, shape ``(N_CHANNELS, LENGTH)``, about 100 uV high.

    It travels along the rows at its own speed and fades with the distance across; ``moved`` shifts it by electrodes.
    """
    random = np.random.default_rng(seed)
    places = positions_m() / SPACING_M - np.array(moved)
    center = random.uniform([0.0, 0.0], [ROWS - 1.0, COLUMNS - 1.0])
    speed, width, depth = random.uniform(3.0, 6.0), random.uniform(2.0, 4.0), random.uniform(0.8, 1.6)
    delay = LENGTH / 2 + speed * np.abs(places[:, 0] - center[0]) - speed
    size = random.uniform(0.7, 1.3) * np.exp(-(((places[:, 1] - center[1]) / depth) ** 2) / 2)
    time = (np.arange(LENGTH) - delay[:, None]) / width
    wave = (1 - time**2) * np.exp(-(time**2) / 2) + random.uniform(-0.5, 0.5) * time * np.exp(-(time**2) / 2)
    scaled: FloatArray = 100e-6 * size[:, None] * wave
    return scaled


def regular(seed: int, rate_hz: float, duration_s: float, *, variation: float = 0.15) -> IntArray:
    """Return samples of a unit that discharges steadily."""
    random = np.random.default_rng(seed)
    intervals_s = random.normal(1 / rate_hz, variation / rate_hz, round(2 * rate_hz * duration_s)).clip(0.03)
    times_s = random.uniform(0, 1 / rate_hz) + np.cumsum(intervals_s)
    return np.rint(times_s[times_s < duration_s] * RATE_HZ).astype(np.int64)


def sparse(seed: int, n: int, duration_s: float) -> IntArray:
    """Return samples of a unit that discharges ``n`` times, anywhere, as fasciculations do."""
    random = np.random.default_rng(seed)
    return np.sort(random.choice(np.arange(200, round(duration_s * RATE_HZ) - 200, 120), n, replace=False))


def grid(
    trains: list[IntArray],
    *,
    duration_s: float,
    noise_v: float = 8e-6,
    seed: int = 0,
    moved: tuple[float, float] = (0.0, 0.0),
    first_unit: int = 0,
) -> Grid:
    """Return what the electrodes record of units that discharge at given samples."""
    random = np.random.default_rng(seed + 1000)
    samples = random.normal(0, noise_v, (N_CHANNELS, round(duration_s * RATE_HZ)))
    for number, train in enumerate(trains):
        wave = potential(first_unit + number, moved=moved)
        for at in train:
            end = min(at + LENGTH, samples.shape[1])
            samples[:, at:end] += wave[:, : end - at]
    return Grid(samples=samples.astype(np.float32), discharges=tuple(trains), positions_m=positions_m())
