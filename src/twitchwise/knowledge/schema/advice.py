"""One piece of advice in plain words."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople


class Advice(Entry, frozen=True, kw_only=True):
    """What a person can do, at reading age 9-11, with the evidence for it."""

    id: str
    text: Annotated[ForPeople, Meta(min_length=10, max_length=400)]
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]
