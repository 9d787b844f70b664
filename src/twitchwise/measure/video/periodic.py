"""Periodic movement: whether there is one, its frequency and its size."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.line import Line, line_at
from twitchwise.measure.video.series import BlockSeries
from twitchwise.measure.video.settings import VideoSettings
from twitchwise.measure.video.spectrum import PooledSpectrum, pooled_spectrum
from twitchwise.vocabulary.arrays import BoolArray, IntArray

# A line of a Hann window reaches so many values to each side.
_REACH = 2
# A lower frequency of which the strongest is a multiple is the fundamental where it has this share of its evidence.
_FUNDAMENTAL_SHARE = 0.05
_MULTIPLES = (2, 3)
# Encoders treat pictures in groups of two to four alike; what they leave is no larger than the noise.
_ENCODER_GROUPS = (2, 3, 4)
_ENCODER_OVER_NOISE = 3.0
_LEAST_SAMPLES = 16
_PEAKS = 5
# A movement along one axis in a tenth of the blocks, of two series each.
_PART_SERIES = 20


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodicMovement:
    """What was found.

    Parameters
    ----------
    chance
        How often noise alone gives the strongest line of all frequencies.
    line
        The line, its frequency and size; ``None`` where there is none.
    low_hz, high_hz
        Frequencies that could be told.
    unseen_px
        Amplitude of a movement in a tenth of the blocks that would have been told from noise.
    spectrum
        What it was found in.
    """

    chance: float
    line: Line | None
    low_hz: float
    high_hz: float
    unseen_px: float
    spectrum: PooledSpectrum


def find_periodic(
    series: BlockSeries, settings: VideoSettings, not_at_hz: tuple[float, ...] = ()
) -> PeriodicMovement | None:
    """Look for a periodic movement.

    Parameters
    ----------
    series
        Displacements.
    settings
        Thresholds.
    not_at_hz
        Rates that something else than movement has, such as the flicker of lamps.

    Returns
    -------
    PeriodicMovement or None
        ``None`` where there is not enough to answer: no block with texture, or a film shorter than the cycles asked
        for.
    """
    if not series.blocks.size or series.n_samples < _LEAST_SAMPLES:
        return None
    spectrum = pooled_spectrum(series)
    duration = series.n_samples / series.sampling_rate_hz
    low_hz, high_hz = settings.cycles_least / duration, series.sampling_rate_hz / 2
    allowed = _allowed(spectrum, low_hz, not_at_hz)
    if not allowed.any():
        return None
    indices = np.flatnonzero(allowed)
    line, chance = None, 1.0
    for best in _strongest(spectrum, allowed):
        chance_here = spectrum.chance(indices.size, float(spectrum.over_noise[best]))
        chance = min(chance, chance_here)
        if chance_here >= settings.chance_most:
            break
        found = line_at(series, spectrum, _fundamental(spectrum, best, allowed, settings.chance_most))
        if found.amplitude_px >= settings.amplitude_least_px:
            line, chance = found, chance_here
            break
    return PeriodicMovement(
        chance=chance,
        line=line,
        low_hz=low_hz,
        high_hz=high_hz,
        unseen_px=max(_unseen(spectrum, indices, settings.chance_most), settings.amplitude_least_px),
        spectrum=spectrum,
    )


def _strongest(spectrum: PooledSpectrum, allowed: BoolArray) -> Iterator[int]:
    """Give the highest peaks of a spectrum, from the highest on."""
    values = np.where(allowed, spectrum.over_noise, 0.0)
    for _ in range(_PEAKS):
        best = int(np.argmax(values))
        if values[best] <= 0:
            return
        yield best
        values[max(best - _REACH, 0) : best + _REACH + 1] = 0.0


def _allowed(spectrum: PooledSpectrum, low_hz: float, not_at_hz: tuple[float, ...]) -> BoolArray:
    """Tell which frequencies count: with enough cycles, and not what an encoder leaves or a lamp does."""
    frequencies = spectrum.frequencies_hz
    step = frequencies[1]
    rate = step * spectrum.piece
    allowed = (frequencies >= max(low_hz, _REACH * step)) & (np.arange(frequencies.size) < frequencies.size - 1)
    for other in not_at_hz:
        allowed &= np.abs(frequencies - other) > _REACH * step
    strongest = np.quantile(spectrum.power_px2 / spectrum.noise_px2, 0.9, axis=1)
    for left in _left_by_encoder(rate, not_at_hz):
        near = np.abs(frequencies - left) <= _REACH * step
        allowed &= ~(near & (strongest < _ENCODER_OVER_NOISE**2))
    return np.asarray(allowed)


def _left_by_encoder(rate_hz: float, lamps_hz: tuple[float, ...]) -> Iterator[float]:
    """Give the rates of the groups of pictures that encoders form, and what they make of a lamp's flicker."""
    for group in _ENCODER_GROUPS:
        yield rate_hz / group
        for lamp_hz in lamps_hz:
            for number in range(1, group + 1):
                yield from (abs(lamp_hz - number * rate_hz / group), lamp_hz + number * rate_hz / group)


def _fundamental(spectrum: PooledSpectrum, best: int, allowed: BoolArray, chance_most: float) -> int:
    """Return the frequency of which the strongest is a multiple, or the strongest itself."""
    for multiple in sorted(_MULTIPLES, reverse=True):
        near = np.abs(np.arange(spectrum.over_noise.size) - best / multiple) <= 1
        candidates = np.flatnonzero(near & allowed)
        if not candidates.size:
            continue
        lower = int(candidates[np.argmax(spectrum.over_noise[candidates])])
        strong = spectrum.over_noise[lower] - 1 > _FUNDAMENTAL_SHARE * (spectrum.over_noise[best] - 1)
        if strong and spectrum.chance(candidates.size, float(spectrum.over_noise[lower])) < chance_most / len(
            _MULTIPLES
        ):
            return lower
    return best


def _unseen(spectrum: PooledSpectrum, indices: IntArray, chance_most: float) -> float:
    """Return the amplitude in a tenth of the blocks that would have been told from noise."""
    needed = spectrum.needed(indices.size, chance_most)
    noise = float(np.median(spectrum.noise_px2[indices]))
    return float(np.sqrt(2 * _PART_SERIES * needed * noise))
