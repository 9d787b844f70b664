"""The published detector of rest tremor by a gyroscope on the wrist, as one weighted sum of fifteen log amplitudes.

Timmermans et al. 2025 (https://doi.org/10.1038/s41531-025-01056-2) trained it on 24 people with Parkinson's disease
and 24 controls, filmed at home, and checked it with another watch on 567 people: sensitivity 0.61, specificity 0.97.
Their logistic regression takes twelve cepstral coefficients, which are a linear map of the log amplitudes of fifteen
bands; so the regression is a weight for each band. The weights say that the movement between 3.5 and 7 Hz counts for a
tremor, and the one below 3 Hz as much against it. Two conditions go with it: the largest peak lies in the band of a
rest tremor, and the arm moves little below it.
"""

from functools import cache

import numpy as np
from scipy import fft

from twitchwise.measure.motion.tremor.settings import WRIST_BANDS, TremorSettings, wrist_weights
from twitchwise.measure.motion.tremor.spectra import Power, Spectra
from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

_PIECE_S, _STEP_S = 2.0, 0.4
_BIN_HZ = 1 / _PIECE_S
# The scale on which its bands are equally wide, and the factor of its amplitudes.
_SCALE, _CORNER_HZ, _FACTOR = 64.875, 17.5, 100.0
_LEAST = 1e-10
_PEAK_FROM_HZ = 1.0
# Windows: they and their transforms stay in a processor's own memory, and products are too small for several threads.
_AT_ONCE = 96


def wrist_evidence(samples: Samples, rate_hz: float, settings: TremorSettings) -> FloatArray:
    """Return the log odds of the published detector above its own threshold, shape ``(n_windows,)``.

    Parameters
    ----------
    samples
        Windows of a gyroscope in rad/s, with their level: the published detector takes it along, and with it how slowly
        the arm turns.
    rate_hz
        Samples per second, at least twice 25 Hz.
    settings
        Holds the offset of the detector, its threshold included.
    """
    length, step = round(_PIECE_S * rate_hz), round(_STEP_S * rate_hz)
    window, bands = _window(length), _bands(int(HIGHEST_HZ / _BIN_HZ) + 1)
    begins = range(0, samples.shape[2] - length + 1, step)
    logs = np.zeros((samples.shape[1], WRIST_BANDS))
    for first in range(0, len(logs), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        for begin in begins:
            pieces = fft.rfft(samples[:, some, begin : begin + length] * window, axis=2)
            amplitude = np.abs(pieces[..., : bands.shape[1]]).sum(axis=0)
            logs[some] += np.log10(amplitude @ bands.T + _LEAST)
    evidence: FloatArray = logs / len(begins) @ wrist_weights() + settings.wrist_offset
    return evidence


@cache
def _window(length: int) -> Power:
    """Return a Hann window that gives amplitudes as the published detector has them."""
    window = np.hanning(length + 1)[:-1]
    scaled: Power = (window * np.degrees(1.0) * _FACTOR / window.sum()).astype(np.float32)
    return scaled


def at_rest(spectra: Spectra, settings: TremorSettings, slack: float = 1.0) -> BoolArray:
    """Tell in which windows the arm turns little below the band of tremor: up to ``slack`` times the limit."""
    below = spectra.within(settings.movement_low_hz, settings.movement_high_hz)
    mask: BoolArray = below <= (slack * settings.movement_limit_rad_per_s) ** 2
    return mask


def peaks_as_rest_tremor(spectra: Spectra, settings: TremorSettings) -> BoolArray:
    """Tell in which windows the largest peak above 1 Hz lies in the band of a rest tremor, both ends included."""
    first = int(np.searchsorted(spectra.frequency_hz, _PEAK_FROM_HZ))
    peak = spectra.frequency_hz[first + spectra.power[:, first:].argmax(axis=1)]
    half = spectra.step_hz / 2
    mask: BoolArray = (peak > settings.rest_low_hz - half) & (peak < settings.rest_high_hz + half)
    return mask


def quick_evidence(spectra: Spectra, settings: TremorSettings) -> FloatArray:
    """Return about what `wrist_evidence` gives, from spectra that are there already: good to some tenths.

    The amplitude of a bin of half a hertz follows from the power density and the width of a Hann window of 2 s.
    """
    triangles = _triangles(len(spectra.frequency_hz), spectra.step_hz)
    factor = np.float32(np.degrees(1.0) * _FACTOR * np.sqrt(_HANN_BINS * _BIN_HZ / 2))
    evidence = np.empty(len(spectra.power))
    for first in range(0, len(evidence), _AT_ONCE):
        amplitude = np.sqrt(spectra.power[first : first + _AT_ONCE]) * factor
        logs = np.log10(amplitude @ triangles.T + _LEAST)
        evidence[first : first + _AT_ONCE] = logs @ wrist_weights() + settings.wrist_offset
    return evidence


_HANN_BINS = 1.5  # equivalent width of a Hann window


@cache
def _triangles(n_bins: int, step_hz: float) -> Power:
    """Return the bands as weights over bins of any width, each with a sum of 1."""
    places = np.arange(int(HIGHEST_HZ / _BIN_HZ) + 1) * _BIN_HZ
    frequency_hz = np.arange(n_bins) * step_hz
    triangles = np.stack([np.interp(frequency_hz, places, band) for band in _bands(places.size)])
    weights: Power = (triangles / triangles.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights


@cache
def _bands(n_bins: int) -> Power:
    """Return the bands as triangles over bins of half a hertz, shape ``(15, n_bins)``, each of unit area."""
    edges = np.linspace(0, _SCALE * np.log10(1 + HIGHEST_HZ / _CORNER_HZ), WRIST_BANDS + 2)
    places = np.round(_CORNER_HZ * (10 ** (edges / _SCALE) - 1) / _BIN_HZ).astype(np.int64) + 1
    bands = np.zeros((WRIST_BANDS, n_bins + 1))
    for band, first, stop in zip(bands, places[:-2], places[2:], strict=True):
        shape = 1 - np.abs(2 * np.arange(stop - first) - (stop - first - 1)) / (stop - first + (stop - first) % 2)
        band[first:stop] = shape / (_BIN_HZ * shape.sum())
    return bands[:, :n_bins].astype(np.float32)
