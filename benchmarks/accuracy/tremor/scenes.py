"""Rendered recordings of an accelerometer and a gyroscope on a wrist, with and without tremor, whose truth is known."""

from collections.abc import Callable, Mapping

import numpy as np

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 100.0
GRAVITY_MPS2 = 9.80665
ARM_M = 0.25
Movement = Callable[[np.random.Generator, int], FloatArray]
"""Gives linear acceleration in m/s2, shape ``(3, n)``, of so many samples."""


def recording(acceleration: FloatArray | None, turning: FloatArray | None, name: str = "scene") -> Recording:
    """Return a recording of either sensor or both, each of shape ``(3, n)``."""
    channels, rows = list[Channel](), list[FloatArray]()
    given = (
        ("Accelerometer", acceleration, ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
        ("Gyroscope", turning, ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND),
    )
    for sensor, samples, kind, unit in given:
        for axis, row in zip("xyz", () if samples is None else samples, strict=False):
            channels.append(
                Channel(
                    name=f"{sensor} {axis}",
                    kind=kind,
                    unit=unit,
                    sampling_rate_hz=RATE_HZ,
                    n_samples=row.size,
                    array=sensor,
                )
            )
            rows.append(row)
    return Recording(name=name, format="rendered", channels=tuple(channels), source=ArraySource(rows))


def sensed(linear: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return what a phone's sensors show of a movement: gravity, the turning that goes with it, noise, whole steps."""
    n_samples = linear.shape[1]
    angle = _integrated(linear, 2) / ARM_M
    drift = np.cumsum(rng.normal(scale=2e-4, size=(3, n_samples)), axis=1)
    tilt = np.clip(angle + drift, -0.6, 0.6)
    up = np.stack([np.sin(tilt[0]), np.sin(tilt[1]), np.sqrt(np.maximum(1 - np.sin(tilt[:2]) ** 2, 0).prod(axis=0))])
    acceleration = linear + GRAVITY_MPS2 * up + rng.normal(scale=0.015, size=linear.shape)
    turning = _integrated(linear, 1) / ARM_M + rng.normal(scale=2e-3, size=linear.shape) + rng.normal(0, 5e-3, (3, 1))
    return np.round(acceleration / 2.4e-3) * 2.4e-3, np.round(turning / 1e-3) * 1e-3


def _integrated(rows: FloatArray, times: int) -> FloatArray:
    spectrum = np.fft.rfft(rows, axis=1)
    frequency = np.fft.rfftfreq(rows.shape[1], 1 / RATE_HZ)
    spectrum[:, frequency < 0.2] = 0
    spectrum /= (2j * np.pi * np.maximum(frequency, 0.2)) ** times
    integrated: FloatArray = np.fft.irfft(spectrum, n=rows.shape[1], axis=1)
    return integrated


def colored(rng: np.random.Generator, n_samples: int, slope: float, rms: float) -> FloatArray:
    """Return Gaussian noise whose power falls with frequency to the power of ``slope``, on three axes."""
    spectrum = np.fft.rfft(rng.normal(size=(3, n_samples)), axis=1)
    spectrum *= np.maximum(np.fft.rfftfreq(n_samples, 1 / RATE_HZ), 0.3) ** (-slope / 2)
    noise = np.fft.irfft(spectrum, n=n_samples, axis=1)
    scaled: FloatArray = noise * rms / noise.std()
    return scaled


def direction(rng: np.random.Generator) -> FloatArray:
    """Return a random direction, shape ``(3, 1)``."""
    arrow = rng.normal(size=(3, 1))
    unit: FloatArray = arrow / np.linalg.norm(arrow)
    return unit


def _rung(rng: np.random.Generator, n_samples: int, times_s: FloatArray, size: float, ring_hz: float) -> FloatArray:
    """Return impulses at times, each of random size and direction, that ring and die away."""
    after = np.arange(0, 0.5, 1 / RATE_HZ)
    answer = np.exp(-after / rng.uniform(0.02, 0.06)) * np.cos(2 * np.pi * ring_hz * after)
    train = np.zeros((3, n_samples))
    way = direction(rng)[:, 0]
    for time_s in times_s:
        train[:, min(round(time_s * RATE_HZ), n_samples - 1)] += (
            size * rng.uniform(0.6, 1.4) * (way + rng.normal(0, 0.2, 3))
        )
    rung: FloatArray = np.stack([np.convolve(row, answer)[:n_samples] for row in train])
    return rung


def _cycles(rng: np.random.Generator, duration_s: float, rate_hz: float, spread: float) -> FloatArray:
    number = int(2 * duration_s * rate_hz) + 2
    times = np.cumsum(np.maximum(rng.normal(1 / rate_hz, spread / rate_hz, number), 0.2 / rate_hz))
    kept: FloatArray = times[times < duration_s]
    return kept


def still(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return a sensor that lies on a table."""
    return colored(rng, n_samples, 0.0, 1e-3)


def restless(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return movement without any rhythm: colored noise of any slope and size."""
    return colored(rng, n_samples, rng.uniform(0, 4), np.exp(rng.uniform(np.log(0.05), np.log(5))))


def walking(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return steps that hit the ground, and an arm that swings at half their rate."""
    rate, duration = rng.uniform(1.4, 2.3), n_samples / RATE_HZ
    steps = _rung(rng, n_samples, _cycles(rng, duration, rate, 0.03), rng.uniform(1, 6), rng.uniform(6, 16))
    time_s = np.arange(n_samples) / RATE_HZ
    swing = direction(rng) * rng.uniform(0.5, 3) * np.sin(np.pi * rate * time_s + 0.3 * np.sin(0.5 * time_s))
    return steps + swing + colored(rng, n_samples, 1.5, rng.uniform(0.1, 0.5))


def typing(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return keys struck at irregular times, in bouts."""
    times = np.cumsum(rng.gamma(3.0, 1 / 3 / rng.uniform(3, 8), int(10 * n_samples / RATE_HZ)))
    times = times[(times < n_samples / RATE_HZ) & (np.sin(times / 5) > -0.5)]
    return _rung(rng, n_samples, times, rng.uniform(0.3, 1.5), rng.uniform(8, 20)) + colored(rng, n_samples, 2, 0.05)


def reaching(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return the arm's movements of a day: bell-shaped strokes of any length and direction, at any time."""
    path = np.zeros((3, n_samples))
    for _ in range(int(n_samples / RATE_HZ)):
        length = int(rng.uniform(0.25, 1.5) * RATE_HZ)
        first = int(rng.integers(0, max(n_samples - length, 1)))
        part = np.linspace(0, 1, length)
        stroke = 10 * part**3 - 15 * part**4 + 6 * part**5
        path[:, first : first + length] += direction(rng) * rng.uniform(0.02, 0.4) * stroke
    acceleration = np.gradient(np.gradient(path, 1 / RATE_HZ, axis=1), 1 / RATE_HZ, axis=1)
    kept: FloatArray = np.clip(acceleration, -15, 15) + colored(rng, n_samples, 2, 0.1)
    return kept


def driving(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return a car's shaking: a broad resonance, bumps, and an engine."""
    noise = colored(rng, n_samples, 0.5, 1.0)
    frequency = np.fft.rfftfreq(n_samples, 1 / RATE_HZ)
    middle, quality = rng.uniform(8, 16), rng.uniform(1.5, 3)
    gain = 1 / np.sqrt((1 - (frequency / middle) ** 2) ** 2 + (frequency / middle / quality) ** 2)
    shaken = np.fft.irfft(np.fft.rfft(noise, axis=1) * gain, n=n_samples, axis=1)
    engine = 0.1 * direction(rng) * np.sin(2 * np.pi * rng.uniform(20, 30) * np.arange(n_samples) / RATE_HZ)
    bumps = _rung(rng, n_samples, np.sort(rng.uniform(0, n_samples / RATE_HZ, n_samples // 500)), 3.0, 2.0)
    rendered: FloatArray = rng.uniform(0.2, 1.0) * shaken + engine + bumps
    return rendered


def jerking(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return single jerks that ring at the limb's own rate."""
    times = np.sort(rng.uniform(0, n_samples / RATE_HZ, int(n_samples / RATE_HZ / rng.uniform(1.5, 8))))
    return _rung(rng, n_samples, times, rng.uniform(1, 6), rng.uniform(5, 10)) + colored(rng, n_samples, 1, 0.03)


def machine(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return a motor that never varies."""
    turn = 2 * np.pi * rng.uniform(9, 17) * np.arange(n_samples) / RATE_HZ
    rendered: FloatArray = direction(rng) * rng.uniform(0.3, 3) * np.sin(turn) + colored(rng, n_samples, 1, 0.03)
    return rendered


def stroking(rng: np.random.Generator, n_samples: int) -> FloatArray:
    """Return teeth being brushed: strokes of a willed rhythm, whose direction changes from place to place."""
    duration = n_samples / RATE_HZ
    time_s, rendered = np.arange(n_samples) / RATE_HZ, np.zeros((3, n_samples))
    cycles = _cycles(rng, duration, rng.uniform(2.8, 5), 0.08)
    phase = 2 * np.pi * np.interp(time_s, cycles, np.arange(cycles.size))
    for first in np.arange(0, duration, rng.uniform(4, 10)):
        rendered[:, int(first * RATE_HZ) :] = direction(rng) * rng.uniform(3, 9) * np.sin(phase[int(first * RATE_HZ) :])
    return rendered + colored(rng, n_samples, 2, 1.0)


def tremor(
    rng: np.random.Generator, n_samples: int, rate_hz: float, amplitude: float, *, spread: float = 0.04
) -> FloatArray:
    """Return a tremor that waxes, whose cycles vary, and that has a second harmonic, along one direction."""
    cycles = _cycles(rng, n_samples / RATE_HZ + 1, rate_hz, spread)
    phase = 2 * np.pi * np.interp(np.arange(n_samples) / RATE_HZ, cycles, np.arange(cycles.size))
    knots = np.arange(0, n_samples + _WAXES_OVER, _WAXES_OVER)
    slow = np.exp(0.3 * np.interp(np.arange(n_samples), knots, rng.normal(size=knots.size)))
    wave = np.sin(phase) + 0.15 * np.sin(2 * phase + 1)
    rendered: FloatArray = direction(rng) * amplitude * slow * wave
    return rendered


_WAXES_OVER = 200  # samples: two seconds


WITHOUT: Mapping[str, Movement] = {
    "stillness": still,
    "movement without a rhythm": restless,
    "walking": walking,
    "typing": typing,
    "reaching": reaching,
    "driving": driving,
    "single jerks": jerking,
    "a motor": machine,
}
"""Scenes without a tremor."""
