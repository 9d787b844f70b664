"""What a worker of a cluster does: it measures a recording, says how far it is, and spreads what is long."""

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from twitchwise.cohort.spreading import OverTheCluster
from twitchwise.cohort.work import Done, Work, measure_work, settings_digest
from twitchwise.vocabulary import TwitchwiseError

TOPIC = "twitchwise"
_PAUSE_S = 1.0  # between what is said about one recording


class OtherVersionError(TwitchwiseError):
    """A worker runs another version of the program, or has other knowledge, so that results would not compare."""

    def __init__(self) -> None:
        super().__init__(f"workers must run the same version of this program, got {version('twitchwise')} on one.")

    def __reduce__(self) -> tuple[Callable[..., "OtherVersionError"], tuple[str]]:
        """Return what another process makes the same refusal of."""
        return _again, (str(self),)


def _again(sentence: str) -> OtherVersionError:
    error = OtherVersionError()
    error.args = (sentence,)
    return error


def measure_on_worker(work: Work) -> Done:
    """Measure a recording in a worker; a long one with the help of the others."""
    if settings_digest(work.recording.ordered(work.order)) != work.settings:
        raise OtherVersionError
    told = _told(work.name)
    if not work.is_cut:
        return measure_work(work, told)
    from distributed import rejoin, secede  # noqa: PLC0415 - loaded by the worker long ago

    secede()  # so that this worker's threads are free for pieces
    try:
        return measure_work(work, told, OverTheCluster())
    finally:
        rejoin()


def _told(name: str) -> Callable[[float], None]:
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
