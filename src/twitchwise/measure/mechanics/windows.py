"""A mechanical channel at a rate that suits twitches, and its windows around discharges."""

from dataclasses import dataclass

import numpy as np

from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A twitch changes within 10 ms at the fastest; five samples of it are kept, and averaging the rest lowers the noise.
RATE_HZ = 500.0
# Read in pieces of this length: memory does not hold the channel at its own rate.
_BLOCK_S = 60.0
# What comes before the discharge and shows where the channel stood; a tremor has two cycles in it.
BEFORE_S = 0.25


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A channel at about 500 Hz.

    Parameters
    ----------
    channel
        What it was.
    samples
        In the channel's unit, shape ``(n,)``; each is the mean of the samples it stands for.
    sampling_rate_hz
        Of ``samples``.
    first_s
        Time of the first of them.
    """

    channel: Channel
    samples: FloatArray
    sampling_rate_hz: float
    first_s: float

    def inside(self, start_s: float, stop_s: float) -> slice:
        """Return which samples lie in a stretch of time."""
        first, last = (
            int(np.clip(np.ceil((time - self.first_s) * self.sampling_rate_hz), 0, self.samples.size))
            for time in (start_s, stop_s)
        )
        return slice(first, max(first, last))


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """What followed each of some discharges.

    Parameters
    ----------
    samples
        Shape ``(n_events, n)``, from `BEFORE_S` before the discharge on.
    time_s
        Seconds after the discharge of each column, on average over the events, shape ``(n,)``.
    late_s
        By how much each event's samples lie later than that, below half a sample, shape ``(n_events,)``.
    event
        Which events these are, shape ``(n_events,)``.
    """

    samples: FloatArray
    time_s: FloatArray
    late_s: FloatArray
    event: IntArray

    def __len__(self) -> int:
        return int(self.event.size)

    def taken(self, which: BoolArray) -> "Windows":
        """Return some of the events; ``which`` has shape ``(n_events,)``."""
        shift = float(self.late_s[which].mean()) if which.any() else 0.0
        return Windows(
            samples=self.samples[which],
            time_s=self.time_s + shift,
            late_s=self.late_s[which] - shift,
            event=self.event[which],
        )


def read_trace(recording: Recording, channel: Channel) -> Trace:
    """Read a channel block by block and average it down to about 500 Hz."""
    step = max(int(channel.sampling_rate_hz / RATE_HZ), 1)
    block_s = max(round(_BLOCK_S * channel.sampling_rate_hz / step), 1) * step / channel.sampling_rate_hz
    parts = [
        block[: block.size // step * step].reshape(-1, step).mean(axis=1)
        for _, block in recording.blocks(channel.name, block_s=block_s)
    ]
    return Trace(
        channel=channel,
        samples=np.concatenate([np.empty(0), *parts]),
        sampling_rate_hz=channel.sampling_rate_hz / step,
        first_s=(step - 1) / 2 / channel.sampling_rate_hz,
    )


def cut(trace: Trace, times_s: FloatArray, after_s: float) -> Windows:
    """Cut windows around discharges; those that reach beyond the channel or hold a gap are left out.

    Parameters
    ----------
    trace
        The channel.
    times_s
        When each discharge was, shape ``(n_events,)``.
    after_s
        How long a window goes on after it.
    """
    rate_hz = trace.sampling_rate_hz
    before, n = round(BEFORE_S * rate_hz), round((BEFORE_S + after_s) * rate_hz)
    at = (times_s - trace.first_s) * rate_hz
    first = np.rint(at).astype(np.int64) - before
    kept = np.flatnonzero((first >= 0) & (first + n <= trace.samples.size))
    samples = trace.samples[first[kept, np.newaxis] + np.arange(n)]
    whole = np.isfinite(samples).all(axis=1)
    kept = kept[whole]
    late_s = (first[kept] + before - at[kept]) / rate_hz
    windows = Windows(
        samples=samples[whole],
        time_s=(np.arange(n) - before) / rate_hz,
        late_s=late_s,
        event=kept,
    )
    return windows.taken(np.ones(kept.size, dtype=np.bool_))
