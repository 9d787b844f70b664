"""What measuring a recording gives: measurements, events, quality, rest and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary import Measurement, Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelQuality:
    """Quality of one channel.

    Parameters
    ----------
    channel
        Its name.
    sampling_rate_hz, duration_s
        Its rate and length.
    usable, reason
        Whether it was analyzed, and if not, why, as one sentence.
    unit
        Unit of ``noise_rms`` and ``drift``.
    noise_rms
        Noise at rest in the detector's band, or ``None`` where no rest was found.
    drift
        Range of the slow level, second by second.
    clipped_share, flat_share, missing_share
        Shares of samples, 0 to 1, at the amplifier's limit, on a flat line (contact lost), and not a number.
    mains_share, mains_hz
        Share of the power of its quieter half that is mains hum, 0 to 1; the hum's frequency where it was subtracted.
    statements
        What the channel can support and what not, one sentence each.
    """

    channel: str
    sampling_rate_hz: float
    duration_s: float
    usable: bool
    reason: str = ""
    unit: Unit = Unit.UNKNOWN
    noise_rms: float | None = None
    drift: float | None = None
    clipped_share: float = 0.0
    flat_share: float = 0.0
    missing_share: float = 0.0
    mains_share: float = 0.0
    mains_hz: float | None = None
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitMeasurements:
    """One unit that fasciculated at rest.

    Parameters
    ----------
    channel, unit
        The channel or array that it was found on, and its number there, from 1.
    discharges, fasciculations
        Its potentials at rest, and how many fasciculations they are.
    measurements
        Its rate, size, shape and so on.
    place_m, place_error_m
        Where on the array it lies, x and y in m, with the standard errors of these; ``None`` without places.
    territory_m2
        Area in which it is at least half its greatest size, or ``None``.
    """

    channel: str
    unit: int
    discharges: int
    fasciculations: int
    measurements: tuple[Measurement, ...]
    place_m: tuple[float, float] | None = None
    place_error_m: tuple[float, float] | None = None
    territory_m2: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordingMeasurements:
    """All that was measured on one recording.

    Parameters
    ----------
    measurements
        Every quantity with its channel, interval, method and doubts.
    events
        Fasciculation potentials at rest, one train a channel or array that rested long enough for a rate; then other
        activity, and twitches of force and motion.
    quality
        Quality of every EMG channel, in the recording's order, also of those that were not usable.
    rest
        Times at rest by channel or array, for every one that was analyzed.
    warnings
        What a reader of the results must know, one sentence each; the recording's own warnings come first.
    summary
        One sentence on the recording as a whole.
    discharges
        Every discharge of every motor unit, at rest and in activity; empty unless it was asked for.
    units
        Each unit that fasciculated.
    potentials
        The sorted potentials at rest of each channel or array, with their shapes, for figures and for further work.
    unusable
        Times that could not be judged, by channel or array: missing, flat or clipped.
    movement_summary
        What ``summary`` says of movement and sleep, its last sentences.
    """

    measurements: tuple[Measurement, ...]
    events: tuple[EventTrain, ...]
    quality: tuple[ChannelQuality, ...]
    rest: Mapping[str, Intervals]
    warnings: tuple[str, ...] = ()
    summary: str = ""
    discharges: tuple[EventTrain, ...] = ()
    units: tuple[UnitMeasurements, ...] = ()
    potentials: tuple[SortedPotentials, ...] = ()
    unusable: Mapping[str, Intervals] = field(default_factory=dict)
    movement_summary: str = ""
