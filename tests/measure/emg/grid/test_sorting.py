"""Windows of a grid sorted: overlaps taken apart, look-alikes one unit, no potential told twice."""

import numpy as np
import numpy.typing as npt
import pytest

from twitchwise.measure.emg.grid.basis import SpatialBasis
from twitchwise.measure.emg.grid.candidates import Candidates
from twitchwise.measure.emg.grid.learning import learned
from twitchwise.measure.emg.grid.segments import put_together
from twitchwise.measure.emg.grid.sorting import GridDischarges, sort_candidates
from twitchwise.measure.emg.grid.templates import Bank, explain, moved_later, without_noise

RATE_HZ, HALF = 1000.0, 20
Samples = npt.NDArray[np.float32]


def shapes(n: int, seed: int = 1, size: float = 30.0) -> Samples:
    rng = np.random.default_rng(seed)
    bell = np.exp(-((np.arange(-HALF, HALF + 1) / 5.0) ** 2))
    places = rng.normal(size=(n, 3, 1))
    waves = np.sin(np.arange(2 * HALF + 1) * rng.uniform(0.3, 0.9, (n, 1, 1)))
    return (size * bell * places * waves).astype(np.float32)


def a_trace(potentials: list[tuple[float, Samples]], duration_s: float, seed: int = 5) -> Samples:
    trace = np.random.default_rng(seed).normal(size=(3, round(duration_s * RATE_HZ))).astype(np.float32)
    for at_s, shape in potentials:
        at = round(at_s * RATE_HZ)
        trace[:, at - HALF : at + HALF + 1] += shape
    return trace


def candidates(trace: Samples, times_s: list[float], around: int = 30) -> Candidates:
    """Return candidates that peak at some times, with windows cut from a trace."""
    peak_s, n = np.array(times_s), len(times_s)
    first = np.rint(peak_s * RATE_HZ).astype(np.int64) - around
    return Candidates(
        start_s=peak_s - 0.005,
        peak_s=peak_s,
        end_s=peak_s + 0.005,
        power=np.ones(n),
        channel=np.zeros(n, dtype=np.int64),
        peak=np.ones(n),
        peak_to_peak=np.ones(n),
        shape=np.zeros((n, 3), dtype=np.float32),
        map=np.zeros((n, 3), dtype=np.float32),
        window_s=first / RATE_HZ,
        windows=tuple(trace[:, at : at + 2 * around + 1].astype(np.float16) for at in first),
        is_hidden=np.zeros(n, dtype=np.bool_),
    )


def sort(found: Candidates, is_sure: bool = True) -> GridDischarges:  # noqa: FBT001, FBT002 - all or none
    return sort_candidates(found, np.full(len(found), is_sure), 3, RATE_HZ)


@pytest.mark.parametrize("apart", [4, 9, 25])
def test_two_overlapping_potentials_are_taken_apart(apart: int) -> None:
    both = shapes(2)
    window = np.random.default_rng(4).normal(size=(3, 110)).astype(np.float32)
    for shape, at in zip(both, (40, 40 + apart), strict=True):
        window[:, at - HALF : at + HALF + 1] += shape
    found = explain(window, Bank(shapes=both))
    assert sorted(zip(found.unit.tolist(), found.place.round().tolist(), strict=True)) == [(0, 40.0), (1, 40.0 + apart)]
    assert np.mean(found.left**2) < 1.6  # of noise 1, where the potentials had 20


def test_a_fraction_of_a_sample_is_found() -> None:
    shape = shapes(1)
    window = np.zeros((3, 110), dtype=np.float32)
    window[:, 30:71] += moved_later(shape, 0.5)[0]
    assert explain(window, Bank(shapes=shape)).place[0] == pytest.approx(50.5)


def test_one_potential_is_not_explained_by_two_of_its_unit() -> None:
    shape = shapes(1)
    window = a_trace([(0.05, 1.39 * shape[0] + 2.0)], 0.1)
    assert explain(window, Bank(shapes=shape)).unit.tolist() == [0]


def test_a_shape_that_came_once_has_no_unit_and_two_that_came_often_have_one_each() -> None:
    known, order = shapes(3), (0, 1, 0, 1, 0, 1, 2)
    times = [0.1 + 0.2 * number for number in range(len(order))]
    found = sort(candidates(a_trace([(at, known[one]) for at, one in zip(times, order, strict=True)], 1.6), times))
    assert found.window.tolist() == list(range(7))
    assert found.unit[6] == 0
    assert len(set(found.unit[:6:2].tolist())) == len(set(found.unit[1:6:2].tolist())) == 1
    assert found.unit[0] != found.unit[1]


@pytest.mark.parametrize("size", [6.0, 30.0])
def test_potentials_of_a_unit_are_one_unit_whatever_they_stand_out_by(size: float) -> None:
    shape = shapes(1, seed=3, size=size)[0]
    times = [0.1 + 0.2 * number for number in range(12)]
    found = sort(candidates(a_trace([(at, shape) for at in times], 2.6), times))
    assert found.unit.tolist() == [1] * 12
    assert np.abs(found.time_s - times).std() < 0.002


def test_a_potential_that_two_windows_hold_is_told_once() -> None:
    known = shapes(2)
    times = [0.1 + 0.2 * number for number in range(8)]
    later = [at + 0.022 + 0.002 * number for number, at in enumerate(times)]
    pairs = [*((at, known[0]) for at in times), *((at, known[1]) for at in later)]
    every = sorted([*times, *later])
    found = sort(candidates(a_trace(pairs, 1.8), every))
    assert found.time_s.size == len(every)
    assert found.overlapped.all()


def test_what_does_not_stand_out_is_told_if_it_has_the_shape_of_a_unit() -> None:
    known = shapes(2)
    times = [0.1 + 0.2 * number for number in range(6)]
    seen = candidates(a_trace([*((at, known[0]) for at in times[:5]), (times[5], known[1])], 1.4), times)
    unsure = np.array([True] * 4 + [False] * 2)
    found = sort_candidates(seen, unsure, 3, RATE_HZ)
    assert found.window.tolist() == [0, 1, 2, 3, 4]  # the fifth is one of the unit, the sixth is like none


def test_noise_that_does_not_stand_out_is_nothing() -> None:
    times = [0.1 + 0.2 * number for number in range(20)]
    assert sort(candidates(a_trace([], 4.2), times), is_sure=False).window.size == 0


def test_no_windows_give_no_discharges() -> None:
    none = candidates(a_trace([], 1.0), [])
    assert sort_candidates(none, np.empty(0, dtype=np.bool_), 0, RATE_HZ).window.size == 0


def test_a_much_larger_unit_does_not_spoil_the_shape_of_a_small_one() -> None:
    small, large = shapes(1, seed=6, size=8.0)[0], shapes(1, seed=7, size=800.0)[0]
    rng = np.random.default_rng(8)
    trace = a_trace([(0.1 + 0.2 * number, small) for number in range(5)], 2.3)
    for number in range(5):  # its shape varies by more than the small one is large
        at = round((1.1 + 0.2 * number) * RATE_HZ)
        wobble = 1 + 0.1 * np.sin(np.arange(2 * HALF + 1) * rng.uniform(0.1, 0.3))
        trace[:, at - HALF : at + HALF + 1] += (large * wobble).astype(np.float32)
    windows = [trace[:, round(1000 * (0.07 + 0.2 * n)) :][:, :61] for n in range(10)]
    energies = [template.energy for template in learned(windows, HALF)]
    assert any(abs(energy / float(np.sum(small**2)) - 1) < 0.2 for energy in energies)


def test_noise_is_shrunk_out_of_a_mean_and_the_potential_is_not() -> None:
    shape = shapes(1)[0]
    noise = np.random.default_rng(9).normal(size=shape.shape).astype(np.float32)
    kept = without_noise(shape + noise, 1)
    assert np.sum((kept - shape) ** 2) < 0.6 * np.sum(noise**2)
    assert np.sum(kept**2) > 0.95 * np.sum(shape**2)


def test_windows_that_touch_are_put_together_and_others_are_not() -> None:
    trace = np.random.default_rng(1).normal(size=(3, 1000)).astype(np.float32)
    whole = trace.astype(np.float16)
    windows = whole[:, 100:160], whole[:, 140:200], whole[:, 200:260], whole[:2, 300:360]
    found = put_together(windows, np.array([0.1, 0.14, 0.2, 0.3]), 3, RATE_HZ)
    assert found.owner.tolist() == [0, 0, 0, 1]
    assert found.start_s.tolist() == [0.1, 0.3]
    assert np.array_equal(found.samples[0], whole[:, 100:260])
    assert not found.samples[1][2].any()  # a pattern that was not known yet


@pytest.mark.parametrize("count", [5, 300])
def test_patterns_hold_all_potentials_from_the_first_on(count: int) -> None:
    rng = np.random.default_rng(2)
    sources = rng.normal(size=(3, 30))
    basis = SpatialBasis(30)
    windows = [
        (np.outer(sources[number % 3], 5 * np.sin(np.arange(40) / 3)) + rng.normal(size=(30, 40))).astype(np.float32)
        for number in range(count)
    ]
    found = basis.explained(tuple(basis.keep(window) for window in windows))
    shares = [
        np.sum(kept.astype(np.float64) ** 2) / np.sum(window**2) for kept, window in zip(found, windows, strict=True)
    ]
    assert len(found) == count
    assert min(shares) > 0.9
    assert len(basis.patterns) <= 5


def test_a_basis_that_saw_nothing_has_no_pattern() -> None:
    basis = SpatialBasis(30)
    assert basis.explained(()) == ()
    assert len(basis.patterns) == 0
