"""A slow-motion clip of each twitch that a video shows, with the motion made larger."""

from pathlib import Path

from twitchwise.examine.examined import ExaminedRecording
from twitchwise.vocabulary import EventKind, OutOfRangeError, UnwritableFileError


def write_clips(examined: ExaminedRecording, folder: Path) -> tuple[Path, ...]:
    """Write a clip of each visible twitch, named after its number and its time in milliseconds.

    Parameters
    ----------
    examined
        A measured video.
    folder
        Where to; made if it is not there. Files of the same names are replaced.

    Returns
    -------
    tuple of Path
        The files, in the order of the twitches.

    Raises
    ------
    OutOfRangeError
        If it was no video that was measured.
    UnwritableFileError
        If a clip cannot be put there.
    """
    if examined.film is None:
        raise OutOfRangeError(f"clips must be of a video, got the recording {examined.recording.name!r}.")
    from twitchwise.formats.video.clips import write_twitch_clip  # noqa: PLC0415 - PyAV loads when a clip is written

    twitches = (train for train in examined.result.events if train.kind is EventKind.VISIBLE_TWITCH)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableFileError(f"{folder}: the folder cannot be made there ({error.strerror}).") from error
    files = []
    for number, event in enumerate((event for train in twitches for event in train), start=1):
        file = folder / f"twitch_{number:03d}_at_{1000 * event.peak_s:.0f}_ms.mp4"
        write_twitch_clip(examined.film.video, event, file)
        files.append(file)
    return tuple(files)
