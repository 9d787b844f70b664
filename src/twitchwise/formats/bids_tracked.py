"""The channels of a recording of movement as its BIDS tables name them: what each measures, where, and its axis.

BIDS 1.10, https://bids-specification.readthedocs.io under "Motion".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from twitchwise.formats.bids_text import Row, cell
from twitchwise.formats.channel_kind import kind_of
from twitchwise.formats.motion.words import side_in, stem_of, words_of
from twitchwise.formats.motion.words_for_people import PLACE_WORDS
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Side, Unit

LATENCY = "LATENCY"
"""Type of a channel that holds the time of each row, from the first one on."""

_KINDS = {
    "ACCEL": ChannelKind.ACCELERATION,
    "GYRO": ChannelKind.ANGULAR_VELOCITY,
    "POS": ChannelKind.DISPLACEMENT,
    "JNTANG": ChannelKind.ANGLE,
}
_UNITS = {ChannelKind.DISPLACEMENT: Unit.METER, ChannelKind.ANGLE: Unit.RADIAN}
_SENSORS = {"ACCEL": "accelerometer", "GYRO": "gyroscope", "POS": "position", "JNTANG": "angle"}
_AXES = "xyz"
_AXIS_AT_END = re.compile(r"[\s_.-]*[xyz]$", re.IGNORECASE)
_SIDES = {side.value: side for side in Side}
_SIDE_FIRST = re.compile(rf"({'|'.join(_SIDES)})\s+(\S.*)", re.IGNORECASE)
_SHORT_SIDES = {"l": Side.LEFT.value, "r": Side.RIGHT.value}


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedChannel:
    """One column of the table of samples.

    Parameters
    ----------
    column
        Its number.
    name, type, unit_text
        As the table of channels gives them; empty where it does not say.
    kind
        What it measures.
    axis
        Letter of its axis, if it has one.
    point
        What was tracked.
    site, side
        The part of the body, in plain words, where the table says it.
    """

    column: int
    name: str
    type: str
    unit_text: str
    kind: ChannelKind
    axis: str | None = None
    point: str = ""
    site: str | None = None
    side: Side | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedSensor:
    """Axes of one kind that were tracked at one point, in the order x, y, z."""

    name: str
    channels: tuple[TrackedChannel, ...]


def tracked(rows: Sequence[Row]) -> list[TrackedChannel]:
    """Return the channels that a table of channels names, in its order."""
    return [_channel(number, row) for number, row in enumerate(rows)]


def sensors_of(channels: Sequence[TrackedChannel]) -> list[TrackedSensor]:
    """Return the channels as sensors, one that belongs to no other as one of its own; times are left out."""
    groups: dict[object, list[TrackedChannel]] = {}
    for channel in channels:
        if channel.type != LATENCY:
            groups.setdefault(_group(channel), []).append(channel)
    return [sensor for members in groups.values() for sensor in _sensors(members)]


def _group(channel: TrackedChannel) -> object:
    moves = channel.type in _KINDS and channel.axis is not None
    return (channel.type, channel.point, channel.unit_text) if moves else channel.column


def _sensors(members: Sequence[TrackedChannel]) -> list[TrackedSensor]:
    """Part sensors at one point, of which an axis would stand there twice, by the words of their names."""
    if len({channel.axis for channel in members}) == len(members):
        return [_sensor(members)]
    by_stem: dict[tuple[str, ...], list[TrackedChannel]] = {}
    for channel in members:
        by_stem.setdefault(stem_of(channel.name), []).append(channel)
    if len(by_stem) == 1:
        return [_sensor([channel]) for channel in members]
    return [sensor for own in by_stem.values() for sensor in _sensors(own)]


def _sensor(members: Sequence[TrackedChannel]) -> TrackedSensor:
    ordered = sorted(members, key=lambda channel: channel.axis or "")
    names = {_AXIS_AT_END.sub("", channel.name) for channel in ordered}
    first = ordered[0]
    named = names.pop() if len(names) == 1 and len(ordered) > 1 else ""
    return TrackedSensor(
        name=named or f"{first.point} {_SENSORS.get(first.type, '')}".strip() or first.name, channels=tuple(ordered)
    )


def _channel(number: int, row: Row) -> TrackedChannel:
    kind_in_bids, unit_text, axis = cell(row, "type").upper(), cell(row, "units"), cell(row, "component").lower()
    name = cell(row, "name") or f"channel {number + 1}"
    site, side = place_in(cell(row, "placement"), cell(row, "tracked_point"))
    return TrackedChannel(
        column=number,
        name=name,
        type=kind_in_bids,
        unit_text=unit_text,
        kind=_kind(kind_in_bids, name, cell(row, "description"), unit_text),
        axis=axis if axis and axis in _AXES else None,
        point=cell(row, "tracked_point"),
        site=site,
        side=side,
    )


def _kind(kind_in_bids: str, name: str, words: str, unit_text: str) -> ChannelKind:
    """Return what a channel measures; what has an unfitting unit is of no kind that is measured."""
    unit = parse_unit(unit_text)
    kind = _KINDS.get(kind_in_bids)
    if kind is not None:
        return (
            kind
            if unit.unit in {_UNITS.get(kind, unit.unit), Unit.UNKNOWN} and not unit.foreign
            else (ChannelKind.OTHER)
        )
    if kind_in_bids != "MISC":
        return ChannelKind.OTHER
    return sensible_kind(name, words, unit_text)


def sensible_kind(name: str, words: str, unit_text: str) -> ChannelKind:
    """Return what a channel measures by its name, its description and its unit, which must be one of that kind."""
    unit = parse_unit(unit_text)
    kind = kind_of(name, words, unit.unit)
    if kind is ChannelKind.FORCE or (unit.unit is Unit.UNKNOWN and not unit.foreign):
        return kind
    if kind in {ChannelKind.EMG, ChannelKind.ECG, ChannelKind.EEG}:
        return kind if unit.may_be_volts else ChannelKind.OTHER
    return kind if kind is kind_of("", "", unit.unit) else ChannelKind.OTHER


def place_in(placement: str, point: str) -> tuple[str | None, Side | None]:
    """Return the part of the body and its side, as far as a table says them in words.

    Parameters
    ----------
    placement
        Where a sensor was; any words count.
    point
        What was tracked; it counts where it names a part of the body or a side.

    Examples
    --------
    >>> place_in("left soleus", ""), place_in("", "rightForeArm"), place_in("Rigid1", "Rigid1")
    (('soleus', <Side.LEFT: 'left'>), ('forearm', <Side.RIGHT: 'right'>), (None, None))
    """
    site, side = _place(placement)
    other, other_side = _place(point)
    names_body = other_side is not None or bool(set(words_of(other or "")) & PLACE_WORDS.keys())
    return site or (other if names_body else None), side or other_side


def _place(text: str) -> tuple[str | None, Side | None]:
    """Return the words of a place without its side; a name with a number in it, as of a marker, is none."""
    begin = _SIDE_FIRST.fullmatch(text)
    if begin is not None:
        return begin[2], _SIDES[begin[1].lower()]
    words = words_of(text)
    if not words or any(letter.isdigit() for letter in text):
        return None, side_in(words)
    if words[0] in _SHORT_SIDES and PLACE_WORDS.keys() & set(words[1:]):
        words[0] = _SHORT_SIDES[words[0]]
    side = side_in(words)
    left = [word for word in words if side is None or word != side.value]
    joined = " ".join(left).replace("fore arm", "forearm")
    return (text if joined == text.lower() else joined) or None, side
