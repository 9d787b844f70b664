"""Spectrum of what blocks do together: each block's spectrum over its own noise, averaged over the blocks.

Noise differs from block to block by orders of magnitude, and in a film of something small most blocks show none of it;
over its own noise each counts alike, and the mean over hundreds of blocks shows a movement that no single block does.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from twitchwise.measure.video.series import BlockSeries, pieces
from twitchwise.vocabulary.arrays import FloatArray

# A spectrum is taken of pieces this long: a tremor's frequency wanders within longer ones.
_PIECE_S = 5.0
# The noise at a frequency is the median of what lies this near, and of this many values at least.
_NEAR_HZ = 2.5
_NEAR_VALUES = 8
_MEDIAN_OF_EXPONENTIAL = float(np.log(2.0))
# A window of Hann spreads a line over so many values to each side.
_LINE_REACH = 2
_TINY = 1e-18


@dataclass(frozen=True, kw_only=True, eq=False)
class PooledSpectrum:
    """Spectrum of the blocks of a film together.

    Parameters
    ----------
    frequencies_hz
        From 0 to half the frame rate, shape ``(n,)``.
    over_noise
        Mean over blocks of power over noise: about 1 where there is noise alone, shape ``(n,)``.
    power_px2
        Mean square of each series at each frequency, as of a sine there, shape ``(n, n_series)``.
    noise_px2
        Its noise, shape ``(n, n_series)``.
    n_pieces, piece
        Pieces that were averaged, and the samples of one.
    """

    frequencies_hz: FloatArray
    over_noise: FloatArray
    power_px2: FloatArray
    noise_px2: FloatArray
    n_pieces: int
    piece: int

    def chance(self, tried: int, value: float) -> float:
        """Return how often noise alone gives a value as great at one of ``tried`` frequencies.

        Noise that all blocks share, as drift and compression give it, has the tail of an exponential; the upper half of
        the values tells its scale, of which a movement takes no more than a part.
        """
        middle, scale = self._upper_half()
        single = 0.5 * float(np.exp(-max(value - middle, 0.0) / scale))
        return float(-np.expm1(tried * np.log1p(-min(single, 1 - 1e-12))))

    def needed(self, tried: int, chance: float) -> float:
        """Return the value over the middle one that noise gives with a chance at one of ``tried`` frequencies."""
        single = -np.expm1(np.log1p(-chance) / tried)
        return float(self._upper_half()[1] * np.log(0.5 / single))

    def _upper_half(self) -> tuple[float, float]:
        middle, upper = np.quantile(self.over_noise[_LINE_REACH + 1 : -1], [0.5, 0.75])
        return float(middle), max(float(upper - middle) / float(np.log(2)), 1e-6)


def pooled_spectrum(series: BlockSeries) -> PooledSpectrum:
    """Return the spectrum of the blocks together; at least one series and eight samples."""
    piece = min(series.n_samples, round(_PIECE_S * series.sampling_rate_hz))
    spans = list(pieces(series.n_samples, piece))
    window = np.hanning(piece + 2)[1:-1]
    power = np.zeros((piece // 2 + 1, series.blocks.size))
    for start, stop in spans:
        values = straightened(series.read(start, stop))
        power += np.square(np.abs(np.fft.rfft(values * window[:, np.newaxis], axis=0)))
    power *= 2 / (window.sum() ** 2 * len(spans))
    frequencies: FloatArray = np.arange(piece // 2 + 1, dtype=np.float64) * (series.sampling_rate_hz / piece)
    noise = _noise(power, frequencies, len(spans))
    over_noise = (power / noise).mean(axis=1)
    return PooledSpectrum(
        frequencies_hz=frequencies,
        over_noise=over_noise,
        power_px2=power,
        noise_px2=noise,
        n_pieces=len(spans),
        piece=piece,
    )


def straightened(values: FloatArray) -> FloatArray:
    """Take out the straight line from each series; what drifts slowly would spread over all frequencies."""
    x = np.linspace(-1, 1, len(values))[:, np.newaxis]
    slope = (x * values).sum(axis=0) / np.square(x).sum()
    straight: FloatArray = values - values.mean(axis=0) - slope * x
    return straight


def _noise(power: FloatArray, frequencies: FloatArray, n_pieces: int) -> FloatArray:
    """Return the noise of each series at each frequency: the median of what lies near, scaled to a mean."""
    step = frequencies[1]
    reach = max(_NEAR_VALUES, round(_NEAR_HZ / step))
    # where something drifts, the spectrum of velocity is flatter than that of displacement; the greater noise counts
    tilt = np.square(np.maximum(frequencies, step))[:, np.newaxis]
    size = (2 * reach + 1, 1)
    near = np.maximum(
        median_filter(power, size=size, mode="reflect"), median_filter(power * tilt, size=size, mode="reflect") / tilt
    )
    scale = _MEDIAN_OF_EXPONENTIAL if n_pieces == 1 else 1 - 1 / (9 * (1 + n_pieces / 2))
    floor = _TINY + 1e-6 * power.mean(axis=0, keepdims=True)
    noise: FloatArray = np.maximum(near / scale, floor)
    return noise
