"""What the environment does to later links of the chain: a table of laws, each resting on named parameter files.

Surface charge after Hille, Woodhull & Shapiro (1975, doi:10.1098/rstb.1975.0011); temperature of the twitch after
Ranatunga et al. (1987, doi:10.1113/jphysiol.1987.sp016707). The numbers, their sources and what is merely assumed stand
in the files that a law rests on. Where a law has no effect by default, as caffeine on the axon, that is what the
evidence says, and the popular story is a change of the numbers it rests on.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from twitchwise.simulate.environment.state import Environment
from twitchwise.simulate.environment.surface_charge import Membrane, Solution, gate_shift_v

Parameters = Mapping[str, float]
Intervals = Mapping[str, tuple[float, float]]
TEN_DEGREES = 10.0  # a Q10 is defined for this difference


class Way(StrEnum):
    """How an effect acts on its parameter."""

    ADD = "add"
    SCALE = "scale"


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a part of the environment does to one parameter.

    Parameters
    ----------
    causes
        Names of the parts of the environment.
    parameter
        Id of the parameter that is changed, which gives the unit of an effect that adds.
    way
        Whether the value is added or multiplies.
    value, low, high
        The effect, and the range that the uncertainty of its numbers leaves.
    rests_on
        Ids of the parameters that hold its numbers and name their sources.
    """

    causes: tuple[str, ...]
    parameter: str
    way: Way
    value: float
    low: float
    high: float
    rests_on: tuple[str, ...]

    @property
    def is_neutral(self) -> bool:
        """Whether it changes nothing."""
        return self.value == (0.0 if self.way is Way.ADD else 1.0)

    def applied_to(self, value: float) -> float:
        """Return the changed value of the parameter."""
        return value + self.value if self.way is Way.ADD else value * self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class _Law:
    """A rule that turns a part of the environment into an effect on one parameter."""

    causes: tuple[str, ...]
    parameter: str
    rests_on: tuple[str, ...]
    of: Callable[[Environment, Environment, Parameters], float]
    way: Way = Way.SCALE
    uncertainty: str | None = None  # id of the parameter that holds the share by which the whole effect is uncertain

    def is_at_work(self, environment: Environment, healthy: Environment) -> bool:
        """Tell whether one of the causes differs from health."""
        return any(getattr(environment, cause) != getattr(healthy, cause) for cause in self.causes)

    def effect(
        self, environment: Environment, healthy: Environment, parameters: Parameters, known: Intervals
    ) -> Effect:
        """Return the effect with its range."""
        value = self.of(environment, healthy, parameters)
        neutral = 0.0 if self.way is Way.ADD else 1.0
        share = parameters[self.uncertainty] if self.uncertainty is not None else 0.0
        off = [share * (value - neutral), -share * (value - neutral)]
        off += [
            self.of(environment, healthy, {**parameters, name: end}) - value
            for name in self.rests_on
            for end in known.get(name, ())
        ]
        below, above = (math.hypot(*(min(sign * one, 0.0) for one in off)) for sign in (1, -1))
        rests_on = self.rests_on if self.uncertainty is None else (*self.rests_on, self.uncertainty)
        return Effect(
            causes=self.causes,
            parameter=self.parameter,
            way=self.way,
            value=value,
            low=value - below,
            high=value + above,
            rests_on=rests_on,
        )


def effects(
    environment: Environment, healthy: Environment, parameters: Parameters, intervals: Intervals = MappingProxyType({})
) -> tuple[Effect, ...]:
    """Return what an environment does, compared with a healthy one.

    Parameters
    ----------
    environment, healthy
        The state, and the one it is compared with.
    parameters
        Values by id, of which the laws read those that they rest on.
    intervals
        For each id whose value a source gives with an interval, this interval. An effect's range joins the deviations
        at the ends of each, and the share by which the whole law is uncertain, as the root of the sum of squares.

    Returns
    -------
    tuple
        One effect for each law whose cause differs from health, also where it changes nothing by what is known.

    Raises
    ------
    KeyError
        If a parameter that a law rests on is missing.
    """
    acting = _with_calcium_of_ph(environment, healthy, parameters)
    return tuple(law.effect(acting, healthy, parameters, intervals) for law in _LAWS if law.is_at_work(acting, healthy))


def changed(parameters: Parameters, healthy: Parameters, left_out: frozenset[str] = frozenset()) -> Parameters:
    """Return a condition's parameters after its environment has acted on them.

    Parameters
    ----------
    parameters, healthy
        Values by id in the condition and in health; both hold the environment.
    left_out
        Ids of parameters that are left as they are, because a model further along minds the environment itself, as an
        axon with a temperature of its own does for ``axon_conduction_velocity``.

    Raises
    ------
    KeyError
        If a parameter is missing that a law reads or changes.
    OutOfRangeError
        If an environment is impossible.
    """
    values = dict(parameters)
    for effect in effects(Environment.of(parameters), Environment.of(healthy), parameters):
        if effect.parameter not in left_out:
            values[effect.parameter] = effect.applied_to(values[effect.parameter])
    return MappingProxyType(values)


def _with_calcium_of_ph(environment: Environment, healthy: Environment, parameters: Parameters) -> Environment:
    """Let alkalosis lower the ionized calcium, where ``alkalosis_lowers_calcium`` is above 0."""
    path = parameters["alkalosis_lowers_calcium"] * parameters["ionized_calcium_per_ph"]
    bound = path * (environment.blood_ph - healthy.blood_ph)
    return replace(environment, ionized_calcium=environment.ionized_calcium + bound)


def _by_ions(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
    return _shifts_v(environment, healthy, parameters)[0]


def _by_ph(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
    return _shifts_v(environment, healthy, parameters)[1]


def _shifts_v(environment: Environment, healthy: Environment, parameters: Parameters) -> tuple[float, float]:
    fluids = Solution.around_nerve(environment), Solution.around_nerve(healthy)
    return gate_shift_v(*fluids, Membrane.of(parameters))


def _warmth(tissue: str, q10: str, power: int) -> Callable[[Environment, Environment, Parameters], float]:
    """Return a law of temperature; a power of -1 is for times, which shorten with warmth."""

    def law(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
        warmer: float = getattr(environment, tissue) - getattr(healthy, tissue)
        return math.pow(parameters[q10], power * warmer / TEN_DEGREES)

    return law


def _hormone(name: str, exponent: str, power: int) -> Callable[[Environment, Environment, Parameters], float]:
    """Return a law of a hormone: its ratio to health to a power."""

    def law(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
        ratio: float = getattr(environment, name) / getattr(healthy, name)
        return math.pow(ratio, power * parameters[exponent])

    return law


def _wasting(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
    excess = max(environment.cortisol_scale / healthy.cortisol_scale, 1.0)  # a lack tires muscle but does not waste it
    return math.pow(excess, -parameters["cortisol_wasting_exponent"])


def _per_dose(change: str, sign: int) -> Callable[[Environment, Environment, Parameters], float]:
    """Return a law of caffeine: a share of change at the reference concentration, compounded in proportion to dose."""

    def law(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
        more = environment.caffeine_concentration - healthy.caffeine_concentration
        dose = more / parameters["caffeine_reference_concentration"]
        return math.pow(1 + sign * parameters[change], dose)

    return law


def _calcium_release(environment: Environment, healthy: Environment, parameters: Parameters) -> float:
    half = parameters["caffeine_release_concentration"]
    return (half + environment.caffeine_concentration) / (half + healthy.caffeine_concentration)


_CHARGE = tuple(f"membrane_{name}" for name in Membrane.__slots__)
_DOSE = "caffeine_reference_concentration"
_SALTS = ("ionized_calcium", "ionized_magnesium", "plasma_sodium", "plasma_potassium")
_MUSCLE, _NERVE, _COFFEE = ("muscle_temperature",), ("nerve_temperature",), ("caffeine_concentration",)
_THYROID, _CORTISOL = ("thyroid_hormone_scale",), ("cortisol_scale",)


def _warm_muscle(parameter: str, q10: str, power: int = 1) -> _Law:
    return _Law(causes=_MUSCLE, parameter=parameter, rests_on=(q10,), of=_warmth("muscle_temperature", q10, power))


def _thyroid(parameter: str, exponent: str, power: int = 1) -> _Law:
    law = _hormone("thyroid_hormone_scale", exponent, power)
    return _Law(causes=_THYROID, parameter=parameter, rests_on=(exponent,), of=law)


def _caffeine(parameter: str, change: str, sign: int = 1) -> _Law:
    return _Law(causes=_COFFEE, parameter=parameter, rests_on=(change, _DOSE), of=_per_dose(change, sign))


_LAWS = (
    _Law(
        causes=_SALTS,
        parameter="axon_gate_shift",
        way=Way.ADD,
        rests_on=_CHARGE,
        of=_by_ions,
        uncertainty="gate_shift_uncertainty",
    ),
    _Law(
        causes=("blood_ph",),
        parameter="axon_gate_shift",
        way=Way.ADD,
        rests_on=_CHARGE,
        of=_by_ph,
        uncertainty="alkalosis_shift_uncertainty",
    ),
    _Law(
        causes=_NERVE,
        parameter="axon_conduction_velocity",
        rests_on=("conduction_velocity_q10",),
        of=_warmth("nerve_temperature", "conduction_velocity_q10", 1),
    ),
    _warm_muscle("fiber_velocity_at_no_diameter", "fiber_velocity_q10"),
    _warm_muscle("fiber_velocity_per_diameter", "fiber_velocity_q10"),
    _warm_muscle("cross_bridge_rate_scale", "contraction_time_q10"),
    _warm_muscle("calcium_uptake_scale", "half_relaxation_time_q10"),
    _thyroid("cross_bridge_rate_scale", "thyroid_contraction_exponent"),
    _thyroid("calcium_uptake_scale", "thyroid_relaxation_exponent"),
    _thyroid("tremor_drive", "thyroid_tremor_exponent"),
    _Law(
        causes=_CORTISOL,
        parameter="specific_force_scale",
        rests_on=("cortisol_wasting_exponent",),
        of=_wasting,
    ),
    _caffeine("axon_threshold_scale", "caffeine_threshold_fall", -1),
    _caffeine("persistent_inward_current", "caffeine_inward_current_rise"),
    _caffeine("voluntary_drive_scale", "caffeine_drive_rise"),
    _Law(
        causes=_COFFEE,
        parameter="calcium_release_scale",
        rests_on=("caffeine_release_concentration",),
        of=_calcium_release,
    ),
)
