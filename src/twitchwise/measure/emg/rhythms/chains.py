"""Chains: impulses that look alike, followed one after another as they come, so that a slow change of size is followed.

Each chain stands for one source: a motor unit, a muscle fiber, or one phase of it. Chains that keep a constant distance
are phases of one source.
"""

from collections import deque
from dataclasses import dataclass, field, replace

import numpy as np

from twitchwise.measure.emg.rhythms.impulses import Impulses
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import Samples
from twitchwise.vocabulary.arrays import FloatArray

# Sources that are followed at a time; more cannot be told apart on one channel.
_MOST = 48
# Two impulses are of one source if they differ by less than this share of the larger one's energy, and what noise adds.
_DIFFERENT, _BY_NOISE = 0.12, 1.4
# A new impulse changes what a chain is expected to look like by this share.
_LEARN = 0.15
# No fiber fires again within this time.
_REFRACTORY_S = 0.002
# Phases of one potential lie within this time of each other, keep their distance to this standard deviation, and this
# share of the one comes with the other.
_TOGETHER_S, _STEADY_S, _SHARE = 0.025, 0.0008, 0.6
# A chain is cut at this length, so that memory does not grow with a recording.
_LONGEST_S = 60.0
# A rhythm shows in no fewer impulses than these.
FEWEST = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """Impulses of one source.

    Parameters
    ----------
    source
        Number of the source, from 1; a chain that was cut goes on under the same number.
    time_s, peak
        When and how large, with sign, shape ``(n,)``.
    waves
        The signal around each, shape ``(n, n_long)``; empty once it has been looked at.
    phases
        How many phases of the potential were put together, at least 1.
    """

    source: int
    time_s: FloatArray
    peak: FloatArray
    waves: Samples
    phases: int = 1

    def __len__(self) -> int:
        return int(self.time_s.size)

    def without_waves(self) -> "Chain":
        """Return the chain with times and sizes alone."""
        return replace(self, waves=np.empty((0, 0), dtype=np.float32))


@dataclass(kw_only=True, eq=False)
class _Open:
    """A chain that may still grow; ``lags`` holds count, mean and squared deviations of the distance to others."""

    source: int
    times: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    waves: list[Samples] = field(default_factory=list)
    lags: dict[int, list[float]] = field(default_factory=dict)

    def add(self, time_s: float, peak: float, wave: Samples) -> None:
        self.times.append(time_s)
        self.peaks.append(peak)
        self.waves.append(wave)

    def note(self, other: int, lag_s: float) -> None:
        count_mean_squares = self.lags.setdefault(other, [0.0, 0.0, 0.0])
        count_mean_squares[0] += 1
        off = lag_s - count_mean_squares[1]
        count_mean_squares[1] += off / count_mean_squares[0]
        count_mean_squares[2] += off * (lag_s - count_mean_squares[1])

    def rank(self) -> tuple[int, int]:
        """Return what the phase that stands for its potential has most of: impulses, then age."""
        return len(self.times), -self.source

    def leader(self) -> int | None:
        """Return the source that this one comes with at a constant distance, if there is one."""
        for other, (count, _, squares) in self.lags.items():
            if count >= max(_SHARE * len(self.times), FEWEST - 1) and squares <= count * _STEADY_S**2:
                return other
        return None


class Follower:
    """Sorts a stream of impulses into chains.

    Parameters
    ----------
    noise
        Noise of the samples, which makes look-alikes differ.
    settings
        How long a source may be silent within one chain.
    """

    def __init__(self, noise: float, settings: RhythmSettings) -> None:
        self._power, self._silence_s = noise**2, settings.silence_s
        self._shapes = np.empty((0, 0), dtype=np.float32)
        self._energy = np.zeros(_MOST)
        self._last_s = np.full(_MOST, -np.inf)
        self._counts = np.full(_MOST, -1)  # of the impulses of each open chain; -1 where a place is free
        self._open: list[_Open | None] = [None] * _MOST
        self._closed: list[_Open] = []
        self._recent: deque[tuple[float, int]] = deque()
        self._n_sources = 0

    def feed(self, impulses: Impulses) -> None:
        """Take in the next impulses."""
        if self._shapes.size == 0:
            self._shapes = np.zeros((_MOST, impulses.shape.shape[1]), dtype=np.float32)
        energies = np.einsum("ij,ij->i", impulses.shape, impulses.shape).tolist()
        times, peaks = impulses.time_s.tolist(), impulses.peak.tolist()
        for index, (time_s, peak, energy) in enumerate(zip(times, peaks, energies, strict=True)):
            slot = self._slot_of(impulses.shape[index], energy, time_s)
            self._note(slot, time_s)
            chain = self._open[slot]
            if chain is not None:
                chain.add(time_s, peak, impulses.wave[index])
                self._counts[slot] += 1

    def take(self, now_s: float) -> list[Chain]:
        """Return the chains that have ended before ``now_s``; with infinity all that are left."""
        for slot, chain in enumerate(self._open):
            if chain is None or not chain.times:
                continue
            if now_s - chain.times[-1] > self._silence_s:
                self._close(slot)
            elif now_s - chain.times[0] > _LONGEST_S:
                self._closed.append(chain)
                self._open[slot], self._counts[slot] = _Open(source=chain.source), 0
        # phases of one potential end at nearly the same time; wait until all have
        held = [] if now_s == np.inf else [one for one in self._closed if self._waits(one)]
        ready = [one for one in self._closed if one not in held]
        self._closed = held
        return _together(ready)

    def _waits(self, chain: _Open) -> bool:
        leader = chain.leader()
        growing = [one for one in self._open if one is not None and one.times and one.times[0] <= chain.times[-1]]
        return any(one.source == leader or one.leader() == chain.source for one in growing)

    def _slot_of(self, shape: Samples, energy: float, time_s: float) -> int:
        off = self._shapes - shape
        differs = np.einsum("ij,ij->i", off, off)
        allowed = _DIFFERENT * np.maximum(self._energy, energy) + _BY_NOISE * shape.size * self._power
        cost = np.where((self._energy > 0) & (time_s - self._last_s > _REFRACTORY_S), differs / allowed, np.inf)
        slot = int(np.argmin(cost))
        if cost[slot] > 1:
            slot = self._fresh(time_s)
            self._shapes[slot] = shape
        else:
            self._shapes[slot] -= _LEARN * off[slot]
        self._energy[slot] = float(self._shapes[slot] @ self._shapes[slot])
        self._last_s[slot] = time_s
        return slot

    def _fresh(self, time_s: float) -> int:
        """Return a place for a new source: a free one, or that of the source that matters least."""
        worth = np.minimum(self._counts, FEWEST) - (time_s - self._last_s) / self._silence_s
        slot = int(np.argmin(np.where(self._counts < 0, -1.0, worth)))
        self._close(slot)
        self._n_sources += 1
        self._open[slot], self._counts[slot] = _Open(source=self._n_sources), 0
        return slot

    def _close(self, slot: int) -> None:
        chain = self._open[slot]
        if chain is not None and len(chain.times) >= FEWEST:
            self._closed.append(chain)
        self._open[slot], self._counts[slot] = None, -1
        self._energy[slot] = 0.0
        self._last_s[slot] = -np.inf

    def _note(self, slot: int, time_s: float) -> None:
        while self._recent and time_s - self._recent[0][0] > _TOGETHER_S:
            self._recent.popleft()
        chain = self._open[slot]
        if chain is None:
            return
        for before_s, source in self._recent:
            if source != chain.source:
                chain.note(source, time_s - before_s)
        self._recent.append((time_s, chain.source))


def _together(closed: list[_Open]) -> list[Chain]:
    """Return chains of sources, phases of one source put together."""
    by_source = {one.source: one for one in closed}
    phases = dict.fromkeys(by_source, 1)
    kept = []
    for one in closed:
        leader = by_source.get(one.leader() or 0)
        if leader is not None and leader is not one and leader.rank() > one.rank():
            phases[leader.source] += 1
        elif len(one.times) >= FEWEST:
            kept.append(one)
    return [
        Chain(
            source=one.source,
            time_s=np.array(one.times),
            peak=np.array(one.peaks),
            waves=np.array(one.waves, dtype=np.float32),
            phases=phases[one.source],
        )
        for one in kept
    ]
