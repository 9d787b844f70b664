"""The numbers that twitch mechanics rest on, read once from the knowledge files that give their sources."""

from dataclasses import dataclass, fields
from functools import cache

from twitchwise.knowledge import library

PREFIX = "mechanics_"
"""What the name of each number's file begins with."""
_UNITS = ("_s", "_hz")


@dataclass(frozen=True, kw_only=True, slots=True)
class MechanicsSettings:
    """Numbers of twitch mechanics; each is the value of ``knowledge/data/parameters/mechanics_<name>.yaml``.

    A name here ends with its unit, the name of its file does not.
    """

    isolation_s: float
    latency_longest_s: float
    time_shortest_s: float
    time_longest_s: float
    rise_power: float
    rise_power_spread: float
    fall_power: float
    limb_damping: float
    limb_damping_spread: float
    onset_late_s: float
    onset_late_share: float
    onset_error_s: float
    onset_error_of_motion_s: float
    shape_error: float
    relaxation_error: float
    twitch_to_noise_least: float
    twitch_to_noise_for_times: float
    events_least: float
    noise_rest_least_s: float
    sampling_rate_least_hz: float
    sampling_rate_for_latency_hz: float
    misfit_limit: float
    explained_least: float
    beats_least: float


@cache
def mechanics_settings() -> MechanicsSettings:
    """Return the numbers as the knowledge files give them."""
    value = library().value
    names = [field.name for field in fields(MechanicsSettings)]
    return MechanicsSettings(**{name: value(PREFIX + _without_unit(name)) for name in names})


def _without_unit(name: str) -> str:
    for unit in _UNITS:
        name = name.removesuffix(unit)
    return name
