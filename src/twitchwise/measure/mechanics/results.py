"""What measuring twitch mechanics gives: for each channel, each unit and each event."""

from dataclasses import dataclass

from twitchwise.signals import EventTrain
from twitchwise.vocabulary import ChannelKind, Measurement
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class TwitchValues:
    """What each discharge did on one channel; every array has shape ``(n_events,)``, in the order of the train given.

    Parameters
    ----------
    time_s
        When the potential began, the events of a unit lined up by their peaks.
    unit
        Number of the unit, 0 where it was not sorted.
    isolated
        Whether no other discharge came near enough for its twitch to overlap, and all of it lies at rest.
    disturbed
        Whether the channel moved as neither the unit's twitch nor noise does; such events are left out of averages.
    twitch_to_noise
        Size of the event's own twitch over its standard error, not a number where it was not measured.
    latency_s, contraction_time_s, half_relaxation_time_s
        Of the event's own twitch, to first order around its unit's; not a number where the twitch is too small for it,
        and where the kind of channel cannot give it.
    peak
        With sign, in the channel's unit; not a number where it was not measured.
    """

    time_s: FloatArray
    unit: IntArray
    isolated: BoolArray
    disturbed: BoolArray
    twitch_to_noise: FloatArray
    latency_s: FloatArray
    contraction_time_s: FloatArray
    half_relaxation_time_s: FloatArray
    peak: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTwitch:
    """The average twitch of one motor unit on one channel.

    Parameters
    ----------
    unit
        Its number, 0 for all events that were not sorted.
    channel
        Where it was measured.
    n_events
        How many isolated twitches were averaged.
    twitch_to_noise
        Size of the averaged twitch over its standard error.
    seen
        Whether there is a twitch at all; if not, the one measurement is the upper bound of its peak.
    measurements
        Latency, contraction and half-relaxation time and peak, as far as the channel can give them.
    """

    unit: int
    channel: str
    n_events: int
    twitch_to_noise: float
    seen: bool
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelTwitches:
    """Twitches on one channel of force or motion.

    Parameters
    ----------
    channel, kind
        Its name and what it measures.
    usable, reason
        Whether it was analyzed, and if not, why, as one sentence.
    noise_rms
        Noise at rest without twitches, in the channel's unit; ``None`` where it was not analyzed.
    units
        One a unit that had an isolated twitch.
    values
        One an event; ``None`` where the channel was not analyzed.
    twitches
        Events whose own twitch stands out: from the first force or motion over its peak to half of it.
    measurements
        Over the units whose twitch was seen.
    statements
        What the channel can support and what not, one sentence each.
    """

    channel: str
    kind: ChannelKind
    usable: bool
    reason: str = ""
    noise_rms: float | None = None
    units: tuple[UnitTwitch, ...] = ()
    values: TwitchValues | None = None
    twitches: EventTrain | None = None
    measurements: tuple[Measurement, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class TwitchMechanics:
    """Twitch mechanics of a recording.

    Parameters
    ----------
    channels
        Every channel of force, acceleration, angular velocity or displacement, in the recording's order.
    warnings
        What a reader of the results must know, one sentence each.
    """

    channels: tuple[ChannelTwitches, ...]
    warnings: tuple[str, ...] = ()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The measurements of all channels."""
        return tuple(measurement for channel in self.channels for measurement in channel.measurements)

    @property
    def events(self) -> tuple[EventTrain, ...]:
        """The twitches that stand out, one train a channel that was analyzed."""
        return tuple(channel.twitches for channel in self.channels if channel.twitches is not None)
