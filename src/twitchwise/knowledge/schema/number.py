"""Numbers that carry where they come from: counted, reported, or assumed and saying so."""

import math
from typing import Annotated, cast

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople

Probability = Annotated[float, Meta(gt=0, lt=1)]
Count = Annotated[int, Meta(ge=0)]
Reason = Annotated[str, Meta(min_length=10, max_length=400)]
Pair = tuple[float, float]


class Counts(Entry, frozen=True, kw_only=True):
    """Of ``examined`` people, ``present`` had it."""

    present: Count
    examined: Annotated[int, Meta(ge=1)]

    def __post_init__(self) -> None:
        """Refuse more present than examined."""
        if self.present > self.examined:
            raise ValueError(f"present must be at most examined, got {self.present} of {self.examined}")


class Reported(Entry, frozen=True, kw_only=True):
    """A value as a source gives it, with its 95 % interval (or range) where it gives one."""

    value: float
    interval: Pair | None = None

    def __post_init__(self) -> None:
        """Refuse an interval that does not hold the value."""
        if not math.isfinite(self.value):
            raise ValueError(f"value must be finite, got {self.value!r}")
        if self.interval is not None and not self.interval[0] <= self.value <= self.interval[1]:
            raise ValueError(f"interval must hold the value, got {self.value!r} in {list(self.interval)!r}")


class Assumed(Entry, frozen=True, kw_only=True):
    """A value that no source gives; ``because`` says how it was come by."""

    value: float
    because: Annotated[ForPeople, Meta(min_length=10, max_length=400)]

    def __post_init__(self) -> None:
        """Refuse a value that is not a number."""
        if not math.isfinite(self.value):
            raise ValueError(f"value must be finite, got {self.value!r}")


def _exactly_one(**fields: object) -> None:
    if sum(field is not None for field in fields.values()) != 1:
        raise ValueError(f"a number must be exactly one of {', '.join(fields)}")


class Share(Entry, frozen=True, kw_only=True):
    """A share of people: counts, a reported share strictly between 0 and 1, or an assumed one.

    ``population`` names whom the share is of, in snake case, where that is not plain from the place.
    """

    counts: Counts | None = None
    reported: Reported | None = None
    assumed: Assumed | None = None
    population: str | None = None

    def __post_init__(self) -> None:
        """Refuse none or several numbers, and a share outside (0, 1)."""
        _exactly_one(counts=self.counts, reported=self.reported, assumed=self.assumed)
        number = self.reported or self.assumed
        if number is not None and not 0 < number.value < 1:
            raise ValueError(f"a share must lie strictly between 0 and 1, got {number.value!r}")
        if self.reported is not None and self.reported.interval is not None:
            low, high = self.reported.interval
            if not 0 <= low < high <= 1:
                raise ValueError(f"the interval of a share must lie in [0, 1], got {[low, high]!r}")

    @property
    def number(self) -> Reported | Assumed:
        """The share as reported or assumed; ask only where there are no counts."""
        return self.reported if self.reported is not None else cast("Assumed", self.assumed)


class Quantity(Entry, frozen=True, kw_only=True):
    """A physical value in the unit that its file states: reported by a source, or assumed."""

    reported: Reported | None = None
    assumed: Assumed | None = None

    def __post_init__(self) -> None:
        """Refuse none or both."""
        _exactly_one(reported=self.reported, assumed=self.assumed)

    @property
    def value(self) -> float:
        """The number itself."""
        return (self.reported or cast("Assumed", self.assumed)).value


class Band(Entry, frozen=True, kw_only=True):
    """The values of a numeric finding that a statement is about: above a number, below one, or between two."""

    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        """Refuse a band without an edge, and an empty one."""
        if self.above is None and self.below is None:
            raise ValueError("a band must give above, below, or both")
        if self.above is not None and self.below is not None and not self.above < self.below:
            raise ValueError(f"above must be less than below, got {self.above!r} and {self.below!r}")

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the band; the edges do not."""
        return (self.above is None or value > self.above) and (self.below is None or value < self.below)
