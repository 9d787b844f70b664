"""Which stretches are rest: not loud, no long activity, no unbroken run of discharges.

"Continual" discharges follow each other within 250 ms (Sleutjes et al. 2016, https://doi.org/10.1002/mus.24712);
a willed contraction gives long runs of them, fasciculations even at 200 a minute hardly ever do.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.noise import Noise, loudness_spread, quantiles_by_second
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# Loudness is the median of this many seconds of frames, so that a few potentials do not make a stretch loud.
_LOUD_S = 0.4
# Evenness compares two quantiles of the loudness of frames, within so many seconds to either side.
_LOW_SHARE, _HIGH_SHARE = 0.2, 0.8
_EVEN_REACH = 1
# The same two quantiles of a normal distribution, in standard deviations.
_QUANTILE_Z = 0.8416
# Standard deviation of the difference of these quantiles of n values, times the root of n: 1.75 standard deviations.
_RATIO_DEVIATION = 1.75


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """When the muscle rested, when it was active, and when nothing can be said, in seconds.

    ``uneven`` tells that no rest was found because even the quietest stretches vary more than noise does.
    """

    rest: Intervals
    active: Intervals
    unusable: Intervals
    uneven: bool = False


def find_rest(
    frames: Frames, noise: Noise, potentials: Potentials, continual: Intervals, settings: EmgSettings, unit: Unit
) -> Activity:
    """Divide a channel into rest, activity and what cannot be used.

    Parameters
    ----------
    frames, noise
        The channel in frames and its noise.
    potentials
        Potentials that stood out of it.
    continual
        Times of continual activity.
    settings
        Thresholds.
    unit
        Unit of the channel; only volts allow a judgment of absolute loudness.
    """
    end_s = frames.rms.size * frames.duration_s
    reference = noise.by_frame(noise.reference)
    eventless = frames.usable & ~_eventful(frames, potentials)
    loud = _smoothed(frames, eventless) > settings.activity_loudness * reference
    loud |= _weakly_active(frames, noise, eventless, settings)
    if unit is Unit.VOLT:
        loud |= noise.by_frame(noise.rms) > settings.rest_noise_limit_v
    unusable = _spans(~frames.usable | ~np.isfinite(reference), frames)
    margin = settings.activity_margin_s
    active = _widened([*_spans(loud & frames.usable, frames).spans, *continual.spans], margin, end_s)
    free = Intervals.union([*active.spans, *unusable.spans]).complement(0.0, end_s)
    rest = Intervals(tuple(span for span in free.spans if span[1] - span[0] >= settings.rest_stretch_least_s))
    if rest.spans and not _even(frames, noise, rest, eventless, settings):
        active = Intervals.union([*active.spans, *rest.spans])
        return Activity(rest=Intervals(), active=active, unusable=unusable, uneven=True)
    return Activity(rest=rest, active=active, unusable=unusable)


def inside(times_s: FloatArray, intervals: Intervals) -> BoolArray:
    """Tell for each time in seconds whether it lies in one of the intervals, shape ``(n,)``."""
    edges = np.array(intervals.spans).reshape(-1)
    return np.asarray(np.searchsorted(edges, times_s, side="right") % 2 == 1, dtype=np.bool_)


def _smoothed(frames: Frames, eventless: BoolArray) -> FloatArray:
    """Return the usual loudness around each frame; potentials do not add to it."""
    width = round(_LOUD_S / frames.duration_s) | 1
    return np.asarray(median_filter(np.where(eventless, frames.rms, 0.0), width, mode="mirror"), dtype=np.float64)


def _spans(marked: BoolArray, frames: Frames) -> Intervals:
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=0, append=0)) * frames.duration_s
    return Intervals(tuple((float(start), float(stop)) for start, stop in edges.reshape(-1, 2)))


def _widened(spans: list[tuple[float, float]], by_s: float, end_s: float) -> Intervals:
    return Intervals.union((max(0.0, start - by_s), min(end_s, stop + by_s)) for start, stop in spans)


def continual_activity(hints: Potentials, long: Intervals, settings: EmgSettings) -> Intervals:
    """Return the long activity and the runs of discharges that follow each other within the continual interval.

    Parameters
    ----------
    hints
        Potentials of any height.
    long
        Activity that lasted longer than a potential.
    settings
        The interval, and how many discharges make a run.
    """
    starts = np.concatenate([hints.start_s, [start for start, _ in long.spans]])
    stops = np.concatenate([hints.end_s, [stop for _, stop in long.spans]])
    order = np.argsort(starts, kind="stable")
    starts, stops = starts[order], stops[order]
    begins = np.flatnonzero(np.diff(starts, prepend=-np.inf) > settings.continual_interval_s)
    ends = np.append(begins[1:], starts.size)
    many = ends - begins >= settings.continual_discharges
    runs = ((float(starts[begin]), float(stops[end - 1])) for begin, end in zip(begins[many], ends[many], strict=True))
    return Intervals.union([*long.spans, *runs])


def _middles(frames: Frames) -> FloatArray:
    return np.asarray((np.arange(frames.rms.size) + 0.5) * frames.duration_s, dtype=np.float64)


def _eventful(frames: Frames, potentials: Potentials) -> BoolArray:
    """Mark the frames that hold part of a potential or of its ringing, and those next to them."""
    near = 1.5 * frames.duration_s + potentials.ringing_s
    return inside(
        _middles(frames), Intervals.union(zip(potentials.start_s - near, potentials.end_s + near, strict=True))
    )


def _noise_spread(frames: Frames) -> float:
    """Return the ratio of the high to the low quantile of the loudness of frames of noise."""
    spread = _QUANTILE_Z * loudness_spread(frames)
    return (1 + spread) / (1 - spread)


def _spread_error(frames: Frames) -> float:
    """Return the standard error, as a share, of the ratio of the two quantiles of so many frames of noise."""
    return float(_RATIO_DEVIATION * loudness_spread(frames) / np.sqrt((2 * _EVEN_REACH + 1) * frames.per_second))


def _weakly_active(frames: Frames, noise: Noise, eventless: BoolArray, settings: EmgSettings) -> BoolArray:
    """Mark the frames of seconds that are a little louder than the resting noise and less even than noise is."""
    shares = (_LOW_SHARE, 0.5, _HIGH_SHARE)
    low, middle, high = quantiles_by_second(frames, eventless, shares, reach=_EVEN_REACH)
    known = np.isfinite(low) & np.isfinite(noise.reference)
    louder = np.where(known, middle, 0.0) > settings.weak_activity_loudness * np.where(known, noise.reference, 0.0)
    limit = _noise_spread(frames) * (1 + settings.weak_activity_unevenness * _spread_error(frames))
    weak = known & louder & (high > limit * np.where(known, low, 1.0))
    return np.asarray(np.repeat(weak, frames.per_second)[: frames.rms.size], dtype=np.bool_)


def _even(frames: Frames, noise: Noise, rest: Intervals, eventless: BoolArray, settings: EmgSettings) -> bool:
    """Tell whether the frames at rest, those with potentials aside, vary no more than noise does."""
    chosen = inside(_middles(frames), rest) & eventless
    relative = frames.rms[chosen] / noise.by_frame(noise.rms)[chosen]
    if relative.size == 0:
        return False
    low, high = np.quantile(relative, [_LOW_SHARE, _HIGH_SHARE])
    return bool(high <= settings.rest_unevenness_limit * _noise_spread(frames) * low)
