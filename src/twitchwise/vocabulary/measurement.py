"""One measured quantity with its unit, interval, channel and method."""

import math
from dataclasses import dataclass

from twitchwise.vocabulary.errors import OutOfRangeError
from twitchwise.vocabulary.units import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """A value that was measured, never without its interval and how it came about.

    Parameters
    ----------
    id
        Name of the quantity in snake case; where a finding of the same id exists, the assessment can use it.
    value
        Best estimate in ``unit``.
    low, high
        Ends of the 95 % interval in ``unit``. "Not seen" is ``value = low = 0`` with ``high`` as the upper bound.
    unit
        Unit of ``value``, ``low`` and ``high``.
    channel
        The channel it was measured on, or ``None`` when it belongs to the whole recording.
    method
        How it was measured, as one sentence with its source.
    doubts
        Why the value must not be leaned on; empty when there is no reason. A doubted value is shown, never weighed.

    Raises
    ------
    OutOfRangeError
        If a number is not finite or the interval does not contain the value.

    Examples
    --------
    >>> Measurement(id="fasciculation_rate", value=6.0, low=3.0, high=11.0, unit=Unit.PER_MINUTE, method="counted").high
    11.0
    """

    id: str
    value: float
    low: float
    high: float
    unit: Unit
    method: str
    channel: str | None = None
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be a value with an interval."""
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise OutOfRangeError(f"{self.id} must be finite, got {self.low!r} .. {self.value!r} .. {self.high!r}.")
        if not self.low <= self.value <= self.high:
            raise OutOfRangeError(
                f"{self.id} must lie in its interval, got {self.value!r} in [{self.low!r}, {self.high!r}]."
            )
