"""Which units of dense activity stand out of the noise so far that a reader can see what is listed."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.units.explain import Scene
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.results import UnitSet
from twitchwise.measure.emg.units.selection import is_mixture
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Median of the size of a normal deviate, and points at which the response of a filter is known.
_MEDIAN_SIZE, _POINTS = 0.6745, 8192


@dataclass(frozen=True, kw_only=True, eq=False)
class Visibility:
    """How far units stand out.

    Parameters
    ----------
    height
        Peak of each unit's mean potential in multiples of the noise that is left, before whitening; infinite where
        potentials are sparse and every one counts, shape ``(n_units,)``.
    is_mixture
        Whether a template fits several units that cannot be told apart, shape ``(n_units,)``.
    least
        Height from which a unit, or a potential of a mixture, is listed.
    """

    height: FloatArray
    is_mixture: BoolArray
    least: float

    @classmethod
    def of(cls, done: Pass, units: UnitSet) -> "Visibility":
        """Return what a pass over dense activity tells, or that all count where it is sparse."""
        n_units, least = len(units), done.scene.settings.visible_height
        if not done.scene.is_dense or not done.frames or n_units == 0:
            return cls(height=np.full(n_units, np.inf), is_mixture=np.zeros(n_units, dtype=np.bool_), least=least)
        noise = raw_noise(done.scene, np.array(done.frames))[units.best]
        peak = np.abs(units.templates).max(axis=2)[np.arange(n_units), units.best]
        unit, time = done.joined("unit"), done.joined("time")
        mixed = [is_mixture(np.sort(time[unit == one]), done.scene) for one in range(n_units)]
        return cls(height=peak / noise, is_mixture=np.array(mixed, dtype=np.bool_), least=least)

    def listed(self, unit: IntArray, size: FloatArray) -> BoolArray:
        """Tell which discharges, by unit and size, are listed."""
        height = self.height[unit]
        return np.asarray(np.where(self.is_mixture[unit], size * height, height) >= self.least, dtype=np.bool_)

    def named(self, unit: IntArray) -> IntArray:
        """Return the numbers of units from 1, and 0 for those of a mixture."""
        return np.where(self.is_mixture[unit], 0, unit + 1)


def raw_noise(scene: Scene, frames: Samples) -> FloatArray:
    """Return the noise of each component as it was before whitening, from frames of shape ``(n, n_components, n)``."""
    spectrum = np.fft.rfft(frames, axis=2) / _response(scene.color, frames.shape[2] // 2 + 1)
    size = np.abs(np.fft.irfft(spectrum, frames.shape[2], axis=2))
    return np.asarray(np.median(size, axis=(0, 2)) / _MEDIAN_SIZE, dtype=np.float64)


def _response(color: NoiseColor, n_points: int) -> FloatArray:
    response = np.abs(np.fft.rfft(color.filters, max(_POINTS, color.filters.shape[1]), axis=1))
    return np.asarray(response[:, np.linspace(0, response.shape[1] - 1, n_points).astype(np.int64)], dtype=np.float64)
