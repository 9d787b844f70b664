"""Schedulers and workers of a Dask cluster in processes of their own, as a user has them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_S = 120.0
_ROOM = Path(__file__).parents[2]
_ADDRESS = re.compile(r"tcp://[^\"]+:(\d+)")


class OwnCluster:
    """A scheduler and its workers, each of which can be killed and started again.

    Parameters
    ----------
    folder
        Where the scheduler writes its file.
    """

    def __init__(self, folder: Path) -> None:
        self.scheduler_file = folder / "scheduler.json"
        self._port = 0
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        """The address of the scheduler."""
        return f"tcp://127.0.0.1:{self._port}"

    def start_scheduler(self) -> None:
        """Start a scheduler, at the address of the one before where there was one."""
        self.scheduler_file.unlink(missing_ok=True)
        self._scheduler = self._started(
            "scheduler", "--port", str(self._port), "--scheduler-file", str(self.scheduler_file)
        )
        wait_for(lambda: self.scheduler_file.exists() and _ADDRESS.search(self.scheduler_file.read_text()))
        self._port = int(_ADDRESS.findall(self.scheduler_file.read_text())[0])

    def start_workers(self, count: int = 2) -> None:
        """Start workers."""
        self._workers += [self._started("worker", self.address, "--nthreads", "1") for _ in range(count)]

    def kill_scheduler(self) -> None:
        """Kill the scheduler, as a machine that goes down."""
        assert self._scheduler is not None
        _kill(self._scheduler)

    def close(self) -> None:
        """Kill all of it."""
        for process in (*self._workers, *filter(None, (self._scheduler,))):
            _kill(process)

    @staticmethod
    def _started(kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--host", "127.0.0.1", "--no-dashboard"]
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            [*command, *arguments],
            env=environment(),
            cwd=_ROOM,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def own_cluster(folder: Path, n_workers: int = 2) -> Iterator[OwnCluster]:
    """Give a cluster with workers."""
    cluster = OwnCluster(folder)
    try:
        cluster.start_scheduler()
        cluster.start_workers(n_workers)
        yield cluster
    finally:
        cluster.close()


def environment() -> dict[str, str]:
    """Return the environment of processes of ours: one thread for each."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that these have, without what is already over."""
    import psutil  # noqa: PLC0415 - comes with Dask

    with suppress(psutil.NoSuchProcess):
        return [one.pid for one in psutil.Process(pid).children(recursive=True) if one.status() != "zombie"]
    return []


def nannies() -> list[int]:
    """Return the processes that watch the workers which this process has started; others' children are left alone."""
    import psutil  # noqa: PLC0415 - comes with Dask

    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if any("dask_spec" in part for part in child.cmdline()):
                found.append(child.pid)
    return found


def wait_for(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until_s, "it never came to that"
        time.sleep(0.02)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all that it started."""
    for pid in descendants(process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.kill()
    process.wait()
