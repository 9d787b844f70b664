"""Runs of one source and what each is: a regular train, or groups that come again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

import numpy as np

from twitchwise.measure.emg.rhythms.chains import Chain
from twitchwise.measure.emg.rhythms.definitions import (
    Definition,
    Kind,
    Other,
    of_fibers,
    of_groups,
    of_units,
    weigh,
)
from twitchwise.measure.emg.rhythms.features import (
    RunFeatures,
    features_of,
    irregularity_of,
    potential_s_of,
    runs_in,
    starts_positive,
    usual_wave,
)
from twitchwise.measure.emg.rhythms.impulses import wave_step
from twitchwise.measure.emg.rhythms.regular import Train, regular_trains
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace, Samples
from twitchwise.vocabulary import EventKind, Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Trains of one source are one run where the second begins within so many intervals of the end of the first, at a rate
# that differs by less than this factor: a few hidden discharges broke it.
_JOINED_INTERVALS, _JOINED_FACTOR = 8.0, 1.4
# Kinds whose rhythm a willed unit has as well for a while; claimed only of a source that is regular throughout.
_THROUGHOUT = (
    EventKind.FIBRILLATION_POTENTIAL,
    EventKind.POSITIVE_SHARP_WAVE,
    EventKind.CONTINUOUS_UNIT_DISCHARGE,
    EventKind.COMPLEX_REPETITIVE_DISCHARGE,
    Other.HEARTBEAT,
)
# Intervals are never told apart by less than the clock of the recorder does.
_LEAST = 1e-4
# Those of them that a run shows by itself if it is longer and more regular than willed units are by chance.
_CLEARLY_REGULAR = (EventKind.FIBRILLATION_POTENTIAL, EventKind.POSITIVE_SHARP_WAVE)
# A potential that fills so much of the interval cannot be measured; neighbors overlap.
_FILLS = 0.8
# A source of which more than this part lies in regular runs has no rhythm of groups.
_MOSTLY = 0.5
# A group has at least two discharges, and groups of one rhythm have three in the middle.
_IN_GROUP, _USUAL_IN_GROUP = 2, 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """Discharges of one source in one go, or in one group of a rhythm.

    Parameters
    ----------
    source
        Number of the source, from 1.
    time_s, peak
        When and how large, shape ``(n,)``.
    potential_s
        Duration of one potential.
    kinds
        Probability of each kind that it may be.
    features
        What it looks like; of a group those of its own discharges.
    rhythm
        Number of the rhythm of groups that it is part of, from 1, else 0.
    values, choices
        By which features, and among which definitions, a run outside of groups was judged.
    """

    source: int
    time_s: FloatArray
    peak: FloatArray
    potential_s: float
    kinds: Mapping[Kind, float]
    features: RunFeatures
    rhythm: int = 0
    values: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[Kind, Definition] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The likeliest kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])

    @property
    def probability(self) -> float:
        """Probability of the likeliest kind."""
        return self.kinds[self.kind]


def runs_of(chain: Chain, trace: ChannelTrace, noise: float, settings: RhythmSettings) -> list[Run]:
    """Return the runs and groups of a chain, each with what it may be."""
    nothing = np.zeros(len(chain), dtype=np.bool_)
    look = _Look(trace=trace, noise=noise, throughout=False, settings=settings)
    groups = _groups(chain, nothing, look)
    if _are_clear(groups, settings):
        return groups
    trains = _joined(regular_trains(chain.time_s, round(settings.fewest_discharges)), chain.time_s)
    in_train = nothing.copy()
    for train in trains:
        in_train[train.places] = True
    look = replace(look, throughout=bool(in_train.mean() >= settings.covered_share))
    runs = [_run(chain, train, look) for train in trains]
    # what is left of a source that is mostly regular are the ends of its runs
    return runs if in_train.mean() > _MOSTLY else [*runs, *_groups(chain, in_train, look)]


def _are_clear(groups: list[Run], settings: RhythmSettings) -> bool:
    """Tell whether groups are clearly of a kind, so that no part is a run; slower ones may be of myotonia."""
    if not groups or groups[0].probability < settings.decided_from:
        return False
    rate_hz = float(np.median([group.features.rate_hz for group in groups]))
    fast = groups[0].kind is EventKind.NEUROMYOTONIC_DISCHARGE and rate_hz >= settings.neuromyotonic_rate_low_hz
    return fast or groups[0].kind is EventKind.MYOKYMIC_DISCHARGE


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """What runs are judged by: the channel, its noise, definitions, and whether the chain is regular throughout."""

    trace: ChannelTrace
    noise: float
    throughout: bool
    settings: RhythmSettings

    def potential_s(self, wave: Samples, n: int) -> float:
        """Return the duration of a potential by the usual wave of ``n``."""
        rate_hz = self.trace.sampling_rate_hz / wave_step(self.trace.sampling_rate_hz)
        return potential_s_of(wave, self.noise / sqrt(n), rate_hz)

    def kinds(self, wave: Samples, features: RunFeatures) -> dict[Kind, Definition]:
        """Return what a run may be."""
        settings, trace = self.settings, self.trace
        kinds = dict(of_units(settings, is_needle=trace.is_needle))
        if trace.is_needle and trace.sampling_rate_hz >= settings.needle_sampling_least_hz:
            kinds |= of_fibers(settings)
            kinds.pop(Other.HEARTBEAT)
            # no motor unit has the shape of a positive sharp wave
            shaped = starts_positive(wave, trace.sampling_rate_hz / wave_step(trace.sampling_rate_hz))
            kinds.pop(EventKind.CONTINUOUS_UNIT_DISCHARGE if shaped else EventKind.POSITIVE_SHARP_WAVE)
        if not self.throughout and features.rate_hz <= settings.willed_rate_high_hz:
            clearly = _is_clearly_regular(features, settings)
            for kind in _THROUGHOUT:
                if not (clearly and kind in _CLEARLY_REGULAR):
                    kinds.pop(kind, None)
        return kinds


def _run(chain: Chain, train: Train, look: "_Look") -> Run:
    time_s, peak = chain.time_s[train.places], chain.peak[train.places]
    wave = usual_wave(chain.waves[train.places])
    potential_s = look.potential_s(wave, train.places.size)
    features = features_of(time_s, peak, train.intervals_s, potential_s)
    values = {
        "rate": features.rate_hz,
        "irregularity": max(features.irregularity, _LEAST),
        "rate_change": features.rate_change,
        "size_change": features.size_change,
        "duration": features.duration_s,
        "phases": float(chain.phases),
    }
    if potential_s * features.rate_hz < _FILLS:
        values["potential"] = potential_s
    if look.trace.unit is Unit.VOLT:
        values["size"] = float(np.median(np.abs(peak)))
    choices = look.kinds(wave, features)
    return Run(
        source=chain.source,
        time_s=time_s,
        peak=peak,
        potential_s=potential_s,
        kinds=weigh(values, choices),
        features=features,
        values=values,
        choices=choices,
    )


def _is_clearly_regular(features: RunFeatures, settings: RhythmSettings) -> bool:
    """Tell whether a run is longer and more regular than any that can be picked from willed discharges."""
    return features.n >= settings.regular_count and features.irregularity <= settings.regular_irregularity


def _joined(trains: list[Train], time_s: FloatArray) -> list[Train]:
    """Join trains that follow each other at one rate; the interval of the gap is divided by what is hidden in it."""
    joined: list[Train] = []
    for train in sorted(trains, key=lambda one: int(one.places[0])):
        for number, before in enumerate(joined):
            gap_s = float(time_s[train.places[0]] - time_s[before.places[-1]])
            last_s, next_s = float(np.median(before.intervals_s[-5:])), float(np.median(train.intervals_s[:5]))
            alike = max(last_s, next_s) < _JOINED_FACTOR * min(last_s, next_s)
            if 0 < gap_s < _JOINED_INTERVALS * last_s and alike:
                hidden = max(1, round(2 * gap_s / (last_s + next_s)))
                joined[number] = Train(
                    places=np.concatenate([before.places, train.places]),
                    intervals_s=np.concatenate([before.intervals_s, [gap_s / hidden], train.intervals_s]),
                )
                break
        else:
            joined.append(train)
    return joined


def _groups(chain: Chain, in_train: BoolArray, look: "_Look") -> list[Run]:
    """Return the groups of the rhythm that a chain's discharges make, if they make one."""
    settings = look.settings
    left = np.flatnonzero(~in_train)
    if left.size < settings.fewest_discharges:
        return []
    parts = [left[part] for part in runs_in(chain.time_s[left], settings)]
    groups = [part for part in parts if part.size >= _IN_GROUP]
    alone = sum(part.size for part in parts if part.size < _IN_GROUP)
    sizes = np.array([part.size for part in groups])
    if len(groups) < settings.group_count or alone > sizes.sum() or np.median(sizes) < _USUAL_IN_GROUP:
        return []
    kinds = weigh(_rhythm_of(chain.time_s, groups, sizes), of_groups(settings))
    potential_s = look.potential_s(usual_wave(chain.waves[left]), left.size)
    return [_group(chain, part, potential_s, kinds) for part in groups]


def _rhythm_of(time_s: FloatArray, groups: list[IntArray], sizes: IntArray) -> dict[str, float]:
    starts = np.array([time_s[part[0]] for part in groups])
    inside = np.concatenate([np.diff(time_s[part]) for part in groups])
    between = np.diff(starts)
    return {
        "rate": float(1 / np.median(inside)),
        "irregularity": max(irregularity_of(inside), _LEAST),
        "group_rate": float(1 / np.median(between)),
        "group_irregularity": max(irregularity_of(between), _LEAST),
        "group_spread": max(float(np.std(sizes) / np.mean(sizes)), _LEAST),
    }


def _group(chain: Chain, part: IntArray, potential_s: float, kinds: Mapping[Kind, float]) -> Run:
    time_s, peak = chain.time_s[part], chain.peak[part]
    features = features_of(time_s, peak, np.diff(time_s), potential_s)
    return Run(
        source=chain.source,
        time_s=time_s,
        peak=peak,
        potential_s=potential_s,
        kinds=kinds,
        features=features,
        rhythm=chain.source,
    )
