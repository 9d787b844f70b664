"""Looking through a recording: it is opened at once, and made ready to draw and measured in the background."""

import dataclasses
import os
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.examine.as_bids import write_reviewed_as_bids
from twitchwise.examine.examination import examine_opened
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.order import MeasuringOrder
from twitchwise.examine.review import Review, Tally, Verdict, tallies, trains_of
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.examine.stopping import StoppedError, examine_until_stopped, heeding
from twitchwise.vocabulary import (
    EventKind,
    OutOfRangeError,
    TwitchwiseError,
    UnreadableRecordingError,
    UnwritableFileError,
)
from twitchwise.vocabulary.text import filled_anew, say

if TYPE_CHECKING:
    from twitchwise.signals import Recording
    from twitchwise.signals.pyramid import Extremes, Pyramid

MOST_UNDONE = 500  # steps that can be taken back
_FIRST_PICTURE_S = 1.0  # a first picture is drawn before the levels of a large recording take the disk
_FILM_WAITS = say("a film must be measured before its movement can be shown; please wait.")


class Phase(StrEnum):
    """How far the work in the background is."""

    PREPARING = "preparing"
    MEASURING = "measuring"
    MEASURED = "measured"
    NOT_MEASURED = "not_measured"
    STOPPED = "stopped"


class Taken(StrEnum):
    """A form that a recording is taken along in."""

    EDF = "edf"
    BIDS = "bids"


class Look:
    """A recording that somebody looks through.

    Parameters
    ----------
    file
        The recording.
    order
        What the file does not say.
    folder
        A temporary folder that goes when the look is closed.

    Raises
    ------
    UnreadableRecordingError
        If the file cannot be read.
    OutOfRangeError
        If what was said of it cannot be.
    MissingExtraError
        If its format needs a package that is not installed.
    """

    def __init__(self, file: Path, order: MeasuringOrder, folder: ScratchFolder) -> None:
        self.name = file.name
        self.phase, self.share_measured, self.refusal = Phase.PREPARING, 0.0, ""
        self.examined: ExaminedRecording | None = None
        self.here_s = 0.0
        self._file, self._order, self._folder = file, order, folder
        self._recording: Recording | None = None
        self._pyramid: Pyramid | None = None
        self._reviews: deque[Review] = deque([Review()], maxlen=MOST_UNDONE)
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._closed = False
        self._is_film = _is_film(file)
        if not self._is_film:
            self._show(_opened(file, order))
        self._thread = threading.Thread(target=self._work, name="look", daemon=True)

    def start(self) -> "Look":
        """Begin the work in the background."""
        self._thread.start()
        return self

    @property
    def recording(self) -> "Recording":
        """What is looked at.

        Raises
        ------
        UnreadableRecordingError
            If there is nothing to see yet: the traces of a film are there once it is measured.
        """
        if self._recording is None:
            raise UnreadableRecordingError(_FILM_WAITS)
        return self._recording

    @property
    def is_shown(self) -> bool:
        """Whether there is something to see."""
        return self._recording is not None

    @property
    def is_working(self) -> bool:
        """Whether the work in the background goes on."""
        return self.phase in {Phase.PREPARING, Phase.MEASURING}

    @property
    def share_prepared(self) -> float:
        """How much can be drawn from prepared levels, from 0 to 1."""
        return 0.0 if self._pyramid is None else self._pyramid.share_done

    def view(self, channels: Sequence[int], start_s: float, stop_s: float, n_pixels: int) -> "Extremes":
        """Return the least and greatest sample a pixel; see `twitchwise.signals.pyramid.Pyramid.view`.

        Raises
        ------
        OutOfRangeError
            If what is asked for cannot be.
        UnreadableRecordingError
            If there is nothing to see yet, or the file has changed or is gone.
        """
        pyramid = self._pyramid
        if pyramid is None:
            raise UnreadableRecordingError(_FILM_WAITS)
        self.here_s = (start_s + stop_s) / 2 if isfinite(start_s + stop_s) else 0.0
        with _readable():
            return pyramid.view(channels, start_s, stop_s, n_pixels)

    @property
    def review(self) -> Review:
        """The events and what was said of them."""
        return self._reviews[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step that can be taken back."""
        return len(self._reviews) > 1

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """How many events of each kind every channel has, as they stand."""
        result = None if self.examined is None else self.examined.result
        return tallies(self.review.events, self.recording, result)

    def judge(self, verdicts: Mapping[str, Verdict]) -> None:
        """Accept and reject events by their ids; those that change nothing are no step.

        Raises
        ------
        OutOfRangeError
            If there is no such event.
        """
        with self._lock:
            now = self.review
            new = {name: said for name, said in verdicts.items() if now.verdicts.get(name, Verdict.OPEN) is not said}
            if new:
                self._reviews.append(now.judged(new))

    def add(self, kind: EventKind, channel: str, time_s: float) -> str:
        """Mark an event by hand and return its id.

        Raises
        ------
        OutOfRangeError
            If there is no such channel, or the time lies outside of it.
        UnreadableRecordingError
            If the file has changed or is gone.
        """
        described = self.recording.channel(channel)
        if not 0 <= time_s < described.duration_s:
            raise OutOfRangeError(
                say(
                    "time must lie in 0 to {duration_s:g} s, got {time_s!r}.",
                    duration_s=described.duration_s,
                    time_s=time_s,
                )
            )
        step_s = 1 / described.sampling_rate_hz
        with _readable():
            samples = self.recording.read(channel, time_s, min(time_s + step_s, described.duration_s))
        peak = float(samples[0]) if samples.size and isfinite(samples[0]) else 0.0
        with self._lock:
            self._reviews.append(self.review.with_added(kind, channel, time_s, peak))
            return self.review.added[-1].id

    def undo(self) -> None:
        """Take back the last step; nothing happens where there is none."""
        with self._lock:
            if self.can_undo:
                self._reviews.pop()

    def stop(self) -> None:
        """Stop the work in the background; what can be seen stays."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and delete the temporary folder with all that is in it."""
        self._closed = True
        self._stop.set()
        self._folder.erase()

    def write(self, form: Taken) -> Path:
        """Write the recording with its events into the temporary folder, and return the file.

        Parameters
        ----------
        form
            EDF+ holds the events that count as annotations; the archive of a BIDS data set holds all as reviewed.

        Raises
        ------
        OutOfRangeError
            If the form cannot hold the recording.
        UnreadableRecordingError
            If the file has changed or is gone.
        UnwritableFileError
            If there is no room on the disk.
        """
        with _readable():
            if form is Taken.BIDS:
                return write_reviewed_as_bids(self._folder.path, self.recording, self.review.events)
            return self._write_edf()

    def _write_edf(self) -> Path:
        from twitchwise.formats import write_edf  # noqa: PLC0415 - array libraries load here

        file = self._folder.path / f"export-{secrets.token_hex(8)}.edf"
        write_edf(self.recording, file, event_trains=list(trains_of(self.review.events)))
        return file

    def _show(self, recording: "Recording") -> None:
        from twitchwise.signals.pyramid import Pyramid  # noqa: PLC0415 - array libraries load here

        self._pyramid, self._recording = Pyramid(recording, self._folder.path), recording

    def _work(self) -> None:
        """Prepare, then measure: what is looked at must move smoothly first."""
        try:
            self._prepare()
            self.phase = Phase.MEASURING
            self._take(self._measured())
        except StoppedError:
            self.phase = Phase.STOPPED
        except TwitchwiseError as refusal:
            self._end(refusal.sentence)
        except Exception as fault:  # noqa: BLE001 - a fault must be told to whoever waits for the result
            self._end(
                say("measuring must not fail, but it did: {fault}; please report this.", fault=type(fault).__name__)
            )
        finally:
            if self._closed:
                self._folder.erase()  # what was written after closing, or could not be deleted then

    def _prepare(self) -> None:
        if self._pyramid is not None:
            if self._pyramid.is_large:
                self._stop.wait(_FIRST_PICTURE_S)
            with suppress(UnwritableFileError):  # without room for it, pictures stay coarse
                self._pyramid.build(lambda: self.here_s, self._stop.is_set)
        self._tell(0.0)

    def _measured(self) -> ExaminedRecording:
        if self._is_film:
            return examine_until_stopped(self._file, self._order, self._tell, self._heed)
        watched = heeding(self.recording, self._heed)
        return dataclasses.replace(examine_opened(watched, self._order, self._tell), recording=self.recording)

    def _take(self, examined: ExaminedRecording) -> None:
        if self._is_film:
            self._show(examined.recording)
            self._prepare()
        with self._lock:
            found = Review().with_found(examined.result.events).found
            self._reviews = deque(
                (Review(found=found, added=one.added, verdicts=one.verdicts) for one in self._reviews), MOST_UNDONE
            )
            self.examined = examined
        self.phase = Phase.MEASURED

    def _end(self, sentence: str) -> None:
        self.refusal = filled_anew(sentence, lambda plain: plain.replace(f"{self._folder.path}{os.sep}", ""))
        self.phase = Phase.STOPPED if self._stop.is_set() else Phase.NOT_MEASURED

    def _tell(self, share: float) -> None:
        self._heed()
        self.share_measured = share

    def _heed(self) -> None:
        if self._stop.is_set():
            raise StoppedError


def _is_film(file: Path) -> bool:
    from twitchwise.formats import is_video  # noqa: PLC0415 - array libraries load here

    return is_video(file)


def _opened(file: Path, order: MeasuringOrder) -> "Recording":
    from twitchwise.formats import read_recording  # noqa: PLC0415 - array libraries load here

    return read_recording(file, sampling_rate_hz=order.sampling_rate_hz, unit=order.unit, electrode=order.electrode)


@contextmanager
def _readable() -> Iterator[None]:
    """Say in one sentence that the file is gone."""
    try:
        yield
    except OSError as error:
        said = say("the recording must stay where it is, got {reason!r}.", reason=error.strerror)
        raise UnreadableRecordingError(said) from None
