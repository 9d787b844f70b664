"""One channel of a recording: what it measures, where, in which unit and how fast."""

from dataclasses import dataclass

from twitchwise.vocabulary import ChannelKind, Electrode, OutOfRangeError, Side, Unit
from twitchwise.vocabulary.checks import require_not_negative, require_positive
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """Description of a channel; the samples lie in the recording's source.

    Parameters
    ----------
    name
        Label as the file gives it; unique in a recording.
    kind
        What it measures.
    unit
        SI unit of the samples that the recording returns; ``count`` for raw converter counts, ``unknown`` when the file
        does not say.
    sampling_rate_hz
        Samples per second, above 0.
    n_samples
        Number of samples, at least 0.
    electrode
        Surface or needle, for EMG.
    site, side, position_m
        Where on the body; ``position_m`` is x, y, z in meters on the electrode grid or body.
    array
        Name of the electrode array, or of the sensor with several axes, that it belongs to; channels of one array see
        the same sources, and a sensor's axes stand in the order x, y, z.
    physical_range
        Least and greatest value that the converter can give, in ``unit``; clipping is judged by it.
    resolution
        Size of one converter step in ``unit``, where known.

    Raises
    ------
    OutOfRangeError
        If the sampling rate or the resolution is not above 0, the number of samples is negative, or the range is empty.
    """

    name: str
    kind: ChannelKind
    unit: Unit
    sampling_rate_hz: float
    n_samples: int
    electrode: Electrode = Electrode.UNKNOWN
    site: str | None = None
    side: Side | None = None
    position_m: tuple[float, float, float] | None = None
    array: str | None = None
    physical_range: tuple[float, float] | None = None
    resolution: float | None = None

    def __post_init__(self) -> None:
        """Refuse a channel that cannot be."""
        require_positive(say("sampling rate of channel {channel!r} in Hz", channel=self.name), self.sampling_rate_hz)
        require_not_negative(say("number of samples of channel {channel!r}", channel=self.name), self.n_samples)
        if self.resolution is not None:
            require_positive(say("resolution of channel {channel!r}", channel=self.name), self.resolution)
        if self.physical_range is not None and not self.physical_range[0] < self.physical_range[1]:
            raise OutOfRangeError(
                say(
                    "physical range of channel {channel!r} must not be empty, got {limits!r}.",
                    channel=self.name,
                    limits=self.physical_range,
                )
            )

    @property
    def duration_s(self) -> float:
        """Length of the channel in seconds."""
        return self.n_samples / self.sampling_rate_hz
