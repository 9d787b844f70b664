"""What can be turned on one motor unit: each cause that the model has a mechanism for, and what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from twitchwise.knowledge import Library, library
from twitchwise.simulate.condition import (
    HEALTHY,
    SCENES_IN_HEALTH,
    SEVEREST,
    Setting,
    known_conditions,
    parameters_for,
)
from twitchwise.simulate.environment import Environment
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_within

SURROUNDINGS = "surroundings"
"""The cause in which salts, hormones, acidity and temperatures are all free."""
CAUSES_KEPT = 256
BEYOND_ONE_UNIT = (
    "antagonist_",
    "axon_velocity_",
    "cramp_unit_share",
    "joint_",
    "motor_unit_loss",
    "myotonic_",
    "persistent_inward_",
    "reciprocal_",
    "stretch_",
    "tremor_antagonist_",
    "tremor_frequency_spread",
    "tremor_waxing",
    "visuomotor_",
    "volley_antagonist_",
    "caffeine_inward_",
)
"""How the parameters begin that act on many motor units, on reflexes or on the limb: one unit shows nothing of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """One parameter that a cause changes, in the unit of its file.

    Parameters
    ----------
    parameter
        Its id.
    healthy, usual
        Its value in health, and the one that the cause's file gives.
    low, high
        Between these it may be turned: health and twice as far from it as the file says, within the bounds of the
        knowledge; where the file leaves it as it is, and in free surroundings, these bounds themselves.
    """

    parameter: str
    healthy: float
    usual: float
    low: float
    high: float

    @property
    def acts_here(self) -> bool:
        """Whether one motor unit alone can show what it does."""
        return not self.parameter.startswith(BEYOND_ONE_UNIT)


def causes(knowledge: Library | None = None) -> tuple[str, ...]:
    """Return the ids of all causes: the free surroundings first, then each condition with a mechanism."""
    known = known_conditions(knowledge)
    return (SURROUNDINGS, *(name for name in known if name not in SCENES_IN_HEALTH))


def dials_of(cause: str, *, story: bool = False) -> tuple[Dial, ...]:
    """Return what a cause changes; with ``story``, what people say of it, where the evidence is against it.

    Raises
    ------
    OutOfRangeError
        If there is no such cause.

    Examples
    --------
    >>> [dial.parameter for dial in dials_of("hypothyroidism")]
    ['thyroid_hormone_scale']
    """
    if cause not in causes():
        raise OutOfRangeError(f"cause must be one that the page lists, got {cause!r}.")
    return _dials(cause, "popular" if story else "evidence")


@lru_cache(maxsize=CAUSES_KEPT)
def _dials(cause: str, side: Literal["evidence", "popular"]) -> tuple[Dial, ...]:
    parameters = library().parameters
    if cause == SURROUNDINGS:
        values = parameters_for(HEALTHY)
        return tuple(
            Dial(
                parameter=name,
                healthy=values[name],
                usual=values[name],
                low=parameters[name].bounds[0],
                high=parameters[name].bounds[1],
            )
            for name in Environment.__slots__
        )
    healthy, usual, far = (
        parameters_for(Setting(condition=cause, severity=one, story=side)) for one in (0.0, 1.0, SEVEREST)
    )
    named = [change.parameter for change in library().conditions[cause].mechanism]
    told = [name for name in usual if usual[name] != healthy[name]]
    return tuple(_dial(name, healthy[name], usual[name], far[name]) for name in dict.fromkeys([*named, *told]))


def _dial(name: str, healthy: float, usual: float, far: float) -> Dial:
    known = library().parameters[name]
    low, high = known.bounds if far == healthy or not known.graded else sorted((healthy, far))
    return Dial(parameter=name, healthy=healthy, usual=usual, low=low, high=high)


def setting_of(cause: str, values: Mapping[str, float], *, story: bool = False) -> Setting:
    """Return what is simulated when a cause's dials are turned.

    Parameters
    ----------
    cause
        Its id.
    values
        Of some or all of its dials, in the units of their files; the others stand at the value that the file gives.
    story
        Whether what people say is simulated where the evidence is against it.

    Raises
    ------
    OutOfRangeError
        If there is no such cause or dial, or a value lies outside.
    """
    dials = {dial.parameter: dial for dial in dials_of(cause, story=story)}
    for name, value in values.items():
        if name not in dials:
            raise OutOfRangeError(f"what is changed must be one of {', '.join(dials)}, got {name!r}.")
        require_within(name, value, dials[name].low, dials[name].high)
    turned = {name: values.get(name, dial.usual) for name, dial in dials.items()}
    return Setting(
        condition=HEALTHY if cause == SURROUNDINGS else cause,
        changes=turned,
        story="popular" if story else "evidence",
    )


def in_health(cause: str) -> Setting:
    """Return the same scene and muscle with every dial at its healthy value."""
    condition = HEALTHY if cause == SURROUNDINGS else cause
    return Setting(condition=condition, severity=0.0)
