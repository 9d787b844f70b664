"""Keeps who is signed in: in memory alone, under the hash of a token, for a while, and a bounded number of them."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

TOKEN_BYTES = 32  # 256 bits: out of reach of guessing
IDLE_LIMIT_S = 30 * 60  # longer than a check takes, shorter than a shared desk is left to the next person
ABSOLUTE_LIMIT_S = 12 * 60 * 60  # one long shift
MOST_SESSIONS = 1024  # every desk of a big clinic; bounds the memory


@dataclass(frozen=True, slots=True)
class _Session:
    begun_at_s: float
    used_at_s: float
    diary: str | None = None


class SessionStore:
    """Sessions by the hash of their token; the token itself is with the browser only.

    Parameters
    ----------
    clock
        Gives seconds that only ever grow.
    most_sessions
        When there would be more, the one unused for longest is ended.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_sessions: int = MOST_SESSIONS) -> None:
        self._clock = clock
        self._most = most_sessions
        self._kept: OrderedDict[str, _Session] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def open(self) -> str:
        """Begin a session and return its token, which is a new one each time."""
        token, now_s = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._lock:
            self._kept[key_of(token)] = _Session(now_s, now_s)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return token

    def use(self, token: str) -> bool:
        """Tell whether a session is open, and count its idle time anew."""
        key, now_s = key_of(token), self._clock()
        with self._lock:
            session = self._kept.pop(key, None)
            if session is None or _is_over(session, now_s):
                return False
            self._kept[key] = replace(session, used_at_s=now_s)
            return True

    def diary_of(self, token: str) -> str | None:
        """Return the key of the diary that is open in a session, ``None`` where none is."""
        with self._lock:
            session = self._kept.get(key_of(token))
            return None if session is None else session.diary

    def set_diary(self, token: str, diary: str | None) -> None:
        """Let a session have a diary open, or none; nothing happens when there is no session."""
        key = key_of(token)
        with self._lock:
            if key in self._kept:
                self._kept[key] = replace(self._kept[key], diary=diary)

    def close(self, token: str) -> None:
        """End a session; nothing happens when there is none."""
        with self._lock:
            self._kept.pop(key_of(token), None)


def _is_over(session: _Session, now_s: float) -> bool:
    return now_s - session.used_at_s > IDLE_LIMIT_S or now_s - session.begun_at_s > ABSOLUTE_LIMIT_S


def key_of(token: str) -> str:
    """Return what a token is kept as: a hash, so that memory and the time of a search tell nothing of the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
