"""A stopwatch adds up the seconds of a stage, also of one that fails."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from twitchwise.simulate import stopwatch as module
from twitchwise.simulate.stopwatch import Stopwatch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Times that the clock shows next, the last first."""
    times: list[float] = []
    monkeypatch.setattr(module, "perf_counter", times.pop)
    return times


def test_a_stage_that_is_entered_again_goes_on_where_it_was(clock: list[float]) -> None:
    clock += [13.0, 10.0, 3.0, 1.0]
    stopwatch = Stopwatch()
    for _ in range(2):
        with stopwatch.stage("emg"):
            pass
    assert stopwatch.seconds == {"emg": 5.0}


def test_a_stage_that_breaks_off_is_counted(clock: list[float]) -> None:
    clock += [4.0, 1.0]
    stopwatch = Stopwatch()
    with pytest.raises(KeyboardInterrupt), stopwatch.stage("files"):
        raise KeyboardInterrupt
    assert stopwatch.seconds == {"files": 3.0}


def test_what_several_threads_and_other_stopwatches_count_is_added_without_loss(clock: list[float]) -> None:
    class Slow(dict[str, float]):
        """Lets another thread in between reading and writing, as an interpreter may."""

        def get(self, name: str, default: float = 0.0) -> float:  # type: ignore[override]
            value = super().get(name, default)
            sleep(1e-3)
            return value

    stopwatch = Stopwatch()
    stopwatch.seconds = Slow()
    clock += [1.0, 0.0]
    with stopwatch.stage("emg"):
        pass
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(stopwatch.add, [{"emg": 1.0, "files": 2.0}] * 16))
    assert dict(stopwatch.seconds) == {"emg": 17.0, "files": 32.0}
