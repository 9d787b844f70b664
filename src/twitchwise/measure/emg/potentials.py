"""Potentials that stand out of the noise, and activity too long to be one.

A potential begins and ends where the signal leaves the noise. Its height is its peak in multiples of the noise; smaller
ones than are counted are kept as hints, because many in a row tell a contraction. A large potential raises the bar
around it, so that its ringing in the filter is not a second one.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.around import greatest_within
from twitchwise.measure.emg.noise import Noise
from twitchwise.measure.emg.samples import ChannelReader, Stretch
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Onset and end lie where the signal leaves three times the noise, which noise does for single samples only.
_EDGE_MULTIPLE = 3.0
# What is smaller than such a share of a potential and so close to it in seconds is its ringing: in the filter, and, the
# smallest and longest, in a notch at the mains that was used before (one 2 Hz wide falls by 1/e in 0.16 s).
RINGING = ((0.1, 0.05), (0.03, 0.1), (0.01, 0.5))
# The range is taken this far before and after a potential.
_AROUND_S = 0.01
# Half the length of the shape that is kept of each potential: 10 ms around it, and 5 ms to shift it by.
SHAPE_HALF_S = 0.015


@dataclass(frozen=True, kw_only=True, eq=False)
class Potentials:
    """Potentials of a channel in order of time.

    Parameters
    ----------
    start_s, peak_s, end_s
        Times in seconds, shape ``(n,)``.
    peak, peak_to_peak
        Sample of greatest size with its sign, and range up to 10 ms before and after, in the channel's unit,
        shape ``(n,)``.
    height
        Size of the peak in multiples of the noise, shape ``(n,)``.
    shape
        The filtered signal 15 ms around the peak, shape ``(n, n_samples)``, in single precision: a night holds many.
    """

    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    peak: FloatArray
    peak_to_peak: FloatArray
    height: FloatArray
    shape: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.start_s.size)

    @property
    def ringing_s(self) -> FloatArray:
        """Time before and after in which the filter rings above the noise, shape ``(n,)``."""
        ringing = np.zeros(self.height.size)
        for share, reach_s in RINGING:
            ringing[share * self.height > 1] = reach_s
        return ringing

    def where(self, chosen: BoolArray | IntArray) -> "Potentials":
        """Return the chosen ones, by a mask of shape ``(n,)`` or by their places."""
        return Potentials(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


@dataclass(frozen=True, kw_only=True, eq=False)
class _Chains:
    """Runs of samples above the noise, by first and last sample and peak, and the noise at the peak."""

    first: IntArray
    last: IntArray
    peak: IntArray
    noise: FloatArray

    def where(self, chosen: BoolArray) -> "_Chains":
        return _Chains(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def find_potentials(
    reader: ChannelReader, noise: Noise, least_height: float, settings: EmgSettings
) -> tuple[Potentials, Intervals]:
    """Read a channel and return its potentials, and the times of activity that lasted longer than one.

    Parameters
    ----------
    reader
        Gives the channel.
    noise
        Its noise.
    least_height
        Multiple of the noise that the peak of a potential, or of longer activity, reaches.
    settings
        Joining gap, shortest and longest duration.
    """
    rate_hz = reader.band.sampling_rate_hz
    gap = round(settings.joining_gap_s * rate_hz)
    shortest, longest = settings.potential_shortest_s * rate_hz, settings.potential_longest_s * rate_hz
    parts, spans = list[Potentials](), list[tuple[float, float]]()
    for stretch in reader.stretches():
        size = np.abs(stretch.filtered)
        outer_first = stretch.first - stretch.core.start
        chains = _chains(size, noise.at(outer_first, size.size, reader.step), least_height, rate_hz, gap)
        length = chains.last - chains.first + 1
        spans += _spans(chains.where(length > longest), stretch, rate_hz)
        begins_here = (chains.first >= stretch.core.start) & (chains.first < stretch.core.stop)
        usable = stretch.usable[chains.first] & stretch.usable[chains.last]
        # before the first and after the last sample the filter has to guess for one wave of its lowest frequency
        peak = chains.peak + outer_first
        settled = (peak >= rate_hz / reader.band.low_hz) & (peak < reader.n_samples - rate_hz / reader.band.low_hz)
        fits = (length >= shortest) & (length <= longest)
        parts.append(_potentials(chains.where(begins_here & usable & settled & fits), stretch, rate_hz))
    whole = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Potentials)}
    return Potentials(**whole), Intervals.union(spans)


def _chains(size: FloatArray, noise: FloatArray, least_height: float, rate_hz: float, gap: int) -> _Chains:
    edge = _EDGE_MULTIPLE * noise
    for share, reach_s in RINGING:
        around = greatest_within(size, round(reach_s * rate_hz))
        np.maximum(edge, share * around, out=edge)
    above = np.flatnonzero(size >= edge)
    begins = np.flatnonzero(np.diff(above, prepend=-(gap + 2)) > gap + 1)
    if begins.size == 0:
        nothing = np.empty(0, dtype=np.int64)
        return _Chains(first=nothing, last=nothing, peak=nothing, noise=np.empty(0))
    high = np.maximum.reduceat(size[above] / noise[above], begins) >= least_height
    first, last = above[begins][high], above[np.append(begins[1:], above.size) - 1][high]
    peaks = [begin + int(np.argmax(size[begin : end + 1])) for begin, end in zip(first, last, strict=True)]
    peak = np.array(peaks, dtype=np.int64)
    return _Chains(first=first, last=last, peak=peak, noise=noise[peak])


def _spans(chains: _Chains, stretch: Stretch, rate_hz: float) -> list[tuple[float, float]]:
    """Return the times of the chains as far as the stretch hands them on."""
    shift = stretch.first - stretch.core.start
    firsts = np.maximum(chains.first, stretch.core.start)
    stops = np.minimum(chains.last + 1, stretch.core.stop)
    return [
        (float(first + shift) / rate_hz, float(stop + shift) / rate_hz)
        for first, stop in zip(firsts, stops, strict=True)
        if first < stop
    ]


def _potentials(chains: _Chains, stretch: Stretch, rate_hz: float) -> Potentials:
    half = max(1, round(SHAPE_HALF_S * rate_hz))
    signal, shift = stretch.filtered, stretch.first - stretch.core.start
    pairs, near = zip(chains.first, chains.last, strict=True), round(_AROUND_S * rate_hz)
    around = np.clip(chains.peak[:, None] + np.arange(-half, half + 1), 0, signal.size - 1)
    peak = signal[chains.peak]
    return Potentials(
        start_s=(chains.first + shift) / rate_hz,
        peak_s=(chains.peak + shift) / rate_hz,
        end_s=(chains.last + shift) / rate_hz,
        peak=peak,
        peak_to_peak=np.array([np.ptp(signal[max(0, first - near) : last + near + 1]) for first, last in pairs]),
        height=np.abs(peak) / chains.noise,
        shape=signal[around].astype(np.float32),
    )
