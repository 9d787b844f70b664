"""Force at the cross-bridges and at the tendon, of all units together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.simulate import parameters_for
from twitchwise.simulate.twitches import TwitchCoefficients, coefficients_of
from twitchwise.simulate.twitches.forces import Impulses, impulses_of, unit_forces_n
from twitchwise.simulate.twitches.muscle_and_tendon import muscle_and_tendon_force_n
from twitchwise.simulate.units import draw_units
from twitchwise.vocabulary import OutOfRangeError

N_UNITS, N_STEPS = 4, 800


@pytest.fixture(scope="module")
def coefficients() -> TwitchCoefficients:
    parameters = parameters_for("healthy")
    return coefficients_of(draw_units(parameters, N_UNITS, np.random.default_rng(1)), parameters)


def _trains(seed: int, n: int = 40) -> Impulses:
    chance = np.random.default_rng(seed)
    return impulses_of(0.7 * chance.random(n), chance.integers(0, N_UNITS, n), chance.random(n))


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.integers(0, 60))
def test_the_tendon_feels_the_sum_of_the_units(coefficients: TwitchCoefficients, seed: int, n: int) -> None:
    impulses = _trains(seed, n)
    _, tendon = muscle_and_tendon_force_n(impulses, coefficients, N_STEPS)
    each = unit_forces_n(impulses, coefficients, N_STEPS, 1000.0)
    assert tendon[:-1] == pytest.approx(each.sum(axis=1)[1:], abs=1e-5 + 1e-3 * tendon.max())


def test_the_tendon_follows_the_cross_bridges_and_gives_as_much_in_the_end(coefficients: TwitchCoefficients) -> None:
    regular = impulses_of(np.tile(np.arange(0.0, 0.79, 0.01), N_UNITS), np.repeat(np.arange(N_UNITS), 79))
    bridges, tendon = muscle_and_tendon_force_n(regular, coefficients, N_STEPS)
    assert bridges.shape == tendon.shape == (N_STEPS,)
    early = slice(0, 60)
    assert bridges[early].sum() > tendon[early].sum()
    assert tendon[-20:].mean() == pytest.approx(bridges[-20:].mean(), rel=0.02)


def test_nothing_fires_nothing_pulls(coefficients: TwitchCoefficients) -> None:
    for force in muscle_and_tendon_force_n(impulses_of(np.empty(0), np.empty(0, dtype=np.int64)), coefficients, 10):
        assert force == pytest.approx(np.zeros(10), abs=1e-9)


def test_later_discharges_do_not_change_what_was(coefficients: TwitchCoefficients) -> None:
    impulses = _trains(3)
    early = impulses.time_s < 0.3
    some = Impulses(impulses.time_s[early], impulses.unit[early], impulses.share[early])
    for whole, part in zip(
        muscle_and_tendon_force_n(impulses, coefficients, N_STEPS),
        muscle_and_tendon_force_n(some, coefficients, N_STEPS),
        strict=True,
    ):
        assert whole[:299] == pytest.approx(part[:299], abs=1e-9)


@pytest.mark.parametrize(("time_s", "unit", "n_steps"), [(-0.1, 0, 10), (0.1, N_UNITS, 10), (0.1, -1, 10), (0.1, 0, 0)])
def test_discharges_of_no_unit_before_the_start_or_of_no_length_are_refused(
    coefficients: TwitchCoefficients, time_s: float, unit: int, n_steps: int
) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        muscle_and_tendon_force_n(impulses_of(np.array([time_s]), np.array([unit])), coefficients, n_steps)
