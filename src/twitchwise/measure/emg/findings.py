"""What a reading adds up to besides its potentials: rest and noise, each with interval, method and doubts."""

import numpy as np

from twitchwise.measure.emg.describe import Description, describe
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import say

_PERCENT = 100.0
# The share of the seconds at rest that the interval of the noise leaves out on each side.
_TAIL_PERCENT = 2.5
_NO_VOLTS = say("the file does not give volts")


def description_of(reading: Reading, settings: EmgSettings) -> Description:
    """Return what the potentials of a reading add up to."""
    return describe(reading.potentials, positions_m=reading.positions_m, doubts=doubts_of(reading, settings))


def measurements_of(reading: Reading, settings: EmgSettings) -> tuple[Measurement, ...]:
    """Return rest and noise of a reading."""
    noise = (_noise(reading, doubts_of(reading, settings)),) if reading.noise_at_rest else ()
    return (_rest_share(reading), *noise)


def gives_rate(reading: Reading, settings: EmgSettings) -> bool:
    """Tell whether a channel or array rested long enough for a rate."""
    return reading.rest_s >= settings.rest_for_rate_s


def doubts_of(reading: Reading, settings: EmgSettings) -> tuple[str, ...]:
    """Return why the values of a reading must not be leaned on; `describe` adds those of its own."""
    clipped = max(one.clipped_share for one in reading.quality)
    mains = max(one.mains_share for one in reading.quality)
    candidates = {
        say("active most of the time"): _share_percent(reading) < settings.rest_share_doubted_percent,
        say("a heartbeat may hide or mimic potentials"): reading.regular > 0,
        say("samples are clipped"): clipped * _PERCENT > settings.clipped_share_limit_percent,
        say("strong mains hum"): mains * _PERCENT > settings.mains_share_limit_percent,
    }
    return tuple(words for words, applies in candidates.items() if applies)


def _share_percent(reading: Reading) -> float:
    return min(_PERCENT, _PERCENT * reading.rest_s / reading.duration_s)


def _rest_share(reading: Reading) -> Measurement:
    share = _share_percent(reading)
    return Measurement(
        id="rest_share",
        value=share,
        low=share,
        high=share,
        unit=Unit.PERCENT,
        channel=reading.group.name,
        method=say(
            "Share of the recording that is neither twice as loud as its quietest noise, nor one long activity, nor a "
            "run of discharges within 250 ms of each other (after Sleutjes 2016); a statement about this recording, "
            "so it has no wider interval."
        ),
        doubts=() if reading.group.channels[0].unit is Unit.VOLT else (_NO_VOLTS,),
    )


def _noise(reading: Reading, doubts: tuple[str, ...]) -> Measurement:
    seconds = np.array(reading.noise_at_rest)
    value = float(np.sqrt(np.mean(seconds**2)))
    low, high = np.percentile(seconds, [_TAIL_PERCENT, _PERCENT - _TAIL_PERCENT])
    no_volts = () if reading.group.channels[0].unit is Unit.VOLT else (_NO_VOLTS,)
    return Measurement(
        id="rest_noise_rms",
        value=value,
        low=min(float(low), value),
        high=max(float(high), value),
        unit=reading.group.channels[0].unit,
        channel=reading.group.name,
        method=_method_of_noise(reading),
        doubts=(*doubts, *no_volts),
    )


def _method_of_noise(reading: Reading) -> str:
    low_hz, high_hz = reading.band_hz
    if reading.group.is_array:
        return say(
            "Root mean square of the frames without potentials at rest, {low_hz:g}-{high_hz:g} Hz, the median of the "
            "channels; the interval holds 95 % of the seconds.",
            low_hz=low_hz,
            high_hz=high_hz,
        )
    return say(
        "Root mean square of the frames without potentials at rest, {low_hz:g}-{high_hz:g} Hz; the interval holds 95 % "
        "of the seconds.",
        low_hz=low_hz,
        high_hz=high_hz,
    )
