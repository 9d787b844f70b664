"""What was recorded: immutable containers that are read in blocks."""

from twitchwise.signals.channel import Channel
from twitchwise.signals.event_train import Event, EventTrain
from twitchwise.signals.intervals import Intervals
from twitchwise.signals.recording import Annotation, Recording
from twitchwise.signals.sample_source import ArraySource, Rows, RowSource, SampleSource, rows_of
from twitchwise.signals.video import Picture, PictureSource, Video

__all__ = [
    "Annotation",
    "ArraySource",
    "Channel",
    "Event",
    "EventTrain",
    "Intervals",
    "Picture",
    "PictureSource",
    "Recording",
    "RowSource",
    "Rows",
    "SampleSource",
    "Video",
    "rows_of",
]
