"""Several channels read together equal the channels read one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, Unit


def recording(n_samples: int, lengths: tuple[int, ...] = (0, 0, 0)) -> Recording:
    generator = np.random.default_rng(n_samples)
    arrays = [generator.normal(size=n_samples + more) for more in lengths]
    channels = tuple(
        Channel(name=f"c{i}", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=100.0, n_samples=array.size)
        for i, array in enumerate(arrays)
    )
    return Recording(name="x", format="array", channels=channels, source=ArraySource(arrays))


@given(st.integers(1, 300), st.floats(0, 4), st.floats(0, 4), st.permutations(["c0", "c1", "c2"]))
def test_rows_are_the_channels_in_the_order_asked_for(n: int, start: float, stop: float, names: list[str]) -> None:
    whole = recording(n)
    rows = whole.read_rows(names, start, stop)
    assert rows.dtype == np.float32
    assert np.array_equal(rows, np.array([whole.read(name, start, stop) for name in names], dtype=np.float32))


def test_channels_of_different_lengths_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="one rate and length"):
        recording(50, (0, 0, 7)).read_rows(["c0", "c2"], 0.0, 1.0)
