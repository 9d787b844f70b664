"""A setting becomes a muscle: the same one for a seed, changed by environment and axon, and never a broken one."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate import Setting, known_conditions, parameters_for
from twitchwise.simulate.axon import excitability as computing
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import Afterdischarges, Excitability
from twitchwise.simulate.ectopic import axon_train
from twitchwise.simulate.firing import _with_room
from twitchwise.simulate.limb import Joint
from twitchwise.simulate.loop import LoopSettings
from twitchwise.simulate.people import ANYONE, People, Traits, drawn, lived_in
from twitchwise.simulate.preparation import (
    Prepared,
    _scene,
    _through_the_axon,
    excitability_of,
    prepare,
    prepare_people,
)
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary import OutOfRangeError

Prepare = Callable[..., Prepared]
SPREAD = {name: one for name, one in library().parameters.items() if one.spread is not None}


def _same(mine: MotorUnits, theirs: MotorUnits) -> bool:
    return all(np.array_equal(getattr(mine, one.name), getattr(theirs, one.name)) for one in fields(MotorUnits))


def test_nothing_acts_on_a_healthy_muscle(prepared: Prepare) -> None:
    named = parameters_for("healthy")
    healthy = prepared("healthy", n_units=round(named["pool_units"]))
    assert healthy.parameters == healthy.healthy_parameters == named
    assert healthy.axon == healthy.healthy_axon


def test_one_seed_gives_one_muscle_and_another_seed_another() -> None:
    one, same, other = (prepare(Setting(condition="healthy"), seed=seed, n_units=8) for seed in (3, 3, 4))
    assert _same(one.agonist, same.agonist)
    assert not _same(one.agonist, other.agonist)
    for mine, theirs in zip(one.twitches[0], same.twitches[0], strict=True):
        assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("condition", ["low_calcium", "hypothyroidism", "parkinson_disease"])
def test_no_severity_is_health_in_the_scene_and_muscle_of_the_condition(prepared: Prepare, condition: str) -> None:
    setting = Setting(condition=condition)
    ill = prepared(condition, severity=0.0)
    well = prepared("healthy", scene=setting.scene_in(library()), muscle=setting.muscle_in(library()))
    assert ill.parameters == well.parameters == ill.healthy_parameters
    assert _same(ill.agonist, well.agonist)


def test_a_muscle_has_as_many_units_as_the_files_say_unless_told(prepared: Prepare) -> None:
    assert len(prepare(Setting(condition="healthy"), seed=0).agonist) == parameters_for("healthy")["pool_units"]
    few = prepared("healthy", n_units=5, changes={"motor_unit_loss": 0.5})
    assert (few.n_units, len(few.agonist)) == (5, 2)


@pytest.mark.parametrize("muscle", ["first_dorsal_interosseous", "triceps_surae"])
@pytest.mark.parametrize("n_units", [12, 30, 500])
def test_a_muscle_is_as_strong_and_as_healthy_with_any_number_of_units(muscle: str, n_units: int) -> None:
    setting = Setting(condition="healthy", muscle=muscle)
    named = parameters_for(setting)
    values = _scene(setting, library(), n_units).parameters
    assert values == _scene(setting, library(), n_units).healthy_parameters
    assert {name for name in values if values[name] != named[name]} == {"represented_units"}
    few, whole = (
        np.array([draw_units(named, size, np.random.default_rng(seed)).peak_force_n.sum() for seed in range(20)])
        for size in (n_units, round(named["pool_units"]))
    )
    assert values["represented_units"] * few.mean() == pytest.approx(named["represented_units"] * whole.mean(), rel=0.1)


@pytest.mark.parametrize(("loss", "left"), [(0.25, 12), (0.5, 8), (0.999, 1)])
def test_units_that_are_lost_are_gone_and_the_last_one_stays(prepared: Prepare, loss: float, left: int) -> None:
    whole, ill = prepared("healthy"), prepared("healthy", changes={"motor_unit_loss": loss})
    assert len(ill.agonist) == left
    assert set(ill.agonist.axon_velocity_mps) <= set(whole.agonist.axon_velocity_mps)
    assert len(ill.twitches[0].content) == left


@pytest.mark.parametrize(
    ("condition", "changes", "there"),
    [
        ("healthy", {}, False),
        ("healthy", {"antagonist_drive": 0.3}, False),
        ("healthy", {"antagonist_drive": 0.3, "voluntary_drive": 0.1}, True),
        ("healthy", {"volley_antagonist_share": 0.5, "volley_drive": 0.5, "volley_rate_per_min": 0.0}, False),
        ("healthy", {"volley_antagonist_share": 0.5, "volley_drive": 0.5, "volley_rate_per_min": 2.0}, True),
        ("parkinson_disease", {}, True),
    ],
)
def test_there_is_an_antagonist_where_something_reaches_it(
    prepared: Prepare, condition: str, changes: dict[str, float], *, there: bool
) -> None:
    muscle = prepared(condition, n_units=4, changes=changes)
    assert (muscle.antagonist is not None) == there
    assert len(muscle.twitches) == 1 + there
    if muscle.antagonist is not None:
        assert not _same(muscle.agonist, muscle.antagonist)


def test_an_axon_that_is_easier_to_set_off_fasciculates_more(prepared: Prepare) -> None:
    ill, named = prepared("low_calcium"), parameters_for("low_calcium")
    assert ill.axon.ectopic_rate_hz > ill.healthy_axon.ectopic_rate_hz
    assert ill.parameters["fasciculation_rate_per_min"] > named["fasciculation_rate_per_min"]
    assert ill.parameters["fasciculation_rate_per_min"] <= SPREAD["fasciculation_rate_per_min"].bounds[1]


@pytest.mark.parametrize(
    ("own", "moved"),
    [
        ({"ionized_calcium": parameters_for("low_calcium")["ionized_calcium"]}, "fasciculation_rate_per_min"),
        ({"muscle_temperature": 27.0}, "calcium_uptake_scale"),
        ({"axon_myelin_scale": parameters_for("cidp")["axon_myelin_scale"]}, "axon_conduction_velocity"),
    ],
)
def test_own_changes_of_the_environment_and_the_axon_act_as_those_of_a_condition(
    prepared: Prepare, own: dict[str, float], moved: str
) -> None:
    plain, mine = prepared("healthy"), prepared("healthy", changes=own)
    assert mine.parameters[moved] != plain.parameters[moved]
    assert mine.healthy_parameters == mine.parameters  # the healthy muscle has them too


def test_an_axon_that_is_not_tabulated_is_computed_once(monkeypatch: pytest.MonkeyPatch, prepared: Prepare) -> None:
    healthy, asked = prepared("healthy").axon, list[AxonChanges]()

    def computed(changes: AxonChanges, _: object) -> Excitability:
        asked.append(changes)
        return replace(healthy, ectopic_rate_hz=2 * healthy.ectopic_rate_hz)

    monkeypatch.setattr(computing, "excitability", computed)
    values = {**parameters_for("healthy"), "axon_leak_scale": 1.2345}
    assert excitability_of(values).ectopic_rate_ratio(healthy) == 2
    assert (
        excitability_of({**values, "axon_velocity_spread": 0.01, "fat_thickness": 0.01}).ectopic_rate_ratio(healthy)
        == 2
    )
    assert [changes.leak_scale for changes in asked] == [1.2345]


def _through(axon: Excitability, healthy: Excitability) -> dict[str, float]:
    return _through_the_axon(parameters_for("healthy"), axon, healthy, library())


def test_an_axon_that_goes_on_firing_gives_bursts_of_its_own_rhythm(prepared: Prepare) -> None:
    healthy = prepared("healthy").axon
    after = Afterdischarges(after_brief=3, during_sustained=0, interval_s=0.02, spontaneous=False)
    values = _through(replace(healthy, afterdischarges=after), healthy)
    assert (values["doublet_probability"], values["multiplet_discharges"], values["doublet_interval"]) == (1, 4, 0.02)


def test_an_axon_that_would_fire_for_ever_is_cut_short_and_can_be_drawn(prepared: Prepare) -> None:
    healthy = prepared("healthy").axon
    after = Afterdischarges(after_brief=10_000, during_sustained=0, interval_s=0.01, spontaneous=True)
    values = _through(replace(healthy, afterdischarges=after), healthy)
    assert values["multiplet_discharges"] == 51
    train = axon_train(_with_room(values, 4), 4, 120.0, np.random.default_rng(1))
    assert max(np.bincount(train.event)) > 2


def test_a_slower_axon_slows_every_unit_and_one_that_conducts_nothing_is_left_as_in_health(prepared: Prepare) -> None:
    healthy = prepared("healthy").axon
    slow, dead = (
        replace(healthy, conduction_velocity_mps=share * healthy.conduction_velocity_mps) for share in (0.5, 0)
    )
    before = parameters_for("healthy")["axon_conduction_velocity"]
    assert _through(slow, healthy)["axon_conduction_velocity"] == pytest.approx(before / 2)
    assert _through(dead, healthy)["axon_conduction_velocity"] == before


def test_people_differ_in_what_differs_between_people_and_in_their_units() -> None:
    setting = Setting(condition="essential_tremor")
    people = prepare_people(setting, seeds=range(4), n_units=12, people=ANYONE)
    names = {name for name in people[0].parameters if len({one.parameters[name] for one in people}) > 1}
    assert {"tremor_frequency", "joint_inertia", "fat_thickness", "pool_units", "twitch_peak_force"} <= names
    assert len({one.n_units for one in people}) > 1
    for one in people:
        assert one.n_units == round(12 * round(one.parameters["pool_units"]) / 120)
        assert one.healthy_parameters["fat_thickness"] == one.parameters["fat_thickness"]
        assert one.setting.severity == one.traits.severity


def test_people_of_one_body_differ_in_their_units_only() -> None:
    people = prepare_people(Setting(condition="essential_tremor"), seeds=range(3), n_units=4)
    assert people[0].parameters == people[1].parameters == people[2].parameters
    assert not _same(people[0].agonist, people[1].agonist)
    alone = prepare(Setting(condition="essential_tremor"), seed=1, n_units=4)
    assert alone.parameters == people[1].parameters
    assert _same(alone.agonist, people[1].agonist)


def test_a_person_is_the_same_in_whatever_company() -> None:
    setting = Setting(condition="essential_tremor")
    alone, among = (
        prepare_people(setting, seeds=[3], n_units=4, people=ANYONE)[0],
        prepare_people(setting, seeds=[1, 2, 3], n_units=4, people=ANYONE)[2],
    )
    assert alone.traits == among.traits
    assert alone.parameters == among.parameters
    assert _same(alone.agonist, among.agonist)
    for mine, theirs in zip(alone.twitches[0], among.twitches[0], strict=True):
        assert np.asarray(mine) == pytest.approx(np.asarray(theirs), rel=1e-9)


@pytest.mark.parametrize("muscle", [None, "orbicularis_oculi", "thenar", "triceps_surae"])
def test_the_quickest_and_the_slowest_of_people_have_twitches_that_can_be(muscle: str | None) -> None:
    setting = Setting(condition="healthy", muscle=muscle)
    for age, deviation in ((18.0, -2.0), (100.0, 2.0)):
        traits = Traits(age=age, deviations={"twitch_contraction_time": deviation})
        one = prepare(setting, seed=1, n_units=40, traits=traits)
        usual = parameters_for(setting)
        for name in ("twitch_contraction_time", "twitch_half_relaxation_time"):
            assert (one.parameters[name] - usual[name]) * deviation >= 0


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("condition", known_conditions())
def test_no_person_with_any_condition_has_numbers_that_the_model_refuses(condition: str) -> None:
    for severity in (1.0, 1.5):
        setting = Setting(condition=condition, severity=severity)
        scene = _scene(setting, library())
        for seed in range(3):
            values = lived_in(scene.parameters, drawn(People(), setting, seed, library()), library())
            assert LoopSettings.of(values).joint == Joint.of(values)
            train = axon_train(_with_room(values, 5), 5, 1.0, np.random.default_rng(seed))
            assert train.unit.max(initial=0) < 5


@settings(max_examples=5)
@given(st.integers(-(2**63), -1))
def test_a_seed_below_zero_is_refused(seed: int) -> None:
    with pytest.raises(OutOfRangeError, match="seed must"):
        prepare(Setting(condition="healthy"), seed=seed, n_units=2)


@pytest.mark.parametrize("severity", [1.3, 1.4])
def test_an_axon_close_to_its_block_has_no_time_constant_and_does_not_fire_by_chance(severity: float) -> None:
    axon = prepare(Setting(condition="high_potassium", severity=severity), seed=1, n_units=4).axon
    assert axon.threshold_one_ms_a is not None  # a long pulse needs more current than a short one
    assert (axon.strength_duration_time_constant_s, axon.rheobase_a, axon.ectopic_rate_hz) == (None, None, 0.0)
