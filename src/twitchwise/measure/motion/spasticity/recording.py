"""The part of the measuring of a recording that this folder does."""

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording


def measure_spasticity(recording: Recording, asked: Asked, progress: Progress) -> RecordingMeasurements | None:
    """Measure what this part can use of a recording, or return ``None`` where there is nothing for it."""
    del recording, asked, progress
    return None
