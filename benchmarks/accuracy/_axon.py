"""The axon beside the same axon in NEURON, which the tests build (``tests/against_neuron``)."""

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
from twitchwise.simulate.axon.excitability import node_threshold_a
from twitchwise.simulate.axon.velocity import velocity_mps

STATES: dict[str, dict[str, float]] = {
    "healthy": {},
    "low calcium, high potassium": {"gate_shift_v": -0.003, "potassium_out_mol_per_l": 0.005},
}
FINE_MS = 2.5e-4
TESTS = Path(__file__).resolve().parents[2] / "tests" / "against_neuron"


def beside_neuron() -> None:
    """Print how far velocity and threshold lie from NEURON's, or why they are not compared."""
    missing = [name for name in ("neuron", "pytest") if importlib.util.find_spec(name) is None]
    builder = Path(sys.executable).parent / "nrnivmodl"
    if missing or not builder.exists() or not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        print(f"    {', '.join(missing) or 'a C compiler'} is not installed, so the axon is not compared with NEURON's")
        return
    sys.path.insert(0, str(TESTS))
    import conftest  # noqa: PLC0415 - the tests build NEURON's mechanisms
    import test_axon  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        h = _with_mechanisms(Path(folder), builder, conftest)
        parameters = parameters_for("healthy")
        for name, state in STATES.items():
            changes = replace(AxonChanges.of(parameters), **state)
            theirs = test_axon.built(h, changes, parameters)
            limit_mps = 2 * theirs.velocity_mps(FINE_MS / 2) - theirs.velocity_mps(FINE_MS)
            ours_mps, ours_a = velocity_mps(changes, parameters), node_threshold_a(changes, parameters)
            limit_a = 2 * theirs.threshold_a(ours_a, 1e-3) - theirs.threshold_a(ours_a, 2e-3)
            within(f"{name}: velocity ({ours_mps:.2f} m/s)", np.array(ours_mps / limit_mps - 1), -0.01, 0.01, "%", scale=100)
            within(f"{name}: threshold ({ours_a * 1e9:.4f} nA)", np.array(ours_a / limit_a - 1), -0.01, 0.01, "%", scale=100)


def _with_mechanisms(folder: Path, builder: Path, conftest: Any) -> Any:  # noqa: ANN401 - NEURON ships no types
    """Return NEURON's interpreter with the mechanisms of the axon loaded."""
    import neuron  # noqa: PLC0415 - a peer, loaded when it is used

    for name in conftest.GATES:
        (folder / f"tw_{name}.mod").write_text(conftest.mechanism(name), encoding="ascii")
    subprocess.run([str(builder), "."], cwd=folder, capture_output=True, check=True)  # noqa: S603 - comes with NEURON
    found = sorted(folder.glob("**/libnrnmech.*"))
    neuron.h.nrn_load_dll(str(found[0]))
    return neuron.h
