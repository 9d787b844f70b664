"""How well the knowledge is founded: shares of counted, reported and assumed numbers, and of sources read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from twitchwise.knowledge.digest import digest_of, review_state
from twitchwise.knowledge.library import Library
from twitchwise.knowledge.schema import Claim, Condition, Figures, Medicine, PreTest, PublishedRange, Rule, Share, Story
from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.number import Quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Counts of entries by shelf, of numbers by kind, of sources by how much was read, and of reviews by state."""

    entries: dict[str, int]
    numbers: dict[str, int]
    sources_read: dict[str, int]
    reviews: dict[str, int]


def coverage_of(library: Library) -> Coverage:
    """Return how well the knowledge is founded."""
    reviewed: list[Condition | Rule | Claim | Medicine | PublishedRange | Story] = [
        *library.conditions.values(),
        *library.rules.values(),
        *library.claims.values(),
        *library.medicines.values(),
        *library.ranges.values(),
        *library.stories.values(),
    ]
    return Coverage(
        entries={name: len(getattr(library, name)) for name in SHELVES},
        numbers=_counted(_number_kinds(library), ("counts", "reported", "assumed")),
        sources_read=_counted(
            (source.read.value for source in library.sources.values()), ("full", "abstract", "excerpt", "not_opened")
        ),
        reviews=_counted((review_state(entry.review, digest_of(entry)) for entry in reviewed), ("reviewed", "draft")),
    )


SHELVES = (
    "conditions",
    "findings",
    "checklists",
    "rules",
    "advice",
    "claims",
    "medicines",
    "parameters",
    "muscles",
    "ranges",
    "scenes",
    "stories",
    "sources",
    "vignettes",
)


def _counted(values: Iterable[str], order: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(values)
    return {name: counts[name] for name in order}


def _number_kinds(library: Library) -> Iterator[str]:
    for entry in (
        *library.conditions.values(),
        *library.findings.values(),
        *library.medicines.values(),
        *library.parameters.values(),
        *library.muscles.values(),
        *library.ranges.values(),
        *library.scenes.values(),
        *library.stories.values(),
    ):
        yield from _kinds_in(entry)


def _kinds_in(value: object) -> Iterator[str]:
    if isinstance(value, Share | Quantity | PreTest):
        yield next(kind for kind in ("counts", "reported", "assumed") if getattr(value, kind, None) is not None)
    elif isinstance(value, Figures):
        yield "reported"
    elif isinstance(value, Entry):
        for field in value.__struct_fields__:
            yield from _kinds_in(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _kinds_in(item)
