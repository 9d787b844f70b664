"""How electromyographers call what was measured: quantities, electrodes and groups of people."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.knowledge.schema.published_range import Middle, Population

QUANTITY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate": "Rate of fasciculations",
        "fasciculation_count": "Fasciculations at rest",
        "fasciculation_interval": "Interval between fasciculations, median",
        "fasciculation_interval_variation": "Variation of the intervals (SD/mean)",
        "fasciculation_rate_drift": "Rate at the end over rate at the start",
        "fasciculation_clustering": "Clustering (variance/mean of counts)",
        "active_units": "Motor units that fasciculated",
        "extrapolated_units": "Motor units with those not yet seen",
        "fasciculation_amplitude": "Amplitude, peak to peak, median",
        "fasciculation_amplitude_spread": "Amplitude, interquartile range",
        "fasciculation_duration": "Duration, median",
        "fasciculation_phases": "Phases, median",
        "fasciculation_turns": "Turns, median",
        "polyphasic_share": "Polyphasic share",
        "fasciculation_instability": "Change of shape between events of a unit",
        "isolated_share": "Isolated discharges (> 250 ms both sides)",
        "isolated_units_share": "10-s windows with 2 or more isolated units",
        "doublet_share": "Doublets, share of a unit's events",
        "multiplet_share": "Multiplets, share of a unit's events",
        "late_echo_share": "Late echoes (F-wave like), share",
        "late_echo_latency": "Late echoes, latency",
        "time_locked_share": "Time-locked to another unit, share",
        "time_locked_pairs": "Time-locked pairs of units",
        "rest_share": "Share of the recording at rest",
        "rest_noise_rms": "Noise at rest (RMS)",
        "twitch_latency": "Twitch: latency from EMG",
        "twitch_contraction_time": "Twitch: contraction time",
        "twitch_half_relaxation_time": "Twitch: half-relaxation time",
        "twitch_peak_force": "Twitch: peak force",
        "twitch_peak_torque": "Twitch: peak torque",
        "twitch_peak_acceleration": "Twitch: peak acceleration",
        "twitch_peak_angular_velocity": "Twitch: peak angular velocity",
        "twitch_peak_displacement": "Twitch: peak displacement",
    }
)
"""Measured quantities by id, in the order in which they are told."""

DETAIL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "sources": "sources told apart",
        "discharge_rate": "discharge rate inside",
        "irregularity": "irregularity of the intervals (SD/mean)",
        "potential_duration": "duration of a potential",
        "duration": "how long each lasts",
        "rate_change": "fastest over slowest",
        "size_change": "largest over smallest",
        "rhythm": "rhythm",
        "rhythm_irregularity": "irregularity of the rhythm (SD/mean)",
        "latency": "latency",
        "answered_share": "share of causes answered",
    }
)
"""What is measured of other activity, by the part of the id behind the kind."""

ELECTRODE_WORDS: Mapping[str | None, str] = MappingProxyType(
    {
        "surface": "surface electrodes",
        "high_density_surface": "a high-density surface grid",
        "needle": "a needle",
        None: "no electrodes",
    }
)

POPULATION_WORDS: Mapping[Population, str] = MappingProxyType(
    {
        Population.HEALTHY: "healthy people",
        Population.BENIGN_FASCICULATION: "benign fasciculations",
        Population.AMYOTROPHIC_LATERAL_SCLEROSIS: "amyotrophic lateral sclerosis",
        Population.MOTOR_NEURON_DISEASE: "motor neuron disease",
        Population.SPINAL_CORD_INJURY: "spinal cord injury",
        Population.MIXED: "a mixture of people",
    }
)

MIDDLE_WORDS: Mapping[Middle | None, str] = MappingProxyType(
    {
        Middle.MEAN: "mean",
        Middle.MEDIAN: "median",
        Middle.MODE: "most frequent value",
        Middle.SHARE: "",
        Middle.TIMES: "",
        Middle.NOT_SAID: "middle",
        None: "",
    }
)
