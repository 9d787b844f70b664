"""Clonus is found after a stretch, measured as it was made, and told from tremor and from a limb that swings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.motion.spasticity.limb_scenes import (
    Trace,
    beat_times,
    emg_of_beats,
    events,
    measured,
    motion_of_beats,
    recording_of,
    values,
)

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.spasticity.bouts import AGAIN, ONE_OF_A_TREMOR, SEEN_ONLY
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

STRETCH_S = 4.0
NOTED = [(STRETCH_S, "stretch")]


def _beating(
    kind: ChannelKind, seed: int, *, beats: int = 20, frequency_hz: float = 6.0, decay_per_s: float = 0.3
) -> tuple[Recording, FloatArray]:
    """Return a recording of clonus after a noted stretch, and when its beats were."""
    rng = np.random.default_rng(seed)
    times = beat_times(rng, STRETCH_S + 0.2, beats, frequency_hz, 0.06)
    sizes = np.exp(-decay_per_s * (times - times[0]))
    duration_s = float(times[-1]) + 5
    trace = {
        ChannelKind.EMG: lambda: Trace(
            kind=kind, samples=emg_of_beats(rng, duration_s, times, 1e-4 * sizes), rate_hz=1000.0, name="EMG"
        ),
        ChannelKind.ANGULAR_VELOCITY: lambda: Trace(
            kind=kind, samples=motion_of_beats(rng, duration_s, times, 2 * sizes), rate_hz=100.0, name="gyro"
        ),
    }[kind]()
    return recording_of([trace], NOTED), times


def _without_stretch(recording: Recording, asked: Asked) -> RecordingMeasurements | None:
    bare = Recording(name="x", format="array", channels=recording.channels, source=recording.source, annotations=())
    return measured(bare, asked)


@pytest.mark.parametrize("kind", [ChannelKind.EMG, ChannelKind.ANGULAR_VELOCITY])
@given(seed=st.integers(0, 10_000), frequency_hz=st.floats(3.6, 6.8), beats=st.integers(8, 40))
def test_a_bout_after_a_stretch_is_found_with_its_frequency(
    kind: ChannelKind, seed: int, frequency_hz: float, beats: int
) -> None:
    recording, times = _beating(kind, seed, frequency_hz=frequency_hz, beats=beats)
    found = measured(recording)
    (bouts,) = events(found, EventKind.CLONUS)
    assert len(bouts) == 1
    assert bouts.start_s[0] == pytest.approx(times[0], abs=1.5 / frequency_hz)
    made_hz = (beats - 1) / (times[-1] - times[0])
    assert values(found)["clonus_frequency"].value == pytest.approx(made_hz, rel=0.06)


@pytest.mark.parametrize("kind", [ChannelKind.EMG, ChannelKind.ANGULAR_VELOCITY])
def test_the_interval_of_the_frequency_holds_the_frequency_it_was_made_with(kind: ChannelKind) -> None:
    held = 0
    for seed in range(60):
        one = values(measured(_beating(kind, seed, frequency_hz=5.5)[0]))["clonus_frequency"]
        held += one.low <= 5.5 <= one.high
    assert held >= 54


def test_each_beat_of_motion_is_an_event_where_it_was_made() -> None:
    recording, times = _beating(ChannelKind.ANGULAR_VELOCITY, 3)
    (beats,) = events(measured(recording), EventKind.CLONUS_BEAT)
    apart = np.abs(beats.peak_s[:, None] - times).min(axis=1)
    assert abs(len(beats) - times.size) <= 1
    assert np.median(apart) < 0.02


def test_long_beating_of_emg_has_no_beats_here_for_other_activity_tells_them() -> None:
    recording, _ = _beating(ChannelKind.EMG, 3, beats=60, decay_per_s=0.0)
    assert not events(measured(recording), EventKind.CLONUS_BEAT)
    assert len(events(measured(recording), EventKind.CLONUS)) == 1


def test_beats_of_a_short_bout_of_emg_are_told_here_for_other_activity_misses_them() -> None:
    recording, times = _beating(ChannelKind.EMG, 3, beats=4, decay_per_s=0.0)
    (beats,) = events(measured(recording), EventKind.CLONUS_BEAT)
    np.testing.assert_allclose(beats.peak_s, times, atol=0.04)


@pytest.mark.parametrize("half_life_s", [0.5, 1.0, 2.0])
def test_the_half_life_is_that_of_the_beats(half_life_s: float) -> None:
    recording, _ = _beating(ChannelKind.ANGULAR_VELOCITY, 4, decay_per_s=np.log(2) / half_life_s)
    one = values(measured(recording))["clonus_half_life"]
    assert one.unit is Unit.SECOND
    assert one.value == pytest.approx(half_life_s, rel=0.2)
    assert one.low < one.value < one.high


def test_what_does_not_die_away_has_no_half_life() -> None:
    found = values(measured(_beating(ChannelKind.ANGULAR_VELOCITY, 5, decay_per_s=0.0, beats=40)[0]))
    assert "clonus_half_life" not in found
    assert found["clonus_decay"].low < 0 < found["clonus_decay"].high


@pytest.mark.parametrize(("beats", "sustained"), [(6, 0.0), (30, 1.0)])
def test_ten_beats_are_sustained(beats: int, sustained: float) -> None:
    found = values(measured(_beating(ChannelKind.EMG, 6, beats=beats, decay_per_s=0.0)[0]))
    assert found["clonus_sustained_count"].value == sustained
    assert found["clonus_beats"].value == pytest.approx(beats, abs=1)


def test_a_stretch_without_an_answer_is_none_seen_with_a_bound() -> None:
    rng = np.random.default_rng(0)
    quiet = Trace(kind=ChannelKind.EMG, samples=rng.normal(scale=3e-6, size=60_000), rate_hz=1000.0)
    found = values(measured(recording_of([quiet], NOTED)))
    assert found["clonus_rate"].value == 0.0
    assert found["clonus_rate"].high == pytest.approx(3.0, rel=0.01)
    assert found["clonus_answered_share"].value == 0.0
    assert "clonus_frequency" not in found


@pytest.mark.parametrize("kind", [ChannelKind.EMG, ChannelKind.ANGULAR_VELOCITY])
@pytest.mark.parametrize("site", [None, "hand"])
def test_without_a_stretch_the_same_rhythm_is_left_to_tremor(kind: ChannelKind, site: str | None) -> None:
    recording, _ = _beating(kind, 7, beats=60, decay_per_s=0.0)
    assert _without_stretch(recording, Asked(site=site)) is None


def test_on_the_leg_a_sustained_rhythm_without_a_stretch_is_doubted() -> None:
    recording, _ = _beating(ChannelKind.ANGULAR_VELOCITY, 8, beats=40, decay_per_s=0.0)
    found = _without_stretch(recording, Asked(site="ankle"))
    (bouts,) = events(found, EventKind.CLONUS)
    assert bouts.probability[0] == 0.5
    assert ONE_OF_A_TREMOR in values(found)["clonus_frequency"].doubts


def test_on_the_leg_a_short_rhythm_without_a_stretch_is_none() -> None:
    recording, _ = _beating(ChannelKind.ANGULAR_VELOCITY, 8, beats=7, decay_per_s=0.0)
    found = _without_stretch(recording, Asked(site="ankle"))
    assert not events(found, EventKind.CLONUS)
    assert values(found)["clonus_rate"].value == 0.0


@pytest.mark.parametrize("site", [None, "wrist", "ankle"])
def test_a_tremor_that_pauses_at_a_tap_is_no_clonus(site: str | None) -> None:
    rng = np.random.default_rng(9)
    before, after = (beat_times(rng, start_s, 60, 5.0, 0.03) for start_s in (0.2, 14.2))
    times = np.concatenate([before[before < 13], after])
    trace = Trace(
        kind=ChannelKind.ANGULAR_VELOCITY,
        samples=motion_of_beats(rng, 30, times, np.ones(times.size)),
        rate_hz=100.0,
        name="gyro",
    )
    found = measured(recording_of([trace], [(14.0, "tap")]), Asked(site=site))
    if site == "ankle":
        # on a leg a rhythm that a tap begins cannot be told from clonus
        assert found is not None
    else:
        assert not events(found, EventKind.CLONUS)
        assert found is not None
        assert any("cannot be told from a tremor" in warning for warning in found.warnings)
        assert "clonus_rate" not in values(found)


@pytest.mark.parametrize("ratio", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("resonance_hz", [4.0, 5.5, 7.0])
def test_a_limb_that_swings_by_itself_after_a_blow_is_no_clonus(ratio: float, resonance_hz: float) -> None:
    rng = np.random.default_rng(10)
    time_s = np.arange(0, 20, 0.01)
    since = np.maximum(time_s - STRETCH_S, 0.0)
    swing = 3 * np.exp(-2 * np.pi * resonance_hz * ratio * since) * np.sin(2 * np.pi * resonance_hz * since)
    trace = Trace(
        kind=ChannelKind.ANGULAR_VELOCITY, samples=swing + rng.normal(scale=0.005, size=swing.size), rate_hz=100.0
    )
    assert not events(measured(recording_of([trace], [(STRETCH_S, "tap")])), EventKind.CLONUS)


def test_two_sensors_tell_a_bout_once() -> None:
    rng = np.random.default_rng(11)
    times = beat_times(rng, 4.2, 25, 5.5, 0.05)
    traces = [
        Trace(
            kind=ChannelKind.EMG, samples=emg_of_beats(rng, 15, times, np.full(25, 1e-4)), rate_hz=1000.0, name="EMG"
        ),
        Trace(
            kind=ChannelKind.ANGULAR_VELOCITY,
            samples=motion_of_beats(rng, 15, times + 0.05, np.ones(25)),
            rate_hz=100.0,
            name="gyro",
        ),
    ]
    found = measured(recording_of(traces, NOTED))
    (bouts,) = events(found, EventKind.CLONUS)
    assert (bouts.channel, len(bouts)) == ("EMG", 1)
    assert "Seen on gyro as well" in values(found)["clonus_frequency"].method


def test_sharp_beats_of_acceleration_are_counted_once_each() -> None:
    rng = np.random.default_rng(12)
    time_s = np.arange(0, 16, 0.01)
    on = (time_s > 4.2) & (time_s < 10)
    phase = 2 * np.pi * 3.6 * (time_s - 4.2)
    shaken = np.where(on, 2 * np.sin(phase) + 2.2 * np.sin(2 * phase + 0.7), 0.0)
    rows = np.stack([shaken, 9.81 + 0 * shaken, 0.3 * shaken]) + rng.normal(scale=0.02, size=(3, shaken.size))
    trace = Trace(kind=ChannelKind.ACCELERATION, samples=rows, rate_hz=100.0, name="acc")
    found = values(measured(recording_of([trace], NOTED)))
    assert found["clonus_frequency"].value == pytest.approx(3.6, abs=0.1)


def test_a_stretch_that_a_goniometer_saw_is_enough_and_said() -> None:
    rng = np.random.default_rng(13)
    times = beat_times(rng, 4.3, 25, 5.5, 0.05)
    time_s = np.arange(0, 16, 0.01)
    angle = 0.3 * np.clip((time_s - 3.95) / 0.15, 0, 1) + np.cumsum(motion_of_beats(rng, 16, times, np.ones(25))) / 100
    found = measured(recording_of([Trace(kind=ChannelKind.ANGLE, samples=angle, rate_hz=100.0, name="ankle joint")]))
    assert len(events(found, EventKind.CLONUS)) == 1
    assert SEEN_ONLY in values(found)["clonus_frequency"].doubts


def test_a_bout_that_the_recording_cuts_is_doubted() -> None:
    rng = np.random.default_rng(14)
    times = beat_times(rng, 4.2, 80, 5.5, 0.05)
    trace = Trace(kind=ChannelKind.EMG, samples=emg_of_beats(rng, 12, times, np.full(80, 1e-4)), rate_hz=1000.0)
    doubts = values(measured(recording_of([trace], NOTED)))["clonus_duration"].doubts
    assert any("may have lasted longer" in doubt for doubt in doubts)


def test_clonus_that_comes_again_after_a_spasm_is_a_bout_with_a_doubt() -> None:
    rng = np.random.default_rng(17)
    first, again = beat_times(rng, 4.2, 30, 5.5, 0.05), beat_times(rng, 14.0, 30, 5.5, 0.05)
    times = np.concatenate([first, again])
    samples = emg_of_beats(rng, 25, times, np.full(times.size, 1e-4))
    samples[10_000:13_500] += 5e-5 * rng.normal(size=3_500)
    found = measured(recording_of([Trace(kind=ChannelKind.EMG, samples=samples, rate_hz=1000.0)], NOTED))
    (bouts,) = events(found, EventKind.CLONUS)
    np.testing.assert_allclose(bouts.start_s, [4.1, 13.9], atol=0.3)
    assert AGAIN in values(found)["clonus_frequency"].doubts


def test_missing_samples_are_bridged() -> None:
    rng = np.random.default_rng(15)
    samples = motion_of_beats(rng, 15, beat_times(rng, 4.2, 25, 5.5, 0.05), np.ones(25))
    samples[200:250] = np.nan
    samples[1200:1300] = np.nan
    found = measured(recording_of([Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=samples, rate_hz=100.0)], NOTED))
    assert values(found)["clonus_frequency"].value == pytest.approx(5.5, abs=0.3)


def test_noise_shows_no_clonus_however_often_it_is_stretched() -> None:
    rng = np.random.default_rng(16)
    traces = [
        Trace(kind=ChannelKind.EMG, samples=rng.normal(scale=3e-6, size=600_000), rate_hz=1000.0, name="EMG"),
        Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=rng.normal(scale=0.01, size=60_000), rate_hz=100.0, name="g"),
        Trace(kind=ChannelKind.FORCE, samples=rng.normal(scale=0.01, size=60_000), rate_hz=100.0, name="force"),
    ]
    notes = [(float(time_s), "stretch") for time_s in range(5, 595, 5)]
    assert not events(measured(recording_of(traces, notes)), EventKind.CLONUS)
