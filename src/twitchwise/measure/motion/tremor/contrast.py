"""How far a peak of the spectrum stands out from both of its sides: the general sign of a tremor.

Movement and sensor noise have smooth spectra; an oscillator adds a peak about as wide as its rate wanders. The peak is
the power within half a hertz around a frequency; each side is the mean logarithm of the power beside it, without the
place where the second harmonic lies. Measured against its own surroundings, the contrast needs no model of what else
moves, and against both sides it does not take the slope of a steep spectrum for a peak.
"""

from typing import NamedTuple

import numpy as np

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.spectra import Spectra
from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ
from twitchwise.vocabulary.arrays import FloatArray, IntArray

_HALF_HZ = 0.5
_DB = 10 / np.log(10)
_FUNDAMENTAL_DB = 4.0  # a peak at half the frequency that stands out this far is the tremor, the other its harmonic
# The sides of a peak at f: from 0.55 f to 0.78 f and from 1.28 f to 1.7 f, which misses the harmonics at f/2 and 2 f.
# Those of a fast one end sooner, so that a broad resonance, shaken by steps, keys or a road, is not taken for a peak.
_BELOW, _BELOW_END, _ABOVE, _ABOVE_END = 0.55, 0.78, 1.28, 1.7
_NEAREST_HZ, _FARTHEST_HZ, _WIDE_HZ, _LOWEST_HZ = 1.75, 2.0, 1.5, 1.0


class Peaks(NamedTuple):
    """The peak of each window that stands out most, arrays of shape ``(n_windows,)``.

    ``height_db`` is the sum of its contrast to the mean of both sides and of that to the higher side, ``amplitude`` the
    amplitude of the movement in the peak, over all axes, in the sensor's unit.
    """

    frequency_hz: FloatArray
    height_db: FloatArray
    amplitude: FloatArray


def outstanding_peaks(spectra: Spectra, settings: TremorSettings, highest_hz: float, order: int = 0) -> Peaks:
    """Return the peak between the lowest rate of a tremor and ``highest_hz`` that stands out most in each window.

    ``order`` is how often the sensor's quantity is differentiated to an acceleration: in accelerations it is decided
    whether a peak is the harmonic of another.
    """
    frequency = spectra.frequency_hz
    places = np.flatnonzero((frequency >= settings.band_low_hz) & (frequency <= highest_hz))
    power = around(spectra, places)
    heights = _heights(spectra, places, power)
    best = heights.argmax(axis=1)
    rows = np.arange(len(best))
    weighted = power * frequency[places] ** (2 * order)
    best = np.where(_is_harmonic(frequency[places], best, weighted, heights), _halved(frequency[places], best), best)
    amplitude = np.sqrt(2 * power[rows, best] * (2 * _HALF_HZ + spectra.step_hz))
    return Peaks(refined(spectra, places[best]), heights[rows, best], amplitude)


def around(spectra: Spectra, places: IntArray) -> FloatArray:
    """Return the mean power density within half a hertz around each bin, shape ``(n_windows, n_places)``."""
    half = round(_HALF_HZ / spectra.step_hz)
    sums = _running(spectra.power.astype(np.float64))
    last = spectra.power.shape[1]
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, last)
    mean: FloatArray = (sums[:, high] - sums[:, low]) / (high - low)
    return mean


def amplitude_at(spectra: Spectra, places: IntArray) -> FloatArray:
    """Return the amplitude of the movement within half a hertz of one bin in each window."""
    half = round(_HALF_HZ / spectra.step_hz)
    amplitude: FloatArray = np.sqrt(2 * spectra.near(places, half) * spectra.step_hz)
    return amplitude


def refined(spectra: Spectra, places: IntArray) -> FloatArray:
    """Return the frequency of the largest bin near each place, between bins by a parabola through three logarithms."""
    rows, half = np.arange(len(places)), round(_HALF_HZ / spectra.step_hz)
    last = spectra.power.shape[1] - 2
    near = np.clip(places[:, np.newaxis] + np.arange(-half, half + 1), 1, last)
    top = near[rows, spectra.power[rows[:, np.newaxis], near].argmax(axis=1)]
    tiny = np.finfo(np.float32).tiny
    left, middle, right = (np.log(spectra.power[rows, top + shift].astype(np.float64) + tiny) for shift in (-1, 0, 1))
    bend = left - 2 * middle + right
    offset = np.divide(0.5 * (left - right), bend, out=np.zeros_like(bend), where=bend < 0)
    frequency: FloatArray = (top + np.clip(offset, -0.5, 0.5)) * spectra.step_hz
    return frequency


def _heights(spectra: Spectra, places: IntArray, power: FloatArray) -> FloatArray:
    frequency, step = spectra.frequency_hz[places], spectra.step_hz
    last = min(HIGHEST_HZ, float(spectra.frequency_hz[-1]))
    sums = _running(np.log(spectra.power.astype(np.float64) + np.finfo(np.float32).tiny))
    below = _mean_between(
        sums,
        np.maximum(np.maximum(_BELOW * frequency, frequency - _NEAREST_HZ - _WIDE_HZ), _LOWEST_HZ) / step,
        np.maximum(np.maximum(_BELOW_END * frequency, frequency - _NEAREST_HZ), _LOWEST_HZ + 2 * step) / step,
    )
    above = _mean_between(
        sums,
        np.minimum(np.minimum(_ABOVE * frequency, frequency + _FARTHEST_HZ), last - 1) / step,
        np.minimum(np.minimum(_ABOVE_END * frequency, frequency + _FARTHEST_HZ + _WIDE_HZ), last) / step,
    )
    level = np.log(power + np.finfo(np.float32).tiny)
    heights: FloatArray = _DB * (2 * level - 0.5 * (below + above) - np.maximum(below, above))
    return heights


def _running(values: FloatArray) -> FloatArray:
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _mean_between(sums: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    first, stop = np.round(low).astype(np.int64), np.round(high).astype(np.int64) + 1
    stop = np.minimum(np.maximum(stop, first + 1), sums.shape[1] - 1)
    first = np.minimum(first, stop - 1)
    mean: FloatArray = (sums[:, stop] - sums[:, first]) / (stop - first)
    return mean


def _halved(frequency: FloatArray, best: IntArray) -> IntArray:
    halved: IntArray = np.abs(frequency[:, np.newaxis] - frequency[best] / 2).argmin(axis=0)
    return halved


def _is_harmonic(frequency: FloatArray, best: IntArray, power: FloatArray, heights: FloatArray) -> FloatArray:
    """Tell which peaks are the second harmonic of a larger movement at half their frequency."""
    rows, half = np.arange(len(best)), _halved(frequency, best)
    within = frequency[best] / 2 >= frequency[0]
    larger = power[rows, half] > power[rows, best]
    harmonic: FloatArray = within & larger & (heights[rows, half] > _FUNDAMENTAL_DB)
    return harmonic
