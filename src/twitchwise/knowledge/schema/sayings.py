"""How findings are said in a language other than that of their own files."""

from typing import Annotated

from msgspec import Meta, field

from twitchwise.knowledge.schema.entry import Entry

Said = Annotated[tuple[str, ...], Meta(min_length=1)]


class Sayings(Entry, frozen=True, kw_only=True):
    """Phrases of one language for some findings, by the finding's id.

    ``said`` are the phrases that people and doctors use and ``denied`` those that mean that it is not there, written as
    a finding's own ``said_as`` and ``denied_as``. Parts with ``&`` between them may stand in any order, and ``<name>``
    stands for a group of words of the language.
    """

    id: str
    language: str
    said: dict[str, Said]
    denied: dict[str, Said] = field(default_factory=dict)
