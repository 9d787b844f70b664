"""Times tell whether two shapes are of two units, and whether one shape is of several."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.units.scenes import RATE_HZ, made

from twitchwise.measure.emg.units.learning import look_at, no_templates
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.selection import Row, do_meet, is_mixture, reduced

SECONDS = 30.0
SCENE = look_at([made(20.0, [10.0], [20.0], regular=True).trace], RATE_HZ, 1)
SEEDS = st.integers(0, 10_000)


def done() -> Pass:
    return Pass(scene=SCENE, templates=no_templates(SCENE, 1), usable=int(SECONDS * RATE_HZ))


def train(seed: int, rate_hz: float = 11.0) -> np.ndarray:
    """Return a regular train in samples."""
    steps = np.random.default_rng(seed).normal(1 / rate_hz, 0.15 / rate_hz, int(SECONDS * rate_hz))
    return np.cumsum(np.maximum(steps, 0.03)) * RATE_HZ


@given(seed=SEEDS)
def test_no_train_of_one_unit_is_a_mixture(seed: int) -> None:
    assert not is_mixture(train(seed), SCENE)


def test_trains_of_three_units_together_are_a_mixture() -> None:
    found = [
        is_mixture(np.sort(np.concatenate([train(3 * seed + one) for one in range(3)])), SCENE) for seed in range(50)
    ]
    assert np.mean(found) > 0.9, np.mean(found)


def test_a_burst_of_one_unit_is_no_mixture() -> None:
    starts = np.arange(0.5, SECONDS - 0.5, 0.7)
    burst = (starts[:, None] + np.arange(8) / 120.0).ravel() * RATE_HZ
    assert not is_mixture(burst, SCENE)


@given(seed=SEEDS)
def test_parts_of_one_train_never_meet_as_often_as_two(seed: int) -> None:
    times = train(seed)
    first = np.random.default_rng(seed).random(times.size) < 0.5
    assert not do_meet(times[first], times[~first], done())


def test_two_trains_meet_as_often_as_chance_has_it() -> None:
    meet = [do_meet(train(2 * seed), train(2 * seed + 1, 9.0), done()) for seed in range(50)]
    assert np.mean(meet) > 0.9, np.mean(meet)


def test_two_that_look_alike_are_one_unless_they_meet() -> None:
    shape = np.zeros((1, 2 * SCENE.half + 1), dtype=np.float32)
    shape[0, SCENE.half - 2 : SCENE.half + 3] = [5, 20, -30, 12, 4]
    times = train(1)
    for other, count in ((times, 1), (train(2, 9.0), 2)):
        rows = [
            Row(shape=factor * shape, spread=0.05, misfit=0.004, rate=0.005, noise=1.0, times=of)
            for factor, of in ((1.0, times), (1.05, other))
        ]
        assert len(reduced(done(), rows)) == count
