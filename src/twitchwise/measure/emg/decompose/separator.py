"""The filters of all units together: what each lets through of the others is known, and taken out.

A unit's source shows, around the discharges of another unit, a small trace of that unit. Its mean course is learned
once and subtracted wherever the other unit discharges, so that small units are not mistaken for echoes of large ones.
"""

from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension, filtered_by
from twitchwise.measure.emg.decompose.refine import Candidate, without_oneself
from twitchwise.measure.emg.decompose.renewal import Renewal
from twitchwise.measure.emg.decompose.trains import Split, peaks, split_of
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Final rounds in which all trains and filters settle together.
_ROUNDS = 3
# Steps in which a train and what is known of its heights and intervals settle.
_DECISIONS = 4
# A mean needs two.
_FEWEST = 2
# A unit may lose this much silhouette for a train that is more complete.
_ALLOWED_LOSS = 0.03


@dataclass(frozen=True, kw_only=True, eq=False)
class Separator:
    """Filters, traces and thresholds, learned once and applied to any stretch of the recording.

    Parameters
    ----------
    filters
        Shape ``(n_units, n_channels * n_delays)``.
    n_delays, apart
        Copies of each channel; least distance of two discharges in samples.
    traces
        Mean of source ``i`` around the discharges of unit ``j``, shape ``(n_units, n_units, 2 * reach + 1)``, 0 for
        itself.
    judges
        What tells the discharges of each unit from other peaks of its source.
    """

    filters: Samples
    n_delays: int
    apart: int
    traces: Samples
    judges: tuple[Renewal, ...]

    @property
    def reach(self) -> int:
        """Samples that a trace reaches to either side."""
        return int(self.traces.shape[2]) // 2

    def trains(self, samples: Samples) -> list[IntArray]:
        """Return the discharges of each unit in some filtered samples, judged without each other's traces."""
        sources = filtered_by(samples, self.filters, self.n_delays)
        trains = [self.discharges(source, unit) for unit, source in enumerate(sources)]
        clean = cleaned(sources, trains, self.traces)
        return [self.discharges(source, unit) for unit, source in enumerate(clean)]

    def discharges(self, source: Samples, unit: int) -> IntArray:
        """Return where the source of a unit shows a discharge."""
        place = peaks(source, self.apart)
        found: IntArray = place[self.judges[unit].decide(place, source[place].astype(np.float64))]
        return found


def cleaned(sources: Samples, trains: list[IntArray], traces: Samples) -> Samples:
    """Return sources less the traces at all trains."""
    n_units, n_samples = sources.shape
    reach = traces.shape[2] // 2
    clean = np.pad(sources, ((0, 0), (reach, reach)))
    for unit, train in enumerate(trains):
        for at in train.tolist():
            clean[:, at : at + 2 * reach + 1] -= traces[:, unit]
    return np.ascontiguousarray(clean[:n_units, reach : reach + n_samples])


def traces_of(sources: Samples, trains: list[IntArray], reach: int) -> Samples:
    """Return the mean course of every source around every train's discharges but its own."""
    n_units = sources.shape[0]
    padded = np.pad(sources, ((0, 0), (reach, reach)))
    traces = np.zeros((n_units, n_units, 2 * reach + 1), dtype=np.float32)
    for unit, train in enumerate(trains):
        if train.size:
            windows = padded[:, train[:, None] + np.arange(2 * reach + 1)]
            traces[:, unit] = windows.mean(axis=1)
            traces[unit, unit] = 0
    return traces


def together(
    extension: Extension, candidates: list[Candidate], *, apart: int, reach: int, complete: bool
) -> list[Candidate]:
    """Let trains, filters and traces settle together, and return the candidates as they then stand.

    Until the search is over trains are kept pure, which makes better filters; ``complete`` then takes in peaks that are
    more likely a discharge than not.
    """
    for _ in range(_ROUNDS if complete else 1):
        trains = [one.split.discharges for one in candidates]
        filters = extension.filters(trains)
        sources = extension.sources(filters)
        clean = cleaned(sources, trains, traces_of(sources, trains, reach))
        candidates = [
            _again(extension, one, row, split_of(source, apart), apart=apart, complete=complete)
            for one, row, source in zip(candidates, filters, clean, strict=True)
        ]
    return candidates


def _again(
    extension: Extension, before: Candidate, row: Samples, parted: Split, *, apart: int, complete: bool
) -> Candidate:
    made_of = before.split.discharges
    if complete and parted.discharges.size >= _FEWEST:
        parted = decided(extension, parted, made_of, apart)
    own_height = without_oneself(extension, parted, made_of)
    silhouette = parted.silhouette(own_height)
    if parted.discharges.size < _FEWEST or silhouette < before.silhouette - _ALLOWED_LOSS:
        return before
    return replace(before, filter=row, split=parted, own_height=own_height, silhouette=silhouette)


def separator(extension: Extension, candidates: list[Candidate], *, apart: int, reach: int) -> Separator:
    """Return what finds the candidates' discharges in any stretch."""
    filters = np.stack([one.filter for one in candidates])
    trains = [one.split.discharges for one in candidates]
    return Separator(
        filters=filters,
        n_delays=extension.n_delays,
        apart=apart,
        traces=traces_of(extension.sources(filters), trains, reach),
        judges=tuple(judge_of(extension, one.split, one.own_height, apart) for one in candidates),
    )


def judge_of(extension: Extension, parted: Split, own_height: FloatArray, apart: int) -> Renewal:
    """Return what tells a unit's discharges from other peaks, learned from those that were found."""
    return Renewal.of(parted, own_height, n_samples=extension.last, apart=apart)


def decided(extension: Extension, parted: Split, made_of: IntArray, apart: int) -> Split:
    """Return the peaks of a source with the likeliest train as its discharges."""
    for _ in range(_DECISIONS):
        own_height = without_oneself(extension, parted, made_of)
        judge = judge_of(extension, parted, own_height, apart)
        chosen = judge.decide(parted.place, np.sqrt(parted.height))
        if chosen.sum() < _FEWEST or (chosen == parted.is_discharge).all():
            break
        parted = replace(parted, is_discharge=chosen)
    return parted
