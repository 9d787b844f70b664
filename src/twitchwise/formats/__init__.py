"""One file per file format: opens recordings in blocks and writes EDF+."""

from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.edf_write import write_edf
from twitchwise.formats.known import all_formats, open_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import Electrode, Unit

__all__ = ["Format", "known_formats", "read_recording", "write_edf"]


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
        An EDF, EDF+, BDF, CSV or text file, a WFDB record by its header or without ending, or an OTBioLab+ export.
    sampling_rate_hz
        Samples per second, where the file does not say.
    unit
        Unit of the EMG, where the file does not say: SI, or a spelling such as ``uV``.
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
