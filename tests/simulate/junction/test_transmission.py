"""Laws of transmission: shares are shares, more transmitter never transmits less, rest restores, order is nothing."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate.junction import Junction, expected_shares, transmit
from twitchwise.simulate.junction.release import released_shares
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray

MakeJunction = Callable[..., Junction]
HEALTHY_RELEASE = 0.15  # share of the store
SMALL = 2e-4  # the cube-root rule is not exactly monotone below a hundredth of the transmitter that is needed

changes = st.fixed_dictionaries(
    {
        "quantal_content": st.floats(0.0, 300.0),
        "release_probability": st.floats(0.005, 0.6),
        "release_facilitation": st.floats(0.0, 2.0),
        "release_mobilization": st.floats(0.0, 20.0),
        "quantum_size": st.floats(0.0, 0.002),
        "endplate_threshold": st.floats(0.004, 0.04),
        "endplate_decay_time": st.floats(0.0005, 0.02),
        "junction_fiber_spread": st.floats(0.0, 1.0),
        "muscle_temperature": st.floats(20.0, 40.0),
    }
)
trains = st.lists(st.floats(0.003, 5.0), min_size=1, max_size=40).map(lambda waits: np.cumsum(np.array(waits)))


def junction_with(values: dict[str, float]) -> Junction:
    """Change healthy values."""
    healthy = {name: parameter.value.value for name, parameter in library().parameters.items()}
    return Junction.of({**healthy, **values})


def discharges(seed: int, count: int = 300, n_units: int = 7) -> tuple[FloatArray, IntArray, IntArray]:
    """Draw discharges of several units in order of time."""
    generator = np.random.default_rng(seed)
    time_s = np.sort(generator.uniform(0.0, 4.0, count))
    return time_s, generator.integers(0, n_units, count), generator.integers(1, 400, n_units)


@given(changes, st.integers(0, 2**32))
def test_shares_lie_in_0_to_1_and_are_whole_numbers_of_fibers(values: dict[str, float], seed: int) -> None:
    time_s, unit, n_fibers = discharges(seed)
    found = transmit(time_s, unit, n_fibers, junction_with(values), np.random.default_rng(seed))
    for share in (found.share, found.expected_share, found.repeated_share):
        assert ((share >= 0) & (share <= 1)).all()
    fired = found.share * n_fibers[unit]
    np.testing.assert_allclose(fired, np.rint(fired), atol=1e-9)
    assert (found.repeated_share <= found.expected_share + SMALL).all()
    assert np.isfinite(found.delay_s).all()


@given(changes, trains, st.floats(1.0, 4.0))
def test_more_quanta_never_lower_a_share(values: dict[str, float], time_s: FloatArray, fold: float) -> None:
    less = expected_shares(time_s, junction_with(values))
    more = expected_shares(time_s, junction_with({**values, "quantal_content": values["quantal_content"] * fold}))
    assert (more >= less - SMALL).all()


@given(changes, trains, st.floats(0.5, 1.0))
def test_larger_quanta_and_lower_thresholds_never_lower_a_share(
    values: dict[str, float], time_s: FloatArray, fold: float
) -> None:
    base = expected_shares(time_s, junction_with(values))
    larger = {**values, "quantum_size": values["quantum_size"] / fold}
    lower = {**values, "endplate_threshold": values["endplate_threshold"] * fold}
    assert (expected_shares(time_s, junction_with(larger)) >= base - 1e-12).all()
    assert (expected_shares(time_s, junction_with(lower)) >= base - 1e-12).all()


@given(st.integers(0, 2**32))
def test_with_boundless_safety_every_fiber_answers_every_discharge(seed: int) -> None:
    time_s, unit, n_fibers = discharges(seed)
    safe = junction_with({"quantal_content": 1e8, "junction_fiber_spread": 0.0})
    assert (transmit(time_s, unit, n_fibers, safe, np.random.default_rng(seed)).share == 1).all()


@given(changes, trains)
def test_long_rest_restores_the_first_response(values: dict[str, float], time_s: FloatArray) -> None:
    shares = expected_shares(np.append(time_s, time_s[-1] + 1e5), junction_with(values))
    assert shares[-1] == pytest.approx(shares[0], abs=1e-9)


@given(changes, st.integers(0, 2**32))
def test_the_numbers_of_units_are_irrelevant(values: dict[str, float], seed: int) -> None:
    time_s, unit, n_fibers = discharges(seed)
    renumbered = np.random.default_rng(seed).permutation(n_fibers.size)
    junction = junction_with(values)
    first = transmit(time_s, unit, n_fibers, junction, np.random.default_rng(1))
    second = transmit(time_s, renumbered[unit], n_fibers[np.argsort(renumbered)], junction, np.random.default_rng(1))
    np.testing.assert_allclose(first.expected_share, second.expected_share, atol=1e-12)
    np.testing.assert_allclose(first.share, second.share, atol=1e-12)


@given(changes, st.integers(0, 2**32))
def test_the_order_of_discharges_is_irrelevant(values: dict[str, float], seed: int) -> None:
    time_s, unit, n_fibers = discharges(seed)
    order = np.random.default_rng(seed).permutation(time_s.size)
    junction, chance = junction_with(values), np.random.default_rng(1)
    first = transmit(time_s, unit, n_fibers, junction, chance).expected_share
    second = transmit(time_s[order], unit[order], n_fibers, junction, chance).expected_share
    np.testing.assert_allclose(first[order], second, atol=1e-12)


@given(changes, st.integers(0, 2**32))
def test_one_seed_gives_one_result(values: dict[str, float], seed: int) -> None:
    results = [transmit(*discharges(seed), junction_with(values), np.random.default_rng(seed)) for _ in range(2)]
    np.testing.assert_array_equal(results[0].share, results[1].share)


@pytest.mark.parametrize("n_fibers", [1, 5, 60, 1500])
@pytest.mark.parametrize("quantal_content", [8.0, 15.0, 30.0])
def test_drawn_shares_scatter_around_the_expected_one(
    junction_in: MakeJunction, n_fibers: int, quantal_content: float
) -> None:
    n_units = 3000
    junction = junction_in(quantal_content=quantal_content)
    units = np.arange(n_units)
    found = transmit(np.zeros(n_units), units, np.full(n_units, n_fibers), junction, np.random.default_rng(3))
    error = 4 * (0.25 / n_fibers / n_units) ** 0.5
    assert found.share.mean() == pytest.approx(found.expected_share[0], abs=error)
    assert 0 < found.share.std() < (0.25 / n_fibers) ** 0.5 * 1.1


@pytest.mark.parametrize(
    ("disease", "least", "most"),
    [
        ("healthy", 0.0, 1e-6),
        ("slow channels, less long", 0.0, 0.01),
        ("slow channels, long", 0.9, 1.0),
        ("poisoned cholinesterase", 0.3, 1.0),
    ],
)
def test_long_endplate_potentials_fire_fibers_twice(
    junction_in: MakeJunction, disease: str, least: float, most: float
) -> None:
    found = transmit(
        np.zeros(1), np.zeros(1, dtype=np.int64), np.array([100]), junction_in(disease), np.random.default_rng(1)
    )
    assert least <= found.repeated_share[0] <= most


def test_second_responses_fade_in_a_train(junction_in: MakeJunction) -> None:
    train = (np.arange(5) / 5.0, np.zeros(5, dtype=np.int64), np.array([100]))
    found = transmit(*train, junction_in("poisoned cholinesterase"), np.random.default_rng(1))
    assert (np.diff(found.repeated_share) < 0).all()


def test_the_safety_factor_of_health_lies_at_3_to_5(junction_in: MakeJunction) -> None:
    junction = junction_in()
    assert 2.9 < junction.safety_factor < 5
    assert 3 < junction.release.quantal_content / junction.quanta_to_fire < 5


def test_release_falls_to_four_fifths_in_four_discharges_at_3_per_second(junction_in: MakeJunction) -> None:
    released = released_shares(junction_in().release, np.full((4, 1), 1 / 3.0))[:, 0]
    assert released[0] == pytest.approx(HEALTHY_RELEASE)
    assert released[3] / released[0] == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("rate_hz", [10.0, 20.0, 30.0, 50.0])
def test_release_levels_off_near_seven_tenths_at_all_rates(junction_in: MakeJunction, rate_hz: float) -> None:
    released = released_shares(junction_in().release, np.full((30, 1), 1 / rate_hz))[:, 0]
    assert released.min() / released[0] == pytest.approx(0.73, abs=0.05)


def test_a_weaker_potential_fires_later(junction_in: MakeJunction) -> None:
    endplate = junction_in().endplate
    delay_s = endplate.delay_to_threshold_s(np.array([0.01, 0.02, 0.04]))
    assert (np.diff(delay_s) < 0).all()
    assert delay_s[0] == pytest.approx(endplate.delay_s + endplate.rise_time_s)


def test_quanta_add_up_to_no_more_than_the_driving_potential(junction_in: MakeJunction) -> None:
    endplate = junction_in().endplate
    peak_v = endplate.potential_v(np.array([0.0, 10.0, 100.0, 1e9]))
    assert (np.diff(peak_v) > 0).all()
    assert peak_v[-1] == pytest.approx(endplate.driving_potential_v)
    assert endplate.potential_v(np.array(endplate.quanta_to(0.01))) == pytest.approx(0.01)
    assert endplate.quanta_to(endplate.driving_potential_v) == np.inf


def test_no_discharge_gives_no_share(junction_in: MakeJunction) -> None:
    empty = np.empty(0, dtype=np.int64)
    assert transmit(np.empty(0), empty, np.array([3]), junction_in(), np.random.default_rng(1)).share.size == 0


@pytest.mark.parametrize(
    ("unit", "n_fibers", "rule"),
    [([0, 0, 0], [3], "shape"), ([0, 0], [0], "n_fibers"), ([0, 2], [3, 3], "unit must lie"), ([-1, 0], [3], "unit")],
)
def test_discharges_of_no_known_unit_are_refused(
    junction_in: MakeJunction, unit: list[int], n_fibers: list[int], rule: str
) -> None:
    with pytest.raises(OutOfRangeError, match=rule):
        transmit(np.zeros(2), np.array(unit), np.array(n_fibers), junction_in(), np.random.default_rng(1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("release_probability", 0.0),
        ("release_probability", 1.0),
        ("release_store_recovery_time", 0.0),
        ("release_facilitation", -0.1),
        ("release_reserve_loss", 1.1),
        ("quantum_size", -1.0),
        ("endplate_threshold", 0.08),
        ("endplate_decay_time", 0.0),
    ],
)
def test_a_junction_that_cannot_be_is_refused(junction_in: MakeJunction, name: str, value: float) -> None:
    with pytest.raises(OutOfRangeError):
        junction_in(**{name: value})
