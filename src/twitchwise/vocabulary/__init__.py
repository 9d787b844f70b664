"""What every room speaks: units, errors, closed enums and the Measurement."""

from twitchwise.vocabulary.enums import (
    ChannelKind,
    Course,
    Detail,
    Electrode,
    EventKind,
    Family,
    FindingState,
    Setting,
    Sex,
    Side,
    Task,
    Urgency,
    View,
)
from twitchwise.vocabulary.errors import (
    KnowledgeError,
    MissingExtraError,
    OutOfRangeError,
    TwitchwiseError,
    UnreadableCaseError,
    UnreadableRecordingError,
    UnwritableFileError,
)
from twitchwise.vocabulary.measurement import Measurement
from twitchwise.vocabulary.units import Unit

__all__ = [
    "ChannelKind",
    "Course",
    "Detail",
    "Electrode",
    "EventKind",
    "Family",
    "FindingState",
    "KnowledgeError",
    "Measurement",
    "MissingExtraError",
    "OutOfRangeError",
    "Setting",
    "Sex",
    "Side",
    "Task",
    "TwitchwiseError",
    "Unit",
    "UnreadableCaseError",
    "UnreadableRecordingError",
    "UnwritableFileError",
    "Urgency",
    "View",
]
