"""What the rules of sleep say in numbers, read once from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library

_MINUTES_TO_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class LegRules:
    """Leg movements and series of them; each field is the value of ``knowledge/data/parameters/sleep_<name>.yaml``."""

    movement_onset_v: float
    movement_offset_v: float
    movement_quiet_s: float
    movement_shortest_s: float
    movement_longest_s: float
    morphology_window_s: float
    morphology_median_v: float
    resting_limit_v: float
    bilateral_onsets_s: float
    bilateral_gap_s: float
    bilateral_longest_s: float
    bilateral_most: int
    interval_low_aasm_s: float
    interval_low_wasm_s: float
    interval_high_s: float
    series_least: int
    short_interval_begins: bool
    respiratory_margin_s: float
    respiratory_before_s: float
    respiratory_after_s: float
    arousal_gap_s: float
    plm_healthy_upper_per_h: float


@dataclass(frozen=True, kw_only=True, slots=True)
class EmgReading:
    """How EMG of sleep is read."""

    rate_least_hz: float
    band_low_hz: float
    amplitude_window_s: float
    unstaged_least_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallRules:
    """Fragmentary myoclonus, high-frequency leg movements and alternating leg muscle activation."""

    fm_amplitude_v: float
    fm_longest_s: float
    fm_per_minute: float
    fm_excessive_s: float
    fm_epoch_s: float
    fm_healthy_upper_per_h: float
    fast_rate_low_hz: float
    fast_rate_high_hz: float
    fast_least: int
    fast_shortest_s: float
    fast_healthy_upper: float
    alternating_shortest_s: float
    alternating_longest_s: float
    alternating_rate_low_hz: float
    alternating_rate_high_hz: float
    alternating_least: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JerkRules:
    """Jerks on falling asleep."""

    shortest_s: float
    longest_s: float
    amplitude_v: float
    together_s: float
    alone_s: float
    onset_before_s: float
    onset_after_s: float
    onset_wake_s: float
    stillness_before_s: float
    stillness_after_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class WornRules:
    """Movements of an accelerometer that is worn or lies on the bed."""

    onset_mps2: float
    offset_mps2: float
    band_low_hz: float
    still_share_percent: float
    sensitivity_percent: float
    correlation: float


@cache
def leg_rules() -> LegRules:
    """Return the numbers of both sets of rules for leg movements."""
    value = library().value
    return LegRules(
        movement_onset_v=value("sleep_movement_onset"),
        movement_offset_v=value("sleep_movement_offset"),
        movement_quiet_s=value("sleep_movement_quiet"),
        movement_shortest_s=value("sleep_movement_shortest"),
        movement_longest_s=value("sleep_movement_longest"),
        morphology_window_s=value("sleep_morphology_window"),
        morphology_median_v=value("sleep_morphology_median"),
        resting_limit_v=value("sleep_resting_limit"),
        bilateral_onsets_s=value("sleep_bilateral_onsets"),
        bilateral_gap_s=value("sleep_bilateral_gap"),
        bilateral_longest_s=value("sleep_bilateral_longest"),
        bilateral_most=round(value("sleep_bilateral_most")),
        interval_low_aasm_s=value("sleep_interval_low_aasm"),
        interval_low_wasm_s=value("sleep_interval_low_wasm"),
        interval_high_s=value("sleep_interval_high"),
        series_least=round(value("sleep_series_least")),
        short_interval_begins=value("sleep_short_interval_begins") > 0,
        respiratory_margin_s=value("sleep_respiratory_margin"),
        respiratory_before_s=value("sleep_respiratory_before"),
        respiratory_after_s=value("sleep_respiratory_after"),
        arousal_gap_s=value("sleep_arousal_gap"),
        plm_healthy_upper_per_h=value("sleep_plm_healthy_upper"),
    )


@cache
def emg_reading() -> EmgReading:
    """Return how EMG of sleep is read."""
    value = library().value
    return EmgReading(
        rate_least_hz=value("sleep_rate_least"),
        band_low_hz=value("sleep_band_low"),
        amplitude_window_s=value("sleep_amplitude_window"),
        unstaged_least_s=value("sleep_unstaged_least"),
    )


@cache
def small_rules() -> SmallRules:
    """Return the numbers of small and fast movements of the legs."""
    value = library().value
    return SmallRules(
        fm_amplitude_v=value("sleep_fm_amplitude"),
        fm_longest_s=value("sleep_fm_longest"),
        fm_per_minute=value("sleep_fm_per_minute"),
        fm_excessive_s=value("sleep_fm_minutes") * _MINUTES_TO_S,
        fm_epoch_s=value("sleep_fm_epoch"),
        fm_healthy_upper_per_h=value("sleep_fm_healthy_upper"),
        fast_rate_low_hz=value("sleep_fast_rate_low"),
        fast_rate_high_hz=value("sleep_fast_rate_high"),
        fast_least=round(value("sleep_fast_least")),
        fast_shortest_s=value("sleep_fast_shortest"),
        fast_healthy_upper=value("sleep_hflm_healthy_upper"),
        alternating_shortest_s=value("sleep_alternating_shortest"),
        alternating_longest_s=value("sleep_alternating_longest"),
        alternating_rate_low_hz=value("sleep_alternating_rate_low"),
        alternating_rate_high_hz=value("sleep_alternating_rate_high"),
        alternating_least=round(value("sleep_alternating_least")),
    )


@cache
def jerk_rules() -> JerkRules:
    """Return the numbers of jerks on falling asleep."""
    value = library().value
    return JerkRules(
        shortest_s=value("sleep_jerk_shortest"),
        longest_s=value("sleep_jerk_longest"),
        amplitude_v=value("sleep_jerk_amplitude"),
        together_s=value("sleep_jerk_together"),
        alone_s=value("sleep_jerk_alone"),
        onset_before_s=value("sleep_onset_before"),
        onset_after_s=value("sleep_onset_after"),
        onset_wake_s=value("sleep_onset_wake"),
        stillness_before_s=value("sleep_stillness_before"),
        stillness_after_s=value("sleep_stillness_after"),
    )


@cache
def worn_rules() -> WornRules:
    """Return the numbers of worn accelerometers."""
    value = library().value
    return WornRules(
        onset_mps2=value("sleep_worn_onset"),
        offset_mps2=value("sleep_worn_offset"),
        band_low_hz=value("sleep_worn_band_low"),
        still_share_percent=value("sleep_worn_still_share"),
        sensitivity_percent=value("sleep_worn_sensitivity"),
        correlation=value("sleep_worn_correlation"),
    )
