"""Spasms as events and measurements: how many, how often, how long, how strong, of which type, and the Penn score."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from twitchwise.measure.motion.spasticity.settings import SpasmSettings
from twitchwise.measure.motion.spasticity.spasms import SpasmsOn
from twitchwise.measure.rate_interval import count_interval, median_interval
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Measurement, Unit
from twitchwise.vocabulary.text import say, say_many, together

_SECONDS_PER_HOUR = 3600.0
_FEW = 6
_NO_SCORE, _RARE, _OFTEN, _VERY_OFTEN = 0.0, 2.0, 3.0, 4.0
UNTOLD_MOTION = say("A willed movement and being moved look the same to a sensor as a spasm.")
UNTOLD_EMG = say("A willed contraction looks the same in EMG as a spasm.")
PENN_IS_SAID = say(
    "The Penn scale is what a person says of the spasms; this only translates the measured rate, and score 1, "
    "spasms that are brought on, is not told apart."
)
_FEW_WORDS = say("fewer than six spasms, so the interval is their range")


def spasm_measurements(found: SpasmsOn, settings: SpasmSettings) -> Iterator[Measurement]:
    """Give the measurements of the spasms on one source; of none, how often they are at most."""
    doubts = (UNTOLD_EMG if found.source.is_emg else UNTOLD_MOTION,)
    count, hours = len(found.spasms), found.looked_s / _SECONDS_PER_HOUR
    low, high = count_interval(count)
    shortest_s = settings.shortest_s if found.source.is_emg else settings.shortest_motion_s
    method = say(
        "Activity out of rest over {shortest_s:g} to {longest_s:g} s, in {looked_s:.0f} s without other "
        "activity ({busy_s:.0f} s of that); 95 % interval of a Poisson mean, none seen: up to 3.0.",
        shortest_s=shortest_s,
        longest_s=settings.longest_s,
        looked_s=found.looked_s,
        busy_s=found.busy_s,
    )
    name = found.source.name
    if found.moved:
        moved = say_many(
            "{count} movement that left the leg turned, as when it is moved, is not counted.",
            "{count} movements that left the leg turned, as when it is moved, are not counted.",
            count=found.moved,
        )
        method = together([method, moved])
    rate = (count / hours, min(low, count) / hours, high / hours)
    yield _measured("spasm_rate", rate, Unit.PER_HOUR, method, name, doubts if count else ())
    if count:
        exact = (float(count),) * 3
        yield _measured(
            "spasm_count", exact, Unit.COUNT, say("Spasms that were seen; see {name}.", name="spasm_rate"), name, doubts
        )
        yield from _sizes(found, doubts)
        yield from _types(found, settings)
    if found.looked_s >= _SECONDS_PER_HOUR:
        yield _penn(found, rate, settings, doubts)


def _sizes(found: SpasmsOn, doubts: tuple[str, ...]) -> Iterator[Measurement]:
    few = (_FEW_WORDS,) if len(found.spasms) < _FEW else ()
    lasts = median_interval(np.array([one.duration_s for one in found.spasms]))
    size = median_interval(np.array([one.size for one in found.spasms]))
    name = found.source.name
    method = say("From the first to the last tenth of a second above rest, median.")
    yield _measured("spasm_duration", lasts, Unit.SECOND, method, name, (*doubts, *few))
    method = (
        say("Loudness over the strongest tenth of a second of each spasm, median.")
        if found.source.is_emg
        else say("Change of the signal over the strongest tenth of a second of each spasm, median.")
    )
    yield _measured("spasm_size", size, found.source.unit, method, name, (*doubts, *few))


def _types(found: SpasmsOn, settings: SpasmSettings) -> Iterator[Measurement]:
    types = Counter(one.type for one in found.spasms if one.type is not None)
    method = say(
        "Type by the pattern of the EMG, after Thomas et al. 2014, whose two raters agreed in "
        "{type_agreement:.0f} %; their rules are not open, so these are ours.",
        type_agreement=settings.type_agreement,
    )
    for kind, count in sorted(types.items()):
        exact = (float(count),) * 3
        yield _measured(f"spasm_{kind.value}_count", exact, Unit.COUNT, method, found.source.name, (UNTOLD_EMG,))


def _penn(
    found: SpasmsOn, rate: tuple[float, float, float], settings: SpasmSettings, doubts: tuple[str, ...]
) -> Measurement:
    scores = tuple(_score(one, settings) for one in rate)
    method = say(
        "Penn score of the measured rate: 2 below {penn_three:g}, 3 above, 4 above {penn_four:g} an hour "
        "(NINDS common data elements).",
        penn_three=settings.penn_three,
        penn_four=settings.penn_four,
    )
    value = (scores[0], scores[1], scores[2])
    return _measured("spasm_penn_score", value, Unit.ONE, method, found.source.name, (PENN_IS_SAID, *doubts))


def _score(rate_per_hour: float, settings: SpasmSettings) -> float:
    if rate_per_hour <= 0:
        return _NO_SCORE
    if rate_per_hour > settings.penn_four:
        return _VERY_OFTEN
    return _OFTEN if rate_per_hour > settings.penn_three else _RARE


def _measured(
    name: str, value: tuple[float, float, float], unit: Unit, method: str, channel: str, doubts: tuple[str, ...]
) -> Measurement:
    middle, low, high = value
    return Measurement(
        id=name, value=middle, low=low, high=high, unit=unit, method=method, channel=channel, doubts=doubts
    )


def spasm_train(found: SpasmsOn, settings: SpasmSettings) -> EventTrain:
    """Return the spasms on one source as events; the peak is the loudest tenth of a second."""
    probability = settings.probability_emg if found.source.is_emg else settings.probability_motion
    spasms = found.spasms
    return EventTrain(
        kind=EventKind.SPASM,
        channel=found.source.name,
        start_s=np.array([one.start_s for one in spasms]),
        peak_s=np.array([one.peak_s for one in spasms]),
        end_s=np.array([one.stop_s for one in spasms]),
        peak=np.array([one.size for one in spasms]),
        probability=np.full(len(spasms), probability),
        at=() if found.source.axis == found.source.name else (found.source.axis,) * len(spasms),
    )
