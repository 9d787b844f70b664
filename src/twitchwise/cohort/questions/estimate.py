"""A number of a study with its 95 % interval."""

import math
from dataclasses import dataclass

from twitchwise.vocabulary.errors import OutOfRangeError


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A number with its 95 % interval.

    Parameters
    ----------
    value
        Best estimate; ``nan`` where the data cannot say.
    low, high
        Ends of the 95 % interval; ``nan`` where there is none, infinite where it is open.

    Raises
    ------
    OutOfRangeError
        If the interval does not contain the value.

    Examples
    --------
    >>> Estimate(value=2.0, low=1.0, high=4.0).holds(3.0)
    True
    """

    value: float
    low: float = math.nan
    high: float = math.nan

    def __post_init__(self) -> None:
        """Refuse an interval that misses its value; keep plain numbers, whatever array they came from."""
        for name in ("value", "low", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.low > self.value or self.high < self.value:
            raise OutOfRangeError(
                f"value must lie in its interval, got {self.value!r} in [{self.low!r}, {self.high!r}]."
            )

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def holds(self, number: float) -> bool:
        """Tell whether the interval holds a number; an interval that is not known holds none."""
        return self.low <= number <= self.high


UNKNOWN = Estimate(value=math.nan)
"""What could not be estimated."""
