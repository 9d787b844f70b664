"""Spectra of many windows at once, up to the highest frequency that any movement of interest has.

A Hann window is applied in the frequency domain, where it is a sum of three neighbors.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

_HANN_POWER = 0.375  # mean square of a Hann window
_PIECE_S, _STEP_S = 3.0, 0.6
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
        inside = (self.frequency_hz >= low_hz) & (self.frequency_hz < high_hz)
        total: FloatArray = self.power[:, inside].sum(axis=1, dtype=np.float64) * self.step_hz
        return total


def quick_spectra(folded: Samples, rate_hz: float, fold: int) -> Spectra:
    """Return the spectrum of each window by one Hann-windowed transform of sums of neighboring samples.

    It is quick, but each bin is uncertain by its own size, and what moves faster than 25 Hz is folded in, if damped: it
    serves to find the windows that are worth a closer look. ``rate_hz`` is that of the samples before ``fold`` of them
    each were added up.
    """
    n_samples = folded.shape[2]
    n_bins = min(n_samples // 2, int(HIGHEST_HZ * n_samples * fold / rate_hz) + 1)
    raw = fft.rfft(folded, axis=2)[..., : n_bins + 1]
    smoothed = raw[..., 1:-1] - np.float32(0.5) * (raw[..., :-2] + raw[..., 2:])  # twice a Hann window
    parts = smoothed.view(np.float32)
    squares = np.einsum("awi,awi->wi", parts, parts)
    power = np.zeros((folded.shape[1], n_bins), dtype=np.float32)
    inside = squares[:, ::2] + squares[:, 1::2]
    power[:, 1 : 1 + inside.shape[1]] = inside
    step_hz = rate_hz / (n_samples * fold)
    power *= _flattening(np.arange(n_bins) * step_hz, rate_hz, fold, step_hz)
    return Spectra(np.arange(n_bins) * step_hz, power)


def _flattening(frequency_hz: FloatArray, rate_hz: float, fold: int, step_hz: float) -> Power:
    """Return the factors that make a power density of the squares, and undo what the means of samples damp."""
    samples_a_window = rate_hz / (step_hz * fold)
    damped = np.ones_like(frequency_hz) * fold
    damped[1:] = np.sin(np.pi * frequency_hz[1:] * fold / rate_hz) / np.sin(np.pi * frequency_hz[1:] / rate_hz)
    scale: Power = (2 * 0.25 / (rate_hz / fold * samples_a_window * _HANN_POWER) / np.maximum(damped, 1.0) ** 2).astype(
        np.float32
    )
    return scale


def fine_spectra(samples: Samples, rate_hz: float) -> Spectra:
    """Return the mean spectrum of pieces of 3 s within each window (Welch 1967), at the same frequencies."""
    n_samples = samples.shape[2]
    n_bins = min(n_samples // 2, int(HIGHEST_HZ * n_samples / rate_hz) + 1)
    length, step = round(_PIECE_S * rate_hz), round(_STEP_S * rate_hz)
    window = np.hanning(length + 1)[:-1].astype(np.float32)
    scale = 2 / (rate_hz * float((window**2).sum()))
    power, n_pieces = np.zeros((samples.shape[1], n_bins), dtype=np.float32), 0
    for first in range(0, n_samples - length + 1, step):
        piece = samples[:, :, first : first + length]
        piece = (piece - piece.mean(axis=2, keepdims=True)) * window
        for axis in fft.rfft(piece, n=n_samples, axis=2)[..., :n_bins]:
            power += axis.real**2 + axis.imag**2
        n_pieces += 1
    return Spectra(np.arange(n_bins) * rate_hz / n_samples, power * np.float32(scale / n_pieces))


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
        One row a window, with bins of an eighth of a hertz or so. Every moment of a stretch counts about alike, which
        windows judged one by one do not give.
    """
    n_samples = samples.shape[2]
    length, step = round(_PIECE_S * rate_hz), max(round(_SLIDE_S * rate_hz), 1)
    window = np.hanning(length + 1)[:-1].astype(np.float32)
    n_bins = min(int(HIGHEST_HZ * _FINER * n_samples / rate_hz), _FINER * n_samples // 2) + 1
    edges = [*np.flatnonzero(~follows).tolist(), samples.shape[1]]
    starts = np.concatenate(
        [np.arange(first * n_samples, stop * n_samples - length + 1, step) for first, stop in pairwise(edges)]
    )
    power = np.zeros((samples.shape[1], n_bins), dtype=np.float32)
    for axis in samples.reshape(len(samples), -1):
        pieces = axis[starts[:, np.newaxis] + np.arange(length)]
        pieces = (pieces - pieces.mean(axis=1, keepdims=True)) * window
        bins = fft.rfft(pieces, n=_FINER * n_samples, axis=1)[:, :n_bins]
        np.add.at(power, (starts + length // 2) // n_samples, bins.real**2 + bins.imag**2)
    power *= np.float32(2 / (rate_hz * float((window**2).sum())))
    return Spectra(np.arange(n_bins) * rate_hz / (_FINER * n_samples), power)


_SLIDE_S, _FINER = 0.5, 1
