"""The backward model: what a recording shows, as measurements with intervals, methods and doubts."""

from twitchwise.measure.recording import measure_recording
from twitchwise.measure.results import ChannelQuality, RecordingMeasurements, UnitMeasurements

__all__ = ["ChannelQuality", "RecordingMeasurements", "UnitMeasurements", "measure_recording"]
