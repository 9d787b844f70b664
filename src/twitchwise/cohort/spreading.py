"""Has the pieces of one long recording worked by all workers of a cluster, from within the worker that measures it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from distributed import Client

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_AHEAD = 2  # pieces for each thread of the cluster that are worked or wait
_BEFORE_OTHERS = 10  # a recording that is begun is ended before others are


class OverTheCluster:
    """A spread whose pieces are tasks of the cluster that this worker belongs to.

    The worker takes other tasks meanwhile, pieces of this recording among them.
    """

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Begin at once, and give the results in order; only some pieces are under way at a time."""
        from distributed import get_client  # noqa: PLC0415 - loaded by the worker long ago

        client: Client = get_client()
        left = iter(pieces)
        begun = (client.submit(work, piece, pure=False, priority=_BEFORE_OTHERS) for piece in left)
        waiting = deque[Any](islice(begun, _AHEAD * max(1, sum(client.nthreads().values()))))
        return _in_order(waiting, begun)


def _in_order(waiting: deque[Any], begun: Iterator[Any]) -> Iterator[Any]:
    """Give results one by one, and begin another piece for each."""
    try:
        while waiting:
            result = _result(waiting.popleft())
            waiting.extend(islice(begun, 1))
            yield result
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Any) -> Any:  # noqa: ANN401 - whatever the work gives
    try:
        return future.result()
    finally:
        future.release()
