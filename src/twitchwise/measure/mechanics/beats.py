"""Takes off the movement that each heartbeat gives a limb, where an ECG was recorded beside it.

The pulse moves a limb by as much as a twitch does, and always in the same way after a beat: the ballistocardiogram. Its
average over the beats without a twitch is subtracted at every beat. Without an ECG it stays part of the noise.
"""

import numpy as np
from scipy.signal import butter, find_peaks, sosfiltfilt

from twitchwise.measure.mechanics.windows import Trace
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# The band in which the QRS complex stands out from P and T waves (Pan and Tompkins 1985, doi:10.1109/TBME.1985.325532).
_BAND_HZ = (5.0, 15.0)
_ORDER = 2
# No heart beats faster than this at rest.
_REFRACTORY_S = 0.35
# A beat is higher than this share of the usual largest of ten seconds.
_HEIGHT, _USUAL_S = 0.5, 10.0
# What a beat moves is followed for this long, or until the next beat.
_LONGEST_S = 1.0
# The band must lie well below half the sampling rate.
_RATE_LEAST_HZ = 60.0


def heartbeat_times_s(recording: Recording) -> FloatArray:
    """Return when the heart beat, by the first ECG channel, shape ``(n_beats,)``; empty without one."""
    for channel in recording.of_kind(ChannelKind.ECG):
        if channel.sampling_rate_hz >= _RATE_LEAST_HZ and channel.duration_s > _USUAL_S:
            samples = np.nan_to_num(recording.read(channel.name))
            return _beats(samples, channel.sampling_rate_hz) / channel.sampling_rate_hz
    return np.empty(0)


def _beats(samples: FloatArray, rate_hz: float) -> FloatArray:
    sos = butter(_ORDER, _BAND_HZ, btype="bandpass", fs=rate_hz, output="sos")
    height = np.abs(sosfiltfilt(sos, samples))
    n = int(_USUAL_S * rate_hz)
    usual = np.median([piece.max() for piece in np.split(height, range(n, height.size, n)) if piece.size > n // 2])
    peaks, _ = find_peaks(height, height=_HEIGHT * usual, distance=max(int(_REFRACTORY_S * rate_hz), 1))
    return np.asarray(peaks, dtype=np.float64)


def without_beats(trace: Trace, beats_s: FloatArray, quiet: BoolArray, least: float) -> FloatArray:
    """Return the samples of a channel without the movement of the heartbeat, shape ``(n_samples,)``.

    Parameters
    ----------
    trace
        The channel.
    beats_s
        When the heart beat.
    quiet
        Marks the samples at rest without a twitch.
    least
        With fewer beats than this nothing is taken off.
    """
    samples = trace.samples
    if beats_s.size < least:
        return samples
    n = round(min(_LONGEST_S, float(np.median(np.diff(beats_s)))) * trace.sampling_rate_hz)
    first = np.rint((beats_s - trace.first_s) * trace.sampling_rate_hz).astype(np.int64)
    first = first[(first >= 0) & (first + n <= samples.size)]
    places = first[:, np.newaxis] + np.arange(n)
    usable = quiet[places].all(axis=1) & np.isfinite(samples[places]).all(axis=1)
    if usable.sum() < least:
        return samples
    after = samples[places[usable]]
    shape = (after - after.mean(axis=1, keepdims=True)).mean(axis=0)
    cleaned = samples.copy()
    np.subtract.at(cleaned, places, np.broadcast_to(shape, places.shape))
    return cleaned
