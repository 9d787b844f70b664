"""A stopwatch adds up the seconds of a stage, also of one that fails."""

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
