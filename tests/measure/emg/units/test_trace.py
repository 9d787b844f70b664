"""Windows hold every sample once, whatever the blocks were, and bad traces are refused."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.units.trace import Trace, windows
from twitchwise.vocabulary import OutOfRangeError


def trace(n_samples: int, first_sample: int = 0, n_components: int = 1) -> Trace:
    places = np.arange(first_sample, first_sample + n_samples, dtype=np.float32)
    usable = np.ones(n_samples, dtype=np.bool_)
    samples = np.tile(places, (n_components, 1))
    return Trace(samples=samples, sampling_rate_hz=1000.0, usable=usable, first_sample=first_sample)


def cut(whole: Trace, places: list[int]) -> list[Trace]:
    edges = [0, *sorted(places), whole.n_samples]
    return [trace(stop - start, whole.first_sample + start) for start, stop in pairwise(edges)]


@given(
    n=st.integers(1, 400),
    first=st.integers(0, 150),
    length=st.integers(1, 90),
    margin=st.integers(0, 60),
    places=st.lists(st.integers(0, 400), max_size=5),
)
def test_windows_do_not_depend_on_the_blocks(n: int, first: int, length: int, margin: int, places: list[int]) -> None:
    whole = trace(n, first)
    blocks = cut(whole, [place for place in places if place <= n])
    once, again = list(windows([whole], length, margin)), list(windows(blocks, length, margin))
    assert [(one.start, one.stop) for one in once] == [(one.start, one.stop) for one in again]
    assert all(np.array_equal(one.trace.samples, two.trace.samples) for one, two in zip(once, again, strict=True))


@given(n=st.integers(1, 400), first=st.integers(0, 150), length=st.integers(1, 90), margin=st.integers(0, 60))
def test_every_sample_belongs_to_one_window_and_has_its_margin(n: int, first: int, length: int, margin: int) -> None:
    found = list(windows([trace(n, first)], length, margin))
    assert [one.start for one in found[1:]] == [one.stop for one in found[:-1]]
    assert (found[0].start, found[-1].stop) == (first, first + n)
    for one in found:
        assert one.trace.first_sample == max(first, one.start - margin)
        assert one.trace.stop_sample == min(first + n, one.stop + margin)
        assert one.trace.samples[0, 0] == one.trace.first_sample


def test_unusable_samples_count_as_zero() -> None:
    usable = np.array([True, False, True])
    found = Trace(samples=np.array([[1.0, np.nan, 3.0]], dtype=np.float32), sampling_rate_hz=1.0, usable=usable)
    assert found.samples.tolist() == [[1.0, 0.0, 3.0]]


@pytest.mark.parametrize(
    ("samples", "usable", "rate_hz", "first", "rule"),
    [
        (np.zeros(3), np.ones(3, dtype=bool), 1.0, 0, "n_components, n"),
        (np.zeros((0, 3)), np.ones(3, dtype=bool), 1.0, 0, "n_components, n"),
        (np.zeros((1, 3)), np.ones(2, dtype=bool), 1.0, 0, "one entry a sample"),
        (np.full((1, 3), np.inf), np.ones(3, dtype=bool), 1.0, 0, "must be finite"),
        (np.zeros((1, 3)), np.ones(3, dtype=bool), 0.0, 0, "sampling_rate_hz must be"),
        (np.zeros((1, 3)), np.ones(3, dtype=bool), 1.0, -1, "first_sample must be"),
    ],
)
def test_what_is_no_trace_is_refused(
    samples: np.ndarray, usable: np.ndarray, rate_hz: float, first: int, rule: str
) -> None:
    with pytest.raises(OutOfRangeError, match=rule):
        Trace(samples=samples.astype(np.float32), sampling_rate_hz=rate_hz, usable=usable, first_sample=first)


@pytest.mark.parametrize(
    ("second", "rule"),
    [(trace(5, 11), "first_sample must be 10, after the last block, got 11"), (trace(5, 10, 2), "must agree")],
)
def test_blocks_that_do_not_follow_one_another_are_refused(second: Trace, rule: str) -> None:
    with pytest.raises(OutOfRangeError, match=rule):
        list(windows([trace(10), second], 4, 1))
