"""Thresholds and published figures of spasticity, read once from the knowledge files that give their sources."""

from dataclasses import dataclass, fields
from functools import cache
from re import sub

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class ClonusSettings:
    """Definitions of clonus; each is the value of ``knowledge/data/parameters/clonus_<name>.yaml``.

    The unit at the end of a name is not part of the file's. The first four come from files of other rooms.
    """

    rate_low_hz: float
    rate_high_hz: float
    begins_within_s: float
    sampling_least_hz: float
    usual_low_hz: float
    usual_high_hz: float
    sustained_beats: float
    sustained_beats_fewer: float
    beats_least: float
    beats_least_motion: float
    interval_change: float
    beat_share: float
    beat_to_noise: float
    louder_than_before: float
    note_error_s: float
    probability_on_leg: float
    likeness: float
    stretch_velocity_radps: float
    stretch_angle_rad: float
    frequency_agreement: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SpasmSettings:
    """Definitions of spasms; each is the value of ``knowledge/data/parameters/spasm_<name>.yaml``."""

    looked_least_s: float
    rest_least_s: float
    shortest_s: float
    shortest_motion_s: float
    longest_s: float
    gap_s: float
    still_before_s: float
    above_noise: float
    motion_above_noise: float
    turn_least_rad: float
    acceleration_least_mps2: float
    velocity_least_radps: float
    myoclonus_longest_s: float
    unit_share: float
    clonus_share: float
    type_agreement: float
    probability_emg: float
    probability_motion: float
    penn_three: float
    penn_four: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PendulumSettings:
    """Definitions of the pendulum test; each is the value of ``knowledge/data/parameters/pendulum_<name>.yaml``."""

    rate_low_hz: float
    rate_high_hz: float
    drop_least_rad: float
    hold_least_s: float
    still_velocity_radps: float
    swing_least_rad: float
    unknown_longest_s: float
    relaxation_index_health: float
    relaxation_index_spread: float
    agreement: float
    accuracy: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FallSettings:
    """Definitions of falls; each is the value of ``knowledge/data/parameters/fall_<name>.yaml``."""

    free_fall_mps2: float
    free_fall_duration_s: float
    impact_mps2: float
    impact_within_s: float
    still_after_s: float
    still_within_s: float
    still_spread_mps2: float
    turn_least_rad: float
    device_acceleration_mps2: float
    probability: float
    probability_without_turn: float
    sensitivity: float
    specificity: float
    sensitivity_acted: float
    looked_least_s: float
    near_spasm_s: float


Settings = ClonusSettings | SpasmSettings | PendulumSettings | FallSettings


@cache
def clonus_settings() -> ClonusSettings:
    """Return the definitions of clonus as the knowledge files give them."""
    value = library().value
    shared = {
        "rate_low_hz": value("rhythm_clonus_rate_low"),
        "rate_high_hz": value("rhythm_clonus_rate_high"),
        "begins_within_s": value("rhythm_clonus_begins_within"),
        "sampling_least_hz": value("spasticity_sampling_least"),
    }
    return ClonusSettings(**_values("clonus", ClonusSettings, shared), **shared)


@cache
def spasm_settings() -> SpasmSettings:
    """Return the definitions of spasms as the knowledge files give them."""
    return SpasmSettings(**_values("spasm", SpasmSettings))


@cache
def pendulum_settings() -> PendulumSettings:
    """Return the definitions of the pendulum test as the knowledge files give them."""
    return PendulumSettings(**_values("pendulum", PendulumSettings))


@cache
def fall_settings() -> FallSettings:
    """Return the definitions of falls as the knowledge files give them."""
    return FallSettings(**_values("fall", FallSettings))


def _values(prefix: str, kind: type[Settings], shared: dict[str, float] | None = None) -> dict[str, float]:
    names = [field.name for field in fields(kind) if field.name not in (shared or {})]
    value = library().value
    return {name: value(f"{prefix}_" + sub("_(hz|s|rad|radps|mps2)$", "", name)) for name in names}
