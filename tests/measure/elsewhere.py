"""Ways to have the pieces of a measuring worked elsewhere, recordings that can be sent, and how results compare."""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray

Piece = TypeVar("Piece")
Result = TypeVar("Result")

A_WORKER = 2  # pieces under way


@dataclass(frozen=True)
class InProcesses:
    """Spreads over the processes of a pool, with a few pieces under way."""

    pool: Executor
    n_workers: int

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Begin at once, and give the results in order."""
        waiting = iter(pieces)
        under_way = deque(self.pool.submit(work, one) for one in islice(waiting, A_WORKER * self.n_workers))
        return self._results(work, waiting, under_way)

    def _results(
        self, work: Callable[[Piece], Result], waiting: Iterator[Piece], under_way: deque[Future[Result]]
    ) -> Iterator[Result]:
        try:
            while under_way:
                result = under_way.popleft().result()
                under_way.extend(self.pool.submit(work, one) for one in islice(waiting, 1))
                yield result
        finally:
            for one in under_way:
                one.cancel()


@dataclass(frozen=True)
class InAnyOrder:
    """Works the pieces in an order drawn by chance; all that would travel is pickled."""

    seed: int

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Work all pieces, and give the results in order."""
        every = list(pieces)
        order = np.random.default_rng(self.seed).permutation(len(every)).tolist()
        results = {place: _sent(_sent(work)(_sent(every[place]))) for place in order}
        return iter([results[place] for place in range(len(every))])


def _sent(thing: Piece) -> Piece:
    """Return what arrives elsewhere."""
    arrived: Piece = pickle.loads(pickle.dumps(thing))  # noqa: S301 - written on the same line
    return arrived


@dataclass(frozen=True)
class StoredSource:
    """Samples in a file for each channel, which another process maps as well."""

    folder: Path

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples of a channel."""
        mapped = np.load(self.folder / f"{channel}.npy", mmap_mode="r")
        return np.array(mapped[start:stop], dtype=np.float64)


@dataclass(frozen=True)
class DeadlySource(StoredSource):
    """Samples of a file that kill any process but one when they are read."""

    survivor: int

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples of a channel."""
        if os.getpid() != self.survivor:
            os._exit(1)
        return super().read(channel, start, stop)


def stored(recording: Recording, folder: Path) -> Recording:
    """Return a recording whose samples lie in files and which is small when it is pickled."""
    folder.mkdir()
    for number, channel in enumerate(recording.channels):
        np.save(folder / f"{number}.npy", recording.read(channel.name))
    return replace(recording, source=StoredSource(folder))


def plain(thing: object) -> object:
    """Return a result with nothing but plain values, which are equal only where the bits are."""
    if isinstance(thing, np.ndarray):
        return ("array", thing.dtype.str, thing.shape, thing.tobytes())
    if isinstance(thing, float):
        return float(thing).hex()
    if is_dataclass(thing):
        return (type(thing).__name__, {one.name: plain(getattr(thing, one.name)) for one in fields(thing)})
    if isinstance(thing, Mapping):
        return [(plain(key), plain(value)) for key, value in thing.items()]
    if isinstance(thing, tuple | list):
        return [plain(one) for one in thing]
    return thing
