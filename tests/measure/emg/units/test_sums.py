"""A shape that two others make where they meet is no unit; a unit of its own stays, be it as great as both."""

import numpy as np
import pytest
from tests.measure.emg.units.scenes import RATE_HZ, made, shape

from twitchwise.measure.emg.units.learning import look_at
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.sums import without_sums
from twitchwise.measure.emg.units.templates import Templates

SECONDS, TIMES = 30.0, 300
SCENE = look_at([made(20.0, [10.0], [20.0], regular=True).trace], RATE_HZ, 1)


def passed(third: np.ndarray, count: int) -> Pass:
    """Return a pass that found two units, and a third so many times."""
    margin = SCENE.half - 20
    waves = [40 * shape(0), 30 * shape(1), third]
    shapes = np.array([np.pad(one, ((0, 0), (margin, margin))) for one in waves], dtype=np.float32)
    templates = Templates(
        shapes=shapes,
        spread=np.full(3, 0.05),
        misfit=np.full(3, 0.004),
        rate=np.array([TIMES, TIMES, count]) / (SECONDS * RATE_HZ),
        noise=np.ones(3),
    )
    rng = np.random.default_rng(1)
    done = Pass(scene=SCENE, templates=templates, usable=int(SECONDS * RATE_HZ))
    done.unit = [np.repeat([0, 1, 2], [TIMES, TIMES, count])]
    done.potentials = {
        one: [shapes[one] + rng.standard_normal(shapes[one].shape, dtype=np.float32) for _ in range(20)]
        for one in range(3)
    }
    return done


@pytest.mark.parametrize("lag", [3, 4])
def test_what_two_make_together_is_no_unit(lag: int) -> None:
    together = 40 * shape(0) + 30 * np.roll(shape(1), lag, axis=1)
    assert without_sums(passed(together, 20), [0, 1, 2]) == [0, 1]


def test_a_unit_of_its_own_stays() -> None:
    assert without_sums(passed(60 * shape(2), 20), [0, 1, 2]) == [0, 1, 2]


def test_another_shape_of_a_unit_that_varies_is_no_sum() -> None:
    varied = 40 * shape(0) + 8 * shape(1)
    assert without_sums(passed(varied, 20), [0, 1, 2]) == [0, 1, 2]


def test_what_comes_more_often_than_two_can_meet_is_a_unit() -> None:
    assert without_sums(passed(40 * shape(0) + 30 * shape(1), 500), [0, 1, 2]) == [0, 1, 2]
