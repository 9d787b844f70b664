"""How long each stage of a simulation took."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from time import perf_counter


class Stopwatch:
    """Adds up seconds by stage; a stage that is entered again goes on where it was. Several threads may share one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._adding = Lock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside as that of a stage."""
        start = perf_counter()
        try:
            yield
        finally:
            self.add({name: perf_counter() - start})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add the seconds by stage that another stopwatch has counted."""
        with self._adding:
            for name, more_s in seconds.items():
                self.seconds[name] = self.seconds.get(name, 0.0) + more_s
