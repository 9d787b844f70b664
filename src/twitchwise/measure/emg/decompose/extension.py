"""Samples with their own past: what a filter over channels and delays sees, without writing it all down.

A recording is extended by delayed copies of each channel, so that a sum of convolved potentials becomes a plain mixture
(Holobar and Zazula 2007, https://doi.org/10.1109/TSP.2007.896108; Negro et al. 2016,
https://doi.org/10.1088/1741-2560/13/2/026027). The covariance of the copies depends only on the difference of their
delays, so one product of the channels a delay gives all of it, and a filter is applied one delay after another.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Directions this faint, beside the strongest, hold rounding errors and what the band-pass has left, not muscle.
_FAINTEST = 1e-6
# Samples that are worked on at a time: channels and delays of this many fit into the cache of a core.
_BLOCK = 4096


def lagged_covariance(samples: Samples, n_delays: int) -> FloatArray:
    """Return the covariance of channels and delays, shape ``(n_channels * n_delays,) * 2``, channel by channel.

    Parameters
    ----------
    samples
        Filtered samples without offset, shape ``(n_channels, n_samples)``.
    n_delays
        Copies of each channel, the first without delay.
    """
    n_channels, n_samples = samples.shape
    blocks = np.empty((n_channels, n_delays, n_channels, n_delays))
    for lag in range(n_delays):
        product = samples[:, lag:] @ samples[:, : n_samples - lag].T / n_samples
        for delay in range(n_delays - lag):
            blocks[:, delay, :, delay + lag] = product
            blocks[:, delay + lag, :, delay] = product.T
    return blocks.reshape(n_channels * n_delays, n_channels * n_delays)


def extended(samples: Samples, n_delays: int) -> Samples:
    """Return channels with their delayed copies, shape ``(n_channels * n_delays, n_samples - n_delays + 1)``.

    Column ``t`` holds the samples ``t + n_delays - 1`` back to ``t``.
    """
    n_columns = samples.shape[1] - n_delays + 1
    windows = np.lib.stride_tricks.sliding_window_view(samples, n_columns, axis=1)
    return windows[:, ::-1].reshape(-1, n_columns)


def whitened(samples: Samples, n_delays: int) -> Samples:
    """Return extended samples turned and scaled so that no direction is louder than another, float32.

    The shape is ``(n_directions, n_samples - n_delays + 1)``; directions that hold next to nothing are left out.
    """
    power, directions = np.linalg.eigh(lagged_covariance(samples, n_delays))
    kept = power > power[-1] * _FAINTEST
    turned = (directions[:, kept] / np.sqrt(power[kept])).T.astype(np.float32)
    n_columns = samples.shape[1] - n_delays + 1
    result = np.empty((turned.shape[0], n_columns), dtype=np.float32)
    for start in range(0, n_columns, _BLOCK):
        stop = min(start + _BLOCK, n_columns)
        result[:, start:stop] = turned @ extended(samples[:, start : stop + n_delays - 1], n_delays)
    return result


@dataclass(frozen=True, kw_only=True, eq=False)
class Extension:
    """Samples, their delays, and what undoes their correlation.

    Parameters
    ----------
    samples
        Filtered samples, shape ``(n_channels, n_samples)``, float32.
    n_delays
        Copies of each channel.
    inverse
        Inverse of their covariance, float32, which loses nothing that the ridge has left.
    """

    samples: Samples
    n_delays: int
    inverse: Samples

    @classmethod
    def of(cls, samples: Samples, n_delays: int, *, ridge: float) -> "Extension":
        """Extend samples; ``ridge``, a share of the mean power, keeps what is nearly silent from being blown up."""
        covariance = lagged_covariance(samples, n_delays)
        covariance[np.diag_indices_from(covariance)] += ridge * np.trace(covariance) / len(covariance)
        factor = cho_factor(covariance, overwrite_a=True)
        inverse = cho_solve(factor, np.eye(len(covariance)), overwrite_b=True)
        return cls(samples=samples, n_delays=n_delays, inverse=inverse.astype(np.float32))

    @property
    def last(self) -> int:
        """Number of columns: places at which a filter can be applied."""
        return int(self.samples.shape[1]) - self.n_delays + 1

    def columns(self, places: IntArray) -> Samples:
        """Return extended samples at some places, shape ``(n_channels * n_delays, n_places)``."""
        at = places[None, :] + np.arange(self.n_delays)[::-1, None]
        return self.samples[:, at].reshape(-1, places.size)

    def decorrelated(self, vectors: Samples) -> Samples:
        """Return the inverse of the covariance times vectors of shape ``(n_channels * n_delays, n)``."""
        solved: Samples = self.inverse @ vectors
        return solved

    def with_added(self, wave: Samples, places: IntArray, samples: Samples) -> "Extension":
        """Return the extension of samples to which a potential was added at some places.

        The covariance grows by that of the potential under all its delays, which are few beside the directions, so its
        inverse is corrected (Woodbury's identity) and not made anew.
        """
        margin = self.n_delays - 1
        grown = extended(np.pad(wave, ((0, 0), (margin, margin))), self.n_delays)
        solved = self.decorrelated(grown)
        inner = grown.T @ solved + np.eye(grown.shape[1], dtype=np.float32) * np.float32(self.last / places.size)
        inverse = self.inverse - solved @ np.linalg.solve(inner, solved.T)
        return Extension(samples=samples, n_delays=self.n_delays, inverse=inverse)

    def filters(self, triggers: list[IntArray]) -> Samples:
        """Return the filter that finds what is common at each list of places, shape ``(n, n_channels * n_delays)``.

        Its output has unit variance over the samples.
        """
        means = np.stack([self.columns(places).mean(axis=1) for places in triggers], axis=1)
        solved = self.decorrelated(means)
        scale = np.sqrt(np.maximum(np.einsum("ij,ij->j", means, solved), np.finfo(np.float64).tiny))
        return np.ascontiguousarray((solved / scale).T.astype(np.float32))

    def sources(self, filters: Samples) -> Samples:
        """Return what filters give at every place, shape ``(n_filters, last)``, float32."""
        return filtered_by(self.samples, filters, self.n_delays)


def filtered_by(samples: Samples, filters: Samples, n_delays: int) -> Samples:
    """Apply filters of shape ``(n_filters, n_channels * n_delays)`` to samples, block by block."""
    n_filters, n_channels = filters.shape[0], samples.shape[0]
    n_columns = samples.shape[1] - n_delays + 1
    taps = np.ascontiguousarray(filters.reshape(n_filters, n_channels, n_delays).transpose(2, 0, 1))
    result = np.empty((n_filters, n_columns), dtype=np.float32)
    for start in range(0, n_columns, _BLOCK):
        stop = min(start + _BLOCK, n_columns)
        total = result[:, start:stop]
        np.matmul(taps[0], samples[:, start + n_delays - 1 : stop + n_delays - 1], out=total)
        for delay in range(1, n_delays):
            first = start + n_delays - 1 - delay
            total += taps[delay] @ samples[:, first : first + stop - start]
    return result
