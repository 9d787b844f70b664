"""A recording: its channels, when it began, what was noted on it, and its samples on demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from twitchwise.signals.channel import Channel
from twitchwise.signals.sample_source import Rows, SampleSource, rows_of
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """A note at a time: ``start_s`` seconds from the start of the recording, ``duration_s`` 0 for a moment."""

    start_s: float
    duration_s: float
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """Channels with their samples, read in blocks so that a night at 2048 Hz fits in little memory.

    Parameters
    ----------
    name
        What to call it, usually the file's name.
    format
        The format it was read from, for example ``EDF+``.
    channels
        Its channels, names unique.
    source
        Gives the samples.
    start
        When it began, if the file says.
    annotations
        What was noted on it, in order of time.
    warnings
        What a reader noticed and every result must carry along, one sentence each.
    notes
        What a reader found out by itself and is sure of, such as a unit or a clock, one sentence each.

    Raises
    ------
    OutOfRangeError
        If there is no channel or two share a name.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.signals import ArraySource
    >>> from twitchwise.vocabulary import Unit
    >>> emg = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=5000)
    >>> recording = Recording(name="x", format="array", channels=(emg,), source=ArraySource([np.zeros(5000)]))
    >>> [block.shape for _, block in recording.blocks("calf", block_s=2.0)]
    [(2000,), (2000,), (1000,)]
    """

    name: str
    format: str
    channels: tuple[Channel, ...]
    source: SampleSource
    start: datetime | None = None
    annotations: tuple[Annotation, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a recording without channels or with two of one name."""
        names = [channel.name for channel in self.channels]
        if not names or len(set(names)) != len(names):
            raise OutOfRangeError(
                say(
                    "channels of {name!r} must be at least one and named apart, got {names!r}.",
                    name=self.name,
                    names=names,
                )
            )

    @property
    def duration_s(self) -> float:
        """Length of the longest channel in seconds."""
        return max(channel.duration_s for channel in self.channels)

    def channel(self, name: str) -> Channel:
        """Return the channel of that name, or raise OutOfRangeError with the names there are."""
        return self.channels[self._index(name)]

    def of_kind(self, kind: ChannelKind) -> tuple[Channel, ...]:
        """Return the channels that measure ``kind``."""
        return tuple(channel for channel in self.channels if channel.kind is kind)

    def members(self, name: str) -> tuple[Channel, ...]:
        """Return the channel of that name, or those of the array or sensor of that name; none if there is neither."""
        return tuple(one for one in self.channels if one.name == name) or tuple(
            one for one in self.channels if one.array == name
        )

    def unit_of(self, name: str) -> Unit:
        """Return the unit of a channel, an array or a sensor, by its name; ``unknown`` where there is none."""
        return next((one.unit for one in self.members(name)), Unit.UNKNOWN)

    def read(self, name: str, start_s: float = 0.0, stop_s: float | None = None) -> FloatArray:
        """Return samples of a channel from ``start_s`` to ``stop_s`` seconds in the channel's unit, shape ``(n,)``.

        Both ends are rounded to the nearest sample and cut to the channel; without ``stop_s`` all is read to the end.
        """
        require_not_negative("start_s", start_s)
        index = self._index(name)
        channel = self.channels[index]
        stop = channel.duration_s if stop_s is None else stop_s
        require_not_negative("stop_s", stop)
        first, last = (round(min(time * channel.sampling_rate_hz, channel.n_samples)) for time in (start_s, stop))
        return self.source.read(index, first, max(first, last))

    def read_rows(self, names: Sequence[str], start_s: float, stop_s: float) -> Rows:
        """Return samples of several channels of one rate, shape ``(n_channels, n)``, in single precision.

        Both ends are rounded to the nearest sample and cut to the channels, as `read` does.

        Raises
        ------
        OutOfRangeError
            If the channels differ in rate or length.
        """
        require_not_negative("start_s", start_s)
        require_not_negative("stop_s", stop_s)
        indices = [self._index(name) for name in names]
        kinds = {(self.channels[index].sampling_rate_hz, self.channels[index].n_samples) for index in indices}
        if len(kinds) != 1:
            raise OutOfRangeError(f"channels that are read together must be of one rate and length, got {kinds!r}.")
        rate_hz, n_samples = kinds.pop()
        first, last = (round(min(time * rate_hz, n_samples)) for time in (start_s, stop_s))
        return rows_of(self.source, indices, first, max(first, last))

    def blocks(self, name: str, *, block_s: float) -> Iterator[tuple[float, FloatArray]]:
        """Give the channel block by block as ``(start in seconds, samples)``; the last block may be shorter."""
        require_positive("block_s", block_s)
        index = self._index(name)
        channel = self.channels[index]
        step = max(1, round(min(block_s * channel.sampling_rate_hz, channel.n_samples)))
        return (
            (first / channel.sampling_rate_hz, self.source.read(index, first, min(first + step, channel.n_samples)))
            for first in range(0, channel.n_samples, step)
        )

    def _index(self, name: str) -> int:
        for index, channel in enumerate(self.channels):
            if channel.name == name:
                return index
        raise OutOfRangeError(
            say("channel must be one of {names!r}, got {got!r}.", names=[c.name for c in self.channels], got=name)
        )
