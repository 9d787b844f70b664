"""The light on a scene: uneven, flickering with the mains as rows are read, and followed by the camera's exposure."""

import numpy as np

from twitchwise.simulate.film.scene import Camera, Light
from twitchwise.simulate.film.shake import slow_noise
from twitchwise.simulate.film.skin import Canvas
from twitchwise.vocabulary.arrays import FloatArray

EVENED = 0.7  # of the differences between skins, in the logarithm of brightness, a camera's exposure makes up for
ADAPTS_HZ = 0.4  # exposure follows within a second


class Lamp:
    """The light of a scene and the camera's exposure, by row and time."""

    def __init__(self, light: Light, camera: Camera, duration_s: float, reflectance: float, seed: int) -> None:
        self._light, self._camera = light, camera
        self._level = light.level / reflectance**EVENED
        chance = np.random.default_rng([seed, 11])
        self._known_s = np.arange(0.0, duration_s + 2, 0.05)
        self._gain = np.exp(camera.adapts * slow_noise(self._known_s, ADAPTS_HZ, chance))
        self._even = self._evenness()

    def on_rows(self, time_s: float) -> Canvas:
        """Return the light on each pixel of a picture that begins at a time, shape ``(height, width, 1)``."""
        rows_s = time_s + self._camera.readout_s * np.arange(self._camera.height) / self._camera.height
        gain = np.interp(time_s, self._known_s, self._gain) * self._level
        lit: Canvas = (gain * self._flicker(rows_s))[:, np.newaxis, np.newaxis].astype(np.float32) * self._even
        return lit

    def _flicker(self, rows_s: FloatArray) -> FloatArray:
        """Return the lamp's light, averaged over the exposure."""
        hz, exposure_s = self._light.flicker_hz, self._camera.exposure_s
        seen = self._light.flicker_depth * np.sinc(hz * exposure_s)
        flicker: FloatArray = 1 + seen * np.cos(2 * np.pi * hz * (rows_s + exposure_s / 2))
        return flicker

    def _evenness(self) -> Canvas:
        y, x = np.mgrid[-0.5 : 0.5 : self._camera.height * 1j, -0.5 : 0.5 : self._camera.width * 1j]
        along = x * np.cos(self._light.direction_rad) + y * np.sin(self._light.direction_rad)
        even: Canvas = (1 + self._light.unevenness * along)[..., np.newaxis].astype(np.float32)
        return even
