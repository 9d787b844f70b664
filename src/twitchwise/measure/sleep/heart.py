"""The heart in the EMG of a leg: when it beats, and the average of what the leg's electrodes see of a beat, taken off.

Beats come from an ECG channel. Without one, short bursts in the leg itself that come as regularly as a heart beats are
taken for it.
"""

from collections.abc import Callable

import numpy as np
from scipy import ndimage, signal

from twitchwise.measure.emg.heartbeat import is_regular
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.sleep.bursts import Bursts
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# The band of a QRS complex, and the shortest interval of two beats.
_BAND_HZ = (5.0, 25.0)
_REFRACTORY_S = 0.3
_BLOCK_S = 60.0
# A beat reaches this share of the largest that are usual in a minute.
_SHARE = 0.4
# What the leg sees of a beat lies in this window around it, and with fewer beats an average is not taken.
_BEFORE_S, _AFTER_S = 0.15, 0.25
_FEWEST = 20
# An average that does not exceed its own scatter by so much is noise and stays in.
_STANDS_OUT = 6.0
_QRS_S = 0.06
# What an electrode on a leg sees of a beat lasts less than this; a beat known from a step of 5 ms lies this close.
_LONGEST_S, _NEAR_S = 0.12, 0.015


def beats_of(recording: Recording) -> FloatArray:
    """Return the times of heart beats in seconds, shape ``(n,)``, from the first ECG channel; none without one."""
    channels = recording.of_kind(ChannelKind.ECG)
    if not channels or channels[0].sampling_rate_hz <= 2 * _BAND_HZ[1]:
        return np.empty(0)
    name, rate_hz = channels[0].name, channels[0].sampling_rate_hz
    filters = signal.butter(2, _BAND_HZ, "bandpass", fs=rate_hz, output="sos")
    times = [
        start_s + _beats_in(np.nan_to_num(samples), rate_hz, filters)
        for start_s, samples in recording.blocks(name, block_s=_BLOCK_S)
        if samples.size > rate_hz
    ]
    return np.concatenate(times) if times else np.empty(0)


def _beats_in(samples: FloatArray, rate_hz: float, filters: FloatArray) -> FloatArray:
    slope = np.abs(signal.sosfiltfilt(filters, samples))
    smooth = ndimage.uniform_filter1d(slope, max(1, round(_QRS_S * rate_hz)))
    usual = float(np.percentile(smooth, 98))
    places, _ = signal.find_peaks(smooth, height=_SHARE * usual, distance=max(1, round(_REFRACTORY_S * rate_hz)))
    return np.asarray(places / rate_hz, dtype=np.float64)


def beats_among(bursts: Bursts) -> FloatArray:
    """Return the times of short bursts that come as regularly as a heart beats, in seconds; none if they do not."""
    times = bursts.peak_s[bursts.duration_s <= _LONGEST_S]
    return times if is_regular(times, emg_settings()) else np.empty(0)


def without_heart(
    beats_s: FloatArray, rate_hz: float, *, is_rough: bool = False
) -> Callable[[FloatArray, int], FloatArray] | None:
    """Return what takes the average beat off a filtered stretch of a channel, or ``None`` without beats.

    Parameters
    ----------
    beats_s
        Times of heart beats in seconds, ascending, shape ``(n,)``.
    rate_hz
        Sampling rate of the channel.
    is_rough
        Whether the times are known to a hundredth of a second only, so that each beat is first sought nearby.
    """
    if beats_s.size < _FEWEST:
        return None
    places = np.round(beats_s * rate_hz).astype(np.int64)
    before, after = round(_BEFORE_S * rate_hz), round(_AFTER_S * rate_hz)

    def change(samples: FloatArray, first: int) -> FloatArray:
        inside = places[(places - before >= first) & (places + after < first + samples.size)] - first
        if inside.size < _FEWEST:
            return samples
        inside = _sought(samples, inside, round(_NEAR_S * rate_hz)) if is_rough else inside
        starts = inside[(inside >= before) & (inside + after <= samples.size)] - before
        beat = _average_beat(np.lib.stride_tricks.sliding_window_view(samples, before + after)[starts])
        if beat is None:
            return samples
        return _taken_off(samples, beat, starts if is_rough else places - before - first)

    return change


def _sought(samples: FloatArray, places: IntArray, near: int) -> IntArray:
    """Return where samples near each place are greatest, on the side to which most of them go."""
    around = np.clip(places[:, np.newaxis] + np.arange(-near, near + 1), 0, samples.size - 1)
    seen = samples[around]
    side = 1.0 if np.median(seen.max(axis=1)) >= np.median(-seen.min(axis=1)) else -1.0
    return np.asarray(around[np.arange(len(around)), np.argmax(side * seen, axis=1)], dtype=np.int64)


def _average_beat(rows: FloatArray) -> FloatArray | None:
    """Return the median beat, faded at its ends, or ``None`` where it does not stand out."""
    beat = np.median(rows, axis=0)
    scatter = 1.4826 * float(np.median(np.abs(rows - beat)))
    # 1.25 standard errors of a mean are one of a median
    if float(np.abs(beat).max()) < _STANDS_OUT * 1.25 * scatter / np.sqrt(len(rows)):
        return None
    return np.asarray(beat * signal.windows.tukey(beat.size, 0.2), dtype=np.float64)


def _taken_off(samples: FloatArray, beat: FloatArray, starts: IntArray) -> FloatArray:
    less = samples.copy()
    for start in starts[(starts > -beat.size) & (starts < samples.size)]:
        low, high = max(int(start), 0), min(int(start) + beat.size, samples.size)
        less[low:high] -= beat[low - int(start) : high - int(start)]
    return less
