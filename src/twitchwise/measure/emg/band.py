"""The pass band of the detector, and the threshold that white noise crosses as rarely as wanted.

Threshold crossings of Gaussian noise follow Rice (1945), Mathematical analysis of random noise, part III,
Bell System Technical Journal 24:46-156, https://doi.org/10.1002/j.1538-7305.1945.tb00453.x
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt, sosfreqz

from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.arrays import FloatArray

# Two poles at each edge, run forward and backward: no shift in time, and ringing that dies within 0.1 s.
_ORDER = 2
# The upper edge stays this share of the sampling rate below half of it, where a filter of this order still works.
_HIGHEST_SHARE = 0.45
# Points at which the filter's response is summed; the sum changes by less than 1e-4 with more of them.
_RESPONSE_POINTS = 4096
_SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Band:
    """A zero-phase band-pass for one sampling rate.

    Parameters
    ----------
    sampling_rate_hz
        Rate of the samples it is for.
    low_hz, high_hz
        Its edges.
    sections
        Second-order sections, shape ``(n, 6)``.
    """

    sampling_rate_hz: float
    low_hz: float
    high_hz: float
    sections: FloatArray

    def apply(self, samples: FloatArray) -> FloatArray:
        """Filter samples of shape ``(n,)`` forward and backward; any constant offset vanishes."""
        if samples.size == 0:
            return samples
        padding = min(int(self.sampling_rate_hz / self.low_hz), samples.size - 1)
        return np.asarray(sosfiltfilt(self.sections, samples - samples[0], padlen=padding), dtype=np.float64)

    @property
    def zero_crossing_rate_hz(self) -> float:
        """Upward zero crossings per second of white Gaussian noise in this band, by Rice's formula."""
        frequency, response = sosfreqz(self.sections, worN=_RESPONSE_POINTS, fs=self.sampling_rate_hz)
        power = np.abs(response) ** 4  # forward and backward: the power response is squared
        return float(np.sqrt(np.sum(frequency**2 * power) / np.sum(power)))

    def threshold_multiple(self, false_alarm_rate_per_min: float) -> float:
        """Return the multiple of the noise RMS that white noise exceeds, in size, so many times a minute.

        Solves ``rate = 2 f0 exp(-k^2 / 2)`` for ``k``, where ``f0`` is the rate of upward zero crossings.

        Examples
        --------
        >>> from twitchwise.measure.emg.settings import emg_settings
        >>> round(band_for(2000.0, emg_settings()).threshold_multiple(0.008), 1)
        5.5
        """
        crossings_per_min = 2 * self.zero_crossing_rate_hz * _SECONDS_PER_MINUTE
        return math.sqrt(2 * math.log(crossings_per_min / false_alarm_rate_per_min))


def band_for(sampling_rate_hz: float, settings: EmgSettings) -> Band:
    """Return the detector's band as far as the sampling rate allows."""
    high_hz = min(settings.band_high_hz, _HIGHEST_SHARE * sampling_rate_hz)
    edges = [settings.band_low_hz, high_hz]
    sections = np.asarray(butter(_ORDER, edges, "bandpass", fs=sampling_rate_hz, output="sos"), dtype=np.float64)
    return Band(sampling_rate_hz=sampling_rate_hz, low_hz=edges[0], high_hz=high_hz, sections=sections)
