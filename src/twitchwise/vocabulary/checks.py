"""The checks that values make of themselves, each with the one error sentence of the house."""

import math

from twitchwise.vocabulary.errors import OutOfRangeError
from twitchwise.vocabulary.text import say


def require_positive(name: str, value: float) -> None:
    """Raise OutOfRangeError unless ``value`` is finite and above zero."""
    if not (math.isfinite(value) and value > 0):
        raise OutOfRangeError(say("{name} must be a finite number above 0, got {value!r}.", name=name, value=value))


def require_not_negative(name: str, value: float) -> None:
    """Raise OutOfRangeError unless ``value`` is finite and at least zero."""
    if not (math.isfinite(value) and value >= 0):
        raise OutOfRangeError(
            say("{name} must be a finite number of at least 0, got {value!r}.", name=name, value=value)
        )


def require_within(name: str, value: float, low: float, high: float) -> None:
    """Raise OutOfRangeError unless ``low <= value <= high``."""
    if not low <= value <= high:
        raise OutOfRangeError(
            say("{name} must lie in [{low!r}, {high!r}], got {value!r}.", name=name, low=low, high=high, value=value)
        )
