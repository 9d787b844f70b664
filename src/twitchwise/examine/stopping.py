"""Measuring that can be stopped: between pictures, between reads, and whenever it tells how much is done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.examine.examination import examine_filmed, examine_opened
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.order import MeasuringOrder, Progress

if TYPE_CHECKING:
    from twitchwise.signals import Recording, Rows, SampleSource
    from twitchwise.signals.video import Picture, PictureSource
    from twitchwise.vocabulary.arrays import FloatArray

Heed = Callable[[], None]
"""Raises StoppedError once measuring is to stop, and does nothing before."""


class StoppedError(Exception):
    """Measuring was stopped; no refusal, so that no part of the measuring takes it for one."""


def examine_until_stopped(file: Path, order: MeasuringOrder, progress: Progress, heed: Heed) -> ExaminedRecording:
    """Read and measure one recording or video, unless it is stopped.

    Parameters
    ----------
    file
        A recording in any format that the program reads.
    order
        What the file does not say, and what to look for.
    progress
        Is told how much is done, from 0 to 1.
    heed
        Is called before each read of samples or of a picture, and whenever progress is told.

    Raises
    ------
    StoppedError
        If it was stopped.
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If it holds nothing that can be measured.
    """
    # array libraries load here, not at start-up
    from twitchwise.formats import is_video, read_recording, read_video  # noqa: PLC0415

    def told(share: float) -> None:
        heed()
        progress(share)

    heed()
    if not is_video(file):
        recording = read_recording(
            file, sampling_rate_hz=order.sampling_rate_hz, unit=order.unit, electrode=order.electrode
        )
        examined = examine_opened(heeding(recording, heed), order, told)
        return replace(examined, recording=recording)
    video = read_video(file, frame_rate_hz=order.frame_rate_hz)
    examined = examine_filmed(replace(video, source=_HeedingPictures(video.source, heed)), order, told)
    return replace(examined, film=None if examined.film is None else replace(examined.film, video=video))


def heeding(recording: "Recording", heed: Heed) -> "Recording":
    """Return a recording that can be stopped whenever it is read, which is more often than progress is told."""
    return replace(recording, source=_HeedingSource(recording.source, heed))


class _HeedingSource:
    """Samples of a source, until measuring is to stop."""

    def __init__(self, source: "SampleSource", heed: Heed) -> None:
        self._source, self._heed = source, heed

    def read(self, channel: int, start: int, stop: int) -> "FloatArray":
        """Return samples of a channel."""
        self._heed()
        return self._source.read(channel, start, stop)

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> "Rows":
        """Return samples of several channels of one rate."""
        from twitchwise.signals import rows_of  # noqa: PLC0415 - array libraries load here

        self._heed()
        return rows_of(self._source, channels, start, stop)


class _HeedingPictures:
    """Pictures of a source, until measuring is to stop."""

    def __init__(self, source: "PictureSource", heed: Heed) -> None:
        self._source, self._heed = source, heed

    def brightness(self, start: int, stop: int) -> "Iterator[Picture]":
        """Give the brightness of pictures."""
        return self._heeded(self._source.brightness(start, stop))

    def color(self, start: int, stop: int) -> "Iterator[Picture]":
        """Give pictures in color."""
        return self._heeded(self._source.color(start, stop))

    def _heeded(self, pictures: "Iterator[Picture]") -> "Iterator[Picture]":
        for picture in pictures:
            self._heed()
            yield picture
