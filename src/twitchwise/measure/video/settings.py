"""Thresholds of the measuring of films, read once from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoSettings:
    """Thresholds; each is the value of ``knowledge/data/parameters/video_<name>.yaml``."""

    cycles_least: float
    chance_most: float
    amplitude_least_px: float
    aliased_share: float
    shake_high_hz: float
    shake_share: float


@cache
def video_settings() -> VideoSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return VideoSettings(
        cycles_least=value("video_cycles_least"),
        chance_most=value("video_chance_most"),
        amplitude_least_px=value("video_amplitude_least"),
        aliased_share=value("video_aliased_share"),
        shake_high_hz=value("video_shake_high"),
        shake_share=value("video_shake_share"),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class UltrasoundSettings:
    """Thresholds; each is the value of ``knowledge/data/parameters/ultrasound_<name>.yaml``, the pulse's of a heart."""

    least_px: float
    over_rest: float
    own_share: float
    duration_longest_s: float
    looked_least_s: float
    pulse_unevenness: float
    pulse_low_hz: float
    pulse_high_hz: float


@cache
def ultrasound_settings() -> UltrasoundSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return UltrasoundSettings(
        least_px=value("ultrasound_movement_least"),
        over_rest=value("ultrasound_movement_over_rest"),
        own_share=value("ultrasound_own_share"),
        duration_longest_s=value("ultrasound_twitch_longest"),
        looked_least_s=value("ultrasound_looked_least"),
        pulse_unevenness=value("ultrasound_pulse_unevenness"),
        pulse_low_hz=value("heart_rate_lowest") / _PER_MIN,
        pulse_high_hz=value("heart_rate_highest") / _PER_MIN,
    )


_PER_MIN = 60.0
