"""The container of movements refuses what cannot be, and joins what belongs together."""

import numpy as np
import pytest
from tests.measure.sleep.nights import at

from twitchwise.measure.sleep.movements import BOTH, LEFT, RIGHT, Movements, exact
from twitchwise.vocabulary import OutOfRangeError


def test_seconds_that_decimals_leave_unequal_are_equal() -> None:
    assert exact(np.array([110.1 - 100.1]))[0] == 10.0


def test_movements_out_of_order_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="must be in order"):
        Movements(start_s=np.array([2.0, 1.0]), stop_s=np.array([3.0, 4.0]), leg=np.array([1, 1]))


def test_arrays_of_unlike_length_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="one length"):
        Movements(start_s=np.array([2.0]), stop_s=np.array([3.0, 4.0]), leg=np.array([1]))


def test_none_is_as_good_as_any() -> None:
    none = Movements.of([])
    assert len(none) == len(Movements.together([none])) == len(none.grouped(np.empty(0, dtype=np.int64))) == 0
    assert none.interval_s.size == 0


def test_a_group_is_a_candidate_if_all_its_members_are() -> None:
    pair = Movements.together([at([1.0], 2.0, LEFT), at([2.0], 3.0, RIGHT)]).with_candidates(np.array([True, False]))
    joined = pair.grouped(np.array([0, 0]))
    assert (joined.leg[0], joined.parts[0], joined.candidate[0], joined.stop_s[0]) == (BOTH, 2, False, 5.0)
