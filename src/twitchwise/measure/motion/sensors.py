"""Motion sensors of a recording: axes of one sensor together, with where it is worn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from twitchwise.measure.asked import Asked
from twitchwise.signals import Channel, Recording, Rows
from twitchwise.vocabulary import ChannelKind, Side
from twitchwise.vocabulary.arrays import FloatArray

MOVING = (ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY, ChannelKind.ANGLE, ChannelKind.DISPLACEMENT)
_AXIS = re.compile(r"(?i)(?<![a-z])[xyz](?![a-z])|(?<=[a-z_])[XYZ]$")
_MOST_AXES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class MotionSensor:
    """Up to three axes that were measured at one place.

    Parameters
    ----------
    name
        Name of the sensor; of a sensor with one axis the name of its channel.
    channels
        Its axes, all of one kind, unit, rate and length.
    site, side
        Where it is worn, as far as the file or a person says.
    """

    name: str
    channels: tuple[Channel, ...]
    site: str | None
    side: Side | None

    @property
    def kind(self) -> ChannelKind:
        """What it measures."""
        return self.channels[0].kind

    @property
    def sampling_rate_hz(self) -> float:
        """Samples per second."""
        return self.channels[0].sampling_rate_hz

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.channels[0].duration_s

    def read(self, recording: Recording, start_s: float = 0.0, stop_s: float | None = None) -> FloatArray:
        """Return its samples in SI, shape ``(n_axes, n_samples)``; missing ones are NaN."""
        return np.stack([recording.read(channel.name, start_s, stop_s) for channel in self.channels])

    def read_axes(self, recording: Recording, start_s: float, stop_s: float) -> list[FloatArray] | list[Rows]:
        """Return its samples axis by axis, the quickest way that the file has: together, or without a copy.

        What is read together is in single precision.
        """
        names = [channel.name for channel in self.channels]
        if hasattr(recording.source, "read_rows"):  # a `RowSource`, asked more quickly
            return list(recording.read_rows(names, start_s, stop_s))
        return [recording.read(name, start_s, stop_s) for name in names]


def motion_sensors(recording: Recording, asked: Asked) -> tuple[MotionSensor, ...]:
    """Return the motion sensors of a recording, in the order of the file.

    Axes belong together where the reader says so by `Channel.array`, or where they are neighbors whose names differ by
    the letter of the axis alone.
    """
    moving = [channel for channel in recording.channels if channel.kind in MOVING and channel.n_samples]
    return tuple(_sensors(moving, asked))


def _sensors(channels: list[Channel], asked: Asked) -> Iterator[MotionSensor]:
    for (name, *_), members in groupby(channels, key=_identity):
        axes = tuple(members)
        groups = [axes] if len(axes) <= _MOST_AXES else [(axis,) for axis in axes]
        for group in groups:
            first = group[0]
            yield MotionSensor(
                name=str(name) if len(group) > 1 else first.name,
                channels=group,
                site=first.site or asked.site,
                side=first.side or asked.side,
            )


def _identity(channel: Channel) -> tuple[object, ...]:
    stem = channel.array or " ".join(_AXIS.sub("", channel.name).replace("_", " ").split()) or channel.name
    return stem, channel.kind, channel.unit, channel.sampling_rate_hz, channel.n_samples
