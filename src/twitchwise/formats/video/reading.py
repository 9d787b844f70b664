"""Opens a film with the time stamps of its container."""

from pathlib import Path

from twitchwise.formats.refusal import one_sentence, readable
from twitchwise.formats.video.pictures import FilmFile, first_pictures
from twitchwise.formats.video.stamps import pictures_times
from twitchwise.signals import Video
from twitchwise.vocabulary import MissingExtraError, UnreadableRecordingError
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".gif")


def open_video(path: Path, typed: str, frame_rate_hz: float | None) -> Video:
    """Open a film; see `twitchwise.formats.read_video`."""
    if frame_rate_hz is not None:
        require_positive("frame rate in Hz", frame_rate_hz)
    with readable(typed), path.open("rb") as file:
        if not file.read(1):
            raise UnreadableRecordingError(say("film must hold pictures, got the empty file {file!r}.", file=typed))
    try:
        from twitchwise.formats.video.container import survey  # noqa: PLC0415 - PyAV is an extra and loads slowly
    except ImportError as error:
        raise MissingExtraError(say("Reading a film"), "video") from error
    with one_sentence(typed, say("film")):
        container = survey(path, typed)
    first = first_pictures(path, typed)
    times = pictures_times(container.stamps, name=path.name, frame_rate_hz=frame_rate_hz)
    return Video(
        name=path.name,
        format=f"{path.suffix[1:].upper()} ({container.codec})",
        width=first.width,
        height=first.height,
        times_s=times.times_s,
        source=FilmFile(path=path, typed=typed, stamps=times.picture_stamps, turns=first.turns),
        start=container.start,
        warnings=(*container.warnings, *times.warnings),
        notes=(*first.notes, *times.notes),
    )
