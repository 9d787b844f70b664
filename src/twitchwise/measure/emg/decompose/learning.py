"""Rounds of search: find what stands out, refine it, take its potentials out, and search what is left.

Peeling off found units as Chen and Zhou 2016 do (https://doi.org/10.1109/TNSRE.2015.2412038), but only for the search:
filters are always made of the samples as they are, so that one pass of them finds everything in any stretch.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension, whitened
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.pairs import Alone, two_of
from twitchwise.measure.emg.decompose.parting import halves
from twitchwise.measure.emg.decompose.peeling import Peeler, Potentials, Stage, again
from twitchwise.measure.emg.decompose.progress import part_of, untold
from twitchwise.measure.emg.decompose.refine import Candidate, alone, refined
from twitchwise.measure.emg.decompose.search import activity_index, climb, starts
from twitchwise.measure.emg.decompose.separator import Separator, separator, together
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.emg.decompose.shapes import without
from twitchwise.measure.emg.decompose.trains import alike, split_of
from twitchwise.vocabulary.arrays import BoolArray, IntArray

# Share of the mean power added to every direction: ten times more hides small units, ten times less lets in noise.
_RIDGE = 1e-4
# Starts a round, and rounds at most; a round begins where none has begun, and one that finds nothing new is the last.
_STARTS, _ROUNDS = 64, 12
# Rounds in which units are judged in what the others leave, and searched for there.
_DEEPER = 2
# Share of the time for learning that the first search takes.
_SEARCHING = 0.5
# A rough train of the search is refined from this silhouette on; it rises by about 0.1 on the way.
_WORTH = 0.75


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """What was learned from some stretches of a recording.

    Parameters
    ----------
    peeler
        Finds the discharges of all units in any stretch; ``None`` where there are no units.
    units
        The units as they were learned, in the order of the peeler.
    told
        Numbers of those that stand apart enough to be called motor units, the one that does so best first.
    """

    peeler: Peeler | None
    units: tuple[Candidate, ...]
    told: tuple[int, ...]


def learn(samples: Samples, lengths: Lengths, settings: DecomposeSettings, progress: Progress = untold) -> Learned:
    """Find the motor units in filtered samples, and what finds them in others."""
    extension = Extension.of(samples, lengths.n_delays, ridge=_RIDGE)
    found = _searched_in_rounds(extension, lengths, settings, part_of(progress, 0.0, _SEARCHING))
    found = _settled(extension, _parted(extension, found, lengths, settings), lengths, settings, complete=True)
    if not found:
        return Learned(peeler=None, units=(), told=())
    first = separator(extension, found, apart=lengths.apart, reach=lengths.most_lag)
    return _peeled(samples, first, found, lengths, settings, part_of(progress, _SEARCHING, 1.0))


def _searched_in_rounds(
    extension: Extension, lengths: Lengths, settings: DecomposeSettings, progress: Progress
) -> list[Candidate]:
    found: list[Candidate] = []
    samples = extension.samples
    rest = samples
    free = _all_free(samples, lengths)
    for number in range(_ROUNDS):
        progress(number / _ROUNDS)
        better = _joined(found, _more(extension, rest, free, lengths, settings), lengths, settings)
        if len(better) == len(found):
            break
        found = _settled(extension, better, lengths, settings, complete=False)
        trains = [one.split.discharges for one in found]
        rest = without(samples, trains, n_before=lengths.before, n_after=lengths.after)
    return found


def _all_free(samples: Samples, lengths: Lengths) -> BoolArray:
    return np.ones(samples.shape[1] // lengths.step + 1, dtype=np.bool_)


def _more(
    extension: Extension, rest: Samples, free: BoolArray, lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Return what a search in samples finds, refined in an extension; places where it begins are no longer free."""
    rough: list[IntArray] = []
    for part in np.array_split(np.arange(free.size), max(1, free.size // lengths.searched)):
        own = slice(int(part[0]), int(part[-1]) + 1)
        found = _searched(rest[:, own.start * lengths.step : own.stop * lengths.step], free[own], lengths, settings)
        rough.extend(train + own.start for train in found)
    more = refined(extension, _triggers(rough, lengths, extension), lengths.apart)
    return [one for one in more if _beyond_chance(extension, one)]


def _peeled(
    samples: Samples,
    first: Separator,
    found: list[Candidate],
    lengths: Lengths,
    settings: DecomposeSettings,
    progress: Progress,
) -> Learned:
    """Judge units in what the others leave, and look there for more."""
    units, stages = found, list[Stage]()
    free = _all_free(samples, lengths)
    for step in range(_DEEPER + 2):
        progress(step / (_DEEPER + 2))
        trains = [one.split.discharges for one in units]
        potentials = Potentials.of(samples, trains, before=lengths.before, after=lengths.after)
        rest = potentials.rest(samples, trains)
        extension = Extension.of(rest, lengths.n_delays, ridge=_RIDGE)
        units, owners = again(extension, trains, potentials, lengths.apart), list(range(len(units)))
        if step <= _DEEPER:
            units, owners = _with_pairs(extension, units, trains, potentials, lengths, settings)
        if step < _DEEPER:
            units = _with_more(units, _new(extension, rest, free, lengths, settings), lengths, settings)
            owners += [-1] * (len(units) - len(owners))
        stages.append(Stage.of(extension, units, owners, potentials, lengths.apart))
        if step == _DEEPER and len(units) == len(trains):
            break  # the last stage is for what the one before has parted
    told = [number for number, one in enumerate(units) if _stands_apart(one, settings)]
    return Learned(
        peeler=Peeler(first=first, stages=tuple(stages)),
        units=tuple(units),
        told=tuple(sorted(told, key=lambda number: -units[number].silhouette)),
    )


def _with_pairs(
    extension: Extension,
    units: list[Candidate],
    trains: list[IntArray],
    potentials: Potentials,
    lengths: Lengths,
    settings: DecomposeSettings,
) -> tuple[list[Candidate], list[int]]:
    """Return units with two in the place of each that proves to be two, the second of them at the end.

    Beside them stands the number of the potential in which each was found.
    """
    kept, owners = list(units), list(range(len(units)))
    for number, train in enumerate(trains):
        alone_there = Alone(rest=extension, potentials=potentials, number=number, train=train)
        two = two_of(alone_there, lengths, settings)
        others = [one.split.discharges for place, one in enumerate(kept) if place != number]
        if two and not any(_known(one, others, lengths, settings) for one in two):
            kept[number] = two[0]
            kept.append(two[1])
            owners.append(number)
    return kept, owners


def _known(one: Candidate, others: list[IntArray], lengths: Lengths, settings: DecomposeSettings) -> bool:
    train = one.split.discharges
    return any(_alike(train, other, lengths.most_lag, lengths.within, settings) for other in others)


def _new(
    extension: Extension, rest: Samples, free: BoolArray, lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Return what a search finds in what known units leave, those that prove to be two parted."""
    return _parted(extension, _more(extension, rest, free, lengths, settings), lengths, settings)


def _with_more(
    units: list[Candidate], more: list[Candidate], lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Return units and those of some candidates that are none of them, after them."""
    joined = _joined(units, more, lengths, settings)
    new = [one for one in joined if not any(one is other for other in units)]
    # what comes at a constant time from a known unit's discharges is left of that unit
    longest = lengths.before + lengths.after
    known = [one.split.discharges for one in units]
    left = [
        any(_alike(one.split.discharges, other, longest, lengths.within, settings) for other in known) for one in new
    ]
    return [*units, *(one for one, is_left in zip(new, left, strict=True) if not is_left)]


def _stands_apart(one: Candidate, settings: DecomposeSettings) -> bool:
    """Tell whether a candidate may be called a motor unit."""
    return one.split.discharges.size >= settings.discharges_least and one.silhouette >= settings.silhouette_least


def _beyond_chance(extension: Extension, one: Candidate) -> bool:
    """Tell whether a candidate is more than the best that chance makes of noise.

    A few samples of noise can be chosen so that each looks like the others' mean, but, seen by the others alone, they
    are hardly higher than the highest of as many samples of Gaussian noise.
    """
    train = one.split.discharges
    by_chance = np.sqrt(2 * np.log(extension.last))
    return train.size > 1 and bool(alone(extension, train).mean() > by_chance)


def _parted(
    extension: Extension, found: list[Candidate], lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Put two units in the place of each candidate that proves to be two."""
    least = round(settings.discharges_least)
    kept: list[Candidate] = []
    for one in found:
        two = refined(extension, halves(extension, one.split.discharges, least=least), lengths.apart)
        apart = _joined([], two, lengths, settings)
        kept.extend(apart if len(apart) > 1 else [one])
    return _joined([], kept, lengths, settings)


def _settled(
    extension: Extension, found: list[Candidate], lengths: Lengths, settings: DecomposeSettings, *, complete: bool
) -> list[Candidate]:
    if not found:
        return []
    settled = together(extension, found, apart=lengths.apart, reach=lengths.most_lag, complete=complete)
    return _joined([], settled, lengths, settings)


def _searched(rest: Samples, free: BoolArray, lengths: Lengths, settings: DecomposeSettings) -> list[IntArray]:
    """Return rough trains, at the rate of the search, that are worth refining, no two alike.

    The places where the search begins are taken out of those that are free.
    """
    white = whitened(np.ascontiguousarray(rest[:, :: lengths.step]), lengths.n_search_delays)
    apart = max(1, lengths.apart // lengths.step)
    places = starts(activity_index(white), free[: white.shape[1]], n=_STARTS, apart=apart)
    free[places] = False
    parted = [split_of(source, apart) for source in climb(white, places)]
    chosen: list[IntArray] = []
    for one in sorted(parted, key=lambda candidate: -candidate.silhouette()):
        train = one.discharges
        worth = one.silhouette() >= _WORTH and train.size >= settings.discharges_least
        if worth and not any(_alike(train, other, lengths.most_lag // lengths.step, 1, settings) for other in chosen):
            chosen.append(train)
    return chosen


def _triggers(rough: list[IntArray], lengths: Lengths, extension: Extension) -> list[IntArray]:
    """Return rough trains of the search as places of the extension, both in the middle of their windows."""
    shift = (lengths.step * (lengths.n_search_delays - 1) - (lengths.n_delays - 1)) // 2
    moved = [train * lengths.step + shift for train in rough]
    return [train[(train >= 0) & (train < extension.last)] for train in moved]


def _alike(first: IntArray, second: IntArray, most: int, within: int, settings: DecomposeSettings) -> bool:
    """Tell whether two trains are one unit: they share too much of the smaller one."""
    return alike(first, second, most=most, within=within, share=settings.common_share)


def _joined(
    found: list[Candidate], more: list[Candidate], lengths: Lengths, settings: DecomposeSettings
) -> list[Candidate]:
    """Return what was found with those of the new candidates that are none of it, best first."""
    kept = list(found)
    for one in sorted(more, key=lambda candidate: -candidate.silhouette):
        train = one.split.discharges
        if train.size < settings.discharges_least or one.silhouette < _WORTH:
            continue
        if not any(_alike(train, other.split.discharges, lengths.most_lag, lengths.within, settings) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda candidate: -candidate.silhouette)
