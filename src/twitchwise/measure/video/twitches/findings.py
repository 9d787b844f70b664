"""What is said of the twitches of a film: how many, how often, how long, how large, and what could have been seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.rate_interval import count_interval, median_interval
from twitchwise.measure.video.twitches.course import LocalMovement
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

MINUTE_S = 60.0
COUNTED = say(
    "Local movements of skin with the course of a twitch, found by a whitened matched filter over time and "
    "place after the picture's own movement was taken out (Turin 1960, doi:10.1109/TIT.1960.1057571), at a "
    "rate of false alarms read off the film itself by the law of extremes (doi:10.1007/978-1-4612-5449-2)."
)
TIMED = say(
    "A course with rise and fall, fitted to each twitch by least squares; median of the twitches, and its 95 % "
    "interval by order."
)
SEEN = say(
    "The size at which 95 in 100 twitches would have been found, as in rendered films: median over the "
    "picture, and 95 % of its places."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """How long was looked, the least sizes that could have been seen over the picture, channel and doubts."""

    seconds: float
    least_px: FloatArray
    channel: str
    doubts: tuple[str, ...]


def measurements_of(movements: Sequence[LocalMovement], looked: Looked) -> Iterator[Measurement]:
    """Give every measurement of the twitches of a film."""
    count = len(movements)
    low, high = count_interval(count)
    yield _one("visible_twitch_count", (count, low, high), Unit.COUNT, looked, _counted(looked))
    per_min = MINUTE_S / looked.seconds
    rate = (count * per_min, low * per_min, high * per_min)
    yield _one("visible_twitch_rate", rate, Unit.PER_MINUTE, looked, _counted(looked))
    if looked.least_px.size:
        least = np.quantile(looked.least_px, [0.5, 0.025, 0.975])
        yield _one("visible_twitch_least_size", (least[0], least[1], least[2]), Unit.PIXEL, looked, SEEN)
    if count:
        yield from _described(movements, looked)


def _described(movements: Sequence[LocalMovement], looked: Looked) -> Iterator[Measurement]:
    quantities: dict[str, tuple[Sequence[float] | FloatArray, Unit]] = {
        "visible_twitch_duration": ([one.end_s - one.start_s for one in movements], Unit.SECOND),
        "visible_twitch_contraction_time": ([one.contraction_s for one in movements], Unit.SECOND),
        "visible_twitch_half_relaxation_time": ([one.half_relaxation_s for one in movements], Unit.SECOND),
        "visible_twitch_size": ([one.size_px for one in movements], Unit.PIXEL),
        "visible_twitch_interval": (np.diff([one.start_s for one in movements]), Unit.SECOND),
    }
    for name, (values, unit) in quantities.items():
        if len(values):
            yield _one(name, median_interval(np.asarray(values)), unit, looked, TIMED)


def _counted(looked: Looked) -> str:
    return together([COUNTED, say("Looked at for {time_s:.3g} s.", time_s=looked.seconds)])


def _one(name: str, numbers: tuple[float, float, float], unit: Unit, looked: Looked, method: str) -> Measurement:
    value, low, high = (float(number) for number in numbers)
    return Measurement(
        id=name, value=value, low=low, high=high, unit=unit, channel=looked.channel, method=method, doubts=looked.doubts
    )
