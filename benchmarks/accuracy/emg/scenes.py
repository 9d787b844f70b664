"""A recording with its truth: what is measured, what a detector should find in it, and where nothing is to be found."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twitchwise.signals import ArraySource, Channel, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

Samples = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

MARGIN_S = (
    0.5  # around activity, in which a fasciculation is neither asked for nor held against a detector that finds it
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """What is in a recording.

    Parameters
    ----------
    start_s, peak_s, end_s
        Of each event, in order of the peak, shape ``(n,)``; a doublet is one event.
    unit
        Whose event it is, from 1, shape ``(n,)``.
    counted
        Whether it must be found; one that need not be is not held against a detector that finds it.
    is_single
        Whether it is one discharge, so that its peak has one time.
    active
        When the muscle does not rest.
    """

    start_s: FloatArray = field(default_factory=lambda: np.empty(0))
    peak_s: FloatArray = field(default_factory=lambda: np.empty(0))
    end_s: FloatArray = field(default_factory=lambda: np.empty(0))
    unit: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    counted: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    is_single: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    active: Intervals = field(default_factory=Intervals)

    def __len__(self) -> int:
        return int(self.peak_s.size)

    @classmethod
    def at(cls, peak_s: FloatArray, unit: IntArray | None = None, active: Intervals | None = None) -> "Truth":
        """Return moments that must all be found, but for those in activity."""
        order = np.argsort(peak_s, kind="stable")
        times = np.asarray(peak_s, dtype=np.float64)[order]
        units = np.ones(times.size, dtype=np.int64) if unit is None else np.asarray(unit, dtype=np.int64)[order]
        every = np.ones(times.size, dtype=np.bool_)
        truth = cls(start_s=times, peak_s=times, end_s=times, unit=units, counted=every, is_single=every)
        return truth.with_activity(active or Intervals())

    def with_activity(self, active: Intervals) -> "Truth":
        """Return the same with activity, near which nothing must be found."""
        return replace(self, active=active, counted=self.counted & ~is_within(self.peak_s, active, MARGIN_S))


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """A recording with its truth.

    Parameters
    ----------
    name
        Row of the table that it belongs to.
    samples_v
        In V, shape ``(n_channels, n_samples)``.
    channels
        What they are.
    truth
        What is in it.
    clearest
        Number of the channel that methods for one channel are told to look at.
    tolerance_s
        How far off an event may be found.
    wants_discharges
        Whether every discharge is asked for, at rest and in activity, instead of fasciculations.
    """

    name: str
    samples_v: Samples
    channels: tuple[Channel, ...]
    truth: Truth
    clearest: int = 0
    tolerance_s: float = 0.01
    wants_discharges: bool = False

    @cached_property
    def recording(self) -> Recording:
        """The recording as a reader would give it."""
        return Recording(
            name=self.name,
            format="array",
            channels=self.channels,
            source=ArraySource(list(self.samples_v.astype(np.float64))),
        )

    @property
    def sampling_rate_hz(self) -> float:
        """Samples per second of every channel."""
        return self.channels[0].sampling_rate_hz

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.channels[0].duration_s

    @property
    def rest_s(self) -> float:
        """Time in which the muscle truly rests, in seconds."""
        near = [(start - MARGIN_S, stop + MARGIN_S) for start, stop in self.truth.active.spans]
        cut = [(max(start, 0.0), min(stop, self.duration_s)) for start, stop in near]
        return self.duration_s - Intervals.union([span for span in cut if span[0] < span[1]]).duration_s

    @property
    def clear_v(self) -> FloatArray:
        """The samples of the channel that methods for one channel are told to look at, in V."""
        return np.asarray(self.samples_v[self.clearest], dtype=np.float64)


def is_within(times_s: FloatArray, spans: Intervals, margin_s: float = 0.0) -> BoolArray:
    """Tell which moments lie in some spans or near them."""
    inside = np.zeros(times_s.size, dtype=np.bool_)
    for start, stop in spans.spans:
        inside |= (times_s >= start - margin_s) & (times_s <= stop + margin_s)
    return inside


def channels_of(
    names: Sequence[str],
    n_samples: int,
    sampling_rate_hz: float,
    *,
    electrode: Electrode = Electrode.SURFACE,
    array: str | None = None,
    positions_m: Sequence[tuple[float, float, float] | None] | None = None,
) -> tuple[Channel, ...]:
    """Return EMG channels in volts."""
    places = positions_m or [None] * len(names)
    return tuple(
        Channel(
            name=name,
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=sampling_rate_hz,
            n_samples=n_samples,
            electrode=electrode,
            array=array,
            position_m=place,
        )
        for name, place in zip(names, places, strict=True)
    )


def one_channel(
    name: str,
    samples_v: npt.NDArray[np.floating],
    sampling_rate_hz: float,
    truth: Truth,
    *,
    electrode: Electrode = Electrode.SURFACE,
) -> Scene:
    """Return a scene of one channel."""
    channels = channels_of(["EMG"], samples_v.size, sampling_rate_hz, electrode=electrode)
    return Scene(name=name, samples_v=samples_v.astype(np.float32)[np.newaxis], channels=channels, truth=truth)


def random_times(
    rng: np.random.Generator, rate_per_min: float, duration_s: float, *, dead_time_s: float, edge_s: float = 0.1
) -> FloatArray:
    """Draw a Poisson process with a dead time, of a mean rate that the dead time does not lower."""
    mean_s = 60 / rate_per_min - dead_time_s
    count = int(2 * rate_per_min * duration_s / 60) + 50
    steps = dead_time_s + rng.exponential(mean_s, count)
    times = np.cumsum(steps) - dead_time_s
    return np.asarray(times[(times > edge_s) & (times < duration_s - edge_s)], dtype=np.float64)


def add_shapes(total: Samples, shape: Samples, middle: int, at: IntArray, gain: FloatArray) -> None:
    """Add a unit's potential, shape ``(n_channels, width)``, whose sample ``middle`` comes to lie at given samples."""
    width = shape.shape[1]
    for sample, factor in zip(at.tolist(), gain.tolist(), strict=True):
        first = sample - middle
        low, high = max(first, 0), min(first + width, total.shape[1])
        if low < high:
            total[:, low:high] += np.float32(factor) * shape[:, low - first : high - first]
