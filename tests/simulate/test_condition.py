"""A setting changes what its files say and nothing else, in proportion to severity, and says what of it is assumed."""

import math
from types import SimpleNamespace
from typing import Literal, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Assumed, Change, Mechanism, Quantity
from twitchwise.simulate import Setting, assumptions, known_conditions, parameters_for, severity_of
from twitchwise.simulate.condition import OTHERS
from twitchwise.vocabulary import OutOfRangeError, Unit

CONDITIONS = [name for name in known_conditions() if name in library().conditions]
OF_THE_MODEL = [name for name in library().parameters if not name.startswith(OTHERS)]
STORIES: tuple[Literal["evidence"], Literal["popular"]] = ("evidence", "popular")
BECAUSE = "made up for a test of the simulator."


def with_mechanism(*mechanisms: Mechanism) -> Library:
    """The shipped files with one made-up condition."""
    conditions = {"made_up": SimpleNamespace(mechanism=mechanisms, scene=None, muscle=None)}
    shipped = library()
    return cast(
        "Library",
        SimpleNamespace(
            conditions=conditions,
            parameters=shipped.parameters,
            scenes=shipped.scenes,
            muscles=shipped.muscles,
            stories={},
        ),
    )


def changed(parameter: str, way: Literal["set", "scale"], value: float) -> Mechanism:
    quantity = Quantity(assumed=Assumed(value=value, because=BECAUSE))
    change = Change(set=quantity) if way == "set" else Change(scale=quantity)
    return Mechanism(parameter=parameter, change=change)


def test_the_conditions_that_the_model_promises_are_known() -> None:
    promised = {
        "amyotrophic_lateral_sclerosis",
        "benign_fasciculation_syndrome",
        "cerebellar_disease",
        "enhanced_physiological_tremor",
        "essential_tremor",
        "exertion",
        "eyelid_myokymia",
        "guillain_barre_syndrome",
        "hyperthyroidism",
        "hypnic_jerks",
        "hypothyroidism",
        "low_calcium",
        "myasthenia_gravis",
        "night_cramps",
        "orthostatic_tremor",
        "parkinson_disease",
        "peripheral_nerve_hyperexcitability",
        "peripheral_neuropathy",
        "spinal_cord_injury_spasticity",
    }
    assert set(known_conditions()) >= promised | {"healthy", "healthy_contraction"}


def test_health_at_rest_changes_what_the_scene_says() -> None:
    scene = {change.parameter for change in library().scenes["rest"].changes}
    healthy = parameters_for("healthy")
    assert set(healthy) == set(OF_THE_MODEL)
    assert {name for name in OF_THE_MODEL if healthy[name] != library().value(name)} <= scene


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_changes_what_its_files_name_and_nothing_else(condition: str) -> None:
    setting, known = Setting(condition=condition), library().conditions[condition]
    healthy, ill = parameters_for(setting.in_health()), parameters_for(setting)
    told = {
        change.parameter
        for story in library().stories.values()
        if condition in story.about
        for change in story.evidence.changes
    }
    named = {mechanism.parameter for mechanism in known.mechanism} | told
    assert {name for name in healthy if ill[name] != healthy[name]} <= named


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_severity_stays_within_the_bounds_of_the_parameters(condition: str) -> None:
    for severity in (0.0, 0.3, 1.0, 2.0):
        for name, value in parameters_for(Setting(condition=condition, severity=severity)).items():
            low, high = library().parameters[name].bounds
            assert low <= value <= high, name


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(st.floats(0, 2), st.floats(0, 2))
def test_a_more_severe_condition_is_farther_from_health(one: float, other: float) -> None:
    known = with_mechanism(changed("ionized_calcium", "set", 0.001), changed("motor_unit_loss", "set", 0.4))
    less, more = (
        parameters_for(Setting(condition="made_up", severity=severity), known) for severity in sorted((one, other))
    )
    assert more["ionized_calcium"] <= less["ionized_calcium"]
    assert more["motor_unit_loss"] >= less["motor_unit_loss"]


def test_what_is_not_graded_changes_as_a_whole() -> None:
    known = with_mechanism(changed("tremor_frequency", "set", 4.0))
    assert not library().parameters["tremor_frequency"].graded
    assert parameters_for(Setting(condition="made_up", severity=0.1), known)["tremor_frequency"] == 4.0
    assert parameters_for(Setting(condition="made_up", severity=0.0), known)["tremor_frequency"] != 4.0


def test_a_scale_is_taken_to_the_power_of_the_severity() -> None:
    known = with_mechanism(changed("motor_unit_size_scale", "scale", 4.0))
    half = parameters_for(Setting(condition="made_up", severity=0.5), known)
    assert half["motor_unit_size_scale"] == pytest.approx(2.0)


def test_own_changes_go_before_all_else() -> None:
    setting = Setting(condition="low_calcium", changes={"ionized_calcium": 0.0011})
    assert parameters_for(setting)["ionized_calcium"] == 0.0011


def test_muscle_and_scene_are_the_conditions_own_unless_given() -> None:
    own = Setting(condition="spinal_cord_injury_spasticity")
    assert own.scene_in(library()) == library().conditions["spinal_cord_injury_spasticity"].scene
    other = Setting(condition="spinal_cord_injury_spasticity", scene="rest", muscle="thenar")
    assert (other.scene_in(library()), other.muscle_in(library())) == ("rest", "thenar")
    thenar = next(change for change in library().muscles["thenar"].changes if change.parameter == "twitch_peak_force")
    assert thenar.change.set is not None
    assert parameters_for(other.in_health())["twitch_peak_force"] == thenar.change.set.value


def test_the_popular_story_is_simulated_when_it_is_asked_for() -> None:
    evidence, popular = (parameters_for(Setting(condition="caffeine", story=story)) for story in STORIES)
    assert evidence["caffeine_threshold_fall"] == 0.0
    assert popular["caffeine_threshold_fall"] > 0.0


def test_every_assumed_change_is_told() -> None:
    for condition in CONDITIONS:
        for mechanism in library().conditions[condition].mechanism:
            quantity = mechanism.change.set or mechanism.change.scale
            told = any(mechanism.parameter in sentence for sentence in assumptions(condition))
            assert told == (quantity is not None and quantity.assumed is not None)


def test_changes_of_one_parameter_follow_each_other() -> None:
    known = with_mechanism(
        changed("motor_unit_size_scale", "scale", 2.0), changed("motor_unit_size_scale", "scale", 3.0)
    )
    assert parameters_for("made_up", known)["motor_unit_size_scale"] == pytest.approx(6.0)


def test_a_change_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="motor_unit_size_scale in made_up must lie in"):
        parameters_for("made_up", with_mechanism(changed("motor_unit_size_scale", "scale", 1000.0)))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (Setting(condition="cafeine"), "Did you mean 'caffeine'?"),
        (Setting(condition="xyz"), "got 'xyz'."),
        (Setting(condition="iron_deficiency"), "must have a mechanism in the model"),
        (Setting(condition="healthy", scene="dancing"), "scene must be one of"),
        (Setting(condition="healthy", muscle="thenarr"), "Did you mean 'thenar'?"),
        (Setting(condition="healthy", changes={"ionised_calcium": 1.0}), "Did you mean 'ionized_calcium'?"),
        (Setting(condition="healthy", changes={"ionized_calcium": 1.0}), "ionized_calcium must lie in"),
        (Setting(condition="healthy", changes={"ionized_calcium": math.nan}), "ionized_calcium must lie in"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_hint(setting: Setting, said: str) -> None:
    with pytest.raises(OutOfRangeError) as refusal:
        parameters_for(setting)
    assert said in str(refusal.value)


@pytest.mark.parametrize("severity", [-0.1, 2.1, math.nan])
def test_a_severity_outside_is_refused(severity: float) -> None:
    with pytest.raises(OutOfRangeError, match="severity must lie in"):
        Setting(condition="healthy", severity=severity)


def test_an_unknown_story_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="story must be evidence or popular"):
        Setting(condition="caffeine", story=cast("Literal['evidence', 'popular']", "rumor"))


@pytest.mark.parametrize(("text", "value"), [("mild", 0.5), (" Severe ", 1.5), ("0", 0.0), ("1.25", 1.25)])
def test_a_severity_is_read_from_words_and_numbers(text: str, value: float) -> None:
    assert severity_of(text) == value


@pytest.mark.parametrize("text", ["", "awful", "3", "-1", "nan", "inf"])
def test_a_severity_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(OutOfRangeError, match="severity must be a number from 0 to 2 or one of mild"):
        severity_of(text)


def test_every_parameter_of_the_model_has_a_unit_and_a_reason() -> None:
    for name in OF_THE_MODEL:
        parameter = library().parameters[name]
        assert parameter.unit is not Unit.UNKNOWN
        assert parameter.evidence or parameter.value.assumed is not None
