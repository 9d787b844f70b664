"""Where on the body something is: the places that can be chosen, and what a choice of them says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twitchwise.vocabulary import Side
from twitchwise.vocabulary.text import say, say_in

ON_BOTH_SIDES = (
    ("eyelid", say("Right eyelid"), say("Left eyelid")),
    ("face", say("Right side of the face"), say("Left side of the face")),
    ("shoulder", say("Right shoulder"), say("Left shoulder")),
    ("arm", say("Right arm"), say("Left arm")),
    ("hand", say("Right hand"), say("Left hand")),
    ("thigh", say("Right thigh"), say("Left thigh")),
    ("calf", say("Right calf"), say("Left calf")),
    ("foot", say("Right foot"), say("Left foot")),
)
"""Sites as own words name them too, and what they are called here on the right and on the left."""

IN_THE_MIDDLE = (
    ("tongue", say("Tongue")),
    ("neck", say("Neck")),
    ("trunk", say("Chest or belly")),
    ("back", say_in("part of the body", "Back")),
)
"""Sites that have no side."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place on the body.

    Parameters
    ----------
    id
        For example ``left_calf``.
    label
        What it is called, for example ``Left calf``.
    site
        The site that it counts as.
    side
        Which side, ``None`` for the middle.
    """

    id: str
    label: str
    site: str
    side: Side | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a finding is: sites, and the side where all of them have one."""

    sites: tuple[str, ...]
    side: Side | None
    spots: tuple[str, ...]


def _spots() -> dict[str, Spot]:
    sided = [
        Spot(id=f"{side.value}_{site}", label=name, site=site, side=side)
        for site, right, left in ON_BOTH_SIDES
        for side, name in ((Side.RIGHT, right), (Side.LEFT, left))
    ]
    middle = [Spot(id=site, label=name, site=site, side=None) for site, name in IN_THE_MIDDLE]
    return {one.id: one for one in (*sided, *middle)}


SPOTS: Mapping[str, Spot] = MappingProxyType(_spots())
"""The places by id, from head to foot, right before left, then the middle."""


def place_of(chosen: Iterable[str]) -> Place:
    """Return what a choice of places says.

    Parameters
    ----------
    chosen
        Ids of `SPOTS`; others are left out.

    Examples
    --------
    >>> place_of(["left_calf", "right_calf"]).side, place_of(["left_calf"]).sites
    (<Side.BOTH: 'both'>, ('calf',))
    """
    given = set(chosen)
    spots = [spot for spot in SPOTS.values() if spot.id in given]
    sides = {spot.side for spot in spots if spot.side is not None}
    side = Side.BOTH if len(sides) > 1 else next(iter(sides), None)
    return Place(
        sites=tuple(dict.fromkeys(spot.site for spot in spots)), side=side, spots=tuple(spot.id for spot in spots)
    )
