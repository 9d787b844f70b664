"""Which fields of the knowledge are words for people: they come as `Text` and go into the catalogs of languages."""

from typing import Annotated

from msgspec import Meta

ForPeople = Annotated[str, Meta(extra={"for_people": True})]
"""A text that people read."""
