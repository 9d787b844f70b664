"""The closed list of units. Inside the program everything is SI; ms, uV and mN appear only in reports."""

from enum import StrEnum

from twitchwise.vocabulary.text import say


class Unit(StrEnum):
    """A unit, written as it stands in knowledge files and in JSON."""

    ONE = "1"
    PERCENT = "%"
    COUNT = "count"
    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    DAY = "day"
    YEAR = "year"
    HERTZ = "Hz"
    PER_MINUTE = "1/min"
    PER_HOUR = "1/h"
    VOLT = "V"
    NEWTON = "N"
    METER = "m"
    PIXEL = "px"
    PIXEL_PER_SECOND = "px/s"
    METER_PER_SECOND = "m/s"
    METER_PER_SECOND_SQUARED = "m/s2"
    RADIAN_PER_SECOND = "rad/s"
    MOLE_PER_LITER = "mol/L"
    KILOGRAM_PER_KILOGRAM = "kg/kg"
    KILOGRAM = "kg"
    KILOGRAM_SQUARE_METER = "kg m2"
    NEWTON_METER = "N m"
    NEWTON_METER_PER_RADIAN = "N m/rad"
    NEWTON_METER_SECOND_PER_RADIAN = "N m s/rad"
    RADIAN = "rad"
    PER_SECOND = "1/s"
    PER_SQUARE_METER = "1/m2"
    AMPERE = "A"
    SIEMENS_PER_METER = "S/m"
    SIEMENS_PER_SQUARE_METER = "S/m2"
    FARAD_PER_SQUARE_METER = "F/m2"
    OHM_METER = "ohm m"
    COULOMB_PER_SQUARE_METER = "C/m2"
    VOLT_PER_SECOND = "V/s"
    PASCAL = "Pa"
    DEGREE_CELSIUS = "degC"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The unit as it stands behind a number in a sentence, for example ``days``."""
        return _WORDS.get(self, self.value)


_WORDS = {
    Unit.ONE: "",
    Unit.SECOND: say("seconds"),
    Unit.MINUTE: say("minutes"),
    Unit.HOUR: say("hours"),
    Unit.DAY: say("days"),
    Unit.YEAR: say("years"),
    Unit.PER_MINUTE: say("per minute"),
    Unit.PER_HOUR: say("per hour"),
    Unit.PIXEL: say("pixels"),
    Unit.PIXEL_PER_SECOND: say("pixels per second"),
}
