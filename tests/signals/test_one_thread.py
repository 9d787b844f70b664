"""Measuring has its linear algebra done by one thread, so that a result does not depend on the number of cores."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from twitchwise.measure.spreading import OnOneThread, one_by_one
from twitchwise.signals.one_thread import one_thread

Result = TypeVar("Result")
POOL = ThreadPoolExecutor(1)
ROOT = Path(__file__).resolve().parents[2]

# The units of a grid that is sampled five times as fast as others came out otherwise with two threads.
DECOMPOSED = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from tests.measure.emg.decompose.grids import RATE_HZ, grid, regular, sparse
from twitchwise.measure.emg.decompose import decompose
trains = [regular(number, rate_hz, 16.0) for number, rate_hz in enumerate((8.0, 10.0, 12.0))]
mixed = grid([*trains, sparse(9, 8, 16.0), sparse(10, 5, 16.0)], duration_s=16.0)
found = decompose(np.repeat(mixed.samples, 5, axis=1), 5 * RATE_HZ)
digest = hashlib.sha256()
for unit in found.units:
    for array in (unit.discharges, unit.probability, unit.shape):
        digest.update(np.ascontiguousarray(array).tobytes())
print(len(found.units), digest.hexdigest())
"""


def n_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_a_grid_has_the_same_discharges_with_one_thread_and_with_two() -> None:
    running = [
        subprocess.Popen(  # noqa: S603 - a script of this file
            [sys.executable, "-c", DECOMPOSED, str(ROOT)],
            env={**os.environ, "OPENBLAS_NUM_THREADS": count, "OMP_NUM_THREADS": count},
            stdout=subprocess.PIPE,
            text=True,
        )
        for count in ("1", "2")
    ]
    told = [process.communicate(timeout=300)[0].split() for process in running]
    assert int(told[0][0]) >= 3
    assert told[0] == told[1]


def test_threads_are_as_before_once_it_is_over_even_after_an_error() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = n_threads()
        with suppress(ZeroDivisionError), one_thread():
            assert n_threads() == {1}
            raise ZeroDivisionError
        assert n_threads() == before
        assert 1 not in before or os.cpu_count() == 1


def test_whoever_ends_first_leaves_one_thread_to_those_who_still_need_it() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = n_threads()
        other = one_thread()
        other.__enter__()
        with one_thread():
            in_another_thread(lambda: other.__exit__(None, None, None))
            assert n_threads() == {1}
        assert n_threads() == before


def test_it_holds_in_whichever_thread_it_is_asked_for_and_is_over_wherever_it_ends() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        before = n_threads()
        seen = [in_another_thread(_threads_within), _threads_within(), in_another_thread(_threads_within)]
        assert seen == [{1}] * 3
        limit = one_thread()
        in_another_thread(limit.__enter__)
        assert n_threads() == {1}
        limit.__exit__(None, None, None)
        assert n_threads() == before


def in_another_thread(work: Callable[[], Result]) -> Result:
    """Return what a function gives in a thread that stays."""
    return POOL.submit(work).result()


def _threads_within() -> set[int]:
    with one_thread():
        return n_threads()


def test_each_piece_is_worked_with_one_thread_wherever_it_is() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        assert list(OnOneThread(one_by_one)(_threads_at, np.arange(2).tolist())) == [{1}, {1}]


def _threads_at(_: int) -> set[int]:
    return n_threads()
