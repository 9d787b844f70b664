"""The backward model: what a recording or a video shows, as measurements with intervals, methods and doubts."""

from twitchwise.measure.asked import Asked
from twitchwise.measure.filmed import FilmedMovement
from twitchwise.measure.filming import measure_video
from twitchwise.measure.recording import measure_recording
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements, UnitMeasurements
from twitchwise.measure.spreading import Spread

__all__ = [
    "Asked",
    "ChannelQuality",
    "FilmedMovement",
    "RecordingMeasurements",
    "Spread",
    "UnitMeasurements",
    "measure_recording",
    "measure_video",
]
