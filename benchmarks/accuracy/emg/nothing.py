"""Recordings in which nothing is to be found: noise, disturbances, contractions, and real recordings without rest.

Every event found is a false alarm, and hours are those of the whole recording. The real files have no annotation;
nobody marked a fasciculation in them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from benchmarks.accuracy.emg.grid_recording import DATA, crossfaded, grid_recording
from benchmarks.accuracy.emg.scenes import Samples, Scene, Truth, one_channel
from benchmarks.accuracy.emg.simulated import contraction_alone_v

from twitchwise.formats import read_recording
from twitchwise.vocabulary import ChannelKind, TwitchwiseError
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2000.0
NOISE_V = 3e-6
REAL_FILES = (
    "biosppy_emg.txt",
    "emg_1000_hz_16_bits.h5",
    "emg_bursts.h5",
    "physionet_emgdb/emg_healthy.hea",
    "physionet_emgdb/emg_myopathy.hea",
    "physionet_emgdb/emg_neuropathy.hea",
)
Maker = Callable[[int, np.random.Generator], FloatArray]


def white(n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Return white noise, in V."""
    return np.asarray(rng.normal(scale=NOISE_V, size=n_samples), dtype=np.float64)


def with_mains(n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Return noise with hum of ten times its size whose frequency and size wander, and two harmonics."""
    step_s = 10.0
    times = np.arange(n_samples) / RATE_HZ
    knots = np.arange(0.0, times[-1] + 2 * step_s, step_s)
    hz = 50 + 0.03 * np.interp(times, knots, rng.standard_normal(knots.size))
    size = 1 + 0.1 * np.interp(times, knots, rng.standard_normal(knots.size))
    phase = 2 * np.pi * np.cumsum(hz) / RATE_HZ
    hum = sum(np.sin(n * phase + n) / n for n in (1, 3, 5))
    return np.asarray(white(n_samples, rng) + 10 * NOISE_V * size * hum, dtype=np.float64)


def with_heart(n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Return noise with the electrocardiogram of 30 times its size: QRS and T, at 70 a minute, which vary."""
    total = white(n_samples, rng)
    times = np.arange(round(-0.1 * RATE_HZ), round(0.4 * RATE_HZ)) / RATE_HZ
    wave = np.exp(-((times / 0.01) ** 2)) - 0.3 * np.exp(-(((times - 0.025) / 0.012) ** 2))
    wave += 0.2 * np.exp(-(((times - 0.25) / 0.04) ** 2))
    beats = np.cumsum(60 / 70 * (1 + 0.04 * rng.standard_normal(int(2 * n_samples / RATE_HZ))))
    for at in np.rint(beats * RATE_HZ).astype(np.int64):
        if times.size < at < n_samples - times.size:
            total[at : at + times.size] += 30 * NOISE_V * wave
    return total


def with_movement(n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Return noise with three movements of the electrode a minute: steps that decay, and slow swings, up to 1 mV."""
    total = white(n_samples, rng)
    for at in rng.integers(0, n_samples, int(3 * n_samples / RATE_HZ / 60)).tolist():
        length = min(round(rng.uniform(0.5, 2.0) * RATE_HZ), n_samples - at)
        times = np.arange(length) / RATE_HZ
        size = np.exp(rng.uniform(np.log(5e-5), np.log(1e-3))) * rng.choice((-1, 1))
        rise = 1 - np.exp(-times / rng.uniform(0.002, 0.02))
        swing = np.sin(2 * np.pi * rng.uniform(1, 8) * times) if rng.random() < 0.5 else 1.0
        total[at : at + length] += size * rise * swing * np.exp(-times / rng.uniform(0.1, 0.4))
    return total


def with_contact_lost(n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Return noise whose contact is lost twice a minute: flat, at the amplifier's limit, or humming for a second."""
    total = white(n_samples, rng)
    for number, at in enumerate(rng.integers(0, n_samples, int(2 * n_samples / RATE_HZ / 60)).tolist()):
        length = min(round(rng.uniform(0.3, 2.0) * RATE_HZ), n_samples - at)
        loud = 2e-4 * np.sin(2 * np.pi * 50 * np.arange(length) / RATE_HZ)
        total[at : at + length] = (0.0, 3e-3, loud)[number % 3]
    return total


MADE: dict[str, Maker] = {
    "white noise": white,
    "mains hum of ten times the noise": with_mains,
    "heartbeat of 30 times the noise": with_heart,
    "movement of the electrode": with_movement,
    "contact lost": with_contact_lost,
}


def contractions(duration_s: float, seed: int) -> Iterator[Scene]:
    """Give noise with simulated contractions, strong or weak, and noise and contractions of the real grid recording."""
    for drive, word in ((0.2, "strong"), (0.03, "weak")):
        effort = contraction_alone_v(drive, seed)[0]
        step = round(20.0 * 2048)
        total = np.random.default_rng(seed).normal(scale=NOISE_V, size=round(duration_s * 2048)).astype(np.float32)
        for at in range(step // 2, total.size - effort.size, step):
            total[at : at + effort.size] += effort
        yield one_channel(f"simulated contractions, {word}", total, 2048.0, Truth())


def real_noise(duration_s: float, seed: int) -> Iterator[Scene]:
    """Give noise like that of the real grid recording, of one channel and of all, and with its contractions."""
    grid = grid_recording()
    if grid is None:
        return
    noise = grid.noise_v(duration_s, np.random.default_rng([seed, 1]))
    yield one_channel("noise like the real one", noise[0], grid.rate_hz, Truth())
    yield one_channel("noise like the real one, two electrodes", noise[0] - noise[1], grid.rate_hz, Truth())
    all_of_it = one_channel("noise like the real one, all channels", noise[0], grid.rate_hz, Truth())
    channels = tuple(replace(one, n_samples=noise.shape[1], array=one.array or "grid") for one in grid.channels)
    yield replace(all_of_it, samples_v=noise, channels=channels)
    total: Samples = noise[:2, : round(20 * grid.rate_hz)]
    n_fade = round(0.1 * grid.rate_hz)
    while total.shape[1] < duration_s * grid.rate_hz:
        total = crossfaded(total, grid.contraction_v(2.0)[0][:2], n_fade)
        total = crossfaded(total, noise[:2, : round(15 * grid.rate_hz)], n_fade)
    yield one_channel("real contractions", total[0], grid.rate_hz, Truth())
    yield one_channel("real contractions, two electrodes", total[0] - total[1], grid.rate_hz, Truth())


def real_files() -> Iterator[Scene]:
    """Give each EMG channel of the real files that lie beside the checkout."""
    for name in REAL_FILES:
        file = DATA / name
        if not file.exists():
            continue
        try:
            recording = read_recording(file)
        except TwitchwiseError:
            continue
        for channel in recording.of_kind(ChannelKind.EMG) or recording.channels[:1]:
            samples = recording.read(channel.name).astype(np.float32)[np.newaxis]
            yield Scene(name=f"real: {file.name}", samples_v=samples, channels=(channel,), truth=Truth())


def all_scenes(*, is_quick: bool) -> Iterator[tuple[str, Scene]]:
    """Give all scenes, each with the name of its table."""
    hours = 1 if is_quick else 4
    piece_s = 900.0 if is_quick else 3600.0
    for name, maker in MADE.items():
        for seed in range(hours if name == "white noise" else 1):
            length_s = piece_s if name == "white noise" else piece_s / 4
            samples = maker(round(length_s * RATE_HZ), np.random.default_rng([seed, len(name)]))
            yield "nothing to find", one_channel(name, samples, RATE_HZ, Truth())
    duration_s = 60.0 if is_quick else 600.0
    for scenes in (contractions(duration_s, 5), real_noise(duration_s, 5), real_files()):
        yield from (("nothing to find", scene) for scene in scenes)
