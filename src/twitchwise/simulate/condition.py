"""What is simulated: the parameters of the knowledge files with the changes of muscle, scene and condition applied."""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Mechanism, Parameter
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_within

HEALTHY = "healthy"
SCENES_IN_HEALTH = {HEALTHY: "rest", "healthy_contraction": "contraction"}
"""Names under which nothing is changed but the scene."""
OTHERS = (
    "assessment_",
    "decompose_",
    "describe_",
    "emg_",
    "heart_rate_",
    "mechanics_",
    "people_",
    "question_",
    "rhythm_",
    "study_",
    "units_",
)  # parameters of the reasoning, of detectors and studies, and of who is simulated
SEVEREST = 2.0  # twice as far from health as the condition's file says
SEVERITIES = {"mild": 0.5, "moderate": 1.0, "severe": 1.5}


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What is to be simulated.

    Parameters
    ----------
    condition
        Id of a condition that has a mechanism, ``healthy`` or ``healthy_contraction``.
    severity
        0 is health, 1 what the condition's file says, up to 2; changes in between are in proportion.
    muscle, scene
        Ids of knowledge files; those that the condition's file names, else a hand muscle at rest.
    changes
        Values of parameters that go before all else, in the units of their files.
    story
        Where a popular story about the condition is contradicted, which side is simulated: evidence or popular.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, muscle, scene or parameter, or a number lies outside.
    """

    condition: str
    severity: float = 1.0
    muscle: str | None = None
    scene: str | None = None
    changes: Mapping[str, float] = field(default_factory=dict)
    story: Literal["evidence", "popular"] = "evidence"

    def __post_init__(self) -> None:
        """Refuse a severity outside."""
        require_within("severity", self.severity, 0.0, SEVEREST)
        if self.story not in ("evidence", "popular"):
            raise OutOfRangeError(f"story must be evidence or popular, got {self.story!r}.")

    def scene_in(self, knowledge: Library) -> str:
        """Return the scene that is meant."""
        if self.condition in SCENES_IN_HEALTH:
            return self.scene or SCENES_IN_HEALTH[self.condition]
        return self.scene or knowledge.conditions[self.condition].scene or SCENES_IN_HEALTH[HEALTHY]

    def muscle_in(self, knowledge: Library) -> str | None:
        """Return the muscle that is meant, ``None`` for the hand muscle that the parameters describe."""
        named = None if self.condition in SCENES_IN_HEALTH else knowledge.conditions[self.condition].muscle
        return self.muscle or named

    def in_health(self) -> "Setting":
        """Return the same scene, muscle and own changes in health."""
        return replace(self, severity=0.0)

    def before_own_changes(self) -> "Setting":
        """Return the same scene and muscle in health without own changes: what environment and axon start from."""
        return replace(self, severity=0.0, changes={})


def severity_of(text: str) -> float:
    """Read a severity: a number from 0 to 2, or one of the words mild, moderate, severe.

    Raises
    ------
    OutOfRangeError
        If it is neither.

    Examples
    --------
    >>> severity_of("mild"), severity_of("1.2")
    (0.5, 1.2)
    """
    try:
        severity = SEVERITIES.get(text.strip().lower())
        severity = float(text) if severity is None else severity
    except ValueError:
        severity = math.nan
    if not 0 <= severity <= SEVEREST:
        words = ", ".join(SEVERITIES)
        raise OutOfRangeError(f"severity must be a number from 0 to {SEVEREST:g} or one of {words}, got {text!r}.")
    return severity


def known_conditions(knowledge: Library | None = None) -> tuple[str, ...]:
    """Return the ids that can be simulated: health at rest and in contraction, and all conditions with a mechanism."""
    conditions = (knowledge or library()).conditions
    return (*SCENES_IN_HEALTH, *sorted(name for name, condition in conditions.items() if condition.mechanism))


def parameters_for(setting: Setting | str, knowledge: Library | None = None) -> Mapping[str, float]:
    """Return the parameters of the forward model, in the units of their files.

    The healthy values come first, then what the muscle, the scene, the condition and the setting's own changes say,
    each on top of the one before.

    Parameters
    ----------
    setting
        What is to be simulated; a condition's id alone stands for its file's scene, muscle and severity 1.
    knowledge
        Where the numbers come from; the shipped files unless given.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, muscle, scene or parameter, or a change leads outside a parameter's bounds.

    Examples
    --------
    >>> parameters_for("healthy")["motor_unit_size_scale"]
    1.0
    """
    knowledge = knowledge or library()
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    mechanisms = (*_mechanisms(setting.condition, knowledge), *_told(setting, knowledge))
    values = _in_health(setting, knowledge)
    for name, value in _with(mechanisms, values).items():
        parameter = knowledge.parameters[name]
        values[name] = _graded(parameter, values[name], value, setting.severity)
        require_within(f"{name} in {setting.condition}", values[name], *parameter.bounds)
    for name, value in setting.changes.items():
        _require_parameter(name, values)
        require_within(name, value, *knowledge.parameters[name].bounds)
        values[name] = value
    return MappingProxyType(values)


def assumptions(condition: str, knowledge: Library | None = None) -> tuple[str, ...]:
    """Return a sentence for every change of a condition that is assumed."""
    return tuple(_sentences(_mechanisms(condition, knowledge or library())))


def _in_health(setting: Setting, knowledge: Library) -> dict[str, float]:
    values = {
        name: parameter.value.value for name, parameter in knowledge.parameters.items() if not name.startswith(OTHERS)
    }
    muscle, scene = setting.muscle_in(knowledge), setting.scene_in(knowledge)
    if muscle is not None:
        values |= _with(_preset("muscle", muscle, knowledge), values)
    return values | _with(_preset("scene", scene, knowledge), values)


def _with(mechanisms: tuple[Mechanism, ...], values: Mapping[str, float]) -> dict[str, float]:
    """Return what the changes make of the parameters they name."""
    changed: dict[str, float] = {}
    for mechanism in mechanisms:
        name = mechanism.parameter
        changed[name] = mechanism.change.applied_to(changed.get(name, values[name]))
    return changed


def _graded(parameter: Parameter, healthy: float, changed: float, severity: float) -> float:
    """Return a value between the healthy one and the changed one, in proportion where both are above zero.

    Beyond severity 1 it goes on the same way as far as the parameter's bounds.
    """
    if severity == 1 or not parameter.graded:
        return changed if severity > 0 else healthy
    if healthy > 0 and changed > 0:
        value = healthy * math.pow(changed / healthy, severity)
    else:
        value = healthy + (changed - healthy) * severity
    low, high = parameter.bounds
    return min(max(value, low), high)


def _sentences(mechanisms: tuple[Mechanism, ...]) -> Iterator[str]:
    for mechanism in mechanisms:
        quantity = mechanism.change.set or mechanism.change.scale
        if quantity is not None and quantity.assumed is not None:
            way = "set to" if mechanism.change.set is not None else "multiplied by"
            assumed = quantity.assumed
            yield f"{mechanism.parameter} is {way} {assumed.value:g}, which is assumed: {assumed.because.rstrip('.')}."


def _mechanisms(condition: str, knowledge: Library) -> tuple[Mechanism, ...]:
    if condition in SCENES_IN_HEALTH:
        return ()
    known = known_conditions(knowledge)
    if condition in knowledge.conditions and condition not in known:
        raise OutOfRangeError(
            f"condition must have a mechanism in the model, got {condition!r}; "
            f"'twitchwise explain {condition}' tells what is known of it."
        )
    if condition not in known:
        raise OutOfRangeError(
            f"condition must be one that 'twitchwise simulate --list' names, got {condition!r}."
            f"{_near(condition, known)}"
        )
    return knowledge.conditions[condition].mechanism


def _told(setting: Setting, knowledge: Library) -> tuple[Mechanism, ...]:
    """Return what the stories about a condition change, by the side that is taken."""
    about = [story for story in knowledge.stories.values() if setting.condition in story.about]
    return tuple(change for story in about for change in story.side(setting.story).changes)


def _preset(kind: str, name: str, knowledge: Library) -> tuple[Mechanism, ...]:
    shelf = knowledge.muscles if kind == "muscle" else knowledge.scenes
    if name not in shelf:
        raise OutOfRangeError(f"{kind} must be one of {', '.join(shelf)}, got {name!r}.{_near(name, tuple(shelf))}")
    return shelf[name].changes


def _require_parameter(name: str, values: Mapping[str, float]) -> None:
    if name not in values:
        raise OutOfRangeError(
            f"parameter must be one that 'twitchwise knowledge list parameters' names, got {name!r}."
            f"{_near(name, tuple(values))}"
        )


def _near(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
