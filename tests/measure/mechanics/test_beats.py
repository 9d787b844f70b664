"""The pulse that moves a limb is taken off where an ECG tells when the heart beat."""

import numpy as np
import pytest
from tests.measure.mechanics.twitch_scenes import Scene, by_id, make

from twitchwise.measure.mechanics import measure_twitches
from twitchwise.measure.mechanics.beats import heartbeat_times_s, without_beats
from twitchwise.measure.mechanics.windows import read_trace
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 1000.0


def beats_s(duration_s: float = 120.0) -> FloatArray:
    intervals = 0.9 + 0.05 * np.random.default_rng(4).standard_normal(400)
    times_s = 0.4 + np.cumsum(intervals)
    return np.asarray(times_s[times_s < duration_s - 1.5], dtype=np.float64)


def placed(shape: FloatArray, times_s: FloatArray, n: int) -> FloatArray:
    samples = np.zeros(n)
    for time_s in times_s:
        first = round(time_s * RATE_HZ)
        samples[first : first + shape.size] += shape[: n - first]
    return samples


def with_pulse(scene: Scene, size: float) -> Recording:
    recording, _, _ = make(scene)
    n = recording.channels[0].n_samples
    time_s = np.arange(600) / RATE_HZ
    pulse = size * np.sin(2 * np.pi * 5 * time_s) * np.exp(-time_s / 0.15)
    complex_v = 1e-3 * np.exp(-0.5 * ((np.arange(80) - 40) / 12) ** 2)
    wave_v = 2e-4 * np.exp(-0.5 * ((np.arange(400) - 250) / 60) ** 2)
    ecg_v = placed(complex_v, beats_s() - 0.04, n) + placed(wave_v, beats_s(), n)
    ecg_v += 2e-5 * np.random.default_rng(8).standard_normal(n)
    ecg = Channel(name="ecg", kind=ChannelKind.ECG, unit=Unit.VOLT, sampling_rate_hz=RATE_HZ, n_samples=n)
    samples = recording.read("sensor") + placed(pulse, beats_s(), n)
    return Recording(
        name="x", format="array", channels=(recording.channels[0], ecg), source=ArraySource([samples, ecg_v])
    )


def test_every_beat_is_found_once() -> None:
    found = heartbeat_times_s(with_pulse(Scene(), 0.0))
    assert found == pytest.approx(beats_s(), abs=5e-3)


def test_without_an_ecg_there_are_no_beats() -> None:
    recording, _, _ = make(Scene())
    assert heartbeat_times_s(recording).size == 0


def test_an_ecg_that_is_too_slow_or_too_short_tells_no_beats() -> None:
    recording, _, _ = make(Scene())
    slow = Channel(name="ecg", kind=ChannelKind.ECG, unit=Unit.VOLT, sampling_rate_hz=40.0, n_samples=4800)
    beside = Recording(
        name="x",
        format="array",
        channels=(*recording.channels, slow),
        source=ArraySource([recording.read("sensor"), np.zeros(4800)]),
    )
    assert heartbeat_times_s(beside).size == 0


def test_the_pulse_is_taken_off() -> None:
    recording = with_pulse(Scene(noise=0.01, sizes=(0.0, 0.0, 0.0)), 1.0)
    trace = read_trace(recording, recording.channels[0])
    cleaned = without_beats(trace, heartbeat_times_s(recording), np.ones(trace.samples.size, dtype=np.bool_), 30)
    assert cleaned.std() < 0.25 * trace.samples.std()


def test_too_few_beats_take_nothing_off() -> None:
    recording = with_pulse(Scene(), 1.0)
    trace = read_trace(recording, recording.channels[0])
    quiet = np.ones(trace.samples.size, dtype=np.bool_)
    assert without_beats(trace, beats_s()[:20], quiet, 30) is trace.samples
    assert without_beats(trace, beats_s(), ~quiet, 30) is trace.samples


def test_a_twitch_under_the_pulse_is_surer_with_an_ecg_than_without() -> None:
    scene = Scene(noise=0.05)
    _, events, rest = make(scene)
    recording = with_pulse(scene, 0.6)
    alone = Recording(
        name="x",
        format="array",
        channels=recording.channels[:1],
        source=ArraySource([recording.read("sensor")]),
    )
    with_ecg, without = (measure_twitches(one, events, rest) for one in (recording, alone))
    assert with_ecg.channels[0].units[0].twitch_to_noise > 1.5 * without.channels[0].units[0].twitch_to_noise
    assert by_id(with_ecg.measurements)["twitch_peak_force"].value == pytest.approx(1.0, rel=0.08)
    assert any("No ECG" in warning for warning in without.warnings)
    assert not any("No ECG" in warning for warning in with_ecg.warnings)
