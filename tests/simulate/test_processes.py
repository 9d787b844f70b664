"""Work in other processes gives what it gives here, errors too, and ends when it is no longer wanted."""

import math
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from twitchwise.simulate.processes import Processes, n_cores, one_thread, serve

OTHERWISE = "A process of the simulation has ended before its work"


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Give two processes that are started once."""
    with Processes(2) as two:
        yield two


def _answers(*asked: tuple[Callable[..., object], object]) -> list[tuple[object, Any]]:
    outbox = BytesIO()
    serve(BytesIO(b"".join(map(pickle.dumps, asked))), outbox)
    outbox.seek(0)
    return [pickle.load(outbox) for _ in asked]  # noqa: S301 - just written


def test_each_piece_of_work_is_answered_in_turn() -> None:
    assert _answers((math.sqrt, 4.0), (len, "abc")) == [(2.0, None), (3, None)]


def test_an_error_is_an_answer_and_says_where_it_came_from() -> None:
    (_, error), after = _answers((math.sqrt, -1.0), (math.sqrt, 1.0))
    assert isinstance(error, ValueError)
    assert "Traceback" in error.__notes__[0]
    assert after == (1.0, None)


class _TwofoldError(Exception):
    """An error that is made of other things than it keeps, so that it cannot be read again."""

    def __init__(self, what: str, which: str) -> None:
        super().__init__(f"{what} must have {which}")


def _refuse(extra: str) -> None:
    raise _TwofoldError("This", extra)


def test_what_cannot_be_carried_over_is_told_in_words() -> None:
    (_, refused), (_, unsaid) = _answers((_refuse, "simulate"), (memoryview, b"no file holds this"))
    assert isinstance(refused, RuntimeError | _TwofoldError)  # some packages teach pickle to read it after all
    assert "This must have simulate" in str(refused)
    assert isinstance(unsaid, TypeError)


def test_processes_do_what_they_are_given(processes: Processes) -> None:
    futures = [processes.submit(math.sqrt, value) for value in (1.0, 4.0, 9.0)]
    assert [future.result() for future in futures] == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        processes.submit(math.sqrt, -1.0).result()


def test_what_work_prints_does_not_come_between_the_answers(processes: Processes) -> None:
    assert processes.submit(print, "a word").result() is None
    assert processes.submit(os.system, "echo another").result() == 0


def test_linear_algebra_of_a_process_takes_one_core(processes: Processes) -> None:
    assert processes.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"


def test_a_process_that_ends_is_told_and_not_waited_for() -> None:
    with Processes(1) as one:
        with pytest.raises(RuntimeError, match=OTHERWISE):
            one.submit(os._exit, 1).result()
        with pytest.raises(RuntimeError, match=OTHERWISE):
            one.submit(math.sqrt, 1.0).result()


def test_leaving_drops_what_is_not_done() -> None:
    start = time.monotonic()
    with Processes(1) as one:
        begun, waiting = (one.submit(time.sleep, 60.0) for _ in range(2))
    assert time.monotonic() - start < 30.0
    assert waiting.cancelled()
    assert isinstance(begun.exception(), RuntimeError) if not begun.cancelled() else True


def test_a_script_that_is_not_guarded_against_being_imported_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import math\n"
        "from twitchwise.simulate.processes import Processes\n"
        "print('once')\n"
        "with Processes(1) as one:\n"
        "    print(one.submit(math.sqrt, 4.0).result())\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and script
    assert done.stdout.split() == ["once", "2.0"]


@pytest.mark.parametrize("is_awaited", [True, False])
def test_leaving_a_thread_drops_what_is_not_begun(is_awaited: bool) -> None:  # noqa: FBT001 - both are tested
    begun, go_on = Event(), Event()

    def work(_: int) -> None:
        begun.set()
        go_on.wait(30.0)

    with one_thread(is_awaited=is_awaited) as thread:
        first, second = (thread.submit(work, number) for number in range(2))
        begun.wait(30.0)
        if is_awaited:
            go_on.set()
            first.result()
    assert first.done() is is_awaited
    go_on.set()
    assert second.cancelled() or is_awaited


def test_cores_are_counted_where_the_system_does_not_tell_which_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert n_cores() >= 1
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert n_cores() == 1
