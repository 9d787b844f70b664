"""What the diary calls parts of the body, how soon to seek help, and what was measured."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from twitchwise.vocabulary import Unit, Urgency
from twitchwise.vocabulary.text import say, say_in

Naming = Callable[[str], str]
"""Gives the name of a measured quantity by its id."""


def spaced(name: str) -> str:
    """Return an id as words.

    Examples
    --------
    >>> spaced("tremor_frequency")
    'tremor frequency'
    """
    return name.replace("_", " ")


_UNITS: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.COUNT: "",
        Unit.METER_PER_SECOND_SQUARED: "m/s²",
        Unit.DEGREE_CELSIUS: "°C",
        Unit.UNKNOWN: say("(unit unknown)"),
    }
)
"""How a unit is written behind a number, where that differs from its words."""


def with_unit(value: str, unit: Unit) -> str:
    """Return a number that is written already with its unit.

    Examples
    --------
    >>> with_unit("6", Unit.PER_MINUTE), with_unit("6", Unit.COUNT)
    ('6 per minute', '6')
    """
    words = _UNITS.get(unit, unit.words)
    return say("{value} {unit}", value=value, unit=words) if words else value


_PLACES = (
    *(say("eyelid"), say("left eyelid"), say("right eyelid")),
    *(say("face"), say("left face"), say("right face")),
    *(say("tongue"), say("left tongue"), say("right tongue")),
    *(say("neck"), say("left neck"), say("right neck")),
    *(say("shoulder"), say("left shoulder"), say("right shoulder")),
    *(say("upper arm"), say("left upper arm"), say("right upper arm")),
    *(say("forearm"), say("left forearm"), say("right forearm")),
    *(say("hand"), say("left hand"), say("right hand")),
    *(say("chest"), say("left chest"), say("right chest")),
    *(say("belly"), say("left belly"), say("right belly")),
    *(say_in("part of the body", "back"), say("left back"), say("right back")),
    *(say("buttock"), say("left buttock"), say("right buttock")),
    *(say("thigh"), say("left thigh"), say("right thigh")),
    *(say("calf"), say("left calf"), say("right calf")),
    *(say("foot"), say("left foot"), say("right foot")),
)
PLACES: Mapping[str, str] = MappingProxyType({str(words): words for words in _PLACES})
"""Each part of the body with and without its side, by its English name."""

URGENCIES: Mapping[Urgency, str] = MappingProxyType(
    {
        Urgency.SELF_CARE: say("self-care"),
        Urgency.ROUTINE: say("routine"),
        Urgency.SOON: say("soon"),
        Urgency.SAME_DAY: say("same day"),
        Urgency.EMERGENCY: say("emergency"),
    }
)
"""How soon to seek help."""
