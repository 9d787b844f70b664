from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from twitchwise.simulate.muscle.layout import Layout, UnitFibers, lay_out
from twitchwise.simulate.muscle.territories import CrossSection
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

N_FIBERS = np.linspace(20, 180, 40).astype(np.int64)


@pytest.fixture
def laid(parameters: Mapping[str, float], units: Callable[..., UnitFibers]) -> Callable[..., Layout]:
    def of(changes: Mapping[str, float] | None = None, *, seed: int = 0, fold: float = 1.0) -> Layout:
        drawn = units(n_fibers=np.rint(N_FIBERS * fold).astype(np.int64), fiber_velocity_mps=np.linspace(3.0, 4.6, 40))
        return lay_out(drawn, dict(parameters) | dict(changes or {}), np.random.default_rng(seed))

    return of


def _reach(layout: Layout) -> FloatArray:
    """Median distance of a unit's fibers from their middle."""
    reach = []
    for unit in range(layout.n_units):
        here = layout.fibers_of(unit)
        place = np.stack([layout.across_m[here], layout.depth_m[here]], axis=-1)
        reach.append(np.median(np.linalg.norm(place - place.mean(axis=0), axis=1)))
    return np.array(reach)


def _grouped(layout: Layout) -> float:
    """Share of the six nearest neighbors of a fiber that belong to its unit."""
    unit = layout.unit_of_fiber
    place = np.stack([layout.across_m, layout.depth_m], axis=-1)
    near = np.asarray(cKDTree(place).query(place, 7)[1])
    return float((unit[near[:, 1:]] == unit[:, np.newaxis]).mean())


def test_every_unit_has_its_fibers(laid: Callable[..., Layout]) -> None:
    layout = laid()
    assert np.array_equal(np.bincount(layout.unit_of_fiber), N_FIBERS)
    assert layout.n_fibers == N_FIBERS.sum()
    assert layout.fibers_of(1) == slice(int(N_FIBERS[0]), int(N_FIBERS[:2].sum()))


def test_fibers_lie_inside_the_muscle_and_none_on_another(
    laid: Callable[..., Layout], parameters: Mapping[str, float]
) -> None:
    layout = laid()
    width, thickness = parameters["muscle_width"], parameters["muscle_thickness"]
    from_middle = np.hypot(layout.across_m / (width / 2), layout.depth_m / (thickness / 2) - 1)
    assert from_middle.max() < 1.01
    assert layout.depth_m.min() > 0
    place = np.stack([layout.across_m, layout.depth_m], axis=-1)
    nearest = np.asarray(cKDTree(place).query(place, 2)[0])[:, 1]
    assert nearest.min() > 0.4 / np.sqrt(parameters["fiber_density"])


def test_a_muscle_with_more_fibers_than_its_density_allows_packs_them_closer(laid: Callable[..., Layout]) -> None:
    layout = laid({"fiber_density": 1e7})
    assert layout.n_fibers == N_FIBERS.sum()
    place = np.stack([layout.across_m, layout.depth_m], axis=-1)
    assert np.asarray(cKDTree(place).query(place, 2)[0])[:, 1].min() > 0


def test_a_territory_has_the_density_of_one_units_fibers(
    laid: Callable[..., Layout], parameters: Mapping[str, float]
) -> None:
    density = parameters["motor_unit_territory_density"]
    # half of the fibers of an even disc lie within its radius over the square root of 2
    expected = np.sqrt(N_FIBERS / (2 * np.pi * density))
    assert np.median(_reach(laid()) / expected) == pytest.approx(1.0, abs=0.1)


def test_adopted_fibers_lie_in_the_units_own_territory(laid: Callable[..., Layout]) -> None:
    healthy, grown = laid(), laid({"motor_unit_size_scale": 3.0}, fold=3.0)
    assert np.median(_reach(grown) / _reach(healthy)) == pytest.approx(1.0, abs=0.15)


def test_survivors_who_adopt_the_fibers_of_the_lost_hold_them_in_groups(
    parameters: Mapping[str, float], units: Callable[..., UnitFibers]
) -> None:
    small = dict(parameters) | {"muscle_width": 6e-3, "muscle_thickness": 3e-3}  # full of fibers
    healthy = units(n_fibers=np.full(30, 130), fiber_velocity_mps=np.full(30, 4.0))
    left = units(n_fibers=np.full(10, 390), fiber_velocity_mps=np.full(10, 4.0))
    before = lay_out(healthy, small, np.random.default_rng(0))
    after = lay_out(left, small | {"motor_unit_size_scale": 3.0}, np.random.default_rng(0))
    assert _grouped(after) > 2 * _grouped(before)


def test_lost_fibers_leave_gaps_in_the_territory(laid: Callable[..., Layout]) -> None:
    healthy, thinned = laid(), laid({"fiber_loss": 0.5}, fold=0.5)
    assert np.median(_reach(thinned) / _reach(healthy)) == pytest.approx(1.0, abs=0.15)


def test_adopted_fibers_have_their_endplates_farther_away(laid: Callable[..., Layout]) -> None:
    def spread(layout: Layout) -> float:
        return float(np.mean([np.std(layout.endplate_m[layout.fibers_of(unit)]) for unit in range(layout.n_units)]))

    assert spread(laid({"motor_unit_size_scale": 3.0}, fold=3.0)) > 1.3 * spread(laid())


def test_endplates_lie_between_the_tendons(laid: Callable[..., Layout]) -> None:
    layout = laid({"innervation_zone_position": 0.02})  # beyond the tendon for many fibers
    assert np.all(layout.endplate_m > layout.left_end_m)
    assert np.all(layout.endplate_m < layout.right_end_m)


def test_a_unit_carries_at_the_velocity_that_was_handed_in_and_thick_fibers_faster(laid: Callable[..., Layout]) -> None:
    layout = laid()
    for unit, handed_in in ((0, 3.0), (39, 4.6)):
        here = layout.fibers_of(unit)
        assert layout.velocity_mps[here].mean() == pytest.approx(handed_in, rel=0.03)
        assert np.corrcoef(layout.diameter_m[here], layout.velocity_mps[here])[0, 1] > 0.999


def test_fibers_of_any_diameter_may_conduct_alike(laid: Callable[..., Layout], parameters: Mapping[str, float]) -> None:
    layout = laid({"fiber_velocity_per_diameter": 0.0})
    assert layout.velocity_mps[layout.fibers_of(39)] == pytest.approx(4.6)
    assert layout.diameter_m.mean() == pytest.approx(parameters["fiber_diameter"], rel=0.02)


def test_cold_slows_fibers_but_does_not_thin_them(
    parameters: Mapping[str, float], units: Callable[..., UnitFibers]
) -> None:
    warm, cold = (
        lay_out(
            units(n_fibers=N_FIBERS, fiber_velocity_mps=warmth * np.linspace(3.0, 4.6, 40)),
            parameters,
            np.random.default_rng(0),
        )
        for warmth in (1.0, 0.6)
    )
    assert cold.diameter_m == pytest.approx(warm.diameter_m)
    assert cold.velocity_mps == pytest.approx(0.6 * warm.velocity_mps)


@pytest.mark.parametrize(("correlation", "sign"), [(0.9, -1), (-0.9, 1)])
def test_larger_units_lie_nearer_to_the_skin_as_the_correlation_says(
    laid: Callable[..., Layout], correlation: float, sign: int
) -> None:
    layout = laid({"motor_unit_depth_correlation": correlation, "muscle_thickness": 0.03})
    depth = [layout.depth_m[layout.fibers_of(unit)].mean() for unit in range(layout.n_units)]
    assert np.corrcoef(depth, N_FIBERS)[0, 1] * sign > 0.5


def test_one_seed_gives_one_muscle(laid: Callable[..., Layout]) -> None:
    first, again, other = laid(), laid(), laid(seed=1)
    assert np.array_equal(first.across_m, again.across_m)
    assert np.array_equal(first.velocity_mps, again.velocity_mps)
    assert not np.array_equal(first.across_m, other.across_m)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_any_numbers_of_fibers_are_laid_out(numbers: list[int], seed: int) -> None:
    section = CrossSection(width_m=0.004, thickness_m=0.003, fibers_per_m2=2e7, territory_fibers_per_m2=1e7)
    counts = np.array(numbers, dtype=np.int64)
    places, centers = section.shared_out(counts, counts.astype(float), np.random.default_rng(seed))
    assert places.shape == (counts.sum(), 2)
    assert centers.shape == (counts.size, 2)
    assert np.unique(places, axis=0).shape == places.shape


def test_units_that_cannot_be_are_refused(parameters: Mapping[str, float], units: Callable[..., UnitFibers]) -> None:
    for counts, velocity in (([], []), ([-1], [4.0]), ([5], [0.0])):
        bad = units(n_fibers=np.array(counts, dtype=np.int64), fiber_velocity_mps=np.array(velocity, dtype=float))
        with pytest.raises(OutOfRangeError, match="units must be at least one"):
            lay_out(bad, parameters, np.random.default_rng(0))


def test_a_unit_that_is_not_there_is_refused(laid: Callable[..., Layout]) -> None:
    with pytest.raises(OutOfRangeError, match=r"unit must lie in \[0, 39\], got 40"):
        laid().fibers_of(40)


@pytest.mark.parametrize(("name", "value"), [("width_m", 0.0), ("depth_correlation", 1.5)])
def test_a_cross_section_that_cannot_be_is_refused(name: str, value: float) -> None:
    numbers = {"width_m": 0.02, "thickness_m": 0.01, "fibers_per_m2": 1e8, "territory_fibers_per_m2": 1e7}
    with pytest.raises(OutOfRangeError, match=name):
        CrossSection(**(numbers | {name: value}))
