"""Rounds of search: find what stands out, refine it, take its potentials out, and search what is left.

Peeling off found units as Chen and Zhou 2016 do (https://doi.org/10.1109/TNSRE.2015.2412038), but only for the search:
filters are always made of the samples as they are, so that one pass of them finds everything in any stretch.
"""

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension, whitened
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.parting import halves
from twitchwise.measure.emg.decompose.refine import Candidate, alone, refined
from twitchwise.measure.emg.decompose.search import activity_index, climb, starts
from twitchwise.measure.emg.decompose.separator import together
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.emg.decompose.shapes import without
from twitchwise.measure.emg.decompose.trains import common, lag_between, split_of
from twitchwise.vocabulary.arrays import BoolArray, IntArray

# Share of the mean power added to every direction: ten times more hides small units, ten times less lets in noise.
_RIDGE = 1e-4
# Starts a round, and rounds at most.
_STARTS, _ROUNDS = 64, 12
# Rounds in a row without a new unit after which the search ends; each begins where no other has begun.
_BARREN = 2
# A rough train of the search is refined from this silhouette on; it rises by about 0.1 on the way.
_WORTH = 0.75


def learn(samples: Samples, lengths: Lengths, settings: DecomposeSettings) -> tuple[Extension, list[Candidate]]:
    """Return filtered samples as they were extended, and the candidates that stand apart, best first."""
    extension = Extension.of(samples, lengths.n_delays, ridge=_RIDGE)
    found: list[Candidate] = []
    rest, barren = samples, 0
    free = np.ones(samples.shape[1] // lengths.step + 1, dtype=np.bool_)
    for _ in range(_ROUNDS):
        rough = _searched(rest, free, lengths, settings)
        more = refined(extension, _triggers(rough, lengths, extension), lengths.apart)
        more = [one for one in more if _beyond_chance(extension, one)]
        better = _joined(found, more, lengths, settings)
        if len(better) == len(found):
            barren += 1
            if barren == _BARREN:
                break
            continue
        barren = 0
        found = _settled(extension, better, lengths, settings, complete=False)
        trains = [one.split.discharges for one in found]
        rest = without(samples, trains, n_before=lengths.before, n_after=lengths.after)
    found = _settled(extension, _parted(extension, found, lengths, settings), lengths, settings, complete=True)
    return extension, [one for one in found if _stands_apart(extension, one, settings)]


def _stands_apart(extension: Extension, one: Candidate, settings: DecomposeSettings) -> bool:
    """Tell whether a candidate may be called a motor unit."""
    enough = one.split.discharges.size >= settings.discharges_least and one.silhouette >= settings.silhouette_least
    return enough and _beyond_chance(extension, one)


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
    shared = common(first, second - lag_between(first, second, most=most, within=within), within)
    return shared >= settings.common_share * min(first.size, second.size)


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
