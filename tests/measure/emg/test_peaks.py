"""A discharge is timed by the greatest sample of its potential."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.peaks import nearest, onto_greatest, onto_plain
from twitchwise.measure.emg.single_units import Shapes
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
HALF = 50
NONE = np.empty(0)


def shapes_of(peak_s: FloatArray, greatest: float, lag: int) -> Shapes:
    """Return potentials of peak 1 that have a greater sample ``lag`` samples after the peak, edges around both."""
    shape = np.zeros((peak_s.size, 2 * HALF + 1), dtype=np.float32)
    shape[:, HALF], shape[:, HALF + lag] = 1.0, greatest
    ones, edge_s = np.ones(peak_s.size), (abs(lag) + 2) / RATE_HZ
    return Shapes(
        shape=shape,
        peak_s=peak_s,
        start_s=peak_s - edge_s,
        end_s=peak_s + edge_s,
        peak=ones,
        peak_to_peak=ones,
        noise=ones,
    )


@given(st.integers(17, HALF - 2), st.sampled_from([-1, 1]), st.floats(2.1, 50.0))
def test_a_peak_beside_a_much_greater_one_of_its_potential_moves_there(far: int, side: int, greatest: float) -> None:
    peak_s, lag = np.array([1.0, 4.0]), side * far
    assert np.allclose(onto_greatest(shapes_of(peak_s, greatest, lag), RATE_HZ), peak_s + lag / RATE_HZ)
    assert np.array_equal(onto_greatest(shapes_of(peak_s, -1.9, lag), RATE_HZ), peak_s)


def test_what_another_discharge_stands_for_is_not_taken_from_it() -> None:
    peak_s = np.array([1.0, 1.015])
    moved = onto_greatest(shapes_of(peak_s, 5.0, 30), RATE_HZ)
    assert moved[0] == 1.0
    assert np.isclose(moved[1], 1.03)


def test_where_there_is_no_discharge_nothing_moves() -> None:
    assert onto_greatest(shapes_of(NONE, 2.0, 1), RATE_HZ).size == 0
    assert onto_plain(NONE, NONE, np.ones(1)).size == 0
    assert nearest(NONE, np.ones(1)).size == nearest(np.ones(1), NONE).size == 0


@given(st.floats(0.01, 0.2), st.floats(0.0, 6.0))
def test_only_what_does_not_stand_out_moves_and_not_far(lag_s: float, height: float) -> None:
    moved = onto_plain(np.array([2.0]), np.array([height]), np.array([2.0 + lag_s]))
    assert (moved[0] == 2.0 + lag_s) == (height < 3.0 and 2.0 + lag_s - 2.0 <= 0.05)


def test_a_plain_potential_that_has_its_discharge_draws_no_other() -> None:
    assert onto_plain(np.array([1.0, 1.03]), np.array([9.0, 1.0]), np.array([1.0])).tolist() == [1.0, 1.03]


@given(st.lists(st.floats(0, 10), max_size=20), st.lists(st.floats(0, 10), max_size=8))
def test_each_of_the_others_has_one_nearest_time_at_most(times: list[float], others: list[float]) -> None:
    time_s, to_s = np.sort(np.array(times, dtype=np.float64)), np.array(others, dtype=np.float64)
    place = nearest(time_s, to_s)
    close = [abs(time_s - one).min(initial=np.inf) <= 0.008 for one in to_s]
    assert place.size <= np.sum(close)
    assert (place.size > 0) == any(close)
