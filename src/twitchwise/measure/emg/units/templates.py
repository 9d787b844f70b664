"""Templates in the whitened signal, their matched filters, and what one discharge leaves in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from twitchwise.measure.emg.units.blockwise import Blocks
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray

# Fractions of a sample at which templates are kept; the interpolation error is then below 1 % of a steep potential.
SHIFTS = 8
# Up to this many samples a product with a table of windows is faster than transforms.
_SHORT = 64
_ROWS = 1 << 15
_GIVEN = ("shapes", "spread", "misfit", "rate", "noise")


@dataclass(frozen=True, kw_only=True, eq=False)
class Templates:
    """Whitened templates of units and what is known of their discharges.

    Parameters
    ----------
    shapes
        Shape ``(n_units, n_components, n_samples)``, an odd number of samples; a discharge's place is the middle.
    spread
        Standard deviation of the size of a unit's potentials, as a share, shape ``(n_units,)``.
    misfit
        Energy that a unit's template leaves of its own potentials beyond noise, as a share, shape ``(n_units,)``.
    rate
        Discharges per sample, shape ``(n_units,)``.
    noise
        Standard deviation of each matched filter under what is not explained, shape ``(n_units,)``; 1 for white noise.

    Notes
    -----
    Derived, each of shape ``(n_units,)``: ``detectability``, the mean output of a unit's matched filter at its
    discharge in standard deviations, and ``log_rate_ratio``, the logarithm of discharges per zero crossing of it
    under noise.
    """

    shapes: Samples
    spread: FloatArray
    misfit: FloatArray
    rate: FloatArray
    noise: FloatArray
    size: FloatArray = field(init=False)
    unit_shapes: Samples = field(init=False)
    shifted: Samples = field(init=False)
    gram: Samples = field(init=False)
    crossing: FloatArray = field(init=False)
    detectability: FloatArray = field(init=False)
    log_rate_ratio: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what every match needs."""
        size = np.sqrt(np.sum(self.shapes.astype(np.float64) ** 2, axis=(1, 2)))
        unit_shapes = (self.shapes / np.maximum(size, 1e-12)[:, None, None]).astype(np.float32)
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "unit_shapes", unit_shapes)
        object.__setattr__(self, "shifted", shifted(unit_shapes))
        object.__setattr__(self, "gram", _gram(unit_shapes, self.shifted))
        object.__setattr__(self, "crossing", _crossing_rate(unit_shapes))
        object.__setattr__(self, "detectability", size / self.noise)
        object.__setattr__(self, "log_rate_ratio", np.log(self.rate / self.crossing))

    def __len__(self) -> int:
        return int(self.shapes.shape[0])

    @property
    def half(self) -> int:
        """Samples from the middle of a template to its end."""
        return int(self.shapes.shape[2]) // 2

    def subset(self, chosen: Sequence[int]) -> "Templates":
        """Return the chosen units, by their places."""
        at = np.array(chosen, dtype=np.int64)
        return Templates(**{name: getattr(self, name)[at] for name in _GIVEN})

    def joined(self, more: "Templates") -> "Templates":
        """Return these units and then others."""
        return Templates(**{name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in _GIVEN})

    def matched(self, whitened: Samples) -> Samples:
        """Return the output of all matched filters of norm 1, shape ``(n_units, n)``; 0 less than half from an edge."""
        n, length = whitened.shape[1], self.shapes.shape[2]
        out = np.zeros((len(self), n), dtype=np.float32)
        if n < length:
            return out
        inside = slice(self.half, n - self.half)
        if length * whitened.shape[0] > _SHORT:
            out[:, inside] = Blocks.of(self.half).matched(whitened, self.unit_shapes)[:, inside]
            return out
        table = sliding_window_view(whitened, length, axis=1).transpose(1, 0, 2)
        flat = self.unit_shapes.reshape(len(self), -1)
        for first in range(0, table.shape[0], _ROWS):
            rows = table[first : first + _ROWS]
            out[:, self.half + first : self.half + first + rows.shape[0]] = flat @ rows.reshape(rows.shape[0], -1).T
        return out


def shifted(shapes: Samples) -> Samples:
    """Return shapes moved later by ``s / SHIFTS - 1/2`` samples, shape ``(SHIFTS + 1, *shapes.shape)``."""
    n = shapes.shape[-1]
    padded = np.fft.rfft(np.concatenate([shapes, np.zeros_like(shapes)], axis=-1), axis=-1)
    later = np.arange(SHIFTS + 1) / SHIFTS - 0.5
    turn = np.exp(-2j * np.pi * later[:, None] * np.fft.rfftfreq(2 * n)[None, :])
    moved = np.fft.irfft(padded[None] * turn.reshape(SHIFTS + 1, *([1] * (shapes.ndim - 1)), -1), 2 * n, axis=-1)
    return np.asarray(moved[..., :n], dtype=np.float32)


def shift_number(fraction: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the number of the kept shift that is nearest to a fraction of a sample in [-0.5, 0.5]."""
    return np.rint((np.asarray(fraction) + 0.5) * SHIFTS).astype(np.int64)


def _gram(unit_shapes: Samples, moved: Samples) -> Samples:
    """Return what a moved unit potential gives in every matched filter, by lag.

    Shape ``(n_units of the potential, SHIFTS + 1, n_units of the filter, 2 n_samples - 1)``.
    """
    n = unit_shapes.shape[-1]
    size = 2 * n
    filters = np.conj(np.fft.rfft(unit_shapes, size, axis=-1))
    potentials = np.fft.rfft(moved, size, axis=-1)
    product = np.einsum("suki,vki->usvi", potentials, filters)
    lags = np.fft.irfft(product, size, axis=-1)
    return np.asarray(np.concatenate([lags[..., -(n - 1) :], lags[..., :n]], axis=-1), dtype=np.float32)


def _crossing_rate(unit_shapes: Samples) -> FloatArray:
    """Return the upward zero crossings per sample of each matched filter under white noise, by Rice's formula."""
    power = np.sum(np.abs(np.fft.rfft(unit_shapes, 4 * unit_shapes.shape[2], axis=-1)) ** 2, axis=1)
    frequency = np.fft.rfftfreq(4 * unit_shapes.shape[2])
    return np.asarray(np.sqrt(np.sum(frequency**2 * power, axis=1) / np.sum(power, axis=1)), dtype=np.float64)
