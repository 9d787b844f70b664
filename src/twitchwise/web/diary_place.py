"""Where the diary of a request is: in a file of one's own, or in a shared server's database, opened by its code."""

import hashlib
import hmac
from typing import TYPE_CHECKING, Annotated, Protocol, cast

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

from twitchwise.diary import DiaryError, DiaryNotStartedError, default_file, erase_diary, open_diary
from twitchwise.diary.store import Diary
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.vocabulary.text import say
from twitchwise.web.diary_form import TOKEN, is_token, require_ours
from twitchwise.web.forms import text_of
from twitchwise.web.guard import OPEN_DIARY
from twitchwise.web.sign_in import Entrance, session_of
from twitchwise.web.visiting import SEE_OTHER

if TYPE_CHECKING:
    from twitchwise.diary.in_database import Database

OTHER_DIARY = say("This page belongs to a diary that is no longer open here. Nothing was kept or erased.")


class OtherDiaryError(TwitchwiseError):
    """A form was sent from a page of a diary that was closed since."""


class NoDiaryOpenError(DiaryNotStartedError):
    """A session has no diary open."""

    def __init__(self) -> None:
        DiaryError.__init__(self, say("No diary is open here. Open yours with its code."))


class DiaryPlace(Protocol):
    """What the pages of the diary ask of the place where it is."""

    @property
    def is_shared(self) -> bool:
        """Whether it is a shared server."""
        ...

    @property
    def where(self) -> str:
        """The path of the file; empty on a shared server."""
        ...

    @property
    def token(self) -> str:
        """What stands in every form of this diary."""
        ...

    def require_ours(self, form: FormData, field: str) -> None:
        """Refuse a form that no page of this diary sent."""
        ...

    def require_named(self) -> None:
        """Raise DiaryNotStartedError where no diary is meant."""
        ...

    def open(self) -> Diary:
        """Open the diary, or raise DiaryNotStartedError."""
        ...

    def erase(self) -> None:
        """Erase the diary, or raise DiaryNotStartedError."""
        ...


class OwnPlace:
    """The usual file of this machine."""

    is_shared = False
    token = TOKEN

    @property
    def where(self) -> str:
        """The path of the file."""
        return str(default_file())

    def require_ours(self, form: FormData, field: str) -> None:
        """Refuse a form of a foreign or an old page; a person only has to press the button once more."""
        require_ours(form, field)

    def require_named(self) -> None:
        """Do nothing: there is always a usual file."""

    def open(self) -> Diary:
        """Open the file."""
        return open_diary()

    def erase(self) -> None:
        """Erase the file."""
        erase_diary()


class SharedPlace:
    """The diary that a session has open.

    Parameters
    ----------
    entrance
        Knows the sessions and the database.
    session
        The token of the session.
    key
        The key of the diary; ``None`` where none is open.
    """

    is_shared = True
    where = ""

    def __init__(self, entrance: Entrance, session: str, key: str | None) -> None:
        self.entrance = entrance
        self.session = session
        self.key = key

    @property
    def token(self) -> str:
        """Belongs to this diary alone, so that an old page of one person changes nothing in the diary of the next."""
        return hmac.new(TOKEN.encode(), (self.key or "").encode(), hashlib.sha256).hexdigest()

    def require_ours(self, form: FormData, field: str) -> None:
        """Refuse a form of another diary; it must not be sent into this one."""
        del field
        self._open_key()
        if not is_token(text_of(form, "token"), self.token):
            raise OtherDiaryError(OTHER_DIARY)

    def require_named(self) -> None:
        """Refuse where no diary is open."""
        self._open_key()

    def open(self) -> Diary:
        """Open the diary; one that was erased elsewhere is closed here."""
        try:
            return self.diaries.open(self._open_key())
        except DiaryNotStartedError:
            self.close()
            raise

    def erase(self) -> None:
        """Erase the diary and close it; one that could not be erased stays open."""
        try:
            self.diaries.erase(self._open_key())
        except DiaryNotStartedError:
            self.close()
            raise
        self.close()

    def close(self) -> None:
        """Let the session have no diary open."""
        self.entrance.sessions.set_diary(self.session, None)
        OPEN_DIARY.set(None)  # for the page that says so

    def keep_open(self, key: str) -> None:
        """Let the session have a diary open."""
        self.entrance.sessions.set_diary(self.session, key)

    @property
    def diaries(self) -> "Database":
        """The database; a server without one has no such page."""
        diaries = self.entrance.diaries
        if diaries is None:
            raise HTTPException(404)
        return diaries

    def _open_key(self) -> str:
        if self.key is None:
            raise NoDiaryOpenError
        return self.key


def _place(request: Request) -> DiaryPlace:
    entrance = cast("Entrance | None", getattr(request.app.state, "entrance", None))
    return OwnPlace() if entrance is None else SharedPlace(entrance, session_of(request) or "", OPEN_DIARY.get())


Here = Annotated[DiaryPlace, Depends(_place)]
"""Where the diary of a request is, be it there or not."""


def _shared(request: Request) -> SharedPlace:
    return SharedPlace(cast("Entrance", request.app.state.entrance), session_of(request) or "", OPEN_DIARY.get())


Shared = Annotated[SharedPlace, Depends(_shared)]
"""The same on a shared server."""


def _started(place: Here) -> Diary:
    try:
        return place.open()
    except DiaryNotStartedError:
        raise HTTPException(SEE_OTHER, headers={"Location": "/diary"}) from None


Started = Annotated[Diary, Depends(_started)]
"""The diary of a page that is there only once it was started and, on a shared server, opened."""
