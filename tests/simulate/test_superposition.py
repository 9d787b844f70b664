"""Adding a waveform at moments is exact on the grid, close between samples, and the same in pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.superposition import ShiftedWaveform
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 1000.0
SPAN_S = (-0.006, 0.012)
LENGTH = 400


def bump(time_s: FloatArray) -> FloatArray:
    return np.exp(-(((time_s - 0.003) / 0.0015) ** 2))


def waveform(shifts: int) -> ShiftedWaveform:
    return ShiftedWaveform.of(bump, span_s=SPAN_S, sampling_rate_hz=RATE_HZ, shifts=shifts)


def added(shape: ShiftedWaveform, times: FloatArray, first: int, n_samples: int) -> FloatArray:
    total = np.zeros(n_samples)
    shape.add_to(total, times, first)
    return total


def directly(moments: FloatArray, n_samples: int = LENGTH) -> FloatArray:
    time_s = np.arange(n_samples) / RATE_HZ
    return np.asarray(sum((bump(time_s - moment / RATE_HZ) for moment in moments), np.zeros(n_samples)))


moments = st.lists(st.floats(-20.0, LENGTH + 20.0), max_size=20).map(
    lambda found: np.sort(np.array(found, dtype=float))
)


@given(moments)
def test_the_sum_is_that_of_the_waveform_at_each_moment(times: FloatArray) -> None:
    assert added(waveform(256), times, 0, LENGTH) == pytest.approx(directly(times), abs=1e-2 * max(times.size, 1))


@given(moments)
def test_moments_on_samples_are_exact(times: FloatArray) -> None:
    whole = np.rint(times)
    assert added(waveform(4), whole, 0, LENGTH) == pytest.approx(directly(whole), abs=1e-6)


@pytest.mark.parametrize("shifts", [4, 16, 64])
def test_finer_shifts_are_closer_as_their_number_says(shifts: int) -> None:
    times = np.array([100.0 + 0.5 / shifts])  # the worst case: halfway between two shifts
    steepest = 0.8577638849607068 / 0.0015 / RATE_HZ  # of the bump, per sample
    error = np.abs(added(waveform(shifts), times, 0, LENGTH) - directly(times)).max()
    assert error <= 1.01 * steepest * 0.5 / shifts


@given(moments, st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_a_piece_is_a_piece_of_the_whole(times: FloatArray, one: int, other: int) -> None:
    first, last = sorted((one, other))
    whole = added(waveform(8), times, 0, LENGTH)
    assert added(waveform(8), times, first, last - first) == pytest.approx(whole[first:last], abs=1e-12)


def test_no_moments_are_silence() -> None:
    assert not added(waveform(8), np.empty(0), 0, 10).any()
