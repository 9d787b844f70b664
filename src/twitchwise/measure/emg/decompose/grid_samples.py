"""The samples of a grid, checked, filtered and scaled piece by piece, and the stretches that are learned from."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.signal import butter, sosfiltfilt

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.progress import untold
from twitchwise.measure.emg.decompose.rows import GridRows
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import digits, say

# Two poles at each edge, forward and backward, as the detector of this package has them; the upper edge stays below
# half of the sampling rate, and rings for less than the margin that is filtered along with each piece.
_ORDER, _HIGHEST_SHARE, _MARGIN_S = 2, 0.45, 0.25
# Stretches of this length are learned from; so many are held in memory at a time.
_STRETCH_S, _STRETCHES_A_PIECE = 4.0, 5
# A channel this many times louder or quieter than the middle one has lost its contact or carries something else.
_ODD_ONE = 10.0
# Twice what the band-pass lets through, and as much again for its slope.
_ENOUGH_HZ = 2000.0
# The slowest sampling at which the band of a surface potential is mostly there.
_SLOWEST_HZ = 500.0


@dataclass(frozen=True, kw_only=True, eq=False)
class GridSamples:
    """Samples of a grid as they were given, and how to make them ready.

    Parameters
    ----------
    rows
        Gives the samples piece by piece.
    raw_rate_hz
        Their rate.
    every
        Every so many of them, filtered, is used: in the band of a surface potential more say nothing new.
    kept
        Numbers of the channels that are used.
    scale
        What each of those is divided by, so that the middle one has unit variance.
    sections
        The band-pass.
    loudness
        Mean square of each whole stretch of some seconds on the middle channel, shape ``(n_stretches,)``.
    """

    rows: GridRows
    raw_rate_hz: float
    every: int
    kept: IntArray
    scale: float
    sections: Samples
    loudness: FloatArray

    @property
    def sampling_rate_hz(self) -> float:
        """Rate of the samples that are used."""
        return self.raw_rate_hz / self.every

    @property
    def n_samples(self) -> int:
        """Samples a channel that are used."""
        return self.rows.shape[1] // self.every

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.sampling_rate_hz

    def read(self, start: int, stop: int) -> Samples:
        """Return filtered and scaled samples of the channels in use, shape ``(n_kept, stop - start)``."""
        margin, begin, end = round(_MARGIN_S * self.raw_rate_hz), start * self.every, stop * self.every
        first, last = max(0, begin - margin), min(self.rows.shape[1], end + margin)
        raw = self.rows.read(self.kept, first, last)
        return np.ascontiguousarray(self._filtered(raw)[:, begin - first : end - first : self.every])

    def _filtered(self, raw: Samples) -> Samples:
        level = raw - raw.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
        padding = min(round(self.raw_rate_hz / 20), raw.shape[1] - 1)
        filtered = sosfiltfilt(self.sections, level / np.float32(self.scale), axis=1, padlen=padding)
        return np.asarray(filtered, dtype=np.float32)

    @property
    def stretch(self) -> int:
        """Samples in a stretch that is learned from, or not, as a whole."""
        return round(_STRETCH_S * self.sampling_rate_hz)

    def spans(self) -> list[tuple[int, int]]:
        """Return first sample and one past the last of the pieces that a recording is read in."""
        step = _STRETCHES_A_PIECE * self.stretch
        return [(start, min(start + step, self.n_samples)) for start in range(0, self.n_samples, step)]

    def to_learn(self, longest_s: float) -> Samples:
        """Return stretches, in order, up to ``longest_s`` seconds in all; the whole if it is not longer.

        Half of them are the loudest, and half are spread evenly over those that are louder than the middle one, so that
        units that are silent at the greatest effort are learned too.
        """
        if self.duration_s <= longest_s:
            return self.read(0, self.n_samples)
        taken = self.stretch * _spread(self.loudness, max(1, int(longest_s // _STRETCH_S)))
        result = np.empty((self.kept.size, taken.size * self.stretch), dtype=np.float32)
        for number, at in enumerate(taken.tolist()):
            result[:, number * self.stretch : (number + 1) * self.stretch] = self.read(at, at + self.stretch)
        return result


def _spread(loudness: FloatArray, n: int) -> IntArray:
    """Return the numbers of ``n`` stretches: half the loudest, half evenly from the louder half of the others."""
    order = np.argsort(-loudness, kind="stable")
    loudest, others = order[: (n + 1) // 2], order[(n + 1) // 2 :]
    louder = np.sort(others[: max(n // 2, others.size // 2)])
    picked = louder[np.linspace(0, louder.size - 1, min(n // 2, louder.size)).astype(np.int64)] if n > 1 else others[:0]
    taken: IntArray = np.sort(np.concatenate([loudest, picked]))
    return taken


def grid_samples(
    rows: GridRows,
    sampling_rate_hz: float,
    settings: DecomposeSettings,
    progress: Progress = untold,
    spread: Spread = one_by_one,
) -> GridSamples:
    """Check samples and choose the channels that can be used, or refuse with the reason.

    Raises
    ------
    OutOfRangeError
        If there are too few usable channels, too few seconds or too few samples a second.
    """
    _require_enough(rows, sampling_rate_hz, settings)
    high_hz = min(settings.band_high_hz, _HIGHEST_SHARE * sampling_rate_hz)
    edges = [settings.band_low_hz, high_hz]
    sections = np.asarray(butter(_ORDER, edges, "bandpass", fs=sampling_rate_hz, output="sos"), dtype=np.float32)
    everything = GridSamples(
        rows=rows,
        raw_rate_hz=sampling_rate_hz,
        every=max(1, int(sampling_rate_hz // _ENOUGH_HZ)),
        kept=np.arange(rows.shape[0]),
        scale=1.0,
        sections=sections,
        loudness=np.empty(0),
    )
    power = _power(everything, progress, spread)
    loudness = np.sqrt(power.sum(axis=1) / everything.n_samples)
    kept = _usable(loudness)
    if kept.size < settings.channels_least:
        raise OutOfRangeError(
            say(
                "usable channels must be at least {least:g} to tell motor units apart, got {count}.",
                least=settings.channels_least,
                count=kept.size,
            )
        )
    whole = everything.n_samples // everything.stretch
    middle = np.median(power[kept, :whole], axis=0) / everything.stretch if whole else np.empty(0)
    return replace(everything, kept=kept, scale=float(np.median(loudness[kept])), loudness=middle)


def _require_enough(rows: GridRows, sampling_rate_hz: float, settings: DecomposeSettings) -> None:
    require_positive("sampling_rate_hz", sampling_rate_hz)
    if sampling_rate_hz < _SLOWEST_HZ:
        raise OutOfRangeError(
            say(
                "sampling_rate_hz must be at least {least_hz:g}, got {rate_hz}.",
                least_hz=_SLOWEST_HZ,
                rate_hz=digits(repr(sampling_rate_hz)),
            )
        )
    duration_s = rows.shape[1] / sampling_rate_hz
    if duration_s < settings.recording_least_s:
        raise OutOfRangeError(
            say(
                "recording must last at least {least_s:g} s to be decomposed, got {duration_s:.3g}.",
                least_s=settings.recording_least_s,
                duration_s=duration_s,
            )
        )


def _power(everything: GridSamples, progress: Progress, spread: Spread) -> FloatArray:
    """Return the sum of squares of each channel in each stretch in the band, NaN where a sample is missing."""
    power, spans = list[FloatArray](), everything.spans()
    for (_, stop), piece in zip(spans, spread(partial(_power_in, everything), spans), strict=True):
        power.append(piece)
        progress(stop / everything.n_samples)
    return np.concatenate(power, axis=1)


def _power_in(everything: GridSamples, span: tuple[int, int]) -> FloatArray:
    piece = everything.read(*span)
    begins = np.arange(0, piece.shape[1], everything.stretch)
    return np.add.reduceat(np.square(piece, dtype=np.float64), begins, axis=1)


def _usable(loudness: FloatArray) -> IntArray:
    sound = np.isfinite(loudness) & (loudness > 0)
    if not sound.any():
        return np.empty(0, dtype=np.int64)
    middle = float(np.median(loudness[sound]))
    return np.flatnonzero(sound & (loudness < _ODD_ONE * middle) & (loudness > middle / _ODD_ONE))
