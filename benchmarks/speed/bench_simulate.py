"""How long the simulator takes beside the usual ways, as ratios measured in one run.

Peers: convolving every motor unit's train of ones and zeros with its waveform (``numpy.convolve``, as most simulators
do), and a loop over discharges in plain Python with the rate-dependent gain of Fuglevand et al. (1993,
doi:10.1152/jn.1993.70.6.2470). Run ``python benchmarks/speed/bench_simulate.py``.
"""

import math
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from twitchwise.simulate import MotorUnit, Saturation, SurfaceElectrode, parameters_for, simulate_condition
from twitchwise.simulate.discharges import Discharges, in_order
from twitchwise.simulate.motor_unit import draw_motor_units
from twitchwise.simulate.sensors import ForceSensor, SurfaceEmg

FloatArray = npt.NDArray[np.float64]

RATE_HZ = 2048.0
REPEATS = 3
SILENT = SurfaceElectrode(noise_rms_v=0.0)


def fastest(work: Callable[[], FloatArray]) -> tuple[float, FloatArray]:
    """Return the shortest of several wall times in seconds, and the result."""
    best, result = math.inf, np.empty(0)
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def at_rest(duration_s: float) -> tuple[tuple[MotorUnit, ...], Discharges]:
    """Draw nine units that fasciculate 17 times a minute between them."""
    generator = np.random.default_rng(1)
    units = draw_motor_units(parameters_for("healthy"), 9, generator)
    n = round(17.4 * duration_s / 60)
    times = generator.uniform(0.0, duration_s - 1.0, n)
    return units, in_order(times, generator.integers(0, 9, n), np.arange(n))


def contracting(duration_s: float) -> tuple[tuple[MotorUnit, ...], Discharges]:
    """Draw a hundred units that discharge some eighteen times a second, as in a strong contraction."""
    generator = np.random.default_rng(2)
    units = draw_motor_units(parameters_for("healthy"), 100, generator)
    trains = [np.arange(generator.uniform(0.0, 0.05), duration_s, 1 / generator.uniform(12.0, 24.0)) for _ in units]
    numbers = np.repeat(np.arange(100), [train.size for train in trains])
    times = np.concatenate(trains)
    return units, in_order(times, numbers, np.arange(times.size))


def convolved(train: Discharges, waveforms: list[FloatArray], n_samples: int, before: int = 0) -> FloatArray:
    """Peer: ones and zeros convolved with each unit's waveform."""
    total = np.zeros(n_samples)
    for number, waveform in enumerate(waveforms):
        ones = np.zeros(n_samples)
        np.add.at(ones, np.rint(train.times_of(number) * RATE_HZ).astype(np.int64) % n_samples, 1.0)
        total += np.convolve(ones, waveform)[before : before + n_samples]
    return total


def looped(train: Discharges, units: tuple[MotorUnit, ...], n_samples: int) -> FloatArray:
    """Peer: one critically damped twitch after another, each with the gain of its preceding interval."""
    total = np.zeros(n_samples)
    for number, unit in enumerate(units):
        twitch, previous = unit.twitch, -math.inf
        time_s = np.arange(round(0.8 * RATE_HZ)) / RATE_HZ / twitch.contraction_time_s
        shape = twitch.peak_force_n * time_s * np.exp(1 - time_s)
        for at in train.times_of(number).tolist():
            ratio = twitch.contraction_time_s / (at - previous)
            gain = 1.0 if ratio < 0.4 else (1 - math.exp(-2 * ratio**3)) / ratio / ((1 - math.exp(-2 * 0.4**3)) / 0.4)
            first = round(at * RATE_HZ)
            piece = total[first : first + shape.size]
            piece += gain * shape[: piece.size]
            previous = at
    return total


def compare(name: str, units: tuple[MotorUnit, ...], train: Discharges, duration_s: float) -> None:
    """Print how the simulator compares with its peers on one load."""
    n_samples = round(duration_s * RATE_HZ)
    saturation = Saturation(twitch_tetanus_ratio=0.3, exponent=1.835)
    before = math.ceil(-min(unit.potential.span_s[0] for unit in units) * RATE_HZ)
    length = math.ceil(max(unit.potential.span_s[1] for unit in units) * RATE_HZ)
    potentials = [unit.potential.voltage_v(np.arange(-before, length) / RATE_HZ) for unit in units]
    twitches = [unit.twitch.force_n(np.arange(0.0, 0.8, 1 / RATE_HZ)) for unit in units]
    ours, emg = fastest(
        lambda: SurfaceEmg(units, train, electrode=SILENT, sampling_rate_hz=RATE_HZ, seed=0).samples(0, n_samples)
    )
    theirs, dense = fastest(lambda: convolved(train, potentials, n_samples, before))
    print(f"{name}: {len(units)} units, {len(train)} discharges, {duration_s:g} s at {RATE_HZ:g} Hz")
    differs = np.abs(emg - dense).max() / np.abs(emg).max()
    print(f"  EMG    {ours * 1e3:8.1f} ms;  convolution {theirs / ours:6.1f} x as long", end="")
    print(f"  (differs by up to {differs:.0%} of the peak: the peer rounds to samples)")
    ours, _ = fastest(
        lambda: ForceSensor(units, train, saturation=saturation, sampling_rate_hz=RATE_HZ).samples(0, n_samples)
    )
    theirs, _ = fastest(lambda: convolved(train, twitches, n_samples))
    loop, _ = fastest(lambda: looped(train, units, n_samples))
    print(f"  force  {ours * 1e3:8.1f} ms;  convolution {theirs / ours:6.1f} x as long", end="")
    print(f", Fuglevand loop {loop / ours:.2f} x as long")


def whole(condition: str, duration_s: float) -> None:
    """Print how much faster than real time a whole simulation is, with truth, noise, EMG and force."""

    def work() -> FloatArray:
        recording = simulate_condition(condition, duration_s=duration_s, seed=1).recording
        sizes = [samples.size for name in ("EMG", "Force") for _, samples in recording.blocks(name, block_s=30.0)]
        return np.array(sizes, dtype=np.float64)

    wall_s, _ = fastest(work)
    print(f"{condition}, {duration_s:g} s, all of it: {wall_s:.2f} s, {duration_s / wall_s:.0f} times real time")


def main() -> None:
    """Compare on a muscle at rest and on a strong contraction, then time whole simulations."""
    compare("at rest", *at_rest(120.0), 120.0)
    compare("contracting", *contracting(10.0), 10.0)
    whole("amyotrophic_lateral_sclerosis", 3600.0)
    whole("parkinson_disease", 3600.0)


if __name__ == "__main__":
    main()
