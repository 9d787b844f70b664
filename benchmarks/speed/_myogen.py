"""MyoGen's own way through the same task, in pieces small enough to wait for.

Its layout takes equally long for each motor unit whatever the number of fibers, its potentials equally long for each
fiber, and its assembly equally long for each motor unit, so each is run on a few and multiplied.
"""

import importlib
import importlib.util
import warnings
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from benchmarks.speed._clock import seconds

UNITS = 100
FIBERS = 52_502  # of its default muscle: 350 per square millimeter in a circle of 6.91 mm
FEW_UNITS = 4
FEW_FIBERS_PER_MM2 = 0.4  # some sixty fibers
RATE_HZ = 2048.0
DISCHARGE_RATE_HZ = 17.6


class Stages(NamedTuple):
    """Seconds of each stage for the whole task, and the number of fibers whose potentials were really made."""

    layout_s: float
    templates_s: float
    assembly_s: float
    force_s: float
    fibers_run: int


def is_installed() -> bool:
    """Tell whether MyoGen can be imported."""
    return importlib.util.find_spec("myogen") is not None


def stages(duration_s: float) -> Stages:
    """Run a few units and fibers through every stage, and multiply up to the whole task."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its Bessel functions
        return _stages(duration_s)


def _stages(duration_s: float) -> Stages:
    pq: Any = importlib.import_module("quantities")
    myogen: Any = importlib.import_module("myogen.simulator")
    thresholds, _ = myogen.RecruitmentThresholds(N=FEW_UNITS, recruitment_range__ratio=50.0, mode="fuglevand")
    muscle = myogen.Muscle(thresholds, fiber_density__fibers_per_mm2=FEW_FIBERS_PER_MM2 * pq.mm**-2)
    muscle.distribute_innervation_centers()
    muscle.generate_muscle_fiber_centers(verbose=False)
    layout_s = seconds(lambda: muscle.assign_mfs2mns(n_jobs=2, verbose=False))
    muscle._generate_fiber_properties()  # noqa: SLF001 - what `autorun` calls last
    n_fibers = int(np.sum(muscle.resulting_number_of_innervated_fibers))
    array = myogen.SurfaceElectrodeArray(
        num_rows=8, num_cols=8, inter_electrode_distance__mm=8.0 * pq.mm, electrode_radius__mm=1.0 * pq.mm
    )
    few, emg = (
        myogen.SurfaceEMG(muscle, [array], sampling_frequency__Hz=RATE_HZ * pq.Hz, MUs_to_simulate=list(units))
        for units in (range(FEW_UNITS - 1), range(FEW_UNITS))
    )
    fewer_s, all_s = (
        seconds(partial(one.simulate_muaps, verbose=False, execution=myogen.ExecutionPolicy())) for one in (few, emg)
    )
    of_last = int(muscle.resulting_number_of_innervated_fibers[-1])  # the largest unit's
    a_fiber_s = (all_s - fewer_s) / of_last  # so that what is done once is not multiplied
    trains = _trains(FEW_UNITS, duration_s)
    assembly_s = seconds(lambda: emg.simulate_surface_emg(trains, verbose=False))
    all_thresholds, _ = myogen.RecruitmentThresholds(N=UNITS, recruitment_range__ratio=50.0, mode="fuglevand")
    force = myogen.ForceModelVectorized(all_thresholds, recording_frequency__Hz=RATE_HZ * pq.Hz)
    all_trains = _trains(UNITS, duration_s)
    force_s = min(seconds(lambda: force.generate_force(all_trains, verbose=False)) for _ in range(2))
    return Stages(
        layout_s=layout_s * UNITS / FEW_UNITS,
        templates_s=all_s + a_fiber_s * (FIBERS - n_fibers),
        assembly_s=assembly_s * UNITS / FEW_UNITS,
        force_s=force_s,
        fibers_run=n_fibers,
    )


def _trains(n_units: int, duration_s: float) -> Any:  # noqa: ANN401 - neo ships no types
    """Return regular trains, each from a place of its own, at the rate at which the electrodes are sampled."""
    neo: Any = importlib.import_module("neo")
    pq: Any = importlib.import_module("quantities")
    segment = neo.Segment(name="pool")
    for number in range(n_units):
        times = np.arange(number / n_units / DISCHARGE_RATE_HZ, duration_s, 1 / DISCHARGE_RATE_HZ)
        train = neo.SpikeTrain(times * pq.s, t_stop=duration_s * pq.s, sampling_rate=RATE_HZ * pq.Hz)
        segment.spiketrains.append(train)
    block = neo.Block()
    block.segments.append(segment)
    return block
