"""One line of a spectrum of many blocks: its exact frequency, which blocks take part, and how far they move."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from twitchwise.measure.video.series import BlockSeries, pieces
from twitchwise.measure.video.spectrum import PooledSpectrum, straightened
from twitchwise.vocabulary.arrays import FloatArray

ComplexArray = npt.NDArray[np.complex128]
"""Amplitudes with their phases."""

# The film is cut into so many parts, each of so many cycles at least, to see how the phase runs.
_PARTS = 8
_CYCLES_OF_PART = 3.0
_TAIL = 0.975
# Frequencies between those of the spectrum that are tried: steps of this share of one of its own.
_FINER = 16
# A movement that is not strictly periodic spreads over this share of its frequency.
_SPREAD = 0.15
_LINE_REACH = 2
# Power of a line of a Hann window over all its values, to that of its peak.
_HANN_SUM = 1.5
# Blocks take part whose movement is over noise by this much in power.
_TAKES_PART = 6.0
# The size of a movement is that of the tenth of these that move most.
_MOST = 0.9
_NARROW_SHARE = 0.7
_PART_WANDERING_S = 1.0
_PARTS_LEAST = 4
# No frequency is told better than to this many cycles over the film.
_LEAST_CYCLES = 0.002
_AT_ONCE = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A periodic movement.

    Parameters
    ----------
    frequency_hz, frequency_low_hz, frequency_high_hz
        With its 95 % interval.
    amplitude_px, amplitude_low_px, amplitude_high_px
        Half of what the blocks that move most go to and fro, with its 95 % interval.
    block_amplitude_px
        The same for each block, 0 where it is not over noise, shape ``(n_blocks,)``.
    trace_px
        Movement over time, as its own sampling gives it: blocks together, each as it takes part, ``(n_samples,)``.
    over_noise
        How much the blocks' power is over noise at the line.
    """

    frequency_hz: float
    frequency_low_hz: float
    frequency_high_hz: float
    amplitude_px: float
    amplitude_low_px: float
    amplitude_high_px: float
    block_amplitude_px: FloatArray
    trace_px: FloatArray
    over_noise: float


def line_at(series: BlockSeries, spectrum: PooledSpectrum, index: int) -> Line:
    """Return the line near a frequency of a spectrum, given by its number.

    Parameters
    ----------
    series
        Displacements.
    spectrum
        Their spectrum.
    index
        Number of the frequency.
    """
    noise = spectrum.noise_px2[index]
    near_hz, mode = _refined(series, spectrum, index)
    weights = mode / noise
    parts = _parts(series, near_hz, weights, narrow=_is_narrow(spectrum, index))
    offset_hz, error_hz = _phase_slope(parts)
    blocks = _block_amplitudes(series, spectrum, index)
    moving = blocks[blocks > 0]
    amplitude = float(np.quantile(moving, _MOST)) if moving.size else 0.0
    error_px = amplitude * min(1.0, _amplitude_error(parts))
    return Line(
        frequency_hz=near_hz + offset_hz,
        frequency_low_hz=near_hz + offset_hz - error_hz,
        frequency_high_hz=near_hz + offset_hz + error_hz,
        amplitude_px=amplitude,
        amplitude_low_px=amplitude - error_px,
        amplitude_high_px=amplitude + error_px,
        block_amplitude_px=blocks,
        trace_px=_trace(series, weights),
        over_noise=float(spectrum.over_noise[index]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parts:
    """Amplitudes of parts of the film: middles in seconds and complex amplitudes, each of shape ``(n_parts,)``."""

    middles_s: FloatArray
    amplitudes: ComplexArray


def _refined(series: BlockSeries, spectrum: PooledSpectrum, index: int) -> tuple[float, ComplexArray]:
    """Return the frequency near one of the spectrum at which the blocks together have most power, and their mode."""
    step = spectrum.frequencies_hz[1]
    tried = spectrum.frequencies_hz[index] + step * np.linspace(-1, 1, 2 * _FINER + 1)
    noise = spectrum.noise_px2[index]
    amplitudes = np.stack(list(_at_frequencies(series, spectrum.piece, tried)))
    power = (np.square(np.abs(amplitudes)) / noise).sum(axis=(0, 2))
    best = int(np.argmax(power))
    _, _, modes = np.linalg.svd(amplitudes[:, best] / np.sqrt(noise), full_matrices=False)
    return float(tried[best]), modes[0] * np.sqrt(noise)


def _at_frequencies(series: BlockSeries, piece: int, frequencies_hz: FloatArray) -> Iterator[ComplexArray]:
    """Give of each piece the amplitudes at frequencies, shape ``(n_frequencies, n_series)``."""
    times = np.arange(piece) / series.sampling_rate_hz
    window = np.hanning(piece + 2)[1:-1]
    waves = np.exp(-2j * np.pi * np.outer(frequencies_hz, times)) * window / window.sum()
    for start, stop in pieces(series.n_samples, piece):
        yield waves @ straightened(series.read(start, stop))


def _is_narrow(spectrum: PooledSpectrum, index: int) -> bool:
    """Tell whether a movement keeps its frequency so well that its line is no wider than the film is long."""
    excess = np.maximum(spectrum.over_noise - 1, 0)
    reach = max(_LINE_REACH + 1, round(_SPREAD * index))
    around = excess[max(index - reach, 0) : index + reach + 1].sum()
    return bool(excess[max(index - _LINE_REACH, 0) : index + _LINE_REACH + 1].sum() > _NARROW_SHARE * around)


def _parts(series: BlockSeries, frequency_hz: float, weights: ComplexArray, *, narrow: bool) -> _Parts:
    """Return how the blocks together move at a frequency in parts of the film that overlap by half."""
    duration = series.n_samples / series.sampling_rate_hz
    length_s = max(_CYCLES_OF_PART / frequency_hz, min(duration / _PARTS, np.inf if narrow else _PART_WANDERING_S))
    length = min(round(length_s * series.sampling_rate_hz), series.n_samples)
    middles, amplitudes = [], []
    for start, stop in pieces(series.n_samples, length):
        times = np.arange(start, stop) / series.sampling_rate_hz
        window = np.hanning(stop - start + 2)[1:-1]
        wave = window / window.sum() * np.exp(-2j * np.pi * frequency_hz * times)
        amplitudes.append((wave @ straightened(series.read(start, stop))) @ np.conj(weights))
        middles.append(times.mean())
    return _Parts(middles_s=np.array(middles), amplitudes=np.array(amplitudes))


def _phase_slope(parts: _Parts) -> tuple[float, float]:
    """Return by how much a frequency is off, and half its 95 % interval, from how the phase runs over the film.

    The phase of a clock scatters around a line, that of a tremor walks; the greater of the two errors counts.
    """
    n_parts = parts.middles_s.size
    if n_parts < _PARTS_LEAST:
        return 0.0, 1 / (2 * float(parts.middles_s.mean() + 1e-9) * 2)
    cycles = np.unwrap(np.angle(parts.amplitudes)) / (2 * np.pi)
    times = parts.middles_s - parts.middles_s.mean()
    slope = float((times * cycles).sum() / np.square(times).sum())
    rest = cycles - cycles.mean() - slope * times
    independent = max(n_parts // 2, 2)
    scatter = np.sqrt(np.square(rest).sum() / max(independent - 1, 1) / 2 / np.square(times).sum() * 2)
    steps = np.diff(cycles) / np.diff(parts.middles_s)
    walk = np.sqrt(max(_long_run_variance(steps), 0.0) / steps.size)
    reach = float(student.ppf(_TAIL, independent))
    return slope, reach * max(float(scatter), float(walk), _LEAST_CYCLES / float(np.ptp(parts.middles_s)))


def _long_run_variance(steps: FloatArray) -> float:
    """Return the variance of a mean times its number, with what neighbors share."""
    rest = steps - steps.mean()
    shared = [float((rest[lag:] * rest[: rest.size - lag]).mean()) for lag in (0, 1, 2)]
    return shared[0] + 2 * shared[1] * 2 / 3 + 2 * shared[2] / 3


def _amplitude_error(parts: _Parts) -> float:
    """Return half the 95 % interval of the mean amplitude, as a share of it."""
    sizes = np.abs(parts.amplitudes)
    if sizes.size < _PARTS_LEAST:
        return 1.0
    independent = max(sizes.size // 2, 2)
    return float(student.ppf(_TAIL, independent - 1) * sizes.std(ddof=1) / np.sqrt(independent) / sizes.mean())


def _block_amplitudes(series: BlockSeries, spectrum: PooledSpectrum, index: int) -> FloatArray:
    """Return the amplitude of each block over noise, both axes together, shape ``(n_blocks,)``."""
    reach = max(_LINE_REACH, round(_SPREAD * index)) if not _is_narrow(spectrum, index) else _LINE_REACH
    band = slice(max(index - reach, 1), index + reach + 1)
    power, noise = spectrum.power_px2[band], spectrum.noise_px2[band]
    takes_part = (power / noise).max(axis=0) > _TAKES_PART
    excess = np.where(takes_part, np.maximum((power - noise).sum(axis=0), 0) / _HANN_SUM, 0.0)
    mean_square = np.bincount(series.blocks, excess, minlength=len(series.field.centers_px))
    amplitudes: FloatArray = np.sqrt(2 * mean_square)
    return amplitudes


def _trace(series: BlockSeries, weights: ComplexArray) -> FloatArray:
    """Return the blocks together over time, each as it takes part, in the phase that most of them have."""
    turned = weights * np.exp(-0.5j * np.angle(np.square(weights).sum()))
    real = np.real(turned)
    real = real / max(float(np.abs(real).sum()), 1e-12)
    parts = [
        series.read(first, min(first + _AT_ONCE, series.n_samples)) @ real
        for first in range(0, series.n_samples, _AT_ONCE)
    ]
    trace = np.concatenate(parts)
    level: FloatArray = trace - trace.mean()
    return level
