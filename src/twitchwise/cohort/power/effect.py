"""The change that a study looks for: how many times the quantity becomes what it was, or by how much it differs."""

import math
import re
from dataclasses import dataclass

from twitchwise.vocabulary import OutOfRangeError

_WRITTEN = re.compile(r"\s*(?P<sign>[+-]?)\s*(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>\S.*?)?\s*")
_PER_MINUTE = {"/min": 1.0, "1/min": 1.0, "per minute": 1.0, "/h": 1 / 60, "1/h": 1 / 60, "per hour": 1 / 60}
_PER_MINUTE |= {"Hz": 60.0, "/s": 60.0, "1/s": 60.0}
_PERCENT = 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """A change, either as a ratio or as a difference.

    Parameters
    ----------
    ratio
        How many times what it was the quantity becomes, above 0 and other than 1; ``None`` for a difference.
    difference
        By how much it changes, other than 0; ``None`` for a ratio.
    unit
        Of the difference, as it was written; empty where none was.

    Raises
    ------
    OutOfRangeError
        If neither or both are given, or there is no change.
    """

    ratio: float | None = None
    difference: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no change."""
        if (self.ratio is None) == (self.difference is None):
            raise OutOfRangeError("change must be given once, as --change or as --ratio.")
        if self.ratio is not None and not (math.isfinite(self.ratio) and self.ratio > 0):
            raise OutOfRangeError(f"ratio must be above 0, got {self.ratio!r}; nothing left at all is no ratio.")
        if self.ratio == 1 or self.difference == 0:
            raise OutOfRangeError(
                "change must differ from 0, got no change; any study finds that at the rate of alpha."
            )

    def ratio_of(self, mean: float, *, is_rate: bool) -> float:
        """Return the change as a ratio.

        Parameters
        ----------
        mean
            Of the quantity before, in 1/min where it is a rate.
        is_rate
            Whether the difference is one of rates, whose units are known.

        Raises
        ------
        OutOfRangeError
            If the quantity would fall to 0 or below, or the unit is none of a rate.
        """
        if self.ratio is not None:
            return self.ratio
        after = mean + self.difference_of(mean, is_rate=is_rate)
        if not (after > 0 and mean > 0):
            raise OutOfRangeError(f"change must leave more than 0 of a mean of {mean:.3g}, got {self.written!r}.")
        return after / mean

    def difference_of(self, mean: float, *, is_rate: bool) -> float:
        """Return the change as a difference, in 1/min where it is one of rates."""
        if self.difference is None:
            return mean * ((self.ratio or 1.0) - 1.0)
        if not is_rate:
            return self.difference
        if self.unit not in _PER_MINUTE:
            raise OutOfRangeError(f"change must have the unit 1/min, 1/h or Hz for a rate, got {self.written!r}.")
        return self.difference * _PER_MINUTE[self.unit]

    @property
    def written(self) -> str:
        """The change in words."""
        if self.ratio is None:
            return f"{self.difference:+g} {self.unit}".strip()
        percent = _PERCENT * (self.ratio - 1)
        return f"a {'rise' if percent > 0 else 'fall'} of {abs(percent):.3g} % (ratio {self.ratio:.3g})"


def effect_of(change: str | None, ratio: float | None) -> Effect | None:
    """Read a change from what was written, or ``None`` where nothing was.

    Without a sign it is a fall, as that is what most treatments are to bring.

    Raises
    ------
    OutOfRangeError
        If it is not a change.

    Examples
    --------
    >>> effect_of("30%", None).ratio, effect_of("+50 %", None).ratio, effect_of("2/min", None).difference
    (0.7, 1.5, -2.0)
    """
    if change is None:
        return None if ratio is None else Effect(ratio=ratio)
    if ratio is not None:
        raise OutOfRangeError("change must be given once, as --change or as --ratio.")
    found = _WRITTEN.fullmatch(change)
    if found is None:
        raise OutOfRangeError(f"change must be such as 30%, +50% or 2/min, got {change!r}.")
    amount = float(found["number"]) * (1.0 if found["sign"] == "+" else -1.0)
    if found["unit"] != "%":
        return Effect(difference=amount, unit=found["unit"] or "")
    if amount <= -_PERCENT:
        raise OutOfRangeError(f"change must leave something, so be less than 100 % of a fall, got {change!r}.")
    return Effect(ratio=round(1 + amount / _PERCENT, 12))
