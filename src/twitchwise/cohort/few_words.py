"""Many names in a sentence: the first few and how many more."""

from collections.abc import Sequence

_MOST = 5


def first_few(names: Sequence[str]) -> str:
    """Name the first few and count the others.

    Examples
    --------
    >>> first_few(["a", "b"]), first_few(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    left = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {left} more" if left > 0 else "")
