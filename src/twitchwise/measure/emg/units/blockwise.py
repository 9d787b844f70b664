"""Many filters over one stretch at once: one transform of each block serves all of them (overlap-save).

The stretch is cut into blocks that overlap by the reach of the filters; only blocks that are asked for are worked out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft

from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import IntArray

Spectra = npt.NDArray[np.complex64]
"""Transforms of filters or of blocks."""

# A block holds at least so many samples beside the overlap, and so many times the reach: little is done twice.
_STEP_LEAST, _REACHES = 512, 4
# Filters are applied to so many samples at a time: they stay in the cache.
_AT_ONCE = 1 << 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocks:
    """How a stretch is cut: blocks ``step`` apart, ``length`` long, with ``reach`` samples on both sides."""

    step: int
    length: int
    reach: int

    @classmethod
    def of(cls, reach: int) -> "Blocks":
        """Return blocks for filters that reach so many samples to either side."""
        length = int(next_fast_len(max(_STEP_LEAST, _REACHES * reach) + 2 * reach, real=True))
        return cls(step=length - 2 * reach, length=length, reach=reach)

    def spectra(self, filters: Samples) -> Spectra:
        """Return the transforms of filters with an odd number of samples, shape as given but for the last axis."""
        early = self.reach - filters.shape[-1] // 2
        whole = np.zeros((*filters.shape[:-1], self.length), dtype=np.float32)
        whole[..., early : early + filters.shape[-1]] = filters
        return np.asarray(np.conj(rfft(whole, axis=-1)))

    def count(self, n_samples: int) -> int:
        """Return the number of blocks of a stretch."""
        return -(-n_samples // self.step)

    def cut(self, samples: Samples, chosen: IntArray | None = None) -> Spectra:
        """Return the transforms of the chosen blocks, or of all, shape ``(n_components, n_blocks, n_points)``."""
        count = self.count(samples.shape[1])
        after = count * self.step + self.reach - samples.shape[1]
        padded = np.zeros((len(samples), self.reach + samples.shape[1] + after), dtype=np.float32)
        padded[:, self.reach : self.reach + samples.shape[1]] = samples
        rows = np.lib.stride_tricks.sliding_window_view(padded, self.length, axis=1)[:, :: self.step]
        return np.asarray(rfft(rows if chosen is None else rows[:, chosen], axis=-1))

    def filtered(self, product: Spectra) -> Samples:
        """Return blocks from products of transforms, the overlap cut off, shape ``(..., step)``."""
        return np.asarray(irfft(product, self.length, axis=-1)[..., : self.step])

    def matched(self, samples: Samples, filters: Samples) -> Samples:
        """Return what filters of shape ``(n, n_components, n_samples)`` give together, shape ``(n, n_samples)``."""
        spectra, blocks = self.spectra(filters), self.cut(samples)
        out = np.empty((len(filters), self.count(samples.shape[1]), self.step), dtype=np.float32)
        each = max(1, _AT_ONCE // (self.length * len(filters)))
        for first in range(0, out.shape[1], each):
            part = np.einsum("kbf,ukf->ubf", blocks[:, first : first + each], spectra)
            out[:, first : first + each] = self.filtered(part)
        return np.asarray(out.reshape(len(filters), -1)[:, : samples.shape[1]])
