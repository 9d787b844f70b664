"""Measuring a video."""

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.filmed import FilmedMovement
from twitchwise.signals import Video
from twitchwise.signals.one_thread import one_thread
from twitchwise.vocabulary import Side, View


def measure_video(
    video: Video,
    *,
    view: View | None = None,
    site: str | None = None,
    side: Side | None = None,
    progress: Progress | None = None,
) -> FilmedMovement:
    """Measure what moves in a video: visible twitches, tremor and other periodic movement.

    Parameters
    ----------
    video
        A film of skin, of a limb, of an object, or of an ultrasound screen.
    view
        Which of these it is; judged from the pictures if left out.
    site, side
        The part of the body, in plain words, and the side that it shows.
    progress
        Is told how much is done, from 0 to 1.

    Returns
    -------
    FilmedMovement
        Movements are in pixels, because a picture alone does not tell how large a pixel is; what was not seen comes
        with the time looked and an upper bound.

    Raises
    ------
    UnreadableRecordingError
        If a picture cannot be read, or the film is too short or too dark to tell a movement.
    MissingExtraError
        If the packages for video are not installed.
    """
    # OpenCV takes a third of a second to load: only when something is measured
    from twitchwise.measure.video import measure_film  # noqa: PLC0415

    with one_thread():
        return measure_film(video, Asked(view=view, site=site, side=side), progress or (lambda _: None))
