"""Single twitches after EMG as force and motion sensors saw them, a row a channel."""

from dataclasses import dataclass

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.display import clean
from twitchwise.report.places import places_of
from twitchwise.report.recording.values import Value, ordered, value_of
from twitchwise.vocabulary.text import say

_NOT_TOLD = "-"
_FIELDS = {
    "latency": "twitch_latency",
    "contraction_time": "twitch_contraction_time",
    "half_relaxation_time": "twitch_half_relaxation_time",
}
_TWITCH = "twitch_"
_PEAK = "twitch_peak_"

COLUMNS = {
    "channel": say("Channel"),
    "latency": say("Latency from EMG"),
    "contraction_time": say("Contraction time"),
    "half_relaxation_time": say("Half-relaxation"),
    "peak": say("Peak"),
}
"""Fields of a row and what stands above them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TwitchRow:
    """What one channel other than EMG showed; ``values`` holds all of it, with methods and doubts."""

    channel: str
    values: tuple[Value, ...]
    latency: str = _NOT_TOLD
    contraction_time: str = _NOT_TOLD
    half_relaxation_time: str = _NOT_TOLD
    peak: str = _NOT_TOLD

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the values in the columns may not be leaned on, each doubt once."""
        return tuple(dict.fromkeys(doubt for one in self.values if one not in self.others for doubt in one.doubts))

    @property
    def others(self) -> tuple[Value, ...]:
        """The values that have no column."""
        return tuple(one for one in self.values if one.id not in _FIELDS.values() and not one.id.startswith(_PEAK))


def twitches_of(examined: ExaminedRecording, library: Library) -> tuple[TwitchRow, ...]:
    """Return what was measured of single twitches on no EMG electrode, a row a channel."""
    places = places_of(examined)
    found = [
        one
        for one in examined.result.measurements
        if one.id.startswith(_TWITCH) and not any(place.holds(one.channel) for place in places)
    ]
    names = dict.fromkeys(one.channel for one in found)
    return tuple(
        _row(
            clean(name or say("whole recording")),
            tuple(value_of(examined, one, library) for one in ordered([one for one in found if one.channel == name])),
        )
        for name in names
    )


def _row(channel: str, values: tuple[Value, ...]) -> TwitchRow:
    said = {value.id: value.said for value in values}
    peak = next((value.said for value in values if value.id.startswith(_PEAK)), _NOT_TOLD)
    told = {field: said.get(name, _NOT_TOLD) for field, name in _FIELDS.items()}
    return TwitchRow(channel=channel, values=values, peak=peak, **told)
