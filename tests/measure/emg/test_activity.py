"""Rest is told from activity without calibration."""

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt
from tests.measure.emg_scenes import Scene, make, recording_of

from twitchwise.measure.emg.activity import inside
from twitchwise.measure.emg.channel import ChannelReading, read_channel
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray


def read(scene: Scene, unit: Unit = Unit.VOLT) -> ChannelReading:
    recording, _ = make(scene)
    recording = recording_of(recording.read("calf"), scene.sampling_rate_hz, unit)
    return read_channel(recording, recording.channels[0], emg_settings())


@pytest.mark.parametrize("snr", [8.0, 50.0, 300.0])
@pytest.mark.parametrize("rate_per_min", [0.0, 10.0, 80.0, 200.0])
def test_fasciculations_are_not_taken_for_a_contraction(rate_per_min: float, snr: float) -> None:
    reading = read(Scene(duration_s=120.0, rate_per_min=rate_per_min, snr=snr))
    assert reading.rest_s >= 0.97 * 120


@pytest.mark.parametrize("burst_snr", [10.0, 50.0, 500.0])
def test_contractions_are_not_rest(burst_snr: float) -> None:
    bursts = ((10.0, 13.0), (20.0, 20.5), (30.0, 50.0))
    reading = read(Scene(rate_per_min=0.0, bursts=bursts, burst_snr=burst_snr))
    middles = np.array([11.5, 20.25, 32.0, 40.0, 48.0])
    assert not inside(middles, reading.activity.rest).any()
    assert inside(np.array([5.0, 17.0, 25.0, 55.0]), reading.activity.rest).all()
    assert len(reading.potentials) == 0


def test_one_unit_held_steadily_is_a_contraction() -> None:
    reading = read(Scene(rate_per_min=0.0, bursts=((20.0, 40.0),), burst_units=1, burst_snr=15.0))
    assert reading.rest_s < 41
    assert len(reading.potentials) == 0


@pytest.mark.parametrize("units", [1, 3, 20])
def test_a_muscle_that_never_rests_has_no_rest(units: int) -> None:
    scene = Scene(duration_s=30.0, rate_per_min=0.0, bursts=((-1.0, 40.0),), burst_units=units, burst_snr=40.0)
    assert read(scene).rest_s == 0
    assert read(scene, Unit.COUNT).rest_s == 0


def test_a_steady_strong_contraction_without_pauses_is_too_loud_for_rest() -> None:
    interference = np.random.default_rng(1).normal(scale=1e-4, size=60_000)
    recording = recording_of(interference, 2000.0)
    assert read_channel(recording, recording.channels[0], emg_settings()).rest_s == 0


def test_noise_that_swells_within_a_second_is_not_believed_to_be_rest() -> None:
    swelling = 1 + 0.9 * np.sin(2 * np.pi * 4 * np.arange(60_000) / 2000)
    recording = recording_of(3e-6 * swelling * np.random.default_rng(2).normal(size=60_000), 2000.0)
    assert read_channel(recording, recording.channels[0], emg_settings()).rest_s == 0


def test_noise_of_a_few_waves_is_noise_as_long_as_it_varies_no_more_than_such_noise_does() -> None:
    sections = butter(3, [25, 70], "bandpass", fs=2000.0, output="sos")
    narrow = 3e-6 * sosfiltfilt(sections, np.random.default_rng(2).normal(size=60_000))
    assert read_of(narrow).rest_s == 30.0
    varied = narrow * np.exp(0.35 * np.repeat(np.random.default_rng(3).normal(size=1000), 60))
    assert read_of(varied).activity.uneven
    assert read_of(varied).rest_s == 0


def read_of(signal: FloatArray) -> ChannelReading:
    recording = recording_of(signal, 2000.0)
    return read_channel(recording, recording.channels[0], emg_settings())


def test_a_weak_contraction_is_louder_and_less_even_than_rest() -> None:
    scene = Scene(duration_s=60.0, rate_per_min=0.0, bursts=((20.0, 40.0),), burst_units=12, burst_snr=2.5)
    assert read(scene).rest_s < 47


def test_noise_that_rises_by_half_stays_rest() -> None:
    assert read(Scene(rate_per_min=5.0, noise_step=1.5)).rest_s > 56


def test_noise_that_triples_is_no_longer_rest() -> None:
    assert read(Scene(rate_per_min=5.0, noise_step=3.0)).rest_s == pytest.approx(30, abs=2)


def test_short_pauses_between_contractions_are_no_rest() -> None:
    bursts = tuple((start, start + 1.5) for start in np.arange(2.0, 58.0, 3.0))
    assert read(Scene(rate_per_min=0.0, bursts=bursts, seed=2)).rest_s < 6


def test_times_are_placed_in_half_open_intervals() -> None:
    intervals = Intervals(((1.0, 2.0), (3.0, 4.0)))
    assert inside(np.array([0.9, 1.0, 1.9, 2.0, 3.5, 4.0]), intervals).tolist() == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert not inside(np.array([1.0]), Intervals()).any()
