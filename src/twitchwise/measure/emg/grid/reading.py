"""A grid from samples to what was found on it: noise, potentials, rest and the quality of its channels, in one pass."""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from scipy.stats import norm

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.decompose.progress import untold
from twitchwise.measure.emg.frames import Frames
from twitchwise.measure.emg.grid.band import Samples, grid_band
from twitchwise.measure.emg.grid.basis import SpatialBasis
from twitchwise.measure.emg.grid.blocks import GridReader
from twitchwise.measure.emg.grid.candidates import SUM_S, Candidates, Finder, deviations
from twitchwise.measure.emg.grid.one_block import BlockFindings, BlockWork, Checks
from twitchwise.measure.emg.grid.whitening import Whitening, learn_whitening
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.mains import find_mains
from twitchwise.measure.emg.noise import Noise, follow_noise
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.spreading import Spread, one_by_one
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
    checks
        What was wrong with the samples as read.
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
    checks: Checks


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


def look_ahead(reader: GridReader, spread: Spread = one_by_one) -> Whitening:
    """Look at stretches spread over the recording and learn from the quiet ones what makes the noise white."""
    window = max(2 * reader.length, round(_WINDOW_S * reader.band.working_rate_hz / reader.length) * reader.length)
    frames = min(reader.n_frames, round(_LOOK_S / reader.frame_s))
    count = max(1, min(_LOOKS, -(-reader.n_frames // frames)))
    firsts = np.unique(np.linspace(0, reader.n_frames - frames, count).round().astype(np.int64))
    looks = spread(partial(_look, reader, frames, window), firsts.tolist())
    windows = np.concatenate([look.transpose(1, 0, 2) for look in looks])
    return learn_whitening(windows, reader.length, reader.band)[0]


def _look(reader: GridReader, frames: int, window: int, first: int) -> Samples:
    """Return windows of samples in the pass band, shape ``(n_channels, n_windows, n)``."""
    plain = Whitening(temporal=np.ones(2), spatial=np.eye(len(reader.group.channels), dtype=np.float32), freedom=1.0)
    raw = np.nan_to_num(reader.read_raw(first * reader.raw_length, (first + frames) * reader.raw_length))
    samples = reader.filter(raw, first, plain)[0]
    count = samples.shape[1] // window
    return samples[:, : count * window].reshape(len(samples), count, window)


def scan(
    reader: GridReader, settings: EmgSettings, spread: Spread = one_by_one, progress: Progress = untold
) -> GridScan:
    """Go over a grid once.

    Parameters
    ----------
    reader
        Gives the grid.
    settings
        Thresholds.
    spread
        Has each block looked at by itself; what they tell is put together in order.
    progress
        Is told how much is done, from 0 to 1.
    """
    whitening = look_ahead(reader, spread)
    rate_hz = reader.band.working_rate_hz
    finder = Finder(
        rate_hz=rate_hz,
        n_samples=reader.n_frames * reader.length,
        freedom=whitening.freedom * SUM_S * rate_hz / reader.length,
        least=threshold(settings.hint_rate_per_min, rate_hz),
        settings=settings,
    )
    work = BlockWork(reader=reader, whitening=whitening, finder=finder)
    passed = _Pass(work=work, basis=SpatialBasis(len(reader.group.channels)))
    for number, findings in enumerate(spread(work, range(reader.n_blocks)), start=1):
        passed.add(findings)
        progress(number / reader.n_blocks)
    return passed.finished(settings)


@dataclass(kw_only=True)
class _Pass:
    """What has been gathered so far on the way through a grid.

    Patterns over the channels grow with the potentials, one by one; so they are kept here and in order.
    """

    work: BlockWork
    basis: SpatialBasis
    rms: list[FloatArray] = field(default_factory=list)
    level: list[FloatArray] = field(default_factory=list)
    usable: list[BoolArray] = field(default_factory=list)
    plain: list[FloatArray] = field(default_factory=list)
    found: list[Candidates] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    checks: list[Checks] = field(default_factory=list)

    def add(self, block: BlockFindings) -> None:
        found = block.found
        self.found.append(replace(found.candidates, windows=tuple(self.basis.keep(one) for one in found.windows)))
        self.spans += found.long
        self.rms.append(block.rms)
        self.level.append(block.level)
        self.usable.append(block.usable)
        self.plain.append(block.plain_power)
        self.checks.append(block.checks)

    def finished(self, settings: EmgSettings) -> GridScan:
        reader, finder = self.work.reader, self.work.finder
        frames = self.work.as_frames(np.concatenate(self.rms), np.concatenate(self.level), np.concatenate(self.usable))
        noise = follow_noise(frames, np.inf, settings.activity_loudness)
        candidates = Candidates.joined(self.found)
        candidates = replace(candidates, windows=self.basis.explained(candidates.windows))
        places = np.minimum((candidates.peak_s / reader.frame_s).astype(np.int64), frames.rms.size - 1)
        there = np.interp(places + 0.5, np.arange(frames.rms.size) + 0.5, _filled(noise, frames.rms.size))
        return GridScan(
            reader=reader,
            whitening=self.work.whitening,
            frames=frames,
            noise=noise,
            candidates=candidates,
            height=deviations(candidates.power / there**2, finder.freedom),
            long=Intervals.union(self.spans),
            plain_power=np.concatenate(self.plain),
            basis=self.basis,
            checks=Checks.summed(self.checks),
        )


def _filled(noise: Noise, n_frames: int) -> FloatArray:
    return noise.at(0, n_frames, 1)
