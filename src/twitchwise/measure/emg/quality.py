"""What a channel can support, in words."""

from collections.abc import Iterator

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.results import ChannelQuality
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.text import digits, say

_PERCENT = 100.0
# Smaller shares would be printed as 0.0 %.
_SMALLEST_SHARE = 0.0005


def statements(quality: ChannelQuality, rest_s: float, settings: EmgSettings) -> tuple[str, ...]:
    """Say what a channel with so many seconds of rest can support.

    Parameters
    ----------
    quality
        The channel's numbers.
    rest_s
        Seconds judged to be rest.
    settings
        Thresholds.
    """
    candidates = (
        _about_rate(quality, settings),
        _about_time(rest_s, settings),
        _about_unit(quality),
        *_about_samples(quality),
        _about_mains(quality),
    )
    return tuple(sentence for sentence in candidates if sentence)


def _about_rate(quality: ChannelQuality, settings: EmgSettings) -> str:
    if quality.sampling_rate_hz >= settings.sampling_rate_for_shape_hz:
        return ""
    return say(
        "At {rate_hz:g} Hz small potentials are missed, and size and shape cannot be judged (that takes "
        "{needed_hz:g} Hz; Ives and Wigglesworth 2003).",
        rate_hz=quality.sampling_rate_hz,
        needed_hz=settings.sampling_rate_for_shape_hz,
    )


def _about_time(rest_s: float, settings: EmgSettings) -> str:
    one, five = settings.rest_for_one_potential_s, settings.rest_for_five_potentials_s
    if rest_s < one:
        return say(
            "{rest_s:.0f} s at rest are too short to call fasciculations absent: it can take {one_s:g} s to see one "
            "and {five_s:g} s to see five (Zhou 2012).",
            rest_s=rest_s,
            one_s=one,
            five_s=five,
        )
    if rest_s < five:
        return say(
            "{rest_s:.0f} s at rest are enough to see one potential where a muscle fasciculates, but five can take "
            "{five_s:g} s (Zhou 2012).",
            rest_s=rest_s,
            five_s=five,
        )
    return say(
        "{rest_s:.0f} s at rest are enough to see several potentials where a muscle fasciculates (Zhou 2012).",
        rest_s=rest_s,
    )


def _about_unit(quality: ChannelQuality) -> str:
    if quality.unit is Unit.VOLT:
        return ""
    return say("The file does not give volts, so sizes cannot be compared and rest cannot be checked by its loudness.")


def _about_samples(quality: ChannelQuality) -> Iterator[str]:
    if quality.clipped_share > 0:
        yield say(
            "{amount} of the samples are clipped, so that peaks are cut and sizes are too small.",
            amount=_amount(quality.clipped_share),
        )
    if quality.flat_share > 0:
        yield say(
            "{amount} of the samples lie on a flat line, as when an electrode comes off.",
            amount=_amount(quality.flat_share),
        )
    if quality.missing_share > 0:
        yield say("{amount} of the samples are missing.", amount=_amount(quality.missing_share))


def _amount(share: float) -> str:
    if share < _SMALLEST_SHARE:
        return say("Less than {least} %", least=digits("0.1"))
    return say("{percent:.1f} %", percent=share * _PERCENT)


def _about_mains(quality: ChannelQuality) -> str:
    if quality.mains_hz is None:
        return ""
    return say(
        "Mains hum at {mains_hz:.2f} Hz makes {percent:.0f} % of the power while it is quiet; it was subtracted.",
        mains_hz=quality.mains_hz,
        percent=quality.mains_share * _PERCENT,
    )
