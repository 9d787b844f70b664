"""Twitches of known latency, times and peak are found with intervals that hold the truth; nothing else is claimed."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.measure.mechanics.twitch_scenes import Scene, by_id, discharges, make, measured, samples_of, train_of, truths

from twitchwise.measure.mechanics import measure_twitches
from twitchwise.signals import ArraySource, Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray

TIMES = ("twitch_latency", "twitch_contraction_time", "twitch_half_relaxation_time")
MUSCLES = ("thenar", "gastrocnemius", "tibialis_anterior", "soleus")


def true_times(scene: Scene, unit: int = 0) -> dict[str, float]:
    truth = truths(scene.muscle)[unit]
    return dict(
        zip(TIMES, (truth.latency_s, truth.contraction_time_s, truth.half_relaxation_time_s), strict=True),
        twitch_peak_force=scene.sizes[unit],
    )


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("muscle", MUSCLES)
@pytest.mark.parametrize("noise_kind", ["white", "tremor", "drift"])
def test_a_twitch_is_measured_under_noise_of_any_color(muscle: str, noise_kind: str) -> None:
    scene = Scene(muscle=muscle, noise=0.1, noise_kind=noise_kind)
    found = by_id(measured(scene).measurements)
    assert found["twitch_latency"].value == pytest.approx(true_times(scene)["twitch_latency"], abs=3e-3)
    assert found["twitch_contraction_time"].value == pytest.approx(truths(muscle)[0].contraction_time_s, rel=0.08)
    assert found["twitch_half_relaxation_time"].value == pytest.approx(
        truths(muscle)[0].half_relaxation_time_s, rel=0.1
    )
    assert found["twitch_peak_force"].value == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize("muscle", MUSCLES)
def test_without_noise_hardly_any_error_is_left(muscle: str) -> None:
    scene = Scene(muscle=muscle, noise=0.002, n_events=6, duration_s=40.0)
    found = by_id(measured(scene).measurements)
    true = true_times(scene)
    assert found["twitch_latency"].value == pytest.approx(true["twitch_latency"], abs=0.8e-3)
    for name in (*TIMES[1:], "twitch_peak_force"):
        assert found[name].value == pytest.approx(true[name], rel=0.02)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed, (noise, muscle) in enumerate(product(("white", "tremor", "drift"), MUSCLES)):
        scene = Scene(noise=0.1, noise_kind=noise, muscle=muscle, n_events=16, duration_s=60.0, seed=seed)
        found = by_id(measured(scene).measurements)
        held += [found[name].low <= true <= found[name].high for name, true in true_times(scene).items()]
    assert np.mean(held) >= 0.9  # of 48


def test_the_onset_is_not_late_as_that_of_a_threshold_is() -> None:
    late_s, by_threshold_s = [], []
    for seed in range(4):
        scene = Scene(noise=0.3, n_events=16, duration_s=60.0, seed=seed)
        late_s.append(by_id(measured(scene).measurements)["twitch_latency"].value - truths("thenar")[0].latency_s)
        times_s, _ = discharges(scene)
        samples = samples_of(scene)
        mean = np.mean([samples[round(at * 1000) - 200 : round(at * 1000) + 200] for at in times_s], axis=0)
        level = mean[:200].mean() + 3 * mean[:200].std()
        by_threshold_s.append(1e-3 * np.argmax(mean[200:] > level) - truths("thenar")[0].latency_s)
    assert np.mean(by_threshold_s) > 5e-3
    assert abs(np.mean(late_s)) < 2e-3


def test_units_keep_their_own_twitches() -> None:
    scene = Scene(n_units=3, n_events=36, sizes=(0.5, 1.0, 2.0))
    channel = measured(scene)
    assert [unit.unit for unit in channel.units] == [1, 2, 3]
    for index, unit in enumerate(channel.units):
        assert by_id(unit.measurements)["twitch_peak_force"].value == pytest.approx(scene.sizes[index], rel=0.06)
    over = by_id(channel.measurements)["twitch_peak_force"]
    assert over.value == pytest.approx(1.0, rel=0.06)
    assert over.low < 0.55
    assert over.high > 1.9


def test_each_event_has_its_own_values_where_it_stands_out() -> None:
    scene = Scene(n_units=2, n_events=24, noise=0.01, sizes=(1.0, 2.0, 1.0))
    channel = measured(scene)
    assert channel.values is not None
    times_s, unit = discharges(scene)
    assert channel.values.time_s == pytest.approx(times_s, abs=1e-9)
    assert channel.values.peak == pytest.approx(np.array(scene.sizes)[unit], rel=0.05)
    assert channel.values.latency_s == pytest.approx(truths("thenar")[0].latency_s, abs=5e-3)
    assert channel.values.isolated.all()
    assert not channel.values.disturbed.any()
    assert channel.twitches is not None
    assert len(channel.twitches) == 24
    assert channel.twitches.kind is EventKind.TWITCH
    assert set(channel.twitches.probability) == {0.9}
    lasts_s = channel.twitches.end_s - channel.twitches.start_s
    assert lasts_s[0] == pytest.approx(
        truths("thenar")[0].contraction_time_s + truths("thenar")[0].half_relaxation_time_s, rel=0.05
    )


def test_a_known_delay_of_the_sensor_is_taken_off_and_an_unknown_one_is_doubted() -> None:
    recording, events, rest = make(Scene())
    unknown = by_id(measure_twitches(recording, events, rest).measurements)["twitch_latency"]
    known = by_id(measure_twitches(recording, events, rest, sensor_delay_s={"sensor": 0.005}).measurements)[
        "twitch_latency"
    ]
    assert known.value == pytest.approx(unknown.value - 0.005)
    assert any("delay of the sensor" in doubt for doubt in unknown.doubts)
    assert known.doubts == ()


@pytest.mark.parametrize("delay_s", [-0.001, float("nan")])
def test_a_delay_that_cannot_be_is_refused(delay_s: float) -> None:
    with pytest.raises(OutOfRangeError, match="sensor delay of channel 'sensor'"):
        measure_twitches(*make(Scene(duration_s=20.0, n_events=4)), sensor_delay_s={"sensor": delay_s})
    with pytest.raises(OutOfRangeError, match="channel must be one of"):
        measure_twitches(*make(Scene(duration_s=20.0, n_events=4)), sensor_delay_s={"elbow": 0.001})


@pytest.mark.parametrize("kind", [ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY])
def test_a_motion_sensor_gives_the_latency_and_its_own_peak_alone(kind: ChannelKind) -> None:
    scene = Scene(kind=kind, noise=0.02)
    channel = measured(scene)
    found = by_id(channel.measurements)
    assert set(found) == {"twitch_latency", f"twitch_peak_{kind.value}"}
    assert found["twitch_latency"].low <= truths("thenar")[0].latency_s <= found["twitch_latency"].high
    clean = np.abs(samples_of(replace(scene, noise=0.0))).max()
    assert found[f"twitch_peak_{kind.value}"].value == pytest.approx(clean, rel=0.08)
    assert "cannot give peak force" in " ".join(channel.statements)
    assert channel.values is not None
    assert np.isnan(channel.values.contraction_time_s).all()


def test_a_skin_that_bulges_gives_times_of_the_bulge() -> None:
    channel = measured(Scene(kind=ChannelKind.DISPLACEMENT))
    assert "twitch_peak_displacement" in by_id(channel.measurements)
    assert "times are those of the bulge" in channel.statements[0]


def test_a_sensor_that_points_the_other_way_gives_the_same_twitch() -> None:
    recording, events, rest = make(Scene())
    turned = Recording(
        name="x", format="array", channels=recording.channels, source=ArraySource([-recording.read("sensor")])
    )
    there, back = (by_id(measure_twitches(one, events, rest).measurements) for one in (recording, turned))
    for name, one in there.items():
        assert back[name].value == pytest.approx(one.value, rel=1e-4)


@pytest.mark.parametrize("noise_kind", ["white", "tremor", "drift"])
def test_where_nothing_follows_the_discharges_the_peak_has_an_upper_bound(noise_kind: str) -> None:
    scene = Scene(noise=1.0, noise_kind=noise_kind, sizes=(0.0, 0.0, 0.0))
    channel = measured(scene)
    (bound,) = channel.measurements
    assert (bound.id, bound.value, bound.low) == ("twitch_peak_force", 0.0, 0.0)
    assert 0 < bound.high < 1.5
    assert "No twitch stands out" in bound.doubts[0]
    assert [unit.seen for unit in channel.units] == [False]
    assert channel.twitches is not None
    assert len(channel.twitches) == 0


def test_a_small_twitch_gives_its_peak_and_no_times() -> None:
    channel = measured(Scene(noise=1.6, seed=2))
    assert channel.units[0].seen
    assert channel.units[0].twitch_to_noise < 20
    assert set(by_id(channel.measurements)) == {"twitch_peak_force"}


def test_twitches_that_overlap_are_left_out() -> None:
    scene = Scene(n_events=12)
    recording, events, rest = make(scene)
    doubled = np.sort(np.append(events.start_s, events.start_s[:4] + 0.2))
    train = EventTrain(
        kind=events.kind,
        channel="emg",
        start_s=doubled,
        peak_s=doubled + 2e-3,
        end_s=doubled + 8e-3,
        peak=np.ones(16),
        unit=np.ones(16, dtype=np.int64),
    )
    channel = measure_twitches(recording, train, rest).channels[0]
    assert channel.units[0].n_events == 8
    assert channel.values is not None
    assert channel.values.isolated.sum() == 8
    assert np.isnan(channel.values.peak[~channel.values.isolated]).all()


def test_only_what_lies_at_rest_counts() -> None:
    recording, events, _ = make(Scene())
    channel = measure_twitches(recording, events, Intervals(((0.0, 60.0),))).channels[0]
    assert channel.values is not None
    assert channel.values.isolated[events.start_s > 60].sum() == 0
    nothing = measure_twitches(recording, events, Intervals()).channels[0]
    assert not nothing.usable
    assert "No discharge stands alone at rest" in nothing.reason


def test_a_jolt_spoils_its_own_event_alone() -> None:
    scene = Scene()
    recording, events, rest = make(scene)
    samples = np.array(recording.read("sensor"))
    at = round(events.start_s[5] * 1000)
    samples[at + 30 : at + 90] += 20.0
    jolted = Recording(name="x", format="array", channels=recording.channels, source=ArraySource([samples]))
    channel = measure_twitches(jolted, events, rest).channels[0]
    assert channel.values is not None
    assert np.flatnonzero(channel.values.disturbed).tolist() == [5]
    assert by_id(channel.measurements)["twitch_peak_force"].value == pytest.approx(1.0, rel=0.05)


def test_a_gap_in_the_channel_costs_its_events_alone() -> None:
    recording, events, rest = make(Scene())
    samples = np.array(recording.read("sensor"))
    samples[round(events.start_s[3] * 1000)] = np.nan
    gap = Recording(name="x", format="array", channels=recording.channels, source=ArraySource([samples]))
    assert measure_twitches(gap, events, rest).channels[0].units[0].n_events == 23


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(n_events=1, duration_s=30.0, noise=0.02), "Only one isolated twitch"),
        (Scene(n_events=3, duration_s=30.0, noise=0.02), "Only 3 isolated twitches"),
        (Scene(unit_numbers=False), "not sorted into units"),
        (Scene(sampling_rate_hz=100.0), "100 samples a second are too few for a latency"),
    ],
)
def test_what_must_not_be_leaned_on_is_doubted(scene: Scene, said: str) -> None:
    latency = by_id(measured(scene).measurements)["twitch_latency"]
    assert any(said in doubt for doubt in latency.doubts), latency.doubts


@pytest.mark.parametrize("unit", [Unit.UNKNOWN, Unit.COUNT])
def test_a_peak_in_no_unit_is_doubted(unit: Unit) -> None:
    recording, events, rest = make(Scene())
    channel = replace(recording.channels[0], unit=unit)
    raw = Recording(name="x", format="array", channels=(channel,), source=ArraySource([recording.read("sensor")]))
    found = by_id(measure_twitches(raw, events, rest).measurements)
    assert found["twitch_peak_force"].unit is unit
    assert any("does not say the unit" in doubt for doubt in found["twitch_peak_force"].doubts)


def test_a_torque_is_called_a_torque() -> None:
    recording, events, rest = make(Scene())
    channel = replace(recording.channels[0], unit=Unit.NEWTON_METER)
    torque = Recording(name="x", format="array", channels=(channel,), source=ArraySource([recording.read("sensor")]))
    assert "twitch_peak_torque" in by_id(measure_twitches(torque, events, rest).measurements)


def _followed_by(shape: Callable[[FloatArray], FloatArray]) -> dict[str, Measurement]:
    recording, events, rest = make(Scene())
    time_s = np.arange(recording.channels[0].n_samples) / 1000
    last = np.maximum(np.searchsorted(events.start_s, time_s) - 1, 0)
    since = np.maximum(time_s - events.start_s[last] - 0.008, 0.0)
    samples = shape(since) + 0.01 * np.random.default_rng(1).standard_normal(time_s.size)
    moved = Recording(name="x", format="array", channels=recording.channels, source=ArraySource([samples]))
    return by_id(measure_twitches(moved, events, rest).measurements)


def test_times_that_no_muscle_has_are_doubted() -> None:
    found = _followed_by(lambda since: since / 0.005 * np.exp(1 - since / 0.005))
    assert any("No human muscle" in doubt for doubt in found["twitch_contraction_time"].doubts)


def test_what_does_not_look_like_a_twitch_is_doubted() -> None:
    found = _followed_by(lambda since: np.sin(2 * np.pi * 12 * since) * np.exp(-since / 0.2))
    assert any("shape of a twitch" in doubt for doubt in found["twitch_peak_force"].doubts)


@pytest.mark.parametrize("muscle", MUSCLES)
@pytest.mark.parametrize("noise_kind", ["white", "tremor"])
def test_a_twitch_looks_like_one_however_little_noise_there_is(muscle: str, noise_kind: str) -> None:
    scene = Scene(muscle=muscle, noise=0.005, noise_kind=noise_kind, n_events=8, duration_s=40.0)
    assert by_id(measured(scene).measurements)["twitch_peak_force"].doubts == ()


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(sampling_rate_hz=40.0), "40 samples a second are too few for a twitch"),
        (Scene(n_events=1, duration_s=3.2), "too little rest"),
    ],
)
def test_a_channel_that_cannot_be_used_says_why(scene: Scene, said: str) -> None:
    channel = measured(scene)
    assert not channel.usable
    assert said in channel.reason
    assert channel.measurements == ()


def test_a_dead_channel_says_so() -> None:
    recording, events, rest = make(Scene(duration_s=30.0, n_events=6))
    dead = Recording(name="x", format="array", channels=recording.channels, source=ArraySource([np.zeros(30_000)]))
    assert "shows nothing at all" in measure_twitches(dead, events, rest).channels[0].reason


def test_little_rest_without_twitches_is_told() -> None:
    channel = measured(Scene(n_events=2, duration_s=9.0, noise=0.02))
    assert any("s of rest without twitches show the noise" in one for one in channel.statements)


def test_both_sides_are_needed() -> None:
    scene = Scene(duration_s=20.0, n_events=4)
    recording, events, rest = make(scene)
    silent = EventTrain(kind=events.kind, channel="emg")
    nothing = measure_twitches(recording, silent, rest)
    assert (nothing.channels, nothing.measurements, nothing.events) == ((), (), ())
    assert "there is no discharge" in nothing.warnings[0]
    emg = Channel(name="emg", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1e3, n_samples=20_000)
    alone = Recording(name="x", format="array", channels=(emg,), source=ArraySource([np.zeros(20_000)]))
    assert "no channel of force or motion" in measure_twitches(alone, events, rest).warnings[0]


def test_a_slow_muscle_asks_for_more_room() -> None:
    recording, events, rest = make(Scene(muscle="soleus", noise=0.02))
    close = np.sort(np.append(events.start_s, events.start_s[0] + 0.62))
    train = EventTrain(
        kind=events.kind,
        channel="emg",
        start_s=close,
        peak_s=close + 2e-3,
        end_s=close + 8e-3,
        peak=np.ones(close.size),
        unit=np.ones(close.size, dtype=np.int64),
    )
    channel = measure_twitches(recording, train, rest).channels[0]
    assert channel.values is not None
    assert not channel.values.isolated[:2].any()
    assert channel.values.isolated[2:].all()


def test_the_same_recording_gives_the_same_twitches() -> None:
    first, second = (measured(Scene(duration_s=40.0, n_events=8)) for _ in range(2))
    assert first.measurements == second.measurements
    assert len(train_of(Scene(duration_s=40.0, n_events=8))) == 8
