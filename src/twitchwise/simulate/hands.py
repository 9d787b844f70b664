"""Who makes the people of a data set: threads of this process, or whoever is given instead."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)


class Awaited(Protocol[Given_co]):
    """What comes of work that was given to someone."""

    def result(self) -> Given_co:
        """Return what came of it, when it is there, or raise what it raised."""
        ...


class Hands(Protocol):
    """Whatever work can be given to: functions that are known by their name, and small things that can be pickled.

    Parameters
    ----------
    n_hands
        How many things are done at a time.
    share_the_disk
        Whether they see the files of this machine; what others build comes back as bytes.
    """

    n_hands: int
    share_the_disk: bool

    def submit(self, work: Callable[[Argument], Result], argument: Argument, /) -> Awaited[Result]:
        """Have something done later."""
        ...


class Thread:
    """A thread of this process."""

    n_hands = 1
    share_the_disk = True

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def submit(self, work: Callable[[Argument], Result], argument: Argument, /) -> Future[Result]:
        """Have something done later."""
        return self.pool.submit(work, argument)


@contextmanager
def one_hand(*, is_awaited: bool) -> Iterator[Thread]:
    """Give a thread of this process; what is not begun when it is left is dropped.

    Parameters
    ----------
    is_awaited
        Whether what is begun must be over before anything else goes on.
    """
    thread = Thread()
    try:
        yield thread
    finally:
        thread.pool.shutdown(wait=is_awaited, cancel_futures=True)
