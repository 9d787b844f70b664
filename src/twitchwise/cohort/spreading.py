"""Has the pieces of one long recording worked by all workers of a cluster, from within the worker that measures it.

A task of a cluster costs some hundredths of a second, and some pieces take no longer. So pieces are worked one by one
at first, and then so many together as take about a second.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from distributed import Client

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_AHEAD = 2  # tasks for each thread of the cluster that are worked or wait
_BEFORE_OTHERS = 10  # a recording that is begun is ended before others are
_TASK_S = 1.0  # what pieces that are worked together take
_MOST = 16  # pieces that are worked together: their results are in memory at once


class OverTheCluster:
    """A spread whose pieces are worked by the cluster that this worker belongs to.

    The worker takes other tasks meanwhile, pieces of this recording among them.
    """

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Begin at once, and give the results in order; only some pieces are under way at a time."""
        from distributed import get_client  # noqa: PLC0415 - loaded by the worker long ago

        client: Client = get_client()
        given = _Given(client, work, iter(pieces))
        given.give(_AHEAD * max(1, sum(client.nthreads().values())))
        return given.results()


class _Given:
    """What is under way of the pieces of one work."""

    def __init__(self, client: "Client", work: Callable[[Any], Any], left: Iterator[Any]) -> None:
        self._client, self._work, self._left = client, work, left
        self._waiting = deque[Any]()
        self._together = 1

    def give(self, n_tasks: int) -> None:
        """Have some more tasks worked, as long as there are pieces."""
        for _ in range(n_tasks):
            some = list(islice(self._left, self._together))
            if some:
                task = self._client.submit(_worked, self._work, some, pure=False, priority=_BEFORE_OTHERS)
                self._waiting.append(task)

    def results(self) -> Iterator[Any]:
        """Give the results one by one, and begin another task for each that is over."""
        try:
            while self._waiting:
                future = self._waiting.popleft()
                results, seconds = future.result()
                future.release()
                self._together = min(_MOST, max(1, int(_TASK_S * len(results) / max(seconds, _TASK_S / _MOST))))
                self.give(1)
                yield from results
        finally:
            for future in self._waiting:
                future.cancel()


def _worked(work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> tuple[list[Result], float]:
    """Return the results of some pieces, and how long they took."""
    begun_s = perf_counter()
    return [work(piece) for piece in pieces], perf_counter() - begun_s
