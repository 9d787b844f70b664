"""The backward model: what a recording shows, as measurements with intervals, methods and doubts."""

from twitchwise.measure.recording import measure_recording
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements

measure = measure_recording
"""The same function by its short name, for use inside the package."""

__all__ = ["ChannelQuality", "RecordingMeasurements", "measure", "measure_recording"]
