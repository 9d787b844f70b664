"""The detector's thresholds, read once from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class EmgSettings:
    """Thresholds of the EMG detector; each is the value of ``knowledge/data/parameters/<id>.yaml``.

    Every field that begins with ``emg_`` in its file keeps the rest of the file's name here, with its unit.
    """

    band_low_hz: float
    band_high_hz: float
    needle_band_high_hz: float
    sampling_rate_least_hz: float
    sampling_rate_for_shape_hz: float
    false_alarm_rate_per_min: float
    hint_rate_per_min: float
    small_probability: float
    small_height: float
    alone_share: float
    potential_shortest_s: float
    potential_longest_s: float
    joining_gap_s: float
    repeat_interval_s: float
    repeat_share: float
    companion_share: float
    companion_delay_s: float
    late_part_share: float
    continual_interval_s: float
    continual_discharges: float
    held_evidence: float
    movement_unusual: float
    movement_over_potential: float
    activity_loudness: float
    weak_activity_loudness: float
    weak_activity_unevenness: float
    rest_unevenness_limit: float
    activity_margin_s: float
    rest_stretch_least_s: float
    rest_noise_limit_v: float
    rest_for_rate_s: float
    rest_for_one_potential_s: float
    rest_for_five_potentials_s: float
    rest_share_doubted_percent: float
    clipped_share_limit_percent: float
    mains_share_limit_percent: float
    heart_rate_lowest_per_min: float
    heart_rate_highest_per_min: float


@cache
def emg_settings() -> EmgSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return EmgSettings(
        band_low_hz=value("emg_band_low"),
        band_high_hz=value("emg_band_high"),
        needle_band_high_hz=value("emg_needle_band_high"),
        sampling_rate_least_hz=value("emg_sampling_rate_least"),
        sampling_rate_for_shape_hz=value("emg_sampling_rate_for_shape"),
        false_alarm_rate_per_min=value("emg_false_alarm_rate"),
        hint_rate_per_min=value("emg_hint_rate"),
        small_probability=value("emg_small_probability"),
        small_height=value("emg_small_height"),
        alone_share=value("emg_alone_share"),
        potential_shortest_s=value("emg_potential_shortest"),
        potential_longest_s=value("emg_potential_longest"),
        joining_gap_s=value("emg_joining_gap"),
        repeat_interval_s=value("emg_repeat_interval"),
        repeat_share=value("emg_repeat_share"),
        companion_share=value("emg_companion_share"),
        companion_delay_s=value("emg_companion_delay"),
        late_part_share=value("emg_late_part_share"),
        continual_interval_s=value("emg_continual_interval"),
        continual_discharges=value("emg_continual_discharges"),
        held_evidence=value("emg_held_evidence"),
        movement_unusual=value("emg_movement_unusual"),
        movement_over_potential=value("emg_movement_over_potential"),
        activity_loudness=value("emg_activity_loudness"),
        weak_activity_loudness=value("emg_weak_activity_loudness"),
        weak_activity_unevenness=value("emg_weak_activity_unevenness"),
        rest_unevenness_limit=value("emg_rest_unevenness_limit"),
        activity_margin_s=value("emg_activity_margin"),
        rest_stretch_least_s=value("emg_rest_stretch_least"),
        rest_noise_limit_v=value("emg_rest_noise_limit"),
        rest_for_rate_s=value("emg_rest_for_rate"),
        rest_for_one_potential_s=value("emg_rest_for_one_potential"),
        rest_for_five_potentials_s=value("emg_rest_for_five_potentials"),
        rest_share_doubted_percent=value("emg_rest_share_doubted"),
        clipped_share_limit_percent=value("emg_clipped_share_limit"),
        mains_share_limit_percent=value("emg_mains_share_limit"),
        heart_rate_lowest_per_min=value("heart_rate_lowest"),
        heart_rate_highest_per_min=value("heart_rate_highest"),
    )
