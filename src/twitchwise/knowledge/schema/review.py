"""Who has looked a file over, bound to its text by a digest."""

import datetime as dt
from typing import Literal

from twitchwise.knowledge.schema.entry import Entry


class Review(Entry, frozen=True, kw_only=True):
    """State of review; ``of_digest`` is what `twitchwise.knowledge.digest` gave when it was reviewed."""

    state: Literal["draft", "reviewed"]
    by: str | None = None
    on: dt.date | None = None
    of_digest: str | None = None
    expires_on: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a review that does not say by whom, when and of which text."""
        if self.state == "reviewed" and None in (self.by, self.on, self.of_digest):
            raise ValueError("a reviewed entry must give by, on and of_digest")
