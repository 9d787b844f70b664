"""Medians and quartiles of a study's values, in the unit in which they read well."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.report.display import number, scale_of, with_unit
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

if TYPE_CHECKING:
    from twitchwise.cohort.questions.estimate import Estimate

RATES = (Unit.PER_MINUTE, Unit.PER_HOUR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The unit in which values are shown: so many of the unit that they are in, and its name."""

    scale: float
    name: str

    def of(self, values: FloatArray) -> FloatArray:
        """Return values in this unit."""
        return values / self.scale

    def said(self, value: float) -> str:
        """Return a value with this unit."""
        return str(with_unit(number(value / self.scale), self.name))

    def bare(self, value: float) -> str:
        """Return a value in this unit, without its name."""
        return str(number(value / self.scale))

    def estimate(self, one: "Estimate") -> str:
        """Return an estimate with its interval."""
        return said_estimate(one.value / self.scale, one.low / self.scale, one.high / self.scale, self.name)

    @property
    def in_brackets(self) -> str:
        """The unit behind a label of an axis."""
        return f" ({self.name})" if self.name else ""


def shown_in(unit: str, typical: float) -> Shown:
    """Return the unit in which to show values of which one is given.

    Examples
    --------
    >>> shown_in("V", 2e-4).said(3e-4)
    '300 µV'
    """
    known = {one.value for one in Unit}
    scale, name = scale_of(Unit(unit), typical) if unit in known else (1.0, unit)
    return Shown(scale=scale, name=str(name))


def said_estimate(value: float, low: float, high: float, unit: str = "") -> str:
    """Return a number with its 95 % interval; what is not known is said.

    Examples
    --------
    >>> said_estimate(0.812, 0.6, 0.9)
    '0.812 (0.6 to 0.9)'
    """
    if np.isnan(value):
        return "not known"
    said = str(with_unit(number(value), unit))
    if np.isnan(low) or np.isnan(high):
        return said
    return f"{said} ({_end(low)} to {_end(high)})"


def _end(value: float) -> str:
    return ("without limit" if value > 0 else "without lower limit") if np.isinf(value) else str(number(value))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """How many values there are, their median, quartiles and range; ``nan`` of none."""

    n: int
    median: float
    first: float
    third: float
    least: float
    most: float

    def said(self, shown: Shown) -> str:
        """Return median and range."""
        if not self.n:
            return "none"
        if self.least == self.most:
            return shown.said(self.median)
        return f"{shown.said(self.median)} ({shown.bare(self.least)} to {shown.bare(self.most)})"

    def as_plain(self) -> dict[str, object]:
        """Return it for JSON."""
        names = ("median", "first", "third", "least", "most")
        return {"n": self.n, **{name: plain(getattr(self, name)) for name in names}}


def summary_of(values: FloatArray) -> Summary:
    """Return the summary of values; those that are missing are left out.

    Examples
    --------
    >>> summary_of(np.array([1.0, 2.0, 4.0, np.nan])).median
    2.0
    """
    known = values[~np.isnan(values)]
    quartiles = np.quantile(known, (0.0, 0.25, 0.5, 0.75, 1.0)) if known.size else np.full(5, np.nan)
    least, first, median, third, most = map(float, quartiles)
    return Summary(n=int(known.size), median=median, first=first, third=third, least=least, most=most)


def plain(value: float) -> float | None:
    """Return a number for JSON, which knows none that is not finite."""
    return float(value) if np.isfinite(value) else None
