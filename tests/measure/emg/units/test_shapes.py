"""Shapes that recur are found, and those that differ are kept apart."""

import numpy as np
import pytest
from tests.measure.emg.units.scenes import shape

from twitchwise.measure.emg.units.shapes import cut_out, moved_earlier, principal, recurring_shapes, two_heaps


def potentials(counts: list[int], size: float, slack: int = 4, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return cuts of units in random order, moved by up to two samples, and the unit of each."""
    rng = np.random.default_rng(seed)
    kinds = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    cuts = rng.standard_normal((kinds.size, 1, 41 + 2 * slack), dtype=np.float32)
    for cut, kind in zip(cuts, kinds, strict=True):
        first = slack + rng.integers(-2, 3)
        cut[:, first : first + 41] += size * shape(int(kind))
    return cuts, kinds


def test_units_are_found_whole_and_unmixed() -> None:
    cuts, kinds = potentials([40, 25, 12, 5], 16.0)
    found = list(recurring_shapes(cuts, slack=4, least=3, core=20))
    assert sum(one.members.size for one in found) >= 0.95 * kinds.size
    assert {int(kinds[one.members[0]]) for one in found} == {0, 1, 2, 3}
    assert all(np.unique(kinds[one.members]).size == 1 for one in found)


def test_the_mean_is_the_shape() -> None:
    cuts, _ = potentials([60], 16.0)
    found = max(recurring_shapes(cuts, slack=4, least=3, core=20), key=lambda one: one.members.size)
    assert found.members.size > 40
    best = max(float(np.sum(np.roll(found.mean, step) * shape(0))) for step in range(-3, 4))
    assert best == pytest.approx(16.0, abs=1.0)
    assert found.spread < 0.06


def test_potentials_that_do_not_recur_make_no_shape() -> None:
    cuts, _ = potentials([1, 1, 1, 1], 16.0)
    assert list(recurring_shapes(cuts, slack=4, least=2, core=20)) == []
    assert list(recurring_shapes(cuts[:1], slack=4, least=2, core=20)) == []


def test_units_alike_but_for_their_size_are_two() -> None:
    rng = np.random.default_rng(2)
    cuts = rng.standard_normal((80, 1, 49), dtype=np.float32)
    cuts[:40, :, 4:45] += 40 * shape(0)
    cuts[40:, :, 4:45] += 48 * shape(0)
    found = list(recurring_shapes(cuts, slack=4, least=5, core=20))
    assert sorted(one.members.size for one in found) == [40, 40]
    assert {bool(one.members.max() < 40) for one in found} == {True, False}


@pytest.mark.parametrize(("apart", "heaps"), [(0.0, 1), (2.0, 1), (7.0, 2)])
def test_two_heaps_are_seen_only_where_a_gap_is(apart: float, heaps: int) -> None:
    rows = np.random.default_rng(3).standard_normal((400, 6), dtype=np.float32)
    rows[:150, 0] += apart
    side = two_heaps(rows)
    assert (side is not None) == (heaps == 2)
    if side is not None:
        assert min(np.mean(side[:150] == side[0]), np.mean(side[150:] != side[0])) > 0.98


def test_equal_rows_are_one_heap() -> None:
    assert two_heaps(np.ones((20, 3), dtype=np.float32)) is None


def test_principal_directions_hold_the_most_energy() -> None:
    noise = np.random.default_rng(4).standard_normal((200, 30))
    rows = (noise * np.linspace(5, 0.1, 30)).astype(np.float32)
    found = principal(rows, 3)
    exact = np.linalg.svd(rows, full_matrices=False)[1][:3] ** 2
    assert np.sum((rows @ found) ** 2, axis=0) == pytest.approx(exact, rel=0.02)


def test_cuts_reach_over_the_edge_as_zeros() -> None:
    cuts = cut_out(np.ones((1, 10), dtype=np.float32), np.array([0, 5]), 2)
    assert cuts[:, 0].tolist() == [[0, 0, 1, 1, 1], [1, 1, 1, 1, 1]]


def test_moving_by_a_fraction_keeps_a_smooth_shape() -> None:
    x = np.arange(-30, 31)
    wave = np.exp(-((x - 0.3) ** 2) / 18).astype(np.float32)[None, None]
    moved = moved_earlier(wave, np.array([0.3]))
    assert np.allclose(moved[0, 0], np.exp(-(x**2) / 18), atol=1e-3)
