"""A physiological value for the simulator or a detector, and what a condition changes in it."""

import math
from typing import Annotated, cast

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Quantity
from twitchwise.vocabulary import Unit


class Aging(Entry, frozen=True, kw_only=True):
    """How a quantity changes with age: it is steady to an age in years, and ``ratio`` times that ``at`` a later one.

    After the first age it changes by the same share each year, also beyond the second.
    """

    steady_to: float
    at: float
    ratio: Quantity

    def __post_init__(self) -> None:
        """Refuse ages out of order, and a ratio that is not above 0."""
        if not 0 <= self.steady_to < self.at:
            raise ValueError(f"at must lie above steady_to, got {self.at!r} and {self.steady_to!r}")
        if not self.ratio.value > 0:
            raise ValueError(f"ratio must be above 0, got {self.ratio.value!r}")

    def factor(self, age: float) -> float:
        """Return how many times the steady value people of an age in years have."""
        share: float = max(age - self.steady_to, 0.0) / (self.at - self.steady_to)
        return math.pow(self.ratio.value, share)


class Parameter(Entry, frozen=True, kw_only=True):
    """One quantity with its unit, value, bounds that make sense, and evidence.

    ``spread`` is the standard deviation of its logarithm between people, where that is known or assumed.
    ``with_age`` says how it changes with age, ``in_women`` how many times the value in men women have, and
    ``with_height`` with which power of the body's height it rises; the value stands for the middle between the sexes,
    in young adults.
    What is not ``graded``, such as the frequency of a tremor, is changed by a condition of any severity as a whole.
    """

    id: str
    label: ForPeople
    unit: Unit
    value: Quantity
    bounds: tuple[float, float]
    graded: bool = True
    spread: Quantity | None = None
    with_age: Aging | None = None
    in_women: Quantity | None = None
    with_height: Quantity | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse a value outside the bounds, and a reported number without evidence."""
        if not self.bounds[0] <= self.value.value <= self.bounds[1]:
            raise ValueError(f"value must lie in bounds {list(self.bounds)!r}, got {self.value.value!r}")
        if self.is_reported and not self.evidence:
            raise ValueError("a reported value must give its evidence")
        if self.in_women is not None and not self.in_women.value > 0:
            raise ValueError(f"in_women must be above 0, got {self.in_women.value!r}")

    @property
    def is_reported(self) -> bool:
        """Whether any of its numbers is reported by a source."""
        aging = None if self.with_age is None else self.with_age.ratio
        numbers = (self.value, self.spread, aging, self.in_women, self.with_height)
        return any(number is not None and number.reported is not None for number in numbers)


class Change(Entry, frozen=True, kw_only=True):
    """What happens to a parameter: it is set to a quantity, or multiplied by one."""

    set: Quantity | None = None
    scale: Quantity | None = None

    def __post_init__(self) -> None:
        """Refuse none or both."""
        if (self.set is None) == (self.scale is None):
            raise ValueError("a change must be exactly one of set, scale")

    def applied_to(self, value: float) -> float:
        """Return the changed value of a parameter."""
        return self.set.value if self.set is not None else value * cast("Quantity", self.scale).value


class Mechanism(Entry, frozen=True, kw_only=True):
    """What a condition changes in one parameter of the forward model, and why that is believed."""

    parameter: str
    change: Change
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=0)] = ()
