"""A grid from samples to what was found on it: noise, potentials, rest and the quality of its channels, in one pass."""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.stats import norm

from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.grid.band import Samples, grid_band
from twitchwise.measure.emg.grid.basis import SpatialBasis
from twitchwise.measure.emg.grid.blocks import Block, GridReader
from twitchwise.measure.emg.grid.candidates import SUM_S, Candidates, Finder, deviations, summed_power
from twitchwise.measure.emg.grid.whitening import Whitening, learn_whitening
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.mains import find_mains
from twitchwise.measure.emg.noise import Noise, follow_noise
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# The look ahead: so many stretches, evenly spread, tell noise from activity; each in windows of about this length.
_LOOKS, _LOOK_S, _WINDOW_S = 40, 2.25, 0.25
_SECONDS_PER_MINUTE = 60.0
# Noise has about so many chances to exceed a threshold in the time over which power is summed: counted on made noise.
_CHANCES = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class GridScan:
    """What one pass over a grid gives.

    Parameters
    ----------
    reader, whitening
        How it was read, and what made its noise white.
    frames, noise
        Whitened loudness in frames, and its noise.
    candidates
        Potentials of any height, down to hints.
    height
        Deviations of each from the noise, shape ``(n,)``.
    long
        Activity that lasted longer than a potential.
    plain_power
        Mean square of the quiet frames of each second on each channel in the pass band, shape
        ``(n_seconds, n_channels)``; NaN where there are none.
    basis
        Patterns over channels in which the windows of the candidates are kept.
    """

    reader: GridReader
    whitening: Whitening
    frames: Frames
    noise: Noise
    candidates: Candidates
    height: FloatArray
    long: Intervals
    plain_power: FloatArray
    basis: SpatialBasis
    checks: "Checks"


@dataclass(kw_only=True)
class Checks:
    """Counts of frames of each channel that were wrong as read, each of shape ``(n_channels,)``, added up by block."""

    frames: int = 0
    missing: list[FloatArray] = field(default_factory=list)
    flat: list[FloatArray] = field(default_factory=list)
    clipped: list[FloatArray] = field(default_factory=list)
    spikes: list[FloatArray] = field(default_factory=list)

    def add(self, block: Block, limits: tuple[FloatArray, FloatArray]) -> None:
        """Add the frames that a block hands on; ``limits`` are those of the converter, shape ``(n_channels, 1)``."""
        core, raw = block.core, block.raw
        self.frames += core.stop - core.start
        beyond = (raw.highest >= limits[1]) | (raw.lowest <= limits[0])
        for found, marks in ((self.missing, raw.missing), (self.flat, raw.flat), (self.spikes, raw.spikes)):
            found.append(marks[:, core].sum(axis=1).astype(np.float64))
        self.clipped.append(beyond[:, core].sum(axis=1).astype(np.float64))


def chances_hz(rate_hz: float) -> float:
    """Return how many chances a second the summed power of noise has to exceed a threshold."""
    return min(rate_hz, _CHANCES / SUM_S)


def threshold(false_alarms_per_min: float, rate_hz: float) -> float:
    """Return the deviations that the summed power of noise exceeds so many times a minute."""
    return float(norm.isf(false_alarms_per_min / (_SECONDS_PER_MINUTE * chances_hz(rate_hz))))


def reader_of(recording: Recording, group: ElectrodeGroup, settings: EmgSettings) -> GridReader:
    """Return how to read a group of channels."""
    middle = group.channels[len(group.channels) // 2]
    rate_hz, band = middle.sampling_rate_hz, grid_band(middle.sampling_rate_hz, settings)

    def read(first: int, stop: int) -> FloatArray:
        return recording.read(middle.name, first / rate_hz, stop / rate_hz)

    mains = find_mains(read, middle.n_samples, rate_hz, (band.low_hz, band.high_hz))
    return GridReader(recording=recording, group=group, band=band, mains_hz=mains.frequency_hz, mains_share=mains.share)


def look_ahead(reader: GridReader) -> Whitening:
    """Look at stretches spread over the recording and learn from the quiet ones what makes the noise white."""
    window = max(2 * reader.length, round(_WINDOW_S * reader.band.working_rate_hz / reader.length) * reader.length)
    frames = min(reader.n_frames, round(_LOOK_S / reader.frame_s))
    count = max(1, min(_LOOKS, -(-reader.n_frames // frames)))
    firsts = np.unique(np.linspace(0, reader.n_frames - frames, count).round().astype(np.int64))
    plain = Whitening(temporal=np.ones(2), spatial=np.eye(len(reader.group.channels), dtype=np.float32), freedom=1.0)
    windows = [_windows(reader, int(first), frames, window, plain) for first in firsts]
    return learn_whitening(np.concatenate(windows), reader.length, reader.band)[0]


def _windows(reader: GridReader, first: int, frames: int, window: int, plain: Whitening) -> Samples:
    raw = np.nan_to_num(reader.read_raw(first * reader.raw_length, (first + frames) * reader.raw_length))
    samples = reader.filter(raw, first, plain)[0]
    count = samples.shape[1] // window
    return samples[:, : count * window].reshape(len(samples), count, window).transpose(1, 0, 2)


def scan(reader: GridReader, settings: EmgSettings) -> GridScan:
    """Go over a grid once.

    Parameters
    ----------
    reader
        Gives the grid.
    settings
        Thresholds.
    """
    whitening = look_ahead(reader)
    rate_hz = reader.band.working_rate_hz
    basis = SpatialBasis(len(reader.group.channels))
    finder = Finder(
        rate_hz=rate_hz,
        n_samples=reader.n_frames * reader.length,
        freedom=whitening.freedom * SUM_S * rate_hz / reader.length,
        least=threshold(settings.hint_rate_per_min, rate_hz),
        settings=settings,
        basis=basis,
    )
    passed = _Pass(reader=reader, whitening=whitening, finder=finder)
    for block in reader.blocks(whitening):
        passed.add(block)
    return passed.finished(settings)


@dataclass(kw_only=True)
class _Pass:
    """What has been gathered so far on the way through a grid."""

    reader: GridReader
    whitening: Whitening
    finder: Finder
    rms: list[FloatArray] = field(default_factory=list)
    level: list[FloatArray] = field(default_factory=list)
    usable: list[BoolArray] = field(default_factory=list)
    plain: list[FloatArray] = field(default_factory=list)
    found: list[Candidates] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    checks: Checks = field(default_factory=Checks)

    def add(self, block: Block) -> None:
        power, summed = summed_power(block, self.finder.sum_samples)
        frames = self._frames(power, block)
        noise = follow_noise(frames, np.inf, self.finder.settings.activity_loudness)
        at = noise.at(0, summed.size, block.length)
        found, spans = self.finder.find(block, summed, at)
        self.found.append(found)
        self.spans += spans
        self.rms.append(frames.rms[block.core])
        self.level.append(block.raw.level.mean(axis=0)[block.core])
        self.usable.append(block.usable[block.core])
        self.plain.append(self._plain(block, noise))
        self.checks.add(block, _limits(self.reader.group))

    def _frames(self, power: FloatArray, block: Block) -> Frames:
        rms = np.sqrt(power.reshape(-1, block.length).mean(axis=1))
        return self._as_frames(rms, block.raw.level.mean(axis=0), block.usable)

    def _as_frames(self, rms: FloatArray, level: FloatArray, usable: BoolArray) -> Frames:
        return Frames(
            band=self.reader.band,
            length=self.reader.raw_length,
            rms=rms,
            peak=rms,
            level=level,
            usable=usable,
            freedom=self.whitening.freedom,
        )

    def _plain(self, block: Block, noise: Noise) -> FloatArray:
        """Return the mean square of the quiet frames of each second of the core, by channel, NaN where none is."""
        framed = block.plain.reshape(block.plain.shape[0], -1, block.length)
        power = np.einsum("cfl,cfl->fc", framed, framed)[block.core] / block.length
        power[~noise.quiet[block.core]] = np.nan
        return _by_second(power, self.reader.frames_per_second)

    def finished(self, settings: EmgSettings) -> GridScan:
        frames = self._as_frames(np.concatenate(self.rms), np.concatenate(self.level), np.concatenate(self.usable))
        noise = follow_noise(frames, np.inf, settings.activity_loudness)
        candidates = Candidates.joined(self.found)
        candidates = replace(candidates, windows=self.finder.basis.explained(candidates.windows))
        places = np.minimum((candidates.peak_s / self.reader.frame_s).astype(np.int64), frames.rms.size - 1)
        there = np.interp(places + 0.5, np.arange(frames.rms.size) + 0.5, _filled(noise, frames.rms.size))
        return GridScan(
            reader=self.reader,
            whitening=self.whitening,
            frames=frames,
            noise=noise,
            candidates=candidates,
            height=deviations(candidates.power / there**2, self.finder.freedom),
            long=Intervals.union(self.spans),
            plain_power=np.concatenate(self.plain),
            basis=self.finder.basis,
            checks=self.checks,
        )


def _filled(noise: Noise, n_frames: int) -> FloatArray:
    return noise.at(0, n_frames, 1)


def _limits(group: ElectrodeGroup) -> tuple[FloatArray, FloatArray]:
    ranges = [channel.physical_range or (-np.inf, np.inf) for channel in group.channels]
    steps = [channel.resolution / 2 if channel.resolution else 0.0 for channel in group.channels]
    low = np.array([[pair[0] + step] for pair, step in zip(ranges, steps, strict=True)])
    high = np.array([[pair[1] - step] for pair, step in zip(ranges, steps, strict=True)])
    return low, high


def _by_second(by_frame: FloatArray, per_second: int) -> FloatArray:
    n_seconds = -(-len(by_frame) // per_second)
    padded = np.full((n_seconds * per_second, by_frame.shape[1]), np.nan, dtype=np.float32)
    padded[: len(by_frame)] = by_frame
    seconds = padded.reshape(n_seconds, per_second, -1)
    count = np.isfinite(seconds).sum(axis=1)
    total = np.nansum(seconds, axis=1, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
