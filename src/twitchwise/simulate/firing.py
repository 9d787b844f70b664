"""All discharges of a muscle in a setting: from the cell body, from the axon, and what the junction makes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.simulate.ectopic import Train, axon_train
from twitchwise.simulate.junction import Junction, transmit
from twitchwise.simulate.loop import LoopResult, LoopSettings, Subject, run_one
from twitchwise.simulate.preparation import Prepared
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.units import MotorUnits

FROM_THE_CELL_BODY, FROM_THE_JUNCTION = -1, -2  # numbers of no ectopic event
LEAST_REPEATED = 0.01  # share of a unit's fibers: fewer that fire twice are lost in the rest
CRAMPED_MOST = 0.9  # share of the time: a muscle that is to cramp more often still gets pauses between its cramps
DRIVES = (
    "voluntary_drive",
    "tremor_drive",
    "spasm_rate_per_min",
    "volley_rate_per_min",
    "tap_interval",
    "stretch_interval",
    "stimulus_interval",
)
"""Parameters of which one above zero sets the motor neurons or the nerve to work."""

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class MuscleDischarges:
    """Discharges of the motor units of one muscle in order of time; every array has shape ``(n,)``.

    Parameters
    ----------
    time_s, unit
        When in seconds, and which motor unit.
    event
        Number of the ectopic event; -1 for a discharge of the cell body, -2 for fibers that fire a second time because
        the endplate potential outlasts their refractory time.
    share
        Share of the unit's fibers that the junctions let fire.
    """

    time_s: FloatArray
    unit: IntArray
    event: IntArray
    share: FloatArray

    def __len__(self) -> int:
        return int(self.time_s.size)


@dataclass(frozen=True, kw_only=True, eq=False)
class Firing:
    """Everything that fires in a simulation.

    Parameters
    ----------
    agonist, antagonist
        Discharges of the two muscles; the antagonist's are empty where it is silent.
    ectopic
        The ectopic events, in the agonist.
    loop
        The run of motor neurons, reflexes and joint; ``None`` at rest.
    """

    agonist: MuscleDischarges
    antagonist: MuscleDischarges
    ectopic: Train
    loop: LoopResult | None


def is_active(prepared: Prepared) -> bool:
    """Tell whether the motor neurons or the nerve are set to work, so that a run of the loop is needed."""
    return any(prepared.parameters[name] > 0 for name in DRIVES)


def fire(prepared: Prepared, duration_s: float, *, seed: int, progress: Progress | None = None) -> Firing:
    """Draw all discharges of a setting.

    Parameters
    ----------
    prepared
        The muscle.
    duration_s
        Length in seconds.
    seed
        At least 0.
    progress
        Told the share that is done.
    """
    loop = None
    if is_active(prepared):
        loop = run_one(subject_of(prepared, seed), duration_s=duration_s, progress=progress)
    return joined_at_the_muscle(prepared, loop, duration_s, seed=seed)


def subject_of(prepared: Prepared, seed: int) -> Subject:
    """Return a run of the loop that is yet to be made."""
    return Subject(
        settings=LoopSettings.of(prepared.parameters),
        agonist=prepared.agonist,
        antagonist=prepared.antagonist,
        seed=seed,
        twitches=prepared.twitches,
    )


def joined_at_the_muscle(prepared: Prepared, loop: LoopResult | None, duration_s: float, *, seed: int) -> Firing:
    """Join the discharges of a run of the loop with ectopic ones, and let them through axons and junctions."""
    ectopic_chance, junction_chance, block_chance = (np.random.default_rng([seed, stream]) for stream in range(2, 5))
    n_units = len(prepared.agonist)
    ectopic = axon_train(_with_room(prepared.parameters, n_units), n_units, duration_s, ectopic_chance)
    conducting = block_chance.random(n_units) >= prepared.parameters["axon_blocked_share"]
    nothing = np.empty(0)
    central = (loop.agonist.time_s, loop.agonist.unit) if loop else (nothing, nothing.astype(np.int64))
    passed = conducting[central[1]]
    agonist = _transmitted(
        np.concatenate([central[0][passed], ectopic.time_s]),
        np.concatenate([central[1][passed], ectopic.unit]),
        np.concatenate([np.full(int(passed.sum()), FROM_THE_CELL_BODY), ectopic.event]),
        prepared,
        junction_chance,
    )
    other = (loop.antagonist.time_s, loop.antagonist.unit) if loop else (nothing, nothing.astype(np.int64))
    antagonist = MuscleDischarges(
        time_s=other[0], unit=other[1], event=np.full(other[1].size, FROM_THE_CELL_BODY), share=np.ones(other[1].size)
    )
    return Firing(agonist=agonist, antagonist=antagonist, ectopic=ectopic, loop=loop)


def _with_room(parameters: Mapping[str, float], n_units: int) -> dict[str, float]:
    """Return parameters of ectopic discharges for no more units than there are, and for cramps that do not overlap."""
    few = {name: min(parameters[name], n_units) for name in ("fasciculating_units", "grouped_discharge_units")}
    most_per_min = CRAMPED_MOST * 60.0 / parameters["cramp_duration"]
    return {**parameters, **few, "cramp_rate_per_min": min(parameters["cramp_rate_per_min"], most_per_min)}


def _transmitted(
    time_s: FloatArray, unit: IntArray, event: IntArray, prepared: Prepared, generator: np.random.Generator
) -> MuscleDischarges:
    order = np.argsort(time_s, kind="stable")
    time_s, unit, event = time_s[order], unit[order], event[order]
    units: MotorUnits = prepared.agonist
    passed = transmit(time_s, unit, units.n_fibers, Junction.of(prepared.parameters), generator)
    again = np.flatnonzero(passed.repeated_share > LEAST_REPEATED)
    late_s = passed.delay_s[again] + prepared.parameters["muscle_fiber_refractory_time"]
    times_s = np.concatenate([time_s, time_s[again] + late_s])
    order = np.argsort(times_s, kind="stable")
    return MuscleDischarges(
        time_s=times_s[order],
        unit=np.concatenate([unit, unit[again]])[order],
        event=np.concatenate([event, np.full(again.size, FROM_THE_JUNCTION)])[order],
        share=np.concatenate([passed.share, passed.repeated_share[again]])[order],
    )
