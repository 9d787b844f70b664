"""What was seen on a channel as measurements: how often, how fast, how long, how regular, each with its interval.

What was looked for and not seen is a rate of 0 with the upper end of its interval over the time that was looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.rhythms.answers import Answers
from twitchwise.measure.emg.rhythms.events import ONE_BY_ONE, named_rhythms, named_runs
from twitchwise.measure.emg.rhythms.runs import Run
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.sightings import Rhythm, Sightings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace
from twitchwise.measure.emg.rhythms.words import KIND_WORDS
from twitchwise.measure.rate_interval import count_interval, median_interval, share_interval
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import Electrode, EventKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

FIBER_KINDS = (
    EventKind.FIBRILLATION_POTENTIAL,
    EventKind.POSITIVE_SHARP_WAVE,
    EventKind.MYOTONIC_DISCHARGE,
    EventKind.COMPLEX_REPETITIVE_DISCHARGE,
)
UNIT_KINDS = (
    EventKind.MYOKYMIC_DISCHARGE,
    EventKind.NEUROMYOTONIC_DISCHARGE,
    EventKind.CONTINUOUS_UNIT_DISCHARGE,
    EventKind.CRAMP_DISCHARGE,
)
BURST_KINDS = (EventKind.TREMOR_BURST, EventKind.CLONUS_BEAT)

_SECONDS_PER_MINUTE = 60.0
# Fewer values than this have their range as their interval (see `median_interval`).
_FEW = 6
_FEW_WORDS = say("fewer than six values, so the interval is their range")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """Where measurements of one kind on one channel belong."""

    kind: EventKind
    channel: str
    doubts: tuple[str, ...]

    def median(self, name: str, values: FloatArray, unit: Unit, method: str) -> Measurement:
        """Return the median of some values with its interval."""
        value, low, high = median_interval(values)
        few = (_FEW_WORDS,) if values.size < _FEW else ()
        return Measurement(
            id=f"{self.kind.value}_{name}",
            value=value,
            low=low,
            high=high,
            unit=unit,
            method=method,
            channel=self.channel,
            doubts=(*self.doubts, *few),
        )

    def rate(self, count: int, minutes: float, method: str, *more: str) -> Measurement:
        """Return a rate per minute with its interval."""
        low, high = count_interval(count)
        return Measurement(
            id=f"{self.kind.value}_rate",
            value=count / minutes,
            low=min(low, count) / minutes,
            high=high / minutes,
            unit=Unit.PER_MINUTE,
            method=method,
            channel=self.channel,
            doubts=(*self.doubts, *more),
        )

    def count(self, name: str, count: int, method: str, *more: str) -> Measurement:
        """Return a number of sources, which has no interval."""
        return Measurement(
            id=f"{self.kind.value}_{name}",
            value=float(count),
            low=float(count),
            high=float(count),
            unit=Unit.COUNT,
            method=method,
            channel=self.channel,
            doubts=(*self.doubts, *more),
        )


def looked_for(trace: ChannelTrace, settings: RhythmSettings) -> tuple[EventKind, ...]:
    """Return the kinds that a channel can show by itself; what answers a stimulus needs to know of the stimulus."""
    if not trace.is_needle:
        return (*UNIT_KINDS, *BURST_KINDS)
    return (*(FIBER_KINDS if trace.sampling_rate_hz >= settings.needle_sampling_least_hz else ()), *UNIT_KINDS)


def measurements_of(
    seen: Sightings, trains: Sequence[EventTrain], trace: ChannelTrace, settings: RhythmSettings
) -> tuple[Measurement, ...]:
    """Return the measurements of all kinds that were seen or looked for."""
    by_kind = {train.kind: train for train in trains}
    runs = named_runs(seen, settings)
    rhythms = named_rhythms(seen, trace, settings)
    doubts = (say("the file does not tell what touches the muscle"),) if trace.electrode is Electrode.UNKNOWN else ()
    found: list[Measurement] = []
    for kind in looked_for(trace, settings):
        sheet = _Sheet(kind=kind, channel=trace.channel, doubts=doubts)
        found.append(_how_often(sheet, len(by_kind[kind]) if kind in by_kind else 0, seen, settings))
        of_kind = [(unit, run) for unit, run in runs if run.kind is kind]
        if of_kind:
            found += _of_runs(sheet, of_kind)
        found += [one for rhythm in rhythms if rhythm.kind is kind for one in _of_rhythm(sheet, rhythm)]
    if EventKind.CRAMP_DISCHARGE in by_kind:
        train = by_kind[EventKind.CRAMP_DISCHARGE]
        sheet = _Sheet(kind=train.kind, channel=trace.channel, doubts=doubts)
        method = say("From loud to quiet, median.")
        found.append(sheet.median("duration", train.end_s - train.start_s, Unit.SECOND, method))
    for answers in seen.answers:
        found += _of_answers(_Sheet(kind=answers.kind, channel=trace.channel, doubts=doubts), answers)
    return tuple(found)


def _how_often(sheet: _Sheet, count: int, seen: Sightings, settings: RhythmSettings) -> Measurement:
    """Return events a minute; where none was seen, over the quiet time alone, for loud activity hides others."""
    loud = sheet.kind in (*BURST_KINDS, EventKind.CRAMP_DISCHARGE)
    looked_s = seen.looked_s if count or loud else max(seen.quiet_s, 1.0)
    more = []
    if count and sheet.kind in (*ONE_BY_ONE, *BURST_KINDS, EventKind.MYOKYMIC_DISCHARGE):
        more.append(say("events come in a rhythm, so the interval of a random count is too wide"))
    if looked_s < settings.time_least_s:
        more.append(say("too short to call absent") if count == 0 else say("a short recording"))
    return sheet.rate(count, looked_s / _SECONDS_PER_MINUTE, _method_of_rate(sheet.kind, looked_s), *more)


def _method_of_rate(kind: EventKind, looked_s: float) -> str:
    if kind in ONE_BY_ONE:
        return say(
            "Potentials that fit the definition of {kind} over {looked_s:.1f} s; 95 % interval of a Poisson mean.",
            kind=KIND_WORDS[kind],
            looked_s=looked_s,
        )
    return say(
        "Events that fit the definition of {kind} over {looked_s:.1f} s; 95 % interval of a Poisson mean.",
        kind=KIND_WORDS[kind],
        looked_s=looked_s,
    )


def _of_runs(sheet: _Sheet, runs: Sequence[tuple[int, Run]]) -> list[Measurement]:
    features = [run.features for _, run in runs]
    per = "potential" if sheet.kind in ONE_BY_ONE else "run"
    found = [
        sheet.count(
            "sources",
            len({unit for unit, _ in runs}),
            say("Sources told apart by shape and rhythm."),
            say("sources that look alike or are hidden by others are not counted, so there is no interval"),
        ),
        sheet.median(
            "discharge_rate",
            np.array([one.rate_hz for one in features]),
            Unit.HERTZ,
            say("Inverse of the median interval of each run; median over runs."),
        ),
        sheet.median(
            "irregularity",
            np.array([one.irregularity for one in features]),
            Unit.ONE,
            say("Coefficient of variation of intervals told from neighbors (after Holt 1996); median over runs."),
        ),
        sheet.median(
            "potential_duration",
            np.array([run.potential_s for _, run in runs]),
            Unit.SECOND,
            say(
                "How long the median potential keeps above 4 percent of its peak and out of the noise; median over "
                "runs."
            ),
        ),
    ]
    if per == "run":
        found.append(
            sheet.median(
                "duration",
                np.array([one.duration_s for one in features]),
                Unit.SECOND,
                say("From first to last discharge; median over runs."),
            )
        )
    if sheet.kind in (EventKind.MYOTONIC_DISCHARGE, EventKind.NEUROMYOTONIC_DISCHARGE):
        found += _of_change(sheet, runs)
    return found


def _of_change(sheet: _Sheet, runs: Sequence[tuple[int, Run]]) -> list[Measurement]:
    """Return how much rate and size wax and wane."""
    named = {
        "rate_change": (say("Fastest over slowest part of a run; median over runs."), "rate_change"),
        "size_change": (say("Largest over smallest part of a run; median over runs."), "size_change"),
    }
    return [
        sheet.median(name, np.array([getattr(run.features, field) for _, run in runs]), Unit.ONE, method)
        for name, (method, field) in named.items()
    ]


def _of_rhythm(sheet: _Sheet, rhythm: Rhythm) -> list[Measurement]:
    lasts = rhythm.bursts.end_s - rhythm.bursts.start_s
    found = [
        sheet.median(
            "rhythm", 1 / rhythm.bursts.intervals_s, Unit.HERTZ, say("Inverse of the time between bursts; median.")
        ),
        sheet.median("duration", lasts, Unit.SECOND, say("Time above the middle between trough and crest; median.")),
        sheet.median(
            "rhythm_irregularity",
            np.array([rhythm.irregularity]),
            Unit.ONE,
            say("Coefficient of variation of the time between bursts, told from neighbors (after Holt 1996)."),
        ),
    ]
    if sheet.kind is EventKind.MYOKYMIC_DISCHARGE:
        method = say("Interval at which bursts resemble themselves most, as a rate.")
        found.append(sheet.median("discharge_rate", np.array([rhythm.inner_rate_hz]), Unit.HERTZ, method))
    return found


def _of_answers(sheet: _Sheet, answers: Answers) -> list[Measurement]:
    low, high = share_interval(len(answers), answers.n_causes)
    share = len(answers) / answers.n_causes
    return [
        sheet.median(
            "latency",
            answers.latency_s,
            Unit.SECOND,
            say("From the cause to where the signal leaves the noise; median."),
        ),
        Measurement(
            id=f"{sheet.kind.value}_answered_share",
            value=share,
            low=min(low, share),
            high=max(high, share),
            unit=Unit.ONE,
            method=say("Share of causes with a response in time; 95 % interval of Jeffreys."),
            channel=sheet.channel,
            doubts=sheet.doubts,
        ),
    ]
