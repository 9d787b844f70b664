"""The spellings of units that files use, with the factor that leads to SI."""

from dataclasses import dataclass
from itertools import product
from math import pi

from twitchwise.vocabulary import Unit

# Standard gravity is exact by definition (3rd General Conference on Weights and Measures, 1901).
_STANDARD_GRAVITY_MPS2 = 9.80665

_PREFIXES = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "k": 1e3, "milli": 1e-3, "micro": 1e-6, "nano": 1e-9}

_SPELLINGS: dict[str, tuple[Unit, float]] = {
    **{prefix + word: (Unit.VOLT, size) for (prefix, size), word in product(_PREFIXES.items(), ("v", "volt", "volts"))},
    **{
        prefix + word: (Unit.NEWTON, size)
        for (prefix, size), word in product(_PREFIXES.items(), ("n", "newton", "newtons"))
    },
    **dict.fromkeys(("m/s2", "m/s/s", "mps2", "ms-2", "m*s-2", "m.s-2"), (Unit.METER_PER_SECOND_SQUARED, 1.0)),
    **dict.fromkeys(("g", "g0", "gee"), (Unit.METER_PER_SECOND_SQUARED, _STANDARD_GRAVITY_MPS2)),
    "mg": (Unit.METER_PER_SECOND_SQUARED, _STANDARD_GRAVITY_MPS2 / 1000),
    **dict.fromkeys(("rad/s", "rads-1"), (Unit.RADIAN_PER_SECOND, 1.0)),
    **dict.fromkeys(("deg/s", "dps", "degree/s", "degrees/s"), (Unit.RADIAN_PER_SECOND, pi / 180)),
    **dict.fromkeys(("rad", "radian", "radians"), (Unit.RADIAN, 1.0)),
    **dict.fromkeys(("deg", "degree", "degrees"), (Unit.RADIAN, pi / 180)),
    "n*m": (Unit.NEWTON_METER, 1.0),
    **dict.fromkeys(("%", "percent", "%mvc", "%(mvc)"), (Unit.PERCENT, 1.0)),
    **dict.fromkeys(("count", "counts", "adu", "adc", "lsb", "raw"), (Unit.COUNT, 1.0)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), (Unit.SECOND, 1.0)),
    **dict.fromkeys(("ms", "msec"), (Unit.SECOND, 1e-3)),
    **dict.fromkeys(("us", "usec"), (Unit.SECOND, 1e-6)),
    **dict.fromkeys(("ns", "nsec"), (Unit.SECOND, 1e-9)),
    **dict.fromkeys(("hz", "hertz"), (Unit.HERTZ, 1.0)),
    **dict.fromkeys(("1/min", "bpm"), (Unit.PER_MINUTE, 1.0)),
    **dict.fromkeys(("degc", "degreec", "celsius"), (Unit.DEGREE_CELSIUS, 1.0)),
    "m": (Unit.METER, 1.0),
    "mm": (Unit.METER, 1e-3),
    "cm": (Unit.METER, 1e-2),
    "m/s": (Unit.METER_PER_SECOND, 1.0),
}

# Units that this program has no word for but that are surely not volts.
_FOREIGN = frozenset(
    {
        "mmhg",
        "cmh2o",
        "pa",
        "kpa",
        "kg",
        "lb",
        "nm",
        "ohm",
        "kohm",
        "mohm",
        "us/cm",
        "l/min",
        "lux",
        "degf",
    }
)

_REPLACEMENTS = (
    ("\u00c2\u00b5", "u"),  # a micro sign written as UTF-8 and read as Latin-1
    ("\u00b5", "u"),  # micro sign
    ("\u03bc", "u"),  # Greek small letter mu
    ("\u00c2\u00b0", "deg"),
    ("\u00b0", "deg"),
    ("\u00b2", "2"),
    ("^", ""),
    ("N m", "N*m"),
    (" ", ""),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedUnit:
    """A unit as a file spells it.

    ``samples * scale`` are in ``unit``. ``foreign`` marks a real unit that the program has no word for; a text that is
    no known unit at all is ``unknown`` and not foreign.
    """

    unit: Unit
    scale: float = 1.0
    foreign: bool = False

    @property
    def may_be_volts(self) -> bool:
        """Whether samples in this unit can be an electrical potential, as far as the spelling tells."""
        return self.unit in {Unit.VOLT, Unit.COUNT, Unit.UNKNOWN} and not self.foreign


def parse_unit(text: str) -> ParsedUnit:
    """Return what a unit's spelling means; letter case does not matter, because files disagree about it.

    Examples
    --------
    >>> parse_unit("\u00b5V").scale, parse_unit("mv").unit.value, parse_unit("").unit.value
    (1e-06, 'V', 'unknown')
    """
    plain = text.strip().strip("[]").strip()
    for old, new in _REPLACEMENTS:
        plain = plain.replace(old, new)
    plain = plain.lower()
    if plain in _SPELLINGS:
        unit, scale = _SPELLINGS[plain]
        return ParsedUnit(unit=unit, scale=scale)
    return ParsedUnit(unit=Unit.UNKNOWN, foreign=plain in _FOREIGN)
