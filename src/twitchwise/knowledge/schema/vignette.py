"""A scenario test that a clinician can read."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry


class Expectation(Entry, frozen=True, kw_only=True):
    """What must come out: a cause among the first ``within``, an urgency between two levels, and words never said."""

    cause: str | None = None
    within: Annotated[int, Meta(ge=1)] = 3
    urgency_at_least: Literal["emergency", "same_day", "soon", "routine", "self_care"]
    urgency_at_most: Literal["emergency", "same_day", "soon", "routine", "self_care"] = "emergency"
    never_say: tuple[str, ...] = ()


class Vignette(Entry, frozen=True, kw_only=True):
    """One case and its expectation; ``case`` has the fields of a case file."""

    id: str
    label: str
    about: str
    role: Literal["typical", "near_miss", "constructed", "published"]
    origin: str
    case: dict[str, Any]
    expect: Expectation
