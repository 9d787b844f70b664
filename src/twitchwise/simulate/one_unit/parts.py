"""The parts of one motor unit in a setting: axon, junction, twitch and what a pair of electrodes sees of it.

What does not depend on a change - calibration of the twitch, places of the fibers - is worked out once and kept.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.knowledge import library
from twitchwise.simulate.condition import Setting, parameters_for
from twitchwise.simulate.environment import changed
from twitchwise.simulate.junction import Junction, expected_shares
from twitchwise.simulate.limb import Skin, skin_displacement
from twitchwise.simulate.middle_twitch import middle_unit
from twitchwise.simulate.muscle import BipolarPair, Templates, templates
from twitchwise.simulate.one_unit.axon_response import AxonAnswer, axon_answer
from twitchwise.simulate.one_unit.fibers import fibers_of_one
from twitchwise.simulate.preparation import IN_THE_AXON
from twitchwise.simulate.twitches.calibration import Timing, calibrated, mechanism_of, timing_of
from twitchwise.simulate.twitches.coefficients import scaled
from twitchwise.simulate.twitches.mechanism import STRETCHES, TwitchCoefficients, TwitchState, stepped, tetanic_share
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import FloatArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

RATE_HZ = 8000.0  # of the EMG: all that is heard of it, up to half of this
STEP_S = 1e-3  # of a twitch, which of 35 ms is right to 0.1 % with it
LOOKED_AT_S = (0.5, 1.0, 2.0, 4.0)  # the first of these by which the twitch is over
OVER = 0.05  # of the peak: where a twitch is over
LEAST_LEFT = 1e-3  # of the fibers of a unit: one of a thousand
KEPT = 128
OF_THE_MUSCLE = (
    "bipolar_",
    "endplate_spread",
    "fat_",
    "fiber_",
    "innervation_",
    "motor_unit_size",
    "motor_unit_territory",
    "muscle_",
    "reinnervated_",
    "skin_",
    "surface_electrode",
    "tendon_",
)
"""How the parameters begin that the fibers, the tissue around them and the electrodes depend on."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Course:
    """A twitch in steps of `STEP_S` from the discharge on, as shares of the greatest force; each ``(n,)``."""

    muscle: FloatArray
    tendon: FloatArray

    @property
    def is_over(self) -> bool:
        """Whether the force has fallen to nothing to speak of."""
        top = int(self.tendon.argmax())
        return bool(self.tendon[-1] <= OVER * self.tendon[top])


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """One motor unit of middle size in a setting.

    Parameters
    ----------
    parameters
        Values by id, after environment and axon have acted.
    axon
        What its axon does.
    """

    parameters: Mapping[str, float]
    axon: AxonAnswer

    @cached_property
    def unit(self) -> MotorUnits:
        """The unit, alone in arrays of shape ``(1,)``."""
        return middle_unit(self.parameters)

    @cached_property
    def junction(self) -> Junction:
        """Its junctions."""
        return Junction.of(self.parameters)

    @cached_property
    def reached(self) -> float:
        """Share of its fibers that one discharge after rest sets off."""
        return float(expected_shares(np.zeros(1), self.junction)[0]) if self.axon.conducts else 0.0

    @cached_property
    def tetanic_n(self) -> float:
        """Force with every cross-bridge attached that can be, in N."""
        return float(self.unit.peak_force_n[0] / self.unit.twitch_tetanus_ratio[0])

    def course(self, duration_s: float) -> Course:
        """Return the twitch over so many seconds."""
        return _course(self._coefficients, self.reached, duration_s)

    def timing(self, duration_s: float) -> Timing | None:
        """Return the measures of the twitch, ``None`` where there is none."""
        tendon = self.course(duration_s).tendon
        return timing_of(tendon[:, np.newaxis], STEP_S) if tendon.max() > 0 else None

    def bulge_m(self, duration_s: float) -> FloatArray:
        """Return how far the skin over the unit bulges, in steps of `STEP_S`."""
        return skin_displacement(self.tetanic_n * self.course(duration_s).muscle, 1 / STEP_S, Skin.of(self.parameters))

    @cached_property
    def lasts_s(self) -> float:
        """Return the first of the lengths that are looked at by which the twitch is over."""
        return next((length for length in LOOKED_AT_S if self.course(length).is_over), LOOKED_AT_S[-1])

    @cached_property
    def _coefficients(self) -> tuple[float, ...]:
        found = scaled(_calibrated(_of_a_twitch(self.unit, self.parameters)), self.parameters)
        return tuple(float(np.asarray(one)[0]) for one in found)

    @cached_property
    def seen(self) -> Templates:
        """What a pair of electrodes on the skin sees of all its fibers; fibers that are lost are missing evenly."""
        tissue = {name: value for name, value in self.parameters.items() if name.startswith(OF_THE_MUSCLE)}
        left, n_fibers = max(1 - self.parameters["fiber_loss"], LEAST_LEFT), int(self.unit.n_fibers[0])
        before = max(round(n_fibers / left), 1)
        ours = tuple(sorted({**tissue, "fiber_loss": 0.0}.items()))
        whole = _templates(ours, before, float(self.unit.fiber_velocity_mps[0]))
        return replace(whole, bank=whole.bank * np.float32(n_fibers / before))


@lru_cache(maxsize=KEPT)
def _parameters(setting: "_Asked") -> tuple[Mapping[str, float], AxonAnswer]:
    asked = setting.setting
    start = parameters_for(asked.before_own_changes())
    values = dict(changed(parameters_for(asked), start, left_out=IN_THE_AXON))
    axon, before = axon_answer(values), axon_answer(start)
    rise = axon.chance_rate_hz(values["axon_current_noise"]) / before.chance_rate_hz(start["axon_current_noise"])
    low, high = library().parameters["fasciculation_rate_per_min"].bounds
    rate = values["fasciculation_rate_per_min"] * math.pow(rise, values["ectopic_rate_exponent"])
    values["fasciculation_rate_per_min"] = min(max(rate, low), high)
    if axon.conducts:
        values["axon_conduction_velocity"] *= axon.velocity_ratio / before.velocity_ratio
    return values, axon


@dataclass(frozen=True, slots=True)
class _Asked:
    """A setting that can be a key."""

    key: tuple[object, ...]
    setting: Setting

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


def parts_of(setting: Setting) -> Parts:
    """Return one motor unit in a setting.

    Raises
    ------
    OutOfRangeError
        If there is no such condition or parameter, a number lies outside, or the unit cannot be.
    """
    return _parts(_Asked(_key(setting), setting))


@lru_cache(maxsize=KEPT)
def _parts(asked: _Asked) -> Parts:
    parameters, axon = _parameters(asked)
    return Parts(parameters=parameters, axon=axon)


def _key(setting: Setting) -> tuple[object, ...]:
    changes = tuple(sorted(setting.changes.items()))
    return (setting.condition, setting.severity, setting.muscle, setting.scene, setting.story, changes)


def _of_a_twitch(unit: MotorUnits, parameters: Mapping[str, float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what the calibration depends on: the times and the ratio of the unit, and what all units share."""
    times = (unit.contraction_time_s, unit.half_relaxation_time_s, unit.latent_period_s, unit.twitch_tetanus_ratio)
    mechanism = mechanism_of(parameters)
    return tuple(float(one[0]) for one in times), tuple(getattr(mechanism, name) for name in mechanism.__slots__)


@lru_cache(maxsize=KEPT)
def _calibrated(wanted: tuple[tuple[float, ...], tuple[float, ...]]) -> TwitchCoefficients:
    """Return the coefficients of a unit with a tetanic force of 1 N; forces are in proportion to it."""
    (contraction_s, relaxation_s, latent_s, ratio), numbers = wanted
    one = np.ones(1)
    unit = MotorUnits(
        recruitment_threshold=one,
        peak_force_n=ratio * one,
        contraction_time_s=contraction_s * one,
        half_relaxation_time_s=relaxation_s * one,
        latent_period_s=latent_s * one,
        twitch_tetanus_ratio=ratio * one,
        fiber_velocity_mps=one,
        axon_velocity_mps=one,
        n_fibers=np.ones(1, dtype=np.int64),
    )
    mechanism = type(mechanism_of(parameters_for("healthy")))
    return calibrated(unit, mechanism(**dict(zip(mechanism.__slots__, numbers, strict=True))))


@lru_cache(maxsize=KEPT)
def _course(coefficients: tuple[float, ...], reached: float, duration_s: float) -> Course:
    # plain numbers: for one unit they are ten times as quick as arrays
    k = TwitchCoefficients(*cast("tuple[jax.Array, ...]", coefficients))
    zero = cast("jax.Array", 0.0)
    state, released = TwitchState(zero, zero, zero, zero, zero, zero, (zero,) * STRETCHES), cast("jax.Array", reached)
    courses = [(0.0, 0.0)]
    for _ in range(round(duration_s / STEP_S)):
        state = stepped(state, released, k, STEP_S)
        courses.append((float(state.cross_bridges), float(state.tendon[-1])))
        released = zero
    muscle, tendon = np.asarray(tetanic_share(cast("jax.Array", np.array(courses)), k)).T
    return Course(muscle=muscle, tendon=tendon)


@lru_cache(maxsize=KEPT)
def _templates(tissue: tuple[tuple[str, float], ...], n_fibers: int, velocity_mps: float) -> Templates:
    parameters = dict(tissue)
    endplates = parameters["innervation_zone_position"]
    pair = BipolarPair(
        spacing_m=parameters["bipolar_spacing"], along_m=(endplates + parameters["muscle_fiber_length"] / 2) / 2
    )
    return templates(fibers_of_one(parameters, n_fibers, velocity_mps), pair, parameters, sampling_rate_hz=RATE_HZ)
