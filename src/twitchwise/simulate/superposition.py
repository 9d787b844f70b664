"""Adds a waveform at many moments, between samples too, at a cost that grows with the moments and not with the time.

A train of discharges is nearly all silence. Convolution pays for the silence, and an event on the grid is up to half a
sample late; here the waveform is kept at several sub-sample shifts, and only where it differs from 0 is it added.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

CELLS_AT_ONCE = 2**18  # values gathered in one step: 2 MiB, which a processor's cache holds


@dataclass(frozen=True, kw_only=True, eq=False)
class ShiftedWaveform:
    """A waveform at sub-sample shifts.

    Parameters
    ----------
    bank
        Row ``m`` holds the waveform shifted by ``m / len(bank)`` of a sample to later, shape ``(shifts, length)``.
    before
        Number of columns before the moment itself.
    """

    bank: FloatArray
    before: int

    @classmethod
    def of(
        cls,
        waveform: Callable[[FloatArray], FloatArray],
        *,
        span_s: tuple[float, float],
        sampling_rate_hz: float,
        shifts: int,
    ) -> "ShiftedWaveform":
        """Return a waveform sampled at every shift.

        Parameters
        ----------
        waveform
            Gives values at times in seconds from the moment; 0 outside ``span_s``.
        span_s
            First and last time at which it differs from 0.
        sampling_rate_hz
            Samples per second.
        shifts
            How many; a moment is met to within half of one.
        """
        before = int(np.ceil(-min(span_s[0], 0.0) * sampling_rate_hz))
        after = int(np.ceil(max(span_s[1], 0.0) * sampling_rate_hz)) + 1
        samples = np.arange(-before, after + 1) - np.arange(shifts)[:, np.newaxis] / shifts
        return cls(bank=waveform(samples / sampling_rate_hz), before=before)

    def superposed(self, moments: FloatArray, first: int, n_samples: int) -> FloatArray:
        """Return the sum of the waveform at all moments on a stretch of samples, shape ``(n_samples,)``.

        Parameters
        ----------
        moments
            In samples from the start of the recording, with fractions, ascending.
        first, n_samples
            First sample of the stretch and its length.
        """
        shifts, length = self.bank.shape
        near = moments[slice(*np.searchsorted(moments, [first - length, first + n_samples + length]))]
        if near.size == 0:
            return np.zeros(n_samples)
        ticks = np.rint(near * shifts).astype(np.int64)
        starts = ticks // shifts - self.before - first + 2 * length
        rows = ticks % shifts
        total = np.zeros(n_samples + 4 * length)
        step = max(1, CELLS_AT_ONCE // length)
        for at in range(0, near.size, step):
            cells = starts[at : at + step, np.newaxis] + np.arange(length)
            values = self.bank[rows[at : at + step]]
            low = int(cells.min())
            added = np.bincount((cells - low).reshape(-1), weights=values.reshape(-1))
            total[low : low + added.size] += added
        return total[2 * length : 2 * length + n_samples]
