"""A film as a whole: what it shows, what moves in it, and what is measured of that."""

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.filmed import FilmedMovement
from twitchwise.signals import Video


def measure_film(video: Video, asked: Asked, progress: Progress) -> FilmedMovement:
    """Measure what moves in a video; see `twitchwise.measure.measure_video`."""
    raise NotImplementedError
