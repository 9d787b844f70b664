"""The truth of a simulation: every discharge, and every event with its start, its peak in the EMG, and its end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from twitchwise.formats.bids import DischargeTable
from twitchwise.signals import EventTrain
from twitchwise.simulate.ectopic import Kind
from twitchwise.simulate.firing import FROM_THE_JUNCTION, Firing, MuscleDischarges
from twitchwise.simulate.loop import LoopEventKind
from twitchwise.simulate.muscle import Templates, superpose
from twitchwise.simulate.pickup import as_seen
from twitchwise.simulate.recorded import Electromyogram, SingleFibers
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

ECTOPIC_KINDS = {
    Kind.FASCICULATION: EventKind.FASCICULATION_POTENTIAL,
    Kind.MYOKYMIC_DISCHARGE: EventKind.MYOKYMIC_DISCHARGE,
    Kind.NEUROMYOTONIC_DISCHARGE: EventKind.NEUROMYOTONIC_DISCHARGE,
    Kind.CRAMP_DISCHARGE: EventKind.CRAMP_DISCHARGE,
    Kind.MYOTONIC_DISCHARGE: EventKind.MYOTONIC_DISCHARGE,
    Kind.FIBRILLATION: EventKind.FIBRILLATION_POTENTIAL,
}
LOOP_KINDS = {
    LoopEventKind.TREMOR_CYCLE: EventKind.TREMOR_BURST,
    LoopEventKind.SPASM: EventKind.SPASM,
    LoopEventKind.JERK: EventKind.JERK,
    LoopEventKind.TAP: EventKind.TENDON_TAP,
    LoopEventKind.STRETCH: EventKind.STRETCH,
    LoopEventKind.STIMULUS: EventKind.NERVE_STIMULUS,
}
BURST_GAP_S = (
    0.045  # shorter than the pause between beats of the fastest clonus, 7 Hz; longer than a unit's interval in one
)
BURST_UNITS = 3  # fewer units together are no beat
LONGEST_BEAT_S = 0.4  # a slower rhythm than 2.5 Hz is no clonus
FEWEST_BEATS = 3  # after the reflex: a jerk with one or two rebounds is found in health
SINGLE_FIBERS = "single muscle fibers"
"""What stands in the table of discharges instead of a motor neuron pool; its units are fibers."""
REFLEX_WITHIN_S = 0.15  # after a tap or stretch: beyond every loop of the stretch reflex


class _Span(NamedTuple):
    start_s: float
    peak_s: float
    end_s: float
    peak: float


def discharge_table(firing: Firing, muscles: tuple[str, ...], fibers: SingleFibers | None = None) -> DischargeTable:
    """Return every discharge with its unit, its kind and its pool; single fibers that are seen come as one pool more.

    Parameters
    ----------
    firing, muscles
        What fires, and how its pools are called.
    fibers
        Fibers of the first muscle that fire by themselves and are seen.
    """
    kinds = ("motor_neuron", "repeated_at_junction", *(kind.value for kind in Kind))
    trains = [firing.agonist, firing.antagonist][: len(muscles)]
    codes = _codes(firing.ectopic.kind)
    rows = [
        (one.time_s, one.unit, np.where(one.event < 0, one.event == FROM_THE_JUNCTION, _taken(codes, one.event)))
        for one in trains
    ]
    if fibers is not None:
        alone = fibers.discharges.train
        rows.append((alone.time_s, alone.unit, _taken(_codes(alone.kind), alone.event)))
    time_s, unit, kind = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.argsort(time_s, kind="stable")
    return DischargeTable(
        time_s=time_s[order],
        motor_unit=unit[order],
        kind=kind[order],
        kinds=kinds,
        pool=np.repeat(np.arange(len(rows)), [times_s.size for times_s, *_ in rows])[order],
        pools=(*muscles, *([] if fibers is None else [SINGLE_FIBERS])),
    )


def _codes(kinds: Sequence[Kind]) -> IntArray:
    """Return the numbers of kinds of ectopic events in the table."""
    numbers = {kind: number for number, kind in enumerate(Kind, start=2)}
    return np.array([numbers[kind] for kind in kinds], dtype=np.int64)


def _taken(codes: IntArray, events: IntArray) -> IntArray:
    if codes.size == 0:
        return np.zeros_like(events)
    taken: IntArray = codes[np.maximum(events, 0)]
    return taken


def true_events(firing: Firing, emg: Electromyogram, channel: int, n_samples: int) -> tuple[EventTrain, ...]:
    """Return the events of a simulation as one channel would show them without noise, one train a kind.

    An ectopic event starts where its first potential leaves the baseline, peaks where its own potentials are largest,
    and ends where its last has returned. What descends or is done to the limb has the times of its cause, and the
    largest deflection of the channel in between.

    Parameters
    ----------
    firing
        All discharges.
    emg, channel
        What is recorded of the agonist, and which of its channels.
    n_samples
        Length of the recording.
    """
    name = emg.templates.channel_names[channel]
    view = _View(emg.templates, channel)
    trains = {EventKind.FASCICULATION_POTENTIAL: list[_Span]()}
    for kind, span in _ectopic_spans(firing, view, n_samples):
        trains.setdefault(kind, []).append(span)
    if firing.loop is not None and firing.loop.events:
        clean_v = _clean_v(as_seen(firing.agonist), view, n_samples)
        for kind, span in _loop_spans(firing, clean_v, view.rate_hz):
            trains.setdefault(kind, []).append(span)
    rows = {kind: _as_rows(spans) for kind, spans in trains.items()}
    if emg.fibers is not None:
        alone = _fiber_spans(emg.fibers, channel, n_samples)
        rows |= {kind: spans for kind, spans in alone if len(spans)}
    return tuple(_train(kind, name, spans) for kind, spans in rows.items())


class _View:
    """The potentials of all units on one channel."""

    def __init__(self, templates: Templates, channel: int) -> None:
        self.rate_hz = templates.sampling_rate_hz
        self.templates = Templates(
            bank=np.ascontiguousarray(templates.bank[..., channel : channel + 1]),
            before=templates.before,
            sampling_rate_hz=templates.sampling_rate_hz,
            channel_names=templates.channel_names[channel : channel + 1],
        )
        self._spans: dict[int, tuple[float, float]] = {}

    def span_s(self, unit: int) -> tuple[float, float]:
        """Return when a unit's potential stands out, in seconds from the discharge."""
        if unit not in self._spans:
            self._spans[unit] = self.templates.span_s(unit, 0)
        return self._spans[unit]

    def peak(self, time_s: FloatArray, unit: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return when each of some potentials is largest, at a sample, in seconds, and how large."""
        bank = self.templates.bank[..., 0]
        n_shifts, largest = bank.shape[1], np.abs(bank).argmax(axis=2)
        ticks = np.rint(time_s * self.rate_hz * n_shifts).astype(np.int64)
        at = largest[unit, ticks % n_shifts]
        peak: FloatArray = bank[unit, ticks % n_shifts, at].astype(np.float64)
        return (ticks // n_shifts - self.templates.before + at) / self.rate_hz, peak


def _ectopic_spans(firing: Firing, view: _View, n_samples: int) -> Iterator[tuple[EventKind, _Span]]:
    train = as_seen(firing.agonist)
    for event, group in _by_event(train.event, train.event >= 0):
        kind = ECTOPIC_KINDS[firing.ectopic.kind[event]]
        span = _span_of(train.time_s[group], train.unit[group], train.share[group], view, n_samples)
        if span is not None:
            yield kind, span


def _by_event(event: IntArray, wanted: BoolArray) -> Iterator[tuple[int, IntArray]]:
    """Give each event with the numbers of those of its discharges that are wanted."""
    members = np.flatnonzero(wanted)
    order = members[np.argsort(event[members], kind="stable")]
    bounds = np.flatnonzero(np.diff(event[order], prepend=-1))
    for group in np.split(order, bounds[1:]) if bounds.size else []:
        yield int(event[group[0]]), group


def _fiber_spans(fibers: SingleFibers, channel: int, n_samples: int) -> Iterator[tuple[EventKind, FloatArray]]:
    """Give the spans of what single fibers do, shape ``(n, 4)``: runs, and potentials that each are an event."""
    train, share, view = fibers.discharges.train, fibers.discharges.share, _View(fibers.templates, channel)
    is_run = np.array([kind is Kind.MYOTONIC_DISCHARGE for kind in train.kind], dtype=np.bool_)[train.event]
    runs = [
        _span_of(train.time_s[group], train.unit[group], share[group], view, n_samples)
        for _, group in _by_event(train.event, is_run)
    ]
    yield EventKind.MYOTONIC_DISCHARGE, _as_rows([run for run in runs if run is not None])
    yield EventKind.FIBRILLATION_POTENTIAL, _alone(train.time_s[~is_run], train.unit[~is_run], view, n_samples)


def _alone(time_s: FloatArray, unit: IntArray, view: _View, n_samples: int) -> FloatArray:
    """Return the spans of potentials that each are an event, shape ``(n, 4)``: all at once, for there are many."""
    known, own = np.unique(unit, return_inverse=True)
    from_s, to_s = np.array([view.span_s(int(one)) for one in known]).reshape(-1, 2)[own].T
    start_s, end_s = time_s + from_s, time_s + to_s
    is_whole = (start_s >= 0) & (end_s * view.rate_hz < n_samples - 1)
    cut = [_span_of(time_s[[one]], unit[[one]], np.ones(1), view, n_samples) for one in np.flatnonzero(~is_whole)]
    peak_s, peak = view.peak(time_s, unit)
    whole = np.stack([start_s, np.clip(peak_s, start_s, end_s), end_s, peak], axis=1)[is_whole]
    return np.concatenate([whole, _as_rows([span for span in cut if span is not None])])


def _span_of(times_s: FloatArray, units: IntArray, shares: FloatArray, view: _View, n_samples: int) -> _Span | None:
    """Return the span of some discharges alone, None where it lies beyond the recording or no fiber fired."""
    ends = np.array([view.span_s(int(unit)) for unit in units])
    start_s, end_s = float((times_s + ends[:, 0]).min()), float((times_s + ends[:, 1]).max())
    first, last = int(np.ceil(start_s * view.rate_hz)), int(np.floor(end_s * view.rate_hz)) + 1
    first, last = max(first, 0), min(last, n_samples)
    if last <= first or not shares.any():
        return None
    wave = superpose(view.templates, times_s - first / view.rate_hz, units, shares, n_samples=last - first)[:, 0]
    at = int(np.abs(wave).argmax())
    peak_s = float(np.clip((first + at) / view.rate_hz, start_s, end_s))
    return _Span(max(start_s, 0.0), max(peak_s, 0.0), min(end_s, n_samples / view.rate_hz), float(wave[at]))


def _clean_v(train: MuscleDischarges, view: _View, n_samples: int) -> FloatArray:
    clean = superpose(view.templates, train.time_s, train.unit, train.share, n_samples=n_samples)
    return clean[:, 0].astype(np.float64)


def _loop_spans(firing: Firing, clean_v: FloatArray, rate_hz: float) -> Iterator[tuple[EventKind, _Span]]:
    events = () if firing.loop is None else firing.loop.events
    for event in events:
        ends_s: tuple[float, float] | None = (event.start_s, event.end_s)
        if event.kind is LoopEventKind.TREMOR_CYCLE:
            ends_s = _burst(firing.agonist, event.start_s, event.end_s)
        if ends_s is not None:
            yield LOOP_KINDS[event.kind], _peak_between(*ends_s, clean_v, rate_hz)
    causes = [event.start_s for event in events if event.kind in (LoopEventKind.TAP, LoopEventKind.STRETCH)]
    if causes:
        for kind, start_s, end_s in _beats(firing.agonist, np.array(causes)):
            yield kind, _peak_between(start_s, end_s, clean_v, rate_hz)


def _burst(train: MuscleDischarges, start_s: float, end_s: float) -> tuple[float, float] | None:
    """Return first and last discharge of the agonist in a cycle of tremor, None where it was silent."""
    first, last = np.searchsorted(train.time_s, [start_s, end_s])
    return (float(train.time_s[first]), float(train.time_s[last - 1])) if last > first else None


def _peak_between(start_s: float, end_s: float, clean_v: FloatArray, rate_hz: float) -> _Span:
    end_s = max(min(end_s, clean_v.size / rate_hz), start_s)
    first, last = int(np.ceil(start_s * rate_hz)), int(np.floor(end_s * rate_hz)) + 1
    stretch = clean_v[first:last]
    if stretch.size == 0:
        return _Span(start_s, start_s, end_s, 0.0)
    at = int(np.abs(stretch).argmax())
    return _Span(start_s, float(np.clip((first + at) / rate_hz, start_s, end_s)), end_s, float(stretch[at]))


def _beats(train: MuscleDischarges, causes_s: FloatArray) -> Iterator[tuple[EventKind, float, float]]:
    """Return volleys of the agonist after taps and stretches: reflexes, and clonus where they go on by themselves."""
    chain: list[tuple[float, float]] = []
    last_cause = -1
    for start_s, end_s in _volleys(train):
        cause = int(np.searchsorted(causes_s, start_s, side="right")) - 1
        if cause < 0:
            continue
        if chain and (cause != last_cause or start_s - chain[-1][0] > LONGEST_BEAT_S):
            yield from _named(chain, causes_s[last_cause])
            chain = []
        chain.append((start_s, end_s))
        last_cause = cause
    if chain:
        yield from _named(chain, causes_s[last_cause])


def _named(chain: list[tuple[float, float]], cause_s: float) -> Iterator[tuple[EventKind, float, float]]:
    """Name volleys in a row: the first soon after its cause is a reflex, and so are too few others to be clonus."""
    is_clonus = len(chain) > FEWEST_BEATS
    for number, (start_s, end_s) in enumerate(chain):
        answers = number == 0 and start_s - cause_s <= REFLEX_WITHIN_S
        yield (EventKind.CLONUS_BEAT if is_clonus and not answers else EventKind.REFLEX), start_s, end_s


def _volleys(train: MuscleDischarges) -> Iterator[tuple[float, float]]:
    bounds = np.flatnonzero(np.diff(train.time_s, prepend=-np.inf) > BURST_GAP_S)
    for group in np.split(np.arange(len(train)), bounds[1:]) if bounds.size else []:
        if np.unique(train.unit[group]).size >= BURST_UNITS:
            yield float(train.time_s[group[0]]), float(train.time_s[group[-1]])


def _as_rows(spans: Sequence[_Span]) -> FloatArray:
    return np.array(spans, dtype=np.float64).reshape(-1, 4)


def _train(kind: EventKind, channel: str, spans: FloatArray) -> EventTrain:
    start_s, peak_s, end_s, peak = spans[np.lexsort(spans.T[::-1])].T
    return EventTrain(kind=kind, channel=channel, start_s=start_s, peak_s=peak_s, end_s=end_s, peak=peak)
