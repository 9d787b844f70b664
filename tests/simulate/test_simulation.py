"""A simulation gives a recording and its truth, the same for the same seed, for every condition and any length."""

import math
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.simulate import SurfaceElectrode, known_conditions, simulate_condition, twitch_of
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, OutOfRangeError, Unit

SILENT = SurfaceElectrode(noise_rms_v=0.0)


@pytest.mark.parametrize("condition", known_conditions())
def test_every_condition_gives_a_recording_with_its_truth(condition: str) -> None:
    simulation = simulate_condition(condition, duration_s=30.0, seed=3)
    recording = simulation.recording
    assert [(channel.name, channel.kind, channel.unit) for channel in recording.channels] == [
        ("EMG", ChannelKind.EMG, Unit.VOLT),
        ("Force", ChannelKind.FORCE, Unit.NEWTON),
    ]
    assert recording.channel("EMG").electrode is Electrode.SURFACE
    assert recording.duration_s == pytest.approx(30.0)
    for channel in recording.channels:
        samples = recording.read(channel.name)
        assert samples.shape == (60_000,)
        assert np.isfinite(samples).all()
    assert (recording.read("Force") >= 0).all()
    assert {train.channel for train in simulation.events} == {"EMG"}
    assert simulation.twitch == twitch_of(condition)
    assert simulation.healthy_twitch == twitch_of("healthy")
    assert any("not a recording of a person" in warning for warning in recording.warnings)


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ("healthy", [EventKind.FASCICULATION_POTENTIAL]),
        ("eyelid_myokymia", [EventKind.FASCICULATION_POTENTIAL]),
        ("parkinson_disease", [EventKind.FASCICULATION_POTENTIAL, EventKind.TREMOR_BURST]),
    ],
)
def test_only_bursts_of_several_units_are_tremor(condition: str, kinds: list[EventKind]) -> None:
    simulation = simulate_condition(condition, duration_s=30.0, seed=1)
    assert [train.kind for train in simulation.events] == kinds


@settings(max_examples=10)
@given(st.integers(0, 2**63), st.sampled_from(known_conditions()))
def test_the_same_seed_gives_the_same_samples_and_events(seed: int, condition: str) -> None:
    one, other = (simulate_condition(condition, duration_s=5.0, seed=seed) for _ in range(2))
    for name in ("EMG", "Force"):
        assert (one.recording.read(name) == other.recording.read(name)).all()
    for mine, theirs in zip(one.events, other.events, strict=True):
        assert (mine.start_s == theirs.start_s).all()
        assert (mine.peak == theirs.peak).all()


def test_another_seed_gives_other_samples() -> None:
    one, other = (simulate_condition("healthy", duration_s=5.0, seed=seed).recording.read("EMG") for seed in (0, 1))
    assert (one != other).any()


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_the_truth_meets_the_peaks_of_the_noise_free_emg(seed: int) -> None:
    simulation = simulate_condition("benign_fasciculation_syndrome", duration_s=60.0, seed=seed, electrode=SILENT)
    emg = simulation.recording.read("EMG")
    (train,) = simulation.events
    quiet = np.ones(emg.size, dtype=np.bool_)
    before, after = np.concatenate([[-1.0], train.end_s[:-1]]), np.concatenate([train.start_s[1:], [math.inf]])
    for event, previous_end, next_start in zip(train, before, after, strict=True):
        first, last = math.ceil(event.start_s * 2000), math.floor(event.end_s * 2000)
        quiet[max(first - 10, 0) : last + 12] = False
        if previous_end < event.start_s - 0.01 and event.end_s + 0.01 < next_start:
            inside = emg[first : last + 1]
            at_peak = inside[round(event.peak_s * 2000) - first]  # two phases may be as high as each other
            assert abs(at_peak) == pytest.approx(np.abs(inside).max(), rel=0.02)
            assert event.peak == pytest.approx(at_peak, abs=1e-6)
    assert np.abs(emg[quiet]).max(initial=0.0) < 3e-6  # the tails of large units reach a little beyond their event


def test_events_lie_wholly_within_the_recording() -> None:
    for seed in range(20):
        for train in simulate_condition("parkinson_disease", duration_s=3.0, seed=seed).events:
            assert (train.start_s >= 0).all()
            assert (train.end_s <= 3.0).all()


def test_the_rate_of_the_truth_is_that_of_the_condition_within_poisson_bounds() -> None:
    simulation = simulate_condition("benign_fasciculation_syndrome", duration_s=3600.0, seed=2)
    expected = 60 * simulation.parameters["fasciculation_rate_per_min"]
    assert abs(len(simulation.events[0]) - expected) < 4 * math.sqrt(expected)


def test_tremor_shows_its_frequency_in_the_force() -> None:
    simulation = simulate_condition("parkinson_disease", duration_s=120.0, seed=4)
    force = simulation.recording.read("Force")
    spectrum = np.abs(np.fft.rfft(force - force.mean())) ** 2
    frequency = np.fft.rfftfreq(force.size, 1 / 2000.0)
    band = (frequency > 2.0) & (frequency < 20.0)
    peak_hz = frequency[band][spectrum[band].argmax()]
    assert peak_hz == pytest.approx(simulation.parameters["rhythmic_burst_rate_hz"], abs=0.5)


def test_noise_and_hum_are_those_of_the_electrode() -> None:
    quiet = simulate_condition("healthy", duration_s=2.0, electrode=SILENT).recording.read("EMG", 0.0, 0.01)
    assert np.abs(quiet).max() < 1e-5
    hum = SurfaceElectrode(mains_v=1e-3, mains_hz=60.0)
    loud = simulate_condition("healthy", duration_s=2.0, electrode=hum).recording.read("EMG")
    assert np.abs(np.fft.rfft(loud)).argmax() == 120
    assert loud.std() == pytest.approx(1e-3 / math.sqrt(2), rel=0.01)


def test_an_hour_takes_no_more_memory_than_its_blocks() -> None:
    tracemalloc.start()
    simulation = simulate_condition("amyotrophic_lateral_sclerosis", duration_s=3600.0, seed=0)
    for _, block in simulation.recording.blocks("EMG", block_s=60.0):
        assert block.size == 120_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # the channel alone would be 57.6 MB


def test_a_recording_too_short_for_an_event_has_none() -> None:
    simulation = simulate_condition("eyelid_myokymia", duration_s=0.001)
    assert [len(train) for train in simulation.events] == [0]
    assert simulation.recording.read("EMG").shape == (2,)


def test_a_coarse_sampling_rate_is_warned_of() -> None:
    coarse, fine = (simulate_condition("healthy", duration_s=1.0, sampling_rate_hz=rate) for rate in (500.0, 1000.0))
    assert any("coarse" in warning for warning in coarse.warnings)
    assert not any("coarse" in warning for warning in fine.warnings)


def test_starts_are_in_order() -> None:
    simulation = simulate_condition("amyotrophic_lateral_sclerosis", duration_s=600.0, seed=5)
    assert all(one.start_s <= other.start_s for one, other in pairwise(simulation.events[0]))


@pytest.mark.parametrize(
    "change",
    [
        {"duration_s": 0.0},
        {"duration_s": -1.0},
        {"duration_s": math.nan},
        {"duration_s": math.inf},
        {"duration_s": 1e6},
        {"duration_s": 1e-6},
        {"sampling_rate_hz": 5.0},
        {"sampling_rate_hz": math.nan},
        {"sampling_rate_hz": 1e7},
        {"seed": -1},
    ],
)
def test_a_simulation_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        simulate_condition("healthy", **change)  # type: ignore[arg-type]


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="Did you mean 'caffeine'"):
        simulate_condition("coffeine")
