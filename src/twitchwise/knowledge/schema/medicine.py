"""A class of medicines: its names, and which movements and weaknesses it can cause, how often."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Share
from twitchwise.knowledge.schema.review import Review


class Effect(Entry, frozen=True, kw_only=True):
    """One finding that the medicines of a class can cause, with the share of takers where it is known."""

    finding: str
    share: Share | None = None
    note: Annotated[ForPeople, Meta(min_length=5, max_length=300)] | None = None
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]


class Medicine(Entry, frozen=True, kw_only=True):
    """A class of medicines.

    ``names`` are generic and brand names as they stand in a text. ``finding`` is the exposure that taking one of them
    means; ``condition`` the cause that it can bring about.
    """

    id: str
    label: ForPeople
    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    finding: str | None = None
    condition: str | None = None
    effects: Annotated[tuple[Effect, ...], Meta(min_length=1)]
    review: Review
