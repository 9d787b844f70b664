"""Keeps the recordings that are looked through: a few of them, for a while, each under a token that nobody guesses."""

import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from twitchwise.examine import MeasuringOrder
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.vocabulary import TwitchwiseError, UnreadableRecordingError
from twitchwise.vocabulary.text import filled_anew, say
from twitchwise.web.forms import FormError, FormRefusedError
from twitchwise.web.rendering import page
from twitchwise.web.upload import main_file, save_file
from twitchwise.web.visit_store import IDLE_LIMIT_S, TOKEN_BYTES
from twitchwise.web.visiting import SEE_OTHER

if TYPE_CHECKING:
    from twitchwise.examine.looking import Look

MOST_LOOKS = 4  # each may hold half a gigabyte on the disk and one thread
NOT_FOUND = 404
LONGEST_PATH = 4096


@dataclass(slots=True)
class _Kept:
    look: "Look"
    used_at_s: float


class LookStore:
    """Recordings that are looked through, by token; one that is dropped is closed, and its copy deleted.

    Parameters
    ----------
    clock
        Gives seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def put(self, look: "Look") -> str:
        """Keep a recording and return its token; the one unused for longest makes room."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._kept[token] = _Kept(look, self._clock())
            dropped = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - MOST_LOOKS)]
        _close(dropped)
        return token

    def get(self, token: str) -> "Look | None":
        """Return the recording, or ``None`` where there is none, or no longer."""
        with self._lock:
            dropped = self._expired()
            kept = self._kept.get(token)
            if kept is not None:
                kept.used_at_s = self._clock()
                self._kept.move_to_end(token)
        _close(dropped)
        return None if kept is None else kept.look

    def erase(self, token: str) -> None:
        """Close a recording and delete its copy; nothing happens where there is none."""
        with self._lock:
            kept = self._kept.pop(token, None)
        _close([] if kept is None else [kept])

    def erase_all(self) -> None:
        """Close every recording."""
        with self._lock:
            dropped = list(self._kept.values())
            self._kept.clear()
        _close(dropped)

    def _expired(self) -> list[_Kept]:
        # the least recently used stands first
        oldest_s, dropped = self._clock() - IDLE_LIMIT_S, list[_Kept]()
        while self._kept and next(iter(self._kept.values())).used_at_s < oldest_s:
            dropped.append(self._kept.popitem(last=False)[1])
        return dropped


def _close(dropped: Sequence[_Kept]) -> None:
    """Close what is kept no more; this may take a moment, so no lock is held meanwhile."""
    for one in dropped:
        one.look.close()


def look_store(request: Request) -> LookStore:
    """Return where the recordings of this application are kept."""
    state = request.app.state
    if not hasattr(state, "looks"):
        state.looks = LookStore()
    return cast("LookStore", state.looks)


Looks = Annotated[LookStore, Depends(look_store)]
"""Where the recordings are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looking:
    """A recording in the middle of a request."""

    token: str
    look: "Look"

    def url(self, place: str = "") -> str:
        """Return the address of a page of this recording, or of a part of its first page."""
        return f"/measure/{self.token}{place if place.startswith('?') else f'/{place}' if place else ''}"

    def go_to(self, place: str = "") -> RedirectResponse:
        """Send the browser to a page of this recording."""
        return RedirectResponse(self.url(place), status_code=SEE_OTHER)

    def page(self, template: str, *, error: FormError | None = None, **values: object) -> HTMLResponse:
        """Return a page of this recording; one with an error has status 422."""
        return page(template, status=422 if error else 200, error=error, here=self, **values)


def _open_look(token: str, looks: Looks) -> Looking:
    look = looks.get(token)
    if look is None:
        raise HTTPException(NOT_FOUND)
    return Looking(token=token, look=look)


HereLooking = Annotated[Looking, Depends(_open_look)]
"""A page of a recording that is open."""


def warm_up() -> None:
    """Load what opening a recording needs while a person still chooses one, so that its picture comes at once."""
    Thread(target=_load, name="warm up", daemon=True).start()


def _load() -> None:
    import edfio  # noqa: F401, PLC0415 - array libraries load here, not at start-up

    import twitchwise.examine.looking  # noqa: PLC0415
    import twitchwise.formats  # noqa: PLC0415
    import twitchwise.report.trace_picture  # noqa: PLC0415
    import twitchwise.signals.pyramid  # noqa: F401, PLC0415


def may_open_paths(request: Request) -> bool:
    """Tell whether files may be opened by their paths: only where none but this computer can ask."""
    host = (request.scope.get("server") or ("",))[0]
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def look_at_upload(files: Sequence[UploadFile], order: MeasuringOrder) -> "Look":
    """Open the files of one recording that were sent; their copies lie in a temporary folder.

    Raises
    ------
    TwitchwiseError
        If there is no recording in them that can be read.
    """
    folder = ScratchFolder()
    try:
        return _look(main_file([save_file(file, folder.path) for file in files]), order, folder)
    except TwitchwiseError as error:
        without = filled_anew(error.sentence, lambda text: text.replace(f"{folder.path}{os.sep}", ""))
        raise UnreadableRecordingError(without) from None


def look_at_path(typed: str, order: MeasuringOrder) -> "Look":
    """Open a recording where it lies on this computer; it is only read.

    Raises
    ------
    FormRefusedError
        If there is no such file.
    TwitchwiseError
        If it is no recording that can be read.
    """
    return _look(_path_in(typed), order, ScratchFolder())


def _path_in(typed: str) -> Path:
    """Return the path of a file, or of a folder that is one recording; a device or a pipe could hold up the program."""
    from twitchwise.formats import is_recording_folder  # noqa: PLC0415 - array libraries load here

    text = typed.strip().strip('"')
    if not text or len(text) > LONGEST_PATH:
        raise FormRefusedError("path", say("Type the whole path of a file on this computer."))
    try:
        path = Path(text).expanduser()
        is_there = path.is_absolute() and (path.is_file() or is_recording_folder(path))
    except (OSError, ValueError, RuntimeError):
        is_there = False
    if not is_there:
        raise FormRefusedError("path", say("There is no such file on this computer. Type its whole path."))
    return path


def _look(file: Path, order: MeasuringOrder, folder: ScratchFolder) -> "Look":
    from twitchwise.examine.looking import Look  # noqa: PLC0415 - array libraries load here

    try:
        return Look(file, order, folder).start()
    except OSError as error:
        folder.erase()
        raise UnreadableRecordingError(f"the file must be one that can be read, got {error.strerror!r}.") from None
    except BaseException:
        folder.erase()
        raise
