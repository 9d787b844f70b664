"""Potentials are found with their times, sizes and limits."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, Truth, add, make, muap, recording_of

from twitchwise.measure.emg.channel import ChannelReading, read_channel
from twitchwise.measure.emg.settings import EmgSettings, emg_settings
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray

QUIET = Scene(duration_s=20.0, rate_per_min=0.0)


def read(recording: Recording, settings: EmgSettings | None = None) -> ChannelReading:
    return read_channel(recording, recording.channels[0], settings or emg_settings())


def quiet_signal(scene: Scene = QUIET) -> FloatArray:
    return make(scene)[0].read("calf").copy()


def read_with(moments: list[float], peak_v: float, seed: int = 5) -> ChannelReading:
    signal = quiet_signal()
    for moment in moments:
        add(signal, QUIET, muap(np.random.default_rng(seed)), moment, peak_v)
    return read(recording_of(signal, QUIET.sampling_rate_hz))


def test_times_and_sizes_are_those_put_in() -> None:
    found = read_with([3.0, 8.5, 14.25], 1e-4).potentials
    assert found.peak_s == pytest.approx([3.0, 8.5, 14.25], abs=0.004)
    assert np.abs(found.peak) == pytest.approx([1e-4] * 3, rel=0.15)
    assert ((found.start_s <= found.peak_s) & (found.peak_s <= found.end_s)).all()
    assert (found.end_s - found.start_s < 0.03).all()
    assert (found.peak_to_peak >= np.abs(found.peak)).all()


@pytest.mark.parametrize("interval_s", [0.005, 0.008, 0.032, 0.05])
def test_a_doublet_is_one_event(interval_s: float) -> None:
    found = read_with([10.0, 10.0 + interval_s], 1e-4).potentials
    assert len(found) == 1
    assert found.end_s[0] - found.start_s[0] >= interval_s


def test_a_triplet_is_one_event() -> None:
    assert len(read_with([10.0, 10.03, 10.06], 1e-4).potentials) == 1


def test_a_unit_that_fires_again_later_makes_two_events() -> None:
    assert len(read_with([10.0, 10.15], 1e-4).potentials) == 2


def test_two_units_at_once_are_two_events_when_apart() -> None:
    signal = quiet_signal()
    add(signal, QUIET, muap(np.random.default_rng(5)), 10.0, 1e-4)
    add(signal, QUIET, muap(np.random.default_rng(11)), 10.04, 3e-5)
    assert len(read(recording_of(signal, 2000.0)).potentials) == 2


@pytest.mark.parametrize("peak_v", [3e-5, 1e-4, 1e-3, 1e-2])
def test_a_large_potential_has_no_echo(peak_v: float) -> None:
    assert len(read_with([5.0, 10.0, 15.0], peak_v).potentials) == 3


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_what_rings_in_a_notch_after_a_large_potential_is_no_activity(mains_hz: float) -> None:
    peak_v, rate_hz = 5e-3, QUIET.sampling_rate_hz
    signal = quiet_signal()
    time_s = np.arange(round(rate_hz)) / rate_hz
    ringing_v = 0.008 * peak_v * np.exp(-time_s / 0.16) * np.sin(2 * np.pi * mains_hz * time_s)
    for moment in (4.0, 9.0, 14.0):
        add(signal, QUIET, muap(np.random.default_rng(5)), moment, peak_v)
        first = round((moment + 0.01) * rate_hz)
        signal[first : first + time_s.size] += ringing_v
    found = read(recording_of(signal, rate_hz))
    assert len(found.potentials) == 3
    assert found.activity.rest.duration_s == pytest.approx(QUIET.duration_s, abs=0.5)


def test_a_burst_longer_than_a_potential_is_activity() -> None:
    signal = quiet_signal()
    signal[20_000:20_400] += np.random.default_rng(8).normal(scale=1e-4, size=400)
    reading = read(recording_of(signal, 2000.0))
    assert len(reading.potentials) == 0
    assert not reading.activity.rest.contains(10.1)
    assert reading.activity.rest.duration_s == pytest.approx(18.8, abs=0.3)


def test_an_electrical_spike_is_no_potential() -> None:
    signal = quiet_signal()
    signal[20_000] += 1e-4
    reading = read(recording_of(signal, 2000.0))
    assert (len(reading.potentials), reading.spikes) == (0, 1)


def test_what_is_too_brief_is_no_potential() -> None:
    settings = replace(emg_settings(), potential_shortest_s=0.05)
    recording, _ = make(Scene(duration_s=20.0))
    assert len(read(recording).potentials) > 0
    assert len(read(recording, settings).potentials) == 0


@pytest.mark.parametrize("gap_s", [2.0, 0.05])
def test_nothing_is_found_next_to_missing_samples(gap_s: float) -> None:
    recording, truth = make(Scene(duration_s=30.0, rate_per_min=60.0, snr=50.0))
    signal = recording.read("calf").copy()
    moment = float(truth.times_s[10])
    first = round((moment + 0.01) * 2000)
    signal[first : first + round(gap_s * 2000)] = np.nan
    found = read(recording_of(signal, 2000.0)).potentials.peak_s
    assert not ((found > moment - 0.02) & (found < moment + gap_s)).any()


def test_hum_at_the_ends_of_a_recording_is_no_potential() -> None:
    for seed in range(4):
        recording, _ = make(Scene(duration_s=20.0, rate_per_min=0.0, mains_v=3e-5, seed=seed))
        assert len(read(recording).potentials) == 0


def test_the_result_does_not_depend_on_where_stretches_are_cut() -> None:
    scene = Scene(
        duration_s=61.7,
        rate_per_min=150.0,
        snr=20.0,
        bursts=((10.0, 14.0), (30.0, 31.0), (45.0, 45.3)),
        mains_v=1e-5,
        drift_v=1e-4,
        seed=3,
    )
    recording, _ = make(scene)
    channel, settings = recording.channels[0], emg_settings()
    whole = read_channel(recording, channel, settings)
    for stretch_samples in (3_000, 9_999, 50_000):
        parts = read_channel(recording, channel, settings, stretch_samples=stretch_samples)
        assert parts.activity == whole.activity
        assert np.array_equal(parts.potentials.start_s, whole.potentials.start_s)
        assert np.array_equal(parts.potentials.end_s, whole.potentials.end_s)
        assert np.allclose(parts.potentials.peak, whole.potentials.peak, rtol=1e-9)
        assert parts.spikes == whole.spikes
        assert parts.quality.clipped_share == whole.quality.clipped_share


def test_truth_holds_what_was_put_in() -> None:
    assert len(Truth().times_s) == 0
