"""What defines each kind of activity, read once from the knowledge files that give the sources."""

from dataclasses import dataclass, fields
from functools import cache
from re import sub

from twitchwise.knowledge import library

_SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RhythmSettings:
    """Definitions and thresholds; each is the value of ``knowledge/data/parameters/rhythm_<name>.yaml``.

    The unit at the end of a name (``_hz``, ``_s``, ``_v``) is not part of the file's. The last seven come from files
    that other rooms use as well.
    """

    threshold_multiple: float
    needle_band_low_hz: float
    needle_band_high_hz: float
    silence_s: float
    pause_factor: float
    fewest_discharges: float
    covered_share: float
    decided_from: float
    shared_from: float
    fibrillation_rate_low_hz: float
    fibrillation_rate_high_hz: float
    fibrillation_irregularity: float
    fiber_spike_shortest_s: float
    fiber_spike_longest_s: float
    positive_wave_shortest_s: float
    positive_wave_longest_s: float
    persistence_s: float
    myotonic_rate_low_hz: float
    myotonic_rate_high_hz: float
    myotonic_wave_longest_s: float
    myotonic_change: float
    myokymic_rate_low_hz: float
    myokymic_rate_high_hz: float
    group_rate_low_hz: float
    group_rate_high_hz: float
    group_irregularity: float
    group_count: float
    neuromyotonic_rate_high_hz: float
    neuromyotonic_rate_wide_hz: float
    complex_rate_low_hz: float
    complex_rate_high_hz: float
    complex_irregularity: float
    complex_change: float
    continuous_rate_low_hz: float
    continuous_rate_high_hz: float
    continuous_irregularity: float
    continuous_duration_s: float
    willed_rate_low_hz: float
    willed_rate_high_hz: float
    willed_irregularity_low: float
    willed_irregularity_high: float
    motor_unit_shortest_s: float
    motor_unit_longest_s: float
    cramp_irregularity_spread: float
    cramp_shortest_s: float
    cramp_units: float
    sustained_loudness: float
    clock_irregularity: float
    tremor_rate_low_hz: float
    tremor_rate_high_hz: float
    clonus_rate_low_hz: float
    clonus_rate_high_hz: float
    clonus_begins_within_s: float
    burst_count: float
    burst_irregularity: float
    burst_depth: float
    burst_repeat: float
    m_wave_latency_low_s: float
    m_wave_latency_high_s: float
    reflex_latency_low_s: float
    reflex_latency_high_s: float
    response_share: float
    response_spread_s: float
    myokymic_rhythm_low_hz: float
    fiber_size_low_v: float
    fiber_size_high_v: float
    motor_unit_size_low_v: float
    motor_unit_size_high_v: float
    surface_unit_shortest_s: float
    surface_unit_longest_s: float
    clonus_unasked: float
    clonus_before_count: float
    clonus_same_rate: float
    burst_share_low: float
    burst_share_high: float
    cramp_unasked: float
    cramp_when_relaxed: float
    group_longest_s: float
    needle_sampling_least_hz: float
    time_least_s: float
    burst_repeat_of_one: float
    regular_count: float
    regular_irregularity: float
    continuous_irregularity_spread: float
    clonus_irregularity: float
    complex_potential_shortest_s: float
    complex_usual_low_hz: float
    complex_usual_high_hz: float
    myokymic_usual_low_hz: float
    one_unit_irregularity: float
    one_unit_alike: float
    one_unit_longest_s: float
    surface_band_low_hz: float
    surface_band_high_hz: float
    neuromyotonic_rate_low_hz: float
    cramp_irregularity: float
    heart_rate_lowest_hz: float
    heart_rate_highest_hz: float
    note_error_s: float

    @property
    def needle_band_hz(self) -> tuple[float, float]:
        """Edges of the band in which needle recordings are read."""
        return self.needle_band_low_hz, self.needle_band_high_hz

    @property
    def surface_band_hz(self) -> tuple[float, float]:
        """Edges of the band in which recordings from the skin are read."""
        return self.surface_band_low_hz, self.surface_band_high_hz


@cache
def rhythm_settings() -> RhythmSettings:
    """Return the definitions as the knowledge files give them."""
    value = library().value
    shared = {
        "surface_band_low_hz": value("emg_band_low"),
        "surface_band_high_hz": value("emg_band_high"),
        "neuromyotonic_rate_low_hz": value("neuromyotonic_rate_least"),
        "cramp_irregularity": value("cramp_interval_spread"),
        "heart_rate_lowest_hz": value("heart_rate_lowest") / _SECONDS_PER_MINUTE,
        "heart_rate_highest_hz": value("heart_rate_highest") / _SECONDS_PER_MINUTE,
        "note_error_s": value("clonus_note_error"),
    }
    names = [field.name for field in fields(RhythmSettings) if field.name not in shared]
    own = {name: value("rhythm_" + sub("_(hz|s|v)$", "", name)) for name in names}
    return RhythmSettings(**own, **shared)
