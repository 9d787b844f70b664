"""A recording or a video with what was measured on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.vocabulary import Side
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.measure import FilmedMovement, RecordingMeasurements
    from twitchwise.signals import Recording


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedRecording:
    """A recording and what was measured on it.

    Parameters
    ----------
    recording
        Its channels and, for as long as its file is there, its samples.
    result
        What was measured.
    muscle
        Id of the muscle that it is of, where a person said so; published ranges are those of this muscle.
    film
        Where a video was measured, the video and its maps of motion; ``recording`` then holds its traces of motion.
    site, side
        Part of the body and side, where a person said so.
    """

    recording: "Recording"
    result: "RecordingMeasurements"
    muscle: str | None = None
    film: "FilmedMovement | None" = None
    site: str | None = None
    side: Side | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader and the measuring noticed, each once, with the recording's name."""
        said = dict.fromkeys((*self.recording.warnings, *self.result.warnings))
        return tuple(say("{recording}: {warning}", recording=self.recording.name, warning=one) for one in said)
