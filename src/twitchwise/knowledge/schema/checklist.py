"""A page on which several findings are ticked together, with "none of these"."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople


class Checklist(Entry, frozen=True, kw_only=True):
    """One question over several findings; the findings name it in ``asked.checklist``.

    ``ask_order`` places it among the questions; a checklist of emergency signs comes before all others.
    """

    id: str
    question: Annotated[ForPeople, Meta(min_length=5, max_length=160, pattern=r"\?$")]
    help: ForPeople | None = None
    ask_order: int = 100
