"""How loud the noise is, second by second, without being told where the muscle rests.

The noise of a second is the root mean square of all frames nearby in which nothing is detected. That definition needs
a start: the quiet frames of the quietest second nearby. From there it is repeated until it holds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from twitchwise.measure.emg.frames import Frames
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Of the frames of a second this share is taken to be free of potentials: at 200 a minute three quarters are.
_QUIET_SHARE = 0.2
# A second says something about its noise if this share of the frames looked at is kept.
_USABLE_SHARE = 0.25
# Noise is followed over this many seconds to either side: enough frames for an error of 1 %.
_FOLLOW_S = 5
# The quietest noise within this many seconds to either side is the resting noise that loudness is judged by.
_REFERENCE_S = 300
# Repetitions until the definition holds; it changes by less than 0.1 % after four.
_ROUNDS = 6
# A frame of pure noise exceeds its expected loudness by this many standard deviations about once a minute.
_DEVIATIONS = 3.5
# Seconds whose frames are put in order together, which keeps the memory small.
_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """Noise of a channel.

    Parameters
    ----------
    frames_per_second
        Frames in one "second" of the track.
    rms
        Noise in the channel's unit, shape ``(n_seconds,)``; NaN where nothing could be said.
    reference
        Resting noise within minutes, shape ``(n_seconds,)``; infinite where there is none.
    quiet
        Frames taken as noise, shape ``(n_frames,)``.
    """

    frames_per_second: int
    rms: FloatArray
    reference: FloatArray
    quiet: BoolArray

    def at(self, first: int, n_samples: int, frame_length: int) -> FloatArray:
        """Return the noise at ``n_samples`` samples from place ``first`` on, between the seconds' middles by lines."""
        known = np.flatnonzero(np.isfinite(self.rms))
        if known.size == 0:
            return np.full(n_samples, np.inf)
        second = self.frames_per_second * frame_length
        return np.interp(np.arange(first, first + n_samples), (known + 0.5) * second, self.rms[known])

    def by_frame(self, by_second: FloatArray) -> FloatArray:
        """Repeat one value a second for the frames of each second, shape ``(n_frames,)``."""
        return np.repeat(by_second, self.frames_per_second)[: self.quiet.size]


def loudness_spread(frames: Frames) -> float:
    """Return the standard deviation of a frame's RMS, as a share of it, in noise: white, but where it was measured."""
    of_white_noise = 2 * (frames.band.high_hz - frames.band.low_hz) * frames.duration_s
    freedom = of_white_noise if frames.freedom is None else frames.freedom
    return float(1 / np.sqrt(2 * max(freedom, 1.0)))


def follow_noise(frames: Frames, threshold_multiple: float, loudness: float) -> Noise:
    """Follow the noise of a channel.

    Parameters
    ----------
    frames
        The channel in frames.
    threshold_multiple
        Multiple of the noise from which on something is detected.
    loudness
        Multiple of the resting noise from which on a muscle is active, and nothing is taken for noise.
    """
    per_second = frames.per_second
    (floor,) = quantiles_by_second(frames, frames.usable, (_QUIET_SHARE,))
    rest = minimum_filter1d(floor, 2 * _REFERENCE_S + 1, mode="nearest")
    rms = np.minimum(minimum_filter1d(floor, 2 * _FOLLOW_S + 1, mode="nearest"), loudness * rest)
    loudest = 1 + _DEVIATIONS * loudness_spread(frames)
    quiet = np.zeros(frames.rms.size, dtype=np.bool_)
    for _ in range(_ROUNDS):
        by_frame = np.repeat(rms, per_second)[: frames.rms.size]
        quiet = _quiet(frames, by_frame, threshold_multiple, loudest)
        rms = _rms_of(frames, quiet, per_second, rms)
    reference = minimum_filter1d(np.where(np.isfinite(rms), rms, np.inf), 2 * _REFERENCE_S + 1, mode="nearest")
    return Noise(frames_per_second=per_second, rms=rms, reference=reference, quiet=quiet)


def quantiles_by_second(
    frames: Frames, kept: BoolArray, shares: tuple[float, ...], reach: int = 0
) -> tuple[FloatArray, ...]:
    """Return quantiles of the loudness of the kept frames of each second.

    Parameters
    ----------
    frames
        The channel in frames.
    kept
        Frames to look at, shape ``(n_frames,)``.
    shares
        Which quantiles, between 0 and 1.
    reach
        Seconds to either side that are looked at together with each second.

    Returns
    -------
    tuple of arrays of shape (n_seconds,)
        One array a share, infinite where too few frames are kept.
    """
    per_second = frames.per_second
    n_seconds = -(-frames.rms.size // per_second)
    table = np.full((n_seconds + 2 * reach) * per_second, np.inf)
    table[reach * per_second : reach * per_second + frames.rms.size] = np.where(kept, frames.rms, np.inf)
    views = np.lib.stride_tricks.sliding_window_view(table, (2 * reach + 1) * per_second)[::per_second]
    parts = [_quantiles(views[first : first + _AT_ONCE], shares) for first in range(0, n_seconds, _AT_ONCE)]
    return tuple(np.concatenate(values) for values in zip(*parts, strict=True))


def _quantiles(rows: FloatArray, shares: tuple[float, ...]) -> list[FloatArray]:
    """Return quantiles of the finite values of each row, infinite where these are too few."""
    ordered, width = np.sort(rows, axis=1), rows.shape[1]
    count = np.isfinite(ordered).sum(axis=1)
    places = (np.minimum(np.floor(share * count).astype(np.int64), width - 1) for share in shares)
    enough = count >= _USABLE_SHARE * width
    return [np.where(enough, ordered[np.arange(len(rows)), place], np.inf) for place in places]


def _quiet(frames: Frames, noise: FloatArray, threshold_multiple: float, loudest: float) -> BoolArray:
    eventful = (frames.peak >= threshold_multiple * noise) | ~frames.usable
    beside = maximum_filter1d(eventful.astype(np.uint8), 3, mode="constant") > 0
    return np.asarray(~beside & (frames.rms <= loudest * noise), dtype=np.bool_)


def _rms_of(frames: Frames, quiet: BoolArray, per_second: int, before: FloatArray) -> FloatArray:
    power = _around(np.where(quiet, frames.rms**2, 0.0), before.size, per_second)
    count = _around(quiet.astype(np.float64), before.size, per_second)
    known = (count > 0) & np.isfinite(before)
    return np.where(known, np.sqrt(power / np.maximum(count, 1.0)), np.nan)


def _around(by_frame: FloatArray, n_seconds: int, per_second: int) -> FloatArray:
    """Sum over the seconds within reach, shape ``(n_seconds,)``."""
    padded = np.zeros(n_seconds * per_second)
    padded[: by_frame.size] = by_frame
    sums = np.concatenate([[0.0], np.cumsum(padded.reshape(n_seconds, per_second).sum(axis=1))])
    second = np.arange(n_seconds)
    ends, begins = np.minimum(second + _FOLLOW_S + 1, n_seconds), np.maximum(second - _FOLLOW_S, 0)
    return np.asarray(sums[ends] - sums[begins], dtype=np.float64)
