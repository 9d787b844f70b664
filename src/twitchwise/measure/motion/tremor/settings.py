"""The numbers that tremor is judged by, read once from the knowledge files that give their sources."""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from twitchwise.knowledge import library
from twitchwise.vocabulary.arrays import FloatArray

PREFIX = "tremor_"
"""What the name of each number's file begins with."""
WRIST_BANDS = 15
_UNITS = ("_rad_per_s", "_s", "_hz", "_mps2", "_m", "_percent", "_db")  # the longest first


@dataclass(frozen=True, kw_only=True, slots=True)
class TremorSettings:
    """Numbers of the tremor measuring; each is the value of ``knowledge/data/parameters/tremor_<name>.yaml``.

    A name here ends with its unit, the name of its file does not.
    """

    window_s: float
    time_least_s: float
    band_low_hz: float
    band_high_hz: float
    visible_acceleration_mps2: float
    healthy_acceleration_mps2: float
    standing_acceleration_mps2: float
    lever_m: float
    movement_low_hz: float
    movement_high_hz: float
    movement_limit_rad_per_s: float
    rest_low_hz: float
    rest_high_hz: float
    wrist_offset: float
    contrast_certain_db: float
    contrast_possible_db: float
    contrast_fast_db: float
    contrast_clear_db: float
    contrast_scale_db: float
    false_window_share: float
    duration_least: float
    repeat_margin: float
    machine_irregularity: float
    machine_low_hz: float
    sampling_rate_least_hz: float
    missing_share_limit: float
    gap_longest_s: float
    clipped_share_limit: float
    stability_cutoff_hz: float
    stability_time_s: float
    orthostatic_low_hz: float
    loading_fall_hz: float
    repeat_frequency_percent: float
    repeat_amplitude_percent: float
    detectable_frequency_percent: float
    detectable_amplitude_percent: float
    battery_cut: float
    ballistic_fall_percent: float
    tapping_error_percent: float
    coherence_confidence_percent: float
    titubation_low_hz: float
    titubation_high_hz: float
    reemergent_delay_s: float


@cache
def tremor_settings() -> TremorSettings:
    """Return the numbers as the knowledge files give them."""
    value = library().value
    names = [field.name for field in fields(TremorSettings)]
    return TremorSettings(**{name: value(PREFIX + _without_unit(name)) for name in names})


@cache
def wrist_weights() -> FloatArray:
    """Return the weights of the published wrist detector, one a band, shape ``(15,)``; see `wrist`."""
    value = library().value
    weights = np.array([value(f"{PREFIX}wrist_weight_{number}") for number in range(1, WRIST_BANDS + 1)])
    weights.flags.writeable = False
    return weights


def _without_unit(name: str) -> str:
    for unit in _UNITS:
        if name.endswith(unit):
            return name.removesuffix(unit)
    return name
