"""What a channel can support, in words."""

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.results import ChannelQuality
from twitchwise.vocabulary import Unit

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
        _about_share(
            quality.clipped_share, "of the samples are clipped, so that peaks are cut and sizes are too small"
        ),
        _about_share(quality.flat_share, "of the samples lie on a flat line, as when an electrode comes off"),
        _about_share(quality.missing_share, "of the samples are missing"),
        _about_mains(quality),
    )
    return tuple(sentence for sentence in candidates if sentence)


def _about_rate(quality: ChannelQuality, settings: EmgSettings) -> str:
    if quality.sampling_rate_hz >= settings.sampling_rate_for_shape_hz:
        return ""
    return (
        f"At {quality.sampling_rate_hz:g} Hz small potentials are missed, and size and shape cannot be judged "
        f"(that takes {settings.sampling_rate_for_shape_hz:g} Hz; Ives and Wigglesworth 2003)."
    )


def _about_time(rest_s: float, settings: EmgSettings) -> str:
    one, five = settings.rest_for_one_potential_s, settings.rest_for_five_potentials_s
    if rest_s < one:
        return (
            f"{rest_s:.0f} s at rest are too short to call fasciculations absent: "
            f"it can take {one:g} s to see one and {five:g} s to see five (Zhou 2012)."
        )
    if rest_s < five:
        return (
            f"{rest_s:.0f} s at rest are enough to see one potential where a muscle fasciculates, "
            f"but five can take {five:g} s (Zhou 2012)."
        )
    return f"{rest_s:.0f} s at rest are enough to see several potentials where a muscle fasciculates (Zhou 2012)."


def _about_unit(quality: ChannelQuality) -> str:
    if quality.unit is Unit.VOLT:
        return ""
    return "The file does not give volts, so sizes cannot be compared and rest cannot be checked by its loudness."


def _about_share(share: float, words: str) -> str:
    if share <= 0:
        return ""
    amount = f"{share * _PERCENT:.1f} %" if share >= _SMALLEST_SHARE else "Less than 0.1 %"
    return f"{amount} {words}."


def _about_mains(quality: ChannelQuality) -> str:
    if quality.mains_hz is None:
        return ""
    share = f"{quality.mains_share * _PERCENT:.0f} %"
    return f"Mains hum at {quality.mains_hz:.2f} Hz makes {share} of the power while it is quiet; it was subtracted."
