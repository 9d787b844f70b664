"""Fields of motion with known movement, without pictures."""

import numpy as np
import numpy.typing as npt

from twitchwise.measure.video.field import MotionField

FloatArray = npt.NDArray[np.float64]


def field(  # the movement of a part of 10 x 16 blocks of 20 pixels
    part_px: FloatArray,
    *,
    rate_hz: float = 60.0,
    camera_px: FloatArray | None = None,
    noise_px: float = 0.05,
    share: float = 0.25,
    seed: int = 1,
) -> MotionField:
    """Return a field in which a part moves along x, and everything as the camera does."""
    rng = np.random.default_rng(seed)
    rows, columns = 10, 16
    y, x = np.mgrid[:rows, :columns].reshape(2, -1)
    shift = noise_px * rng.standard_normal((part_px.size, rows * columns, 2))
    shift[:, x < share * columns, 0] += part_px[:, np.newaxis]
    if camera_px is not None:
        shift += camera_px[:, np.newaxis]
    return MotionField(
        times_s=np.arange(part_px.size) / rate_hz,
        rows=rows,
        columns=columns,
        centers_px=np.stack([x, y], axis=1) * 20.0 + 9.5,
        block_px=20.0,
        shift_px=shift.astype(np.float32),
        noise_px=np.full((rows * columns, 2), noise_px),
    )


def sine(frequency_hz: float, amplitude_px: float, n: int, rate_hz: float, phase: float = 0.3) -> FloatArray:
    """Return a sine."""
    wave: FloatArray = amplitude_px * np.sin(2 * np.pi * frequency_hz * np.arange(n) / rate_hz + phase)
    return wave


def walk(n: int, rate_hz: float, size_px: float, seed: int) -> FloatArray:
    """Return how a camera drifts that a hand holds: two axes, shape ``(n, 2)``."""
    steps = np.random.default_rng(seed).normal(size=(n, 2))
    return np.asarray(size_px * np.cumsum(steps, axis=0) / np.sqrt(rate_hz))
