"""A popular claim, and what the evidence says of it."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.review import Review


class Verdict(StrEnum):
    """What the evidence makes of a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT_SUPPORTED = "not_supported"
    CONTRADICTED = "contradicted"
    NOT_STUDIED = "not_studied"


class Claim(Entry, frozen=True, kw_only=True):
    """A claim as people say it, the verdict, and the answer in plain words.

    ``about`` names the conditions and findings that it is shown beside.
    """

    id: str
    claim: Annotated[ForPeople, Meta(min_length=10, max_length=200)]
    verdict: Verdict
    answer: Annotated[ForPeople, Meta(min_length=20, max_length=600)]
    about: Annotated[tuple[str, ...], Meta(min_length=1)]
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]
    review: Review
