"""How the pieces of a measuring are worked: one after the other here, or wherever whoever asks has them worked.

A measuring is cut into pieces in one way only. Who spreads them chooses where and when each is worked, and gives the
results in order; so what is measured does not depend on it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from twitchwise.signals.one_thread import one_thread

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Spread(Protocol):
    """Has pieces worked, and gives their results in the order of the pieces.

    It may begin at once or when the first result is asked for, here or in other processes. Work, pieces and results
    can be pickled where the recording can; results are small, but all of a long recording together need not be, so one
    that works ahead holds only a few. What work raises is raised where its result would stand. Nothing is spread from
    within a piece.
    """

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Return the results of ``work`` on each piece."""
        ...


def one_by_one(work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
    """Work each piece here, when its result is asked for.

    Examples
    --------
    >>> list(one_by_one(abs, [1, -2]))
    [1, 2]
    """
    return map(work, pieces)


@dataclass(frozen=True, slots=True)
class OnOneThread:
    """A spread whose pieces are worked with one thread of linear algebra, in whichever process."""

    spread: Spread

    def __call__(self, work: Callable[[Piece], Result], pieces: Iterable[Piece], /) -> Iterator[Result]:
        """Return the results of ``work`` on each piece."""
        return self.spread(_Alone(work), pieces)


@dataclass(frozen=True, slots=True)
class _Alone(Generic[Piece, Result]):
    """Work that is done with one thread."""

    work: Callable[[Piece], Result]

    def __call__(self, piece: Piece) -> Result:
        with one_thread():
            return self.work(piece)


class ToldHere:
    """Tells how much is done in this process; in another one, where nobody listens, it tells nobody.

    Parameters
    ----------
    tell
        Is told how much is done, from 0 to 1.
    """

    def __init__(self, tell: Callable[[float], None] | None = None) -> None:
        self._tell = tell

    def __call__(self, share: float) -> None:
        """Tell how much is done."""
        if self._tell is not None:
            self._tell(share)

    def __reduce__(self) -> tuple[type["ToldHere"], tuple[()]]:
        """Return what arrives in another process."""
        return ToldHere, ()
