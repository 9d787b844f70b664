"""What electrodes pick up: the muscle is laid out, and every unit that fires gets its potential on every channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np

from twitchwise.signals import Channel
from twitchwise.simulate.ectopic import in_order
from twitchwise.simulate.firing import FiberDischarges, Firing, MuscleDischarges
from twitchwise.simulate.muscle import (
    BipolarPair,
    ConcentricNeedle,
    Contact,
    Contacts,
    Grid,
    Layout,
    Templates,
    lay_out,
    needle_fibers,
    templates,
)
from twitchwise.simulate.muscle.conductor import Conductor
from twitchwise.simulate.muscle.templates import OVER
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.recorded import Electromyogram, SingleFibers
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.arrays import IntArray

Electrodes = Grid | BipolarPair | ConcentricNeedle

EMG, ANTAGONIST = "EMG", "EMG antagonist"
NEEDLE_REACH_M = 2.5e-3  # fibers farther from a needle's core are lost in its noise
FIBERS_FOLLOWED = 200  # a unit, in the mean: with more, amplitudes at the skin stay within their own scatter
DENSITIES = ("fiber_density", "motor_unit_territory_density")
OF_PLACES = 10  # stream of chance
MUSCLES_KEPT = 8  # laid out, with what electrodes see of them
OF_THE_MUSCLE = (
    "endplate_",
    "fat_",
    "fiber_",
    "innervation_",
    "motor_unit_",
    "muscle_",
    "needle_",
    "reinnervated_",
    "skin_",
    "surface_electrode",
    "tendon_",
)
"""How the parameters begin that the layout and the tissue depend on."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What the potentials of a muscle's units depend on; its values can be compared."""

    n_fibers: tuple[int, ...]
    velocity_mps: tuple[float, ...]
    parameters: tuple[tuple[str, float], ...]
    electrodes: Electrodes
    sampling_rate_hz: float
    seed: int


def pair_for(parameters: Mapping[str, float]) -> BipolarPair:
    """Return a pair of electrodes midway between the endplates and the tendon."""
    endplates = parameters["innervation_zone_position"]
    return BipolarPair(
        spacing_m=parameters["bipolar_spacing"], along_m=(endplates + parameters["muscle_fiber_length"] / 2) / 2
    )


def electromyograms(
    prepared: Prepared, firing: Firing, electrodes: Electrodes | None, sampling_rate_hz: float, *, seed: int
) -> Iterator[Electromyogram]:
    """Give what the electrodes record of the agonist, and a pair of the antagonist where there is one."""
    pair = pair_for(prepared.parameters)
    muscles = [(EMG, prepared.agonist, firing.agonist, electrodes or pair)]
    if prepared.antagonist is not None:
        muscles.append((ANTAGONIST, prepared.antagonist, firing.antagonist, pair))
    for number, (name, units, train, on_it) in enumerate(muscles):
        firing_units, unit = np.unique(train.unit, return_inverse=True)
        own_seed = _seed_of(number, seed)
        question = _question(units, prepared, on_it, sampling_rate_hz, own_seed)
        muscle = _muscle(question)
        seen = muscle.templates(firing_units if len(train) else np.zeros(1, dtype=np.int64))
        names = (name,) if len(seen.channel_names) == 1 else seen.channel_names
        contact = Contact.good(prepared.parameters)
        yield Electromyogram(
            templates=replace(seen, channel_names=names),
            time_s=train.time_s,
            unit=unit.astype(np.int64),
            share=train.share,
            contacts=Contacts(contacts=[contact] * len(names), sampling_rate_hz=sampling_rate_hz, seed=own_seed),
            fibers=_single_fibers(question, firing) if number == 0 else None,
        )


def _seed_of(muscle: int, seed: int) -> int:
    """Return the seed of one of a person's muscles, which no muscle of the people with the next seeds has."""
    return seed if muscle == 0 else int(np.random.SeedSequence([seed, 7, muscle]).generate_state(1, np.uint64)[0])


def clearest_channel(emg: Electromyogram) -> int:
    """Return the channel on which the units that fire are largest."""
    return int(emg.templates.peak_to_peak_v().sum(axis=0).argmax()) if emg.templates.n_units else 0


def emg_channels(
    muscles: list[Electromyogram], electrodes: Electrodes | None, parameters: Mapping[str, float], n_samples: int
) -> Iterator[Channel]:
    """Give the channels of the electromyograms, with the places of their electrodes on the skin."""
    for number, emg in enumerate(muscles):
        on_it = electrodes if number == 0 and electrodes is not None else pair_for(parameters)
        is_needle = isinstance(on_it, ConcentricNeedle)
        middles = on_it.tip_m if isinstance(on_it, ConcentricNeedle) else on_it.montage.channels_m
        for name, (along, across, depth) in zip(emg.templates.channel_names, middles.tolist(), strict=True):
            yield Channel(
                name=name,
                kind=ChannelKind.EMG,
                unit=Unit.VOLT,
                sampling_rate_hz=emg.templates.sampling_rate_hz,
                n_samples=n_samples,
                electrode=Electrode.NEEDLE if is_needle else Electrode.SURFACE,
                position_m=(along, across, -depth),
                array="grid" if len(middles) > 1 else None,
            )


def _question(
    units: MotorUnits, prepared: Prepared, electrodes: Electrodes, sampling_rate_hz: float, seed: int
) -> _Question:
    ours = ((name, value) for name, value in prepared.parameters.items() if name.startswith(OF_THE_MUSCLE))
    return _Question(
        n_fibers=tuple(units.n_fibers.tolist()),
        velocity_mps=tuple(units.fiber_velocity_mps.tolist()),
        parameters=tuple(sorted(ours)),
        electrodes=electrodes,
        sampling_rate_hz=sampling_rate_hz,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class _Fibers:
    """What the layout asks of motor units."""

    n_fibers: IntArray
    fiber_velocity_mps: "np.typing.NDArray[np.float64]"


class _Muscle:
    """A muscle under electrodes: what they see of a unit is made when it first fires, the same whoever fired before."""

    def __init__(self, question: _Question) -> None:
        self._question = question
        self._known: dict[int, Templates] = {}
        self._last: tuple[IntArray, Templates] | None = None
        self._busy = Lock()

    def templates(self, units: IntArray) -> Templates:
        """Return the potentials of some units, which ascend, in their order."""
        with self._busy:
            if self._last is None or not np.array_equal(self._last[0], units):
                missing = [unit for unit in units.tolist() if unit not in self._known]
                if missing:
                    self._known |= _seen(self._question, missing)
                self._last = units, _joined([self._known[unit] for unit in units.tolist()])
            return self._last[1]


_muscle = lru_cache(maxsize=MUSCLES_KEPT)(_Muscle)


def _seen(question: _Question, units: list[int]) -> dict[int, Templates]:
    """Return what the electrodes see of each of some units; a needle sees few fibers, so it is told of all units."""
    rate_hz, parameters = question.sampling_rate_hz, dict(question.parameters)
    if isinstance(question.electrodes, ConcentricNeedle):
        fibers = needle_fibers(
            _laid_out(question, 1.0),
            question.electrodes,
            parameters,
            sampling_rate_hz=rate_hz,
            within_m=NEEDLE_REACH_M,
        )
        return _apart(fibers.templates(), list(range(len(question.n_fibers))))
    thinned = max(1.0, float(np.mean(question.n_fibers)) / FIBERS_FOLLOWED)
    layout = _laid_out(question, thinned)
    fibers_of = [np.arange(layout.n_fibers)[layout.fibers_of(unit)] for unit in units]
    # the outermost fibers of all units, as if they were one more, so that tables reach as far whoever is asked for
    few = _of_fibers(layout, [*fibers_of, _outermost(layout)])
    return _apart(templates(few, question.electrodes, parameters, sampling_rate_hz=rate_hz), units)


def _single_fibers(question: _Question, firing: Firing) -> SingleFibers | None:
    """Return what a needle sees of fibers that fire by themselves, ``None`` where nothing is seen."""
    needle = question.electrodes
    if not isinstance(needle, ConcentricNeedle):
        return None
    discharges = firing.fibers()
    if not len(discharges):
        return None
    layout, parameters = _laid_out(question, 1.0), dict(question.parameters)
    chosen = _near(layout, needle, parameters, discharges.n_fibers, question.seed)
    if chosen.size == 0:
        return None
    # as if each fiber were a motor unit
    alone = _of_fibers(layout, [chosen[[number]] for number in range(chosen.size)])
    rate_hz = question.sampling_rate_hz
    seen = needle_fibers(alone, needle, parameters, sampling_rate_hz=rate_hz, within_m=NEEDLE_REACH_M)
    return SingleFibers(
        templates=replace(seen.templates(), channel_names=(EMG,)), discharges=_of_the_first(chosen.size, discharges)
    )


def _near(
    layout: Layout, needle: ConcentricNeedle, parameters: Mapping[str, float], n_fibers: int, seed: int
) -> IntArray:
    """Choose fibers that fire by themselves among those near a needle's core; if these are few, farther ones too."""
    depth_m = needle.depth_m - Conductor.of(parameters).cover_m
    distance_m = np.hypot(layout.across_m - needle.across_m, layout.depth_m - depth_m)
    n_near, n_seen = (
        int((distance_m < reach_m).sum()) for reach_m in (parameters["needle_fiber_reach"], NEEDLE_REACH_M)
    )
    nearest = np.argsort(distance_m, kind="stable")[: min(max(n_near, n_fibers), n_seen)]
    return np.random.default_rng([seed, OF_PLACES]).permutation(nearest)[:n_fibers]


def _of_the_first(n_fibers: int, discharges: FiberDischarges) -> FiberDischarges:
    """Return the discharges of the fibers that there are."""
    train = discharges.train
    there = train.unit < n_fibers
    if there.all():
        return discharges
    kept = in_order(train.time_s[there], train.unit[there], train.event[there], train.label)
    return replace(discharges, train=kept, share=discharges.share[there])


def _apart(seen: Templates, units: list[int]) -> dict[int, Templates]:
    """Return each unit's potentials alone, cut where they are over."""
    alone = {}
    for row, unit in enumerate(units):
        bank = seen.bank[row : row + 1]
        largest = np.abs(bank).max(axis=(0, 1, 3))
        stays = np.flatnonzero(largest > OVER * largest.max())
        length = max(int(stays[-1]) + 1 if stays.size else 0, seen.before + 1)
        alone[unit] = replace(seen, bank=bank[:, :, :length].copy())
    return alone


def _joined(alone: list[Templates]) -> Templates:
    """Return the potentials of some units together, each with nothing after its end."""
    length = max(one.bank.shape[2] for one in alone)
    bank = np.zeros((len(alone), alone[0].bank.shape[1], length, alone[0].bank.shape[3]), np.float32)
    for row, one in enumerate(alone):
        bank[row, :, : one.bank.shape[2]] = one.bank[0]
    return replace(alone[0], bank=bank)


@lru_cache(maxsize=MUSCLES_KEPT)
def _laid_out(question: _Question, thinned: float) -> Layout:
    """Return the muscle with so many times fewer fibers, as thinly spread, each as strong as those it stands for."""
    n_fibers = np.array(question.n_fibers)
    few = np.maximum(np.rint(n_fibers / thinned), 1).astype(np.int64)
    sparse = {name: value / (thinned if name in DENSITIES else 1.0) for name, value in question.parameters}
    units = _Fibers(n_fibers=few, fiber_velocity_mps=np.array(question.velocity_mps))
    layout = lay_out(units, sparse, np.random.default_rng([question.seed, 5]))
    # what a fiber gives rises with its cross-section
    return replace(layout, diameter_m=layout.diameter_m * np.sqrt(n_fibers / few)[layout.unit_of_fiber])


def _outermost(layout: Layout) -> IntArray:
    """Return fibers that go as far in every direction, and whose fronts last as long, as those of all."""
    branch_m = np.maximum(layout.endplate_m - layout.left_end_m, layout.right_end_m - layout.endplate_m)
    extents = (
        layout.across_m,
        -layout.across_m,
        layout.depth_m,
        -layout.depth_m,
        layout.right_end_m,
        -layout.left_end_m,
        branch_m / layout.velocity_mps,
        -layout.velocity_mps,
    )
    return np.unique([int(extent.argmax()) for extent in extents])


def _of_fibers(layout: Layout, fibers_of: list[IntArray]) -> Layout:
    """Return the layout of units with some of the fibers, which are where they were."""
    fibers = np.concatenate(fibers_of)
    return Layout(
        first_fiber=np.cumsum([0, *(some.size for some in fibers_of)]),
        across_m=layout.across_m[fibers],
        depth_m=layout.depth_m[fibers],
        endplate_m=layout.endplate_m[fibers],
        left_end_m=layout.left_end_m[fibers],
        right_end_m=layout.right_end_m[fibers],
        diameter_m=layout.diameter_m[fibers],
        velocity_mps=layout.velocity_mps[fibers],
    )


def as_seen(train: MuscleDischarges) -> MuscleDischarges:
    """Return a train with its units numbered among those that fire, as the templates are."""
    _, unit = np.unique(train.unit, return_inverse=True)
    return replace(train, unit=unit.astype(np.int64))
