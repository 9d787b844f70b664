"""Where was measured: each electrode, or each array of electrodes, with the muscle that it lies on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Electrode, Measurement
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.signals import Channel

_RATE = "fasciculation_rate"

CHANNELS_SHOWN = 6  # of a grid with a hundred; the JSON has all


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Channels that were measured together, under the name that the measurements give them."""

    name: str
    channels: tuple["Channel", ...]

    @property
    def is_array(self) -> bool:
        """Whether there is more than one channel."""
        return len(self.channels) > 1

    @property
    def electrode(self) -> str | None:
        """How published ranges call such electrodes; ``None`` where nothing says what touches the muscle."""
        kind = self.channels[0].electrode
        if kind is Electrode.UNKNOWN:
            return None
        return "high_density_surface" if kind is Electrode.SURFACE and self.is_array else kind.value

    def holds(self, channel: str | None) -> bool:
        """Tell whether a name is that of the place or of one of its channels."""
        return channel is not None and (channel == self.name or any(one.name == channel for one in self.channels))

    def measured(self, examined: ExaminedRecording) -> tuple[Measurement, ...]:
        """Return all that was measured here."""
        return tuple(one for one in examined.result.measurements if self.holds(one.channel))


def places_of(examined: ExaminedRecording) -> tuple[Place, ...]:
    """Return the places of a recording that could be measured, in the order of the file."""
    return tuple(_places(examined))


def _places(examined: ExaminedRecording) -> Iterator[Place]:
    # array libraries load where there is a recording, not before
    from twitchwise.measure.emg.groups import electrode_groups  # noqa: PLC0415
    from twitchwise.measure.emg.usability import emg_channels  # noqa: PLC0415

    result = examined.result
    refused = {one.channel for one in result.quality if not one.usable}
    named = {one.channel for one in result.measurements} | set(result.rest)
    usable = [channel for channel in emg_channels(examined.recording) if channel.name not in refused]
    for group in electrode_groups(usable):
        if not group.is_array or group.name in named:
            yield Place(name=group.name, channels=group.channels)
        else:
            yield from (Place(name=channel.name, channels=(channel,)) for channel in group.channels)


def shown_places(examined: ExaminedRecording) -> tuple[Place, ...]:
    """Return the places that a reader is shown: all, or of many those with the highest rates, in the file's order."""
    places = places_of(examined)
    if len(places) <= CHANNELS_SHOWN:
        return places
    rates = {one.channel: one.value for one in examined.result.measurements if one.id == _RATE}
    first = sorted(places, key=lambda place: -rates.get(place.name, -1.0))[:CHANNELS_SHOWN]
    return tuple(place for place in places if place in first)


def muscle_of(examined: ExaminedRecording, place: Place, library: Library) -> str | None:
    """Return the muscle that a person named, else the one that the file names, else ``None``."""
    site = place.channels[0].site
    return examined.muscle or (None if site is None else library.muscle_named(site))


def left_out(examined: ExaminedRecording) -> str:
    """Return a sentence on the channels that are not shown, or nothing when all are."""
    shown = shown_places(examined)
    left = len(places_of(examined)) - len(shown)
    if not left:
        return ""
    return say(
        "{shown} channels are shown here, by their rates where they have any; the JSON has the other {left}.",
        shown=len(shown),
        left=left,
    )
