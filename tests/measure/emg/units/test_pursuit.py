"""Discharges are found where they are, alone and in collisions, and only once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.units.scenes import place, shape

from twitchwise.measure.emg.units.pursuit import Fit, Limits, Pursuit
from twitchwise.measure.emg.units.templates import Templates

LIMITS = Limits(least_odds=0.0, refractory=6, near=16)


def templates(sizes: list[float], misfit: float = 0.002) -> Templates:
    n = len(sizes)
    shapes = np.array([size * shape(kind) for kind, size in enumerate(sizes)], dtype=np.float32)
    return Templates(
        shapes=shapes,
        spread=np.full(n, 0.05),
        misfit=np.full(n, misfit),
        rate=np.full(n, 10 / 2000),
        noise=np.ones(n),
    )


def explained(samples: np.ndarray, known: Templates) -> Fit:
    usable = np.ones(samples.shape[1], dtype=np.bool_)
    return Pursuit(templates=known, limits=LIMITS, matched=known.matched(samples), usable=usable).run()


def noise(seed: int, n: int = 600) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((1, n), dtype=np.float32)


@given(seed=st.integers(0, 10_000), at=st.floats(100, 500), kind=st.integers(0, 2))
def test_one_discharge_is_found_with_its_fraction_of_a_sample(seed: int, at: float, kind: int) -> None:
    known, samples = templates([15.0, 15.0, 15.0]), noise(seed)
    place(samples, kind, at, 15.0)
    fit = explained(samples, known)
    strong = fit.odds > 20
    assert fit.unit[strong].tolist() == [kind]
    assert fit.place[strong][0] == pytest.approx(at, abs=0.7)
    assert fit.size[strong][0] == pytest.approx(1.0, abs=0.3)


@given(seed=st.integers(0, 10_000), lag=st.one_of(st.floats(-14, -4), st.floats(4, 14)))
def test_two_potentials_that_overlap_are_told_apart(seed: int, lag: float) -> None:
    known, samples = templates([40.0, 30.0]), noise(seed)
    place(samples, 0, 300.0, 40.0)
    place(samples, 1, 300.0 + lag, 30.0)
    fit = explained(samples, known)
    strong = fit.odds > 20
    assert sorted(fit.unit[strong].tolist()) == [0, 1]
    assert fit.place[strong & (fit.unit == 0)][0] == pytest.approx(300.0, abs=0.5)
    assert fit.place[strong & (fit.unit == 1)][0] == pytest.approx(300.0 + lag, abs=0.6)


def test_two_potentials_at_once_are_told_apart() -> None:
    known, samples = templates([40.0, 30.0]), noise(3)
    place(samples, 0, 300.0, 40.0)
    place(samples, 1, 300.0, 30.0)
    fit = explained(samples, known)
    assert sorted(fit.unit.tolist()) == [0, 1]
    assert fit.place == pytest.approx([300.0, 300.0], abs=1.0)


def test_three_in_one_place_are_told_apart() -> None:
    known, samples = templates([40.0, 30.0, 50.0]), noise(4)
    for kind, at, size in ((0, 300.0, 40.0), (1, 306.3, 30.0), (2, 294.6, 50.0)):
        place(samples, kind, at, size)
    fit = explained(samples, known)
    assert sorted(fit.unit[fit.odds > 20].tolist()) == [0, 1, 2]


def test_noise_holds_nothing() -> None:
    assert explained(noise(5, 20_000), templates([8.0, 9.0])).place.size == 0


def test_a_unit_is_not_found_twice_within_its_refractory_time() -> None:
    known, samples = templates([20.0]), noise(6)
    place(samples, 0, 300.0, 26.0)
    fit = explained(samples, known)
    assert (np.diff(np.sort(fit.place)) >= LIMITS.refractory).all()


def test_a_doublet_of_one_unit_is_two_discharges() -> None:
    known, samples = templates([20.0]), noise(7)
    place(samples, 0, 300.0, 20.0)
    place(samples, 0, 312.0, 20.0)
    assert explained(samples, known).place.tolist() == pytest.approx([300.0, 312.0], abs=0.7)


def test_what_is_far_from_a_units_size_is_not_the_unit() -> None:
    known, samples = templates([20.0]), noise(8)
    place(samples, 0, 300.0, 80.0)
    assert (np.abs(explained(samples, known).size - 1) < 0.6).all()


def test_unusable_samples_hold_no_discharge() -> None:
    known, samples = templates([20.0]), noise(9)
    place(samples, 0, 300.0, 20.0)
    usable = np.ones(600, dtype=np.bool_)
    usable[290:310] = False
    fit = Pursuit(templates=known, limits=LIMITS, matched=known.matched(samples), usable=usable).run()
    assert not ((fit.place > 290) & (fit.place < 310)).any()


def test_what_a_poor_template_leaves_is_not_a_small_unit() -> None:
    samples = noise(10)
    samples[:, 280:321] += 100 * shape(0) + 12 * shape(3)  # another 12 % in shape
    careful, trusting = (templates([100.0, 99.0, 99.0, 12.0], misfit=one) for one in (0.1, 1e-6))
    assert explained(samples, careful).unit.tolist() == [0]
    assert sorted(explained(samples, trusting).unit.tolist()) == [0, 3]


def test_nothing_found_is_an_empty_fit() -> None:
    assert Fit.empty().place.size == 0
