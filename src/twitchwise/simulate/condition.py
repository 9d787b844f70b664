"""What a condition changes in the motor system: the parameters of the knowledge files with its changes applied."""

import difflib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Mechanism
from twitchwise.simulate.motor_unit import middle_twitch
from twitchwise.simulate.twitch import Twitch
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_within

HEALTHY = "healthy"  # the name under which nothing is changed
USED = (
    "axon_threshold_scale",
    "burst_doublet_interval",
    "burst_epoch_duration",
    "burst_interval_spread",
    "burst_participation",
    "burst_share",
    "burst_time_share",
    "contraction_time_scale",
    "doublet_interval",
    "doublet_interval_spread",
    "doublet_probability",
    "ectopic_rate_exponent",
    "fasciculating_units",
    "fasciculation_rate_per_min",
    "fasciculation_refractory_period",
    "force_saturation_exponent",
    "half_relaxation_time_scale",
    "motor_unit_size_scale",
    "motor_unit_size_spread",
    "muap_duration_scale",
    "muap_duration_spread",
    "multiplet_discharges",
    "rhythmic_burst_rate_hz",
    "surface_emg_noise_rms",
    "surface_muap_amplitude",
    "surface_muap_duration",
    "twitch_contraction_time",
    "twitch_half_relaxation_time",
    "twitch_latent_period",
    "twitch_peak_force",
    "twitch_tetanus_ratio",
    "twitch_time_spread",
)
"""Ids of the parameters that the simulator reads."""


def known_conditions(knowledge: Library | None = None) -> tuple[str, ...]:
    """Return the ids that can be simulated: ``healthy`` and every condition with a mechanism."""
    conditions = (knowledge or library()).conditions
    return (HEALTHY, *sorted(name for name, condition in conditions.items() if condition.mechanism))


def parameters_for(condition: str, knowledge: Library | None = None) -> Mapping[str, float]:
    """Return the simulator's parameters under a condition, in the units of their files.

    Parameters
    ----------
    condition
        Id of a condition, or ``healthy``.
    knowledge
        Where the numbers come from; the shipped files unless given.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, or a change leads outside a parameter's bounds.

    Examples
    --------
    >>> parameters_for("healthy")["motor_unit_size_scale"]
    1.0
    """
    knowledge = knowledge or library()
    values = {name: knowledge.value(name) for name in USED}
    for mechanism in _mechanisms(condition, knowledge):
        name = mechanism.parameter
        if name in values:
            values[name] = mechanism.change.applied_to(values[name])
            require_within(f"{name} in {condition}", values[name], *knowledge.parameters[name].bounds)
    return MappingProxyType(values)


def twitch_of(condition: str, knowledge: Library | None = None) -> Twitch:
    """Return the twitch of a motor unit of middle size and speed under a condition, or under ``healthy``.

    Raises
    ------
    OutOfRangeError
        As `parameters_for`.
    """
    return middle_twitch(parameters_for(condition, knowledge))


def assumptions(condition: str, knowledge: Library | None = None) -> tuple[str, ...]:
    """Return a sentence for every change of a condition that is assumed or that the simulator cannot act on."""
    return tuple(_sentences(_mechanisms(condition, knowledge or library())))


def _sentences(mechanisms: tuple[Mechanism, ...]) -> Iterator[str]:
    for mechanism in mechanisms:
        quantity = mechanism.change.set or mechanism.change.scale
        if mechanism.parameter not in USED:
            yield f"The simulator does not model {mechanism.parameter}, so its change is left out."
        elif quantity is not None and quantity.assumed is not None:
            way = "set to" if mechanism.change.set is not None else "multiplied by"
            assumed = quantity.assumed
            yield f"{mechanism.parameter} is {way} {assumed.value:g}, which is assumed: {assumed.because.rstrip('.')}."


def _mechanisms(condition: str, knowledge: Library) -> tuple[Mechanism, ...]:
    if condition == HEALTHY:
        return ()
    known = known_conditions(knowledge)
    if condition in knowledge.conditions and condition not in known:
        raise OutOfRangeError(
            f"condition must have a mechanism in the model, got {condition!r}; "
            f"'twitchwise explain {condition}' tells what is known of it."
        )
    if condition not in known:
        near = difflib.get_close_matches(condition, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise OutOfRangeError(f"condition must be one of {', '.join(known)}, got {condition!r}.{hint}")
    return knowledge.conditions[condition].mechanism
