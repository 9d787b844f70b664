"""Cells, tables and JSON as BIDS wants them: UTF-8, tabs, line feeds, ``n/a`` for what is not known."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

PROGRAM = "twitchwise"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
# Times are written to the nanosecond, like the annotations of EDF+.
_TIME_DIGITS = 9


@cache
def program_version() -> str:
    """Return the version of this program; looking it up takes longer than writing a small file."""
    from importlib.metadata import version  # noqa: PLC0415 - readers of recordings import this room and need no version

    return version(PROGRAM)


def cell(value: str | float | None) -> str:
    """Return a value as it stands in a table.

    Raises
    ------
    OutOfRangeError
        If a text has tabs, line ends or other control characters.

    Examples
    --------
    >>> [cell(value) for value in ("rest", 0.008, 3, None, float("nan"), "")]
    ['rest', '0.008', '3', 'n/a', 'n/a', 'n/a']
    """
    if value is None or value == "" or value != value:  # noqa: PLR0124 - NaN differs from itself
        return NOT_KNOWN
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise OutOfRangeError(
                say("text in a table must be one line without control characters, got {text!r}.", text=value)
            )
        return value
    return repr(value.item() if isinstance(value, np.generic) else value)


def times(times_s: FloatArray | Sequence[float]) -> list[str]:
    """Return times in seconds as they stand in a table."""
    return [repr(time_s) for time_s in np.round(times_s, _TIME_DIGITS).tolist()]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table from finished cells."""
    return "".join("\t".join(row) + "\n" for row in (columns, *rows))


def as_json(values: Mapping[str, object]) -> str:
    """Return values as JSON text, objects over several lines and lists on one; NumPy arrays become lists.

    Raises
    ------
    OutOfRangeError
        If JSON has no form for a value, as for NaN.

    Examples
    --------
    >>> print(as_json({"force_n": np.array([0.5, 1.0]), "site": {"side": "left"}}), end="")
    {
      "force_n": [0.5, 1.0],
      "site": {
        "side": "left"
      }
    }
    """
    try:
        text = _object(values, "") + "\n"
        text.encode()
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(f"values must be ones that JSON can hold, got {error}.") from error
    return text


def _object(values: Mapping[str, object], indent: str) -> str:
    inner = indent + "  "
    fields = [f"{inner}{json.dumps(str(key))}: {_value(value, inner)}" for key, value in values.items()]
    return "{\n" + ",\n".join(fields) + f"\n{indent}}}" if fields else "{}"


def _value(value: object, indent: str) -> str:
    if isinstance(value, Mapping):
        return _object(value, indent)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__}")
