"""The later stages of one motor unit: muscle fibers, twitch, EMG, and the movement of the skin."""

from collections.abc import Callable

import numpy as np

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.simulate.one_unit.comparison import POINTS, Both, Stage, StageName
from twitchwise.simulate.one_unit.parts import STEP_S, Parts
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

FIBER_SHOWN = 12.0  # lengths of the fiber's action potential: by then it is over
HARDLY = 0.02  # of the peak force: less is not drawn


def fiber(both: Both) -> Stage:
    """Return what happens in the muscle fibers of the unit."""
    place_m = both.healthy.parameters["muscle_fiber_length"] / 4  # halfway between the endplate and the tendon

    def velocity(one: Parts) -> float:
        return float(one.unit.fiber_velocity_mps[0])

    def inside(one: Parts, time_s: FloatArray) -> FloatArray:
        potential = FiberActionPotential.of(one.parameters)
        return potential.depolarization_v(velocity(one) * time_s - place_m)

    length_m = FiberActionPotential.of(both.healthy.parameters).length_m
    x = np.linspace(0.0, (place_m + FIBER_SHOWN * length_m) / min(both.of(velocity)), POINTS)
    numbers = (
        both.number(
            "fiber_velocity", Unit.METER_PER_SECOND, velocity, "fiber_velocity_per_diameter", "fiber_velocity_q10"
        ),
        both.number(
            "fiber_arrival",
            Unit.SECOND,
            lambda one: place_m / velocity(one),
            "muscle_fiber_length",
            "fiber_velocity_per_diameter",
        ),
        both.number(
            "fibers",
            Unit.COUNT,
            lambda one: float(one.unit.n_fibers[0]),
            "specific_force",
            "fiber_diameter",
            "motor_unit_size_scale",
        ),
        both.number("alone", Unit.COUNT, lambda one: one.parameters["fibrillating_fibers"], "fibrillating_fibers"),
    )
    return Stage(
        name=StageName.FIBER,
        numbers=numbers,
        curves=(both.curve("inside", Unit.VOLT, x, lambda one: inside(one, x) * (one.reached > 0)),),
    )


def _lasts_s(both: Both) -> float:
    return max(both.of(lambda one: one.lasts_s))


def twitch(both: Both) -> Stage:
    """Return the force of one twitch."""
    lasts_s = _lasts_s(both)

    def timed(name: str) -> Callable[[Parts], float | None]:
        def of(one: Parts) -> float | None:
            timing = one.timing(lasts_s)
            return None if timing is None else float(getattr(timing, name)[0])

        return of

    times = (
        ("latent_period", "latent_period_s", ("twitch_latent_period", "twitch_motion_latency")),
        ("contraction_time", "contraction_time_s", ("twitch_contraction_time", "cross_bridge_rate_scale")),
        ("half_relaxation_time", "half_relaxation_time_s", ("twitch_half_relaxation_time", "calcium_uptake_scale")),
    )
    x, kept = _shown(both, lasts_s)
    peak = both.number(
        "peak_force", Unit.NEWTON, lambda one: _peak_n(one, lasts_s), "twitch_peak_force", "specific_force_scale"
    )
    return Stage(
        name=StageName.TWITCH,
        numbers=(*(both.number(name, Unit.SECOND, timed(field), *rests) for name, field, rests in times), peak),
        curves=(both.curve("force", Unit.NEWTON, x, lambda one: (one.tetanic_n * one.course(lasts_s).tendon)[kept]),),
    )


def _peak_n(one: Parts, lasts_s: float) -> float:
    timing = one.timing(lasts_s)
    return 0.0 if timing is None else float(one.tetanic_n * timing.peak_share[0])


def _shown(both: Both, lasts_s: float) -> tuple[FloatArray, slice]:
    """Return the moments of a twitch that are drawn, and which of all steps they are: until both are over."""
    ends = both.of(lambda one: _over(one.course(lasts_s).tendon))
    step = max(round(max(ends) / POINTS), 1)
    kept = slice(0, int(max(ends)) + step, step)
    return (STEP_S * np.arange(round(lasts_s / STEP_S) + 1, dtype=np.float64))[kept], kept


def _over(tendon: FloatArray) -> float:
    felt = np.flatnonzero(tendon > HARDLY * tendon.max())
    return float(felt[-1] + 1) if felt.size else float(tendon.size)


def emg(both: Both) -> Stage:
    """Return what electrodes on the skin see of one discharge."""
    pair = [one.seen.waveform(0, 0) for one in (both.healthy, both.changed)]
    x = np.linspace(0.0, max(float(time_s[-1]) for time_s, _ in pair), POINTS)

    def seen(one: Parts) -> FloatArray:
        time_s, wave = one.seen.waveform(0, 0)
        found: FloatArray = one.reached * np.interp(x, time_s, wave, left=0.0, right=0.0)
        return found

    numbers = (
        both.number(
            "emg_peak_to_peak",
            Unit.VOLT,
            lambda one: one.reached * float(one.seen.peak_to_peak_v()[0, 0]),
            "fiber_action_potential_amplitude",
            "fat_thickness",
        ),
        both.number("emg_duration", Unit.SECOND, _emg_duration_s, "muscle_fiber_length", "fiber_velocity_per_diameter"),
    )
    return Stage(name=StageName.EMG, numbers=numbers, curves=(both.curve("potential", Unit.VOLT, x, seen),))


def _emg_duration_s(one: Parts) -> float | None:
    start_s, stop_s = one.seen.span_s(0, 0)
    return stop_s - start_s if one.reached else None


def skin(both: Both) -> Stage:
    """Return how the skin over the unit moves."""
    lasts_s = _lasts_s(both)
    x, kept = _shown(both, lasts_s)

    def accelerated(one: Parts) -> FloatArray:
        return np.gradient(np.gradient(one.bulge_m(lasts_s), STEP_S), STEP_S)

    bulge = both.number(
        "skin_bulge", Unit.METER, lambda one: float(one.bulge_m(lasts_s).max()), "skin_displacement_per_newton"
    )
    acceleration = both.number(
        "skin_acceleration",
        Unit.METER_PER_SECOND_SQUARED,
        lambda one: float(np.abs(accelerated(one)).max()),
        "skin_displacement_per_newton",
        "skin_resonance",
    )
    # the skin is thrown at the start: each step of that is drawn
    early = STEP_S * np.arange(max(kept.stop // 2, 1), dtype=np.float64)
    return Stage(
        name=StageName.SKIN,
        numbers=(bulge, acceleration),
        curves=(
            both.curve("bulge", Unit.METER, x, lambda one: one.bulge_m(lasts_s)[kept]),
            both.curve(
                "acceleration", Unit.METER_PER_SECOND_SQUARED, early, lambda one: accelerated(one)[: early.size]
            ),
        ),
    )
