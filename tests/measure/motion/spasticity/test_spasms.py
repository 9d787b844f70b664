"""Spasms are counted where they are looked for, with their type by EMG, and never where nobody asked."""

import numpy as np
import pytest
from tests.measure.motion.spasticity.limb_scenes import (
    GRAVITY,
    Trace,
    beat_times,
    emg_of_beats,
    events,
    measured,
    recording_of,
    values,
)

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.spasticity.places import Place
from twitchwise.measure.motion.spasticity.settings import spasm_settings
from twitchwise.measure.motion.spasticity.spasm_findings import PENN_IS_SAID, spasm_measurements
from twitchwise.measure.motion.spasticity.spasms import Spasm, SpasmsOn, SpasmType
from twitchwise.measure.motion.spasticity.waves import WaveSource
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Task, Unit
from twitchwise.vocabulary.arrays import FloatArray

AT_REST = Asked(site="calf", task=Task.REST)
RATE_HZ = 1000.0
STARTS_S = (20.0, 60.0, 100.0)


def _noise(seed: int, duration_s: float = 120.0) -> FloatArray:
    return np.random.default_rng(seed).normal(scale=3e-6, size=round(duration_s * RATE_HZ))


def _spasm(kind: SpasmType, seed: int) -> FloatArray:
    """Return the EMG of a spasm of a type, 4 s long, or 0.2 s of the type myoclonus."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0, 0.2 if kind is SpasmType.MYOCLONUS else 4.0, 1 / RATE_HZ)
    if kind is SpasmType.CLONUS:
        times = beat_times(rng, 0.1, 22, 5.8, 0.05)
        return emg_of_beats(rng, 4.0, times, np.full(22, 1e-4))
    if kind is SpasmType.UNIT:
        train = np.zeros(time_s.size)
        train[(np.arange(0.05, 3.95, 1 / 9) * RATE_HZ).astype(int)] = 1
        wave = np.diff(np.exp(-0.5 * (np.arange(-8, 9) / 2.0) ** 2))
        return np.asarray(2e-4 * np.convolve(train, wave, "same"), dtype=np.float64)
    if kind is SpasmType.MIXED:
        clonic = emg_of_beats(rng, 4.0, beat_times(rng, 2.2, 10, 5.8, 0.05), np.full(10, 1e-4))
        return clonic + np.where(time_s < 2.0, 5e-5, 0.0) * rng.normal(size=time_s.size)
    return 5e-5 * rng.normal(size=time_s.size)


def _with(kind: SpasmType, seed: int = 1) -> Recording:
    samples = _noise(seed)
    for number, start_s in enumerate(STARTS_S):
        wave = _spasm(kind, seed + number)
        first = round(start_s * RATE_HZ)
        samples[first : first + wave.size] += wave
    return recording_of([Trace(kind=ChannelKind.EMG, samples=samples, rate_hz=RATE_HZ, name="EMG")])


@pytest.mark.parametrize("kind", list(SpasmType))
def test_spasms_are_counted_and_typed(kind: SpasmType) -> None:
    found = measured(_with(kind), AT_REST)
    (spasms,) = events(found, EventKind.SPASM)
    np.testing.assert_allclose(spasms.start_s, STARTS_S, atol=0.3)
    by_id = values(found)
    assert by_id["spasm_count"].value == 3
    assert by_id[f"spasm_{kind.value}_count"].value >= 2
    assert by_id["spasm_rate"].low < 3 / (120 / 3600) < by_id["spasm_rate"].high


def test_spasms_are_not_looked_for_unless_something_calls_for_it() -> None:
    recording = _with(SpasmType.TONIC)
    for asked in (Asked(), Asked(site="calf"), Asked(task=Task.REST), Asked(site="hand", task=Task.REST)):
        assert measured(recording, asked) is None


def test_a_note_that_names_spasms_calls_for_them_and_its_times_are_not_used() -> None:
    recording = _with(SpasmType.TONIC)
    noted = recording_of(
        [Trace(kind=ChannelKind.EMG, samples=recording.read("EMG"), rate_hz=RATE_HZ, name="EMG")], [(80.0, "spasm")]
    )
    (spasms,) = events(measured(noted), EventKind.SPASM)
    np.testing.assert_allclose(spasms.start_s, STARTS_S, atol=0.3)


def test_movements_in_sleep_are_scored_elsewhere() -> None:
    trace = Trace(kind=ChannelKind.EMG, samples=_with(SpasmType.TONIC).read("EMG"), rate_hz=RATE_HZ, name="leg")
    assert not events(measured(recording_of([trace], [(0.0, "Sleep stage N2")]), AT_REST), EventKind.SPASM)


def test_a_fasciculation_is_no_spasm() -> None:
    samples = _noise(2)
    wave = np.diff(np.exp(-0.5 * (np.arange(-12, 13) / 3.0) ** 2))
    for start_s in range(5, 115, 4):
        samples[start_s * 1000 : start_s * 1000 + wave.size] += 5e-4 * wave
    found = measured(recording_of([Trace(kind=ChannelKind.EMG, samples=samples, rate_hz=RATE_HZ)]), AT_REST)
    assert values(found)["spasm_rate"].value == 0.0
    assert values(found)["spasm_rate"].high == pytest.approx(3.0 / (120 / 3600), rel=0.01)


def test_the_answer_to_a_stretch_is_no_spasm() -> None:
    samples = _noise(3)
    samples[50_100:51_000] += 5e-5 * np.random.default_rng(0).normal(size=900)
    recording = recording_of([Trace(kind=ChannelKind.EMG, samples=samples, rate_hz=RATE_HZ)], [(50.0, "stretch")])
    assert values(measured(recording, AT_REST))["spasm_rate"].value == 0.0


def test_a_muscle_that_never_rests_is_said_to_be_past_judging() -> None:
    rng = np.random.default_rng(4)
    trace = Trace(kind=ChannelKind.EMG, samples=rng.normal(scale=5e-5, size=90_000), rate_hz=RATE_HZ, name="EMG")
    trace.samples[:9_000] *= 0.05
    found = measured(recording_of([trace]), AT_REST)
    assert found is not None
    assert "spasm_rate" not in values(found)
    assert any("cannot be looked for" in warning for warning in found.warnings)


def _ankle(seed: int, starts_s: tuple[float, ...], duration_s: float = 900.0) -> Trace:
    rng = np.random.default_rng(seed)
    time_s = np.arange(0, duration_s, 0.02)
    rows = np.stack([0 * time_s, GRAVITY + 0 * time_s, 0 * time_s]) + rng.normal(scale=0.03, size=(3, time_s.size))
    for start_s in starts_s:
        since = time_s - start_s
        on = (since >= 0) & (since < 3)
        rows[0, on] += 3 * np.sin(2 * np.pi * 1.7 * since[on])
    return Trace(kind=ChannelKind.ACCELERATION, samples=rows, rate_hz=50.0, name="acc", site="ankle")


def test_a_long_recording_at_the_ankle_is_searched_by_itself() -> None:
    found = measured(recording_of([_ankle(5, (100.0, 300.0, 700.0))]))
    (spasms,) = events(found, EventKind.SPASM)
    np.testing.assert_allclose(spasms.start_s, [100.0, 300.0, 700.0], atol=0.2)
    assert values(found)["spasm_duration"].value == pytest.approx(3.0, abs=0.3)
    assert values(found)["spasm_size"].unit is Unit.METER_PER_SECOND_SQUARED
    assert all("willed" in doubt or "six" in doubt for doubt in values(found)["spasm_duration"].doubts)


def test_activity_that_is_too_long_is_no_spasm_and_its_time_is_not_looked_at() -> None:
    found = values(measured(recording_of([_ankle(6, tuple(np.arange(200.0, 400.0, 2.0)))])))
    assert found["spasm_rate"].value == 0.0
    assert found["spasm_rate"].high == pytest.approx(3.0 / (700 / 3600), rel=0.03)


def test_a_movement_after_which_the_leg_lies_elsewhere_is_not_counted() -> None:
    trace = _ankle(8, (100.0, 500.0))
    turned = trace.samples[:, round(501.5 * 50) :]
    turned[0], turned[1] = turned[0] + 0.6 * GRAVITY, turned[1] - 0.2 * GRAVITY
    found = measured(recording_of([trace]))
    (spasms,) = events(found, EventKind.SPASM)
    np.testing.assert_allclose(spasms.start_s, [100.0], atol=0.2)
    assert "1 movement that left the leg turned" in values(found)["spasm_rate"].method


def test_a_single_twitch_that_moves_the_foot_is_no_spasm() -> None:
    trace = _ankle(9, ())
    trace.samples[0, 20_000:20_010] += 1.0
    assert values(measured(recording_of([trace])))["spasm_rate"].value == 0.0


def test_a_spasm_that_muscle_and_leg_show_is_told_once() -> None:
    rng = np.random.default_rng(7)
    emg = _noise(7, 900.0)
    for start_s in (100, 300):
        emg[start_s * 1000 : start_s * 1000 + 3000] += 5e-5 * rng.normal(size=3000)
    traces = [
        Trace(kind=ChannelKind.EMG, samples=emg, rate_hz=RATE_HZ, name="soleus"),
        _ankle(7, (100.1, 300.1, 600.0)),
    ]
    found = events(measured(recording_of(traces)), EventKind.SPASM)
    assert [(train.channel, len(train)) for train in found] == [("soleus", 2), ("acc", 1)]


@pytest.mark.parametrize(
    ("count", "hours", "score"), [(0, 10, 0), (3, 10, 2), (30, 10, 3), (300, 10, 4), (200, 10, 4), (9, 10, 2)]
)
def test_the_penn_score_is_the_rate_in_the_words_of_the_scale(count: int, hours: float, score: float) -> None:
    source = WaveSource(
        name="acc",
        kind=ChannelKind.ACCELERATION,
        unit=Unit.METER_PER_SECOND_SQUARED,
        place=Place.LEG,
        side=None,
        duration_s=hours * 3600,
        noise=0.0,
        depth_least=0.0,
        axis="acc",
    )
    spasms = tuple(Spasm(start_s=i, stop_s=i + 1.0, peak_s=i + 0.5, size=1.0) for i in range(count))
    found = SpasmsOn(source=source, spasms=spasms, looked_s=hours * 3600, busy_s=0.0)
    by_id = {one.id: one for one in spasm_measurements(found, spasm_settings())}
    assert by_id["spasm_penn_score"].value == score
    assert by_id["spasm_penn_score"].low <= score <= by_id["spasm_penn_score"].high
    assert PENN_IS_SAID in by_id["spasm_penn_score"].doubts
