"""One channel from samples to sorted potentials."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt
from tests.measure.emg_scenes import Scene, make, matched, recording_of

from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.emg.single import read_single
from twitchwise.signals import Recording
from twitchwise.vocabulary import Electrode
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
# Each example measures a minute and more.
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(recording: Recording, *, discharges: bool = False) -> Reading:
    group = ElectrodeGroup(name=recording.channels[0].name, channels=recording.channels)
    return read_single(recording, group, emg_settings(), discharges=discharges)


def at_a_needle(recording: Recording) -> Recording:
    channels = tuple(replace(channel, electrode=Electrode.NEEDLE) for channel in recording.channels)
    return replace(recording, channels=channels)


def filtered_noise(low_hz: float, high_hz: float, order: int, seed: int, rate_hz: float = RATE_HZ) -> FloatArray:
    """Return 80 s of Gaussian noise through a steep filter, of 3 uV."""
    made = np.random.default_rng(seed).standard_normal(round(80 * rate_hz))
    made = sosfilt(butter(order, [low_hz, high_hz], "bandpass", fs=rate_hz, output="sos"), made)
    return np.asarray(3e-6 * made / made.std(), dtype=np.float64)


@few
@example(low_hz=20.0, width_hz=130.0, order=8, seed=0, rate_hz=2000.0)
@example(low_hz=20.0, width_hz=130.0, order=8, seed=1, rate_hz=2000.0)
@example(low_hz=20.0, width_hz=60.0, order=8, seed=7, rate_hz=2000.0)
@given(
    st.floats(5.0, 300.0),
    st.floats(60.0, 500.0),
    st.sampled_from([1, 2, 4, 8]),
    st.integers(0, 10_000),
    st.sampled_from([1500.0, 2000.0, 4000.0]),
)
def test_gaussian_noise_of_any_spectrum_gives_hardly_a_false_alarm(
    low_hz: float, width_hz: float, order: int, seed: int, rate_hz: float
) -> None:
    high_hz = min(low_hz + width_hz, 0.49 * rate_hz)
    found = read(recording_of(filtered_noise(low_hz, high_hz, order, seed, rate_hz), rate_hz))
    assert len(found.potentials) <= 1  # one an hour at most is wanted: two in 80 s come once in four thousand


def test_noise_is_not_believed_where_the_filter_begins_and_ends() -> None:
    found = 0
    for seed in range(6):
        made = np.random.default_rng(seed).standard_normal(30_000)
        made = sosfilt(butter(1, [452.0, 649.0], "bandpass", fs=2600.0, output="sos"), made)
        found += len(read(recording_of(3e-6 * made / made.std(), 2600.0)).potentials)
    assert found == 0


@pytest.mark.parametrize("width_hz", [140.0, 900.0])
def test_potentials_in_noise_of_any_width_are_found(width_hz: float) -> None:
    recording, truth = make(Scene(duration_s=80.0, noise_v=1e-9, snr=1e4, units=3, seed=5))
    low_passed = butter(4, min(10.0 + width_hz, 900.0), fs=RATE_HZ, output="sos")
    clean = sosfilt(low_passed, recording.read("calf"))
    noisy = clean * (3e-5 / np.abs(clean).max()) + filtered_noise(10.0, min(10.0 + width_hz, 900.0), 4, 3)
    found = read(recording_of(noisy, RATE_HZ)).potentials
    assert matched(found.peak_s, truth.times_s) >= 0.6 * truth.times_s.size
    assert len(found) <= truth.times_s.size


def late(recording: Recording, truth_s: FloatArray, lag_s: float, size_v: float) -> Recording:
    """Return a recording whose potentials have a later and smaller part."""
    signal = recording.read("calf").copy()
    time = np.arange(-20, 21) / RATE_HZ
    wave = size_v * np.exp(-((time / 0.002) ** 2)) * np.cos(2 * np.pi * 120 * time)
    for at in np.rint((truth_s + lag_s) * RATE_HZ).astype(np.int64):
        if 20 <= at < signal.size - 21:
            signal[at - 20 : at + 21] += wave
    return recording_of(signal, RATE_HZ)


@pytest.mark.parametrize("size_v", [1.5e-5, 6e-5])
def test_a_potential_with_a_late_part_is_one(size_v: float) -> None:
    recording, truth = make(Scene(duration_s=60.0, rate_per_min=30.0, snr=40.0, units=2, seed=1))
    found = read(late(recording, truth.times_s, 0.015, size_v)).potentials
    assert len(found) == truth.times_s.size
    assert matched(found.peak_s, truth.times_s, 0.008) == truth.times_s.size


def test_where_nothing_is_at_rest_nothing_is_found_at_rest() -> None:
    loud = np.random.default_rng(1).normal(scale=1e-3, size=40_000)
    found = read(recording_of(loud, RATE_HZ))
    assert found.rest_s == 0
    assert len(found.potentials) == 0


@pytest.mark.parametrize("needle", [False, True])
def test_discharges_of_a_contraction_are_listed_and_are_not_potentials_at_rest(needle: bool) -> None:  # noqa: FBT001
    scene = Scene(duration_s=20.0, sampling_rate_hz=4000.0, rate_per_min=20.0, bursts=((8.0, 13.0),), burst_units=2)
    recording, truth = make(scene)
    found = read(at_a_needle(recording) if needle else recording, discharges=True)
    assert found.discharges is not None
    listed = found.discharges.time_s
    assert np.sum((listed > 8) & (listed < 13)) > 40
    assert matched(listed, truth.times_s) == truth.times_s.size
    assert not np.any((found.potentials.peak_s > 7.9) & (found.potentials.peak_s < 13.1))


def test_where_nothing_is_quiet_discharges_are_still_listed() -> None:
    scene = Scene(duration_s=12.0, rate_per_min=0.0, bursts=((0.0, 12.0),), burst_units=12, burst_snr=60.0)
    found = read(make(scene)[0], discharges=True)
    assert found.discharges is not None
    assert found.discharges.time_s.size > 100
    assert (np.diff(found.discharges.time_s) >= 0).all()
