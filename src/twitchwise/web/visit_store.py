"""Keeps visits in memory alone, each under a token that cannot be guessed, a bounded number of them, for a while."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from twitchwise.vocabulary import TwitchwiseError
from twitchwise.web.visit import Visit

TOKEN_BYTES = 24  # 192 bits: out of reach of guessing, and short enough for an address
MOST_VISITS = 512  # a hundred people at once, and those who left and may come back; bounds the memory
IDLE_LIMIT_S = 24 * 60 * 60  # longer than the 20 hours from which on a time limit need not be announced


class VisitNotFoundError(TwitchwiseError):
    """There is no visit under that token, or no longer."""

    def __init__(self) -> None:
        super().__init__("A visit must be one that is open on this computer; start a new one.")


@dataclass(frozen=True, slots=True)
class _Kept:
    visit: Visit
    used_at_s: float


class VisitStore:
    """Visits by token.

    Parameters
    ----------
    clock
        Gives seconds that only ever grow.
    most_visits
        When there would be more, the one unused for longest is dropped.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_visits: int = MOST_VISITS) -> None:
        self._clock = clock
        self._most = most_visits
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()
        self._listeners: list[Callable[[str], object]] = []

    def __len__(self) -> int:
        with self._lock:
            dropped, n_kept = self._drop_expired(), len(self._kept)
        self._tell(dropped)
        return n_kept

    def tell_when_dropped(self, listener: Callable[[str], object]) -> None:
        """Have somebody told the token of every visit that is erased, expires, or must make room."""
        self._listeners.append(listener)

    def open(self) -> str:
        """Begin a visit and return its token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            dropped = self._drop_expired()
            self._put(token, Visit())
            dropped += [self._kept.popitem(last=False)[0] for _ in range(len(self._kept) - self._most)]
        self._tell(dropped)
        return token

    def get(self, token: str) -> Visit:
        """Return the visit, or raise VisitNotFoundError."""
        return self.change(token, lambda visit: visit)

    def change(self, token: str, change: Callable[[Visit], Visit]) -> Visit:
        """Put a changed visit in the place of the visit and return it, or raise VisitNotFoundError."""
        with self._lock:
            dropped, kept = self._drop_expired(), self._kept.get(token)
            if kept is not None:
                kept = self._put(token, change(kept.visit))
        self._tell(dropped)
        if kept is None:
            raise VisitNotFoundError
        return kept.visit

    def erase(self, token: str) -> None:
        """Forget a visit; nothing happens when there is none."""
        with self._lock:
            self._kept.pop(token, None)
        self._tell([token])

    def _put(self, token: str, visit: Visit) -> _Kept:
        kept = self._kept[token] = _Kept(visit, self._clock())
        self._kept.move_to_end(token)
        return kept

    def _drop_expired(self) -> list[str]:
        # the least recently used stands first
        oldest_s, dropped = self._clock() - IDLE_LIMIT_S, list[str]()
        while self._kept and next(iter(self._kept.values())).used_at_s < oldest_s:
            dropped.append(self._kept.popitem(last=False)[0])
        return dropped

    def _tell(self, dropped: Iterable[str]) -> None:
        """Tell of visits that are dropped; no lock is held meanwhile."""
        for token in dropped:
            for listener in self._listeners:
                listener(token)
