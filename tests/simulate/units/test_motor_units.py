"""Drawn motor units follow the size principle, lie in the published ranges, and change as conditions say."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

ParametersOf = Callable[..., dict[str, float]]
SEEDS = range(8)


def drawn(parameters: dict[str, float], n_units: int = 100, seed: int = 0) -> MotorUnits:
    return draw_units(parameters, n_units, np.random.default_rng(seed))


def correlation(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@given(n_units=st.integers(1, 300), seed=st.integers(0, 2**31))
def test_any_number_of_units_is_drawn_in_order_of_recruitment(
    parameters_of: ParametersOf, n_units: int, seed: int
) -> None:
    parameters = parameters_of()
    units = drawn(parameters, n_units, seed)
    assert len(units) == n_units
    assert (np.diff(units.recruitment_threshold) > 0).all()
    assert 0 < units.recruitment_threshold[0] <= units.recruitment_threshold[-1] < 1
    assert (units.n_fibers >= 1).all()


def test_thresholds_span_the_recruitment_range_up_to_the_last(parameters_of: ParametersOf) -> None:
    parameters = parameters_of()
    threshold = drawn(parameters, 2000).recruitment_threshold
    assert threshold[-1] == pytest.approx(parameters["recruitment_threshold_last"], rel=0.01)
    assert threshold[-1] / threshold[0] == pytest.approx(parameters["recruitment_range"], rel=0.01)


def test_larger_units_are_stronger_and_faster_and_have_more_and_thicker_fibers(parameters_of: ParametersOf) -> None:
    units = drawn(parameters_of(), 400)
    small, large = slice(None, 100), slice(-100, None)
    for name in ("peak_force_n", "n_fibers", "fiber_velocity_mps", "axon_velocity_mps"):
        assert getattr(units, name)[large].mean() > getattr(units, name)[small].mean(), name
    for name in ("contraction_time_s", "half_relaxation_time_s"):
        assert getattr(units, name)[large].mean() < getattr(units, name)[small].mean(), name


def test_the_unit_of_middle_size_is_that_of_the_knowledge_files(parameters_of: ParametersOf) -> None:
    parameters = parameters_of()
    units = drawn(parameters, 4001)
    for name, of in (
        ("peak_force_n", "twitch_peak_force"),
        ("contraction_time_s", "twitch_contraction_time"),
        ("half_relaxation_time_s", "twitch_half_relaxation_time"),
        ("twitch_tetanus_ratio", "twitch_tetanus_ratio"),
        ("axon_velocity_mps", "axon_conduction_velocity"),
    ):
        assert np.exp(np.log(getattr(units, name)).mean()) == pytest.approx(parameters[of], rel=0.02), name


def test_fibers_times_their_force_make_the_tetanic_force(parameters_of: ParametersOf) -> None:
    parameters = parameters_of() | {"fiber_diameter_range": 1.0, "fiber_diameter_spread": 0.0}
    units = drawn(parameters)
    fiber_n = parameters["specific_force"] * np.pi / 4 * parameters["fiber_diameter"] ** 2
    tetanic_n = units.peak_force_n / units.twitch_tetanus_ratio
    np.testing.assert_allclose(units.n_fibers * fiber_n, tetanic_n, atol=fiber_n)


def test_fiber_velocity_lies_on_the_published_line_over_diameter(parameters_of: ParametersOf) -> None:
    # Blijham et al. 2006: velocity in m/s is 0.05 times the diameter in micrometers, plus 0.95
    for micrometers in (20.0, 55.0, 90.0):
        parameters = parameters_of(
            fiber_diameter=micrometers * 1e-6, fiber_diameter_range=1.0, fiber_diameter_spread=0.0
        )
        np.testing.assert_allclose(drawn(parameters).fiber_velocity_mps, 0.05 * micrometers + 0.95)


PUBLISHED_RANGES = {  # Andreassen and Arendt-Nielsen 1987; Thomas et al. 1990; Milner-Brown et al. 1973
    "tibialis_anterior": {
        "fiber_velocity_mps": (2.6, 5.3),
        "contraction_time_s": (0.047, 0.080),
        "half_relaxation_time_s": (0.040, 0.078),
        "axon_velocity_mps": (27.8, 55.9),
    },
    "thenar": {
        "peak_force_n": (0.003, 0.034),
        "contraction_time_s": (0.035, 0.080),
        "half_relaxation_time_s": (0.025, 0.108),
        "axon_velocity_mps": (34.0, 66.0),
    },
    "first_dorsal_interosseous": {
        "peak_force_n": (0.001, 0.098),
        "contraction_time_s": (0.030, 0.100),
        "axon_velocity_mps": (45.1, 66.2),
    },
    "soleus": {"contraction_time_s": (0.110, 0.200)},
}


@pytest.mark.parametrize("muscle", PUBLISHED_RANGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_units_lie_in_the_published_ranges(parameters_of: ParametersOf, muscle: str, seed: int) -> None:
    units = drawn(parameters_of(muscle), 100, seed)
    for name, (low, high) in PUBLISHED_RANGES[muscle].items():
        values = getattr(units, name)
        assert low <= values.min(), name
        assert values.max() <= high, name


@pytest.mark.parametrize("seed", SEEDS)
def test_units_of_the_anterior_tibial_muscle_have_the_published_means_and_correlations(
    parameters_of: ParametersOf, seed: int
) -> None:
    parameters = parameters_of("tibialis_anterior")
    units = drawn(parameters, 100, seed)
    torque = units.peak_force_n * parameters["moment_arm"]
    assert torque.mean() == pytest.approx(5.7e-3, rel=0.1)
    assert torque.max() < 16e-3
    assert units.fiber_velocity_mps.mean() == pytest.approx(3.7, rel=0.05)
    assert units.contraction_time_s.mean() == pytest.approx(0.061, rel=0.05)
    assert units.half_relaxation_time_s.mean() == pytest.approx(0.060, rel=0.05)
    assert correlation(units.fiber_velocity_mps, torque) == pytest.approx(0.87, abs=0.08)
    assert correlation(units.fiber_velocity_mps, units.contraction_time_s) == pytest.approx(-0.75, abs=0.15)
    assert correlation(units.contraction_time_s, torque) == pytest.approx(-0.81, abs=0.15)
    assert correlation(torque, units.half_relaxation_time_s) == pytest.approx(-0.81, abs=0.15)


def test_over_80_percent_of_units_of_the_first_dorsal_interosseous_are_faster_than_70_ms(
    parameters_of: ParametersOf,
) -> None:
    assert (drawn(parameters_of("first_dorsal_interosseous"), 400).contraction_time_s < 0.070).mean() > 0.8


@given(share=st.floats(0.0, 0.999), seed=st.integers(0, 100))
def test_the_stated_share_of_units_is_lost_and_the_rest_are_unchanged(
    parameters_of: ParametersOf, share: float, seed: int
) -> None:
    healthy = drawn(parameters_of(), 80, seed)
    left = drawn(parameters_of(motor_unit_loss=share), 80, seed)
    assert len(left) == max(1, round(80 * (1 - share)))
    assert set(left.peak_force_n.tolist()) <= set(healthy.peak_force_n.tolist())


def test_loss_falls_on_all_sizes_alike_unless_it_is_biased(parameters_of: ParametersOf) -> None:
    def mean_threshold(bias: float) -> float:
        parameters = parameters_of(motor_unit_loss=0.7, motor_unit_loss_size_bias=bias)
        return float(np.mean([drawn(parameters, 100, seed).recruitment_threshold.mean() for seed in range(40)]))

    healthy = float(drawn(parameters_of()).recruitment_threshold.mean())
    assert mean_threshold(0.0) == pytest.approx(healthy, rel=0.1)
    assert mean_threshold(4.0) < 0.7 * healthy < healthy < 0.7 * mean_threshold(-4.0)


@pytest.mark.parametrize(
    ("change", "force", "fibers"),
    [
        ({"motor_unit_size_scale": 3.0}, 3.0, 3.0),
        ({"fiber_loss": 0.4}, 0.6, 0.6),
        ({"specific_force_scale": 0.5}, 0.5, 1.0),
    ],
)
def test_gains_and_losses_change_force_and_fibers_in_proportion(
    parameters_of: ParametersOf, change: dict[str, float], force: float, fibers: float
) -> None:
    healthy, changed = drawn(parameters_of()), drawn(parameters_of(**change))
    np.testing.assert_allclose(changed.peak_force_n, force * healthy.peak_force_n)
    np.testing.assert_allclose(changed.n_fibers, fibers * healthy.n_fibers, atol=2.0)
    np.testing.assert_array_equal(changed.contraction_time_s, healthy.contraction_time_s)


def test_a_unit_keeps_at_least_one_fiber(parameters_of: ParametersOf) -> None:
    assert drawn(parameters_of(fiber_loss=0.99)).n_fibers.min() == 1


def test_one_seed_gives_one_draw(parameters_of: ParametersOf) -> None:
    one, again, other = (drawn(parameters_of(), 50, seed) for seed in (3, 3, 4))
    for field in fields(MotorUnits):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(again, field.name))
    assert (one.peak_force_n != other.peak_force_n).any()


def test_units_can_be_taken_by_number(parameters_of: ParametersOf) -> None:
    units = drawn(parameters_of(), 5)
    assert units.take(np.array([1, 3])).peak_force_n.tolist() == units.peak_force_n[[1, 3]].tolist()


@pytest.mark.parametrize("n_units", [0, -3])
def test_fewer_than_one_unit_is_refused(parameters_of: ParametersOf, n_units: int) -> None:
    with pytest.raises(OutOfRangeError, match="n_units must"):
        drawn(parameters_of(), n_units)


@pytest.mark.parametrize(
    "change",
    [
        {"peak_force_n": np.array([0.0, 0.01])},
        {"contraction_time_s": np.array([0.05, np.inf])},
        {"half_relaxation_time_s": np.array([np.nan, 0.05])},
        {"recruitment_threshold": np.array([0.5, 0.1])},
        {"recruitment_threshold": np.array([-0.1, 0.1])},
        {"recruitment_threshold": np.array([0.1, 1.1])},
        {"twitch_tetanus_ratio": np.array([0.3, 1.2])},
        {"n_fibers": np.array([0, 1])},
        {"n_fibers": np.array([1, 2, 3])},
    ],
)
def test_arrays_that_cannot_be_motor_units_are_refused(
    parameters_of: ParametersOf, change: dict[str, FloatArray]
) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        replace(drawn(parameters_of(), 2), **change)  # type: ignore[arg-type]


def test_no_units_at_all_are_refused(parameters_of: ParametersOf) -> None:
    with pytest.raises(OutOfRangeError, match="at least one unit"):
        drawn(parameters_of(), 2).take(np.array([], dtype=np.int64))
