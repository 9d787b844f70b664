"""Measuring that waits until it may end; what every test of a recording that is under way starts from."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.web import upload

PATIENCE_S = 60


class Held:
    """Measuring that begins as it should and then waits until it may end, or is stopped."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.share, self.n_begun, self.n_ended = 0.5, 0, 0

    def __call__(
        self, file: Path, order: MeasuringOrder, progress: Callable[[float], None], heed: Callable[[], None]
    ) -> ExaminedRecording:
        """Say again and again how much is done, and then measure."""
        self.n_begun += 1
        try:
            while not self.may_end.wait(0.005):
                progress(self.share)
                heed()
            return upload.measure_upload(file, order, progress, heed)
        finally:
            self.n_ended += 1


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Measuring that waits until it may end."""
    held = Held()
    monkeypatch.setattr("twitchwise.web.measurings.measure_upload", held)
    yield held
    held.may_end.set()


def wait_for(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until_s, "it never came to that"
        time.sleep(0.005)
