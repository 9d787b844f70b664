"""What changes from muscle to muscle, and with what a person does while being recorded: named lists of changes."""

from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.parameter import Mechanism


class Preset(Entry, frozen=True, kw_only=True):
    """A named list of changes to the parameters of the forward model; each parameter stands in it once."""

    id: str
    label: ForPeople
    names: tuple[str, ...] = ()
    summary: Annotated[ForPeople, Meta(min_length=20)]
    changes: tuple[Mechanism, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a parameter that is changed twice."""
        changed = [change.parameter for change in self.changes]
        if len(set(changed)) != len(changed):
            raise ValueError("changes must name each parameter once")


class Muscle(Preset, frozen=True, kw_only=True):
    """A muscle with the joint it moves: what differs from the hand muscle that the parameters describe."""


class Scene(Preset, frozen=True, kw_only=True):
    """What a person does, or what is done to them, while being recorded."""
