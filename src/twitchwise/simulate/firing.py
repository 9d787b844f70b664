"""All discharges of a muscle in a setting: from the cell body, from the axon, and what the junction makes of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.ectopic import Train, axon_train
from twitchwise.simulate.ectopic.train import NOTHING
from twitchwise.simulate.junction import Junction, transmit
from twitchwise.simulate.loop import LoopResult, LoopSettings, PoolDischarges, Protocol, Subject, run_one
from twitchwise.simulate.loop.protocol import cut_short
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import FloatArray, IntArray

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

OF_ECTOPIC, OF_JUNCTIONS, OF_BLOCKS = 2, 3, 4  # streams of chance
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


def limits_of(prepared: Prepared, duration_s: float) -> Iterator[str]:
    """Give a sentence for each thing that a run of this length, or with this many motor units, does not show."""
    yield from cut_short(Protocol.of(prepared.parameters), duration_s)
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
    alone. Ectopic discharges are of the agonist.
    """
    parameters, n_units = prepared.parameters, len(prepared.agonist)
    chance = np.random.default_rng([seed, OF_ECTOPIC])
    ectopic = axon_train(_with_room(parameters, n_units), n_units, duration_s, chance)
    agonist = _Nerve(units=prepared.agonist, parameters=parameters, seed=seed)
    antagonist = SILENCE
    if loop is not None and prepared.antagonist is not None:
        other = _Nerve(units=prepared.antagonist, parameters=parameters, seed=seed, muscle=(ANTAGONIST,))
        antagonist = other.reaching(loop.antagonist, NOTHING)
    return Firing(
        agonist=agonist.reaching(NO_DISCHARGES if loop is None else loop.agonist, ectopic),
        antagonist=antagonist,
        ectopic=ectopic,
        loop=loop,
    )


def _with_room(parameters: Mapping[str, float], n_units: int) -> dict[str, float]:
    """Return parameters of ectopic discharges for no more units than there are, and for cramps that do not overlap."""
    few = {name: min(parameters[name], n_units) for name in ("fasciculating_units", "grouped_discharge_units")}
    most_per_min = CRAMPED_MOST * 60.0 / parameters["cramp_duration"]
    return {**parameters, **few, "cramp_rate_per_min": min(parameters["cramp_rate_per_min"], most_per_min)}


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
