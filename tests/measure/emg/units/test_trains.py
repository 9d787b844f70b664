"""A regular train loses what is not of its size and splits its intervals, and keeps its own; others are left alone."""

import numpy as np
import pytest

from twitchwise.measure.emg.units import Discharges
from twitchwise.measure.emg.units.trains import Intervals, odds_of, reviewed


def train(rng: np.random.Generator, n: int, variation: float) -> np.ndarray:
    return np.cumsum(np.maximum(rng.normal(0.1, 0.1 * variation, n), 0.02))


def discharges(time_s: np.ndarray, size: np.ndarray, unit: int) -> Discharges:
    n = time_s.size
    return Discharges(
        time_s=time_s,
        unit=np.full(n, unit),
        probability=np.ones(n),
        amplitude=size,
        residual=np.ones(n),
        overlapped=np.zeros(n, dtype=np.bool_),
    )


def polluted(seed: int, variation: float) -> tuple[Discharges, np.ndarray]:
    """Return a train with others of lesser size between, and which are its own."""
    rng = np.random.default_rng(seed)
    true = train(rng, 250, variation)
    false = rng.uniform(0, true[-1], 90)
    time_s = np.concatenate([true, false])
    size = np.concatenate([rng.normal(1.0, 0.08, true.size), rng.uniform(0.5, 0.8, false.size)])
    order = np.argsort(time_s)
    return discharges(time_s[order], size[order], 1), order < true.size


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_splits_intervals_of_a_regular_unit_is_left_out(seed: int) -> None:
    found, own = polluted(seed, 0.15)
    kept = np.isin(found.time_s, reviewed(found).time_s)
    assert kept[own].mean() > 0.95
    assert kept[~own].mean() < 0.1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clean_regular_train_is_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time_s = train(rng, 200, 0.2)
    missed = rng.random(200) > 0.1
    found = discharges(time_s[missed], rng.normal(1.0, 0.1, 200)[missed], 1)
    assert len(reviewed(found)) >= 0.98 * len(found)


def test_trains_at_random_and_short_ones_and_potentials_of_no_unit_are_left_alone() -> None:
    rng = np.random.default_rng(4)
    for time_s, unit in ((np.sort(rng.uniform(0, 100, 200)), 1), (train(rng, 15, 0.1), 1), (train(rng, 200, 0.1), 0)):
        found = discharges(time_s, rng.uniform(0.5, 1.5, time_s.size), unit)
        again = reviewed(found)
        assert np.array_equal(again.time_s, found.time_s)
        assert np.array_equal(again.probability, found.probability)


def test_of_two_discharges_close_together_one_is_kept() -> None:
    rng = np.random.default_rng(5)
    time_s = train(rng, 100, 0.1)
    both = np.sort(np.append(time_s, time_s[50] + 0.03))
    size = np.ones(101) + rng.normal(0, 0.05, 101)
    odds = odds_of(both, size, np.zeros(101, dtype=np.bool_))
    assert (odds < 0).sum() == 1
    assert both[odds < 0][0] in (time_s[50], time_s[50] + 0.03)


def test_intervals_lend_nothing_at_random_and_much_at_the_usual_time() -> None:
    intervals = Intervals(median_s=0.1, spread=0.15)
    usual, split = intervals.gain(np.array([0.1, 0.04]), np.array([0.1, 0.06]))
    assert usual > 2
    assert split < -2


def test_density_of_intervals_is_one_in_all() -> None:
    at = np.linspace(1e-5, 5, 500_001)
    density = np.exp(Intervals(median_s=0.1, spread=0.15).log_density(at))
    assert density.sum() * (at[1] - at[0]) == pytest.approx(1.0, abs=0.01)


def test_none_found_stay_none() -> None:
    assert len(reviewed(Discharges.join([]))) == 0
