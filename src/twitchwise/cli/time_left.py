"""How long the rest of a measurement will take, judged by what is done."""

from collections.abc import Callable
from time import perf_counter

_MINUTE_S, _HOUR_S = 60, 3600


class TimeLeft:
    """How long the rest will take, judged by the bytes that were measured so far.

    Parameters
    ----------
    n_bytes
        Of all that is to be measured; what has results takes no time.
    clock
        Gives seconds.
    """

    def __init__(self, n_bytes: int, clock: Callable[[], float] = perf_counter) -> None:
        self._clock, self._start_s = clock, clock()
        self._left, self._done = n_bytes, 0

    def count(self, n_bytes: int) -> None:
        """Note that so many bytes are done."""
        self._done += n_bytes
        self._left -= n_bytes

    def leave_out(self, n_bytes: int) -> None:
        """Note that so many bytes need not be measured."""
        self._left -= n_bytes

    def in_words(self, n_bytes: float = 0.0) -> str:
        """Return how long the rest will take when so many more bytes are done; empty where nothing tells."""
        done, left = self._done + n_bytes, self._left - n_bytes
        if not done or left <= 0:
            return ""
        seconds = (self._clock() - self._start_s) * left / done
        return f"; about {duration_in_words(seconds)} left"


def duration_in_words(seconds: float) -> str:
    """Return a time to wait.

    Examples
    --------
    >>> duration_in_words(0.2), duration_in_words(90), duration_in_words(9000)
    ('1 s', '2 min', '2.5 h')
    """
    if seconds < _MINUTE_S:
        return f"{max(1, round(seconds))} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"
