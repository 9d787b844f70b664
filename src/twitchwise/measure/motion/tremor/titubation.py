"""Titubation: a slow tremor of the head or the trunk."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from twitchwise.measure.motion.tremor.findings import measurements_of, probability_of
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.presence import presence
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.vocabulary import Measurement

_SITES = ("head", "neck", "trunk", "chest", "back")
_MARGIN_HZ = 0.5  # the published range is of rates by eye


def titubation(shown: Sequence[SensorTremor], settings: TremorSettings) -> Iterator[Measurement]:
    """Give the probability and the rate of a slow tremor, of sensors on head or trunk."""
    band = settings.titubation_low_hz - _MARGIN_HZ, settings.titubation_high_hz + _MARGIN_HZ
    for one in shown:
        if not any(site in (one.sensor.site or "").lower() for site in _SITES):
            continue
        name = one.sensor.name
        yield probability_of(presence(one.windows, one.trace, band), "titubation_probability", name)
        if one.tremor is not None and band[0] <= one.tremor.rate.value <= band[1]:
            frequency = next(each for each in measurements_of(one) if each.id == "tremor_frequency")
            yield replace(frequency, id="titubation_frequency")
