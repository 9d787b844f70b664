"""The axon beside the same axon in NEURON, which the tests build (``tests/against_neuron``)."""

import gc
import importlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.accuracy._targets import within

from twitchwise.simulate import parameters_for
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.excitability import WINDOW_S, node_threshold_a
from twitchwise.simulate.axon.velocity import velocity_mps

STATES: dict[str, dict[str, float]] = {
    "healthy": {},
    "low calcium, high potassium": {"gate_shift_v": -0.003, "potassium_out_mol_per_l": 0.005},
}
FINE_MS = 2.5e-4
NARROW = 3e-4  # of the threshold: where bisection stops
TESTS = Path(__file__).resolve().parents[2] / "tests" / "against_neuron"


def beside_neuron() -> None:
    """Print how far velocity and threshold lie from NEURON's, or why they are not compared."""
    missing = [name for name in ("neuron", "pytest") if importlib.util.find_spec(name) is None]
    builder = Path(sys.executable).parent / "nrnivmodl"
    if missing or not builder.exists() or not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        print(f"    {', '.join(missing) or 'a C compiler'} is not installed, so the axon is not compared with NEURON's")
        return
    sys.path.insert(0, str(TESTS))  # the tests build NEURON's mechanisms
    conftest, test_axon = (importlib.import_module(name) for name in ("conftest", "test_axon"))
    with tempfile.TemporaryDirectory() as folder:
        h = _with_mechanisms(Path(folder), builder, conftest)
        for name, state in STATES.items():
            _compared(name, replace(AxonChanges.of(parameters_for("healthy")), **state), h, test_axon)
            gc.collect()  # NEURON keeps one state, of the sections that there are


def _compared(name: str, changes: AxonChanges, h: Any, test_axon: Any) -> None:  # noqa: ANN401 - NEURON ships no types
    parameters = parameters_for("healthy")
    theirs = test_axon.built(h, changes, parameters)
    limit_mps = 2 * theirs.velocity_mps(FINE_MS / 2) - theirs.velocity_mps(FINE_MS)
    ours_mps, ours_a = velocity_mps(changes, parameters), node_threshold_a(changes, parameters)
    limit_a = 2 * _threshold_a(theirs, test_axon, ours_a, 1e-3) - _threshold_a(theirs, test_axon, ours_a, 2e-3)
    within(f"{name}: velocity ({ours_mps:.2f} m/s)", np.array(ours_mps / limit_mps - 1), -0.01, 0.01, "%", scale=100)
    off_a = np.array(ours_a / limit_a - 1)
    within(f"{name}: threshold ({ours_a * 1e9:.4f} nA)", off_a, -0.01, 0.01, "%", scale=100)


def _threshold_a(theirs: Any, test_axon: Any, guess_a: float, step_ms: float) -> float:  # noqa: ANN401 - as above
    """Return NEURON's threshold in A; near it a discharge starts late, so that both look on for the same 4 ms."""
    low, high = 0.95e9 * guess_a, 1.05e9 * guess_a
    while high - low > NARROW * low:
        middle = (low + high) / 2
        traces = theirs.recorded_mv(
            node=test_axon.MIDDLE, current_na=middle, pulse_ms=1.0, until_ms=1e3 * WINDOW_S, step_ms=step_ms
        )
        started = np.isfinite(test_axon.rise_ms(traces[16], step_ms))
        low, high = (low, middle) if started else (middle, high)
    return float(low + high) / 2 * 1e-9


def _with_mechanisms(folder: Path, builder: Path, conftest: Any) -> Any:  # noqa: ANN401 - NEURON ships no types
    """Return NEURON's interpreter with the mechanisms of the axon loaded."""
    neuron = importlib.import_module("neuron")
    for name in conftest.GATES:
        (folder / f"tw_{name}.mod").write_text(conftest.mechanism(name), encoding="ascii")
    subprocess.run([str(builder), "."], cwd=folder, capture_output=True, check=True)  # noqa: S603 - comes with NEURON
    found = sorted(folder.glob("**/libnrnmech.*"))
    neuron.h.nrn_load_dll(str(found[0]))
    return neuron.h
