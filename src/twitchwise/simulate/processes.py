"""Other Python processes to work in: each takes one core, and none waits for the lock of another's interpreter.

They are started by name and not by `multiprocessing`, whose processes run the script of whoever imports this program
again.
"""

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Protocol, Self, TypeVar, cast

import twitchwise

Argument = TypeVar("Argument")
Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)

MOST = 8  # processes: each holds some hundred MiB
ONE_CORE = {
    # threads of linear algebra of several processes would wait for each other
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    "JAX_PLATFORMS": "cpu",  # several processes do not share the memory of a GPU
}


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


def n_cores() -> int:
    """Return the number of cores that this process may use."""
    # not every system tells which cores a process may use
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def one_thread(*, is_awaited: bool) -> Iterator[Thread]:
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


class Processes:
    """Several processes that do what they are given; on leaving, what is not done is dropped."""

    share_the_disk = True

    def __init__(self, n_processes: int) -> None:
        self.n_hands = n_processes
        self._all = [Process() for _ in range(n_processes)]
        self._idle: SimpleQueue[Process] = SimpleQueue()
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(n_processes)

    def submit(self, work: Callable[[Argument], Result], argument: Argument, /) -> Future[Result]:
        """Have a function, which is known by its name, called in one of the processes."""
        return self._threads.submit(self._done, work, argument)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.stop()  # which ends the wait of its thread
        self._threads.shutdown()

    def _done(self, work: Callable[[Argument], Result], argument: Argument) -> Result:
        process = self._idle.get()
        try:
            return process.do(work, argument)
        finally:
            self._idle.put(process)


class Process:
    """A Python process that does one thing after the other."""

    def __init__(self) -> None:
        room = str(Path(twitchwise.__file__).parents[1])
        path = os.pathsep.join(filter(None, (room, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_CORE, "PYTHONPATH": path},
            start_new_session=True,  # an interrupt from the keyboard is for this process, which ends the others
        )
        self._inbox, self._outbox = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)

    def do(self, work: Callable[[Argument], Result], argument: Argument) -> Result:
        """Return what a function gives in that process, or raise what it raises.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        asked = pickle.dumps((work, argument))
        try:
            self._inbox.write(asked)
            self._inbox.flush()
            result, error = pickle.load(self._outbox)  # noqa: S301 - written by our own process
        except (EOFError, BrokenPipeError, ValueError) as end:  # ValueError: `stop` has closed the pipe just before
            raise RuntimeError("A process of the simulation has ended before its work, perhaps for memory.") from end
        if error is not None:
            raise error
        return cast("Result", result)

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._inbox, self._outbox):
            with suppress(OSError):  # what was not written is dropped
                pipe.close()


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """Do what comes in until no more does, and answer with its result or its error."""
    while True:
        try:
            work, argument = pickle.load(inbox)  # noqa: S301 - written by the process that started this one
        except EOFError:
            return
        outbox.write(_answer(work, argument))
        outbox.flush()


def _answer(work: Callable[[object], object], argument: object) -> bytes:
    try:
        return pickle.dumps((work(argument), None))
    except Exception as error:  # noqa: BLE001 - raised again where the work came from
        error.add_note(traceback.format_exc())
        with suppress(Exception):
            answer = pickle.dumps((None, error))
            pickle.loads(answer)  # noqa: S301 - just written; some errors can be written but not read
            return answer
        return pickle.dumps((None, RuntimeError(traceback.format_exc())))


def main() -> None:
    """Serve the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as outbox, suppress(BrokenPipeError):
        # what a library prints must not come between the answers
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.stdin.buffer, outbox)


if __name__ == "__main__":
    main()
