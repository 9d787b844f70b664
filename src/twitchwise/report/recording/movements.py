"""What was measured of movement and sleep: each sensor, part of a picture or whole recording with its values."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema.published_range import MEASURED_QUANTITIES
from twitchwise.report.display import clean
from twitchwise.report.places import places_of
from twitchwise.report.recording.ranges import RangeBeside, range_beside
from twitchwise.report.recording.values import Value, ordered, value_of
from twitchwise.vocabulary import Measurement
from twitchwise.vocabulary.text import say

OF_TWITCHES_AFTER_EMG = "twitch_"
WHOLE = say("Whole recording")


@dataclass(frozen=True, kw_only=True, slots=True)
class MovementStory:
    """What is told of one sensor, or of the recording as a whole (``channel`` is ``None``).

    ``values`` are what was measured there, ``ranges`` what was published of the same quantities.
    """

    channel: str | None
    heading: str
    values: tuple[Value, ...]
    ranges: tuple[RangeBeside, ...]


def movements_of(examined: ExaminedRecording, library: Library) -> tuple[MovementStory, ...]:
    """Return what was measured of movement and sleep, the recording as a whole first, then sensor by sensor."""
    found = movement_measurements(examined)
    channels = sorted(dict.fromkeys(one.channel for one in found), key=lambda name: name is not None)
    return tuple(_story(examined, channel, found, library) for channel in channels)


def movement_measurements(examined: ExaminedRecording) -> list[Measurement]:
    """Return the measurements that belong to no EMG electrode and are not of twitches after EMG."""
    places = places_of(examined)
    return [
        one
        for one in examined.result.measurements
        if not one.id.startswith(OF_TWITCHES_AFTER_EMG) and not any(place.holds(one.channel) for place in places)
    ]


def movement_ranges(examined: ExaminedRecording, library: Library) -> Iterator[RangeBeside]:
    """Give what was published of the quantities that were measured of movement and sleep."""
    for one in (one for one in movement_measurements(examined) if one.id in MEASURED_QUANTITIES):
        for published in library.ranges_for(one.id):
            if published.muscle is None and published.unit is one.unit:
                yield range_beside(clean(one.channel or WHOLE), one, published, library)


def _story(
    examined: ExaminedRecording, channel: str | None, found: list[Measurement], library: Library
) -> MovementStory:
    mine = ordered([one for one in found if one.channel == channel])
    ranges = [one for one in movement_ranges(examined, library) if one.measurement in mine]
    return MovementStory(
        channel=channel,
        heading=clean(channel or WHOLE),
        values=tuple(value_of(examined, one, library) for one in mine),
        ranges=tuple(ranges),
    )
