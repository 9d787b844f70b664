"""What a person says about a recording that is to be measured, and what they ask for."""

from collections.abc import Callable
from dataclasses import dataclass

from twitchwise.knowledge import library
from twitchwise.vocabulary import Electrode, OutOfRangeError

Progress = Callable[[float], None]
"""Is told how much is done, from 0 to 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuringOrder:
    """What the files do not say, and what to look for; the same for all recordings of a folder.

    Parameters
    ----------
    sampling_rate_hz
        Samples per second.
    unit
        Unit of the samples, such as ``uV``.
    electrode
        How the EMG was taken.
    muscle
        Id of the muscle, for published ranges.
    discharges
        Whether to look for every discharge of every motor unit too.

    Raises
    ------
    OutOfRangeError
        If the muscle is not known; what a file contradicts is refused when it is read.
    """

    sampling_rate_hz: float | None = None
    unit: str | None = None
    electrode: Electrode | None = None
    muscle: str | None = None
    discharges: bool = False

    def __post_init__(self) -> None:
        """Refuse a muscle that nothing is known of."""
        if self.muscle is not None and self.muscle not in library().muscles:
            raise OutOfRangeError(f"muscle must be one of {', '.join(library().muscles)}, got {self.muscle!r}.")

    def as_json(self) -> dict[str, object]:
        """Return the order as plain values."""
        return {
            "sampling_rate_hz": self.sampling_rate_hz,
            "unit": self.unit,
            "electrode": None if self.electrode is None else self.electrode.value,
            "muscle": self.muscle,
            "discharges": self.discharges,
        }
