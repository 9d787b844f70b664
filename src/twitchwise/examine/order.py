"""What a person says about a recording that is to be measured, and what they ask for."""

from collections.abc import Callable
from dataclasses import dataclass

from twitchwise.knowledge import library
from twitchwise.vocabulary import Electrode, OutOfRangeError, Side, Task, View
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

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
    task
        What the person did while motion was recorded.
    site, side
        The part of the body, in plain words, and the side that a sensor was on or a video shows.
    view
        What a video shows.
    frame_rate_hz
        Pictures per second of a video whose file says it wrongly, above 0.

    Raises
    ------
    OutOfRangeError
        If the muscle is not known or the frame rate is not above 0; what a file contradicts is refused when it is read.
    """

    sampling_rate_hz: float | None = None
    unit: str | None = None
    electrode: Electrode | None = None
    muscle: str | None = None
    discharges: bool = False
    task: Task | None = None
    site: str | None = None
    side: Side | None = None
    view: View | None = None
    frame_rate_hz: float | None = None

    def __post_init__(self) -> None:
        """Refuse a muscle that nothing is known of."""
        if self.muscle is not None and self.muscle not in library().muscles:
            raise OutOfRangeError(
                say(
                    "muscle must be one of {muscles}, got {got!r}.",
                    muscles=", ".join(library().muscles),
                    got=self.muscle,
                )
            )
        if self.frame_rate_hz is not None:
            require_positive("fps", self.frame_rate_hz)

    def as_json(self) -> dict[str, object]:
        """Return the order as plain values."""
        return {
            "sampling_rate_hz": self.sampling_rate_hz,
            "unit": self.unit,
            "electrode": None if self.electrode is None else self.electrode.value,
            "muscle": self.muscle,
            "discharges": self.discharges,
            "task": self.task,
            "site": self.site,
            "side": self.side,
            "view": self.view,
            "frame_rate_hz": self.frame_rate_hz,
        }
