"""Small noise-whitened traces with units whose discharges are known."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.units.trace import Trace

RATE_HZ = 2000.0
# Phases of potentials: place in samples from the middle, size, width in samples.
_PHASES = (
    ((-2, 1.0, 1.6), (3, -0.9, 2.2)),
    ((-5, 0.4, 2.0), (0, -1.0, 1.3), (5, 0.6, 2.5)),
    ((-4, -0.7, 1.4), (0, 1.0, 1.4), (4, -0.8, 1.4), (8, 0.4, 2.0)),
    ((-1, 1.0, 3.0), (7, -0.3, 3.0)),
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A trace and what was put in: times in s, units from 0, and the shapes that were added."""

    trace: Trace
    time_s: np.ndarray
    unit: np.ndarray


def shape(kind: int, n_components: int = 1) -> np.ndarray:
    """Return one of several potentials of norm 1, 41 samples long, weaker from component to component."""
    x = np.arange(-20, 21)
    phases = _PHASES[kind % len(_PHASES)]
    wave = sum(size * np.exp(-((x - at) ** 2) / (2 * width**2)) for at, size, width in phases)
    fall = np.roll(np.linspace(1.0, 0.2, n_components), kind)
    return np.asarray(np.outer(fall, wave) / np.linalg.norm(np.outer(fall, wave)), dtype=np.float32)


def place(samples: np.ndarray, kind: int, at: float, size: float) -> None:
    """Add a potential with its middle at a place with a fraction."""
    middle = round(at)
    padded = np.pad(shape(kind, samples.shape[0]), ((0, 0), (3, 4)))
    n = padded.shape[1]
    turn = np.exp(-2j * np.pi * (at - middle) * np.fft.rfftfreq(n))
    samples[:, middle - 23 : middle - 23 + n] += size * np.fft.irfft(np.fft.rfft(padded, axis=1) * turn, n, axis=1)


def trace_of(samples: np.ndarray, rate_hz: float = RATE_HZ) -> Trace:
    usable = np.ones(samples.shape[1], dtype=np.bool_)
    return Trace(samples=samples.astype(np.float32), sampling_rate_hz=rate_hz, usable=usable)


def made(
    seconds: float, rates_hz: list[float], sizes: list[float], *, regular: bool, n_components: int = 1, seed: int = 1
) -> Known:
    """Return a trace with units that discharge regularly, with a fifth of spread, or at random."""
    rng = np.random.default_rng(seed)
    samples = rng.standard_normal((n_components, int(seconds * RATE_HZ)), dtype=np.float32)
    times, units = list[float](), list[int]()
    for kind, (rate, size) in enumerate(zip(rates_hz, sizes, strict=True)):
        at = 0.1 + rng.uniform(0, 1 / rate)
        while at < seconds - 0.1:
            place(samples, kind, at * RATE_HZ, size)
            times.append(at)
            units.append(kind)
            at += max(0.01, rng.normal(1 / rate, 0.2 / rate)) if regular else 0.06 + rng.exponential(1 / rate)
    order = np.argsort(times)
    return Known(trace=trace_of(samples), time_s=np.array(times)[order], unit=np.array(units)[order])


def hits(found_s: np.ndarray, true_s: np.ndarray, within_s: float = 0.0015) -> list[tuple[int, int]]:
    """Return pairs of found and true times, nearest first, each used once."""
    pairs = sorted(
        (abs(found_s[one] - moment), one, other)
        for other, moment in enumerate(true_s)
        for one in range(*np.searchsorted(found_s, [moment - within_s, moment + within_s]))
    )
    used_found, used_true, out = set[int](), set[int](), list[tuple[int, int]]()
    for _, one, other in pairs:
        if one not in used_found and other not in used_true:
            used_found.add(one)
            used_true.add(other)
            out.append((one, other))
    return out
