"""The thresholds of the decomposition, read from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library
from twitchwise.vocabulary.checks import require_positive, require_within


@dataclass(frozen=True, kw_only=True, slots=True)
class DecomposeSettings:
    """What is asked of a recording and of a unit; each is the value of ``decompose_<name>`` or ``emg_<name>``.

    Raises
    ------
    OutOfRangeError
        If a share lies outside 0 to 1, or another number is not above 0.
    """

    channels_least: float
    recording_least_s: float
    learning_longest_s: float
    silhouette_least: float
    discharges_least: float
    common_share: float
    agreement_tolerance_s: float
    interval_least_s: float
    recovery_s: float
    continual_interval_s: float
    shape_duration_s: float
    track_similarity: float
    band_low_hz: float
    band_high_hz: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        shares = {"silhouette_least", "common_share", "track_similarity"}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if name in shares:
                require_within(name, value, 0.0, 1.0)
            else:
                require_positive(name, value)


@cache
def decompose_settings() -> DecomposeSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return DecomposeSettings(
        channels_least=value("decompose_channels_least"),
        recording_least_s=value("decompose_recording_least"),
        learning_longest_s=value("decompose_learning_longest"),
        silhouette_least=value("decompose_silhouette_least"),
        discharges_least=value("decompose_discharges_least"),
        common_share=value("decompose_common_share"),
        agreement_tolerance_s=value("decompose_agreement_tolerance"),
        interval_least_s=value("decompose_interval_least"),
        recovery_s=value("decompose_recovery"),
        continual_interval_s=value("emg_continual_interval"),
        shape_duration_s=value("decompose_shape_duration"),
        track_similarity=value("decompose_track_similarity"),
        band_low_hz=value("emg_band_low"),
        band_high_hz=value("emg_band_high"),
    )
