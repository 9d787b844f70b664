"""The first stages of one motor unit: what surrounds it, its axon, its junctions."""

from collections.abc import Callable

import numpy as np

from twitchwise.knowledge import library
from twitchwise.simulate.environment import Environment
from twitchwise.simulate.junction import expected_shares
from twitchwise.simulate.one_unit.comparison import PERCENT, POINTS, Both, Curve, Number, Stage, StageName
from twitchwise.simulate.one_unit.parts import Parts
from twitchwise.vocabulary import Unit

STIMULI, STIMULUS_RATE_HZ, FIFTH = 10, 3.0, 4  # of repetitive nerve stimulation as it is usually done
BEFORE_S, AFTER_S = 1e-3, 5e-3  # shown around an action potential of the axon


def surroundings(both: Both) -> Stage:
    """Return what surrounds nerve and muscle, as far as it differs from health."""
    known = library().parameters
    numbers = (both.number(name, known[name].unit, _parameter(name), name) for name in Environment.__slots__)
    return Stage(name=StageName.SURROUNDINGS, numbers=tuple(one for one in numbers if one.healthy != one.changed))


def _parameter(name: str) -> Callable[[Parts], float]:
    return lambda one: one.parameters[name]


def axon(both: Both) -> Stage:
    """Return the action potential on its way along the axon."""
    length_m = both.healthy.parameters["stimulus_distance"]

    def late_s(one: Parts) -> float:
        return length_m / one.parameters["axon_conduction_velocity"] if one.axon.conducts else 0.0

    widths = both.of(lambda one: one.axon.width_s)
    x = np.linspace(-BEFORE_S, max(both.of(late_s)) + AFTER_S * max(widths) / min(widths), POINTS)
    numbers = (
        both.number(
            "conduction_velocity",
            Unit.METER_PER_SECOND,
            _speed,
            "axon_conduction_velocity",
            "nerve_temperature",
            "axon_myelin_scale",
        ),
        both.number(
            "travel_time",
            Unit.SECOND,
            lambda one: late_s(one) if one.axon.conducts else None,
            "stimulus_distance",
            "axon_conduction_velocity",
        ),
        both.number(
            "resting_potential",
            Unit.VOLT,
            lambda one: one.axon.resting_potential_v,
            "plasma_potassium",
            "axon_potassium_inside",
        ),
        both.number(
            "node_threshold", Unit.AMPERE, lambda one: one.axon.threshold_a, "axon_gate_shift", "axon_threshold_scale"
        ),
        both.number(
            "fasciculation_rate",
            Unit.PER_MINUTE,
            _parameter("fasciculation_rate_per_min"),
            "fasciculation_rate_per_min",
            "ectopic_rate_exponent",
        ),
        both.number("conducting_share", Unit.PERCENT, _conducting, "axon_blocked_share"),
    )
    return Stage(
        name=StageName.AXON,
        numbers=numbers,
        curves=(
            both.curve("at_the_start", Unit.VOLT, x, lambda one: one.axon.course_v(x)),
            both.curve("at_the_muscle", Unit.VOLT, x, lambda one: one.axon.course_v(x - late_s(one))),
        ),
    )


def _speed(one: Parts) -> float | None:
    return one.parameters["axon_conduction_velocity"] if one.axon.conducts else None


def _conducting(one: Parts) -> float:
    return PERCENT * (1 - one.parameters["axon_blocked_share"]) * one.axon.conducts


def junction(both: Both) -> Stage:
    """Return what the junctions between nerve and muscle pass on."""
    stimuli_s = np.arange(STIMULI) / STIMULUS_RATE_HZ
    shares = [PERCENT * expected_shares(stimuli_s, one.junction) for one in (both.healthy, both.changed)]
    numbers = (
        both.number(
            "first_share", Unit.PERCENT, lambda one: PERCENT * one.reached, "quantal_content", "endplate_threshold"
        ),
        Number(
            name="fifth_share",
            unit=Unit.PERCENT,
            healthy=float(shares[0][FIFTH]),
            changed=float(shares[1][FIFTH]),
            rests_on=("release_probability", "release_store_recovery_time"),
        ),
        both.number(
            "safety_factor", Unit.ONE, lambda one: one.junction.safety_factor, "quantum_size", "endplate_threshold"
        ),
        both.number("junction_delay_spread", Unit.SECOND, _parameter("junction_delay_spread"), "junction_delay_spread"),
    )
    pulses = np.arange(1.0, STIMULI + 1)
    curve = Curve(name="shares", unit=Unit.PERCENT, x=pulses, x_unit=Unit.COUNT, healthy=shares[0], changed=shares[1])
    return Stage(name=StageName.JUNCTION, numbers=numbers, curves=(curve,))
