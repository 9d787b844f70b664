"""A hundred Hodgkin-Huxley cells discharge as NEURON's own do, step for step of 0.025 ms."""

import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from twitchwise.simulate.axon.hodgkin_huxley import discharge_times_s
from twitchwise.vocabulary.arrays import FloatArray

CURRENTS_A_PER_M2 = np.linspace(0.06, 0.2, 100)
DURATION_S = 0.5


def neurons_times_s(h: Any, currents_a_per_m2: FloatArray) -> list[FloatArray]:  # noqa: ANN401 - NEURON ships no types
    h.load_file("stdrun.hoc")
    tabulated, h.usetable_hh = h.usetable_hh, 0  # its table of rates has steps of 1 mV
    kept, times = [], []
    for current in currents_a_per_m2:
        cell = h.Section()
        cell.L = cell.diam = 100 / math.sqrt(math.pi)  # 1e4 square micrometers
        cell.insert("hh")
        clamp, spikes = h.IClamp(cell(0.5)), h.Vector()
        clamp.delay, clamp.dur, clamp.amp = 0.0, 1e9, 10 * current
        detector = h.NetCon(cell(0.5)._ref_v, None, sec=cell)
        detector.threshold = 0
        detector.record(spikes)
        kept.append((cell, clamp, detector))
        times.append(spikes)
    h.celsius, h.secondorder, h.steps_per_ms, h.dt = 6.3, 0, 40, 0.025
    h.finitialize(-65)
    h.continuerun(1e3 * DURATION_S)
    h.usetable_hh = tabulated
    return [np.array(each) * 1e-3 for each in times]


def test_counts_and_times_are_those_of_neuron(neuron_module: ModuleType) -> None:
    theirs = neurons_times_s(neuron_module.h, CURRENTS_A_PER_M2)
    ours = discharge_times_s(CURRENTS_A_PER_M2, duration_s=DURATION_S)
    counts = np.array([[mine.size, other.size] for mine, other in zip(ours, theirs, strict=True)])
    assert counts[:, 1].min() >= 1
    assert counts[:, 1].max() > 30
    assert np.abs(counts[:, 0] - counts[:, 1]).max() <= 1
    assert counts[:, 0].sum() == pytest.approx(counts[:, 1].sum(), rel=1e-3)
    late_s = [
        np.abs(mine[:n] - other[:n]).max() for mine, other, n in zip(ours, theirs, counts.min(axis=1), strict=True)
    ]
    assert np.median(late_s) < 1e-4
    assert max(late_s) < 1e-3
