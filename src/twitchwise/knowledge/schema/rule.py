"""A rule that sets an urgency; more findings can only raise it."""

from typing import Annotated, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Band
from twitchwise.knowledge.schema.review import Review
from twitchwise.vocabulary import Urgency


class When(Entry, frozen=True, kw_only=True):
    """A finding that must be present, or a numeric one that must lie in a band."""

    finding: str
    state: Literal["present"] | Band = "present"


class Rule(Entry, frozen=True, kw_only=True):
    """If all of ``all_of`` hold, and one of ``any_of`` where it is given, help is due at ``level``.

    Only findings that are present count, so a further finding never switches a rule off. ``unless`` is the exception,
    allowed at the lowest level alone: it keeps a reassurance from standing beside a reason for concern and cannot lower
    the urgency.
    """

    id: str
    label: ForPeople
    level: Literal["emergency", "same_day", "soon", "routine", "self_care"]
    all_of: tuple[When, ...] = ()
    any_of: tuple[When, ...] = ()
    unless: tuple[When, ...] = ()
    because: Annotated[ForPeople, Meta(min_length=10, max_length=400)]
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]
    differs_from: tuple[str, ...] = ()
    review: Review

    def __post_init__(self) -> None:
        """Refuse a rule that always fires, and an exception that could lower an urgency."""
        if not self.all_of and not self.any_of:
            raise ValueError("a rule must give all_of, any_of, or both")
        if self.unless and self.urgency is not Urgency.SELF_CARE:
            raise ValueError("unless is allowed at level self_care alone, because it must never lower an urgency")

    @property
    def urgency(self) -> Urgency:
        """The level as an ordered value."""
        return Urgency[self.level.upper()]
