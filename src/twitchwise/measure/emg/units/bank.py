"""A bank of potential-like shapes that finds what no template is known for.

Potentials of muscle are well described by the first Hermite functions (Lo Conte, Merletti and Sandri 1994,
https://doi.org/10.1109/10.335863). For each of several widths the statistic is the energy that the first four of them
take out of the whitened signal: the likelihood-ratio statistic for a potential of unknown weights, chi-squared under
noise. The transform of Wilson and Hilferty (1931, https://doi.org/10.1073/pnas.17.12.684) makes it a normal deviate.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.signal import oaconvolve

from twitchwise.measure.emg.around import greatest_within
from twitchwise.measure.emg.units.blockwise import Blocks, Spectra
from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Peaks of the bank closer than this are one.
APART_S = 0.004
# Widths of the bell from single fibers to broad surface potentials; neighbors overlap by 95 %.
_WIDTHS_S = (0.0004, 0.0008, 0.0015, 0.0028)
# A width needs this many samples for its third derivative to be told from its first.
_LEAST_SAMPLES = 0.8
_ORDERS = 4
# Median of the size of a normal deviate.
_MEDIAN_SIZE = 0.6745
# What is louder than this in a filter is more than noise.
_LOUDEST = 1.6
# The bell is cut off this many widths from its middle.
_REACH = 4.0
# Noise for the null distribution: samples, seed, and deviate from which the tail is carried on as a normal one.
_NOISE_SAMPLES, _NOISE_SEED, _TAIL_FROM = 150_000, 5, 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """Filters by width, orthonormal in the whitened signal.

    Parameters
    ----------
    filters
        One array a width, shape ``(n_orders, n_samples)`` with an odd number of samples.
    apart
        Least distance of two peaks in samples.
    null_rate
        Peaks a sample above ``_TAIL_FROM`` under noise.
    """

    filters: tuple[Samples, ...]
    apart: int
    null_rate: float

    @property
    def reach(self) -> int:
        """Samples to either side that the statistic needs."""
        return max(int(one.shape[1]) // 2 for one in self.filters)

    @cached_property
    def blocks(self) -> Blocks:
        """How a stretch is cut for the filters."""
        return Blocks.of(self.reach)

    @cached_property
    def _spectra(self) -> tuple[Spectra, ...]:
        return tuple(self.blocks.spectra(one) for one in self.filters)

    def statistic(self, whitened: Samples) -> Samples:
        """Return the deviate of every sample, shape ``(n,)``, the greatest over widths and components.

        Where it is less than ``_TAIL_FROM``, which is nearly everywhere, minus infinity stands for it.
        """
        return self._of_blocks(whitened, None).reshape(-1)[: whitened.shape[1]]

    def renewed(self, statistic: Samples, whitened: Samples, changed: BoolArray) -> Samples:
        """Return the statistic of samples of which only some differ from those whose statistic is known.

        Parameters
        ----------
        statistic
            What is known, shape ``(n,)``.
        whitened
            The samples, shape ``(n_components, n)``.
        changed
            Which may differ, shape ``(n,)``.
        """
        blocks = self.blocks
        marks = np.pad(greatest_within(changed, self.reach), (0, -changed.size % blocks.step))
        chosen = np.flatnonzero(marks.reshape(-1, blocks.step).any(axis=1))
        out = np.pad(statistic, (0, -changed.size % blocks.step)).reshape(-1, blocks.step)
        out[chosen] = self._of_blocks(whitened, chosen)
        return np.asarray(out.reshape(-1)[: changed.size])

    def _of_blocks(self, whitened: Samples, chosen: IntArray | None) -> Samples:
        cut = self.blocks.cut(whitened, chosen)
        n_components, n_blocks, _ = cut.shape
        greatest = np.full((n_blocks, self.blocks.step), -np.inf, dtype=np.float32)
        together = greatest.copy()
        for filters, spectra in zip(self.filters, self._spectra, strict=True):
            if filters.shape[1] > whitened.shape[1]:
                continue
            total = np.zeros_like(greatest)
            for one in cut:
                out = self.blocks.filtered(one[None] * spectra[:, None])
                energy = np.einsum("obt,obt->bt", out, out)
                np.maximum(greatest, energy, out=greatest)
                total += energy
            np.maximum(together, total, out=together)
        best = _deviate_above(greatest, _ORDERS)
        return best if n_components == 1 else np.maximum(best, _deviate_above(together, _ORDERS * n_components))

    def calibrated(self, frames: Samples) -> "Bank":
        """Return the bank with filters as weak as noise is loud in them; frames of shape ``(n, n_components, n)``.

        Whitening leaves noise uneven at steep edges of its spectrum. Filters are never made stronger.
        """
        filters = list[Samples]()
        for one in self.filters:
            if frames.shape[0] == 0 or one.shape[1] >= frames.shape[2]:
                filters.append(one)
                continue
            out = oaconvolve(frames[:, :, None, :], one[None, None, :, ::-1], mode="valid", axes=3)
            loud = np.median(np.abs(out), axis=(0, 1, 3)) / _MEDIAN_SIZE
            filters.append((one / np.clip(loud, 1.0, _LOUDEST)[:, None]).astype(np.float32))
        return replace(self, filters=tuple(filters))

    def peaks(self, statistic: Samples, usable: BoolArray, least: float) -> IntArray:
        """Return the places of peaks of at least ``least``, the greatest within ``apart`` on either side."""
        top = greatest_within(statistic, self.apart)
        return np.flatnonzero((statistic >= least) & (statistic == top) & usable)

    def null_tail(self, deviate: npt.ArrayLike) -> FloatArray:
        """Return the peaks a sample that noise alone gives above a deviate."""
        at = np.maximum(np.asarray(deviate, dtype=np.float64), _TAIL_FROM)
        return np.asarray(self.null_rate * np.exp((_TAIL_FROM**2 - at**2) / 2), dtype=np.float64)


def _deviate(energy: Samples, freedom: int) -> Samples:
    spread = 2 / (9 * freedom)
    return np.asarray((np.cbrt(energy / freedom) - (1 - spread)) / np.sqrt(spread), dtype=np.float32)


def _deviate_above(energy: Samples, freedom: int) -> Samples:
    """Return the deviates from ``_TAIL_FROM`` on, which are few; a cubic root takes long."""
    spread = 2 / (9 * freedom)
    at = np.flatnonzero(energy >= freedom * (1 - spread + _TAIL_FROM * np.sqrt(spread)) ** 3)
    out = np.full(energy.shape, -np.inf, dtype=np.float32)
    out.flat[at] = _deviate(energy.flat[at], freedom)
    return out


def make_bank(color: NoiseColor, sampling_rate_hz: float, n_components: int, apart_s: float) -> Bank:
    """Return the bank for noise of a color, with its rate of peaks under noise measured on made noise."""
    whitening = color.filters.mean(axis=0)
    widths = [width * sampling_rate_hz for width in _WIDTHS_S]
    usable = [width for width in widths if width >= _LEAST_SAMPLES] or [max(widths)]
    filters = tuple(_whitened_shapes(width, whitening) for width in usable)
    bank = Bank(filters=filters, apart=max(1, round(apart_s * sampling_rate_hz)), null_rate=0.0)
    return Bank(filters=filters, apart=bank.apart, null_rate=_null_rate(bank, n_components))


def deviate_of_height(height: FloatArray) -> FloatArray:
    """Return the deviate that a potential gives whose matched filter gives so many standard deviations."""
    return np.asarray(_deviate((height**2 + _ORDERS).astype(np.float32), _ORDERS), dtype=np.float64)


def _whitened_shapes(width: float, whitening: FloatArray) -> Samples:
    reach = int(np.ceil(_REACH * width))
    x = np.arange(-reach, reach + 1) / width
    shapes = np.polynomial.hermite_e.hermevander(x, _ORDERS - 1) * np.exp(-(x**2) / 2)[:, None]
    whitened = np.stack([np.convolve(shape, whitening, mode="full") for shape in shapes.T], axis=1)
    orthonormal, _ = np.linalg.qr(whitened)
    energy = np.sum(orthonormal**2, axis=1)
    middle = energy.size // 2
    kept = np.flatnonzero(energy > 1e-3 * energy.max())
    half = int(max(middle - kept[0], kept[-1] - middle))
    cut, _ = np.linalg.qr(orthonormal[middle - half : middle + half + 1])
    return np.asarray(cut.T, dtype=np.float32)


def _null_rate(bank: Bank, n_components: int) -> float:
    n_samples = _NOISE_SAMPLES // n_components
    noise = np.random.default_rng(_NOISE_SEED).standard_normal((n_components, n_samples), dtype=np.float32)
    statistic = bank.statistic(noise)
    return bank.peaks(statistic, np.ones(n_samples, dtype=np.bool_), _TAIL_FROM).size / n_samples
