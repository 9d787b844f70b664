"""The parts of the body that are filmed, and what their skin looks like."""

from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    """What the picture shows."""

    EYELID = "eyelid"
    CHEEK = "cheek"
    TONGUE = "tongue"
    CALF = "calf"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How a region looks: shares from 0 to 1 of what its texture can have, and what else is in the picture.

    Parameters
    ----------
    pores, lines, hairs, spots
        How much there is of each, 0 to 1.
    redness
        How much redder than the skin of the arm, 0 to 1.
    wet
        How much of the light is mirrored, 0 to 1.
    outline
        Half axes of the part that the region fills, as shares of the picture; 0 where it fills all.
    """

    pores: float
    lines: float
    hairs: float
    spots: float
    redness: float = 0.0
    wet: float = 0.0
    outline: tuple[float, float] = (0.0, 0.0)


LOOKS = {
    Region.EYELID: Look(pores=0.2, lines=1.0, hairs=0.3, spots=0.3),
    Region.CHEEK: Look(pores=1.0, lines=0.4, hairs=0.2, spots=0.6),
    Region.TONGUE: Look(pores=0.8, lines=0.5, hairs=0.0, spots=0.4, redness=1.0, wet=1.0, outline=(0.42, 0.44)),
    Region.CALF: Look(pores=0.4, lines=0.6, hairs=1.0, spots=0.5),
    Region.HAND: Look(pores=0.3, lines=1.0, hairs=0.4, spots=0.3, outline=(0.38, 0.42)),
}
