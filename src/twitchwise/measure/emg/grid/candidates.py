"""Where the whitened power of a grid stands out of its noise: potentials, and activity too long to be one.

The power summed over channels and some milliseconds is, in noise, a chi-squared variable; its cube root is close to
normal (Wilson and Hilferty 1931, https://doi.org/10.1073/pnas.17.12.684).
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.basis import Window
from twitchwise.measure.emg.grid.blocks import Block
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Power is summed over this time: about as long as the main phases of a potential.
SUM_S = 0.008
# A potential begins and ends where the power is as far from that of noise.
_EDGE_DEVIATIONS = 3.0
# What is smaller than such a share of a potential and so close to it in seconds is its ringing in the filter.
_RINGING = ((0.1, 0.05), (0.03, 0.1))
# Kept of each potential: its samples and so much on both sides.
AROUND_S = 0.025
# Samples beside a potential that its range is also taken over: the power is narrower than the potential.
_BESIDE = 4
# Potentials of several units in a row may stand out of the noise together so long; what lasts longer is activity.
_LONGEST_S = 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Potentials of a grid in order of time.

    Parameters
    ----------
    start_s, peak_s, end_s
        Times in seconds, shape ``(n,)``.
    power
        Greatest whitened power around each, mean over channels, shape ``(n,)``.
    channel
        Place in the group of the channel on which it is greatest, shape ``(n,)``.
    peak, peak_to_peak
        Sample of greatest size with its sign, and range, on that channel in its unit, shape ``(n,)``.
    shape
        That channel around the peak, at the working rate, shape ``(n, n_samples)``.
    map
        Range on every channel, shape ``(n, n_channels)``.
    window_s
        Time of the first sample of each window, shape ``(n,)``.
    windows
        Each potential in the patterns of the grid; empty as long as these are not known.
    is_hidden
        Whether it is so small and so close to a greater one that its ringing cannot be told from it, shape ``(n,)``.
    """

    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    power: FloatArray
    channel: IntArray
    peak: FloatArray
    peak_to_peak: FloatArray
    shape: npt.NDArray[np.float32]
    map: npt.NDArray[np.float32]
    window_s: FloatArray
    windows: tuple[Window, ...]
    is_hidden: BoolArray

    def __len__(self) -> int:
        return int(self.start_s.size)

    def where(self, chosen: BoolArray | IntArray) -> "Candidates":
        """Return the chosen ones, by a mask of shape ``(n,)`` or by their places."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        values = {f.name: getattr(self, f.name)[places] for f in fields(self) if f.name != "windows"}
        return Candidates(**values, windows=tuple(self.windows[place] for place in places))

    @classmethod
    def joined(cls, parts: list["Candidates"]) -> "Candidates":
        """Put the parts of a recording one behind the other."""
        names = [field.name for field in fields(cls) if field.name != "windows"]
        values = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        return cls(**values, windows=tuple(window for part in parts for window in part.windows))


def deviations(relative_power: FloatArray, freedom: float) -> FloatArray:
    """Return how many standard deviations a power stands above that of noise, whose mean is 1.

    Examples
    --------
    >>> import numpy as np
    >>> deviations(np.array([1.0, 2.0]), 50.0).round(1)
    array([0.1, 4. ])
    """
    spread = 2 / (9 * freedom)
    root = np.cbrt(np.maximum(relative_power, 0.0))
    return np.asarray((root - (1 - spread)) / np.sqrt(spread), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundInBlock:
    """What peaks in a block's core.

    Parameters
    ----------
    candidates
        Potentials, still without their windows.
    windows
        Of each the whitened samples, shape ``(n_channels, n)``.
    long
        Times in seconds of activity longer than a potential.
    """

    candidates: Candidates
    windows: tuple[Samples, ...]
    long: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finder:
    """Finds candidates in blocks of a grid.

    Parameters
    ----------
    rate_hz
        The working rate.
    freedom
        Degrees of freedom of the summed power.
    least
        Deviations that the peak of a candidate reaches.
    n_samples
        Working samples of the recording; at its ends the filter has to guess for one wave of its lowest frequency.
    settings
        Joining gap and lower edge of the band.
    """

    rate_hz: float
    n_samples: int
    freedom: float
    least: float
    settings: EmgSettings

    @property
    def sum_samples(self) -> int:
        """Samples over which power is summed."""
        return max(1, round(SUM_S * self.rate_hz))

    def find(self, block: Block, power: FloatArray, noise: FloatArray) -> FoundInBlock:
        """Return the candidates that peak in a block's core, and the times of activity longer than one.

        Parameters
        ----------
        block
            The samples.
        power
            Their summed power, mean over channels, shape ``(n,)``.
        noise
            The noise's root mean square at each sample, shape ``(n,)``.
        """
        chains = self._chains(power / noise**2)
        usable = np.repeat(block.usable, block.length)
        core = slice(block.core.start * block.length, block.core.stop * block.length)
        here = (chains[2] >= core.start) & (chains[2] < core.stop)
        length = np.where(chains[3] > 0, 0, chains[1] - chains[0] + 1)
        long = length > _LONGEST_S * self.rate_hz
        settled = np.abs(chains[2] + block.first_frame * block.length - core.start - self.n_samples / 2) < (
            self.n_samples / 2 - self.rate_hz / self.settings.band_low_hz
        )
        fits = here & ~long & settled
        chosen = chains[:, fits & usable[chains[0]] & usable[np.minimum(chains[1], usable.size - 1)]]
        origin = block.first_frame * block.length - core.start
        return FoundInBlock(
            candidates=self._gathered(block, power, chosen, origin),
            windows=self._windows(block, chosen),
            long=tuple(self._spans(chains[:, long], core, origin)),
        )

    def _chains(self, relative: FloatArray) -> IntArray:
        """Return first and last sample, peak and whether it is hidden of the runs above the noise, shape ``(4, n)``."""
        size = np.sqrt(np.maximum(relative - 1, 0.0) * self.freedom)
        over = deviations(relative, self.freedom)
        edge = np.zeros(size.size)
        for share, reach_s in _RINGING:
            near = maximum_filter1d(size, 2 * round(reach_s * self.rate_hz) + 1, mode="constant")
            np.maximum(edge, share * near, out=edge)
        above = over >= _EDGE_DEVIATIONS
        clear = self._runs(np.flatnonzero(above & (size >= edge)), size, over)
        hidden = self._runs(np.flatnonzero(above & (size < edge)), size, over)
        every = np.concatenate(
            [np.pad(clear, ((0, 1), (0, 0))), np.pad(hidden, ((0, 1), (0, 0)), constant_values=1)], 1
        )
        return every[:, np.argsort(every[0], kind="stable")]

    def _runs(self, above: IntArray, size: FloatArray, over: FloatArray) -> IntArray:
        gap = round(self.settings.joining_gap_s * self.rate_hz)
        begins = np.flatnonzero(np.diff(above, prepend=-(gap + 2)) > gap + 1)
        if begins.size == 0:
            return np.empty((3, 0), dtype=np.int64)
        high = np.maximum.reduceat(over[above], begins) >= self.least
        first, last = above[begins][high], above[np.append(begins[1:], above.size) - 1][high]
        peak = [begin + int(np.argmax(size[begin : end + 1])) for begin, end in zip(first, last, strict=True)]
        return self._narrowed(np.array([first, last, peak], dtype=np.int64).reshape(3, -1))

    def _narrowed(self, chains: IntArray) -> IntArray:
        """Take back the widening by the sum over time."""
        half = self.sum_samples // 2
        first = np.minimum(chains[0] + half, chains[2])
        last = np.maximum(chains[1] - half, chains[2])
        return np.array([first, last, chains[2]], dtype=np.int64)

    def _spans(self, chains: IntArray, core: slice, origin: int) -> list[tuple[float, float]]:
        firsts, stops = np.maximum(chains[0], core.start), np.minimum(chains[1] + 1, core.stop)
        return [
            (float(first + origin) / self.rate_hz, float(stop + origin) / self.rate_hz)
            for first, stop in zip(firsts, stops, strict=True)
            if first < stop
        ]

    def _gathered(self, block: Block, power: FloatArray, chains: IntArray, origin: int) -> Candidates:
        around = round(AROUND_S * self.rate_hz)
        n_samples, n_channels = block.plain.shape[1], block.plain.shape[0]
        seen = [_seen(block.plain, int(first), int(last)) for first, last in chains[:2].T]
        channel = np.array([one.channel for one in seen], dtype=np.int64)
        peak = np.array([one.peak for one in seen], dtype=np.int64)
        places = np.clip(peak[:, None] + np.arange(-around, around + 1), 0, n_samples - 1)
        shape = block.plain[channel[:, None], places].astype(np.float32).reshape(-1, 2 * around + 1)
        offset, value = summits(shape, around)
        begin = np.maximum(chains[0] - around, 0)
        return Candidates(
            start_s=(np.minimum(chains[0], peak) + origin) / self.rate_hz,
            peak_s=(peak + offset + origin) / self.rate_hz,
            end_s=(np.maximum(chains[1], peak) + 1 + origin) / self.rate_hz,
            power=power[chains[2]].astype(np.float64),
            channel=channel,
            peak=value,
            peak_to_peak=np.array([one.ranges.max() for one in seen], dtype=np.float64),
            shape=shape,
            map=np.array([one.ranges for one in seen], dtype=np.float32).reshape(-1, n_channels),
            window_s=(begin + origin) / self.rate_hz,
            windows=(),
            is_hidden=chains[3] > 0,
        )

    def _windows(self, block: Block, chains: IntArray) -> tuple[Samples, ...]:
        """Return copies, so that the block itself can go."""
        around = round(AROUND_S * self.rate_hz)
        begin = np.maximum(chains[0] - around, 0)
        return tuple(
            block.white[:, first : last + around + 1].copy()
            for first, last in zip(begin.tolist(), chains[1].tolist(), strict=True)
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """How large a potential is on every channel, on which it is largest, and where it peaks there."""

    ranges: Samples
    channel: int
    peak: int


def _seen(plain: Samples, first: int, last: int) -> _Seen:
    ranges = np.ptp(plain[:, max(0, first - _BESIDE) : last + _BESIDE + 1], axis=1)
    channel = int(np.argmax(ranges))
    peak = first + int(np.argmax(np.abs(plain[channel, first : last + 1])))
    return _Seen(ranges=np.asarray(ranges, dtype=np.float32), channel=channel, peak=peak)


def summits(shape: npt.NDArray[np.float32], middle: int) -> tuple[FloatArray, FloatArray]:
    """Return where between samples the greatest size lies, in samples from ``middle``, and the value there.

    A parabola through three samples; shapes of shape ``(n, n_samples)`` have their greatest sample at ``middle``.
    """
    before, at, after = (shape[:, middle + step].astype(np.float64) for step in (-1, 0, 1))
    bend = before - 2 * at + after
    safe = np.where(bend == 0, 1.0, bend)
    offset = np.where(bend == 0, 0.0, np.clip((before - after) / (2 * safe), -0.5, 0.5))
    return np.asarray(offset, dtype=np.float64), np.asarray(at - (before - after) * offset / 4, dtype=np.float64)


def summed_power(block: Block, n_samples: int) -> tuple[FloatArray, FloatArray]:
    """Return the power of each sample of a block, mean over channels, and its mean over ``n_samples`` around each."""
    power = np.einsum("cn,cn->n", block.white, block.white).astype(np.float64) / block.white.shape[0]
    return power, np.asarray(uniform_filter1d(power, n_samples, mode="nearest"), dtype=np.float64)
