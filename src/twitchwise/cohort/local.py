"""Worker processes on this machine, as Dask takes them.

They are started by name and not by `multiprocessing`, whose processes run the script of whoever imports this program
again; on Windows Dask has no such workers, and its own are used.
"""

import asyncio
import json
import logging
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed.deploy.spec import SpecCluster

ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
"""Each process measures on one core: threads of linear algebra of several would wait for each other."""

_SURROUNDINGS = {
    **ONE_CORE,
    "JAX_PLATFORMS": "cpu",  # several processes do not share the memory of a GPU
    # Dask has workers hand every freed piece of memory back, and measuring takes as much again at once: with what the
    # C library does by itself, a long grid took half the time
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    # and it keeps an hour of what each worker did a hundred times a second, which takes a gigabyte
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
_HOST = "127.0.0.1"  # nobody else on the network is served
_NO_PAGES = {"dashboard": False, "dashboard_address": f"{_HOST}:0"}  # any free port, where Dask insists on one


def n_cores() -> int:
    """Return the number of cores that this process may use."""
    # not every system tells which cores a process may use
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local_cluster(n_processes: int, memory_bytes: int | None, scratch: str) -> "SpecCluster":
    """Start a scheduler in this process and workers in others; a worker that dies is started again.

    Parameters
    ----------
    n_processes
        How many workers.
    memory_bytes
        What a worker may take before it is stopped; ``None`` for its share of what there is.
    scratch
        A folder that is the workers' alone, for what they must put aside.
    """
    if os.name == "nt":
        return _windows_cluster(n_processes, memory_bytes, scratch)
    from distributed import Scheduler  # noqa: PLC0415 - loads when there is something to measure
    from distributed.deploy.spec import SpecCluster  # noqa: PLC0415

    limit = {} if memory_bytes is None else {"memory_limit": memory_bytes}
    settings = {
        "nthreads": 1,
        "host": _HOST,
        **_NO_PAGES,
        "silence_logs": logging.CRITICAL,
        "local_directory": scratch,
        **limit,
    }
    worker = {"cls": _worker_class(), "options": {"worker_kwargs": settings}}
    return SpecCluster(
        scheduler={"cls": Scheduler, "options": {"host": _HOST, "port": 0, **_NO_PAGES}},
        workers=dict.fromkeys(range(n_processes), worker),
        silence_logs=logging.CRITICAL,
    )


def _windows_cluster(n_processes: int, memory_bytes: int | None, scratch: str) -> "SpecCluster":
    from distributed import LocalCluster  # noqa: PLC0415 - loads when there is something to measure

    return LocalCluster(
        n_workers=n_processes,
        threads_per_worker=1,
        memory_limit="auto" if memory_bytes is None else memory_bytes,
        dashboard_address=_NO_PAGES["dashboard_address"],
        host=_HOST,
        silence_logs=logging.CRITICAL,
        env=_SURROUNDINGS,
        local_directory=scratch,
    )


@cache
def _worker_class() -> type[Any]:
    """Return the class of workers; a subclass of one of Dask, which loads when it is needed."""
    from distributed.deploy.subprocess import SubprocessWorker  # noqa: PLC0415

    class Worker(SubprocessWorker):  # type: ignore[misc] # it has half of its types
        """A worker, with its nanny, in processes that an interrupt from the keyboard does not reach."""

        async def _start(self) -> None:
            spec = json.dumps({"cls": self.worker_class, "opts": self.worker_kwargs})
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "distributed.cli.dask_spec", self.scheduler, "--spec", spec),
                env={**os.environ, **_SURROUNDINGS},
                start_new_session=True,
                stderr=asyncio.subprocess.DEVNULL,
            )

    return Worker
