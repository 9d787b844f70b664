"""A popular story about what changes in nerve or muscle that evidence contradicts: both as changes that can be run."""

from typing import Annotated, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.parameter import Mechanism
from twitchwise.knowledge.schema.review import Review


class Side(Entry, frozen=True, kw_only=True):
    """One side of a story: what it says, in plain words, what that changes in the forward model, and who says so."""

    says: Annotated[ForPeople, Meta(min_length=20)]
    changes: tuple[Mechanism, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Story(Entry, frozen=True, kw_only=True):
    """A popular story and the evidence.

    ``about`` names conditions and findings, ``claims`` the popular claims it explains, ``setting`` what both sides have
    in common, and ``default`` the side that the simulator takes unless it is told otherwise.
    """

    id: str
    question: ForPeople
    about: Annotated[tuple[str, ...], Meta(min_length=1)]
    claims: tuple[str, ...] = ()
    setting: tuple[Mechanism, ...] = ()
    popular: Side
    evidence: Side
    default: Literal["evidence"]
    review: Review

    def side(self, name: Literal["evidence", "popular"]) -> Side:
        """Return one side."""
        return self.popular if name == "popular" else self.evidence
