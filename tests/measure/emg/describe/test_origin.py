"""Where on a grid a potential comes from, with an error that holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.describe import origin, territory
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

PITCH_M = 0.008
GRID: FloatArray = PITCH_M * np.stack(np.meshgrid(np.arange(8.0), np.arange(8.0)), axis=-1).reshape(-1, 2)


def hill(top_m: tuple[float, float], spread_m: float = 0.012) -> FloatArray:
    values: FloatArray = 1e-4 * np.exp(-np.sum((GRID - top_m) ** 2, axis=1) / (2 * spread_m**2))
    return values


def test_the_error_covers_the_true_place() -> None:
    rng, covered, errors = np.random.default_rng(0), 0, []
    for _ in range(300):
        top = rng.uniform(2 * PITCH_M, 5 * PITCH_M, 2)
        # the range is the difference of two noisy extremes
        found = origin(hill((top[0], top[1])) + rng.normal(scale=np.sqrt(2) * 2e-6, size=64), GRID, 2e-6)
        covered += bool(np.abs(found.position_m - top)[0] <= 1.96 * found.error_m[0])
        errors.append(np.linalg.norm(found.position_m - top))
    assert np.median(errors) < PITCH_M / 10
    assert 275 <= covered <= 298


@given(st.floats(0.012, 0.044), st.floats(0.012, 0.044), st.floats(1e-3, 1e3), st.floats(-1.0, 1.0))
def test_size_does_not_move_it_and_moving_the_grid_does(x: float, y: float, factor: float, shift_m: float) -> None:
    plain = origin(hill((x, y)), GRID, 1e-7)
    assert plain.position_m.tolist() == pytest.approx([x, y], abs=1e-6)
    assert plain.reach_m == pytest.approx(0.012, rel=1e-3)
    assert (plain.inside, plain.fitted) == (True, True)
    moved = origin(factor * hill((x, y)), GRID + shift_m, factor * 1e-7)
    assert moved.position_m.tolist() == pytest.approx((plain.position_m + shift_m).tolist(), abs=1e-6)


@given(st.permutations(list(range(64))))
def test_the_order_of_channels_does_not_matter(order: list[int]) -> None:
    shuffled = origin(hill((0.02, 0.03))[order], GRID[order], 1e-7)
    assert shuffled.position_m.tolist() == pytest.approx([0.02, 0.03], abs=1e-6)


def test_a_top_beyond_the_edge_is_said_to_be_outside() -> None:
    found = origin(hill((-0.02, 0.03)), GRID, 1e-7)
    assert (found.inside, found.fitted) == (False, False)
    assert found.position_m[0] == 0.0


def test_bad_channels_are_left_out() -> None:
    values = hill((0.02, 0.03))
    values[np.argmax(values)] = np.nan
    assert origin(values, GRID, 1e-7).position_m.tolist() == pytest.approx([0.02, 0.03], abs=1e-6)


@pytest.mark.parametrize("places", [GRID[:1], GRID[:3], GRID[:8]])
def test_a_row_or_a_few_electrodes_give_the_nearest_one(places: FloatArray) -> None:
    found = origin(hill((0.02, 0.0))[: len(places)], places, 1e-7)
    assert not found.fitted
    assert found.position_m.tolist() in places.tolist()


def test_a_hollow_has_no_top() -> None:
    hollow = 1e-4 + 0.01 * np.sum((GRID - 0.028) ** 2, axis=1)
    assert not origin(hollow, GRID, 1e-9).fitted


def test_nonsense_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="positions_m must be two finite numbers a channel"):
        origin(hill((0.02, 0.03)), GRID[:5], 1e-7)
    with pytest.raises(OutOfRangeError, match="noise_rms must be a finite number above 0"):
        origin(hill((0.02, 0.03)), GRID, 0.0)
    with pytest.raises(OutOfRangeError, match="at least one usable channel"):
        origin(np.full(64, np.nan), GRID, 1e-7)


def test_a_wider_unit_has_a_larger_territory() -> None:
    narrow, wide = (territory(hill((0.028, 0.028), spread), GRID, 1e-7) for spread in (0.008, 0.016))
    # half the height of a Gaussian is at 1.177 of its spread
    assert narrow == pytest.approx(np.pi * (1.177 * 0.008) ** 2, rel=0.3)
    assert wide == pytest.approx(np.pi * (1.177 * 0.016) ** 2, rel=0.2)
