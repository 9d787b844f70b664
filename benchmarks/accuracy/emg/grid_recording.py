"""What a real grid recording gives: shapes of its motor units, its noise at rest as long as needed, its contraction.

The recording has annotated discharges and rests only at its ends. Shapes are the least-squares solution for all units
at once (spike-triggered averages that do not leak into each other), so that what discharges together is told apart.
Noise is made anew: Gaussian, with the cross-spectrum between all channels that the quiet ends have, and their mains
hum; these ends are Gaussian themselves (excess kurtosis about -0.1).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.accuracy.emg.scenes import Samples
from scipy import fft, signal, stats

from twitchwise.formats import read_recording
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "emg"
GRID_FILE = "openhdemg_vastus_lateralis.mat"
DISCHARGE = re.compile(r"discharge unit (\d+)")
HALF_SHAPE_S = 0.025
RIDGE = 1e-3  # of the diagonal, so that units that go together can be solved for
TAPER_SHARE = 0.5  # of a shape that fades to nothing, so that no step is left at its ends
QUIET_S = (0.75, 0.9)  # at the start and at the end, before the first and after the last discharge of any unit
N_FFT = 256  # of the cross-spectrum: 8 Hz at 2048 Hz
SMOOTHED = 5  # bins of the cross-spectrum that are averaged, for the quiet ends hold few stretches
OWN_SHARE = 0.05  # of each channel's power that is its own, so that the cross-spectrum can be inverted
MAINS_HZ = 50.0
FADE_S = 0.1
BAD_CHANNEL = 2.5  # times the middle noise: its contact is bad


@dataclass(frozen=True, kw_only=True, eq=False)
class GridRecording:
    """A real recording of a grid.

    Parameters
    ----------
    samples_v
        Of the good channels, in V, shape ``(n_channels, n_samples)``.
    channels
        What they are.
    discharges_s
        Of each annotated unit, in seconds.
    """

    samples_v: Samples
    channels: tuple[Channel, ...]
    discharges_s: tuple[FloatArray, ...]

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return self.channels[0].sampling_rate_hz

    @cached_property
    def quiet_v(self) -> tuple[Samples, Samples]:
        """The quiet ends, without their mean."""
        first, last = (round(length * self.rate_hz) for length in QUIET_S)
        ends = self.samples_v[:, :first], self.samples_v[:, -last:]
        return tuple(end - end.mean(axis=1, keepdims=True) for end in ends)

    @cached_property
    def shapes_v(self) -> Samples:
        """The potential of each unit on all channels, in V, shape ``(n_units, n_channels, width)``."""
        half = round(HALF_SHAPE_S * self.rate_hz)
        width, n_samples = 2 * half, self.samples_v.shape[1]
        trains = np.zeros((self.n_units, n_samples + width), np.float32)
        for unit, times in enumerate(self.discharges_s):
            trains[unit, np.rint(times * self.rate_hz).astype(np.int64)] = 1.0
        lagged = np.concatenate([[np.roll(train, lag)[:n_samples] for lag in range(width)] for train in trains])
        gram, right = lagged @ lagged.T, lagged @ np.roll(self.samples_v, half, axis=1).T
        solved = np.linalg.solve(gram + RIDGE * gram.diagonal().mean() * np.eye(gram.shape[0]), right)
        shapes = solved.reshape(self.n_units, width, -1).transpose(0, 2, 1)
        shapes = shapes - np.median(shapes, axis=2, keepdims=True)
        return np.asarray(shapes * signal.windows.tukey(width, TAPER_SHARE), dtype=np.float32)

    @property
    def n_units(self) -> int:
        """Number of annotated units."""
        return len(self.discharges_s)

    def contraction_v(self, hold_s: float) -> tuple[Samples, tuple[float, float]]:
        """Return the recorded contraction with its rise and fall, shortened in between, and when it is active.

        Parameters
        ----------
        hold_s
            How much of what is held is kept, in seconds.
        """
        rate = self.rate_hz
        first, last = min(t[0] for t in self.discharges_s), max(t[-1] for t in self.discharges_s)
        cut, resumed = round((first + hold_s) * rate), round((last - hold_s) * rate)
        head, tail = self.samples_v[:, :cut], self.samples_v[:, resumed:]
        whole = crossfaded(head, tail, round(FADE_S * rate)) if resumed > cut else self.samples_v
        return whole, (QUIET_S[0], whole.shape[1] / rate - QUIET_S[1])

    def noise_v(self, duration_s: float, rng: np.random.Generator) -> Samples:
        """Return noise like that of the quiet ends, in V, shape ``(n_channels, n_samples)``."""
        n_samples = round(duration_s * self.rate_hz)
        step = N_FFT // 2
        n_blocks = n_samples // step + 2
        factor = self.noise_factor
        shape = (*factor.shape[:2], n_blocks)
        drawn = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64) / np.sqrt(2)
        blocks = fft.irfft((factor @ drawn).transpose(1, 2, 0), N_FFT, axis=2)
        blocks *= np.sin(np.pi * (np.arange(N_FFT) + 0.5) / N_FFT).astype(np.float32)  # powers of neighbors add up to 1
        total = np.zeros((factor.shape[1], (n_blocks + 1) * step), np.float32)
        total[:, :-step] += blocks[:, :, :step].reshape(factor.shape[1], -1)
        total[:, step:] += blocks[:, :, step:].reshape(factor.shape[1], -1)
        return total[:, step : step + n_samples] + self._hum(n_samples)

    def _hum(self, n_samples: int) -> Samples:
        amplitude = self._mains[0]
        waves = _mains_waves(n_samples, self.rate_hz)
        return np.asarray(amplitude @ waves, dtype=np.float32)

    @cached_property
    def _mains(self) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
        """Amplitudes of the hum, shape ``(n_channels, n_waves)``, and the quiet ends without it."""
        rests, amplitudes = [], []
        for end in self.quiet_v:
            waves = _mains_waves(end.shape[1], self.rate_hz)
            amplitude = np.linalg.lstsq(waves.T, end.T.astype(np.float64), rcond=None)[0].T
            amplitudes.append(amplitude)
            rests.append(np.asarray(end - amplitude @ waves, dtype=np.float64))
        return np.asarray(amplitudes[-1], dtype=np.float64), (rests[0], rests[1])

    @cached_property
    def noise_factor(self) -> npt.NDArray[np.complex64]:
        """A factor of the cross-spectrum, as what irfft of ``N_FFT`` turns into volts, shape ``(n_bins, n, n)``."""
        window = signal.windows.hann(N_FFT, sym=False)
        window /= np.sqrt(np.mean(window**2))
        stretches = [
            fft.rfft(signal.detrend(rest[:, at : at + N_FFT], axis=1, type="constant") * window, axis=1)
            for rest in self._mains[1]
            for at in range(0, rest.shape[1] - N_FFT + 1, N_FFT // 4)
        ]
        values = np.stack(stretches, axis=2)  # channels, bins, stretches
        cross = np.einsum("ifk,jfk->fij", values, values.conj()) / values.shape[2]
        kernel = np.ones(SMOOTHED) / SMOOTHED
        padded = np.pad(cross, ((SMOOTHED // 2,) * 2, (0, 0), (0, 0)), mode="edge")
        smooth = sum(weight * padded[at : at + cross.shape[0]] for at, weight in enumerate(kernel))
        # each bin keeps its own power; only how channels go together is smoothed
        power = np.sqrt(np.einsum("fii->fi", cross).real / np.einsum("fii->fi", smooth).real)
        smooth = smooth * power[:, :, np.newaxis] * power[:, np.newaxis, :] * (1 - OWN_SHARE)
        smooth += OWN_SHARE * np.einsum("fi,ij->fij", np.einsum("fii->fi", cross).real, np.eye(cross.shape[1]))
        return np.linalg.cholesky(smooth).astype(np.complex64)


def crossfaded(head: Samples, tail: Samples, n_fade: int) -> Samples:
    """Return one stretch after the other, which fade into each other with powers that add up to 1."""
    rise = np.sin(np.pi / 2 * (np.arange(n_fade) + 0.5) / n_fade).astype(np.float32)
    middle = head[:, -n_fade:] * rise[::-1] + tail[:, :n_fade] * rise
    return np.concatenate([head[:, :-n_fade], middle, tail[:, n_fade:]], axis=1)


def _mains_waves(n_samples: int, rate_hz: float) -> FloatArray:
    """Return sines and cosines of the mains and its harmonics, shape ``(n_waves, n_samples)``."""
    turns = 2 * np.pi * np.arange(n_samples) / rate_hz
    harmonics = np.arange(MAINS_HZ, 0.45 * rate_hz, MAINS_HZ)[:, np.newaxis]
    return np.concatenate([np.sin(harmonics * turns), np.cos(harmonics * turns)])


@lru_cache(maxsize=1)
def grid_recording(file: Path | None = None) -> GridRecording | None:
    """Return the real grid recording, or None where it does not lie beside the checkout."""
    file = file or DATA / GRID_FILE
    if not file.exists():
        return None
    recording = read_recording(file)
    emg = recording.of_kind(ChannelKind.EMG)
    samples = np.stack([recording.read(channel.name) for channel in emg]).astype(np.float32)
    quiet = samples[:, : round(QUIET_S[0] * emg[0].sampling_rate_hz)].std(axis=1)
    good = np.flatnonzero((quiet < BAD_CHANNEL * np.median(quiet)) & (quiet > 0))
    by_unit: dict[int, list[float]] = {}
    for note in recording.annotations:
        if named := DISCHARGE.fullmatch(note.text):
            by_unit.setdefault(int(named[1]), []).append(note.start_s)
    return GridRecording(
        samples_v=samples[good],
        channels=tuple(emg[index] for index in good.tolist()),
        discharges_s=tuple(np.array(by_unit[unit]) for unit in sorted(by_unit)),
    )


def standing_out(grid: GridRecording, shape: Samples, taken: FloatArray) -> float:
    """Return how far a known shape stands out of the made noise at best: the ratio that a matched filter reaches.

    Parameters
    ----------
    grid
        Gives the noise.
    shape
        As seen after ``taken``, in V, shape ``(n, width)``.
    taken
        How channels are taken from the grid's, shape ``(n, n_channels)``.
    """
    factor = taken @ grid.noise_factor
    noise = factor @ factor.conj().transpose(0, 2, 1)
    wave = fft.rfft(shape.astype(np.float64), N_FFT, axis=1).T[:, :, np.newaxis]
    power = (wave.conj().transpose(0, 2, 1) @ np.linalg.solve(noise, wave)).real[:, 0, 0]
    # what a recording's own high-pass takes away does not count, and other bins stand for two
    return float(np.sqrt(2 * power[1:-1].sum()))


def likeness(grid: GridRecording, duration_s: float = 60.0) -> Iterator[tuple[str, str, str]]:
    """Give what real and made noise have: a quantity, its value at the quiet ends, and in the made noise."""
    made = grid.noise_v(duration_s, np.random.default_rng(5))
    real = grid.quiet_v
    yield "RMS, middle channel (uV)", *_texts([1e6 * np.median(_joint_rms(x)) for x in (real, (made,))], 1)
    spectra = [
        np.mean([signal.welch(x, grid.rate_hz, nperseg=512)[1].mean(axis=0) for x in xs], axis=0)
        for xs in (real, (made,))
    ]
    frequency = fft.rfftfreq(512, 1 / grid.rate_hz)
    for low, high in ((5, 20), (20, 60), (60, 150), (150, 450), (450, 900)):
        band = (frequency >= low) & (frequency < high)
        yield f"{low}-{high} Hz (nV per root Hz)", *_texts([1e9 * np.sqrt(p[band].mean()) for p in spectra], 0)
    cross = [np.atleast_2d(np.corrcoef(np.concatenate(xs, axis=1))) for xs in (real, (made,))]
    upper = np.triu_indices(len(grid.channels), 1)
    yield "correlation of two channels, mean", *_texts([c[upper].mean() for c in cross], 3)
    off = np.abs(cross[0] - cross[1])[upper]
    yield "difference of correlations, mean and largest", "-", f"{off.mean():.3f}, {off.max():.2f}"
    kurtosis = [np.mean([stats.kurtosis(x, axis=1).mean() for x in xs]) for xs in (real, (made,))]
    yield "excess kurtosis, mean", *_texts(kurtosis, 2)


def _texts(values: Sequence[float], digits: int) -> tuple[str, str]:
    real, made = (f"{value:.{digits}f}" for value in values)
    return real, made


def _joint_rms(ends: tuple[Samples, ...]) -> FloatArray:
    return np.asarray(np.sqrt(np.mean([np.mean(end**2, axis=1) for end in ends], axis=0)), dtype=np.float64)
