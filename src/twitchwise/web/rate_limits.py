"""Bounds how often one address may try a password, and how many requests one browser may send; all in memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import TypeVar

FREE_TRIES = 5
FIRST_WAIT_S = 60.0  # so five tries a minute, and then fewer and fewer
LONGEST_WAIT_S = 15 * 60.0  # a person who forgot the password can still come back
FORGOTTEN_AFTER_S = 60 * 60.0  # tries of long ago say nothing of now
REQUESTS_A_SECOND = 20.0
MOST_AT_ONCE = 100.0  # a page with its files and a screen of traces is a third of this
MOST_KEPT = 4096  # addresses or browsers; bounds the memory
HOME_BITS = 64  # one household or office has all IPv6 addresses that begin alike so far

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    last_s: float


@dataclass(frozen=True, slots=True)
class _Bucket:
    left: float
    seen_s: float


class TryLimit:
    """Tries of a password by address: a few are free, then each wait is twice the one before.

    Parameters
    ----------
    clock
        Gives seconds that only ever grow.
    most_kept
        When there would be more addresses, the one that tried longest ago is forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_kept: int = MOST_KEPT) -> None:
        self._clock = clock
        self._most = most_kept
        self._kept: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, address: str) -> int:
        """Count a try and return 0, or return the whole seconds to wait before there may be one."""
        now_s = self._clock()
        with self._lock:
            tries = self._kept.get(address)
            if tries is None or now_s - tries.last_s > FORGOTTEN_AFTER_S:
                tries = _Tries(0, now_s)
            # a try that is refused does not make the wait longer
            wait_s = tries.last_s + _wait_after(tries.count) - now_s
            if wait_s > 0:
                return math.ceil(wait_s)
            _put(self._kept, address, _Tries(tries.count + 1, now_s), self._most)
            return 0

    def give_back(self, address: str) -> None:
        """Take back the last try of an address, because it was right; those before it still count."""
        with self._lock:
            tries = self._kept.get(address)
            if tries is not None and tries.count > 0:
                self._kept[address] = _Tries(tries.count - 1, tries.last_s)

    def forget(self, address: str) -> None:
        """Forget the tries of an address, because the last was right."""
        with self._lock:
            self._kept.pop(address, None)


class RequestLimit:
    """Requests by who sends them, as token buckets: a burst is free, then a steady rate.

    Parameters
    ----------
    clock
        Gives seconds that only ever grow.
    most_kept
        When there would be more senders, the one unseen for longest is forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_kept: int = MOST_KEPT) -> None:
        self._clock = clock
        self._most = most_kept
        self._kept: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, sender: str) -> int:
        """Count a request and return 0, or return the whole seconds to wait before the next one."""
        now_s = self._clock()
        with self._lock:
            bucket = self._kept.get(sender, _Bucket(MOST_AT_ONCE, now_s))
            left = min(MOST_AT_ONCE, bucket.left + REQUESTS_A_SECOND * (now_s - bucket.seen_s))
            is_free = left >= 1
            _put(self._kept, sender, _Bucket(left - is_free, now_s), self._most)
            return 0 if is_free else math.ceil((1 - left) / REQUESTS_A_SECOND)


def address_of_home(address: str) -> str:
    """Return what the tries of an address count for: itself, or for IPv6 all that one household has.

    Examples
    --------
    >>> address_of_home("::ffff:192.0.2.7"), address_of_home("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), HOME_BITS), strict=False))


def _wait_after(count: int) -> float:
    if count < FREE_TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(count - FREE_TRIES, FREE_TRIES))


def _put(kept: OrderedDict[str, Value], key: str, value: Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
