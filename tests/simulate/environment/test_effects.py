"""The environment acts by its laws: health changes nothing, order is irrelevant, and the default is the evidence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.environment import Effect, Environment, Way, changed, effects

PARTS = {
    "ionized_calcium": st.floats(5e-4, 3e-3),
    "ionized_magnesium": st.floats(1e-4, 5e-3),
    "plasma_potassium": st.floats(2e-3, 8e-3),
    "plasma_sodium": st.floats(0.1, 0.17),
    "blood_ph": st.floats(6.9, 7.8),
    "muscle_temperature": st.floats(15.0, 41.0),
    "nerve_temperature": st.floats(15.0, 41.0),
    "caffeine_concentration": st.floats(0.0, 3e-4),
    "thyroid_hormone_scale": st.floats(0.1, 5.0),
    "cortisol_scale": st.floats(0.1, 10.0),
}
environments = st.fixed_dictionaries({}, optional=PARTS)


def of(healthy: dict[str, float], parameter: str, **changes: float) -> float:
    return changed(healthy | changes, healthy)[parameter]


def found(healthy: dict[str, float], parameter: str, **changes: float) -> Effect:
    values = healthy | changes
    all_of_them = effects(Environment.of(values), Environment.of(healthy), values)
    return next(effect for effect in all_of_them if effect.parameter == parameter)


def test_health_has_no_effects_and_changes_nothing(healthy: dict[str, float]) -> None:
    assert effects(Environment.of(healthy), Environment.of(healthy), healthy) == ()
    assert changed(healthy, healthy) == healthy


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(environments)
def test_order_of_the_parts_is_irrelevant(healthy: dict[str, float], parts: dict[str, float]) -> None:
    expected = changed(healthy | parts, healthy)
    for order in (sorted(parts), sorted(parts, reverse=True), list(parts)[::-1]):
        assert changed(healthy | {name: parts[name] for name in order}, healthy) == expected


@given(environments)
def test_the_laws_change_only_what_they_name_and_leave_the_environment(
    healthy: dict[str, float], parts: dict[str, float]
) -> None:
    values = healthy | parts
    acting = effects(Environment.of(values), Environment.of(healthy), values)
    after = changed(values, healthy)
    touched = {name for name in values if after[name] != values[name]}
    assert touched <= {effect.parameter for effect in acting}
    assert {cause for effect in acting for cause in effect.causes} <= set(PARTS)
    assert all(name in healthy for effect in acting for name in effect.rests_on)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(environments)
def test_parts_act_on_their_own(healthy: dict[str, float], parts: dict[str, float]) -> None:
    """Beside the charges of the surface, which ions share, each part scales by itself."""
    together = changed(healthy | parts, healthy)
    for name in ("calcium_uptake_scale", "specific_force_scale", "axon_conduction_velocity"):
        alone = 1.0
        for part, value in parts.items():
            alone *= of(healthy, name, **{part: value}) / healthy[name]
        assert together[name] / healthy[name] == pytest.approx(alone)


@given(PARTS["ionized_calcium"], PARTS["ionized_calcium"])
def test_less_calcium_shifts_the_gates_to_the_negative(healthy: dict[str, float], one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert of(healthy, "axon_gate_shift", ionized_calcium=less) <= of(healthy, "axon_gate_shift", ionized_calcium=more)


@given(PARTS["muscle_temperature"], PARTS["muscle_temperature"])
def test_a_colder_muscle_is_slower_in_every_way(healthy: dict[str, float], one: float, other: float) -> None:
    cold, warm = (changed(healthy | {"muscle_temperature": value}, healthy) for value in sorted((one, other)))
    for name in ("cross_bridge_rate_scale", "calcium_uptake_scale", "fiber_velocity_at_no_diameter"):
        assert cold[name] <= warm[name]


@pytest.mark.parametrize(
    ("parameter", "expected"), [("cross_bridge_rate_scale", 1 / 1.43), ("calcium_uptake_scale", 1 / 1.7)]
)
def test_ten_degrees_less_slow_the_muscle_by_the_published_q10(
    healthy: dict[str, float], parameter: str, expected: float
) -> None:
    assert of(healthy, parameter, muscle_temperature=25.0) == pytest.approx(expected)


def test_ten_degrees_less_slow_the_nerve_by_the_published_q10(healthy: dict[str, float]) -> None:
    slow = of(healthy, "axon_conduction_velocity", nerve_temperature=27.0)
    assert slow == pytest.approx(healthy["axon_conduction_velocity"] / 1.36)


@pytest.mark.parametrize(
    ("scale", "least", "most"), [(2.0, 100 / 210, 150 / 210), (0.3, 285 / 210, 780 / 210), (1.0, 1.0, 1.0)]
)
def test_thyroid_hormone_changes_relaxation_as_the_ankle_jerk(
    healthy: dict[str, float], scale: float, least: float, most: float
) -> None:
    assert least <= 1 / of(healthy, "calcium_uptake_scale", thyroid_hormone_scale=scale) <= most


def test_more_thyroid_hormone_shakes_more(healthy: dict[str, float]) -> None:
    assert of(healthy, "tremor_drive", thyroid_hormone_scale=2.0) > healthy["tremor_drive"]


def test_only_too_much_cortisol_wastes_muscle(healthy: dict[str, float]) -> None:
    assert of(healthy, "specific_force_scale", cortisol_scale=0.2) == 1.0
    assert of(healthy, "specific_force_scale", cortisol_scale=5.0) == pytest.approx(0.72, abs=0.02)


def test_by_default_caffeine_leaves_the_axon_and_the_motor_neuron_alone(healthy: dict[str, float]) -> None:
    for name in ("axon_threshold_scale", "persistent_inward_current"):
        effect = found(healthy, name, caffeine_concentration=4e-5)
        assert effect.is_neutral
        assert effect.way is Way.SCALE


def test_caffeine_in_plasma_hardly_releases_calcium_and_a_hundred_times_as_much_does(
    healthy: dict[str, float],
) -> None:
    assert 1.0 < of(healthy, "calcium_release_scale", caffeine_concentration=4e-5) < 1.01
    assert of(healthy, "calcium_release_scale", caffeine_concentration=4e-3) > 1.5


def test_caffeine_raises_the_voluntary_drive_as_published(healthy: dict[str, float]) -> None:
    assert of(healthy, "voluntary_drive_scale", caffeine_concentration=4e-5) == pytest.approx(1.035)


def test_the_popular_story_of_caffeine_is_a_change_of_numbers(healthy: dict[str, float]) -> None:
    story = {"caffeine_threshold_fall": 0.1, "caffeine_concentration": 4e-5}
    assert of(healthy, "axon_threshold_scale", **story) == pytest.approx(0.9)


def test_by_default_alkalosis_acts_without_lowering_calcium(healthy: dict[str, float]) -> None:
    values = healthy | {"blood_ph": 7.75}
    (effect,) = effects(Environment.of(values), Environment.of(healthy), values)
    assert effect.causes == ("blood_ph",)
    assert effect.value < -0.001


def test_the_popular_path_through_calcium_adds_to_alkalosis(healthy: dict[str, float]) -> None:
    values = healthy | {"blood_ph": 7.6, "alkalosis_lowers_calcium": 1.0}
    by_path = changed(values, healthy)["axon_gate_shift"]
    own = of(healthy, "axon_gate_shift", blood_ph=7.6)
    both = of(healthy, "axon_gate_shift", blood_ph=7.6, ionized_calcium=healthy["ionized_calcium"] - 1e-4)
    assert by_path == pytest.approx(both)
    assert by_path < own < 0


@given(environments)
def test_a_range_holds_its_effect(
    healthy: dict[str, float], intervals: dict[str, tuple[float, float]], parts: dict[str, float]
) -> None:
    values = healthy | parts
    for effect in effects(Environment.of(values), Environment.of(healthy), values, intervals):
        assert effect.low <= effect.value <= effect.high


def test_the_shift_by_ph_is_less_certain_than_that_by_ions(healthy: dict[str, float]) -> None:
    ions, ph = (
        found(healthy, "axon_gate_shift", **change) for change in ({"ionized_calcium": 7e-4}, {"blood_ph": 7.7})
    )
    assert (ph.high - ph.low) / abs(ph.value) > (ions.high - ions.low) / abs(ions.value) > 0
    assert "gate_shift_uncertainty" in ions.rests_on
    assert "alkalosis_shift_uncertainty" in ph.rests_on


def test_published_intervals_widen_the_range(
    healthy: dict[str, float], intervals: dict[str, tuple[float, float]]
) -> None:
    cold = replace(Environment.of(healthy), nerve_temperature=27.0)
    (bare,) = effects(cold, Environment.of(healthy), healthy)
    (known,) = effects(cold, Environment.of(healthy), healthy, intervals)
    assert bare.low == bare.high == bare.value
    assert known.low == pytest.approx(1 / 1.44)
    assert known.high == known.value


def test_what_a_later_model_minds_itself_is_left_out(healthy: dict[str, float]) -> None:
    cold = healthy | {"nerve_temperature": 27.0}
    after = changed(cold, healthy, left_out=frozenset({"axon_conduction_velocity"}))
    assert after == cold


def test_a_mild_lack_of_magnesium_shifts_the_gates_by_less_than_a_millivolt(healthy: dict[str, float]) -> None:
    assert -1e-3 < of(healthy, "axon_gate_shift", ionized_magnesium=4e-4) < 0
