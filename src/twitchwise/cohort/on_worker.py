"""What a worker of a cluster does: it measures a recording, says how far it is, and spreads what is long."""

import time
from typing import TYPE_CHECKING, Any

from twitchwise.cohort.spreading import OverTheCluster
from twitchwise.cohort.work import Done, Work, measure_work

if TYPE_CHECKING:
    from collections.abc import Callable

TOPIC = "twitchwise"
_PAUSE_S = 1.0  # between what is said about one recording


def measure_on_worker(work: Work) -> Done:
    """Measure a recording in a worker; a long one with the help of the others."""
    told = _told(work.name)
    if not work.is_cut:
        return measure_work(work, told)
    from distributed import rejoin, secede  # noqa: PLC0415 - loaded by the worker long ago

    secede()  # so that this worker's threads are free for pieces
    try:
        return measure_work(work, told, OverTheCluster())
    finally:
        rejoin()


def _told(name: str) -> "Callable[[float], None]":
    """Return what tells those who wait how much is done, now and then."""
    from distributed import get_worker  # noqa: PLC0415 - loaded by the worker long ago

    worker: Any = get_worker()
    said_s = time.monotonic()

    def told(share: float) -> None:
        nonlocal said_s
        if time.monotonic() - said_s >= _PAUSE_S:
            said_s = time.monotonic()
            worker.log_event(TOPIC, {"name": name, "share": share})

    return told
