"""Potentials that never come alone are told apart by what others hold too at other delays."""

import numpy as np
import numpy.typing as npt
import pytest

from twitchwise.measure.emg.grid.overlaps import taken_apart
from twitchwise.measure.emg.grid.templates import Bank, Match, explain

RATE_HZ, HALF, PATTERNS = 1000.0, 30, 12
Samples = npt.NDArray[np.float32]


def shapes(n: int, seed: int = 1, size: float = 15.0) -> Samples:
    rng = np.random.default_rng(seed)
    bell = np.exp(-((np.arange(-HALF, HALF + 1) / 4.0) ** 2))
    waves = np.sin(np.arange(2 * HALF + 1) * rng.uniform(0.4, 0.9, (n, PATTERNS, 1)) + rng.uniform(0, 6, (n, 1, 1)))
    return (size * bell * rng.normal(size=(n, PATTERNS, 1)) * waves).astype(np.float32)


def window_of(potentials: list[tuple[int, Samples]], rng: np.random.Generator) -> Samples:
    wide = rng.normal(size=(PATTERNS, 90 + 2 * HALF)).astype(np.float32)
    for at, shape in potentials:
        wide[:, at : at + 2 * HALF + 1] += shape
    return wide[:, HALF:-HALF]


def paired(known: Samples, n: int, seed: int = 3) -> tuple[list[Samples], list[tuple[int, int]]]:
    """Return windows of two units each at delays of 3 to 15 ms, and the places of both."""
    rng = np.random.default_rng(seed)
    places = [(35, 35 + int(rng.integers(3, 16))) for _ in range(n)]
    order = [rng.permutation(len(known))[:2] for _ in range(n)]
    windows = [
        window_of([(at, known[unit]) for at, unit in zip(both, units, strict=True)], rng)
        for both, units in zip(places, order, strict=True)
    ]
    return windows, places


def apart(windows: list[Samples], known: Samples | None = None) -> list[Match]:
    bank = Bank(shapes=np.zeros((0, PATTERNS, 2 * HALF + 1), dtype=np.float32) if known is None else known)
    return taken_apart(windows, [explain(window, bank) for window in windows], bank, RATE_HZ)


@pytest.mark.parametrize("seed", [1, 4])
def test_units_that_are_never_alone_are_found_at_their_delays(seed: int) -> None:
    windows, places = paired(shapes(3, seed=seed), 16)
    found = apart(windows)
    delays = [match.place.max() - match.place.min() for match in found if match.place.size == 2]
    assert len(delays) >= 14
    assert sum(match.place.size for match in found) <= 34
    assert sum(match.left.var() < 1.5 for match in found) >= 14
    assert len({int(unit) for match in found for unit in match.unit}) <= 4
    assert len(places) == len(found)


def test_single_potentials_stay_as_they_were() -> None:
    known, rng = shapes(2), np.random.default_rng(5)
    windows = [window_of([(40, known[number % 2])], rng) for number in range(12)]
    found = apart(windows, known)
    assert [match.unit.tolist() for match in found] == [[0], [1]] * 6


def test_windows_of_one_shape_each_have_nothing_in_common() -> None:
    rng = np.random.default_rng(6)
    windows = [window_of([(40, shapes(1, seed=seed)[0])], rng) for seed in range(20, 26)]
    assert all(match.unit.size == 0 for match in apart(windows))


def test_one_unlike_window_teaches_nothing() -> None:
    windows, _ = paired(shapes(2), 1)
    assert apart(windows)[0].unit.size == 0


def test_noise_teaches_nothing() -> None:
    rng = np.random.default_rng(7)
    assert all(match.unit.size == 0 for match in apart([window_of([], rng) for _ in range(20)]))


def test_a_template_that_is_the_sum_of_two_others_is_left_out() -> None:
    known, rng = shapes(3, seed=2), np.random.default_rng(8)
    windows, _ = paired(known, 16)
    same = [window_of([(35, known[0]), (42, known[1])], rng) for _ in range(3)]
    both = known[0].copy()
    both[:, 7:] += known[1][:, :-7]
    found = apart([*windows, *same], both[np.newaxis])
    assert sum(match.unit.size == 2 for match in found[-3:]) >= 2
