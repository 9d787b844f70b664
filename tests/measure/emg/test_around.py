"""The greatest around each sample is what a look at every window gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from twitchwise.measure.emg.around import greatest_within

KINDS = st.sampled_from([np.float64, np.float32, np.bool_, np.int64])


@given(
    values=KINDS.flatmap(lambda kind: arrays(kind, array_shapes(max_dims=1, max_side=40))).filter(
        lambda values: not np.isnan(values.astype(np.float64)).any()
    ),
    reach=st.integers(0, 50),
)
def test_it_is_the_greatest_of_every_window(values: np.ndarray, reach: int) -> None:
    windows = [values[max(0, at - reach) : at + reach + 1] for at in range(values.size)]
    found = greatest_within(values, reach)
    assert found.dtype == values.dtype
    assert found.tolist() == [window.max() for window in windows]


def test_what_is_given_is_left_as_it_is() -> None:
    values = np.array([1.0, 5.0, 2.0])
    for reach in (0, 1):
        found = greatest_within(values, reach)
        found[:] = 0
        assert values.tolist() == [1.0, 5.0, 2.0]


@pytest.mark.parametrize("reach", [0, 3])
def test_of_nothing_there_is_nothing(reach: int) -> None:
    assert greatest_within(np.empty(0), reach).size == 0
