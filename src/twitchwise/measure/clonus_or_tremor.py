"""Tremor that may be clonus: both have one rhythm, so a tremor found at the time and rate of clonus gets a doubt.

The parts of the measuring know nothing of each other; this looks at what all of them found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.knowledge import library
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Measurement
from twitchwise.vocabulary.text import say, together

# What names the rate of each kind of tremor, and of clonus, on a channel.
_RATES = {EventKind.TREMOR: "tremor_frequency", EventKind.TREMOR_BURST: "tremor_burst_rhythm"}
_CLONUS_RATE = "clonus_frequency"
# Acceleration may show a sharp beat twice, so that the largest peak of its spectrum lies at twice the rate.
_MULTIPLES = (1, 2)
_WHOLE = "tremor_probability"


@dataclass(frozen=True, kw_only=True, eq=False)
class _Clonus:
    """Bouts of clonus on one channel, with their rate."""

    bouts: EventTrain
    rate_hz: float

    @property
    def doubt(self) -> str:
        """What is said of a tremor that these bouts may be."""
        return say(
            "This may be clonus: beats of clonus, {rate_hz:.1f} a second, were found at the same time on {channel}.",
            rate_hz=self.rate_hz,
            channel=self.bouts.channel,
        )

    def covers(self, tremor: EventTrain) -> float:
        """Return which share of the time of a tremor lies in these bouts."""
        begin, end = (each[:, np.newaxis] for each in (self.bouts.start_s, self.bouts.end_s))
        shared = np.minimum(tremor.end_s, end) - np.maximum(tremor.start_s, begin)
        lasts_s = float((tremor.end_s - tremor.start_s).sum())
        return float(np.maximum(shared, 0.0).sum()) / lasts_s if lasts_s else 0.0

    def has_rate(self, rate_hz: float) -> bool:
        """Tell whether a tremor has the rate of these bouts."""
        factor = library().value("rhythm_clonus_same_rate")
        return any(1 / factor <= rate_hz / (times * self.rate_hz) <= factor for times in _MULTIPLES)


def with_doubts(results: Sequence[RecordingMeasurements]) -> tuple[RecordingMeasurements, ...]:
    """Return what the parts found, with a doubt on each measurement of a tremor that may be clonus.

    Parameters
    ----------
    results
        Of all parts, of one recording.

    Returns
    -------
    tuple of RecordingMeasurements
        In the order given. A tremor of another rate than the clonus, and one that is there for long when no clonus is,
        are as they were.
    """
    doubts = _doubts(results)
    return tuple(_doubted(one, doubts) for one in results) if doubts else tuple(results)


def _doubts(results: Sequence[RecordingMeasurements]) -> dict[str, str]:
    """Return the doubt on the tremor of each channel whose tremor may be clonus."""
    all_clonus = list(_all_clonus(results))
    least = library().value("clonus_tremor_share")
    found = dict[str, str]()
    for tremor in _trains(results, tuple(_RATES)):
        rate_hz = _rate_hz(results, _RATES[tremor.kind], tremor.channel)
        fits = [one for one in all_clonus if rate_hz is not None and one.has_rate(rate_hz)]
        closest = max(fits, key=lambda one: one.covers(tremor), default=None)
        if closest is not None and closest.covers(tremor) >= least:
            found[tremor.channel] = closest.doubt
    return found


def _all_clonus(results: Sequence[RecordingMeasurements]) -> Iterator[_Clonus]:
    for bouts in _trains(results, (EventKind.CLONUS,)):
        rate_hz = _rate_hz(results, _CLONUS_RATE, bouts.channel)
        if rate_hz is not None:
            yield _Clonus(bouts=bouts, rate_hz=rate_hz)


def _trains(results: Iterable[RecordingMeasurements], kinds: Sequence[EventKind]) -> list[EventTrain]:
    return [train for one in results for train in one.events if train.kind in kinds and len(train)]


def _rate_hz(results: Iterable[RecordingMeasurements], name: str, channel: str) -> float | None:
    of_channel = (one for result in results for one in result.measurements if one.channel == channel)
    return next((one.value for one in of_channel if one.id == name), None)


def _doubted(result: RecordingMeasurements, doubts: dict[str, str]) -> RecordingMeasurements:
    """Return a result with the doubts on its measurements of tremor, and its summary with that on the whole."""
    sure = [one for one in result.measurements if one.channel is not None and one.channel not in doubts]
    measurements = tuple(_with_doubt(one, doubts, sure) for one in result.measurements)
    whole = {
        doubt
        for before, after in zip(result.measurements, measurements, strict=True)
        for doubt in after.doubts[len(before.doubts) :]
        if after.channel is None and after.id == _WHOLE
    }
    return replace(result, measurements=measurements, summary=together((result.summary, *whole)))


def _with_doubt(one: Measurement, doubts: dict[str, str], sure: Sequence[Measurement]) -> Measurement:
    """Return a measurement with the doubt that it shares.

    What is told of the whole recording shares it unless a channel without it shows the same.
    """
    if "tremor" not in one.id and not one.id.startswith("titubation"):
        return one
    if one.channel is not None:
        doubt = doubts.get(one.channel)
    else:
        same = any(one.value == other.value and one.id.endswith(other.id) for other in sure)
        doubt = None if same else next(iter(doubts.values()))
    return one if doubt is None else replace(one, doubts=(*one.doubts, doubt))
