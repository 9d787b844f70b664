"""What is wrong with samples as read: missing, flat, at the amplifier's limit, one-sample spikes; frame by frame."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# No amplifier repeats one value this long while it is connected to skin.
_FLAT_S = 0.1
# Around missing and flat samples the filter rings this long.
_GUARD_S = 0.25
# A one-sample spike stands out from both neighbors by this multiple of the greatest of five steps before and after. It
# is looked for in frames whose range is so many times the usual one; and only from 1 kHz up, where a phase of a
# potential spans several samples.
_SPIKE_RATIO, _SPIKE_NEAR, _SPIKE_RANGE, _SPIKE_RATE_HZ = 6.0, 5, 2.5, 1000.0
# Frames that are looked at together, so that a contraction on many channels needs little memory.
_AT_ONCE = 1 << 14


@dataclass(frozen=True, kw_only=True, eq=False)
class RawCheck:
    """What was found in the samples of a block, each of shape ``(n_channels, n_frames)``.

    ``level`` is the middle of each frame, ``highest`` and ``lowest`` its extremes; ``missing`` and ``flat`` mark frames
    that hold such samples; ``spikes`` counts those that were replaced.
    """

    level: FloatArray
    highest: FloatArray
    lowest: FloatArray
    missing: BoolArray
    flat: BoolArray
    spikes: BoolArray

    def usable(self, frame_s: float) -> BoolArray:
        """Mark the frames that may be used, shape ``(n_channels, n_frames)``."""
        bad = self.missing | self.flat
        if not bad.any():
            return ~bad
        width = 2 * round(_GUARD_S / frame_s) + 1
        return ~np.asarray(maximum_filter1d(bad, width, axis=1, mode="constant"), dtype=np.bool_)


def check(raw: Samples, length: int, sampling_rate_hz: float) -> RawCheck:
    """Look at samples as read and repair in place what would spoil the filter: missing samples and spikes.

    Parameters
    ----------
    raw
        Samples of shape ``(n_channels, n)``; repaired in place.
    length
        Samples in a frame; those after the last whole frame are only repaired.
    sampling_rate_hz
        Rate of the samples.
    """
    n_frames = raw.shape[1] // length
    framed = raw[:, : n_frames * length].reshape(raw.shape[0], n_frames, length)
    highest, lowest = framed.max(axis=2), framed.min(axis=2)
    missing = ~np.isfinite(highest + lowest)
    for channel in np.flatnonzero(missing.any(axis=1) | ~np.isfinite(raw[:, n_frames * length :].sum(axis=1))):
        _bridge(raw[channel])
    spikes = np.zeros((raw.shape[0], n_frames), dtype=np.bool_)
    if sampling_rate_hz >= _SPIKE_RATE_HZ and n_frames:
        ranges = np.nan_to_num(highest - lowest)
        _take_out_spikes(raw, length, ranges > _SPIKE_RANGE * np.median(ranges, axis=1, keepdims=True), spikes)
    with np.errstate(invalid="ignore"):
        level = np.nan_to_num((highest.astype(np.float64) + lowest) / 2)
    return RawCheck(
        level=level,
        highest=highest.astype(np.float64),
        lowest=lowest.astype(np.float64),
        missing=missing,
        flat=_long_flat(highest == lowest, max(2, round(_FLAT_S * sampling_rate_hz / length))),
        spikes=spikes,
    )


def _bridge(row: Samples) -> None:
    """Put a line between the neighbors in place of missing samples, or zeros if there are no others."""
    known = np.isfinite(row)
    if not known.any():
        row[:] = 0.0
        return
    places = np.flatnonzero(known)
    row[~known] = np.interp(np.flatnonzero(~known), places, row[places])


def _long_flat(flat: BoolArray, shortest: int) -> BoolArray:
    """Keep the marks of runs of at least ``shortest`` frames, shape ``(n_channels, n_frames)``."""
    if not flat.any():
        return flat
    padded = np.pad(flat, ((0, 0), (1, 1)))
    found = np.zeros_like(flat)
    for channel in np.flatnonzero(flat.any(axis=1)):
        edges = np.flatnonzero(np.diff(padded[channel].astype(np.int8)))
        for first, stop in edges.reshape(-1, 2):
            found[channel, first:stop] = stop - first >= shortest
    return found


def _take_out_spikes(raw: Samples, length: int, suspect: BoolArray, spikes: BoolArray) -> None:
    """Replace one-sample spikes in suspect frames by the mean of their neighbors, and mark the frames that held one."""
    around = _SPIKE_NEAR + 2
    channels, frames = np.nonzero(suspect)
    firsts = frames * length - around
    inner = (firsts >= 0) & (firsts + length + 2 * around <= raw.shape[1])
    channels, frames, firsts = channels[inner], frames[inner], firsts[inner]
    for begin in range(0, channels.size, _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        places = firsts[some, None] + np.arange(length + 2 * around)
        hits, offsets = np.nonzero(_alone(raw[channels[some, None], places]))
        at, row = firsts[some][hits] + around + offsets, channels[some][hits]
        raw[row, at] = (raw[row, at - 1] + raw[row, at + 1]) / 2
        spikes[row, frames[some][hits]] = True


def _alone(rows: Samples) -> BoolArray:
    """Mark the samples that alone stand out from both neighbors, those at both ends left out."""
    step = np.diff(rows, axis=1)
    size = np.abs(step)
    greatest = np.lib.stride_tricks.sliding_window_view(size, _SPIKE_NEAR, axis=1).max(axis=2)
    way, back = size[:, _SPIKE_NEAR + 1 : -_SPIKE_NEAR - 2], size[:, _SPIKE_NEAR + 2 : -_SPIKE_NEAR - 1]
    before = greatest[:, 1 : 1 + way.shape[1]]
    after = greatest[:, _SPIKE_NEAR + 3 : _SPIKE_NEAR + 3 + way.shape[1]]
    turned = step[:, _SPIKE_NEAR + 1 : -_SPIKE_NEAR - 2] * step[:, _SPIKE_NEAR + 2 : -_SPIKE_NEAR - 1] < 0
    return np.asarray(turned & (np.minimum(way, back) > _SPIKE_RATIO * np.maximum(before, after)), dtype=np.bool_)
