"""Has the pieces of one long recording worked by all workers of a cluster, from within the worker that measures it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
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
        """Give the results in order; only some pieces are under way at a time."""
        from distributed import get_client  # noqa: PLC0415 - loaded by the worker long ago

        client: Client = get_client()
        most = _AHEAD * max(1, sum(client.nthreads().values()))
        waiting: deque[Any] = deque()
        try:
            for piece in pieces:
                waiting.append(client.submit(work, piece, pure=False, priority=_BEFORE_OTHERS))
                if len(waiting) >= most:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            for future in waiting:
                future.cancel()


def _result(future: Any) -> Any:  # noqa: ANN401 - whatever the work gives
    try:
        return future.result()
    finally:
        future.release()
