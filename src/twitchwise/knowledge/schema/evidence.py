"""A pointer into a source: where in it, what it says there, and what we take from that."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.number import Reason


class Evidence(Entry, frozen=True, kw_only=True):
    """One source's support for one statement.

    ``quote`` is verbatim and at most 300 characters; ``because`` is ours, one line.
    """

    source: str
    because: Reason
    locator: str | None = None
    quote: Annotated[str, Meta(max_length=300)] | None = None
