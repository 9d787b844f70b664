"""From settings and motor units to the arrays that the compiled loop steps."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.simulate.limb import Joint
from twitchwise.simulate.loop.calibration import conductance_times_s, currents
from twitchwise.simulate.loop.drive import Source
from twitchwise.simulate.loop.feedback import FeedbackNumbers
from twitchwise.simulate.loop.frames import FRAME_S, SUBSTEP_S
from twitchwise.simulate.loop.mechanics import JointNumbers
from twitchwise.simulate.loop.motor_neuron import MotorNeurons
from twitchwise.simulate.loop.scan import System
from twitchwise.simulate.loop.settings import LoopSettings, Protocol
from twitchwise.simulate.twitches import TwitchCoefficients
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

LEAST_THRESHOLD = 1e-3  # of the maximal drive: below, the current would rise too steeply to be stepped
NEVER_RECRUITED = 2.0  # threshold of a unit that only fills up: drive never goes beyond 1
UNSTIMULATED = -1_000_000  # substeps after a stimulus that never come, and far from those before the first
NOISE_WIDTH = np.sqrt(3.0)  # half the width of an even distribution with standard deviation 1


def system_of(
    settings: LoopSettings,
    pools: Sequence[MotorUnits],
    twitches: Sequence[TwitchCoefficients] | None,
    n_units: int,
    source: Source,
) -> System:
    """Return what is constant in a run.

    Parameters
    ----------
    settings
        What the run is set to.
    pools
        Motor units of the agonist and, where there is one, the antagonist.
    twitches
        Coefficients of each pool, or None where nothing is to move.
    n_units
        Number of units that each pool is filled up to.
    source
        Generators by name, for the noise.
    """
    return System(
        _neurons(settings, pools, n_units, source),
        _twitches(twitches, n_units) if twitches else _no_twitches(len(pools), n_units),
        _feedback(settings, np.array([len(units) for units in pools])),
        _joint(settings.joint, settings.protocol),
    )


def _neurons(settings: LoopSettings, pools: Sequence[MotorUnits], n_units: int, source: Source) -> MotorNeurons:
    pool = settings.pool
    rows = [_pool(settings, units, n_units) for units in pools]
    stacked = {name: _float32(np.stack([row[name] for row in rows])) for name in rows[0]}
    membrane_steps = SUBSTEP_S / pool.membrane_time_s
    return MotorNeurons(
        **stacked,
        stimulus_delay=_int32(
            np.stack([_stimulus_delays(settings.protocol, *pool, n_units) for pool in enumerate(pools)])
        ),
        salt=_salts(source, len(pools), n_units),
        conductance=_float32(pool.afterhyperpolarization_conductance),
        reversal=_float32(-pool.afterhyperpolarization_depth),
        membrane_steps=_float32(membrane_steps),
        plateau_step=_float32(-np.expm1(-FRAME_S / pool.plateau_time_s)),
        # white noise whose sum over a membrane time constant has the standard deviation that is asked for
        noise=_float32(pool.synaptic_noise * NOISE_WIDTH * np.sqrt(2 / membrane_steps)),
    )


def _pool(settings: LoopSettings, units: MotorUnits, n_units: int) -> Mapping[str, FloatArray]:
    pool = settings.pool
    times_s = conductance_times_s(pool, len(units))
    found = currents(pool, len(units))
    plateau = np.full(len(units), pool.plateau_current * pool.persistent_inward_current)
    numbers = {
        "threshold": (np.maximum(units.recruitment_threshold, LEAST_THRESHOLD), NEVER_RECRUITED),
        "recruitment_current": (found.recruitment, 0.0),
        "current_rise": (found.rise, 0.0),
        "current_bend": (found.bend, 0.0),
        "plateau_current": (plateau, 0.0),
        "plateau_midpoint": (found.midpoint, 1.0),
        "plateau_width": (found.width, 1.0),
        "conductance_kept": (np.exp(-SUBSTEP_S / times_s), 1.0),
    }
    return {name: filled(values, n_units, with_) for name, (values, with_) in numbers.items()}


def filled(values: FloatArray, n_units: int, value: float) -> FloatArray:
    """Return values filled up to a number of units."""
    return np.concatenate([values, np.full(n_units - values.size, value)])


def _stimulus_delays(protocol: Protocol, pool: int, units: MotorUnits, n_units: int) -> FloatArray:
    """Return substeps from a stimulus to each unit's potential; the nerve that is stimulated is the agonist's."""
    if pool:
        return np.full(n_units, UNSTIMULATED, dtype=np.float64)
    velocity = units.axon_velocity_mps
    delay_s = protocol.distal_motor_latency_s + protocol.stimulus_distance_m * (1 / velocity - 1 / velocity.max())
    return filled(np.rint(delay_s / SUBSTEP_S), n_units, UNSTIMULATED)


def _salts(source: Source, n_pools: int, n_units: int) -> "jax.Array":
    """Return two words for each unit, which stay the same when units are added."""
    drawn = [
        source(f"synaptic noise {pool}").integers(2**32, size=(n_units, 2), dtype=np.uint32) for pool in range(n_pools)
    ]
    return cast("jax.Array", np.stack(drawn).transpose(2, 0, 1))


def _twitches(rows: Sequence[TwitchCoefficients], n_units: int) -> TwitchCoefficients:
    """Return the coefficients of each pool, those that fill up with the values of a unit that never discharges."""
    columns = zip(*rows, strict=True)
    return TwitchCoefficients(
        *(
            _float32(np.stack([filled(np.asarray(one), n_units, np.asarray(one)[-1]) for one in column]))
            for column in columns
        )
    )


def _no_twitches(n_pools: int, n_units: int) -> TwitchCoefficients:
    return TwitchCoefficients(*(_float32(np.zeros((n_pools, n_units))) for _ in TwitchCoefficients._fields))


def _feedback(settings: LoopSettings, n_units: IntArray) -> FeedbackNumbers:
    reflex, pool, drive = settings.reflex, settings.pool, settings.drive
    return FeedbackNumbers(
        gain_s=_float32(reflex.gain_s),
        length_gain=_float32(reflex.length_gain),
        threshold_radps=_float32(reflex.threshold_radps),
        reflex_frames=_int32(round(reflex.delay_s / FRAME_S)),
        reciprocal_inhibition=_float32(reflex.reciprocal_inhibition),
        renshaw_gain=_float32(pool.renshaw_gain),
        renshaw_step=_float32(-np.expm1(-FRAME_S / pool.renshaw_time_s)),
        renshaw_full=_float32(np.float64(pool.most_rate_hz * FRAME_S) * n_units),
        visuomotor_gain=_float32(drive.visuomotor_gain),
        visuomotor_lead_s=_float32(drive.visuomotor_lead_s),
        visuomotor_frames=_int32(round(drive.visuomotor_delay_s / FRAME_S)),
    )


def _joint(joint: Joint, protocol: Protocol) -> JointNumbers:
    return JointNumbers(
        inertia=_float32(joint.loaded_inertia_kg_m2),
        stiffness=_float32(joint.stiffness_nm_per_rad),
        damping=_float32(joint.damping_nm_s_per_rad),
        stiffness_per_torque=_float32(joint.stiffness_per_torque),
        load_torque=_float32(joint.load_torque_nm),
        moment_arm=_float32(joint.moment_arm_m),
        held=_float32(protocol.stretch_amplitude_rad > 0),
    )


def _float32(values: FloatArray | float) -> "jax.Array":
    """Return numbers as the loop steps them; JAX takes NumPy's arrays as they are."""
    return cast("jax.Array", np.asarray(values, dtype=np.float32))


def _int32(values: FloatArray | int) -> "jax.Array":
    return cast("jax.Array", np.asarray(values, dtype=np.int32))
