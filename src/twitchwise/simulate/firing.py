"""All discharges of a muscle in a setting: from the cell body, from the axon, and what the junction makes of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from twitchwise.simulate.ectopic import Train, axon_train, fiber_train
from twitchwise.simulate.ectopic.generators import fiber_generators
from twitchwise.simulate.ectopic.train import NOTHING
from twitchwise.simulate.junction import Junction, transmit
from twitchwise.simulate.loop import LoopResult, LoopSettings, PoolDischarges, Protocol, Subject, run_one
from twitchwise.simulate.loop.protocol import cut_short
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import FloatArray, IntArray

FROM_THE_CELL_BODY, FROM_THE_JUNCTION = -1, -2  # numbers of no ectopic event
LEAST_REPEATED = 0.01  # share of a unit's fibers: fewer that fire twice are lost in the rest
BUSY_MOST = 0.9  # share of the time: what is to cramp or run more often still gets pauses between its cramps or runs
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

OF_ECTOPIC, OF_JUNCTIONS, OF_BLOCKS, OF_FIBERS = 2, 3, 4, 8  # streams of chance
LASTING = {"cramp_rate_per_min": "cramp_duration", "myotonic_run_rate_per_min": "myotonic_run_duration"}
"""Rates of what lasts, and how long it does."""
FIBER_RATES = {"fibrillation potentials": "fibrillating_fibers", "myotonic runs": "myotonic_run_rate_per_min"}
"""What single fibers do, and the parameter that is above zero where they do."""
ANTAGONIST = 1  # the last word of its streams' seeds

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


SILENCE = MuscleDischarges(
    time_s=np.empty(0), unit=np.empty(0, dtype=np.int64), event=np.empty(0, dtype=np.int64), share=np.empty(0)
)
NO_DISCHARGES = PoolDischarges(time_s=SILENCE.time_s, unit=SILENCE.unit)


@dataclass(frozen=True, kw_only=True, eq=False)
class FiberDischarges:
    """Discharges that arise in single muscle fibers of the agonist, where a needle is or would be.

    Parameters
    ----------
    train
        When, of which fiber, and in which event; fibers are numbered from 0.
    share
        Size of each potential over the fiber's largest, shape ``(n,)``.
    n_fibers
        Number of fibers, some of which may be silent.
    """

    train: Train
    share: FloatArray
    n_fibers: int

    def __len__(self) -> int:
        return len(self.train)


@dataclass(frozen=True, kw_only=True, eq=False)
class Firing:
    """Everything that fires in a simulation.

    Parameters
    ----------
    agonist, antagonist
        Discharges of the two muscles; the antagonist's are empty where it is silent.
    ectopic
        The ectopic events in axons of the agonist.
    fibers
        Draws what fires in single fibers of the agonist, by itself: no motor unit takes part in it, and only a needle
        records it, so that it is drawn when it is asked for.
    loop
        The run of motor neurons, reflexes and joint; ``None`` at rest.
    """

    agonist: MuscleDischarges
    antagonist: MuscleDischarges
    ectopic: Train
    fibers: Callable[[], FiberDischarges]
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


def limits_of(prepared: Prepared, duration_s: float, *, at_needle: bool = False) -> Iterator[str]:
    """Give a sentence for each thing that a run does not show.

    Parameters
    ----------
    prepared, duration_s
        The muscle and the length of the run in seconds; some are too short, or have too few motor units.
    at_needle
        Whether single fibers are recorded.
    """
    yield from cut_short(Protocol.of(prepared.parameters), duration_s)
    ours = [name for name, what in FIBER_RATES.items() if prepared.parameters[what] > 0]
    if ours and not at_needle:
        yield f"Only a needle records {' and '.join(ours)} of single muscle fibers: they are left out here."
    drawn, whole = prepared.n_units, round(prepared.parameters["pool_units"])
    if drawn != whole:
        yield (
            f"{drawn} motor units are drawn instead of {whole}: force and torque count each "
            f"{prepared.parameters['represented_units']:.3g} times, the EMG is that of {drawn}."
        )


def joined_at_the_muscle(prepared: Prepared, loop: LoopResult | None, duration_s: float, *, seed: int) -> Firing:
    """Join the discharges of a run of the loop with ectopic ones, and let them through axons and junctions.

    The joint is moved inside the loop, where every discharge reaches every fiber. What the agonist loses on the way
    is taken away from the motion later (`twitchwise.simulate.mechanics`); what the antagonist loses shows in its EMG
    alone. Ectopic discharges are of the agonist, and so are those of single fibers.
    """
    parameters, n_units = prepared.parameters, len(prepared.agonist)
    chance, named = np.random.default_rng([seed, OF_ECTOPIC]), _with_room(parameters, n_units)
    ectopic = axon_train(named, n_units, duration_s, chance)
    agonist = _Nerve(units=prepared.agonist, parameters=parameters, seed=seed)
    antagonist = SILENCE
    if loop is not None and prepared.antagonist is not None:
        other = _Nerve(units=prepared.antagonist, parameters=parameters, seed=seed, muscle=(ANTAGONIST,))
        antagonist = other.reaching(loop.antagonist, NOTHING)
    return Firing(
        agonist=agonist.reaching(NO_DISCHARGES if loop is None else loop.agonist, ectopic),
        antagonist=antagonist,
        ectopic=ectopic,
        fibers=partial(_alone, named, duration_s, seed),
        loop=loop,
    )


def _alone(parameters: Mapping[str, float], duration_s: float, seed: int) -> FiberDischarges:
    train = fiber_train(parameters, duration_s, np.random.default_rng([seed, OF_FIBERS]))
    runs, fibrillations = fiber_generators(parameters)
    return FiberDischarges(train=train, share=runs.share_of(train), n_fibers=runs.n_fibers + fibrillations.n_fibers)


def _with_room(parameters: Mapping[str, float], n_units: int) -> dict[str, float]:
    """Return parameters for no more units than there are, and for cramps and runs that do not overlap."""
    few = {name: min(parameters[name], n_units) for name in ("fasciculating_units", "grouped_discharge_units")}
    rare = {name: min(parameters[name], BUSY_MOST * 60.0 / parameters[lasts]) for name, lasts in LASTING.items()}
    return {**parameters, **few, **rare}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Nerve:
    """The axons and junctions of one muscle; the last words of the seeds of its streams of chance tell which."""

    units: MotorUnits
    parameters: Mapping[str, float]
    seed: int
    muscle: tuple[int, ...] = ()

    def reaching(self, central: PoolDischarges, ectopic: Train) -> MuscleDischarges:
        """Return what reaches the muscle of the cell bodies' discharges, which a block may hold, and the axons'."""
        conducting = self._chance(OF_BLOCKS).random(len(self.units)) >= self.parameters["axon_blocked_share"]
        passed = conducting[central.unit]
        time_s = np.concatenate([central.time_s[passed], ectopic.time_s])
        unit = np.concatenate([central.unit[passed], ectopic.unit])
        event = np.concatenate([np.full(int(passed.sum()), FROM_THE_CELL_BODY), ectopic.event])
        order = np.argsort(time_s, kind="stable")
        return self._transmitted(time_s[order], unit[order], event[order])

    def _transmitted(self, time_s: FloatArray, unit: IntArray, event: IntArray) -> MuscleDischarges:
        junction, chance = Junction.of(self.parameters), self._chance(OF_JUNCTIONS)
        passed = transmit(time_s, unit, self.units.n_fibers, junction, chance)
        again = np.flatnonzero(passed.repeated_share > LEAST_REPEATED)
        late_s = passed.delay_s[again] + self.parameters["muscle_fiber_refractory_time"]
        times_s = np.concatenate([time_s, time_s[again] + late_s])
        order = np.argsort(times_s, kind="stable")
        return MuscleDischarges(
            time_s=times_s[order],
            unit=np.concatenate([unit, unit[again]])[order],
            event=np.concatenate([event, np.full(again.size, FROM_THE_JUNCTION)])[order],
            share=np.concatenate([passed.share, passed.repeated_share[again]])[order],
        )

    def _chance(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream, *self.muscle])
