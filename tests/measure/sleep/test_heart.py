"""The heart is taken off the EMG of a leg, with and without an ECG, and movements stay as they are."""

import numpy as np
import pytest
from tests.measure.sleep.nights import Emg, measured, recording, stages

from twitchwise.measure.sleep.heart import beats_of
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ, SECONDS = 256.0, 900.0


def beats(interval_s: float, seed: int = 1) -> FloatArray:
    steps = np.random.default_rng(seed).normal(interval_s, 0.03 * interval_s, round(SECONDS / interval_s) + 20)
    times = np.cumsum(steps)
    return times[times < SECONDS - 1.0]


def seen_of(times_s: FloatArray, size: float) -> FloatArray:
    """Return samples of a QRS complex at each time."""
    samples = np.zeros(round(SECONDS * RATE_HZ))
    for time_s in times_s:
        first = int(time_s * RATE_HZ) - 15
        if first >= 0:
            near = np.arange(first, first + 31) / RATE_HZ - time_s
            samples[first : first + 31] += size * (
                np.exp(-((near / 0.012) ** 2)) - 0.5 * np.exp(-(((near - 0.02) / 0.012) ** 2))
            )
    return samples


def leg_with_heart(interval_s: float, size_v: float) -> tuple[Emg, FloatArray, FloatArray]:
    emg, times = Emg(SECONDS, RATE_HZ), beats(interval_s)
    onsets = np.arange(60.0, 840.0, 40.0)
    for onset in onsets:
        emg.burst(onset, 2.0, 25e-6)
    emg.samples += seen_of(times, size_v)
    return emg, times, onsets


def ecg(times_s: FloatArray) -> tuple[Channel, FloatArray]:
    samples = seen_of(times_s, 1e-3) + np.random.default_rng(7).normal(0, 2e-5, round(SECONDS * RATE_HZ))
    channel = Channel(
        name="ECG", kind=ChannelKind.ECG, unit=Unit.VOLT, sampling_rate_hz=RATE_HZ, n_samples=samples.size
    )
    return channel, samples


def test_beats_are_found_in_an_ecg() -> None:
    times = beats(0.85)
    found = beats_of(recording([ecg(times)]))
    nearest = np.abs(found[:, np.newaxis] - times).min(axis=1)
    assert found.size == pytest.approx(times.size, abs=25), "a beat may be lost where a minute ends"
    assert np.quantile(nearest, 0.98) < 0.03


def test_without_an_ecg_there_are_no_beats() -> None:
    assert beats_of(recording([(Emg(60.0).channel(), Emg(60.0).samples)])).size == 0


@pytest.mark.parametrize("has_ecg", [True, False])
@pytest.mark.parametrize(("interval_s", "size_v"), [(0.85, 30e-6), (0.5, 30e-6), (1.1, 20e-6)])
def test_every_movement_is_found_beside_a_heart(interval_s: float, size_v: float, *, has_ecg: bool) -> None:
    emg, times, onsets = leg_with_heart(interval_s, size_v)
    channels = [(emg.channel("EMG LAT"), emg.samples), *([ecg(times)] if has_ecg else [])]
    found = measured(recording(channels, stages(["N2"] * 30)))
    movements = next(train for train in found.events if train.kind is EventKind.LEG_MOVEMENT)
    assert len(movements) == onsets.size
    # beats are known better from an ECG than from the leg itself
    assert np.median(np.abs(movements.start_s - onsets)) < (0.02 if has_ecg else 0.1)


@pytest.mark.parametrize("has_ecg", [True, False])
def test_a_heart_is_no_fragmentary_myoclonus(*, has_ecg: bool) -> None:
    emg, times, _ = leg_with_heart(0.85, 90e-6)
    channels = [(emg.channel("EMG LAT"), emg.samples), *([ecg(times)] if has_ecg else [])]
    found = measured(recording(channels, stages(["N2"] * 30)))
    index = next(one for one in found.measurements if one.id == "fragmentary_myoclonus_index")
    assert index.value < 60.0, "of 1200 that a beat in every stretch would give"
