"""A bibliographic record that says how much of the source was read."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople


class Read(StrEnum):
    """How much of the source was opened by whoever wrote the entry."""

    FULL = "full"
    ABSTRACT = "abstract"
    EXCERPT = "excerpt"
    NOT_OPENED = "not_opened"


class Design(StrEnum):
    """How the source came to know; strength of evidence is derived from this and from the size."""

    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic_review"
    TRIAL = "trial"
    COHORT = "cohort"
    CASE_CONTROL = "case_control"
    CROSS_SECTIONAL = "cross_sectional"
    CASE_SERIES = "case_series"
    EXPERIMENT = "experiment"
    MODEL = "model"
    NARRATIVE = "narrative"
    PUBLIC_INFORMATION = "public_information"
    SOFTWARE = "software"


class Source(Entry, frozen=True, kw_only=True):
    """One publication, guideline or page.

    ``size`` is the number of people examined. ``public`` sources may stand under "read more"; ``good_for`` then says
    what a lay reader finds there.
    """

    id: str
    title: str
    authors: Annotated[tuple[str, ...], Meta(min_length=1)]
    year: Annotated[int, Meta(ge=1800, le=2100)]
    container: str
    design: Design
    read: Read
    doi: Annotated[str, Meta(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, Meta(pattern=r"^\d{1,8}$")] | None = None
    pmcid: Annotated[str, Meta(pattern=r"^PMC\d+$")] | None = None
    url: Annotated[str, Meta(pattern=r"^https://\S+$")] | None = None
    read_on: dt.date | None = None
    read_as: str | None = None
    size: Annotated[int, Meta(ge=1)] | None = None
    population: str | None = None
    reach: Literal["public", "professional"] = "professional"
    good_for: ForPeople | None = None
    review_due: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a record that cannot be found again, or a public page that does not say what it is good for."""
        if self.doi is None and self.pmid is None and self.pmcid is None and self.url is None:
            raise ValueError("a source must give doi, pmid, pmcid or url")
        if self.reach == "public" and (self.url is None or self.good_for is None):
            raise ValueError("a public source must give url and good_for")
        if self.read is not Read.NOT_OPENED and self.read_on is None:
            raise ValueError("a source that was opened must give read_on")
