"""Spectra of many windows at once, up to the highest frequency that any movement of interest has."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

_HANN_POWER = 0.375  # mean square of a Hann window
_PIECE_S, _STEP_S = 3.0, 0.6
_AT_ONCE = 96  # pieces that are transformed together: they and their transforms stay in a processor's own memory
Power = npt.NDArray[np.float32]
"""Power spectral density, summed over the axes, in the square of the sensor's unit per Hz: ``(n_windows, n_bins)``."""


class Spectra(NamedTuple):
    """Frequencies of the bins, shape ``(n_bins,)``, and the power at each in every window."""

    frequency_hz: FloatArray
    power: Power

    @property
    def step_hz(self) -> float:
        """Distance between two bins."""
        return float(self.frequency_hz[1])

    def within(self, low_hz: float, high_hz: float) -> FloatArray:
        """Return the mean square between two frequencies, shape ``(n_windows,)``."""
        first, stop = np.searchsorted(self.frequency_hz, (low_hz, high_hz))
        total: FloatArray = self.power[:, first:stop].sum(axis=1, dtype=np.float64) * self.step_hz
        return total

    def near(self, places: IntArray, half: int) -> FloatArray:
        """Return the sum of the power from ``half`` bins below a bin to ``half`` above it, shape ``(n_windows,)``.

        What lies beyond either end counts as nothing.
        """
        bins = places[:, np.newaxis] + np.arange(-half, half + 1)
        inside = (bins >= 0) & (bins < self.power.shape[1])
        power = np.take_along_axis(self.power, np.where(inside, bins, 0), axis=1)
        total: FloatArray = power.sum(axis=1, where=inside, dtype=np.float64)
        return total


def quick_power(folded: Samples, rate_hz: float, fold: int) -> Power:
    """Return the spectrum of each window by one Hann-windowed transform of sums of neighboring samples.

    It is quick, but each bin is uncertain by its own size, and what moves faster than 25 Hz is folded in, if damped: it
    serves to find the windows that are worth a closer look. ``rate_hz`` is that of the samples before ``fold`` of them
    each were added up. The sums are changed.
    """
    n_samples = folded.shape[2]
    n_bins = _quick_bins(n_samples, rate_hz, fold)
    folded *= _hann(n_samples)
    power = _squares(folded, n_bins)
    power *= _flattening(n_bins, n_samples, rate_hz, fold)
    return power


def quick_spectra(power: Power, n_samples: int, rate_hz: float, fold: int) -> Spectra:
    """Return what `quick_power` gave of windows of ``n_samples`` sums, with its frequencies."""
    n_bins = _quick_bins(n_samples, rate_hz, fold)
    return Spectra(np.arange(n_bins, dtype=np.float64) * (rate_hz / (n_samples * fold)), power)


def _quick_bins(n_samples: int, rate_hz: float, fold: int) -> int:
    return min(n_samples // 2, int(HIGHEST_HZ * n_samples * fold / rate_hz) + 1)


def _squares(pieces: Samples, n_bins: int) -> Power:
    """Return the squares of the moduli of the transforms of pieces, summed over the axes: ``(n_pieces, n_bins)``."""
    parts = fft.rfft(pieces, axis=2)[..., :n_bins].view(np.float32)  # the imaginary part beside the real
    squares = np.einsum("awi,awi->wi", parts, parts)
    total: Power = squares[:, ::2] + squares[:, 1::2]
    return total


@lru_cache(maxsize=8)
def _hann(length: int) -> Power:
    """Return a Hann window whose period is its length."""
    window = np.hanning(length + 1)[:-1].astype(np.float32)
    window.flags.writeable = False
    return window


@lru_cache(maxsize=8)
def _flattening(n_bins: int, n_samples: int, rate_hz: float, fold: int) -> Power:
    """Return the factors that make a power density of the squares, and undo what the means of samples damp.

    The level, bin 0, is no movement.
    """
    frequency_hz = np.arange(1, n_bins) * rate_hz / (n_samples * fold)
    damped = np.sin(np.pi * frequency_hz * fold / rate_hz) / np.sin(np.pi * frequency_hz / rate_hz)
    factors = np.zeros(n_bins, dtype=np.float32)
    factors[1:] = 2 / (rate_hz / fold * n_samples * _HANN_POWER) / np.maximum(damped, 1.0) ** 2
    factors.flags.writeable = False
    return factors


def fine_spectra(samples: Samples, rate_hz: float) -> Spectra:
    """Return the mean spectrum of pieces of 3 s within each window (Welch 1967), at the same frequencies."""
    n_samples = samples.shape[2]
    n_bins = min(n_samples // 2, int(HIGHEST_HZ * n_samples / rate_hz) + 1)
    length, step = round(_PIECE_S * rate_hz), round(_STEP_S * rate_hz)
    begins = range(0, n_samples - length + 1, step)
    power = np.zeros((samples.shape[1], n_bins), dtype=np.float32)
    for first in range(0, len(power), _AT_ONCE):
        for begin in begins:
            pieces = samples[:, first : first + _AT_ONCE, begin : begin + length]
            power[first : first + _AT_ONCE] += _power(pieces, n_samples, n_bins)
    power *= _density(length, rate_hz) / np.float32(len(begins))
    return Spectra(np.arange(n_bins) * rate_hz / n_samples, power)


def _power(pieces: Samples, n_samples: int, n_bins: int) -> Power:
    """Return the squares of the transforms of pieces without their level, over all axes: ``(n_pieces, n_bins)``.

    A Hann window is on them, and zeros after them, so that there are ``n_samples``.
    """
    n_axes, n_pieces, length = pieces.shape
    padded = np.zeros((n_axes, n_pieces, n_samples), dtype=np.float32)
    level = np.einsum("awi->aw", pieces) / np.float32(length)
    np.subtract(pieces, level[..., np.newaxis], out=padded[..., :length])
    padded[..., :length] *= _hann(length)
    return _squares(padded, n_bins)


def _density(length: int, rate_hz: float) -> np.float32:
    return np.float32(2 / (rate_hz * float((_hann(length) ** 2).sum())))


def sliding_spectra(samples: Samples, rate_hz: float, follows: BoolArray) -> Spectra:
    """Return the spectrum of pieces of 3 s sliding over stretches of windows, added up in the window of their middle.

    Parameters
    ----------
    samples
        The windows of the stretches.
    rate_hz
        Samples per second.
    follows
        Whether each window follows the one before it, shape ``(n_windows,)``.

    Returns
    -------
    Spectra
        One row a window, with bins of a quarter of a hertz or so. Every moment of a stretch counts about alike, which
        windows judged one by one do not give.
    """
    n_samples = samples.shape[2]
    length, step = round(_PIECE_S * rate_hz), max(round(_SLIDE_S * rate_hz), 1)
    n_bins = min(int(HIGHEST_HZ * n_samples / rate_hz), n_samples // 2) + 1
    starts = _starts(follows, n_samples, length, step)
    pieces = sliding_window_view(samples.reshape(len(samples), -1), length, axis=1)
    power = np.empty((starts.size, n_bins), dtype=np.float32)
    for first in range(0, starts.size, _AT_ONCE):
        power[first : first + _AT_ONCE] = _power(pieces[:, starts[first : first + _AT_ONCE]], n_samples, n_bins)
    # every window holds the middle of a piece, as pieces are shorter than a window
    first_of_window = np.flatnonzero(np.diff((starts + length // 2) // n_samples, prepend=-1))
    power = np.add.reduceat(power, first_of_window, axis=0) * _density(length, rate_hz)
    return Spectra(np.arange(n_bins) * rate_hz / n_samples, power)


def _starts(follows: BoolArray, n_samples: int, length: int, step: int) -> IntArray:
    """Return the samples where pieces begin: every ``step`` in each stretch, as far as a piece fits."""
    begins = np.flatnonzero(~follows)
    n_pieces = (np.diff(begins, append=follows.size) * n_samples - length) // step + 1
    within = np.arange(n_pieces.sum()) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    starts: IntArray = np.repeat(begins * n_samples, n_pieces) + step * within
    return starts


_SLIDE_S = 0.5
