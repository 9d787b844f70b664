"""What the detector of twitches is told by the knowledge files."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class TwitchSettings:
    """Thresholds of ``knowledge/data/parameters/visible_twitch_*.yaml``; the pulse's are those of a heart."""

    false_alarms_per_hour: float
    longest_s: float
    blink_share: float
    pulse_unevenness: float
    pulse_low_per_min: float
    pulse_high_per_min: float
    looked_least_s: float
    restless_ratio: float
    restless_least_px: float


@cache
def twitch_settings() -> TwitchSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return TwitchSettings(
        false_alarms_per_hour=value("visible_twitch_false_alarms"),
        longest_s=value("visible_twitch_longest"),
        blink_share=value("visible_twitch_blink_share"),
        pulse_unevenness=value("visible_twitch_pulse_unevenness"),
        pulse_low_per_min=value("heart_rate_lowest"),
        pulse_high_per_min=value("heart_rate_highest"),
        looked_least_s=value("visible_twitch_looked_least"),
        restless_ratio=value("visible_twitch_restless_ratio"),
        restless_least_px=value("visible_twitch_restless_least"),
    )
