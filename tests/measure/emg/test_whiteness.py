"""What the engine's filter leaves of the noise is told by its greatest density."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.measure.emg.units import Trace
from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.whiteness import greatest_density
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
AS_IT_IS = NoiseColor(filters=np.ones((1, 1)))


def trace(samples: FloatArray) -> Trace:
    usable = np.ones(samples.size, dtype=np.bool_)
    return Trace(samples=samples[None].astype(np.float32), sampling_rate_hz=RATE_HZ, usable=usable)


def band_noise(low: float, width: float, seed: int = 1) -> FloatArray:
    """Return noise of RMS 1 in a part of the spectrum, edges as shares of it."""
    n = 200_000
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    share = np.linspace(0.0, 1.0, spectrum.size)
    made = np.fft.irfft(np.where((share >= low) & (share <= low + width), spectrum, 0.0))
    return np.asarray(made / made.std(), dtype=np.float64)


@settings(max_examples=20)
@given(st.floats(0.1, 0.4), st.floats(0.15, 0.5))
def test_noise_in_a_part_of_the_spectrum_is_so_many_times_as_dense(low: float, width: float) -> None:
    assert greatest_density(AS_IT_IS, [trace(band_noise(low, width))]) == pytest.approx(1 / width, rel=0.15)


def test_potentials_in_a_tenth_of_the_time_do_not_count() -> None:
    samples = band_noise(0.0, 1.0)
    samples[::1000] += 100.0
    assert greatest_density(AS_IT_IS, [trace(samples)]) < 1.6


def test_nothing_is_told_of_what_is_too_short() -> None:
    assert greatest_density(AS_IT_IS, [trace(np.zeros(10))]) == 0.0
