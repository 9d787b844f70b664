"""Scenes of every kind with rates and sizes drawn anew: each is called by its name, and nothing by another's.

Ranges are those of the cited definitions (see ``docs/explanation/other_activity.md``).
"""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from tests.measure.emg.rhythms.scenes import (
    SURFACE_HZ,
    Canvas,
    SharpWave,
    Wave,
    contraction,
    course,
    fiber,
    groups,
    myotonic,
    train,
    tremor,
    unit,
)

from twitchwise.measure.emg.rhythms import Causes, find_other_activity
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Electrode, EventKind

SEEDS = range(2)
Maker = Callable[[Canvas], Causes]
NOTHING = Causes()


def fibrillation(canvas: Canvas) -> Causes:
    for rate_hz in canvas.rng.uniform((1.5, 6.0), (4.0, 12.0)):
        times = train(rate_hz, 0.5, canvas.duration_s - 0.5, 0.03, canvas.rng)
        canvas.add(fiber(canvas.rng.uniform(3.5e-4, 6e-4)), times, canvas.rng.uniform(6e-5, 1.8e-4))
    return NOTHING


def sharp_waves(canvas: Canvas) -> Causes:
    times = train(canvas.rng.uniform(2.0, 10.0), 0.5, canvas.duration_s - 0.5, 0.03, canvas.rng)
    canvas.add(SharpWave(slow_s=canvas.rng.uniform(0.004, 0.007)), times, canvas.rng.uniform(8e-5, 2e-4))
    return NOTHING


def myotonia(canvas: Canvas) -> Causes:
    for start_s in (2.0, 6.0, 11.0, 16.0):
        times, sizes = myotonic(start_s, canvas.rng.uniform(1.5, 3.0))
        canvas.add(fiber(canvas.rng.uniform(4e-4, 6e-4)), times, sizes)
    return NOTHING


def neuromyotonia(canvas: Canvas) -> Causes:
    wave = unit(canvas.rng, 6e-4)
    for start_s in (2.0, 5.0, 9.0, 12.0, 17.0):
        fast_hz = canvas.rng.uniform(180, 260)
        times = course(np.linspace(fast_hz, 0.75 * fast_hz, 50), start_s, canvas.rng.uniform(0.3, 0.8))
        canvas.add(wave, times, 4e-4 * np.linspace(1, 0.7, times.size))
    return NOTHING


def complex_discharge(canvas: Canvas) -> Causes:
    at_s = np.array((0.0, 0.004, 0.009, 0.013)) + canvas.rng.uniform(-5e-4, 5e-4, 4)
    sizes = np.array((-1.0, 0.8, -0.7, 0.6)) * canvas.rng.uniform(0.8, 1.2, 4)
    wave = Wave(bells=tuple((float(at), 4e-4, float(size)) for at, size in zip(at_s, sizes, strict=True)))
    rate_hz = canvas.rng.uniform(20.0, 40.0)
    for start_s, stop_s in ((2.0, 8.0), (11.0, 18.0)):
        canvas.add(wave, train(rate_hz, start_s, stop_s, 0.01, canvas.rng), 3e-4)
    return NOTHING


def continuous_unit(canvas: Canvas) -> Causes:
    times = train(canvas.rng.uniform(3.0, 10.0), 1.0, canvas.duration_s - 1.0, 0.035, canvas.rng)
    canvas.add(unit(canvas.rng), times, 6e-4)
    return NOTHING


def myokymia(canvas: Canvas) -> Causes:
    wave = unit(canvas.rng, 1.8e-3)
    for times in groups(canvas.rng.uniform(2.0, 5.0), canvas.rng.uniform(35, 55), canvas.duration_s, canvas.rng):
        canvas.add(wave, times, 6e-5)
    return NOTHING


def cramp(canvas: Canvas) -> Causes:
    contraction(canvas, 3.0, 18.0, spread=0.5)
    return Causes(relaxed=Intervals.union([(0.0, canvas.duration_s)]))


def shaking(canvas: Canvas) -> Causes:
    tremor(canvas, canvas.rng.uniform(4.5, 9.0), 0.5, canvas.duration_s - 0.5)
    return NOTHING


def clonus(canvas: Canvas) -> Causes:
    tremor(canvas, canvas.rng.uniform(5.0, 7.0), 4.1, 15.0)
    return Causes(stretches_s=np.array([4.0]))


def will(canvas: Canvas) -> Causes:
    contraction(canvas, 2.0, 17.0, n_units=int(canvas.rng.integers(4, 9)))
    return NOTHING


def fasciculations(canvas: Canvas) -> Causes:
    width_s = 1.3e-3 if canvas.rate_hz > SURFACE_HZ else 2.5e-3
    for _ in range(3):
        n = int(canvas.rng.integers(4, 12))
        canvas.add(unit(canvas.rng, width_s), np.sort(canvas.rng.uniform(0.5, canvas.duration_s - 0.5, n)), 3e-4)
    return NOTHING


NEEDLE: dict[str, Maker] = {
    "fibrillation_potential": fibrillation,
    "positive_sharp_wave": sharp_waves,
    "myotonic_discharge": myotonia,
    "neuromyotonic_discharge": neuromyotonia,
    "complex_repetitive_discharge": complex_discharge,
    "continuous_unit_discharge": continuous_unit,
    "myokymic_discharge": myokymia,
    "cramp_discharge": cramp,
    "will": will,
    "fasciculations": fasciculations,
}
SKIN: dict[str, Maker] = {
    "myokymic_discharge": myokymia,
    "tremor_burst": shaking,
    "clonus_beat": clonus,
    "will": will,
    "fasciculations": fasciculations,
}
CASES = [
    (electrode, name)
    for electrode, makers in ((Electrode.NEEDLE, NEEDLE), (Electrode.SURFACE, SKIN))
    for name in makers
]


def called(electrode: Electrode, name: str, seed: int) -> set[str]:
    """Return the names of the kinds that are found in a scene."""
    is_needle = electrode is Electrode.NEEDLE
    canvas = Canvas(seed=100 + seed) if is_needle else Canvas(seed=100 + seed, rate_hz=SURFACE_HZ)
    causes = (NEEDLE if is_needle else SKIN)[name](canvas)
    found = find_other_activity(canvas.trace(electrode), causes)
    return {train.kind.value for train in found.events}


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize(("electrode", "name"), CASES, ids=[f"{where.value}-{name}" for where, name in CASES])
def test_each_kind_is_called_by_its_name_and_by_no_other(electrode: Electrode, name: str) -> None:
    rows = Counter(kind for seed in SEEDS for kind in called(electrode, name, seed))
    expected = {name: len(SEEDS)} if name in set(EventKind) else {}
    assert dict(rows) == expected
