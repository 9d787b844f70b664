"""How much the loudness of frames of a channel's noise varies, by the spectrum that its quiet moments have.

Noise that fills a small part of the band swells and fades: the power of a short frame of it has few degrees of freedom.
Taken for as steady as white noise, its loud moments would be left out of the noise, and count as what stands out of it.
"""

from itertools import islice

import numpy as np

from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.noise import Noise
from twitchwise.measure.emg.samples import ChannelReader
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# So many frames together resolve tones 10 Hz apart.
_JOINED = 5
# So many stretches show what noise is like.
_STRETCHES = 16
# Spectra of fewer moments are not good to a tenth.
_FEWEST = 100


def measured_freedom(reader: ChannelReader, frames: Frames, noise: Noise) -> float | None:
    """Return the degrees of freedom of the power of a frame of noise, None where too little is quiet to tell.

    Parameters
    ----------
    reader
        Gives the channel.
    frames, noise
        The channel in frames, and which of them are noise.
    """
    parts, length = list[FloatArray](), _JOINED * frames.length
    for stretch in islice(reader.stretches(), _STRETCHES):
        quiet = _quiet(noise.quiet, stretch.first // frames.length, length // frames.length)
        core = stretch.filtered[stretch.core]
        count = min(core.size // length, quiet.size)
        parts.append(_power(core[: count * length].reshape(count, length)[quiet[:count]]))
    power = np.concatenate(parts) if parts else np.empty((0, 1))
    return freedom_of(np.median(power, axis=0), frames.length) if len(power) >= _FEWEST else None


def freedom_of(density: FloatArray, length: int) -> float:
    """Return the degrees of freedom of the power of ``length`` samples of Gaussian noise.

    The variance of the mean of squares is that of its autocorrelation, squared and summed.

    Parameters
    ----------
    density
        Power density of the noise from 0 to half the sampling rate, shape ``(n_frequencies,)``.
    length
        Samples, at most as many as make the spectrum.

    Examples
    --------
    >>> freedom_of(np.ones(101), 40), round(freedom_of(np.r_[np.ones(50), np.zeros(51)], 40))
    (40.0, 20)
    """
    correlation = np.fft.irfft(density)[:length]
    correlation = correlation / correlation[0]
    weight = np.where(np.arange(correlation.size) > 0, 2.0, 1.0) * (length - np.arange(correlation.size))
    return float(length**2 / np.sum(weight * correlation**2))


def _quiet(quiet: BoolArray, first: int, joined: int) -> BoolArray:
    """Tell which groups of frames from a place on are quiet all through."""
    following = quiet[first:]
    count = following.size // joined
    return np.asarray(following[: count * joined].reshape(count, joined).all(axis=1))


def _power(samples: FloatArray) -> FloatArray:
    return np.asarray(np.abs(np.fft.rfft(samples * np.hanning(samples.shape[1]))) ** 2, dtype=np.float64)
