"""A condition changes what its knowledge file says and nothing else, and says what of it is assumed."""

from types import SimpleNamespace
from typing import cast

import pytest

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Assumed, Change, Mechanism, Quantity
from twitchwise.simulate import assumptions, known_conditions, parameters_for, twitch_of
from twitchwise.simulate.condition import USED
from twitchwise.vocabulary import OutOfRangeError, Unit

NINE = {
    "caffeine",
    "exertion",
    "poor_sleep",
    "eyelid_myokymia",
    "benign_fasciculation_syndrome",
    "low_calcium",
    "amyotrophic_lateral_sclerosis",
    "parkinson_disease",
    "peripheral_neuropathy",
}


def with_mechanism(*mechanisms: Mechanism) -> Library:
    """The shipped parameters with one made-up condition."""
    conditions = {"made_up": SimpleNamespace(mechanism=mechanisms)}
    shipped = library()
    return cast("Library", SimpleNamespace(conditions=conditions, parameters=shipped.parameters, value=shipped.value))


def scaled(parameter: str, factor: float) -> Mechanism:
    because = "made up for a test of the simulator."
    return Mechanism(parameter=parameter, change=Change(scale=Quantity(assumed=Assumed(value=factor, because=because))))


def test_the_nine_conditions_and_the_healthy_muscle_are_known() -> None:
    assert set(known_conditions()) >= NINE | {"healthy"}


def test_healthy_parameters_are_those_of_the_files() -> None:
    assert dict(parameters_for("healthy")) == {name: library().value(name) for name in USED}


@pytest.mark.parametrize("condition", sorted(NINE))
def test_a_condition_changes_what_its_file_names_and_nothing_else(condition: str) -> None:
    healthy, changed = parameters_for("healthy"), parameters_for(condition)
    named = {mechanism.parameter for mechanism in library().conditions[condition].mechanism}
    assert {name for name in USED if changed[name] != healthy[name]} <= named


@pytest.mark.parametrize("condition", sorted(NINE))
def test_the_simulator_can_act_on_every_change_of_a_shipped_condition(condition: str) -> None:
    named = {mechanism.parameter for mechanism in library().conditions[condition].mechanism}
    assert named <= set(USED)


def test_no_rise_of_the_rate_is_claimed_for_caffeine_unless_it_is_said_to_be_assumed() -> None:
    for mechanism in library().conditions["caffeine"].mechanism:
        if mechanism.parameter in {"fasciculation_rate_per_min", "axon_threshold_scale"}:
            quantity = mechanism.change.set or mechanism.change.scale
            assert quantity is not None
            assert quantity.assumed is not None


def test_every_assumed_change_is_told() -> None:
    for condition in NINE:
        for mechanism in library().conditions[condition].mechanism:
            quantity = mechanism.change.set or mechanism.change.scale
            told = any(mechanism.parameter in sentence for sentence in assumptions(condition))
            assert told == (quantity is not None and quantity.assumed is not None)


def test_changes_of_one_parameter_follow_each_other() -> None:
    known = with_mechanism(scaled("motor_unit_size_scale", 2.0), scaled("motor_unit_size_scale", 3.0))
    assert parameters_for("made_up", known)["motor_unit_size_scale"] == pytest.approx(6.0)
    assert twitch_of("made_up", known).peak_force_n == pytest.approx(6.0 * twitch_of("healthy").peak_force_n)


def test_a_change_that_the_simulator_cannot_act_on_is_told_and_left_out() -> None:
    known = with_mechanism(scaled("assessment_reported_logit_sd", 2.0))
    assert parameters_for("made_up", known) == parameters_for("healthy")
    (sentence,) = assumptions("made_up", known)
    assert "does not model assessment_reported_logit_sd" in sentence


def test_a_change_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="motor_unit_size_scale in made_up must lie in"):
        parameters_for("made_up", with_mechanism(scaled("motor_unit_size_scale", 1000.0)))


@pytest.mark.parametrize(("asked", "hint"), [("cafeine", "Did you mean 'caffeine'?"), ("xyz", "got 'xyz'.")])
def test_an_unknown_condition_is_refused_with_the_known_ones(asked: str, hint: str) -> None:
    with pytest.raises(OutOfRangeError) as refusal:
        parameters_for(asked)
    assert hint in str(refusal.value)
    assert "benign_fasciculation_syndrome" in str(refusal.value)


def test_every_parameter_that_is_read_has_a_file_with_a_unit() -> None:
    for name in USED:
        parameter = library().parameters[name]
        assert parameter.unit is not Unit.UNKNOWN
        assert parameter.evidence or parameter.value.assumed is not None


def test_no_parameter_of_the_simulator_lies_unused() -> None:
    ours = ("twitch_", "muap_", "burst_", "doublet_", "surface_muap_", "motor_unit_", "axon_", "ectopic_")
    assert {name for name in library().parameters if name.startswith(ours)} <= set(USED)
