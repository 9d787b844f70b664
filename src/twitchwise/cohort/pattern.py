"""Patterns of paths (globs), the same for files of this machine and of others."""

import re

_SIGN = re.compile(r"[*?\[]")
_SIGNS_OF_NAMES = re.compile(r"\*+|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)


def is_pattern(path: str) -> bool:
    """Tell whether a path holds signs of a pattern."""
    return _SIGN.search(path) is not None


def without_pattern(path: str) -> str:
    """Return the folders before the first one that holds a sign of a pattern.

    Examples
    --------
    >>> without_pattern("set/visits/**/*.edf"), without_pattern("*.edf"), without_pattern("/a/b*")
    ('set/visits', '', '/a')
    """
    parts = path.split("/")
    first = next((number for number, part in enumerate(parts) if is_pattern(part)), len(parts))
    return "/".join(parts[:first]) or ("/" if path.startswith("/") else "")


def pattern_of(glob: str) -> re.Pattern[str]:
    """Return a pattern of whole paths: ``**`` stands for any folders, ``*``, ``?`` and ``[ab]`` for letters of a name.

    Examples
    --------
    >>> pattern = pattern_of("visits/**/*.edf")
    >>> [bool(pattern.fullmatch(path)) for path in ("visits/a.edf", "visits/1/2/a.edf", "visits/a.csv", "x.edf")]
    [True, True, False, False]
    """
    *folders, last = glob.split("/")
    before = "".join("(?:[^/]+/)*" if part == "**" else f"{_of_name(part)}/" for part in folders)
    return re.compile(before + (".*" if last == "**" else _of_name(last)), re.DOTALL)


def _of_name(part: str) -> str:
    return "".join(_of_sign(sign) for sign in _SIGNS_OF_NAMES.findall(part))


def _of_sign(sign: str) -> str:
    if sign.startswith("*"):
        return "[^/]*"
    if sign == "?":
        return "[^/]"
    if len(sign) > 1:
        inner = sign[1:-1].replace("\\", r"\\").replace("[", r"\[")
        letters = f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
        try:
            return re.compile(letters).pattern
        except re.error:
            pass
    return re.escape(sign)
