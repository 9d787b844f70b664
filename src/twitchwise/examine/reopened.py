"""A recording that can be sent to another process: what travels is where its file lies; there it is opened again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.examine.order import MeasuringOrder
from twitchwise.vocabulary import Electrode, UnreadableRecordingError
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.signals import Recording, Rows, SampleSource
    from twitchwise.vocabulary.arrays import FloatArray

# Recordings that a process keeps open: pieces of one or two come in turn.
_KEPT_OPEN = 4

_Stamp = tuple[str, int, int]
"""A file with its size in bytes and the time of its last change in nanoseconds."""


def read_to_send(file: Path, order: MeasuringOrder) -> "Recording":
    """Open a recording so that it can be pickled, however long it is.

    Parameters
    ----------
    file
        A recording in any format that the program reads, where other processes find it, too.
    order
        What the file does not say.

    Returns
    -------
    Recording
        One that is opened again by whoever unpickles and reads it; reading raises UnreadableRecordingError there if the
        file, or one that belongs to it, is not as it was here.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If what was said of it cannot be.
    MissingExtraError
        If its format needs a package that is not installed.
    """
    from twitchwise.formats import read_recording  # noqa: PLC0415 - array libraries load here, not at start-up

    opening = _Opening(
        file=str(file.absolute()),
        stamps=_stamps(file),
        sampling_rate_hz=order.sampling_rate_hz,
        unit=order.unit,
        electrode=order.electrode,
    )
    recording = read_recording(
        file, sampling_rate_hz=order.sampling_rate_hz, unit=order.unit, electrode=order.electrode
    )
    return replace(recording, source=ReopenedSource(opening, recording.source))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opening:
    """Where a recording lies, what its files were like, and what they do not say."""

    file: str
    stamps: tuple[_Stamp, ...]
    sampling_rate_hz: float | None
    unit: str | None
    electrode: Electrode | None

    def source(self) -> "SampleSource":
        """Return what gives the samples in this process."""
        if not self.stamps or tuple(_stamp(Path(name)) for name, _, _ in self.stamps) != self.stamps:
            raise UnreadableRecordingError(
                say("{file!r} must stay as it is while it is measured, got one that was changed.", file=self.file)
            )
        return _opened(self)


class ReopenedSource:
    """Samples of a file; pickled as where the file lies.

    Parameters
    ----------
    opening
        How it is opened.
    source
        What gives its samples in this process, where it is open already.
    """

    def __init__(self, opening: _Opening, source: "SampleSource | None" = None) -> None:
        self._opening, self._source = opening, source

    def __reduce__(self) -> tuple[type["ReopenedSource"], tuple[_Opening]]:
        """Return what travels."""
        return ReopenedSource, (self._opening,)

    def read(self, channel: int, start: int, stop: int) -> "FloatArray":
        """Return samples of a channel."""
        return self._here().read(channel, start, stop)

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> "Rows":
        """Return samples of several channels of one rate."""
        from twitchwise.signals import rows_of  # noqa: PLC0415 - array libraries load here

        return rows_of(self._here(), channels, start, stop)

    def _here(self) -> "SampleSource":
        if self._source is None:
            self._source = self._opening.source()
        return self._source


@lru_cache(maxsize=_KEPT_OPEN)
def _opened(opening: _Opening) -> "SampleSource":
    from twitchwise.formats import read_recording  # noqa: PLC0415 - array libraries load here, not at start-up

    again = read_recording(
        Path(opening.file),
        sampling_rate_hz=opening.sampling_rate_hz,
        unit=opening.unit,
        electrode=opening.electrode,
    )
    return again.source


def _stamps(file: Path) -> tuple[_Stamp, ...]:
    """Return the stamps of all files of a recording; none where there is nothing to read."""
    from twitchwise.formats.folder import files_of  # noqa: PLC0415 - array libraries load here

    with suppress(OSError):
        stamps = (_stamp(one) for one in files_of(file.absolute()))
        return tuple(stamp for stamp in stamps if stamp is not None)
    return ()


def _stamp(file: Path) -> _Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return str(file), found.st_size, found.st_mtime_ns
