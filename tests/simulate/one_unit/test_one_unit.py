"""One motor unit keeps the laws that the knowledge supports, and is as in health where nothing is turned."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate import Setting, twitch_of
from twitchwise.simulate.condition import known_conditions
from twitchwise.simulate.one_unit import (
    SHOWN_S,
    SURROUNDINGS,
    Activity,
    OneUnit,
    StageName,
    causes,
    dials_of,
    in_health,
    one_unit,
    setting_of,
)
from twitchwise.vocabulary import OutOfRangeError

seldom = settings(max_examples=max(settings().max_examples // 5, 5))
activities = st.sampled_from(list(Activity))


def turned(cause: str = SURROUNDINGS, activity: Activity = Activity.REST, /, **values: float) -> OneUnit:
    return one_unit(in_health(cause), setting_of(cause, values), activity)


def number(unit: OneUnit, name: str) -> float:
    found = [one for stage in unit.stages for one in stage.numbers if one.name == name]
    assert found[0].changed is not None
    return found[0].changed


def ordered(low: float, high: float) -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(low, high), st.floats(low, high)).map(lambda pair: (min(pair), max(pair)))


@seldom
@given(cause=st.sampled_from(causes()), story=st.booleans(), activity=activities)
def test_with_every_dial_at_its_healthy_value_nothing_differs_from_health(
    cause: str, activity: Activity, *, story: bool
) -> None:
    values = {dial.parameter: dial.healthy for dial in dials_of(cause, story=story)}
    unit = one_unit(in_health(cause), setting_of(cause, values, story=story), activity)
    assert [stage.name for stage in unit.stages if stage.is_changed] == []


@seldom
@given(data=st.data(), activity=activities)
def test_whatever_is_turned_within_the_bounds_gives_numbers_and_curves_or_one_refusal(
    data: st.DataObject, activity: Activity
) -> None:
    cause = data.draw(st.sampled_from(causes()))
    values = {dial.parameter: data.draw(st.floats(dial.low, dial.high)) for dial in dials_of(cause)}
    try:
        unit = one_unit(in_health(cause), setting_of(cause, values), activity)
        stages = unit.stages
    except OutOfRangeError:
        return
    assert [stage.name for stage in stages] == list(StageName)
    for stage in stages:
        assert all(np.isfinite(one.changed) for one in stage.numbers if one.changed is not None)
        for curve in stage.curves:
            assert curve.x.shape == curve.healthy.shape == curve.changed.shape
            assert np.isfinite(curve.changed).all()
            assert (np.diff(curve.x) >= 0).all()


@seldom
@given(ordered(15.0, 42.0))
def test_cooling_a_muscle_never_shortens_its_twitch_nor_speeds_its_fibers(celsius: tuple[float, float]) -> None:
    cold, warm = (turned(muscle_temperature=one) for one in celsius)
    for name in ("contraction_time", "half_relaxation_time", "latent_period", "fiber_arrival"):
        assert number(cold, name) >= number(warm, name) * (1 - 1e-3)


@seldom
@given(ordered(0.05, 5.0))
def test_more_thyroid_hormone_never_slows_a_twitch(scales: tuple[float, float]) -> None:
    low, high = (turned(thyroid_hormone_scale=one) for one in scales)
    assert number(low, "half_relaxation_time") >= number(high, "half_relaxation_time") * (1 - 1e-3)


@seldom
@given(ordered(0.0006, 0.0018))
def test_less_calcium_never_makes_twitches_rarer(calcium: tuple[float, float]) -> None:
    low, high = (turned(ionized_calcium=one) for one in calcium)
    assert number(low, "fasciculation_rate") >= number(high, "fasciculation_rate")
    assert number(low, "node_threshold") <= number(high, "node_threshold")


@seldom
@given(ordered(7.2, 7.8))
def test_more_alkaline_blood_never_makes_twitches_rarer(blood_ph: tuple[float, float]) -> None:
    low, high = (turned(blood_ph=one) for one in blood_ph)
    assert number(high, "fasciculation_rate") >= number(low, "fasciculation_rate")


@seldom
@given(ordered(0.0025, 0.006))
def test_more_potassium_never_lowers_the_voltage_at_rest_nor_the_rate(potassium: tuple[float, float]) -> None:
    low, high = (turned(plasma_potassium=one) for one in potassium)
    assert number(high, "resting_potential") >= number(low, "resting_potential")
    assert number(high, "fasciculation_rate") >= number(low, "fasciculation_rate")


@seldom
@given(ordered(1.0, 10.0))
def test_more_cortisol_never_makes_a_muscle_stronger(scales: tuple[float, float]) -> None:
    less, more = (turned(cortisol_scale=one) for one in scales)
    assert number(more, "peak_force") <= number(less, "peak_force")


@seldom
@given(ordered(0.0, 0.5))
def test_the_more_fibers_are_lost_the_weaker_the_twitch_and_the_smaller_the_wave(lost: tuple[float, float]) -> None:
    few, many = (turned("myositis", fiber_loss=one) for one in lost)
    for name in ("peak_force", "emg_peak_to_peak", "skin_bulge", "fibers"):
        assert number(many, name) <= number(few, name) * (1 + 1e-2)


@seldom
@given(ordered(1.0, 4.0))
def test_a_unit_that_has_adopted_fibers_is_stronger_and_its_wave_is_taller(sizes: tuple[float, float]) -> None:
    small, large = (turned("kennedy_disease", motor_unit_size_scale=one) for one in sizes)
    for name in ("peak_force", "emg_peak_to_peak", "skin_bulge", "fibers"):
        assert number(large, name) >= number(small, name) * (1 - 1e-2)


def test_caffeine_changes_twitches_by_chance_only_in_the_popular_story() -> None:
    by_evidence = one_unit(in_health("caffeine"), setting_of("caffeine", {}))
    as_told = one_unit(in_health("caffeine"), setting_of("caffeine", {}, story=True))
    rate = number(one_unit(in_health("caffeine"), in_health("caffeine")), "fasciculation_rate")
    assert number(by_evidence, "fasciculation_rate") == rate
    assert number(as_told, "fasciculation_rate") > rate


def test_less_messenger_sets_off_fewer_fibers_and_makes_a_smaller_wave() -> None:
    strong = turned("myasthenia_gravis", quantum_size=dials_of("myasthenia_gravis")[0].healthy)
    weak = turned("myasthenia_gravis", quantum_size=dials_of("myasthenia_gravis")[0].low)
    for name in ("first_share", "fifth_share", "safety_factor", "emg_peak_to_peak"):
        assert number(weak, name) < number(strong, name)


def test_an_axon_that_is_blocked_by_potassium_is_silent() -> None:
    blocked = turned(SURROUNDINGS, Activity.CONTRACTION, plasma_potassium=0.014)
    assert number(blocked, "discharges") == 0
    assert number(blocked, "peak_force") == 0
    speed = next(one for one in blocked[StageName.AXON].numbers if one.name == "conduction_velocity")
    assert speed.changed is None


@pytest.mark.parametrize("condition", ["hypothyroidism", "hyperthyroidism", "exertion", "statin_myopathy"])
def test_the_twitch_is_that_of_the_whole_simulation(condition: str) -> None:
    unit, whole = one_unit(in_health(condition), setting_of(condition, {})), twitch_of(Setting(condition=condition))
    assert number(unit, "contraction_time") == pytest.approx(whole.contraction_time_s, rel=0.01)
    assert number(unit, "half_relaxation_time") == pytest.approx(whole.half_relaxation_time_s, rel=0.01)
    assert number(unit, "peak_force") == pytest.approx(whole.peak_force_n, rel=0.01)
    assert number(unit, "latent_period") == pytest.approx(whole.latent_period_s, rel=0.02)


def test_at_rest_it_is_silent_but_for_chance_and_in_a_contraction_it_fires_at_its_rate() -> None:
    rest, pulling = turned(SURROUNDINGS, Activity.REST), turned(SURROUNDINGS, Activity.CONTRACTION)
    assert number(rest, "discharges") < number(pulling, "discharges")
    rate_hz = number(pulling, "discharges") / SHOWN_S
    parameters = pulling.both.healthy.parameters
    assert parameters["discharge_rate_least_hz"] <= rate_hz <= parameters["discharge_rate_most_hz"]


def test_a_tremor_at_rest_gathers_discharges_in_its_rhythm() -> None:
    cause = "parkinson_disease"
    values = {"tremor_drive": 0.2, "tremor_frequency": 5.0}
    unit = one_unit(in_health(cause), setting_of(cause, values), Activity.REST)
    times = unit.heard[1].firing.time_s
    phase = (times * values["tremor_frequency"]) % 1
    assert unit.heard[1].firing.within(unit.start_s) >= 0.8 * values["tremor_frequency"] * SHOWN_S
    assert np.mean(phase < 0.5) > 0.9


def test_the_same_is_heard_again_and_health_and_change_share_their_noise() -> None:
    first, second = turned(ionized_magnesium=0.0005), turned(ionized_magnesium=0.0005)
    assert np.array_equal(first.heard[1].emg_v(first.start_s), second.heard[1].emg_v(second.start_s))
    same = turned()
    healthy, changed = (one.emg_v(same.start_s) for one in same.heard)
    assert np.array_equal(healthy, changed)


def test_every_condition_with_a_mechanism_can_be_explored_and_nothing_else() -> None:
    assert set(causes()) == {SURROUNDINGS, *known_conditions()} - {"healthy", "healthy_contraction"}
    for name in causes():
        dials = dials_of(name)
        assert dials
        for dial in dials:
            low, high = library().parameters[dial.parameter].bounds
            assert low <= dial.low <= dial.healthy <= dial.high <= high
            assert dial.low <= dial.usual <= dial.high
            assert dial.low < dial.high


def test_every_number_names_parameters_of_the_knowledge() -> None:
    for stage in turned(muscle_temperature=30.0, blood_ph=7.5).stages:
        for one in stage.numbers:
            assert one.rests_on
            assert set(one.rests_on) <= set(library().parameters)


@pytest.mark.parametrize(
    ("cause", "values"),
    [("the_moon", {}), ("caffeine", {"blood_ph": 7.4}), ("caffeine", {"caffeine_concentration": 1.0})],
)
def test_what_cannot_be_turned_is_refused(cause: str, values: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        setting_of(cause, values)


def test_it_needs_no_jax() -> None:
    code = (
        "import sys; from twitchwise.simulate.one_unit import *; "
        "one_unit(in_health('exertion'), setting_of('exertion', {}), Activity.CONTRACTION).stages; "
        "sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0  # noqa: S603 - our own
