"""Units and their discharges are found at rest and in activity, and the way a recording is cut does not matter."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from tests.measure.emg.units.scenes import RATE_HZ, Known, hits, made, place, trace_of

from twitchwise.measure.emg.units import Discharges, Trace, UnitFinder, UnitSet, find_units
from twitchwise.vocabulary import OutOfRangeError


def cut(trace: Trace, n_blocks: int) -> list[Trace]:
    edges = np.linspace(0, trace.n_samples, n_blocks + 1).astype(int)
    return [
        Trace(
            samples=trace.samples[:, start:stop],
            sampling_rate_hz=trace.sampling_rate_hz,
            usable=trace.usable[start:stop],
            first_sample=int(start),
        )
        for start, stop in pairwise(edges)
    ]


def right_unit(known: Known, found: Discharges, pairs: list[tuple[int, int]]) -> float:
    """Return the share of the pairs whose unit is the one that most of their true unit's are."""
    table = np.zeros((known.unit.max() + 1, found.unit.max() + 1))
    for one, other in pairs:
        table[known.unit[other], found.unit[one]] += 1
    return float(table[:, 1:].max(axis=1).sum() / max(len(pairs), 1))


@pytest.fixture(scope="module")
def rest() -> Known:
    return made(300.0, [0.3, 0.15, 0.06], [7.5, 9.0, 14.0], regular=False)


@pytest.fixture(scope="module")
def found_at_rest(rest: Known) -> tuple[UnitSet, Discharges]:
    return find_units(rest.trace)


def test_sparse_units_near_the_noise_are_found(rest: Known, found_at_rest: tuple[UnitSet, Discharges]) -> None:
    units, found = found_at_rest
    pairs = hits(found.time_s, rest.time_s, 0.01)
    assert len(units) == 3
    assert len(pairs) >= 0.95 * rest.time_s.size
    assert len(pairs) >= 0.97 * len(found)
    assert right_unit(rest, found, pairs) > 0.97


def test_units_are_described(rest: Known, found_at_rest: tuple[UnitSet, Discharges]) -> None:
    units, found = found_at_rest
    true = np.sort([np.sum(rest.unit == kind) / 300 for kind in range(3)])
    assert np.sort(units.rate_hz) == pytest.approx(true, rel=0.1)
    assert np.sort(units.detectability) == pytest.approx([7.5, 9.0, 14.0], rel=0.2)
    assert ((found.probability >= 0.5) & (found.probability <= 1)).all()
    assert np.median(found.residual) == pytest.approx(1.0, abs=0.1)


def test_no_events_give_none() -> None:
    noise = np.random.default_rng(5).standard_normal((1, 600_000), dtype=np.float32)
    units, found = find_units(trace_of(noise))
    assert len(units) == 0
    assert len(found) == 0


def test_a_potential_that_does_not_recur_is_of_no_unit() -> None:
    samples = np.random.default_rng(6).standard_normal((1, 200_000), dtype=np.float32)
    place(samples, 1, 90_000.0, 15.0)
    units, found = find_units(trace_of(samples))
    assert (len(units), found.unit.tolist()) == (0, [0])
    assert found.time_s[0] == pytest.approx(45.0, abs=0.002)
    assert found.probability[0] > 0.99


def test_the_probabilities_of_noisy_units_are_kept(rest: Known, found_at_rest: tuple[UnitSet, Discharges]) -> None:
    _, found = found_at_rest
    false = len(found) - len(hits(found.time_s, rest.time_s, 0.01))
    assert abs(np.sum(1 - found.probability) - false) < 3 + 3 * np.sqrt(np.sum(1 - found.probability))


def test_overlapping_units_are_listed_discharge_by_discharge() -> None:
    known = made(20.0, [11.0, 9.0, 13.0, 8.0], [45.0, 30.0, 22.0, 16.0], regular=True, seed=3)
    units, found = find_units(known.trace)
    pairs = hits(found.time_s, known.time_s)
    shift = np.median([found.time_s[one] - known.time_s[other] for one, other in pairs])
    assert abs(shift) < 0.002
    pairs = hits(found.time_s, known.time_s, 0.004)
    assert len(units) == 4
    assert len(pairs) >= 0.92 * known.time_s.size
    assert len(pairs) >= 0.95 * len(found)
    assert right_unit(known, found, pairs) > 0.95
    assert 0.2 < np.mean(found.overlapped) < 0.9


def test_components_are_used_together() -> None:
    known = made(120.0, [0.3, 0.2], [12.0, 15.0], regular=False, n_components=6, seed=4)
    units, found = find_units(known.trace)
    pairs = hits(found.time_s, known.time_s, 0.01)
    assert len(units) == 2
    assert len(pairs) >= 0.95 * known.time_s.size
    assert len(pairs) >= 0.97 * len(found)
    assert units.templates.shape[1] == 6


@pytest.mark.parametrize("n_blocks", [2, 7])
def test_the_result_does_not_depend_on_the_cuts(n_blocks: int) -> None:
    known = made(60.0, [3.0, 2.0], [20.0, 12.0], regular=True, seed=5)
    once, again = UnitFinder.learn([known.trace]), UnitFinder.learn(cut(known.trace, n_blocks))
    one, two = once.match([known.trace]), again.match(cut(known.trace, n_blocks))
    assert len(one) == len(two)
    assert np.allclose(one.time_s, two.time_s, atol=1e-6)
    assert np.array_equal(one.unit, two.unit)
    assert np.allclose(one.probability, two.probability, atol=1e-6)


def test_what_is_learnt_lists_discharges_window_by_window() -> None:
    known = made(40.0, [2.0], [15.0], regular=True, seed=6)
    finder = UnitFinder.learn([known.trace])
    parts = list(finder.stream([known.trace]))
    assert len(parts) > 1
    assert sum(len(part) for part in parts) == len(finder.match([known.trace]))


def test_a_recording_that_is_read_again_and_again_need_not_be_held() -> None:
    known = made(20.0, [2.0], [15.0], regular=True, seed=7)

    class Reader:
        def __iter__(self) -> Iterator[Trace]:
            yield from cut(known.trace, 3)

    assert len(UnitFinder.learn(Reader()).units) == 1


def test_unusable_stretches_hold_nothing_and_cause_nothing() -> None:
    known = made(60.0, [1.0], [15.0], regular=False, seed=8)
    usable = np.ones(known.trace.n_samples, dtype=np.bool_)
    usable[40_000:60_000] = False
    samples = known.trace.samples.copy()
    samples[:, 40_000:60_000] = 500.0
    _, found = find_units(Trace(samples=samples, sampling_rate_hz=RATE_HZ, usable=usable))
    inside = (found.time_s > 20) & (found.time_s < 30)
    outside = (known.time_s < 19.97) | (known.time_s > 30.03)
    assert not inside.any()
    assert len(hits(found.time_s, known.time_s[outside], 0.01)) >= 0.95 * outside.sum()
    assert len(found) <= outside.sum() + 2


@pytest.mark.parametrize("n_samples", [0, 1, 10, 300])
def test_a_recording_too_short_for_anything_gives_nothing(n_samples: int) -> None:
    units, found = find_units(trace_of(np.zeros((1, n_samples))))
    assert (len(units), len(found)) == (0, 0)


def test_no_recording_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="at least one stretch"):
        UnitFinder.learn([])


def test_discharges_refuse_what_does_not_fit_together() -> None:
    none = np.empty(0)
    kept = {"probability": none, "amplitude": none, "residual": none}
    with pytest.raises(OutOfRangeError, match="one length"):
        Discharges(time_s=np.ones(1), unit=none.astype(np.int64), overlapped=none.astype(bool), **kept)
    ones = np.ones(2)
    with pytest.raises(OutOfRangeError, match="in order of time"):
        Discharges(
            time_s=np.array([2.0, 1.0]),
            unit=np.ones(2, dtype=np.int64),
            overlapped=np.ones(2, dtype=np.bool_),
            probability=ones,
            amplitude=ones,
            residual=ones,
        )


def test_discharges_can_be_chosen(found_at_rest: tuple[UnitSet, Discharges]) -> None:
    _, found = found_at_rest
    assert len(found.where(found.unit == 1)) == np.sum(found.unit == 1)
