"""Adds a waveform at many moments, between samples too, at a cost that grows with the moments and not with the time.

A train of discharges is nearly all silence. Convolution pays for the silence, and an event on the grid is up to half a
sample late; here the waveform is kept at several sub-sample shifts, and only where it differs from 0 is it added.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray


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

    def near(self, moments: FloatArray, first: int, n_samples: int) -> FloatArray:
        """Return the moments, ascending, whose waveform can reach samples ``first`` to ``first + n_samples``."""
        length = self.bank.shape[1]
        found: FloatArray = moments[slice(*np.searchsorted(moments, [first - length, first + n_samples + length]))]
        return found

    def add_to(self, total: FloatArray, moments: FloatArray, first: int) -> None:
        """Add the waveform at each moment to a stretch of samples, in place.

        Parameters
        ----------
        total
            The stretch, shape ``(n_samples,)``.
        moments
            In samples from the start of the recording, with fractions, ascending.
        first
            Number of the stretch's first sample in the recording.
        """
        shifts, length = self.bank.shape
        ticks = np.rint(self.near(moments, first, total.size) * shifts).astype(np.int64)
        starts = ticks // shifts - self.before - first
        # a slice at a time: it beats gathering all cells at once, the more the longer the waveform
        for start, row in zip(starts.tolist(), (ticks % shifts).tolist(), strict=True):
            if 0 <= start <= total.size - length:
                total[start : start + length] += self.bank[row]
            else:
                low, high = max(start, 0), max(min(start + length, total.size), 0)
                total[low:high] += self.bank[row, low - start : max(high - start, low - start)]
