"""How loud what is left of the noise is where the engine's filter leaves most of it.

The filter makes noise white as far as a filter as short as a potential can. Noise that fills a small part of the
spectrum stays as it is: all of it in a few tones, which look like potentials to whoever takes them for white.
"""

from collections.abc import Iterable
from itertools import islice

import numpy as np

from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.units.trace import Trace
from twitchwise.vocabulary.arrays import FloatArray

# A frame as long as a potential, whose spectrum is as coarse as that of what the engine looks for.
_FRAME_S = 0.025
# So many stretches show what noise is like.
_STRETCHES = 16


def greatest_density(color: NoiseColor, traces: Iterable[Trace]) -> float:
    """Return the greatest power density of noise after the engine's filter, in multiples of that of white noise.

    Parameters
    ----------
    color
        The filter.
    traces
        The recording; potentials in it do not count, as long as most moments are without.

    Returns
    -------
    float
        1 where the noise was made white, 0 where the recording is too short to tell.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal((1, 100_000), dtype=np.float32)
    >>> white = Trace(samples=noise, sampling_rate_hz=2000.0, usable=np.ones(100_000, dtype=np.bool_))
    >>> round(greatest_density(NoiseColor(filters=np.ones((1, 1))), [white]), 1)
    1.0
    """
    power = np.concatenate([_power(color, trace) for trace in islice(traces, _STRETCHES)])
    if power.size == 0:
        return 0.0
    middle = np.median(power, axis=0) / np.log(2)  # the power of noise is spread exponentially
    return float(middle[1:-1].max())


def _power(color: NoiseColor, trace: Trace) -> FloatArray:
    """Return the power of usable frames of the first component, shape ``(n_frames, n_frequencies)``."""
    length = round(_FRAME_S * trace.sampling_rate_hz)
    count = trace.n_samples // length
    usable = trace.usable[: count * length].reshape(count, length).all(axis=1)
    frames = color.apply(trace)[0, : count * length].reshape(count, length)[usable]
    taper = np.hanning(length)
    return np.asarray(np.abs(np.fft.rfft(frames * taper)) ** 2 / np.sum(taper**2), dtype=np.float64)
