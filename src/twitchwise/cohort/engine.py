"""Has recordings measured by the workers of a Dask cluster, this machine's or the user's, whatever happens to them.

A worker that dies is replaced by another, and its recordings are tried there; after some tries they wait for the end,
and are tried one by one, so that only the one that workers die of is given up, and said so. A scheduler that goes away
is waited for, and what it had is given to it again. Only so many recordings are under way as keep the workers busy, so
that a study of any size needs little memory here.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from twitchwise.cohort.local import local_cluster, n_cores
from twitchwise.cohort.on_worker import TOPIC, measure_on_worker
from twitchwise.cohort.packages import require_packages
from twitchwise.cohort.work import Done, State, Work
from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError

if TYPE_CHECKING:
    from distributed import Client, Future

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Told = Callable[[str, float], None]
"""Is told the name of a recording and how much of it is done, from 0 to 1."""

LOST = "a process must not end before its work, but it did again and again, perhaps for want of memory."
PATIENCE_S = 120.0  # how long a scheduler that went away is waited for
_AHEAD = 2  # recordings for each thread of a worker that wait beside those that are measured
_TRIES, _CONNECT = "distributed.scheduler.allowed-failures", "distributed.comm.timeouts.connect"
_MOST_DEATHS = 1  # so many more workers may die of a recording, among others and then alone, before it is given up
_CONNECT_S = 30.0  # one try to reach a scheduler
_TURN_S = 0.5  # after so long it is looked whether the cluster is still there


class ClusterLostError(TwitchwiseError):
    """The cluster went away, and did not come back."""


class UnlikeWorkersError(TwitchwiseError):
    """Workers cannot do what is asked: they lack this program, or what it needs."""

    def __init__(self, fault: Exception) -> None:
        said = _first_line(fault)
        super().__init__(f"workers must run the same version of this program, got {type(fault).__name__}: {said}")


class WorkLostError(TwitchwiseError):
    """Workers died of some work, again and again."""

    def __init__(self) -> None:
        super().__init__(LOST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Where to measure.

    Parameters
    ----------
    address
        Of the scheduler of a cluster, such as ``tcp://host:8786``, or the file that it wrote; this machine without.
    n_processes
        How many processes on this machine; as many as there are cores without.
    memory_bytes
        What a process on this machine may take; its share of what there is without.
    patience_s
        How long a scheduler that went away, or that has no workers, is waited for.

    Raises
    ------
    OutOfRangeError
        If processes are to be started, and fewer than one.
    """

    address: str | None = None
    n_processes: int | None = None
    memory_bytes: int | None = None
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        """Refuse what cannot be started."""
        if self.n_processes is not None and self.n_processes < 1:
            raise OutOfRangeError(f"processes must be at least 1, got {self.n_processes!r}.")


class Engine:
    """Workers that are ready to measure; to be entered.

    Parameters
    ----------
    cluster
        Where they are.
    told
        Is told how much of which recording is done.
    """

    def __init__(self, cluster: Cluster, told: Told | None = None) -> None:
        self._cluster, self._told = cluster, told or (lambda _name, _share: None)
        self._stack = ExitStack()
        self._client: Client | None = None
        self._n_wanted = 1
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()
        self._under_way: dict[Future[Any], Work] = {}
        self._suspects: list[Work] | None = []  # to be measured one by one in the end; then there are none

    def __enter__(self) -> Self:
        require_packages()
        import distributed  # noqa: F401, PLC0415 - first, or its settings would be forgotten with ours
        from dask import config  # noqa: PLC0415 - loads when there is something to measure

        cluster = self._cluster
        self._stack.enter_context(_quiet())
        self._stack.enter_context(config.set({_TRIES: _MOST_DEATHS, _CONNECT: min(_CONNECT_S, cluster.patience_s)}))
        try:
            self._connect()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._under_way.clear()
        self._stack.close()

    @property
    def n_threads(self) -> int:
        """How many recordings are measured at once; none while the cluster is away."""
        if self._client is None or self._is_away():
            return 0
        try:
            return sum(self._client.nthreads().values())
        except (OSError, TimeoutError):
            return 0

    def measure(self, works: Iterable[Work]) -> Iterator[Done]:
        """Give what became of each recording, as it ends.

        Raises
        ------
        ClusterLostError
            If the cluster goes away and does not come back; what was given before stays true.
        """
        yield from self._measured(works)
        suspects, self._suspects = self._suspects, None
        for suspect in suspects or ():
            yield from self._measured([suspect])
        self._suspects = []

    def _measured(self, works: Iterable[Work]) -> Iterator[Done]:
        waiting = iter(works)
        self._give(waiting)
        while self._under_way:
            future = self._next()
            if future is not None:
                done = self._done(future, self._under_way.pop(future))
                if done is not None:
                    yield done
            self._give(waiting)

    def _give(self, waiting: Iterator[Work]) -> None:
        """Give the cluster so much to do that its workers need not wait."""
        wanted = (1 + _AHEAD) * max(1, self.n_threads)
        while len(self._under_way) < wanted:
            work = next(waiting, None)
            if work is None:
                return
            self._submit(work)

    def _submit(self, work: Work) -> None:
        client = self._connected()
        future = client.submit(measure_on_worker, work, pure=False)
        self._under_way[future] = work
        future.add_done_callback(self._ended.put)

    def work(self, work: Callable[[Piece], Result], piece: Piece) -> "Callable[[], Result]":
        """Have anything done by a worker; what is returned waits for it, and gives what came of it.

        It raises what the work raised, ClusterLostError where the cluster does not come back, and WorkLostError where
        workers died of it again and again.
        """
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - loaded long ago

        future = [self._connected().submit(work, piece, pure=False)]

        def waited() -> Result:
            patience = _Patience(self)
            while True:
                try:
                    result: Result = future[0].result(timeout=_TURN_S)
                except TimeoutError:
                    patience.look()
                except KilledWorker as death:
                    raise WorkLostError from death
                except (CancelledError, OSError):
                    future[0] = self._connected().submit(work, piece, pure=False)
                else:
                    return result

        return waited

    def _next(self) -> "Future[Any] | None":
        """Return a future that has ended, or ``None`` where the cluster went away and was given its work again."""
        patience = _Patience(self)
        while True:
            with suppress(Empty):
                future = self._ended.get(timeout=_TURN_S)
                if future in self._under_way:
                    return future
            if self._is_away():
                self._give_again()
                return None
            patience.look()

    def _done(self, future: "Future[Any]", work: Work) -> Done | None:
        """Return what became of a recording, or ``None`` where it is measured again, now or at the end."""
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - loaded long ago

        try:
            return _as_done(future.result(timeout=self._cluster.patience_s))
        except KilledWorker:
            if self._suspects is None:
                return Done(name=work.name, state=State.LOST, sentence=LOST)
            self._suspects.append(work)  # perhaps it only waited beside the one that workers die of
            return None
        except (CancelledError, TimeoutError, OSError):
            self._submit(work)
            return None
        except TwitchwiseError:
            raise
        except Exception as fault:
            raise UnlikeWorkersError(fault) from fault
        finally:
            future.release()

    def _is_away(self) -> bool:
        return self._client is None or self._client.status != "running"

    def _give_again(self) -> None:
        works = list(self._under_way.values())
        self._under_way.clear()
        self._connected()
        for work in works:
            self._submit(work)

    def _connected(self) -> "Client":
        """Return the client, once there is a scheduler again."""
        until_s = time.monotonic() + self._cluster.patience_s
        while self._is_away():
            client = self._client
            if client is None or client.status == "closed":
                with suppress(OSError, TimeoutError):
                    self._connect()
                    continue
            if time.monotonic() > until_s:
                raise ClusterLostError(
                    f"cluster must stay within reach, got {self.address!r} gone for {self._cluster.patience_s:.0f} s; "
                    "what is finished is kept, and the same command goes on."
                )
            time.sleep(_TURN_S)
        if self._client is None:
            raise ClusterLostError("cluster must be connected before it is given work.")
        return self._client

    @property
    def address(self) -> str:
        """Where the workers are."""
        return self._cluster.address or "this machine"

    @property
    def patience_s(self) -> float:
        """How long a cluster without workers is waited for."""
        return self._cluster.patience_s

    def _connect(self) -> None:
        from distributed import Client  # noqa: PLC0415 - loads when there is something to measure

        place: Any
        options: Mapping[str, Any] = {}
        address = self._cluster.address
        if address is None:
            scratch = self._stack.enter_context(TemporaryDirectory(prefix="twitchwise-", ignore_cleanup_errors=True))
            n_processes = self._cluster.n_processes or n_cores()
            place = self._stack.enter_context(local_cluster(n_processes, self._cluster.memory_bytes, scratch))
            self._n_wanted = n_processes
        elif Path(address).is_file():
            place, options = None, {"scheduler_file": address}
        else:
            place = address
        self._client = self._stack.enter_context(_reached(lambda: Client(place, **options), self.address))
        self._client.subscribe_topic(TOPIC, self._hear)
        with suppress(TimeoutError, OSError):  # those that come later are given work as well
            self._client.wait_for_workers(self._n_wanted, timeout=min(_CONNECT_S, self._cluster.patience_s))

    def _hear(self, event: tuple[float, Mapping[str, Any]]) -> None:
        _, said = event
        self._told(str(said["name"]), float(said["share"]))


class _Patience:
    """How long is still waited for workers."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._seen_s = engine, time.monotonic()

    def look(self) -> None:
        """Raise ClusterLostError where there have been no workers for too long."""
        if self._engine.n_threads:
            self._seen_s = time.monotonic()
        elif time.monotonic() - self._seen_s > self._engine.patience_s:
            raise ClusterLostError(
                f"cluster must have workers, got none at {self._engine.address!r} for "
                f"{self._engine.patience_s:.0f} s; what is finished is kept, and the same command goes on."
            )


def _as_done(result: object) -> Done:
    if not isinstance(result, Done):
        raise OutOfRangeError(f"workers must run this program, got an answer of type {type(result).__name__}.")
    return result


def _reached(connect: "Callable[[], Client]", address: str) -> "Client":
    try:
        return connect()
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterLostError(f"cluster must be within reach, got {address!r}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".") + "."


@dataclass
class _quiet:  # noqa: N801 - used as a function
    """Keep the cluster's own log from the terminal: what matters is said in a sentence."""

    _before: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> None:
        for name in ("distributed", "tornado"):
            logger = logging.getLogger(name)
            self._before[name] = logger.level
            logger.setLevel(logging.CRITICAL + 1)

    def __exit__(self, *_: object) -> None:
        for name, level in self._before.items():
            logging.getLogger(name).setLevel(level)
