"""Units judged in what is left when all other units are taken out, where weak ones stand apart better.

Peeling off found units as Chen and Zhou 2016 do (https://doi.org/10.1109/TNSRE.2015.2412038). A filter must suppress
what other units leave in the samples; with their potentials gone it is free to suppress the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal.windows import tukey

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension, filtered_by
from twitchwise.measure.emg.decompose.refine import Candidate, judged
from twitchwise.measure.emg.decompose.renewal import Renewal
from twitchwise.measure.emg.decompose.separator import Separator, decided, judge_of
from twitchwise.measure.emg.decompose.trains import Split, peaks, split_of
from twitchwise.vocabulary.arrays import IntArray

# Share of the window in which the potential is faded in and out.
_FADED = 0.3
# Mean potentials are taken again so many times, each from what the others leave, until overlaps are shared out.
_SWEEPS = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Potentials:
    """The mean potential of each unit.

    Parameters
    ----------
    waves
        Shape ``(n_units, n_channels, n_window)``, float32.
    before
        Samples of the window before the discharge.
    """

    waves: Samples
    before: int

    @classmethod
    def of(cls, samples: Samples, trains: Sequence[IntArray], *, before: int, after: int) -> "Potentials":
        """Take the mean of the samples around each train's discharges, each without the other trains."""
        waves = np.zeros((len(trains), samples.shape[0], before + after), dtype=np.float32)
        rest, taper = samples.copy(), _taper(before + after)
        found = cls(waves=waves, before=before)
        for _ in range(_SWEEPS):
            for unit, train in enumerate(trains):
                found.add(rest, unit, train, sign=1.0)
                inside = train[(train >= before) & (train + after <= samples.shape[1])]
                if inside.size:
                    waves[unit] = _mean_window(rest, inside, before, after) * taper
                found.add(rest, unit, train, sign=-1.0)
        return found

    def add(self, samples: Samples, unit: int, train: IntArray, *, sign: float) -> None:
        """Add the unit's potential to samples at each discharge, in place; at the ends as much as there is room for."""
        n_window, n_samples = self.waves.shape[2], samples.shape[1]
        wave = np.float32(sign) * self.waves[unit]
        for at in (train - self.before).tolist():
            first, last = max(at, 0), min(at + n_window, n_samples)
            if first < last:
                samples[:, first:last] += wave[:, first - at : last - at]

    def rest(self, samples: Samples, trains: Sequence[IntArray]) -> Samples:
        """Return samples without the potentials at all trains."""
        rest = samples.copy()
        for unit, train in enumerate(trains):
            self.add(rest, unit, train, sign=-1.0)
        return rest


def _taper(n_window: int) -> Samples:
    """Return what fades a window's ends: a step, which band-passed samples never have, would stand out in the rest."""
    return tukey(n_window, _FADED).astype(np.float32)


def _mean_window(samples: Samples, inside: IntArray, before: int, after: int) -> Samples:
    total = np.zeros((samples.shape[0], before + after), dtype=np.float32)
    for at in inside.tolist():
        total += samples[:, at - before : at + after]
    return total / np.float32(inside.size)


def again(extension: Extension, trains: Sequence[IntArray], potentials: Potentials, apart: int) -> list[Candidate]:
    """Return units as they stand in the samples that hold no other unit.

    Parameters
    ----------
    extension
        Of the samples without any of the units.
    trains
        Which were taken out.
    potentials
        By which they were.
    apart
        Least distance of two discharges in samples.
    """
    return [_alone_again(extension, number, train, potentials, apart) for number, train in enumerate(trains)]


def _alone_again(extension: Extension, number: int, train: IntArray, potentials: Potentials, apart: int) -> Candidate:
    samples = extension.samples.copy()
    potentials.add(samples, number, train, sign=1.0)
    return made_of(extension.with_added(potentials.waves[number], train, samples), train, apart)


def made_of(view: Extension, train: IntArray, apart: int) -> Candidate:
    """Return what the filter that is made of a train finds in some samples."""
    inside = train[train < view.last]
    row = view.filters([inside])[0]
    parted = _with_train(split_of(view.sources(row[None])[0], apart), inside)
    return judged(view, row, decided(view, parted, inside, apart), inside)


def _with_train(parted: Split, train: IntArray) -> Split:
    """Return peaks of which those nearest to a train are the discharges."""
    nearest = np.unique(np.abs(parted.place[:, None] - train).argmin(axis=0))
    is_discharge = np.zeros(parted.place.size, dtype=np.bool_)
    is_discharge[nearest] = True
    return replace(parted, is_discharge=is_discharge)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """What finds units in samples from which those that are known so far are taken out.

    Parameters
    ----------
    potentials
        Of the units that are known before this stage.
    filters, judges
        Of these units and, after them, of those that this stage finds: shape ``(n_units, n_channels * n_delays)``.
    owners
        Number of the potential that each unit is found in, of which it may be a part, or -1: shape ``(n_units,)``.
    n_delays, apart
        Copies of each channel; least distance of two discharges in samples.
    """

    potentials: Potentials
    filters: Samples
    judges: tuple[Renewal, ...]
    owners: tuple[int, ...]
    n_delays: int
    apart: int

    @classmethod
    def of(
        cls,
        extension: Extension,
        units: Sequence[Candidate],
        owners: Sequence[int],
        potentials: Potentials,
        apart: int,
    ) -> "Stage":
        """Make a stage of units as they stand in an extension of what the potentials have left."""
        return cls(
            potentials=potentials,
            filters=np.stack([one.filter for one in units]),
            judges=tuple(judge_of(extension, one.split, one.own_height, apart) for one in units),
            owners=tuple(owners),
            n_delays=extension.n_delays,
            apart=apart,
        )

    def trains(self, samples: Samples, known: Sequence[IntArray]) -> tuple[list[IntArray], Samples]:
        """Return all discharges, and the sources, shape ``(n_units, n_columns)``, from those of the known units."""
        sources = filtered_by(self.potentials.rest(samples, known), self.filters, self.n_delays)
        for source, row, owner in zip(sources, self.filters, self.owners, strict=True):
            if owner >= 0:
                _add_course(source, self._course(row, owner), known[owner] - self.potentials.before - self.n_delays + 1)
        return [self._discharges(source, judge) for source, judge in zip(sources, self.judges, strict=True)], sources

    def _discharges(self, source: Samples, judge: Renewal) -> IntArray:
        place = peaks(source, self.apart)
        found: IntArray = place[judge.decide(place, source[place].astype(np.float64))]
        return found

    def _course(self, row: Samples, owner: int) -> Samples:
        """Return what a filter answers to a potential."""
        margin = self.n_delays - 1
        padded = np.pad(self.potentials.waves[owner], ((0, 0), (margin, margin)))
        course: Samples = filtered_by(padded, row[None], self.n_delays)[0]
        return course


def _add_course(source: Samples, course: Samples, places: IntArray) -> None:
    for at in places.tolist():
        first, last = max(at, 0), min(at + course.size, source.size)
        if first < last:
            source[first:last] += course[first - at : last - at]


@dataclass(frozen=True, kw_only=True, eq=False)
class Peeler:
    """All that finds the discharges of all units in any stretch of a recording.

    Parameters
    ----------
    first
        Finds the units that stand apart in the samples as they are.
    stages
        Find these better and others besides, one after another.
    """

    first: Separator
    stages: tuple[Stage, ...]

    @property
    def n_units(self) -> int:
        """How many units are found."""
        return len(self.stages[-1].judges)

    @property
    def margin(self) -> int:
        """Samples on either side of a stretch that its discharges depend on."""
        window = int(self.stages[0].potentials.waves.shape[2])
        return window + self.first.reach + self.first.n_delays + self.first.apart

    def trains(self, samples: Samples) -> tuple[list[IntArray], Samples]:
        """Return the discharges of each unit in filtered samples, and its source, shape ``(n_units, n_columns)``."""
        trains, sources = self.first.trains(samples), np.empty((0, 0), dtype=np.float32)
        for stage in self.stages:
            trains, sources = stage.trains(samples, trains)
        return trains, sources
