"""Falls as events and measurements, and how many of them came near a spasm, against chance."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.stats import binom

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.falls import Fall
from twitchwise.measure.motion.spasticity.settings import FallSettings
from twitchwise.measure.motion.spasticity.spasms import Spasm
from twitchwise.measure.rate_interval import count_interval, share_interval
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary import EventKind, Measurement, Unit
from twitchwise.vocabulary.text import say, together

_SECONDS_PER_HOUR = 3600.0
_GUESS = say(
    "Sitting down hard or a knock on the sensor can look like a fall, and many real falls do not look like this one."
)
_MISSED = say("Many real falls do not look like what is searched for, so that none seen does not mean none.")
_DEVICE = say("The sensor may have fallen by itself: it fell freely, and then lay as still as on a floor.")


def fall_measurements(sensor: MotionSensor, falls: Sequence[Fall], settings: FallSettings) -> Iterator[Measurement]:
    """Give how many falls there were and how often; of none in a long recording how often they are at most."""
    method = say(
        "Acceleration below {free_fall_mps2:g} m/s2, an impact of {impact_mps2:g} m/s2 within "
        "{impact_within_s:g} s, then {still_after_s:g} s of lying still. Detectors like it found "
        "{sensitivity:g} % of real falls and {sensitivity_acted:g} % of falls on purpose (Bagala et al. 2012, "
        "Kangas et al. 2008); {specificity:g} % of other movements were taken for none.",
        free_fall_mps2=settings.free_fall_mps2,
        impact_mps2=settings.impact_mps2,
        impact_within_s=settings.impact_within_s,
        still_after_s=settings.still_after_s,
        sensitivity=settings.sensitivity,
        sensitivity_acted=settings.sensitivity_acted,
        specificity=settings.specificity,
    )
    count = len(falls)
    devices = (_DEVICE,) if any(fall.of_device for fall in falls) else ()
    if sensor.duration_s >= settings.looked_least_s:
        yield _rate(sensor, count, method, (_GUESS, *devices) if count else (_MISSED,))
    if count:
        yield Measurement(
            id="fall_count",
            value=float(count),
            low=0.0,
            high=float(count),
            unit=Unit.COUNT,
            method=together([method, say("Each may be none.")]),
            channel=sensor.name,
            doubts=(_GUESS, *devices),
        )


def _rate(sensor: MotionSensor, count: int, method: str, doubts: tuple[str, ...]) -> Measurement:
    hours = sensor.duration_s / _SECONDS_PER_HOUR
    low, high = count_interval(count)
    return Measurement(
        id="fall_rate",
        value=count / hours,
        low=min(low, count) / hours,
        high=high / hours,
        unit=Unit.PER_HOUR,
        method=together([method, say("95 % interval of a Poisson mean, none seen: up to 3.0.")]),
        channel=sensor.name,
        doubts=doubts,
    )


def near_spasm_measurement(
    sensor: MotionSensor, falls: Sequence[Fall], spasms: Sequence[Spasm], settings: FallSettings
) -> Measurement:
    """Return the share of falls that began during a spasm or soon after, and what chance alone would give."""
    within_s = settings.near_spasm_s
    near = Intervals.union([(one.start_s, one.stop_s + within_s) for one in spasms])
    hits = sum(near.contains(fall.start_s) for fall in falls)
    chance = min(near.duration_s / max(sensor.duration_s, near.duration_s), 1.0)
    low, high = share_interval(hits, len(falls))
    by_chance = float(binom.sf(hits - 1, len(falls), chance)) if hits else 1.0
    return Measurement(
        id="fall_near_spasm_share",
        value=hits / len(falls),
        low=low,
        high=high,
        unit=Unit.ONE,
        method=say(
            "{hits} of {count} falls began in a spasm or within {within_s:g} s after it; that time is "
            "{percent:.2g} % of the recording, and by chance alone as many or more would be near with a "
            "probability of {by_chance:.2g}. 95 % interval of Jeffreys.",
            hits=hits,
            count=len(falls),
            within_s=within_s,
            percent=100 * chance,
            by_chance=by_chance,
        ),
        channel=sensor.name,
        doubts=(_GUESS, say("A fall moves the leg too, and its first movement may be taken for a spasm.")),
    )


def fall_train(sensor: MotionSensor, falls: Sequence[Fall]) -> EventTrain:
    """Return the falls as events, from the beginning of the fall to lying still; the peak is the impact."""
    return EventTrain(
        kind=EventKind.FALL,
        channel=sensor.name,
        start_s=np.array([fall.start_s for fall in falls]),
        peak_s=np.array([fall.impact_s for fall in falls]),
        end_s=np.array([fall.still_s for fall in falls]),
        peak=np.array([fall.impact_mps2 for fall in falls]),
        probability=np.array([fall.probability for fall in falls]),
        at=(sensor.channels[0].name,) * len(falls) if len(sensor.channels) > 1 else (),
    )
