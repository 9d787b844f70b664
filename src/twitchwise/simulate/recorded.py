"""What electrodes, force sensor and motion sensors record, made block by block when it is read."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twitchwise.signals.one_thread import one_thread
from twitchwise.simulate.firing import FiberDischarges
from twitchwise.simulate.mechanics import Mechanics
from twitchwise.simulate.muscle import Contacts, Templates, add_to
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray

BLOCK = 2**16  # samples made at once; part of what a seed means, as sums are rounded block by block
BYTES_KEPT = 2**29  # of made blocks: ten minutes of a grid of 64; readers go over them channel by channel


@dataclass(frozen=True, kw_only=True, eq=False)
class SingleFibers:
    """What a needle sees of single muscle fibers: their potentials, by fiber, and their discharges."""

    templates: Templates
    discharges: FiberDischarges


@dataclass(frozen=True, kw_only=True, eq=False)
class Electromyogram:
    """What the electrodes over one muscle record.

    Parameters
    ----------
    templates
        Potentials of its units on its channels.
    time_s, unit, share
        Discharges: when, of which unit, and of which share of its fibers; each of shape ``(n,)``.
    contacts
        What the contacts add.
    fibers
        Single fibers that fire by themselves, ``None`` where none is seen.
    """

    templates: Templates
    time_s: FloatArray
    unit: IntArray
    share: FloatArray
    contacts: Contacts
    fibers: SingleFibers | None = None

    def block_v(self, first_sample: int, n_samples: int) -> "np.typing.NDArray[np.float32]":
        """Return a stretch of all channels in V, shape ``(n_samples, n_channels)``."""
        total = np.zeros((n_samples, len(self.templates.channel_names)), np.float32)
        add_to(total, self.templates, self.time_s, self.unit, self.share, first_sample=first_sample)
        if self.fibers is not None:
            train, share = self.fibers.discharges.train, self.fibers.discharges.share
            add_to(total, self.fibers.templates, train.time_s, train.unit, share, first_sample=first_sample)
        self.contacts.add_to(total, first_sample=first_sample)
        return total


class SimulatedSource:
    """The samples of a simulated recording.

    Every sample is made as part of the same block whoever asks, so that it has one value. Electrical and mechanical
    channels are made apart.

    Parameters
    ----------
    muscles
        One a muscle with electrodes; their channels come first, in this order.
    mechanics
        The channels that follow.
    n_samples, sampling_rate_hz
        Length of every channel, and samples per second.
    stopwatch
        Counts the seconds.
    """

    def __init__(
        self,
        muscles: Sequence[Electromyogram],
        mechanics: Mechanics,
        *,
        n_samples: int,
        sampling_rate_hz: float,
        stopwatch: Stopwatch,
    ) -> None:
        self._muscles, self._mechanics = tuple(muscles), mechanics
        self._n_samples, self._rate, self._stopwatch = n_samples, sampling_rate_hz, stopwatch
        self._n_emg = sum(len(muscle.templates.channel_names) for muscle in muscles)
        width = max(self._n_emg, mechanics.n_channels)
        self._n_kept = max(1, BYTES_KEPT // (BLOCK * width * np.dtype(np.float64).itemsize))
        self._emg_block = lru_cache(maxsize=self._n_kept)(self._made_emg)
        self._mechanics_block = lru_cache(maxsize=self._n_kept)(self._made_mechanics)

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` (exclusive) of channel number ``channel``, shape ``(stop - start,)``."""
        if not 0 <= start <= stop <= self._n_samples:
            raise OutOfRangeError(f"samples must lie in 0 .. {self._n_samples}, got {start!r} to {stop!r}.")
        is_emg = channel < self._n_emg
        block, column = (self._emg_block, channel) if is_emg else (self._mechanics_block, channel - self._n_emg)
        parts = [np.empty(0)]
        for number in range(start // BLOCK, -(-stop // BLOCK)):
            first = number * BLOCK
            parts.append(block(number)[max(start - first, 0) : stop - first, column].astype(np.float64))
        return np.concatenate(parts)

    def make(self, progress: Callable[[float], None] | None = None) -> None:
        """Make all samples now, as far as they are kept, so that the stopwatch has seen every stage.

        Electrical and mechanical channels are made side by side, and so are the seconds of the two stages.

        Parameters
        ----------
        progress
            Told the share that is made after each block; may raise to break off.
        """
        numbers = range(min(-(-self._n_samples // BLOCK), self._n_kept))
        with ThreadPoolExecutor(1) as beside:
            for number in numbers:
                mechanical = beside.submit(self._mechanics_block, number)
                self._emg_block(number)
                mechanical.result()
                if progress is not None:
                    progress((number + 1) / len(numbers))

    def _stretch(self, number: int) -> tuple[int, int]:
        first = number * BLOCK
        return first, min(BLOCK, self._n_samples - first)

    def _made_emg(self, number: int) -> "np.typing.NDArray[np.float32]":
        with one_thread(), self._stopwatch.stage("emg"):
            blocks = [muscle.block_v(*self._stretch(number)) for muscle in self._muscles]
            return np.hstack(blocks) if blocks[1:] else blocks[0]

    def _made_mechanics(self, number: int) -> FloatArray:
        with one_thread(), self._stopwatch.stage("force_and_motion"):
            return self._mechanics.block(*self._stretch(number), self._rate)
