"""How much memory other processes hold while something runs."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

LOOK_S = 0.1


@dataclass
class Peaks:
    """The most that was held in GiB: by one process that this one started, and by this and all of them together."""

    largest_gib: float = 0.0
    together_gib: float = 0.0


@contextmanager
def peaks() -> Iterator[Peaks]:
    """Look ten times a second; what is given grows as it is seen."""
    seen, is_over = Peaks(), threading.Event()

    def look() -> None:
        me = psutil.Process(os.getpid())
        while not is_over.wait(LOOK_S):
            with suppress(psutil.Error):
                sizes = [one.memory_info().rss / 2**30 for one in me.children(recursive=True)]
                seen.largest_gib = max(seen.largest_gib, *sizes, 0.0)
                seen.together_gib = max(seen.together_gib, me.memory_info().rss / 2**30 + sum(sizes))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()
