"""The detector finds what was put in: a small table with fixed seeds; the large one is in the benchmarks."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make, matched

from twitchwise.measure import measure_recording
from twitchwise.simulate import simulate_condition

pytestmark = pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again

BASE = Scene(duration_s=90.0, rate_per_min=40.0, snr=8.0)
BURSTS = ((20.0, 25.0), (50.0, 52.0), (70.0, 80.0))

TABLE = [
    ("eight times the noise", BASE),
    ("one potential a minute", replace(BASE, rate_per_min=1.0, duration_s=300.0)),
    ("200 a minute", replace(BASE, rate_per_min=200.0)),
    ("large potentials", replace(BASE, snr=200.0)),
    ("contractions between", replace(BASE, bursts=BURSTS, burst_snr=30.0)),
    ("hum ten times the noise", replace(BASE, mains_v=3e-5)),
    ("hum of 60 Hz", replace(BASE, mains_v=1e-5, mains_hz=59.97)),
    ("drift and offset", replace(BASE, drift_v=1e-3, offset_v=1e-2)),
    ("noise that rises", replace(BASE, noise_step=1.4)),
    ("1000 Hz", replace(BASE, sampling_rate_hz=1000.0)),
    ("500 Hz", replace(BASE, sampling_rate_hz=500.0, snr=12.0)),
    ("4000 Hz", replace(BASE, sampling_rate_hz=4000.0)),
]


@pytest.mark.parametrize(("name", "scene"), TABLE, ids=[name for name, _ in TABLE])
def test_nine_of_ten_are_found_and_nine_of_ten_found_are_true(name: str, scene: Scene) -> None:
    hits = true = found = 0
    for seed in range(2):
        recording, truth = make(replace(scene, seed=seed))
        measured = measure_recording(recording)
        times = measured.events[0].peak_s
        at_rest = truth.times_s[[measured.rest["calf"].contains(at) for at in truth.times_s]]
        hits += matched(times, at_rest)
        true, found = true + len(at_rest), found + len(times)
    assert hits >= 0.9 * true, name
    assert hits >= 0.9 * found, name
    assert true > 0


@pytest.mark.parametrize("condition", ["amyotrophic_lateral_sclerosis", "benign_fasciculation_syndrome"])
def test_the_simulators_fasciculations_are_found(condition: str) -> None:
    simulation = simulate_condition(condition, duration_s=180.0, seed=2)
    truth, found = simulation.events[0], measure_recording(simulation.recording).events[0]
    large = np.abs(truth.peak) >= 8 * simulation.parameters["surface_emg_noise_rms"]
    assert matched(found.start_s, truth.start_s[large], 0.02) >= 0.9 * large.sum()
    assert len(found) <= 1.1 * len(truth)


def test_a_doublet_of_the_simulator_is_counted_once() -> None:
    simulation = simulate_condition("low_calcium", duration_s=400.0, seed=1)
    truth, found = simulation.events[0], measure_recording(simulation.recording).events[0]
    assert len(found) <= 1.15 * len(truth)
