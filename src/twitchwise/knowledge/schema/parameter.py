"""A physiological value for the simulator or a detector, and what a condition changes in it."""

from typing import Annotated, cast

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Quantity
from twitchwise.vocabulary import Unit


class Parameter(Entry, frozen=True, kw_only=True):
    """One quantity with its unit, value, bounds that make sense, and evidence.

    ``spread`` is the standard deviation of its logarithm between people, where that is known or assumed.
    What is not ``graded``, such as the frequency of a tremor, is changed by a condition of any severity as a whole.
    """

    id: str
    label: ForPeople
    unit: Unit
    value: Quantity
    bounds: tuple[float, float]
    graded: bool = True
    spread: Quantity | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse a value outside the bounds, and a reported value without evidence."""
        if not self.bounds[0] <= self.value.value <= self.bounds[1]:
            raise ValueError(f"value must lie in bounds {list(self.bounds)!r}, got {self.value.value!r}")
        if self.value.reported is not None and not self.evidence:
            raise ValueError("a reported value must give its evidence")


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
