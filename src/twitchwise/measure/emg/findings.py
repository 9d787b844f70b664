"""What a channel's reading adds up to: rate, count, size, rest and noise, each with interval, method and doubts."""

import numpy as np

from twitchwise.measure.emg.channel import ChannelReading
from twitchwise.measure.emg.rate_interval import median_interval, poisson_interval
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, Measurement, Unit

_PERCENT = 100.0
_SECONDS_PER_MINUTE = 60.0
# The share of the seconds at rest that the interval of the noise leaves out on each side.
_TAIL_PERCENT = 2.5
_NO_VOLTS = "the file does not give volts"


def measurements_of(reading: ChannelReading, settings: EmgSettings) -> tuple[Measurement, ...]:
    """Return the measurements of one channel; no rate, count or size where the rest is too short to give one."""
    doubts = _doubts(reading, settings)
    found = [_rest_share(reading)]
    if reading.noise_at_rest:
        found.append(_noise(reading, doubts))
    if gives_rate(reading, settings):
        found += [_rate(reading, settings, doubts), _count(reading, settings, doubts)]
        if len(reading.potentials):
            found.append(_amplitude(reading, doubts))
    return tuple(found)


def gives_rate(reading: ChannelReading, settings: EmgSettings) -> bool:
    """Tell whether a channel rested long enough for a rate."""
    return reading.rest_s >= settings.rest_for_rate_s


def train_of(reading: ChannelReading) -> EventTrain:
    """Return the fasciculation potentials of one channel at rest."""
    potentials = reading.potentials
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel=reading.channel.name,
        start_s=potentials.start_s,
        peak_s=potentials.peak_s,
        end_s=potentials.end_s,
        peak=potentials.peak,
    )


def _doubts(reading: ChannelReading, settings: EmgSettings) -> tuple[str, ...]:
    quality = reading.quality
    candidates = {
        "too little rest to lean on": reading.rest_s < settings.rest_for_one_potential_s,
        "active most of the time": _share_percent(reading) < settings.rest_share_doubted_percent,
        "sampled too slowly, so that small potentials are missed": quality.sampling_rate_hz
        < settings.sampling_rate_for_shape_hz,
        "a heartbeat may hide or mimic potentials": len(reading.regular) > 0,
        "samples are clipped": quality.clipped_share * _PERCENT > settings.clipped_share_limit_percent,
        "strong mains hum": quality.mains_share * _PERCENT > settings.mains_share_limit_percent,
        _NO_VOLTS: quality.unit is not Unit.VOLT,
    }
    return tuple(words for words, applies in candidates.items() if applies)


def _share_percent(reading: ChannelReading) -> float:
    return min(_PERCENT, _PERCENT * reading.rest_s / reading.channel.duration_s)


def _rest_share(reading: ChannelReading) -> Measurement:
    share = _share_percent(reading)
    return Measurement(
        id="rest_share",
        value=share,
        low=share,
        high=share,
        unit=Unit.PERCENT,
        channel=reading.channel.name,
        method=(
            "Share of the recording that is neither twice as loud as its quietest noise, nor one long activity, nor a "
            "run of discharges within 250 ms of each other (after Sleutjes 2016); a statement about this recording, "
            "so it has no wider interval."
        ),
        doubts=() if reading.quality.unit is Unit.VOLT else (_NO_VOLTS,),
    )


def _noise(reading: ChannelReading, doubts: tuple[str, ...]) -> Measurement:
    seconds = np.array(reading.noise_at_rest)
    value = float(np.sqrt(np.mean(seconds**2)))
    low, high = np.percentile(seconds, [_TAIL_PERCENT, _PERCENT - _TAIL_PERCENT])
    return Measurement(
        id="rest_noise_rms",
        value=value,
        low=min(float(low), value),
        high=max(float(high), value),
        unit=reading.channel.unit,
        channel=reading.channel.name,
        method=(
            f"Root mean square of the frames without potentials at rest, {_band_words(reading)}; the interval holds "
            "95 % of the seconds."
        ),
        doubts=doubts,
    )


def _rate(reading: ChannelReading, settings: EmgSettings, doubts: tuple[str, ...]) -> Measurement:
    count = len(reading.potentials)
    minutes = reading.rest_s / _SECONDS_PER_MINUTE
    low, high = poisson_interval(count)
    absent = () if count or reading.rest_s >= settings.rest_for_five_potentials_s else ("too short to call absent",)
    return Measurement(
        id="fasciculation_rate",
        value=count / minutes,
        low=low / minutes,
        high=high / minutes,
        unit=Unit.PER_MINUTE,
        channel=reading.channel.name,
        method=(
            f"{_count_words(reading, settings)} over {reading.rest_s:.1f} s at rest; exact central 95 % Poisson "
            "interval (Garwood 1936)."
        ),
        doubts=(*doubts, *absent),
    )


def _count(reading: ChannelReading, settings: EmgSettings, doubts: tuple[str, ...]) -> Measurement:
    count = len(reading.potentials)
    low, high = poisson_interval(count)
    return Measurement(
        id="fasciculation_count",
        value=float(count),
        low=low,
        high=high,
        unit=Unit.COUNT,
        channel=reading.channel.name,
        method=f"{_count_words(reading, settings)}; interval of the mean count, exact 95 % Poisson (Garwood 1936).",
        doubts=doubts,
    )


def _amplitude(reading: ChannelReading, doubts: tuple[str, ...]) -> Measurement:
    value, low, high = median_interval(reading.potentials.peak_to_peak)
    more = {
        "peaks are clipped": reading.quality.clipped_share > 0,
        "fewer than six potentials, so the interval is their range": len(reading.potentials) < 6,  # noqa: PLR2004 - see `median_interval`
    }
    return Measurement(
        id="fasciculation_amplitude",
        value=value,
        low=low,
        high=high,
        unit=reading.channel.unit,
        channel=reading.channel.name,
        method=(
            f"Median peak-to-peak size of {len(reading.potentials)} potentials, {_band_words(reading)}; "
            "95 % interval from order statistics."
        ),
        doubts=(*doubts, *(words for words, applies in more.items() if applies)),
    )


def _count_words(reading: ChannelReading, settings: EmgSettings) -> str:
    per_hour = settings.false_alarm_rate_per_min * _SECONDS_PER_MINUTE
    return (
        f"Potentials above {reading.threshold_multiple:.2f} times the local noise ({_band_words(reading)}; white noise "
        f"exceeds it {per_hour:.2g} times an hour, after Rice 1945) that last up to "
        f"{settings.potential_longest_s * 1000:g} ms"
    )


def _band_words(reading: ChannelReading) -> str:
    return f"{reading.band.low_hz:g}-{reading.band.high_hz:g} Hz"
