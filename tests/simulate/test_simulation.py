"""A simulation runs for every condition, is the same for a seed, and refuses what cannot be with one sentence."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.signals import ArraySource, Recording
from twitchwise.simulate import (
    Apparatus,
    ConcentricNeedle,
    Setting,
    Simulation,
    known_conditions,
    parameters_for,
    preparation,
    simulate_condition,
    simulation,
    twitch_of,
)
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Excitability, looked_up
from twitchwise.simulate.engine import jax
from twitchwise.simulate.firing import fire
from twitchwise.simulate.mechanics import MOTION_CHANNELS
from twitchwise.simulate.preparation import Prepared, prepare
from twitchwise.simulate.twitches import TwitchCoefficients
from twitchwise.simulate.twitches.four_numbers import Twitch
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary import ChannelKind, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

Simulate = Callable[..., Simulation]
FEW = Apparatus(n_units=16)
STAGES = {"units_and_axon", "discharges", "templates", "truth", "emg", "force_and_motion"}


def _all(one: Simulation) -> dict[str, FloatArray]:
    return {channel.name: one.recording.read(channel.name) for channel in one.recording.channels}


@pytest.fixture
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what has tests of its own and takes most of the time: middle twitches, axons that are not tabulated."""
    table, healthy = preparation.axon_table(), AxonChanges.of(parameters_for("healthy"))

    def tabulated(parameters: Mapping[str, float]) -> Excitability | None:
        return looked_up(table, AxonChanges.of(parameters)) or looked_up(table, healthy)

    twitch = Twitch(latent_period_s=0.01, contraction_time_s=0.05, half_relaxation_time_s=0.05, peak_force_n=0.01)
    monkeypatch.setattr(simulation, "twitch_under", lambda _: twitch)
    monkeypatch.setattr(preparation, "excitability_of", tabulated)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.usefixtures("_quickly", "equal_units_are_calibrated_once")
@pytest.mark.parametrize("condition", known_conditions())
def test_every_condition_runs_and_gives_finite_samples(condition: str) -> None:
    one = simulate_condition(condition, duration_s=1.0, seed=3, apparatus=Apparatus(n_units=4, sampling_rate_hz=1000.0))
    for name, samples in _all(one).items():
        assert samples.shape == (1000,), name
        assert np.isfinite(samples).all(), name
        assert samples.std() > 0 or name == "Skin", name
    assert one.condition == condition
    assert any("not a recording of a person" in warning for warning in one.recording.warnings)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.usefixtures("_quickly")
@pytest.mark.parametrize("condition", known_conditions())
def test_every_condition_fires_at_its_severest(
    condition: str, prepared: Callable[..., Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = prepared("healthy").twitches[0]  # twitches have tests of their own, and take long

    def as_in_health(runs: Sequence[tuple[object, tuple[MotorUnits, ...]]]) -> list[tuple[TwitchCoefficients, ...]]:
        return [
            tuple(jax.tree.map(lambda column: np.resize(column, n), healthy) for n in map(len, pools))  # noqa: B023
            for _, pools in runs
        ]

    monkeypatch.setattr(preparation, "twitches_of", as_in_health)
    muscle = prepare(Setting(condition=condition, severity=2.0), seed=3, n_units=16)
    firing = fire(muscle, 1.0, seed=3)
    for train in (firing.agonist, firing.antagonist):
        assert np.isfinite(train.time_s).all()
        assert ((train.share >= 0) & (train.share <= 1)).all()
    if firing.loop is not None and firing.loop.motion is not None:
        assert np.isfinite(firing.loop.motion.joint.acceleration_radps2).all()


def test_a_recording_holds_emg_first_then_force_and_motion(simulated: Simulate) -> None:
    channels = simulated("parkinson_disease").recording.channels
    assert [channel.name for channel in channels] == ["EMG", "EMG antagonist", *(name for name, *_ in MOTION_CHANNELS)]
    assert [channel.kind for channel in channels[:2]] == [ChannelKind.EMG] * 2
    assert {channel.n_samples for channel in channels} == {4096}


@pytest.mark.parametrize("condition", ["parkinson_disease", "amyotrophic_lateral_sclerosis", "myasthenia_gravis"])
def test_one_seed_gives_one_result_in_whatever_order_it_is_read(condition: str) -> None:
    one, other = (simulate_condition(condition, duration_s=3.0, seed=5, apparatus=FEW) for _ in range(2))
    backwards = list(reversed(other.recording.channels))
    pieces = {
        channel.name: [other.recording.read(channel.name, start, start + 1.0) for start in (2.0, 0.0, 1.0)]
        for channel in backwards
    }
    for name, samples in _all(one).items():
        last, *rest = pieces[name]
        assert np.array_equal(np.concatenate([*rest, last]), samples), name
    assert np.array_equal(one.discharges.time_s, other.discharges.time_s)
    for mine, theirs in zip(one.events, other.events, strict=True):
        assert (mine.kind, mine.start_s.tolist(), mine.peak.tolist()) == (
            theirs.kind,
            theirs.start_s.tolist(),
            theirs.peak.tolist(),
        )


def test_another_seed_gives_another_result(simulated: Simulate) -> None:
    one, other = (_all(simulated("parkinson_disease", seed=seed)) for seed in (1, 2))
    for name in one:
        assert not np.array_equal(one[name], other[name]) or name == "Skin"


@settings(max_examples=3)
@given(st.integers(0, 2**64))
def test_any_seed_that_is_a_natural_number_will_do(seed: int) -> None:
    one = simulate_condition("healthy_contraction", duration_s=0.2, seed=seed, apparatus=Apparatus(n_units=4))
    assert np.isfinite(one.recording.read("EMG")).all()
    assert one.seed == seed


@pytest.mark.parametrize("condition", ["essential_tremor", "low_calcium", "hypothyroidism"])
def test_no_severity_fires_and_looks_as_health_does(condition: str) -> None:
    setting = Setting(condition=condition)
    known = library()
    health = Setting(condition="healthy", scene=setting.scene_in(known), muscle=setting.muscle_in(known))
    ill, well = (
        simulate_condition(one, duration_s=2.0, seed=1, apparatus=FEW)
        for one in (Setting(condition=condition, severity=0.0), health)
    )
    assert np.array_equal(ill.discharges.time_s, well.discharges.time_s)
    for name, samples in _all(ill).items():
        assert np.array_equal(samples, well.recording.read(name)), name
    assert ill.twitch == ill.healthy_twitch == well.twitch


def test_a_more_severe_condition_has_more_of_it() -> None:
    rates = [
        simulate_condition(
            Setting(condition="benign_fasciculation_syndrome", severity=severity), duration_s=600.0, apparatus=FEW
        ).discharges.time_s.size
        for severity in (0.0, 1.0, 1.5)
    ]
    assert rates == sorted(rates)
    assert rates[0] < rates[-1] / 2


@pytest.mark.parametrize("rate_hz", [250.0, 1000.0, 10_000.0])
def test_rates_of_slow_and_fast_amplifiers_work(rate_hz: float) -> None:
    apparatus = Apparatus(n_units=16, sampling_rate_hz=rate_hz)
    one = simulate_condition("healthy_contraction", duration_s=1.0, seed=1, apparatus=apparatus)
    for samples in _all(one).values():
        assert samples.shape == (round(rate_hz),)
        assert np.isfinite(samples).all()
    assert any("coarse" in warning for warning in one.warnings) == (rate_hz < 1000)


def test_blocked_axons_silence_the_muscle_and_some_of_them_weaken_it(
    simulated: Simulate, silent: dict[str, float]
) -> None:
    def strength(share: float) -> tuple[float, float]:
        changes = {**silent, "axon_blocked_share": share, "fasciculation_rate_per_min": 0.0}
        recording = simulated("healthy_contraction", 4.0, changes=changes).recording
        return recording.read("EMG").std(), recording.read("Force").mean()

    whole, half, none = map(strength, (0.0, 0.5, 1.0))
    assert none == (0.0, 0.0)
    for more, less in zip(whole, half, strict=True):
        assert 0 < less < more


def test_failing_junctions_lower_emg_and_force(simulated: Simulate, silent: dict[str, float]) -> None:
    def strength(quanta: float) -> tuple[float, float]:
        changes = {**silent, "quantal_content": quanta}
        recording = simulated("healthy_contraction", 4.0, changes=changes).recording
        return recording.read("EMG").std(), recording.read("Force").mean()

    for more, less in zip(strength(60.0), strength(10.0), strict=True):
        assert 0 < less < 0.8 * more


def test_a_muscle_that_has_lost_units_has_fewer(simulated: Simulate) -> None:
    whole, ill = (simulated("healthy", changes={"motor_unit_loss": loss}) for loss in (0.0, 0.5))
    assert (len(whole.units), len(ill.units)) == (16, 8)


def test_the_twitch_is_that_of_the_condition_beside_the_healthy_one(simulated: Simulate) -> None:
    one = simulated("hypothyroidism")
    assert one.twitch == twitch_of("hypothyroidism")
    assert one.healthy_twitch == twitch_of(Setting(condition="hypothyroidism", severity=0.0))
    assert one.twitch.half_relaxation_time_s > one.healthy_twitch.half_relaxation_time_s


def test_every_assumption_is_told_with_the_result(simulated: Simulate) -> None:
    assert any("assumed" in warning for warning in simulated("hypothyroidism").warnings)
    assert simulated("hypothyroidism").parameters is simulated("hypothyroidism").prepared.parameters


def test_an_axon_that_conducts_nothing_is_told(prepared: Callable[..., Prepared]) -> None:
    muscle = prepared("healthy")
    dead = replace(muscle, axon=replace(muscle.axon, conduction_velocity_mps=0.0))
    assert list(simulation._limits(muscle, 2048.0)) == []
    assert any("conducts no discharge" in warning for warning in simulation._limits(dead, 2048.0))


def test_seconds_are_told_by_stage() -> None:
    one = simulate_condition("healthy_contraction", duration_s=0.5, seed=1, apparatus=FEW)
    assert set(one.seconds) == STAGES - {"emg", "force_and_motion"}
    one.make()
    assert set(one.seconds) == STAGES
    assert all(seconds >= 0 for seconds in one.seconds.values())


def test_samples_that_are_there_already_need_not_be_made(simulated: Simulate) -> None:
    one = simulated("healthy")
    held = Recording(
        name="held",
        format="array",
        channels=one.recording.channels[:1],
        source=ArraySource([one.recording.read("EMG")]),
    )
    fields = {name: getattr(one, name) for name in Simulation.__dataclass_fields__}
    another = Simulation(**{**fields, "recording": held})
    another.make()
    assert np.array_equal(another.recording.read("EMG"), one.recording.read("EMG"))


def test_without_a_duration_the_scene_says_how_long() -> None:
    one = simulate_condition(Setting(condition="healthy", changes={"recording_duration": 1.5}), apparatus=FEW)
    assert one.recording.duration_s == 1.5


def test_a_recording_too_short_for_an_event_has_none() -> None:
    one = simulate_condition("eyelid_myokymia", duration_s=0.001, apparatus=FEW)
    assert [len(train) for train in one.events] == [0]
    assert one.recording.read("EMG").shape == (2,)


@pytest.mark.parametrize("condition", ["healthy", "healthy_contraction"])
def test_progress_is_told_at_rest_and_in_action(condition: str) -> None:
    told: list[float] = []
    simulate_condition(condition, duration_s=1.0, apparatus=FEW, progress=told.append)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] == 1.0


@pytest.mark.parametrize("condition", ["healthy", "healthy_contraction"])
def test_progress_may_break_off(condition: str) -> None:

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_condition(condition, duration_s=1.0, apparatus=FEW, progress=stop)


@pytest.mark.parametrize(
    "change",
    [
        {"duration_s": 0.0},
        {"duration_s": -1.0},
        {"duration_s": math.nan},
        {"duration_s": math.inf},
        {"duration_s": 1e6},
        {"duration_s": 1e-6},
        {"seed": -1},
    ],
)
@pytest.mark.parametrize("condition", ["healthy", "healthy_contraction"])
def test_a_length_or_seed_that_cannot_be_is_refused_in_one_sentence(condition: str, change: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError, match=r"^(duration_s|seed) must [^.]*(\.\d[^.]*)*\.$"):
        simulate_condition(condition, apparatus=FEW, **{"duration_s": 1.0, **change})


def test_hours_in_action_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"duration_s must lie in \[0.0, 3600.0\]"):
        simulate_condition("healthy_contraction", duration_s=4000.0, apparatus=FEW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sampling_rate_hz": 5.0}, "sampling_rate_hz must lie in"),
        ({"sampling_rate_hz": math.nan}, "sampling_rate_hz must lie in"),
        ({"sampling_rate_hz": 1e7}, "sampling_rate_hz must lie in"),
        ({"n_units": 0}, "n_units must lie in"),
        ({"n_units": 1001}, "n_units must lie in"),
        ({"n_units": -3}, "n_units must lie in"),
    ],
)
def test_an_apparatus_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(OutOfRangeError, match=said):
        Apparatus(**change)


def test_what_is_not_known_is_refused_with_a_hint() -> None:
    with pytest.raises(OutOfRangeError, match="Did you mean 'caffeine'"):
        simulate_condition("coffeine")


def test_a_needle_beyond_the_muscle_is_refused() -> None:
    apparatus = Apparatus(n_units=4, electrodes=ConcentricNeedle(depth_m=0.5))
    with pytest.raises(OutOfRangeError, match="depth_m must lie in the muscle"):
        simulate_condition("healthy", duration_s=0.5, apparatus=apparatus)
