"""Simulated needle recordings of contractions with overlapping potentials, every discharge known.

Places of the needle, drives and noises were chosen so that a plain threshold of three sigma finds three quarters of the
discharges and is right in seven of eight, as on an annotated recording of the kind. A unit whose potential, averaged
over the noiseless recording, is smaller than four times the noise is not asked for. A discharge is timed by the peak of
its unit's average. Found times must lie within 1.5 ms, as they are or after one offset for each found unit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from benchmarks.accuracy.emg.scenes import Scene, Truth, channels_of

from twitchwise.simulate import Apparatus, ConcentricNeedle, Setting, Simulation, simulate_condition
from twitchwise.vocabulary import Electrode
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 10_000.0
TOLERANCE_S = 0.0015
DURATION_S = 20.0
LEAST_SNR = 4.0
AVERAGED_S = (0.002, 0.02)  # before and after a discharge
CLEAN = {"surface_emg_noise_rms": 0.0, "mains_amplitude": 0.0}


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """Where a needle stands, how strongly the muscle contracts, and how noisy the recording is."""

    seed: int
    depth_m: float
    drive: float
    noise_v: float


INSERTIONS = (
    Insertion(seed=5, depth_m=0.016, drive=0.05, noise_v=20e-6),
    Insertion(seed=6, depth_m=0.012, drive=0.08, noise_v=20e-6),
    Insertion(seed=9, depth_m=0.016, drive=0.08, noise_v=40e-6),
    Insertion(seed=12, depth_m=0.012, drive=0.08, noise_v=20e-6),
    Insertion(seed=13, depth_m=0.012, drive=0.05, noise_v=20e-6),
)


@lru_cache(maxsize=4)
def _simulated(seed: int, depth_m: float, drive: float) -> tuple[Simulation, FloatArray]:
    changes = {**CLEAN, "voluntary_drive": drive, "voluntary_ramp_time": 1.0}
    simulation = simulate_condition(
        Setting(condition="healthy_contraction", muscle="tibialis_anterior", changes=changes),
        duration_s=DURATION_S,
        seed=seed,
        apparatus=Apparatus(electrodes=ConcentricNeedle(depth_m=depth_m), sampling_rate_hz=RATE_HZ),
    )
    return simulation, simulation.recording.read("EMG")


def averages_v(samples_v: FloatArray, trains_s: dict[int, FloatArray]) -> dict[int, FloatArray]:
    """Return each unit's potential: the median over its discharges, which overlaps move little."""
    before, after = (round(length * RATE_HZ) for length in AVERAGED_S)
    shapes = {}
    for unit, times in trains_s.items():
        at = np.rint(times * RATE_HZ).astype(np.int64)
        at = at[(at >= before) & (at < samples_v.size - after)]
        if at.size:
            shapes[unit] = np.median(samples_v[at[:, np.newaxis] + np.arange(-before, after)], axis=0)
    return shapes


def scene_of(insertion: Insertion, name: str = "needle") -> Scene:
    """Return the scene of an insertion."""
    simulation, clean_v = _simulated(insertion.seed, insertion.depth_m, insertion.drive)
    table = simulation.discharges
    trains = {int(unit): table.time_s[table.motor_unit == unit] for unit in np.unique(table.motor_unit)}
    shapes = averages_v(clean_v, trains)
    visible = [unit for unit, shape in shapes.items() if np.abs(shape).max() >= LEAST_SNR * insertion.noise_v]
    late_s = {unit: (np.abs(shapes[unit]).argmax() / RATE_HZ) - AVERAGED_S[0] for unit in visible}
    times = np.concatenate([np.empty(0), *(trains[unit] + late_s[unit] for unit in visible)])
    units = np.repeat(np.arange(1, len(visible) + 1), [trains[unit].size for unit in visible])
    noise = np.random.default_rng([insertion.seed, 77]).normal(scale=insertion.noise_v, size=clean_v.size)
    return Scene(
        name=name,
        samples_v=(clean_v + noise).astype(np.float32)[np.newaxis],
        channels=channels_of(["EMG"], clean_v.size, RATE_HZ, electrode=Electrode.NEEDLE),
        truth=Truth.at(times, units),
        tolerance_s=TOLERANCE_S,
        wants_discharges=True,
    )


def all_scenes(*, is_quick: bool) -> Iterator[tuple[str, Scene]]:
    """Give all scenes, each with the name of its table."""
    for number, insertion in enumerate(INSERTIONS[: 2 if is_quick else None], start=1):
        yield "needle", replace(scene_of(insertion), name=f"insertion {number}")
