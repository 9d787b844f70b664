"""Where a sensor reaches the ends of its range is told part by part as it is told at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.motion.tremor.ends import Ends


@given(seed=st.integers(0, 50), n_axes=st.integers(1, 3))
def test_windows_at_the_ends_of_the_range_are_those_that_reach_the_extremes(seed: int, n_axes: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(-4, 5, size=(n_axes, 40, 3)).astype(np.float32)
    rows[0] = 1.0 if seed % 2 else rows[0]  # a constant moves nowhere
    ends = Ends(n_axes)
    for first in range(0, 40, 7):
        ends.add(rows[:, first : first + 7], first)
    reached = [(axis == end).any(axis=1) for axis in rows for end in (axis.max(), axis.min()) if np.ptp(axis) > 0]
    assert ends.windows() == np.flatnonzero(np.any(reached, axis=0) if reached else np.zeros(40)).tolist()
