"""Keeps visits in memory alone, each under a token that cannot be guessed, a bounded number of them, for a while."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
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

    def __len__(self) -> int:
        with self._lock:
            self._drop_expired()
            return len(self._kept)

    def open(self) -> str:
        """Begin a visit and return its token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._drop_expired()
            self._put(token, Visit())
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return token

    def get(self, token: str) -> Visit:
        """Return the visit, or raise VisitNotFoundError."""
        return self.change(token, lambda visit: visit)

    def change(self, token: str, change: Callable[[Visit], Visit]) -> Visit:
        """Put a changed visit in the place of the visit and return it, or raise VisitNotFoundError."""
        with self._lock:
            self._drop_expired()
            if token not in self._kept:
                raise VisitNotFoundError
            visit = change(self._kept[token].visit)
            self._put(token, visit)
            return visit

    def erase(self, token: str) -> None:
        """Forget a visit; nothing happens when there is none."""
        with self._lock:
            self._kept.pop(token, None)

    def _put(self, token: str, visit: Visit) -> None:
        self._kept[token] = _Kept(visit, self._clock())
        self._kept.move_to_end(token)

    def _drop_expired(self) -> None:
        # the least recently used stands first
        oldest_s = self._clock() - IDLE_LIMIT_S
        while self._kept and next(iter(self._kept.values())).used_at_s < oldest_s:
            self._kept.popitem(last=False)
