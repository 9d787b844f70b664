"""Events of each kind from what was seen on a channel, with unit numbers and probabilities."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twitchwise.measure.emg.rhythms.runs import Run
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.sightings import Rhythm, Sightings
from twitchwise.measure.emg.rhythms.trace import Block, ChannelTrace
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind

# Kinds of which each potential is an event; of all others a run, a burst or a group is.
ONE_BY_ONE = (EventKind.FIBRILLATION_POTENTIAL, EventKind.POSITIVE_SHARP_WAVE)
# Trains of one shape are of one fiber only if they do not overlap and their rates differ by less than this factor.
_SAME_RATE = 1.3


class Row(NamedTuple):
    """One event of a train."""

    start_s: float
    peak_s: float
    end_s: float
    peak: float
    unit: int
    probability: float


def named_runs(seen: Sightings, settings: RhythmSettings) -> tuple[tuple[int, Run], ...]:
    """Return the runs that are clearly of a kind, each with the number of its unit, in order of time."""
    named = [run for run in seen.runs if isinstance(run.kind, EventKind) and run.probability >= settings.decided_from]
    named.sort(key=lambda run: float(run.time_s[0]))
    units: list[tuple[Run, int]] = []
    last: dict[int, Run] = {}
    for run in named:
        fits = [unit for unit, before in last.items() if before.source == run.source and _follows(run, before)]
        unit = min(fits) if fits else len(last) + 1
        last[unit] = run
        units.append((run, unit))
    return tuple((unit, run) for run, unit in units)


def named_rhythms(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[Rhythm, ...]:
    """Return the rhythms of bursts that are clearly of a kind.

    A needle sees few units, and the rhythm of one willed unit looks like tremor; from a needle none is named.
    """
    return tuple(
        one
        for one in seen.rhythms
        if isinstance(one.kind, EventKind)
        and one.kinds[one.kind] >= settings.decided_from
        and (one.kind is EventKind.MYOKYMIC_DISCHARGE or not trace.is_needle)
    )


def events_of(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[EventTrain, ...]:
    """Return one train for each kind that was seen, in the order of the kinds."""
    rows: dict[EventKind, list[Row]] = {}
    for unit, run in named_runs(seen, settings):
        rows.setdefault(EventKind(run.kind), []).extend(_rows_of(unit, run))
    for one in seen.answers:
        columns = zip(one.start_s, one.peak_s, one.end_s, one.peak, strict=True)
        rows.setdefault(one.kind, []).extend(_row(row, 0, 1.0) for row in columns)
    loose = [*_bursts(named_rhythms(seen, trace, settings)), *_cramps(seen, settings)]
    spans = [(start, end) for _, start, end, _ in loose]
    for (kind, start, end, probability), (peak_s, peak) in zip(loose, peaks_in(spans, trace, settings), strict=True):
        rows.setdefault(kind, []).append(Row(start, peak_s, end, peak, 0, probability))
    return tuple(_train(kind, trace.channel, rows[kind]) for kind in EventKind if kind in rows)


def peaks_in(
    spans: Sequence[tuple[float, float]], trace: ChannelTrace, settings: RhythmSettings
) -> list[tuple[float, float]]:
    """Return when each of some spans is greatest and how large it is there, in one pass over the trace."""
    found = [((start + end) / 2, 0.0) for start, end in spans]
    if not spans:
        return found
    for block in trace.blocks(settings):
        for number, span in enumerate(spans):
            here = _peak_here(block, span)
            if here is not None and abs(here[1]) > abs(found[number][1]):
                found[number] = here
    return found


def _peak_here(block: Block, span: tuple[float, float]) -> tuple[float, float] | None:
    rate_hz = block.sampling_rate_hz
    first, last = max(int(np.ceil(span[0] * rate_hz)), block.start), min(int(span[1] * rate_hz) + 1, block.stop)
    part = block.samples[first - block.first : max(last - block.first, 0)]
    if last <= first or part.size == 0:
        return None
    at = int(np.argmax(np.abs(part)))
    return float(np.clip((first + at) / rate_hz, *span)), float(part[at])


def _follows(run: Run, before: Run) -> bool:
    rates = run.features.rate_hz, before.features.rate_hz
    slow = run.kind in (*ONE_BY_ONE, EventKind.CONTINUOUS_UNIT_DISCHARGE)
    alike = max(rates) <= _SAME_RATE * min(rates) or not slow
    return alike and float(run.time_s[0]) > float(before.time_s[-1])


def _rows_of(unit: int, run: Run) -> list[Row]:
    half_s = run.potential_s / 2 if run.potential_s * run.features.rate_hz < 1 else 0.0
    starts, ends = np.maximum(run.time_s - half_s, 0.0), run.time_s + half_s
    if run.kind in ONE_BY_ONE:
        columns = zip(starts, run.time_s, ends, run.peak, strict=True)
        return [_row(row, unit, run.probability) for row in columns]
    at = int(np.argmax(np.abs(run.peak)))
    return [Row(float(starts[0]), float(run.time_s[at]), float(ends[-1]), float(run.peak[at]), unit, run.probability)]


def _row(times_and_peak: tuple[float, float, float, float], unit: int, probability: float) -> Row:
    start_s, peak_s, end_s, peak = map(float, times_and_peak)
    return Row(start_s, peak_s, end_s, peak, unit, probability)


def _bursts(rhythms: Sequence[Rhythm]) -> list[tuple[EventKind, float, float, float]]:
    return [
        (EventKind(one.kind), float(start), float(end), one.kinds[one.kind])
        for one in rhythms
        for start, end in zip(one.bursts.start_s, one.bursts.end_s, strict=True)
    ]


def _cramps(seen: Sightings, settings: RhythmSettings) -> list[tuple[EventKind, float, float, float]]:
    kind = EventKind.CRAMP_DISCHARGE
    return [
        (kind, one.start_s, one.end_s, one.kinds[kind])
        for one in seen.spans
        if one.kinds[kind] >= settings.decided_from
    ]


def _train(kind: EventKind, channel: str, rows: list[Row]) -> EventTrain:
    columns = np.array(sorted(rows), dtype=np.float64)
    start, peak_s, end, peak, unit, probability = columns.T
    return EventTrain(
        kind=kind,
        channel=channel,
        start_s=start,
        peak_s=peak_s,
        end_s=end,
        peak=peak,
        unit=unit.astype(np.int64),
        probability=np.minimum(probability, 1.0),
    )
