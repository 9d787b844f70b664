"""Run the loop for one subject, or for many side by side.

One seed gives one result: everything random is drawn in order of time from streams of its own, so a longer run begins
as a shorter one, and the units of a pool keep their noise when others are added. Sums over units are rounded in one
order whatever the pool is filled up to (`sums`), so that a subject is the same to the bit whoever is stepped beside;
with feedback only subjects whose pools are filled up alike are, and never one alone. Without feedback twitches and
joint are stepped when the discharges are known.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple, TypeVar, cast

import numpy as np

from twitchwise.simulate.engine import jax
from twitchwise.simulate.limb import JointMotion
from twitchwise.simulate.loop import scan
from twitchwise.simulate.loop.drive import Descending, descending, source_of
from twitchwise.simulate.loop.events import LoopEvent
from twitchwise.simulate.loop.frames import FRAME_S
from twitchwise.simulate.loop.protocol import Examination, examination
from twitchwise.simulate.loop.result import LoopMotion, LoopResult, PoolDischarges, discharges_of, joined
from twitchwise.simulate.loop.scan import STRETCH_FRAMES, Inputs, Outputs, Parts, System
from twitchwise.simulate.loop.settings import LoopSettings
from twitchwise.simulate.loop.system import system_of
from twitchwise.simulate.twitches import TwitchCoefficients, twitches_of
from twitchwise.simulate.twitches.sums import UNIT_BLOCK, filled_size
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within

TOGETHER = 32  # subjects stepped side by side: their state fits the second cache, and the steps' fixed cost is shared
# Numbers of other shapes are compiled to steps that may differ in the last digit, and feedback carries that on.
LEAST_TOGETHER = 2  # subjects with feedback
CLOSED_BLOCK = 64  # units of a pool with feedback are filled up to multiples of it
WORKERS = 2  # batches at a time: the compiled loop uses one core
LONGEST_S = 3600.0  # an hour; the number of a substep stays exact far beyond

Tree = TypeVar("Tree")
Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1; may raise to break off."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class OpenMotion(LoopMotion):
    """Motion that nothing of comes back to the pools, with the agonist's force that it follows from.

    Parameters
    ----------
    contractile_n, tendon_n
        Force of all its units at the cross-bridges and at the tendon, at the end of each millisecond.
    """

    contractile_n: FloatArray
    tendon_n: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Subject:
    """One run to be made.

    Parameters
    ----------
    settings
        What it is set to.
    agonist, antagonist
        Motor units of the pools.
    seed
        At least 0.
    twitches
        Coefficients of each pool where they are known, else they are calibrated.
    """

    settings: LoopSettings
    agonist: MotorUnits
    antagonist: MotorUnits | None = None
    seed: int = 0
    twitches: tuple[TwitchCoefficients, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse a seed below 0."""
        require_within("seed", self.seed, 0, math.inf)

    @property
    def pools(self) -> tuple[MotorUnits, ...]:
        """The pools there are."""
        return (self.agonist,) if self.antagonist is None else (self.agonist, self.antagonist)

    @property
    def is_closed(self) -> bool:
        """Whether anything comes back to the pools."""
        reflex, settings = self.settings.reflex, self.settings
        gains = (reflex.gain_s, reflex.length_gain, settings.pool.renshaw_gain, settings.drive.visuomotor_gain)
        return any(gains)

    @property
    def n_filled(self) -> int:
        """How many units each pool is filled up to; with feedback to few numbers, of which each has its own steps."""
        return filled_size(max(map(len, self.pools)), CLOSED_BLOCK if self.is_closed else UNIT_BLOCK)


def run(
    settings: LoopSettings,
    agonist: MotorUnits,
    antagonist: MotorUnits | None = None,
    *,
    duration_s: float,
    seed: int = 0,
) -> LoopResult:
    """Run one subject's pools, reflexes and joint.

    Parameters
    ----------
    settings
        What the run is set to.
    agonist, antagonist
        Motor units of the muscle and of the one across the joint, if there is one.
    duration_s
        Length in seconds, above 0 and at most an hour.
    seed
        At least 0; the same seed gives the same run.

    Returns
    -------
    LoopResult
        With motion.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.simulate import parameters_for
    >>> from twitchwise.simulate.units import draw_units
    >>> parameters = {**parameters_for("healthy"), "voluntary_drive": 0.2}
    >>> units = draw_units(parameters, 16, np.random.default_rng(1))
    >>> result = run(LoopSettings.of(parameters), units, duration_s=1.0, seed=1)
    >>> len(result.agonist) > 0, len(result.antagonist), result.motion.joint.angle_rad.shape
    (True, 0, (1000,))
    """
    subject = Subject(settings=settings, agonist=agonist, antagonist=antagonist, seed=seed)
    return run_one(subject, duration_s=duration_s)


def run_one(subject: Subject, *, duration_s: float, progress: Progress | None = None) -> LoopResult:
    """Run one subject with motion; ``progress`` is told the share that is done. Otherwise as `run`."""
    return _together((subject,), _checked_frames(duration_s), motion=True, progress=progress)[0]


def run_many(subjects: Sequence[Subject], *, duration_s: float, motion: bool = False) -> Iterator[LoopResult]:
    """Run many subjects, some dozens at a time, and give each result in their order.

    Parameters
    ----------
    subjects
        The runs to be made; those in whom the same parts of the loop work are stepped side by side.
    duration_s
        Length of each in seconds, above 0 and at most an hour.
    motion
        Whether the motion of the joint is wanted; discharges alone take a fraction of the time where no feedback
        needs it.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """
    n_frames = _checked_frames(duration_s)
    batches = _batches(subjects)
    found: dict[int, LoopResult] = {}
    with ThreadPoolExecutor(WORKERS) as workers:

        def begin(numbers: Sequence[int]) -> "Future[list[LoopResult]]":
            return workers.submit(_together, [subjects[number] for number in numbers], n_frames, motion=motion)

        waiting = [begin(numbers) for numbers in batches[:WORKERS]]
        due = 0
        for at, numbers in enumerate(batches):
            found |= zip(numbers, waiting.pop(0).result(), strict=True)
            if at + WORKERS < len(batches):
                waiting.append(begin(batches[at + WORKERS]))
            while due in found:
                yield found.pop(due)
                due += 1


def _batches(subjects: Sequence[Subject]) -> list[list[int]]:
    """Return the numbers of those who are stepped side by side, the first of all first."""
    alike: dict[tuple[int, bool, int], list[int]] = {}
    for number, subject in enumerate(subjects):
        size = subject.n_filled if subject.is_closed else 0
        alike.setdefault((len(subject.pools), subject.is_closed, size), []).append(number)
    batches = [some[at : at + TOGETHER] for some in alike.values() for at in range(0, len(some), TOGETHER)]
    return sorted(batches)


def _checked_frames(duration_s: float) -> int:
    require_positive("duration_s", duration_s)
    require_within("duration_s", duration_s, FRAME_S, LONGEST_S)
    return math.floor(duration_s / FRAME_S + 0.5)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Prepared:
    """One subject's run, ready to be stepped."""

    subject: Subject
    system: System
    descending: Descending
    examination: Examination

    def inputs(self) -> Inputs:
        """Return what comes from outside in each frame."""
        done, n_pools = self.examination, len(self.subject.pools)
        arrays = (self.descending.drive[:, :n_pools], done.tap_radps, done.torque_nm, done.held_angle_rad)
        drive, tap, torque, held_angle = (cast("jax.Array", values.astype(np.float32)) for values in arrays)
        return Inputs(drive, tap, torque, held_angle, cast("jax.Array", done.since_stimulus.astype(np.int32)))


def _together(
    subjects: Sequence[Subject], n_frames: int, *, motion: bool, progress: Progress | None = None
) -> list[LoopResult]:
    """Run subjects side by side."""
    n_units = max(subject.n_filled for subject in subjects)
    closed = any(subject.is_closed for subject in subjects)
    calibrated = _calibrated(subjects) if motion or closed else [None] * len(subjects)
    prepared = [_prepared(subject, n_frames, n_units, its) for subject, its in zip(subjects, calibrated, strict=True)]
    parts = Parts(motion=closed, feedback=closed)
    beside = prepared[:1] * (LEAST_TOGETHER - len(prepared)) if closed else []
    stretches = _stepped([*prepared, *beside], n_frames, parts, follows=motion and not closed, progress=progress)
    outputs = _along([one.outputs for one in stretches])
    return [
        _result(each, [one.discharges[row] for one in stretches], outputs, row, n_frames=n_frames, motion=motion)
        for row, each in enumerate(prepared)
    ]


def _calibrated(subjects: Sequence[Subject]) -> list[tuple[TwitchCoefficients, ...]]:
    known = [subject.twitches for subject in subjects]
    unknown = [subject for subject in subjects if subject.twitches is None]
    found = iter(twitches_of([(subject.settings.parameters, subject.pools) for subject in unknown]))
    return [next(found) if one is None else one for one in known]


def _prepared(
    subject: Subject, n_frames: int, n_units: int, calibrated: Sequence[TwitchCoefficients] | None
) -> _Prepared:
    source = source_of(subject.seed)
    return _Prepared(
        subject=subject,
        system=system_of(subject.settings, subject.pools, calibrated, n_units, source),
        descending=descending(subject.settings.drive, n_frames, source),
        examination=examination(subject.settings.protocol, n_frames),
    )


def _stepped(
    prepared: Sequence[_Prepared], n_frames: int, parts: Parts, *, follows: bool, progress: Progress | None
) -> "list[_Stretch]":
    """Return what all subjects did, stretch after stretch."""
    systems = _stacked([each.system for each in prepared])
    inputs = _stacked([each.inputs() for each in prepared])
    states, kept = scan.start(systems), []
    bounds = [*range(0, n_frames, STRETCH_FRAMES), n_frames]
    keep = _Keeping([each.subject for each in prepared], systems if follows else None)
    with ThreadPoolExecutor(1) as beside:
        for begin, end in pairwise(bounds):
            given = jax.tree.map(lambda values: _filled(values[:, begin:end]), inputs)  # noqa: B023
            states, outputs = scan.run_stretch(systems, states, given, np.int32(begin), parts)
            # twitches and joint of this stretch are stepped while the pools go on with the next
            kept.append(beside.submit(keep, outputs, given, end - begin))
            outputs.code.block_until_ready()
            if progress is not None:
                progress(end / n_frames)
        return [one.result() for one in kept]


class _Stretch(NamedTuple):
    """What subjects did in a stretch of a run."""

    discharges: list[list[PoolDischarges]]
    """Of the pools of each subject."""
    outputs: Outputs
    """All else, each array of shape ``(n_subjects, n_frames, ...)``."""


class _Keeping:
    """Keeps of stretch after stretch what is wanted, which is little beside what was stepped.

    Parameters
    ----------
    subjects
        Whose runs they are.
    systems
        Theirs, where twitches and joint are yet to be stepped.
    """

    def __init__(self, subjects: Sequence[Subject], systems: System | None) -> None:
        self._sizes = [[len(units) for units in subject.pools] for subject in subjects]
        self._systems, self._n_before = systems, 0
        self._states = None if systems is None else scan.start_following(systems)

    def __call__(self, outputs: Outputs, given: Inputs, n_frames: int) -> _Stretch:
        codes = np.asarray(outputs.code)[:, :n_frames]
        if self._systems is not None:
            self._states, outputs = scan.follow_stretch(self._systems, self._states, given, outputs.code)
        kept = outputs._replace(code=cast("jax.Array", np.zeros((*codes.shape[:2], 0), np.uint8)))
        discharges = [
            [discharges_of(code[:, pool, :size], self._n_before) for pool, size in enumerate(sizes)]
            for code, sizes in zip(codes, self._sizes, strict=True)
        ]
        self._n_before += n_frames
        return _Stretch(discharges, jax.tree.map(lambda values: np.asarray(values)[:, :n_frames], kept))


def _along(stretches: Sequence[Outputs]) -> Outputs:
    """Return the outputs of stretches that follow one another."""
    return cast("Outputs", jax.tree.map(lambda *arrays: np.concatenate(arrays, axis=1), *stretches))


def _stacked(trees: Sequence[Tree]) -> Tree:
    """Return a tree whose arrays hold those of all trees along a new first axis."""
    return cast("Tree", jax.tree.map(lambda *leaves: np.stack(leaves), *trees))


def _filled(values: FloatArray) -> FloatArray:
    """Return frames filled up to a whole stretch, by the last of them; shape ``(n_subjects, STRETCH_FRAMES, ...)``."""
    missing = STRETCH_FRAMES - values.shape[1]
    return np.concatenate([values, np.repeat(values[:, -1:], missing, axis=1)], axis=1) if missing else values


def _result(
    each: _Prepared,
    discharges: Sequence[Sequence[PoolDischarges]],
    outputs: Outputs,
    row: int,
    *,
    n_frames: int,
    motion: bool,
) -> LoopResult:
    agonist, *others = (joined(stretches) for stretches in zip(*discharges, strict=True))
    return LoopResult(
        agonist=agonist,
        antagonist=others[0] if others else joined([]),
        motion=_motion(each.examination, outputs, row) if motion else None,
        events=_events(each),
        duration_s=n_frames * FRAME_S,
    )


def _motion(done: Examination, outputs: Outputs, row: int) -> LoopMotion:
    joint, torques, drive, forces = jax.tree.map(
        lambda values: np.asarray(values[row], dtype=np.float64),
        (outputs.joint, outputs.torque, outputs.drive, outputs.force),
    )
    motion = LoopMotion(
        joint=JointMotion(
            angle_rad=joint.angle,
            velocity_radps=joint.velocity,
            acceleration_radps2=joint.acceleration,
            sampling_rate_hz=1 / FRAME_S,
        ),
        muscle_torque_nm=torques[:, 0] - torques[:, 1:].sum(axis=1),
        external_torque_nm=done.torque_nm,
        drive=drive,
    )
    if forces is None:
        return motion
    known = {one.name: getattr(motion, one.name) for one in fields(motion)}
    return OpenMotion(**known, contractile_n=forces[0][:, 0], tendon_n=forces[1][:, 0])


def _events(each: _Prepared) -> tuple[LoopEvent, ...]:
    return tuple(sorted((*each.descending.events, *each.examination.events), key=lambda event: event.start_s))
