"""NEURON's own cells of Hodgkin and Huxley (1952, doi:10.1113/jphysiol.1952.sp004764), each with its own current."""

import importlib.util
import math
from typing import Any

import numpy as np
from benchmarks.speed._clock import warm

from twitchwise.vocabulary.arrays import FloatArray

STEPS_PER_MS = 40  # of 0.025 ms


def is_installed() -> bool:
    """Tell whether NEURON can be imported."""
    return importlib.util.find_spec("neuron") is not None


class Cells:
    """Cells of 10,000 square micrometers that stand ready to be run."""

    def __init__(self, current_a_per_m2: FloatArray) -> None:
        from neuron import h  # noqa: PLC0415 - a peer, loaded when it is used

        self._h: Any = h
        h.load_file("stdrun.hoc")
        self._kept: list[Any] = []
        self._times: list[Any] = []
        for current in current_a_per_m2:
            cell = h.Section()
            cell.L = cell.diam = 100 / math.sqrt(math.pi)
            cell.insert("hh")
            clamp, spikes = h.IClamp(cell(0.5)), h.Vector()
            clamp.delay, clamp.dur, clamp.amp = 0.0, 1e9, 10 * current
            detector = h.NetCon(cell(0.5)._ref_v, None, sec=cell)  # noqa: SLF001 - how NEURON is used
            detector.threshold = 0
            detector.record(spikes)
            self._kept += [cell, clamp, detector]
            self._times.append(spikes)
        h.celsius, h.secondorder, h.steps_per_ms, h.dt = 6.3, 0, STEPS_PER_MS, 1 / STEPS_PER_MS

    def run(self, duration_s: float) -> None:
        """Run all of them from rest."""
        self._h.finitialize(-65)
        self._h.continuerun(1e3 * duration_s)

    def run_s(self, duration_s: float) -> float:
        """Return the wall time in s of a run as NEURON comes."""
        return warm(lambda: self.run(duration_s))

    def untabulated_s(self, duration_s: float) -> float | None:
        """Return the same without the table of rates in steps of 1 mV; ``None`` for versions that have no table."""
        if not hasattr(self._h, "usetable_hh"):
            return None
        kept, self._h.usetable_hh = self._h.usetable_hh, 0
        try:
            return self.run_s(duration_s)
        finally:
            self._h.usetable_hh = kept

    @property
    def n_discharges(self) -> int:
        """Number of discharges in the last run."""
        return int(sum(np.array(each).size for each in self._times))
