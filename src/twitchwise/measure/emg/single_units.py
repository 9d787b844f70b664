"""Units on a single channel: its noise made even, given to the engine piece by piece, and what comes back in volts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.noise import Noise
from twitchwise.measure.emg.samples import ChannelReader, Stretch
from twitchwise.measure.emg.units import Discharges, Trace, UnitFinder
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Kept of each potential: this long before and after its peak.
SHAPE_HALF_S = 0.025
# A potential begins and ends where it leaves three times the noise or a tenth of its peak, as `potentials` has it.
_EDGE_MULTIPLE, _EDGE_SHARE = 3.0, 0.1
# The engine's time is that of the template; the peak of a single potential lies this near.
_PEAK_WITHIN_S = 0.002
# Samples taken a second for each hertz of the band's upper edge, or up to twice as many: what folds back is a twentieth
# at the edge and less below it, and the noise of a band that is much narrower cannot be made white.
_RATE_PER_EDGE = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelTraces:
    """A channel as the engine takes it: in multiples of the local noise; it can be gone over again and again.

    Parameters
    ----------
    reader, noise
        Gives the channel, and its noise.
    looked_at
        Stretches in seconds that are looked at; elsewhere nothing is found.
    """

    reader: ChannelReader
    noise: Noise
    looked_at: Intervals

    @property
    def every(self) -> int:
        """Which samples of the filtered channel are taken: more hold nothing that these do not."""
        band = self.reader.band
        return max(1, int(band.sampling_rate_hz / (_RATE_PER_EDGE * band.high_hz)))

    def __iter__(self) -> Iterator[Trace]:
        rate_hz, every = self.reader.band.sampling_rate_hz, self.every
        for stretch in self.reader.stretches():
            samples = stretch.filtered[stretch.core]
            level = self.noise.at(stretch.first, samples.size, self.reader.step)
            usable = stretch.usable[stretch.core] & _inside(stretch.first, samples.size, rate_hz, self.looked_at)
            usable &= np.isfinite(level) & (level > 0)
            scaled = np.divide(samples, level, out=np.zeros(samples.size), where=usable)
            taken = slice(-stretch.first % every, None, every)
            yield Trace(
                samples=scaled[None, taken].astype(np.float32),
                sampling_rate_hz=rate_hz / every,
                usable=usable[taken],
                first_sample=-(-stretch.first // every),
            )


def _inside(first: int, n_samples: int, rate_hz: float, intervals: Intervals) -> BoolArray:
    marked = np.zeros(n_samples, dtype=np.bool_)
    for start_s, stop_s in intervals.spans:
        begin, stop = round(start_s * rate_hz) - first, round(stop_s * rate_hz) - first
        if stop > 0 and begin < n_samples:
            marked[max(begin, 0) : stop] = True
    return marked


def discharges_of(traces: ChannelTraces) -> Discharges:
    """Return the discharges of a channel in order of time."""
    return UnitFinder.learn(traces).match(traces)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shapes:
    """The channel around some times.

    Parameters
    ----------
    shape
        The filtered signal with the peak in the middle, shape ``(n, n_samples)``.
    peak_s, start_s, end_s
        Times in seconds, shape ``(n,)``.
    peak, peak_to_peak
        Greatest sample by size with its sign, and range between start and end, shape ``(n,)``.
    noise
        Noise there, shape ``(n,)``.
    """

    shape: npt.NDArray[np.float32]
    peak_s: FloatArray
    start_s: FloatArray
    end_s: FloatArray
    peak: FloatArray
    peak_to_peak: FloatArray
    noise: FloatArray


def shapes_at(reader: ChannelReader, noise: Noise, times_s: FloatArray, gap_s: float) -> Shapes:
    """Return the signal around times in ascending order, as it is in the channel's unit.

    Parameters
    ----------
    reader, noise
        Gives the channel, and its noise.
    times_s
        Near the peaks, in order, shape ``(n,)``.
    gap_s
        Phases that are less far apart belong together.
    """
    rate_hz = reader.band.sampling_rate_hz
    half, near = round(SHAPE_HALF_S * rate_hz), max(1, round(_PEAK_WITHIN_S * rate_hz))
    place = np.rint(times_s * rate_hz).astype(np.int64)
    parts = [_cut(stretch, place, half, near) for stretch in reader.stretches() if _holds(stretch, place)]
    shape = np.concatenate([cut for cut, _ in parts]) if parts else np.empty((0, 2 * half + 1), dtype=np.float32)
    middle = np.concatenate([at for _, at in parts]) if parts else place[:0]
    level = noise.at(0, reader.n_samples // reader.step, 1)[
        np.minimum(middle // reader.step, max(reader.n_samples // reader.step - 1, 0))
    ]
    first, last = _edges(shape, level, half, round(gap_s * rate_hz))
    ranges = [float(np.ptp(row[begin : stop + 1])) for row, begin, stop in zip(shape, first, last, strict=True)]
    return Shapes(
        shape=shape,
        peak_s=middle / rate_hz,
        start_s=(middle + first - half) / rate_hz,
        end_s=(middle + last - half) / rate_hz,
        peak=shape[:, half].astype(np.float64),
        peak_to_peak=np.array(ranges, dtype=np.float64),
        noise=level,
    )


def _holds(stretch: Stretch, place: IntArray) -> bool:
    first, stop = stretch.first, stretch.first + stretch.core.stop - stretch.core.start
    return bool(np.searchsorted(place, stop) > np.searchsorted(place, first))


def _cut(stretch: Stretch, place: IntArray, half: int, near: int) -> tuple[npt.NDArray[np.float32], IntArray]:
    """Return the signal around the peaks nearest to places in a stretch, and the places of these peaks."""
    first, stop = stretch.first, stretch.first + stretch.core.stop - stretch.core.start
    mine = place[(place >= first) & (place < stop)] - first + stretch.core.start
    n_samples = stretch.filtered.size
    around = np.clip(mine[:, None] + np.arange(-near, near + 1), 0, n_samples - 1)
    peak = around[np.arange(mine.size), np.abs(stretch.filtered[around]).argmax(axis=1)]
    cut = stretch.filtered[np.clip(peak[:, None] + np.arange(-half, half + 1), 0, n_samples - 1)]
    return cut.astype(np.float32), peak + first - stretch.core.start


def _edges(shape: npt.NDArray[np.float32], noise: FloatArray, half: int, gap: int) -> tuple[IntArray, IntArray]:
    """Return the first and last sample of each potential: as far as it goes on without a gap."""
    size = np.abs(shape)
    limit = np.maximum(_EDGE_MULTIPLE * noise, _EDGE_SHARE * size[:, half])
    above = size >= limit[:, None]
    above[:, half] = True
    first, last = np.full(len(shape), half), np.full(len(shape), half)
    for row, marks in enumerate(above):
        at = np.flatnonzero(marks)
        middle = int(np.searchsorted(at, half))
        steps = np.diff(at) > gap + 1
        before, after = np.flatnonzero(steps[:middle]), np.flatnonzero(steps[middle:])
        first[row] = at[before[-1] + 1] if before.size else at[0]
        last[row] = at[middle + after[0]] if after.size else at[-1]
    return first, last
