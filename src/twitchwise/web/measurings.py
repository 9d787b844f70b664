"""Recordings of visits that are measured in the background: a few at once, others in line, each can be stopped."""

import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request

from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.examine.stopping import StoppedError
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.vocabulary.text import filled_anew, say
from twitchwise.web.upload import measure_upload
from twitchwise.web.visit_store import VisitNotFoundError, VisitStore

MOST_AT_ONCE = 2  # each may take a core and some hundred megabytes
MOST_IN_LINE = 16  # each may hold half a gigabyte on the disk
MOST_REFUSED = 8  # of a visit that are remembered
ID_BYTES = 8
LEAST_TOLD_S, LEAST_TOLD_SHARE = 3.0, 0.05  # before that, how much time is left would be a guess
PATIENCE_S = 2.0  # how long measuring may take to stop when the program ends


class LineFullError(TwitchwiseError):
    """No more recordings can wait to be measured."""

    def __init__(self) -> None:
        super().__init__("Recordings in line must be fewer before another is added; try again in a few minutes.")


class Stage(StrEnum):
    """How far a recording is."""

    WAITING = "waiting"
    MEASURING = "measuring"
    REFUSED = "refused"


class Measuring:
    """A recording of a visit that is being measured.

    Parameters
    ----------
    file
        The file to open, in the folder.
    order
        What it does not say.
    folder
        A temporary folder, which goes when measuring ends in whatever way.
    clock
        Gives seconds that only ever grow.
    """

    def __init__(
        self, file: Path, order: MeasuringOrder, folder: ScratchFolder, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.id, self.name = secrets.token_urlsafe(ID_BYTES), file.name
        self.stage, self.share, self.refusal, self.is_told = Stage.WAITING, 0.0, "", False
        self._file, self._order, self._folder, self._clock = file, order, folder, clock
        self._begun_s = clock()
        self._stop = threading.Event()

    @property
    def is_working(self) -> bool:
        """Whether it is measured or waits to be."""
        return self.stage is not Stage.REFUSED

    @property
    def left_s(self) -> float | None:
        """About how many seconds are left, ``None`` where that is not known: only films are measured evenly."""
        from twitchwise.formats import is_video  # noqa: PLC0415 - array libraries load here, not at start-up

        share, taken_s = self.share, self._clock() - self._begun_s
        if self.stage is not Stage.MEASURING or share < LEAST_TOLD_SHARE or taken_s < LEAST_TOLD_S:
            return None
        return taken_s * (1 - share) / share if is_video(self._file) else None

    def measure(self) -> ExaminedRecording | None:
        """Measure and delete the files; ``None`` where it was stopped or refused."""
        self.stage, self._begun_s = Stage.MEASURING, self._clock()
        try:
            return measure_upload(self._file, self._order, self._tell, self._heed)
        except StoppedError:
            return None
        except TwitchwiseError as refusal:
            self._refuse(refusal.sentence)
        except Exception as fault:  # noqa: BLE001 - a fault must be told to whoever waits for the result
            self._refuse(
                say("measuring must not fail, but it did: {fault}; please report this.", fault=type(fault).__name__)
            )
        finally:
            self._folder.erase()
        return None

    def stop(self) -> None:
        """Stop measuring and delete the files."""
        self._stop.set()
        self._folder.erase()

    def _refuse(self, sentence: str) -> None:
        self.refusal = filled_anew(sentence, self._without_folder)
        self.stage = Stage.REFUSED

    def _without_folder(self, text: str) -> str:
        return text.replace(f"{self._folder.path}{os.sep}", "")

    def _tell(self, share: float) -> None:
        self.share = share

    def _heed(self) -> None:
        if self._stop.is_set():
            raise StoppedError


class MeasuringStore:
    """What is measured for which visit, by the visit's token; a visit that is dropped takes it along.

    Parameters
    ----------
    visits
        Where a recording goes when it is measured.
    most_at_once
        How many are measured at the same time; others wait in line.
    most_in_line
        How many may wait.
    """

    def __init__(
        self, visits: VisitStore, *, most_at_once: int = MOST_AT_ONCE, most_in_line: int = MOST_IN_LINE
    ) -> None:
        self._visits, self._most, self._longest = visits, most_at_once, most_in_line
        self._of: dict[str, list[Measuring]] = {}
        self._line: deque[tuple[str, Measuring]] = deque()
        self._running: dict[Measuring, threading.Thread] = {}
        self._lock = threading.Lock()
        visits.tell_when_dropped(self.forget)

    def refuse_if_full(self) -> None:
        """Raise LineFullError where nothing more can be taken."""
        if len(self._line) >= self._longest:
            raise LineFullError

    def add(self, token: str, measuring: Measuring) -> None:
        """Measure a recording for a visit, now or when it is its turn; what was refused before is forgotten.

        Raises
        ------
        LineFullError
            If too many wait already.
        VisitNotFoundError
            If the visit was dropped while its file was sent.
        """
        with self._lock:
            self.refuse_if_full()
            mine = self._of.get(token, [])
            untold = [one for one in mine if not (one.is_working or one.is_told)][-MOST_REFUSED:]
            self._of[token] = [*untold, *(one for one in mine if one.is_working), measuring]
            self._line.append((token, measuring))
        try:
            self._visits.get(token)
        except VisitNotFoundError:
            self.forget(token)
            raise
        self._begin()

    def of(self, token: str) -> tuple[Measuring, ...]:
        """Return what is measured, waits, or was refused for a visit, in the order of adding."""
        with self._lock:
            return tuple(self._of.get(token, ()))

    def n_before(self, measuring: Measuring) -> int:
        """Return how many others stand before one in line."""
        with self._lock:
            line = [one for _, one in self._line]
        return line.index(measuring) if measuring in line else 0

    def stop(self, token: str, name: str) -> None:
        """Stop one by its id and delete its files, or forget that it was refused; nothing happens where it is not."""
        found = [one for one in self.of(token) if one.id == name]
        self._take_out(token, found)
        _stop(found)

    def forget(self, token: str) -> None:
        """Stop all that is measured for a visit, and delete its files."""
        found = self.of(token)
        self._take_out(token, found)
        _stop(found)

    def close(self) -> None:
        """Stop everything, delete all files, and wait a moment until it has stopped."""
        with self._lock:
            tokens, threads = list(self._of), list(self._running.values())
        for token in tokens:
            self.forget(token)
        until_s = time.monotonic() + PATIENCE_S
        for thread in threads:
            thread.join(max(0.0, until_s - time.monotonic()))

    def _take_out(self, token: str, gone: Iterable[Measuring]) -> None:
        out = set(gone)
        with self._lock:
            self._line = deque(pair for pair in self._line if pair[1] not in out)
            kept = [one for one in self._of.pop(token, ()) if one not in out]
            if kept:
                self._of[token] = kept

    def _begin(self) -> None:
        with self._lock:
            while self._line and len(self._running) < self._most:
                token, one = self._line.popleft()
                thread = threading.Thread(target=self._work, args=(token, one), name="measuring", daemon=True)
                self._running[one] = thread
                thread.start()

    def _work(self, token: str, one: Measuring) -> None:
        try:
            examined = one.measure()
            if examined is not None and one in self.of(token):  # else it was stopped
                # first in the visit and only then no more in the making, so that it is never in neither
                with suppress(VisitNotFoundError):
                    self._visits.change(token, lambda visit: visit.with_recording(examined))
                self._take_out(token, [one])
        finally:
            with self._lock:
                del self._running[one]
            self._begin()


def _stop(found: Iterable[Measuring]) -> None:
    for one in found:
        one.stop()


def _store(request: Request) -> MeasuringStore:
    return cast("MeasuringStore", request.app.state.measurings)


Measurings = Annotated[MeasuringStore, Depends(_store)]
"""What is measured in the background."""
