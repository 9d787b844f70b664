"""How often the 95 % interval of the rate holds the true rate, over many recordings of all lengths and rates.

The true rate is that of the process that drew the events, not the count that it happened to give. Signals are made
cheaply: potentials of 15 times the RMS of white noise, of five units; so that nearly every event is seen, and what is
tested is the interval. Events come as a Poisson process, or as the forward model's, with doublets, multiplets, echoes
and companions that belong to one fasciculation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.emg.scenes import add_shapes
from scipy.stats import beta
from tests.measure import emg_scenes

from twitchwise.measure import measure_recording
from twitchwise.simulate import Setting, parameters_for
from twitchwise.simulate.ectopic import Fasciculations
from twitchwise.vocabulary.arrays import FloatArray, IntArray

RATE_HZ = 2000.0
NOISE_V, SNR, N_SHAPES = 3e-6, 15.0, 5
RATES_PER_MIN, DURATIONS_S = (0.5, 60.0), (30.0, 600.0)
KINDS = ("Poisson", "forward model, healthy", "forward model, nerve hyperexcitability")
CONDITIONS = {KINDS[1]: "healthy", KINDS[2]: "peripheral_nerve_hyperexcitability"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One recording: its kind, length and true rate, and the interval that was given, if any."""

    kind: str
    duration_s: float
    true_per_min: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the true rate."""
        return self.low <= self.true_per_min <= self.high


def train(kind: str, per_min: float, duration_s: float, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Draw discharges: when, and of which unit."""
    if kind == KINDS[0]:
        times = np.sort(rng.uniform(0, duration_s, rng.poisson(per_min * duration_s / 60)))
        return times, rng.integers(N_SHAPES, size=times.size)
    changes = {"fasciculation_rate_per_min": per_min, "fasciculating_units": float(N_SHAPES)}
    parameters = parameters_for(Setting(condition=CONDITIONS[kind], scene="rest", changes=changes))
    drawn = Fasciculations.of(parameters).draw(duration_s, rng)
    return drawn.time_s, drawn.unit


def signal_v(times_s: FloatArray, unit: IntArray, duration_s: float, rng: np.random.Generator) -> FloatArray:
    """Return one channel that shows the discharges, in V."""
    total = rng.normal(scale=NOISE_V, size=(1, round(duration_s * RATE_HZ))).astype(np.float32)
    half = round(emg_scenes.MUAP_SPAN_S / 2 * RATE_HZ)
    for number in range(N_SHAPES):
        shape = emg_scenes.shape_at(emg_scenes.muap(rng), np.arange(-half, half) / RATE_HZ)[np.newaxis]
        at = np.rint(times_s[unit == number] * RATE_HZ).astype(np.int64)
        add_shapes(total, (SNR * NOISE_V * shape).astype(np.float32), half, at, np.ones(at.size))
    return np.asarray(total[0], dtype=np.float64)


def outcome(kind: str, seed: int) -> Outcome:
    """Make and measure one recording; its rate and length are drawn, too."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    per_min, duration_s = (float(np.exp(rng.uniform(*np.log(ends)))) for ends in (RATES_PER_MIN, DURATIONS_S))
    samples = signal_v(*train(kind, per_min, duration_s, rng), duration_s, rng)
    found = measure_recording(emg_scenes.recording_of(samples, RATE_HZ))
    rates = [one for one in found.measurements if one.id == "fasciculation_rate"]
    low, high = (rates[0].low, rates[0].high) if rates else (None, None)
    return Outcome(
        kind=kind,
        duration_s=duration_s,
        true_per_min=per_min,
        low=np.nan if low is None else float(low),
        high=np.nan if high is None else float(high),
    )


def outcomes(*, is_quick: bool) -> Iterator[Outcome]:
    """Give all outcomes."""
    for kind in KINDS:
        yield from (outcome(kind, seed) for seed in range(30 if is_quick else 300))


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share (Clopper and Pearson 1934)."""
    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    return low, float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
