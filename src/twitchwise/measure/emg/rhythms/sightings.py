"""What was seen on a channel, before it becomes events: runs, groups, bursts, answers and long activity, each once.

What explains something else goes first: an answer to a stimulus is no run, beats of a tremor are no unit's discharge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.rhythms.answers import Answers, answers_to
from twitchwise.measure.emg.rhythms.begun import parted
from twitchwise.measure.emg.rhythms.chains import Chain, Follower
from twitchwise.measure.emg.rhythms.definitions import Definition, Kind, Other, of_bursts, weigh
from twitchwise.measure.emg.rhythms.envelope import BIN_S, Bursts, bursts_above, envelope_of, rhythms_in
from twitchwise.measure.emg.rhythms.features import irregularity_of
from twitchwise.measure.emg.rhythms.impulses import impulses_of, noise_of
from twitchwise.measure.emg.rhythms.repeats import alike_of, repeat_of
from twitchwise.measure.emg.rhythms.runs import Run, runs_of
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.sources import together
from twitchwise.measure.emg.rhythms.spans import Span, active_in, long_activity
from twitchwise.measure.emg.rhythms.trace import Causes, ChannelTrace
from twitchwise.signals import Intervals
from twitchwise.vocabulary import EventKind

# A run lies in something else if at least this part of its discharges does.
_MOSTLY = 0.5
# Kinds that a beat which many units share can be mistaken for.
_OF_ONE_UNIT = (
    EventKind.CONTINUOUS_UNIT_DISCHARGE,
    EventKind.MYOKYMIC_DISCHARGE,
    EventKind.FIBRILLATION_POTENTIAL,
    EventKind.POSITIVE_SHARP_WAVE,
)
# A group of one unit holds the time of at least this many intervals between its discharges.
_INTERVALS_IN_GROUP = 1.5
# Durations and correlations are never told apart by less than this.
_LEAST = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Rhythm:
    """Bursts of one rhythm, with what they may be.

    Parameters
    ----------
    bursts
        When they are.
    irregularity, share
        Coefficient of variation of their intervals, and the part of a cycle that a burst fills.
    repeat, inner_rate_hz
        How alike a burst is to itself one interval of its discharges later, and the rate that this interval means.
    kinds
        Probability of each kind.
    """

    bursts: Bursts
    irregularity: float
    share: float
    repeat: float
    inner_rate_hz: float
    kinds: dict[Kind, float]

    @property
    def kind(self) -> Kind:
        """The likeliest kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])

    @property
    def rate_hz(self) -> float:
        """Bursts per second."""
        return float(1 / np.median(self.bursts.intervals_s))


@dataclass(frozen=True, kw_only=True, eq=False)
class Sightings:
    """All that was seen on a channel.

    Parameters
    ----------
    noise
        Noise in the band.
    looked_s, quiet_s
        Length of the recording, and the part of it that is not loud without a break.
    runs, rhythms, answers, spans
        What was seen, each thing once.
    """

    noise: float
    looked_s: float
    quiet_s: float
    runs: tuple[Run, ...]
    rhythms: tuple[Rhythm, ...]
    answers: tuple[Answers, ...]
    spans: tuple[Span, ...]


def look(trace: ChannelTrace, causes: Causes, settings: RhythmSettings) -> Sightings:
    """Look at a channel for everything."""
    noise = noise_of(trace, settings)
    loudness = envelope_of(trace, settings)
    active = active_in(loudness, noise, settings)
    runs, chains = _runs_and_chains(trace, noise, settings)
    answers = _answers(trace, causes, noise, settings)
    rhythms = _rhythms(loudness, trace, causes, noise, settings)
    kept = _outside(together(runs, settings), _times_of(answers), tuple(EventKind))
    beats = _beats(rhythms, is_needle=trace.is_needle)
    kept = _outside(kept, beats, _OF_ONE_UNIT)
    busy = Intervals.union([*_times_of(answers).spans, *beats.spans, *_fast(kept, settings)])
    named = {run.source for run in kept if isinstance(run.kind, EventKind)}
    others = [chain for chain in chains if chain.source not in named]
    spans = [one for one in long_activity(active, others, causes, settings) if not _explained(one, busy)]
    return Sightings(
        noise=noise,
        looked_s=trace.duration_s,
        quiet_s=max(trace.duration_s - active.duration_s, 0.0),
        runs=tuple(kept),
        rhythms=tuple(rhythms),
        answers=tuple(answers),
        spans=tuple(spans),
    )


def _runs_and_chains(trace: ChannelTrace, noise: float, settings: RhythmSettings) -> tuple[list[Run], list[Chain]]:
    """Return the runs of all chains, and the chains without their waves, so that hours of contraction stay small."""
    runs: list[Run] = []
    chains: list[Chain] = []
    for chain in _chains(trace, noise, settings):
        runs.extend(runs_of(chain, trace, noise, settings))
        chains.append(chain.without_waves())
    return runs, chains


def _chains(trace: ChannelTrace, noise: float, settings: RhythmSettings) -> Iterable[Chain]:
    follower = Follower(noise, settings)
    for impulses in impulses_of(trace, noise, settings):
        follower.feed(impulses)
        if len(impulses):
            yield from follower.take(float(impulses.time_s[-1]))
    yield from follower.take(np.inf)


def _answers(trace: ChannelTrace, causes: Causes, noise: float, settings: RhythmSettings) -> list[Answers]:
    asked = (
        (causes.stimuli_s, EventKind.M_WAVE),
        (causes.stimuli_s, EventKind.REFLEX),
        (causes.taps_s, EventKind.REFLEX),
        (causes.stretches_s, EventKind.REFLEX),
    )
    found = [answers_to(times, kind, trace, noise, settings) for times, kind in asked if times.size]
    return [one for one in found if one is not None]


def _rhythms(
    loudness: "np.typing.NDArray[np.float32]",
    trace: ChannelTrace,
    causes: Causes,
    noise: float,
    settings: RhythmSettings,
) -> list[Rhythm]:
    """Return the rhythms of bursts; those of several units before those of one."""
    whole = rhythms_in(loudness, noise, settings)
    found = [_rhythm(bursts, trace, noise, settings, prior) for bursts, prior in parted(whole, causes, settings)]
    taken = _beats(found, is_needle=trace.is_needle)
    one_unit: dict[Kind, float] = {EventKind.MYOKYMIC_DISCHARGE: 1.0, Other.UNEXPLAINED: 1.0}
    for bursts in bursts_above(loudness, noise, settings):
        middles = (bursts.start_s + bursts.end_s) / 2
        short = np.median(bursts.end_s - bursts.start_s) <= settings.group_longest_s
        if short and _inside(middles, taken) < _MOSTLY:
            found.append(_rhythm(bursts, trace, noise, settings, one_unit))
    return [one for one in found if one.kind is not Other.UNEXPLAINED]


def _rhythm(
    bursts: Bursts, trace: ChannelTrace, noise: float, settings: RhythmSettings, prior: dict[Kind, float]
) -> Rhythm:
    lasts = bursts.end_s - bursts.start_s
    cycle_s = float(np.median(bursts.intervals_s))
    repeat, inner_rate_hz = repeat_of(bursts, trace, noise, settings)
    irregularity = max(irregularity_of(bursts.intervals_s), _LEAST)
    share = max(float(np.median(lasts)) / cycle_s, _LEAST)
    values = {
        "rate": 1 / cycle_s,
        "irregularity": irregularity,
        "share": share,
        "repeat": max(repeat, _LEAST),
        "inner_rate": inner_rate_hz,
        "alike": max(alike_of(bursts, trace, settings), _LEAST),
        "lasts": max(float(np.median(lasts)), _LEAST),
        "group_spread": max(float(np.std(lasts) / np.mean(lasts)), _LEAST),
    }
    known: dict[Kind, Definition] = {kind: ranges for kind, ranges in of_bursts(settings).items() if kind in prior}
    if share * cycle_s * inner_rate_hz < _INTERVALS_IN_GROUP:
        known.pop(EventKind.MYOKYMIC_DISCHARGE, None)
    return Rhythm(
        bursts=bursts,
        irregularity=irregularity,
        share=share,
        repeat=repeat,
        inner_rate_hz=inner_rate_hz,
        kinds=weigh(values, known, prior),
    )


def _times_of(answers: Sequence[Answers]) -> Intervals:
    return Intervals.union(
        [
            (float(start), float(end))
            for one in answers
            for start, end in zip(one.start_s - BIN_S, one.end_s + BIN_S, strict=True)
        ]
    )


def _beats(rhythms: Sequence[Rhythm], *, is_needle: bool) -> Intervals:
    """Return the times of rhythms of bursts that are something, from first to last.

    At a needle only those of one unit are.
    """
    spans = [
        (float(one.bursts.start_s[0]), float(one.bursts.end_s[-1]))
        for one in rhythms
        if one.kind is EventKind.MYOKYMIC_DISCHARGE or (isinstance(one.kind, EventKind) and not is_needle)
    ]
    return Intervals.union(spans)


def _fast(runs: Sequence[Run], settings: RhythmSettings) -> list[tuple[float, float]]:
    """Return the times of runs that are faster than will."""
    return [
        (float(run.time_s[0]), float(run.time_s[-1]))
        for run in runs
        if isinstance(run.kind, EventKind) and run.features.rate_hz > settings.myotonic_rate_low_hz
    ]


def _outside(runs: Sequence[Run], busy: Intervals, kinds: Sequence[EventKind]) -> list[Run]:
    """Return the runs without those of some kinds that lie in what is explained already."""
    return [run for run in runs if run.kind not in kinds or _inside(run.time_s, busy) < _MOSTLY]


def _inside(times: "np.typing.NDArray[np.float64]", busy: Intervals) -> float:
    bounds = np.array([edge for span in busy.spans for edge in span])
    return float((np.searchsorted(bounds, times, side="right") % 2).mean()) if bounds.size else 0.0


def _explained(span: Span, busy: Intervals) -> bool:
    moments = np.arange(span.start_s, span.end_s, BIN_S)
    return _inside(moments, busy) >= _MOSTLY
