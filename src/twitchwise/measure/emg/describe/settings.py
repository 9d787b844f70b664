"""What the descriptions take as given, read once from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribeSettings:
    """Definitions and least requirements; each is the value of a file in ``knowledge/data/parameters``.

    The field has the name of the file after ``emg_`` or ``describe_``, with its unit.
    """

    rest_for_rate_s: float
    rest_for_one_potential_s: float
    rest_for_five_potentials_s: float
    sampling_rate_least_hz: float
    sampling_rate_for_shape_hz: float
    sampling_rate_for_turns_hz: float
    repeat_interval_s: float
    joining_gap_s: float
    look_alike_likeness: float
    continual_interval_s: float
    isolated_window_s: float
    doublet_longest_s: float
    echo_shortest_s: float
    echo_longest_s: float
    time_lock_s: float
    polyphasic_phases: float
    phase_share: float
    turn_least_v: float
    turn_share: float
    noise_multiple_for_shape: float
    events_for_shape: float
    events_for_pattern: float
    grid_channels: float


@cache
def describe_settings() -> DescribeSettings:
    """Return the settings as the knowledge files give them."""
    value = library().value
    return DescribeSettings(
        rest_for_rate_s=value("emg_rest_for_rate"),
        rest_for_one_potential_s=value("emg_rest_for_one_potential"),
        rest_for_five_potentials_s=value("emg_rest_for_five_potentials"),
        sampling_rate_least_hz=value("emg_sampling_rate_least"),
        sampling_rate_for_shape_hz=value("emg_sampling_rate_for_shape"),
        sampling_rate_for_turns_hz=value("describe_sampling_rate_for_turns"),
        repeat_interval_s=value("emg_repeat_interval"),
        joining_gap_s=value("emg_joining_gap"),
        look_alike_likeness=value("describe_look_alike_likeness"),
        continual_interval_s=value("emg_continual_interval"),
        isolated_window_s=value("describe_isolated_window"),
        doublet_longest_s=value("describe_doublet_longest"),
        echo_shortest_s=value("describe_echo_shortest"),
        echo_longest_s=value("describe_echo_longest"),
        time_lock_s=value("describe_time_lock"),
        polyphasic_phases=value("describe_polyphasic_phases"),
        phase_share=value("describe_phase_share"),
        turn_least_v=value("describe_turn_least"),
        turn_share=value("describe_turn_share"),
        noise_multiple_for_shape=value("describe_noise_multiple_for_shape"),
        events_for_shape=value("describe_events_for_shape"),
        events_for_pattern=value("describe_events_for_pattern"),
        grid_channels=value("describe_grid_channels"),
    )
