"""How much the shape of a unit's potential changes from one discharge to the next, beyond what noise does.

A sprouting unit's fibers are late by more or less, or miss out (jitter and blocking); the change between consecutive
discharges tells it (Stålberg and Sonoo 1994, the "jiggle", Muscle Nerve 17:1135-1144). Ours differs: it is corrected
for noise and for sampling, and is a share of the potential's own energy.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Of two phases of about one size now the one is the peak, now the other; alignment searches this far, in s.
_SHIFT_S = 0.006
# Three rounds settle the shape that the others are aligned to.
_ROUNDS = 3
# Of the mean shape, what is above this share of its peak is the potential; the rest is only noise.
_SPAN_SHARE = 0.05
_REDRAWS = 1000
_TAIL = 0.025


@dataclass(frozen=True, kw_only=True, slots=True)
class Instability:
    """Root mean square change of shape as a share of the root mean square potential, with its 95 % interval."""

    value: float
    low: float
    high: float


def excess_changes(shapes: npt.NDArray[np.float32], noise_rms: FloatArray, sampling_rate_hz: float) -> FloatArray:
    """Return the energy of each change of shape beyond that of noise, as a share of the mean shape's energy.

    Parameters
    ----------
    shapes
        Potentials of one unit in order of time, shape ``(n, n_samples)``.
    noise_rms
        Noise of each, shape ``(n,)``.
    sampling_rate_hz
        In Hz.

    Returns
    -------
    FloatArray
        Shape ``(n - 1,)``, of both signs; its mean is 0 where the shape does not change.
    """
    aligned = aligned_to_mean(shapes, sampling_rate_hz)
    mean = aligned.mean(axis=0)
    span = np.abs(mean) >= _SPAN_SHARE * np.abs(mean).max()
    span[np.flatnonzero(span)[0] : np.flatnonzero(span)[-1] + 1] = True
    change = np.diff(aligned, axis=0)[:, span] / math.sqrt(2.0)
    # a shift by part of a sample is no change of shape; it looks like the derivative
    slope = np.gradient(mean)[span]
    slope /= np.linalg.norm(slope)
    change -= np.outer(change @ slope, slope)
    noise = (noise_rms[1:] ** 2 + noise_rms[:-1] ** 2) / 2 * (np.count_nonzero(span) - 1)
    share: FloatArray = (np.sum(change**2, axis=1) - noise) / np.sum(mean[span] ** 2)
    return share


def instability_of(excess: FloatArray) -> Instability:
    """Return the instability that excess changes of one or several units add up to, shape ``(k,)`` with ``k >= 1``."""
    draws = np.random.default_rng(0).choice(excess, size=(_REDRAWS, excess.size)).mean(axis=1)
    low, high = np.quantile(draws, [_TAIL, 1 - _TAIL])
    value = _root(float(excess.mean()))
    return Instability(value=value, low=min(_root(float(low)), value), high=max(_root(float(high)), value))


def _root(energy: float) -> float:
    return math.sqrt(max(energy, 0.0))


def aligned_to_mean(shapes: npt.NDArray[np.float32], sampling_rate_hz: float) -> FloatArray:
    """Return shapes of shape ``(n, n_samples)`` shifted by whole samples to agree best; their ends are cut."""
    given = np.asarray(shapes, dtype=np.float64)
    most = min(round(_SHIFT_S * sampling_rate_hz), (given.shape[1] - 1) // 4)
    inner = given.shape[1] - 2 * most
    shift = np.full(len(given), most, dtype=np.int64)
    for _ in range(_ROUNDS):
        mean = _cut(given, shift, inner).mean(axis=0)
        likeness = np.array([given[:, start : start + inner] @ mean for start in range(2 * most + 1)])
        shift = np.argmax(likeness, axis=0)
    return _cut(given, shift, inner)


def _cut(shapes: FloatArray, shift: IntArray, length: int) -> FloatArray:
    return np.take_along_axis(shapes, shift[:, np.newaxis] + np.arange(length), axis=1)
