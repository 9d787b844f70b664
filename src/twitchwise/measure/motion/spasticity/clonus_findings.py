"""Clonus as events and measurements: bouts, beats, frequency, how long and how strong, whether it dies away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from twitchwise.measure.motion.spasticity.bouts import Bout
from twitchwise.measure.motion.spasticity.settings import ClonusSettings
from twitchwise.measure.motion.spasticity.waves import KEPT_HZ, WaveSource
from twitchwise.measure.rate_interval import count_interval, median_interval, share_interval
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

_TAIL = 0.975
_PER_MINUTE = 60.0
# Two lines through a crest's three samples find it to about this share of a sample.
_TIMED = 0.25
_FEW = 6
_FEW_WORDS = say("fewer than six bouts, so the interval is their range")
_TIED = say("bouts follow stretches, so their number a minute is that of the test")


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What was looked at for clonus.

    Parameters
    ----------
    source
        The source that stands for what was looked at.
    duration_s
        How long.
    stretches_s
        When stretches were noted, shape ``(n,)``.
    """

    source: WaveSource
    duration_s: float
    stretches_s: FloatArray


def clonus_measurements(looked: Looked, bouts: Sequence[Bout], settings: ClonusSettings) -> Iterator[Measurement]:
    """Give the measurements of the bouts on one source; of none, how often they are at most."""
    yield from _how_often(looked, bouts)
    if bouts:
        yield _frequency(looked.source, bouts, settings)
        yield from _sizes(looked.source, bouts, settings)
        yield from _decay(looked.source, bouts)


def _how_often(looked: Looked, bouts: Sequence[Bout]) -> Iterator[Measurement]:
    name, count = looked.source.name, len(bouts)
    low, high = count_interval(count)
    minutes = looked.duration_s / _PER_MINUTE
    doubts = _doubts(bouts)
    tied = (_TIED,) if looked.stretches_s.size and count else ()
    yield Measurement(
        id="clonus_rate",
        value=count / minutes,
        low=min(low, count) / minutes,
        high=high / minutes,
        unit=Unit.PER_MINUTE,
        method=say(
            "Bouts of clonus in {duration_s:.1f} s; 95 % interval of a Poisson mean, none seen: up to 3.0.",
            duration_s=looked.duration_s,
        ),
        channel=name,
        doubts=(*doubts, *tied),
    )
    if count:
        yield _count(
            "clonus_bout_count", count, say("Bouts that were seen; see {name}.", name="clonus_rate"), name, doubts
        )
    answered = _answered(looked, bouts)
    if answered is not None:
        yield answered


def _answered(looked: Looked, bouts: Sequence[Bout]) -> Measurement | None:
    """Return the share of stretches that began a bout; what is done while a bout goes on tests nothing."""
    began = {bout.stretch_s for bout in bouts}
    tested = [
        time_s
        for time_s in looked.stretches_s.tolist()
        if time_s in began or not any(bout.chain.start_s < time_s < bout.chain.stop_s for bout in bouts)
    ]
    if not tested:
        return None
    answered = sum(time_s in began for time_s in tested)
    low, high = share_interval(answered, len(tested))
    return Measurement(
        id="clonus_answered_share",
        value=answered / len(tested),
        low=low,
        high=high,
        unit=Unit.ONE,
        method=say(
            "Share of {count} noted stretches and taps with which a bout began; those done while a bout went on "
            "are left out; 95 % interval of Jeffreys.",
            count=len(tested),
        ),
        channel=looked.source.name,
        doubts=_doubts(bouts),
    )


def _frequency(source: WaveSource, bouts: Sequence[Bout], settings: ClonusSettings) -> Measurement:
    """Return beats per second, the inverse of the mean interval; beats that are not alike widen the interval."""
    intervals = np.concatenate([_steps(bout) for bout in bouts])
    mean, n_bouts = float(intervals.mean()), len(bouts)
    timing_s = _TIMED / (100.0 if source.is_emg else KEPT_HZ)
    spread = np.hypot(float(intervals.std(ddof=1)) if intervals.size > 1 else 0.0, timing_s)
    within = float(t.ppf(_TAIL, max(intervals.size - 1, 1)) * spread / np.sqrt(intervals.size))
    between = _between([float(_steps(bout).mean()) for bout in bouts]) if n_bouts > 1 else 0.0
    error = min(max(within, between), 0.9 * mean)
    also = sorted({name for bout in bouts for name in bout.also_on})
    seen = (say("Seen on {channels} as well.", channels=", ".join(also)),) if also else ()
    return Measurement(
        id="clonus_frequency",
        value=1 / mean,
        low=1 / (mean + error),
        high=1 / (mean - error),
        unit=Unit.HERTZ,
        method=together(
            (
                say(
                    "Inverse of the mean of {count} intervals between beats; 95 % interval by Student's t over "
                    "intervals or bouts, whichever is wider. In six people it was {usual_low_hz:g} to "
                    "{usual_high_hz:g} Hz (Wallace, Ross and Thomas 2005).",
                    count=intervals.size,
                    usual_low_hz=settings.usual_low_hz,
                    usual_high_hz=settings.usual_high_hz,
                ),
                *seen,
            )
        ),
        channel=source.name,
        doubts=_doubts(bouts),
    )


def _steps(bout: Bout) -> FloatArray:
    """Return the intervals between beats of a bout, without pauses in which a beat was missed."""
    steps = np.diff(bout.chain.time_s)
    kept = steps[steps <= 1.6 * np.median(steps)]
    return np.asarray(kept, dtype=np.float64)


def _between(means: Sequence[float]) -> float:
    """Return half of the interval of a mean over bouts, each counted once."""
    size = len(means)
    if size < 3:  # noqa: PLR2004 - of two, Student's t is wider than anything that can be
        return abs(means[0] - means[-1]) / 2
    return float(t.ppf(_TAIL, size - 1)) * float(np.std(means, ddof=1)) / float(np.sqrt(size))


def _sizes(source: WaveSource, bouts: Sequence[Bout], settings: ClonusSettings) -> Iterator[Measurement]:
    doubts = (*_doubts(bouts), *_cut(bouts))
    beats = np.array([len(bout.chain) for bout in bouts], dtype=np.float64)
    yield _median("clonus_beats", beats, Unit.COUNT, say("Beats of a bout, median over bouts."), source, doubts)
    lasts = np.array([bout.duration_s for bout in bouts])
    method = say("From half a beat before the first to half a beat after the last, median over bouts.")
    yield _median("clonus_duration", lasts, Unit.SECOND, method, source, doubts)
    strong = np.array([float(np.median(bout.chain.size)) for bout in bouts])
    method = say("Root mean square around the crests of a bout, median over beats and then bouts.")
    yield _median("clonus_intensity", strong, source.unit, method, source, _doubts(bouts))
    sustained = int((beats >= settings.sustained_beats).sum())
    fewer = int((beats >= settings.sustained_beats_fewer).sum())
    method = say(
        "Bouts of {sustained_beats:.0f} beats and more (Family Practice Notebook); of "
        "{sustained_beats_fewer:.0f} and more, as others ask for, there are {count}.",
        sustained_beats=settings.sustained_beats,
        sustained_beats_fewer=settings.sustained_beats_fewer,
        count=fewer,
    )
    yield _count("clonus_sustained_count", sustained, method, source.name, doubts)


def _decay(source: WaveSource, bouts: Sequence[Bout]) -> Iterator[Measurement]:
    """Give how fast the beats die away, and their half-life where that is certain."""
    fits = [fit for fit in (_slope(bout) for bout in bouts) if fit is not None]
    if not fits:
        return
    weights = np.array([1 / error**2 for _, error in fits])
    slope = float(np.sum([w * value for w, (value, _) in zip(weights, fits, strict=True)]) / weights.sum())
    error = 1.96 / float(np.sqrt(weights.sum()))
    if len(fits) > 1:
        error = max(error, _between([value for value, _ in fits]))
    doubts = _doubts(bouts)
    yield Measurement(
        id="clonus_decay",
        value=slope,
        low=slope - error,
        high=slope + error,
        unit=Unit.PER_SECOND,
        method=say(
            "Slope of the logarithm of the size of beats over time, least squares, the first beat left out; above 0 "
            "they grow smaller; 95 % interval."
        ),
        channel=source.name,
        doubts=doubts,
    )
    if slope - error > 0:
        yield Measurement(
            id="clonus_half_life",
            value=float(np.log(2)) / slope,
            low=float(np.log(2)) / (slope + error),
            high=float(np.log(2)) / (slope - error),
            unit=Unit.SECOND,
            method=say(
                "Slope of the logarithm of the size of beats over time, least squares, the first beat left out, as the "
                "time in which they halve."
            ),
            channel=source.name,
            doubts=doubts,
        )


def _slope(bout: Bout) -> tuple[float, float] | None:
    """Return by how much a bout dies away in 1/s, with its standard error; neighbors are taken as dependent."""
    time_s, size = bout.chain.time_s[1:], np.log(np.maximum(bout.chain.size[1:], np.finfo(np.float64).tiny))
    if time_s.size < 4:  # noqa: PLR2004 - a line needs more than its two ends
        return None
    moved = time_s - time_s.mean()
    slope = float(moved @ size / (moved @ moved))
    left = size - size.mean() - slope * moved
    alike = float(np.clip((left[:-1] @ left[1:]) / max(float(left @ left), 1e-300), 0.0, 0.9))
    spread = float(left @ left) / (time_s.size - 2) * (1 + alike) / (1 - alike)
    least = (1e-3) ** 2
    error = float(np.sqrt(max(spread, least) / (moved @ moved))) * float(t.ppf(_TAIL, time_s.size - 2)) / 1.96
    return -slope, error


def _median(
    name: str, values: FloatArray, unit: Unit, method: str, source: WaveSource, doubts: tuple[str, ...]
) -> Measurement:
    value, low, high = median_interval(values)
    few = (_FEW_WORDS,) if values.size < _FEW else ()
    return Measurement(
        id=name,
        value=value,
        low=low,
        high=high,
        unit=unit,
        method=method,
        channel=source.name,
        doubts=(*doubts, *few),
    )


def _count(name: str, count: int, method: str, channel: str, doubts: tuple[str, ...]) -> Measurement:
    value = float(count)
    return Measurement(
        id=name, value=value, low=value, high=value, unit=Unit.COUNT, method=method, channel=channel, doubts=doubts
    )


def _doubts(bouts: Sequence[Bout]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(doubt for bout in bouts for doubt in bout.doubts))


def _cut(bouts: Sequence[Bout]) -> tuple[str, ...]:
    return (say("a bout goes on to the end of the recording, so it may have lasted longer"),) if bouts[-1].cut else ()


def bout_train(source: WaveSource, bouts: Sequence[Bout]) -> EventTrain:
    """Return the bouts on one source as events; the peak is the largest beat."""
    largest = [int(np.argmax(bout.chain.size)) for bout in bouts]
    return EventTrain(
        kind=EventKind.CLONUS,
        channel=source.name,
        start_s=np.array([bout.chain.start_s for bout in bouts]),
        peak_s=np.array([bout.chain.time_s[at] for bout, at in zip(bouts, largest, strict=True)]),
        end_s=np.array([min(bout.chain.stop_s, max(source.duration_s, bout.chain.time_s[-1])) for bout in bouts]),
        peak=np.array([bout.chain.size[at] for bout, at in zip(bouts, largest, strict=True)]),
        probability=np.array([bout.probability for bout in bouts]),
        at=_at(source, len(bouts)),
    )


def beat_train(source: WaveSource, bouts: Sequence[Bout]) -> EventTrain:
    """Return the beats of bouts as events, each from half of a beat before its crest to half of one after."""
    time_s = np.concatenate([bout.chain.time_s for bout in bouts])
    half_s = np.concatenate([np.full(len(bout.chain), bout.chain.interval_s / 2) for bout in bouts])
    return EventTrain(
        kind=EventKind.CLONUS_BEAT,
        channel=source.name,
        start_s=np.maximum(time_s - half_s, 0.0),
        peak_s=np.maximum(time_s, 0.0),
        end_s=time_s + half_s,
        peak=np.concatenate([bout.chain.size for bout in bouts]),
        probability=np.concatenate([np.full(len(bout.chain), bout.probability) for bout in bouts]),
        at=_at(source, time_s.size),
    )


def _at(source: WaveSource, n_events: int) -> tuple[str, ...]:
    return () if source.axis == source.name else (source.axis,) * n_events
