"""Puts the stretches of an interrupted EDF+ recording at their times; what lies between is missing.

EDF+D, Kemp and Olivan 2003, doi:10.1016/S1388-2457(03)00123-8.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.signals import Rows, SampleSource, rows_of
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """Data records without a gap: when the first begins, in seconds, which it is, and how many they are."""

    start_s: float
    first_record: int
    n_records: int


@dataclass(frozen=True, slots=True)
class GapSource:
    """Samples of an interrupted recording.

    Parameters
    ----------
    source
        The samples as they follow each other in the file.
    stretches
        Where they belong, in order of time.
    per_record, rates_hz
        Samples of each channel in a data record, and a second.
    """

    source: SampleSource
    stretches: tuple[Stretch, ...]
    per_record: tuple[int, ...]
    rates_hz: tuple[float, ...]

    def n_samples(self, channel: int) -> int:
        """Return the length of a channel with its gaps."""
        last = self.stretches[-1]
        return round(last.start_s * self.rates_hz[channel]) + last.n_records * self.per_record[channel]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel, missing ones NaN."""
        found = np.full(max(stop - start, 0), np.nan)
        for place, first, last in self._pieces(channel, start, stop):
            found[place : place + last - first] = self.source.read(channel, first, last)
        return found

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples ``start`` to ``stop`` of channels of one rate, missing ones NaN."""
        found = np.full((len(channels), max(stop - start, 0)), np.nan, dtype=np.float32)
        for place, first, last in self._pieces(channels[0], start, stop):
            found[:, place : place + last - first] = rows_of(self.source, channels, first, last)
        return found

    def _pieces(self, channel: int, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Give for each stretch where it lies in the answer, and from which to which sample of the file."""
        per_record = self.per_record[channel]
        for stretch in self.stretches:
            begin = round(stretch.start_s * self.rates_hz[channel])
            first, last = max(start, begin), min(stop, begin + stretch.n_records * per_record)
            if first < last:
                in_file = stretch.first_record * per_record - begin
                yield first - start, first + in_file, last + in_file
