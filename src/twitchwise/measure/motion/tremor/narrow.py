"""The tremor itself, in windows that hold one: its size, path, phase and cycles, from a narrow band around its rate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Samples, Trace
from twitchwise.measure.motion.tremor.visible import ORDERS
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

ComplexArray = npt.NDArray[np.complexfloating]
"""A transform or an analytic signal."""
_AT_ONCE = 256  # windows
_HALF_SHARE, _HALF_LEAST_HZ = 0.3, 1.0  # half the band, of the tremor's rate and at least
_EDGE = 0.1  # of a window at either end, where the band's edges wrap around
_PIECES = 2  # of a window, each with a frequency of its own
_CYCLES_LATER = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Narrow:
    """The tremor of each window that holds one.

    Parameters
    ----------
    number
        Numbers of the windows, shape ``(n_windows,)``.
    square, peak, path_square
        Mean square and greatest size over all axes in the sensor's unit, and mean square of the displacement or angle
        that goes with it; each of shape ``(n_windows,)``.
    piece_hz
        Frequency in each half of each window, shape ``(n_windows, 2)``.
    axes
        Mean products of the axes, shape ``(n_windows, n_axes, n_axes)``.
    regularity
        Correlation of the tremor with itself five cycles later, shape ``(n_windows,)``.
    change_hz
        Change of the rate from each cycle to the next, of all windows in a row.
    """

    number: IntArray
    square: FloatArray
    peak: FloatArray
    path_square: FloatArray
    piece_hz: FloatArray
    axes: FloatArray
    regularity: FloatArray
    change_hz: FloatArray

    def main_axis(self) -> tuple[FloatArray, float]:
        """Return the direction in which the tremor is largest, of unit length, and its share of the mean square."""
        total = self.axes.sum(axis=0)
        size, direction = np.linalg.eigh(total)
        axis = direction[:, -1] * np.sign(direction[np.abs(direction[:, -1]).argmax(), -1])
        return axis, float(size[-1] / np.trace(total))


def narrow_band(trace: Trace, samples: Samples, numbers: IntArray, frequency_hz: FloatArray) -> Narrow:
    """Take the tremor out of windows, given by their samples, numbers and rates."""
    parts = [
        _narrow(
            trace,
            samples[:, first : first + _AT_ONCE],
            numbers[first : first + _AT_ONCE],
            frequency_hz[first : first + _AT_ONCE],
        )
        for first in range(0, numbers.size, _AT_ONCE)
    ]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("number", "square", "peak", "path_square", "piece_hz", "axes", "regularity", "change_hz")
    }
    return Narrow(**joined)


def _narrow(trace: Trace, samples: Samples, numbers: IntArray, frequency_hz: FloatArray) -> Narrow:
    rate_hz = trace.rate_hz
    fold = max(1, int(rate_hz / (4 * HIGHEST_HZ)))
    spectrum, bins, band = _band_spectrum(samples, rate_hz, frequency_hz)
    n_samples = samples.shape[2] // fold
    wave, sample_hz = _wave(spectrum, n_samples, samples.shape[2]), rate_hz / fold
    order, _ = ORDERS[trace.sensor.kind]
    path = np.where(band, (2 * np.pi * np.maximum(bins, bins[1])) ** (order - 2.0), 0)
    inside = slice(round(_EDGE * n_samples), n_samples - round(_EDGE * n_samples))
    axes = np.einsum("awi,bwi->wab", wave[..., inside], wave[..., inside].conj()).real / wave[..., inside].shape[2] / 2
    along = _along_main_axis(wave[..., inside], axes)
    power = (np.abs(wave[..., inside]) ** 2).sum(axis=0)
    return Narrow(
        number=numbers,
        square=power.mean(axis=1) / 2,
        peak=np.sqrt((wave[..., inside].real ** 2).sum(axis=0).max(axis=1)),
        path_square=_mean_square(spectrum * path, samples.shape[2]),
        piece_hz=_piece_hz(along, sample_hz),
        axes=axes,
        regularity=_regularity(along, sample_hz, frequency_hz),
        change_hz=_changes_hz(along, sample_hz),
    )


def _band_spectrum(
    samples: Samples, rate_hz: float, frequency_hz: FloatArray
) -> tuple[ComplexArray, FloatArray, BoolArray]:
    """Return the transform of each window, only what lies near its tremor; a straight line is taken off before."""
    n_samples = samples.shape[2]
    place = np.linspace(-1, 1, n_samples, dtype=np.float32)
    level = samples.mean(axis=2, keepdims=True)
    slope = ((samples @ place) / (place @ place))[..., np.newaxis]
    spectrum = fft.rfft(samples - level - slope * place, axis=2)
    bins = np.arange(spectrum.shape[2]) * rate_hz / n_samples
    half = np.maximum(_HALF_LEAST_HZ, _HALF_SHARE * frequency_hz)[:, np.newaxis]
    band = np.abs(bins - frequency_hz[:, np.newaxis]) <= half
    return np.where(band, spectrum, 0), bins, band


def _wave(spectrum: ComplexArray, n_wanted: int, n_samples: int) -> ComplexArray:
    """Return the analytic signal, with fewer samples where they are not needed."""
    whole = np.zeros((*spectrum.shape[:2], n_wanted), dtype=np.complex64)
    kept = min(n_wanted // 2, spectrum.shape[2])
    whole[..., :kept] = 2 * spectrum[..., :kept]
    wave: ComplexArray = fft.ifft(whole, axis=2) * np.float32(n_wanted / n_samples)
    return wave


def _mean_square(spectrum: ComplexArray, n_samples: int) -> FloatArray:
    square: FloatArray = 2 * (np.abs(spectrum) ** 2).sum(axis=(0, 2)) / n_samples**2
    return square


def _along_main_axis(wave: ComplexArray, axes: FloatArray) -> ComplexArray:
    """Return the tremor along the axis that is largest in each window, shape ``(n_windows, n_samples)``."""
    direction = np.linalg.eigh(axes)[1][:, :, -1]
    along: ComplexArray = np.einsum("awi,wa->wi", wave, direction)
    return along


def _piece_hz(along: ComplexArray, sample_hz: float) -> FloatArray:
    """Return the slope of the phase in each half of each window, every sample with the weight of its power."""
    pieces = np.stack(np.array_split(along[:, : along.shape[1] // _PIECES * _PIECES], _PIECES, axis=1), axis=1)
    phase, weight = np.unwrap(np.angle(pieces), axis=2), np.abs(pieces) ** 2
    weight = np.maximum(weight, np.finfo(np.float32).tiny)
    time_s = np.arange(pieces.shape[2]) / sample_hz
    total = weight.sum(axis=2)
    middle = (weight * time_s).sum(axis=2) / total
    level = (weight * phase).sum(axis=2) / total
    since = time_s - middle[..., np.newaxis]
    slope: FloatArray = (weight * since * (phase - level[..., np.newaxis])).sum(axis=2)
    rate_hz: FloatArray = slope / (weight * since**2).sum(axis=2) / (2 * np.pi)
    return rate_hz


def _regularity(along: ComplexArray, sample_hz: float, frequency_hz: FloatArray) -> FloatArray:
    delay = np.round(_CYCLES_LATER * sample_hz / frequency_hz).astype(np.int64)
    later = np.arange(along.shape[1]) + delay[:, np.newaxis]
    there = later < along.shape[1]
    shifted = np.where(there, np.take_along_axis(along, np.minimum(later, along.shape[1] - 1), axis=1), 0)
    first = np.where(there, along, 0)
    size = np.sqrt((np.abs(first) ** 2).sum(axis=1) * (np.abs(shifted) ** 2).sum(axis=1))
    alike = np.abs((first.conj() * shifted).sum(axis=1)) / np.maximum(size, np.finfo(np.float32).tiny)
    values: FloatArray = np.where(delay < along.shape[1] // 2, alike, 0.0)
    return values


def _changes_hz(along: ComplexArray, sample_hz: float) -> FloatArray:
    """Return the changes of the rate from cycle to cycle, a cycle from one upward crossing of zero to the next."""
    wave = along.real
    window, up = np.nonzero((wave[:, :-1] < 0) & (wave[:, 1:] >= 0))
    before, after = wave[window, up], wave[window, up + 1]
    crossing = up - before / (after - before)
    rate_hz = sample_hz / np.diff(crossing)
    of_one = (window[2:] == window[:-2]) if window.size > 1 else np.empty(0, dtype=np.bool_)
    changes: FloatArray = np.diff(rate_hz)[of_one]
    return changes


def band_wave(trace: Trace, frequency_hz: float) -> tuple[FloatArray, float]:
    """Return the amplitude of all movement near a frequency over the whole recording, and its samples per second.

    Missing samples are bridged by straight lines.
    """
    rows = trace.sensor.read(trace.recording)
    place = np.arange(rows.shape[1])
    whole = np.isfinite(rows).all(axis=0)
    rows = np.stack([np.interp(place, place[whole], row[whole]) for row in rows])
    spectrum, _, _ = _band_spectrum(rows[:, np.newaxis].astype(np.float32), trace.rate_hz, np.array([frequency_hz]))
    fold = max(1, int(trace.rate_hz / (4 * HIGHEST_HZ)))
    wave = _wave(spectrum, rows.shape[1] // fold, rows.shape[1])
    envelope: FloatArray = np.sqrt((np.abs(wave) ** 2).sum(axis=(0, 1)))
    return envelope, trace.rate_hz / fold
