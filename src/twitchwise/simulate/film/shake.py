"""The path of a camera that is held by hand: it drifts within a second or two, and trembles some ten times a second."""

from dataclasses import dataclass

import numpy as np

from twitchwise.knowledge import library
from twitchwise.simulate.film.scene import Camera, Shake
from twitchwise.vocabulary.arrays import FloatArray

PATH_HZ = 240.0  # twenty samples in each period of the fastest tremor
DEGREE = np.pi / 180
FOCAL = 0.85  # focal length of a phone's main camera, in widths of its picture
DRIFT_HZ = (0.05, 1.5)
TREMOR_HZ = (6.0, 12.0)
STILL = 0.02  # what a tripod on a floor leaves of a hand's movement


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraPath:
    """Where the camera points, 240 times a second.

    Parameters
    ----------
    shift_px
        Shift of the picture in x and y, shape ``(n, 2)``.
    roll_rad, zoom
        Turn of the picture, and the natural logarithm of its size; shape ``(n,)``.
    """

    shift_px: FloatArray
    roll_rad: FloatArray
    zoom: FloatArray

    def at(self, times_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return shift in x and y, turn and size at some times, each in their shape."""
        known_s = np.arange(self.zoom.size) / PATH_HZ
        columns = (self.shift_px[:, 0], self.shift_px[:, 1], self.roll_rad, self.zoom)
        x, y, roll, zoom = (np.interp(times_s, known_s, column) for column in columns)
        return x, y, roll, zoom


def camera_path(camera: Camera, duration_s: float, seed: int) -> CameraPath:
    """Return the path of a camera for a film of some length."""
    chance, value = np.random.default_rng([seed, 4]), library().value
    samples = int((duration_s + 1) * PATH_HZ) + 1
    held = camera.shake_scale * (STILL if camera.shake is Shake.TRIPOD else 1.0)
    px = held * DEGREE * FOCAL * camera.width
    drift, tremor = value("film_shake_drift"), value("film_shake_tremor")
    rate = chance.uniform(*TREMOR_HZ)
    x, y, roll, zoom = (
        drift * _noise(samples, DRIFT_HZ, chance) + tremor * _noise(samples, (rate - 1, rate + 1), chance)
        for _ in range(4)
    )
    turn, size = value("film_shake_roll"), value("film_shake_zoom")
    return CameraPath(
        shift_px=px * np.stack([x, y], axis=1),
        roll_rad=held * DEGREE * turn * roll / drift,
        zoom=held * size * zoom / drift,
    )


def slow_noise(times_s: FloatArray, longest_hz: float, chance: np.random.Generator) -> FloatArray:
    """Return noise below a frequency at some times, standard deviation 1."""
    samples = int((times_s[-1] + 1) * PATH_HZ) + 1
    values: FloatArray = np.interp(times_s, np.arange(samples) / PATH_HZ, _noise(samples, (0.0, longest_hz), chance))
    return values


def _noise(samples: int, band_hz: tuple[float, float], chance: np.random.Generator) -> FloatArray:
    """Return noise within a band, standard deviation 1, falling with frequency as one over it."""
    hz = np.fft.rfftfreq(samples, 1 / PATH_HZ)
    spectrum = chance.standard_normal(hz.size) + 1j * chance.standard_normal(hz.size)
    # rounded edges: a band cut off sharply rings
    inside = (
        1 / (1 + (hz / band_hz[1]) ** 8) * (hz / max(band_hz[0], hz[1])) ** 4 / (1 + (hz / max(band_hz[0], hz[1])) ** 4)
    )
    series = np.fft.irfft(spectrum * inside / np.maximum(hz, band_hz[0] or hz[1]), samples)
    values: FloatArray = (series - series.mean()) / series.std()
    return values
