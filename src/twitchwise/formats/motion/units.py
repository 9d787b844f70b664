"""The unit of each sensor and whether gravity is in it: as the file says, else as the data tell, else as asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.motion.clock import Ticks
from twitchwise.formats.motion.raw_motion import RawSensor
from twitchwise.formats.motion.still_length import Stillness, stillness_of
from twitchwise.formats.motion.turning import turning_unit
from twitchwise.formats.unit_text import ParsedUnit, parse_unit
from twitchwise.vocabulary import ChannelKind, Unit, UnreadableRecordingError
from twitchwise.vocabulary.text import capital, say, together

# Standard gravity in each unit that accelerometers are read in.
_ONE_G = {"g": 1.0, "m/s2": 9.80665, "mg": 1000.0}
# At rest the length of the vector is 1 g within this share: sensors of phones are off by up to some percent.
_WITH_GRAVITY_SHARE = 0.15
# At rest the length is below this share of 1 g without gravity: what is left is the error of the sensor.
_WITHOUT_GRAVITY_SHARE = 0.3
# Movement within the stillest windows above this share of the length leaves nothing to judge.
_MOVING_SHARE = 0.5
_NEEDED = {
    ChannelKind.ACCELERATION: (say("acceleration"), Unit.METER_PER_SECOND_SQUARED, say("--unit g or --unit m/s2")),
    ChannelKind.ANGULAR_VELOCITY: (
        say("angular velocity"),
        Unit.RADIAN_PER_SECOND,
        say("--unit rad/s or --unit deg/s"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A sensor's unit, or nothing where it cannot be told, and what was found about it."""

    unit: ParsedUnit | None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def settle_units(sensors: Sequence[RawSensor], ticks: Sequence[Ticks], options: ReadOptions) -> list[Settled]:
    """Decide the unit of each sensor.

    Raises
    ------
    UnreadableRecordingError
        If the file or the data and the options disagree, or no sensor's unit can be told.
    """
    settled = [_settled(number, sensors, ticks, options) for number in range(len(sensors))]
    if not any(one.unit for one in settled):
        raise UnreadableRecordingError(_unit_needed(sensors[0], ticks[0], options.typed))
    return settled


def _unit_needed(sensor: RawSensor, ticks: Ticks, typed: str) -> str:
    """Say that a person has to give the unit, and why the samples do not."""
    what, _, option = _NEEDED[sensor.kind]
    still = stillness_of(sensor.values, ticks.rate_hz) if sensor.kind is ChannelKind.ACCELERATION else None
    if still is not None and still.length < _WITHOUT_GRAVITY_SHARE * _ONE_G["m/s2"]:
        return say(
            "{file!r} must say the unit of its {what}, which its samples do not tell (their length at rest is"
            " {length:.2g}, so gravity is not in them); pass it with {option}.",
            file=typed,
            what=what,
            length=still.length,
            option=option,
        )
    return say(
        "{file!r} must say the unit of its {what}, which its samples do not tell; pass it with {option}.",
        file=typed,
        what=what,
        option=option,
    )


def _settled(number: int, sensors: Sequence[RawSensor], ticks: Sequence[Ticks], options: ReadOptions) -> Settled:
    sensor = sensors[number]
    what, si_unit, option = _NEEDED[sensor.kind]
    stated, wanted = _stated(sensor, si_unit, options.typed), _wanted(si_unit, options)
    if stated is not None and wanted is not None and parse_unit(stated) != parse_unit(wanted):
        raise UnreadableRecordingError(
            say(
                "{file!r}: unit of {what} must be the {stated!r} of the file, got {unit!r}.",
                file=options.typed,
                what=what,
                stated=stated,
                unit=options.unit_text,
            )
        )
    still = stillness_of(sensor.values, ticks[number].rate_hz) if sensor.kind is ChannelKind.ACCELERATION else None
    told = _told(number, sensors, ticks, still)
    if stated is None and wanted is not None and told is not None and parse_unit(told) != parse_unit(wanted):
        raise UnreadableRecordingError(
            say(
                "{file!r}: unit of {what} must be {told}, as the samples show, got {unit!r}.",
                file=options.typed,
                what=what,
                told=told,
                unit=options.unit_text,
            )
        )
    unit_text = stated or wanted or told
    if unit_text is None:
        said = say(
            "The unit of {sensor} is not said and its samples do not tell it; it was left out. Pass {option}.",
            sensor=sensor.name,
            option=option,
        )
        return Settled(unit=None, warnings=(said,))
    if sensor.kind is ChannelKind.ACCELERATION:
        return _of_acceleration(sensor, unit_text, still, is_stated=bool(stated))
    turning = _in_unit(say("Angular velocity"), unit_text, is_stated=bool(stated))
    return Settled(unit=parse_unit(unit_text), notes=(say("{in_its_unit}.", in_its_unit=turning),))


def _in_unit(what: str, unit_text: str, *, is_stated: bool) -> str:
    """Return the first half of a sentence: in which unit something is, and whether the file says so."""
    if is_stated:
        return say("{what} is stated in {unit}", what=what, unit=unit_text)
    return say("{what} is in {unit}", what=what, unit=unit_text)


def _stated(sensor: RawSensor, si_unit: Unit, typed: str) -> str | None:
    """Return the unit of the file, if it says one that can be."""
    if sensor.unit_text is None or not sensor.unit_text.strip():
        return None
    parsed = parse_unit(sensor.unit_text)
    if parsed.unit is si_unit:
        return next((text for text in (*_ONE_G, "rad/s", "deg/s") if parse_unit(text) == parsed), sensor.unit_text)
    raise UnreadableRecordingError(
        say(
            "{file!r}: unit of {sensor} must be one like m/s2, g or rad/s, got {unit!r}.",
            file=typed,
            sensor=sensor.name,
            unit=sensor.unit_text,
        )
    )


def _wanted(si_unit: Unit, options: ReadOptions) -> str | None:
    if options.unit_text is None:
        return None
    parsed = parse_unit(options.unit_text)
    return options.unit_text.strip() if parsed.unit is si_unit else None


def _told(number: int, sensors: Sequence[RawSensor], ticks: Sequence[Ticks], still: Stillness | None) -> str | None:
    """Return the unit that the samples show."""
    sensor = sensors[number]
    if sensor.told_unit is not None:
        return sensor.told_unit
    if sensor.kind is ChannelKind.ACCELERATION:
        return None if sensor.with_gravity is False else _with_gravity_in(still)
    beside = next(
        (
            other
            for other, one in enumerate(sensors)
            if one.kind is ChannelKind.ACCELERATION and _with_gravity_in(stillness_of(one.values, ticks[other].rate_hz))
        ),
        None,
    )
    falls = (None, None) if beside is None else (sensors[beside], ticks[beside])
    return turning_unit(sensor, ticks[number], *falls)


def _with_gravity_in(still: Stillness | None) -> str | None:
    """Return the unit in which the length at rest is that of gravity."""
    if still is None or still.spread > _MOVING_SHARE * still.length:
        return None
    return next((text for text, one_g in _ONE_G.items() if _is_gravity(still, one_g)), None)


def gravity_unit(length: float) -> str | None:
    """Return the unit in which a vector of so many units can be that of gravity."""
    return next((text for text, one_g in _ONE_G.items() if abs(length - one_g) <= _WITH_GRAVITY_SHARE * one_g), None)


def _is_gravity(still: Stillness, one_g: float) -> bool:
    return abs(still.length - one_g) <= _WITH_GRAVITY_SHARE * one_g


def _of_acceleration(sensor: RawSensor, unit_text: str, still: Stillness | None, *, is_stated: bool) -> Settled:
    """Say whether gravity is in acceleration of a known unit."""
    unit = parse_unit(unit_text)
    named = capital(sensor.name) if sensor.name != "accelerometer" else say("Acceleration")
    begin = _in_unit(named, unit_text, is_stated=is_stated)
    if still is None:
        said = say(
            "{in_its_unit}; whether gravity is in it cannot be told from fewer than three axes.", in_its_unit=begin
        )
        return Settled(unit=unit, notes=(said,))
    return _of_gravity(sensor, unit, begin, still)


def _of_gravity(sensor: RawSensor, unit: ParsedUnit, begin: str, still: Stillness) -> Settled:
    """Say whether gravity is in acceleration whose length at rest is known; ``begin`` says in which unit it is."""
    one_g, other, length = _ONE_G["m/s2"] / unit.scale, _with_gravity_in(still), still.length
    if _is_gravity(still, one_g):
        said = say(
            "{in_its_unit} and includes gravity: its length is {length:.3g} at rest.", in_its_unit=begin, length=length
        )
        return _contrasted(sensor, unit, said, has=True)
    if other is not None and parse_unit(other) != unit and sensor.with_gravity is not False:
        said = say(
            "{in_its_unit}, but its length is {length:.3g} at rest, which is gravity in {other}; its size is doubtful.",
            in_its_unit=begin,
            length=length,
            other=other,
        )
        return Settled(unit=unit, warnings=(said,))
    if length <= _WITHOUT_GRAVITY_SHARE * one_g:
        said = say(
            "{in_its_unit} and has no gravity in it: its length is {length:.3g} at rest.",
            in_its_unit=begin,
            length=length,
        )
        return _contrasted(sensor, unit, said, has=False)
    said = say(
        "{in_its_unit}; whether gravity is in it cannot be told: its length is {length:.3g} at rest.",
        in_its_unit=begin,
        length=length,
    )
    return Settled(unit=unit, warnings=(said,))


def _contrasted(sensor: RawSensor, unit: ParsedUnit, said: str, *, has: bool) -> Settled:
    """Set what the data show beside what the file says about gravity."""
    if sensor.with_gravity is None or sensor.with_gravity is has:
        return Settled(unit=unit, notes=(said,))
    includes, has_none = say("The file says that it includes it."), say("The file says that it has none in it.")
    return Settled(unit=unit, warnings=(together((said, includes if sensor.with_gravity else has_none)),))
