"""The tremor itself, in windows that hold one: its size, path, phase and cycles, from a narrow band around its rate."""

from dataclasses import dataclass, fields
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Samples, Trace
from twitchwise.measure.motion.tremor.visible import ORDERS
from twitchwise.vocabulary.arrays import FloatArray, IntArray

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
    axes, main_share
        Mean products of the axes, shape ``(n_windows, n_axes, n_axes)``, and the share of the mean square along the
        direction in which each window's tremor is largest, shape ``(n_windows,)``.
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
    main_share: FloatArray
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
        name: np.concatenate([getattr(part, name) for part in parts]) for name in (each.name for each in fields(Narrow))
    }
    return Narrow(**joined)


def _narrow(trace: Trace, samples: Samples, numbers: IntArray, frequency_hz: FloatArray) -> Narrow:
    rate_hz, n_samples = trace.rate_hz, samples.shape[2]
    fold = max(1, int(rate_hz / (4 * HIGHEST_HZ)))
    spectrum, bins_hz = _band_spectrum(samples, rate_hz, frequency_hz)
    n_kept, sample_hz = n_samples // fold, rate_hz / fold
    edge = round(_EDGE * n_kept)
    wave = np.ascontiguousarray(_wave(spectrum, n_kept, n_samples)[..., edge : n_kept - edge])
    axes = _products(wave)
    sizes, directions = np.linalg.eigh(axes)
    along = _along(wave, directions[..., -1])
    return Narrow(
        number=numbers,
        square=np.trace(axes, axis1=1, axis2=2),
        peak=np.sqrt((wave.real**2).sum(axis=0).max(axis=1)),
        path_square=_path_square(spectrum, bins_hz, ORDERS[trace.sensor.kind][0], n_samples),
        piece_hz=_piece_hz(along, sample_hz),
        axes=axes,
        main_share=sizes[:, -1] / np.trace(axes, axis1=1, axis2=2),
        regularity=_regularity(along, sample_hz, frequency_hz),
        change_hz=_changes_hz(along, sample_hz),
    )


def _band_spectrum(samples: Samples, rate_hz: float, frequency_hz: FloatArray) -> tuple[ComplexArray, FloatArray]:
    """Return the transform of each window, only what lies near its tremor, and its frequencies, as far as they matter.

    A straight line is taken off before.
    """
    n_samples = samples.shape[2]
    place = np.linspace(-1, 1, n_samples, dtype=np.float32)
    parts = np.stack([np.ones_like(place), place])  # a level and a slope, which have nothing in common
    line = samples @ (parts / (parts**2).sum(axis=1, keepdims=True)).T @ parts
    half = np.maximum(_HALF_LEAST_HZ, _HALF_SHARE * frequency_hz)
    n_bins = min(int((frequency_hz + half).max() * n_samples / rate_hz) + 2, n_samples // 2 + 1)
    bins_hz = np.arange(n_bins) * rate_hz / n_samples
    band = np.abs(bins_hz - frequency_hz[:, np.newaxis]) <= half[:, np.newaxis]
    return np.where(band, fft.rfft(samples - line, axis=2)[..., :n_bins], 0), bins_hz


def _wave(spectrum: ComplexArray, n_wanted: int, n_samples: int) -> ComplexArray:
    """Return the analytic signal, with fewer samples where they are not needed."""
    whole = np.zeros((*spectrum.shape[:2], n_wanted), dtype=np.complex64)
    kept = min(n_wanted // 2, spectrum.shape[2])
    np.multiply(spectrum[..., :kept], np.float32(2 * n_wanted / n_samples), out=whole[..., :kept])
    wave: ComplexArray = fft.ifft(whole, axis=2, overwrite_x=True)
    return wave


def _squares(wave: ComplexArray) -> FloatArray:
    squares: FloatArray = wave.real**2 + wave.imag**2
    return squares


def _path_square(spectrum: ComplexArray, bins_hz: FloatArray, order: int, n_samples: int) -> FloatArray:
    """Return the mean square of the displacement or angle, over all axes."""
    turning = 2 * np.pi * np.maximum(bins_hz, bins_hz[1])
    square: FloatArray = 2 * np.einsum("awi,i->w", _squares(spectrum), turning ** (2 * order - 4.0)) / n_samples**2
    return square


def _products(wave: ComplexArray) -> FloatArray:
    """Return the mean products of the axes in each window."""
    parts = wave.view(np.float32)
    products = np.empty((wave.shape[1], len(wave), len(wave)))
    for one, other in combinations_with_replacement(range(len(wave)), 2):
        product = np.einsum("wi,wi->w", parts[one], parts[other]) / parts.shape[2]
        products[:, one, other] = products[:, other, one] = product
    return products


def _along(wave: ComplexArray, directions: FloatArray) -> ComplexArray:
    """Return the tremor along a direction of each window, shape ``(n_windows, n_samples)``."""
    parts = zip(wave.view(np.float32), directions.T.astype(np.float32), strict=True)
    along = sum((part * weight[:, np.newaxis] for part, weight in parts), np.float32(0))
    return np.asarray(along).view(np.complex64)


def _piece_hz(along: ComplexArray, sample_hz: float) -> FloatArray:
    """Return the slope of the phase in each half of each window, every sample with the weight of its power."""
    pieces = along[:, : along.shape[1] // _PIECES * _PIECES].reshape(len(along), _PIECES, -1)
    turned = np.cumsum(np.angle(pieces[..., 1:] * pieces[..., :-1].conj()), axis=2)  # since the first sample
    weight = np.maximum(_squares(pieces), np.finfo(np.float32).tiny)
    time_s = np.arange(pieces.shape[2], dtype=np.float32) / np.float32(sample_hz)
    since = time_s - (np.einsum("wpi,i->wp", weight, time_s) / weight.sum(axis=2))[..., np.newaxis]
    # about its weighted mean, time has no part of a level: the phase's level needs not be taken off
    weight *= since
    slope = np.vecdot(weight[..., 1:], turned) / np.vecdot(weight, since)
    return np.asarray(slope / (2 * np.pi), dtype=np.float64)


def _regularity(along: ComplexArray, sample_hz: float, frequency_hz: FloatArray) -> FloatArray:
    n_samples = along.shape[1]
    delay = np.round(_CYCLES_LATER * sample_hz / frequency_hz).astype(np.int64)
    place, rows = np.arange(n_samples), np.arange(len(along))[:, np.newaxis]
    padded = np.zeros((len(along), n_samples + 1), dtype=along.dtype)  # nothing follows the end
    padded[:, :-1] = along
    later = np.minimum(place + delay[:, np.newaxis], n_samples) + rows * (n_samples + 1)
    power = _squares(along)
    head = (power * (later < (rows + 1) * (n_samples + 1) - 1)).sum(axis=1)
    tail = (power * (place >= delay[:, np.newaxis])).sum(axis=1)
    alike = np.abs(np.vecdot(along, padded.reshape(-1)[later]))
    alike /= np.maximum(np.sqrt(head * tail), np.finfo(np.float32).tiny)
    values: FloatArray = np.where(delay < n_samples // 2, alike, 0.0)
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


def band_wave(
    trace: Trace, frequency_hz: float, start_s: float = 0.0, stop_s: float | None = None
) -> tuple[FloatArray, float]:
    """Return the amplitude of all movement near a frequency from one time to another, and its samples per second.

    Missing samples are bridged by straight lines. Without ``stop_s`` it goes on to the end.
    """
    rows = trace.sensor.read(trace.recording, start_s, stop_s)
    place = np.arange(rows.shape[1])
    whole = np.isfinite(rows).all(axis=0)
    rows = np.stack([np.interp(place, place[whole], row[whole]) for row in rows])
    spectrum, _ = _band_spectrum(rows[:, np.newaxis].astype(np.float32), trace.rate_hz, np.array([frequency_hz]))
    fold = max(1, int(trace.rate_hz / (4 * HIGHEST_HZ)))
    wave = _wave(spectrum, rows.shape[1] // fold, rows.shape[1])
    envelope: FloatArray = np.sqrt(_squares(wave).sum(axis=(0, 1)))
    return envelope, trace.rate_hz / fold
