"""Fields of motion whose twitches are known."""

import numpy as np

from twitchwise.measure.video.field import MotionField
from twitchwise.vocabulary.arrays import FloatArray

ROWS, COLUMNS, BLOCK = 12, 16, 16


def a_field(  # noqa: PLR0913 - everything that a test varies
    twitches: list[tuple[float, float, float, float]],
    *,
    seconds: float = 20.0,
    rate_hz: float = 30.0,
    noise_px: float = 0.05,
    shake_px: float = 2.0,
    seed: int = 0,
    width_px: float = 25.0,
    tremor: tuple[float, float] = (0.0, 0.0),
    uneven: bool = False,
) -> MotionField:
    """Return a field with twitches, each given as peak in seconds, size, x and y in pixels."""
    chance = np.random.default_rng(seed)
    times_s = np.arange(round(seconds * rate_hz)) / rate_hz
    if uneven:
        times_s = times_s + np.r_[0, chance.uniform(0, 0.3, times_s.size - 1)] / rate_hz
    y, x = np.mgrid[:ROWS, :COLUMNS] * BLOCK + (BLOCK - 1) / 2
    centers = np.stack([x.ravel(), y.ravel()], axis=1)
    shift = chance.normal(0, noise_px, (times_s.size, len(centers), 2))
    shift += shaken(times_s, shake_px, seed)[:, np.newaxis]
    shift += tremor[1] * np.sin(2 * np.pi * tremor[0] * times_s)[:, np.newaxis, np.newaxis]
    for peak_s, size, place_x, place_y in twitches:
        away = np.hypot(centers[:, 0] - place_x, centers[:, 1] - place_y)
        shift[..., 0] += size * course(times_s - peak_s)[:, np.newaxis] * np.exp(-np.square(away / width_px) / 2)
    return MotionField(
        times_s=times_s,
        rows=ROWS,
        columns=COLUMNS,
        centers_px=centers,
        block_px=float(BLOCK),
        shift_px=shift.astype(np.float32),
        noise_px=np.full((len(centers), 2), noise_px),
    )


def course(time_s: FloatArray) -> FloatArray:
    """Return a twitch that peaks at 0, after 60 ms, and is half 70 ms later."""
    rise = np.cos(np.pi / 2 * np.clip(-time_s / 0.06, 0, 1)) ** 2
    late = 1.678347 * np.maximum(time_s, 0) / 0.07
    twitch: FloatArray = rise * (1 + late) * np.exp(-late)
    return twitch


def shaken(times_s: FloatArray, size_px: float, seed: int) -> FloatArray:
    """Return a slow sway with a tremble, shape ``(n, 2)``."""
    phase = np.random.default_rng([seed, 1]).uniform(0, 6, (2, 4))
    rates = np.array([0.21, 0.53, 1.3, 8.7])
    parts = np.sin(2 * np.pi * rates * times_s[:, np.newaxis, np.newaxis] + phase) * [1, 0.5, 0.2, 0.05]
    sway: FloatArray = size_px * parts.sum(axis=2)
    return sway
