"""One channel of simple synthetic potentials under what disturbs a recording, and at other sampling rates.

The scenes are those of the detector's own tests (``tests/measure/emg_scenes.py``), made apart from the forward model:
potentials of eight times the RMS of white noise before any filter, 20 a minute, unless the row says otherwise.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from benchmarks.accuracy.emg.scenes import Scene, Truth, one_channel
from tests.measure import emg_scenes

BASE = emg_scenes.Scene(duration_s=120.0, rate_per_min=20.0, snr=8.0)
CONTRACTIONS = ((20.0, 25.0), (50.0, 53.0), (80.0, 95.0))
CONTRACTING = replace(BASE, bursts=CONTRACTIONS, burst_snr=30.0)
ROWS = {
    **{f"peak {snr:g} times the noise": replace(BASE, snr=snr) for snr in (4.0, 5.0, 6.0, 8.0, 15.0, 30.0)},
    **{f"{rate:g} a minute": replace(BASE, rate_per_min=rate) for rate in (1.0, 10.0, 40.0, 80.0, 200.0)},
    **{f"sampled at {hz:g} Hz": replace(BASE, sampling_rate_hz=hz) for hz in (200.0, 500.0, 1000.0, 4000.0)},
    "strong contractions": CONTRACTING,
    "contractions of one unit": replace(CONTRACTING, burst_units=1, burst_snr=10.0),
    "weak contractions of two units": replace(CONTRACTING, burst_units=2, burst_snr=5.0),
    "very weak contractions of five units": replace(CONTRACTING, burst_units=5, burst_snr=2.0),
    "hum equal to the noise": replace(BASE, mains_v=3e-6),
    "hum of ten times the noise": replace(BASE, mains_v=3e-5),
    "heartbeat of ten times the noise": replace(BASE, ecg_v=3e-5),
    "heartbeat of 300 times the noise": replace(BASE, ecg_v=1e-3),
    "drift of 1 mV, offset of 10 mV": replace(BASE, drift_v=1e-3, offset_v=1e-2),
    "noise rises by half": replace(BASE, noise_step=1.5),
}
SEEDS = (11, 12, 13)


def scene_of(name: str, plan: emg_scenes.Scene) -> Scene:
    """Return a scene of the tests as one of the benchmark; its tolerance allows for the two peaks of its shapes."""
    recording, truth = emg_scenes.make(plan)
    samples = recording.read("calf")
    scene = one_channel(name, samples, plan.sampling_rate_hz, Truth.at(truth.times_s, active=truth.active))
    # shapes are given by their middle, and their largest peak lies up to some milliseconds off
    return replace(scene, tolerance_s=0.015, samples_v=samples.astype(np.float32)[np.newaxis])


def all_scenes(*, is_quick: bool) -> Iterator[tuple[str, Scene]]:
    """Give all scenes, each with the name of its table."""
    for name, plan in ROWS.items():
        for seed in SEEDS[: 1 if is_quick else None]:
            yield "disturbed", scene_of(name, replace(plan, seed=seed))
