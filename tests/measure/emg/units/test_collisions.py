"""Potentials that collide are told apart together where one after the other goes astray."""

import numpy as np
import pytest
from tests.measure.emg.units.scenes import place, shape

from twitchwise.measure.emg.units.collisions import Collision
from twitchwise.measure.emg.units.templates import Templates

SIZES = (60.0, 50.0, 40.0, 55.0)
MIDDLE, REACH = 300, 16
NEARLY = 50.0  # of a gain of more than a thousand


def known() -> Templates:
    n = len(SIZES)
    shapes = np.array([size * shape(kind) for kind, size in enumerate(SIZES)], dtype=np.float32)
    return Templates(
        shapes=shapes,
        spread=np.full(n, 0.05),
        misfit=np.full(n, 0.002),
        rate=np.full(n, 0.005),
        noise=np.ones(n),
    )


def collision(parts: tuple[tuple[int, float], ...], seed: int) -> Collision:
    samples = np.random.default_rng(seed).standard_normal((1, 600), dtype=np.float32)
    for kind, at in parts:
        place(samples, kind, at, SIZES[kind])
    n = len(SIZES)
    return Collision(
        templates=known(),
        matched=known().matched(samples),
        inside=slice(MIDDLE - REACH, MIDDLE + REACH + 1),
        refractory=6,
        sizes=(np.full(n, 0.8), np.full(n, 1.2)),
    )


def test_of_three_that_collide_four_in_five_are_explained_nearly_as_well_as_by_the_truth() -> None:
    rng = np.random.default_rng(1)
    as_well = []
    for seed in range(100):
        kinds, ats = rng.permutation(len(SIZES))[:3], rng.uniform(MIDDLE - 13, MIDDLE + 13, 3)
        parts = tuple(zip(kinds.tolist(), ats.tolist(), strict=True))
        one = collision(parts, seed)
        as_well.append(one.best()[0] > one.gain_of(tuple((kind, at, 1.0) for kind, at in parts)) - NEARLY)
    assert np.mean(as_well) >= 0.8, np.mean(as_well)


def test_two_are_found_in_place_of_one_that_looks_like_both() -> None:
    parts = ((0, 290.3), (1, 300.0), (2, 304.6))
    _, found = collision(parts, 3).best()
    assert sorted(unit for unit, _, _ in found) == [0, 1, 2]
    for unit, at, size in found:
        assert at == pytest.approx(dict(parts)[unit], abs=0.6)
        assert size == pytest.approx(1.0, abs=0.1)
