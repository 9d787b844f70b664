"""How those who know electromyography call what was measured on it."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.vocabulary.text import say

QUANTITY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate": say("Rate of fasciculations"),
        "fasciculation_count": say("Fasciculations at rest"),
        "fasciculation_interval": say("Interval between fasciculations, median"),
        "fasciculation_interval_variation": say("Variation of the intervals (SD/mean)"),
        "fasciculation_rate_drift": say("Rate at the end over rate at the start"),
        "fasciculation_clustering": say("Clustering (variance/mean of counts)"),
        "active_units": say("Motor units that fasciculated"),
        "extrapolated_units": say("Motor units with those not yet seen"),
        "fasciculation_amplitude": say("Amplitude, peak to peak, median"),
        "fasciculation_amplitude_spread": say("Amplitude, interquartile range"),
        "fasciculation_duration": say("Duration, median"),
        "fasciculation_phases": say("Phases, median"),
        "fasciculation_turns": say("Turns, median"),
        "polyphasic_share": say("Polyphasic share"),
        "fasciculation_instability": say("Change of shape between events of a unit"),
        "isolated_share": say("Isolated discharges (> 250 ms both sides)"),
        "isolated_units_share": say("10-s windows with 2 or more isolated units"),
        "doublet_share": say("Doublets, share of a unit's events"),
        "multiplet_share": say("Multiplets, share of a unit's events"),
        "late_echo_share": say("Late echoes (F-wave like), share"),
        "late_echo_latency": say("Late echoes, latency"),
        "time_locked_share": say("Time-locked to another unit, share"),
        "time_locked_pairs": say("Time-locked pairs of units"),
        "rest_share": say("Share of the recording at rest"),
        "rest_noise_rms": say("Noise at rest (RMS)"),
        "twitch_latency": say("Twitch: latency from EMG"),
        "twitch_contraction_time": say("Twitch: contraction time"),
        "twitch_half_relaxation_time": say("Twitch: half-relaxation time"),
        "twitch_peak_force": say("Twitch: peak force"),
        "twitch_peak_torque": say("Twitch: peak torque"),
        "twitch_peak_acceleration": say("Twitch: peak acceleration"),
        "twitch_peak_angular_velocity": say("Twitch: peak angular velocity"),
        "twitch_peak_displacement": say("Twitch: peak displacement"),
    }
)
"""Measured quantities by id, in the order in which they are told."""

DETAIL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "rate": say("how often"),
        "sources": say("sources told apart"),
        "discharge_rate": say("discharge rate inside"),
        "irregularity": say("irregularity of the intervals (SD/mean)"),
        "potential_duration": say("duration of a potential"),
        "duration": say("how long each lasts"),
        "rate_change": say("fastest over slowest"),
        "size_change": say("largest over smallest"),
        "rhythm": say("rhythm"),
        "rhythm_irregularity": say("irregularity of the rhythm (SD/mean)"),
        "latency": say("latency"),
        "answered_share": say("share of causes answered"),
    }
)
"""What is measured of other activity, by the part of the id behind the kind."""
