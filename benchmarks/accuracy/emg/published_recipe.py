"""The published way to find fasciculations in surface EMG, rebuilt from its description; its program is not open.

SPiQE (Bashford et al. 2019, doi:10.1016/j.clinph.2019.03.032) finds peaks above an amplitude inclusion threshold that
responds to the noise, leaves out data noisier than an amplitude exclusion threshold of 100 uV, and fits its model to
potentials that were marked by hand. What its abstract and highlights leave open is filled in here in its favor: the
noise is followed second by second, and both numbers of the threshold, offset and slope over the noise, are fitted to
scenes like those that it is scored on, with other seeds.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from benchmarks.accuracy.emg.scenes import Scene
from scipy import signal

from twitchwise.vocabulary.arrays import FloatArray

EXCLUDED_ABOVE_V = 100e-6  # of the paper
BAND_HZ = (20.0, 450.0)  # usual for surface EMG
FOLLOWED_S = 1.0
MAD_TO_SIGMA = 1.4826  # of a normal distribution
APART_S = 0.01
OFFSETS_V = (0.0, 5e-6, 10e-6, 20e-6)
SLOPES = (2.0, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 8.0)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Peaks above an offset in V and a slope times the noise of the second around."""

    offset_v: float
    slope: float

    @classmethod
    @cache
    def fitted(cls) -> "Recipe":
        """Return the recipe that does best on scenes made for fitting."""
        from benchmarks.accuracy.emg.simulated import scenes_to_fit  # noqa: PLC0415 - simulating takes a while to load

        scenes = [(scene, band_passed_v(scene)) for scene in scenes_to_fit()]
        return max((cls(offset_v=o, slope=s) for o, s in product(OFFSETS_V, SLOPES)), key=lambda one: one.merit(scenes))

    def peaks_s(self, scene: Scene) -> FloatArray:
        """Return the times of peaks, in s."""
        return self._peaks_s(band_passed_v(scene), scene.sampling_rate_hz)

    def _peaks_s(self, band_v: FloatArray, rate_hz: float) -> FloatArray:
        size = np.abs(band_v)
        noise = followed_noise_v(size, rate_hz)
        limit = self.offset_v + self.slope * noise
        peaks, _ = signal.find_peaks(size, height=limit, distance=max(1, round(APART_S * rate_hz)))
        return np.asarray(peaks[noise[peaks] <= EXCLUDED_ABOVE_V] / rate_hz, dtype=np.float64)

    def merit(self, scenes: list[tuple[Scene, FloatArray]]) -> float:
        """Return the harmonic mean of sensitivity and precision on scenes with their band-passed channels."""
        from benchmarks.accuracy.emg.scoring import Found, scored, total  # noqa: PLC0415 - it knows this module's users

        score = total(
            scored(Found.at(self._peaks_s(band_v, scene.sampling_rate_hz)), scene) for scene, band_v in scenes
        )
        return 2 * score.hits / max(score.true + score.found, 1)


def followed_noise_v(size_v: FloatArray, rate_hz: float) -> FloatArray:
    """Return the noise of the second that each sample lies in, from the median of its sizes, in V."""
    step = max(1, round(FOLLOWED_S * rate_hz))
    starts = range(0, size_v.size, step)
    noise = np.array([MAD_TO_SIGMA * float(np.median(size_v[at : at + step])) for at in starts])
    return np.repeat(noise, step)[: size_v.size]


def band_passed_v(scene: Scene, band_hz: tuple[float, float] = BAND_HZ) -> FloatArray:
    """Return the clearest channel in a band, as far as its sampling rate reaches, in V."""
    high = min(band_hz[1], 0.45 * scene.sampling_rate_hz)
    low = min(band_hz[0], high / 4)
    sections = signal.butter(2, (low, high), btype="bandpass", fs=scene.sampling_rate_hz, output="sos")
    return np.asarray(signal.sosfiltfilt(sections, scene.clear_v), dtype=np.float64)
