"""One file per file format: opens recordings in blocks, writes EDF+ and tables of events, and speaks with MNE."""

from collections.abc import Iterable
from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.edf_write import write_edf
from twitchwise.formats.known import all_formats, folder_format, open_recording
from twitchwise.formats.mne_raw import events_to_annotations, from_mne, to_mne
from twitchwise.formats.video import VIDEO_SUFFIXES, open_video
from twitchwise.signals import EventTrain, Recording, Video
from twitchwise.vocabulary import Electrode, Unit

__all__ = [
    "Format",
    "events_to_annotations",
    "from_mne",
    "is_recording_folder",
    "is_video",
    "known_formats",
    "read_recording",
    "read_video",
    "to_mne",
    "write_edf",
    "write_events",
]


def known_formats() -> tuple[Format, ...]:
    """Return every format that can be read; a module of this room with a ``FORMAT`` is one."""
    return all_formats()


def read_recording(
    path: Path | str,
    *,
    sampling_rate_hz: float | None = None,
    unit: Unit | str | None = None,
    electrode: Electrode | None = None,
) -> Recording:
    """Open a recording; its samples stay in the file until they are asked for.

    Parameters
    ----------
    path
        Any file that `known_formats` lists: EDF, EDF+, BDF, WFDB, CSV and text tables, OTB+, OTB4, MATLAB, OpenSignals,
        Delsys text, Poly5, and Intan, Spike2, Blackrock, Open Ephys and others through neo; a WFDB record also without
        ending. Of a file in a BIDS data set (EMG, motion, physiology) the tables and JSON files that describe it are
        read too. Movement of phones and watches: tables of phyphox, Sensor Logger, SensorLog and others, their zip
        archives and folders, JSON records, TSDF sets, Axivity CWA and GENEActiv files.
    sampling_rate_hz
        Samples per second, where the file does not say.
    unit
        Unit of the EMG or the movement, where the file does not say and its samples do not tell: SI, or a spelling such
        as ``uV`` or ``g``.
    electrode
        How the EMG was taken, where the file does not say.

    Returns
    -------
    Recording
        Samples in SI; what was noticed on the way stands in its warnings.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read as a whole, or says something else than the options.
    OutOfRangeError
        If an option cannot be.
    MissingExtraError
        If the format needs a package that is not installed.
    """
    options = ReadOptions(
        typed=str(path),
        sampling_rate_hz=sampling_rate_hz,
        unit_text=None if unit is None else str(unit),
        electrode=electrode,
    )
    return open_recording(Path(path), options)


def is_recording_folder(path: Path | str) -> bool:
    """Tell whether a folder is one recording as a whole, as apps on phones export it, which `read_recording` opens."""
    found = folder_format(Path(path)) if Path(path).is_dir() else None
    return found is not None and found.is_whole_folder


def is_video(path: Path | str) -> bool:
    """Tell by its ending whether a file is a film that `read_video` opens."""
    return Path(path).suffix.lower() in VIDEO_SUFFIXES


def read_video(path: Path | str, *, frame_rate_hz: float | None = None) -> Video:
    """Open a film; its pictures stay in the file until they are asked for.

    Parameters
    ----------
    path
        An MP4, MOV, WebM, MKV, AVI or GIF file.
    frame_rate_hz
        Pictures per second, where the file says it wrongly, as slow-motion films often do.

    Returns
    -------
    Video
        Pictures upright, with the time stamps of the container; what was noticed on the way stands in its warnings.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read as a film.
    OutOfRangeError
        If the frame rate is not above 0.
    MissingExtraError
        If PyAV is not installed.
    """
    return open_video(Path(path), str(path), frame_rate_hz)


def write_events(path: Path | str, trains: Iterable[EventTrain], recording: Recording) -> None:
    """Write events as a BIDS ``events.tsv``, which appears under its name only when it is whole.

    Parameters
    ----------
    path
        Where to; what is there is replaced.
    trains
        Events of any kinds on channels of the recording.
    recording
        Where they were found.

    Raises
    ------
    UnwritableFileError
        If the file cannot be written.
    OutOfRangeError
        If a name of a channel cannot stand in a table.
    """
    from twitchwise.formats.bids.measured_events import write_measured_events  # noqa: PLC0415 - reading starts without

    write_measured_events(Path(path), trains, recording)
