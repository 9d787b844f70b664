"""How far the rate moves with choices that are made before measuring: filters, sampling rate, notch, resolution.

Each choice is changed alone, from a usual one (10 to 500 Hz, 2000 Hz, no notch, 16 bits), on the same recordings. The
published detector's rate went from 27 to 71 a minute with the way in which voluntary activity was excluded (Bashford
et al. 2020, Clinical Neurophysiology 131:265).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.accuracy.emg import semi_real, simulated
from benchmarks.accuracy.emg.grid_recording import grid_recording
from benchmarks.accuracy.emg.methods import PLAIN, RECIPE, THRESHOLDS, Method
from benchmarks.accuracy.emg.scenes import Scene, one_channel
from scipy import signal

from twitchwise.measure import measure_recording
from twitchwise.vocabulary import TwitchwiseError
from twitchwise.vocabulary.arrays import FloatArray

RANGE_V = 3.2e-3  # of the converter, on either side
NOISE_V = 3e-6  # RMS of a good contact, that simulated recordings are scaled to: the converter's step is given in V
OTHERS: tuple[Method, ...] = (THRESHOLDS[2], PLAIN, RECIPE)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is done to a recording before it is measured; ``None`` leaves it."""

    name: str
    high_pass_hz: float = 10.0
    low_pass_hz: float = 500.0
    rate_hz: float = 2000.0
    notch_hz: float | None = None
    bits: int = 16


USUAL = Choice(name="10 to 500 Hz, 2000 Hz, 16 bits")
CHOICES = (
    USUAL,
    *(replace(USUAL, name=f"high-pass at {hz:g} Hz", high_pass_hz=hz) for hz in (5.0, 20.0, 30.0)),
    *(replace(USUAL, name=f"low-pass at {hz:g} Hz", low_pass_hz=hz) for hz in (350.0, 450.0)),
    *(
        replace(USUAL, name=f"{hz:g} Hz", rate_hz=hz, low_pass_hz=min(500.0, 0.4 * hz))
        for hz in (1000.0, 2048.0, 4000.0)
    ),
    *(replace(USUAL, name=f"notch at {hz:g} Hz", notch_hz=hz) for hz in (50.0, 60.0)),
    *(replace(USUAL, name=f"{bits} bits", bits=bits) for bits in (12, 24)),
)


def prepared(scene: Scene, choice: Choice) -> Scene:
    """Return the clearest channel of a scene after a choice."""
    samples, rate = scene.clear_v, scene.sampling_rate_hz
    sections = signal.butter(2, choice.high_pass_hz, btype="highpass", fs=rate, output="sos")
    samples = signal.sosfilt(sections, samples)
    if choice.low_pass_hz < 0.49 * rate:
        samples = signal.sosfilt(signal.butter(4, choice.low_pass_hz, fs=rate, output="sos"), samples)
    if choice.notch_hz is not None:
        samples = signal.lfilter(*signal.iirnotch(choice.notch_hz, 30.0, fs=rate), samples)
    samples = signal.resample_poly(samples, round(choice.rate_hz), round(rate))
    step = 2 * RANGE_V / 2**choice.bits
    quantized = step * np.round(np.clip(samples, -RANGE_V, RANGE_V) / step)
    return one_channel(scene.name, quantized, choice.rate_hz, scene.truth)


def rate_per_min(scene: Scene) -> float:
    """Return the rate that the package measures, NaN where it gives none."""
    try:
        found = measure_recording(scene.recording)
    except TwitchwiseError:
        return float("nan")
    rates = [one.value for one in found.measurements if one.id == "fasciculation_rate"]
    return float(max(rates)) if rates else float("nan")


def found_per_min(method: Method, scene: Scene) -> float:
    """Return how many events a method finds in a minute of the whole recording."""
    return method.find(scene).time_s.size / (scene.duration_s / 60)


def recordings(*, is_quick: bool) -> Iterator[Scene]:
    """Give the recordings: simulated and semi-real ones, with fasciculations of their own sizes."""
    seeds = (21,) if is_quick else (21, 22, 23)
    duration_s = 120.0 if is_quick else 240.0
    for seed in seeds:
        changes = ((simulated.RATE, 30.0), simulated.SIX)
        one = simulated.clean(simulated.CONDITION, duration_s, seed, changes=changes)
        noise_v = simulated.for_middle(one, 12.0)
        scene = simulated.noisy(f"simulated, seed {seed}", one, noise_v, seed)
        made_v = min(noise_v, simulated.MOST_NOISE_V)  # louder noise is made smaller with its signal
        yield replace(scene, samples_v=scene.samples_v * np.float32(NOISE_V / made_v))
    grid = grid_recording()
    if grid is not None:
        for seed in seeds:
            plan = semi_real.Plan(
                name=f"semi-real, two electrodes, seed {seed}",
                peaks_v=(30e-6, 200e-6),
                rate_per_min=30.0,
                montage="bipolar",
                bursts=2,
                duration_s=duration_s,
                seed=seed,
            )
            yield semi_real.made(plan, grid)


def deviations(rates: FloatArray) -> FloatArray:
    """Return how far each rate lies from the median, as a share of it; one that was not given lies infinitely far."""
    middle = np.nanmedian(rates)
    return np.where(np.isnan(rates), np.inf, np.abs(rates / middle - 1)) if middle > 0 else np.full(rates.size, np.nan)
