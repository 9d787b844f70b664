"""What measuring a video gives beside measurements: traces of motion, and where in the picture it moved."""

from dataclasses import dataclass

from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording, Video
from twitchwise.vocabulary import View
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class FilmedMovement:
    """A measured video.

    Parameters
    ----------
    video
        What was measured; its pictures can be read as long as its file is there.
    view
        What it was taken to show, as a person said or as the pictures look.
    traces
        Motion over time as a recording: channels named after the parts of the picture that moved, in pixels, evenly
        sampled; events and measurements name these channels.
    result
        What was measured.
    heat_map
        How much each part of the picture moved by itself, in pixels (root mean square), shape ``(rows, columns)``: the
        picture divided evenly; or ``None``.
    """

    video: Video
    view: View
    traces: Recording
    result: RecordingMeasurements
    heat_map: FloatArray | None = None
