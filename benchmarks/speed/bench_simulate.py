"""How long the simulator takes for one muscle, beside MyoGen, pymuscle and NEURON where they are installed.

The task is that of the published comparisons: 100 motor units, 10 s, a grid of 8 x 8 electrodes 8 mm apart, 2048 Hz,
EMG and force. What is compiled is kept, and the time that it takes to compile is told apart. Run
``python -m benchmarks.speed.bench_simulate``.
"""

import sys
from collections.abc import Iterator

import numpy as np
from benchmarks.speed import _myogen, _neuron, _pymuscle
from benchmarks.speed._clock import cold_and_warm, installed, load, machine, ratio, row, warm

from twitchwise.simulate import Apparatus, Grid, Setting, Simulation, simulate_condition
from twitchwise.simulate.axon.hodgkin_huxley import discharge_times_s
from twitchwise.simulate.engine import jax
from twitchwise.simulate.firing import Firing, fire
from twitchwise.simulate.mechanics import Mechanics
from twitchwise.simulate.muscle import Layout, lay_out, superpose, templates
from twitchwise.simulate.pickup import electromyograms
from twitchwise.simulate.preparation import Prepared, prepare
from twitchwise.simulate.recorded import Electromyogram
from twitchwise.simulate.twitches.forces import impulses_of, muscle_force_n

UNITS, DURATION_S, RATE_HZ = 100, 10.0, 2048.0
N_SAMPLES = round(DURATION_S * RATE_HZ)
GRID = Grid(rows=8, columns=8, spacing_m=0.008)
APPARATUS = Apparatus(electrodes=GRID, sampling_rate_hz=RATE_HZ, n_units=UNITS)
STRONG, WEAKER, WEAK = 0.8, 0.7, 0.3  # shares of maximal drive: with the first two all units discharge
SEED = 1
FROM_NOTHING_S, FROM_TEMPLATES_S, TIMES_NEURON = 10.0, 0.1, 10.0
CELLS_A_PER_M2 = np.linspace(0.06, 0.2, 100)


def contraction(drive: float) -> Setting:
    """Return a contraction under a share of the maximal drive."""
    return Setting(condition="healthy_contraction", changes={"voluntary_drive": drive})


def simulated(drive: float = STRONG) -> Simulation:
    """Simulate all of it and make every sample."""
    simulation = simulate_condition(contraction(drive), duration_s=DURATION_S, seed=SEED, apparatus=APPARATUS)
    simulation.make()
    return simulation


def forget() -> None:
    """Empty every cache of the simulator, so that a run begins from nothing; what is compiled is kept."""
    modules = [module for name, module in sys.modules.items() if name.startswith("twitchwise.simulate.")]
    for module in modules:
        for value in list(vars(module).values()):
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()


def from_nothing() -> float:
    """Print how long the whole task takes from nothing, stage by stage, and return it."""
    compiling_s, least_s = cold_and_warm(simulated, before=forget)
    print("\nA muscle: 100 units, 10 s, 64 channels, 2048 Hz, EMG, force and motion")
    row("from nothing", least_s, FROM_NOTHING_S, compiling_s=compiling_s)
    forget()
    for stage, stage_s in simulated().seconds.items():
        row(f"  of which {stage}", stage_s)
    return least_s


def from_templates(prepared: Prepared, firing: Firing, emg: Electromyogram) -> None:
    """Print how long everything takes once the templates are there."""

    def sensed() -> object:
        return Mechanics.of(prepared, firing, seed=SEED).block(0, N_SAMPLES, RATE_HZ)

    emg_s = warm(lambda: superpose(emg.templates, emg.time_s, emg.unit, emg.share, n_samples=N_SAMPLES))
    noisy_s = warm(lambda: emg.block_v(0, N_SAMPLES))
    compiling_s, motion_s = cold_and_warm(sensed)
    force_s = of_force(prepared, firing)
    print(f"\nTemplates cached: {len(firing.agonist):,} discharges that are given")
    row("EMG, without noise", emg_s)
    row("EMG, with noise", noisy_s)
    row("force", force_s)
    row("sensors of the loop's force and motion, with noise", motion_s, compiling_s=compiling_s)
    row("EMG without noise, and force", emg_s + force_s, FROM_TEMPLATES_S)
    row("EMG with noise, force, motion and skin", noisy_s + force_s + motion_s, FROM_TEMPLATES_S)
    for drive in (WEAKER, WEAK):
        drives = _alternating(drive)
        row(f"a whole further simulation, drive {STRONG} to {drive}", warm(lambda: next(drives)), FROM_TEMPLATES_S)  # noqa: B023
    for stage, stage_s in simulated(WEAKER).seconds.items():
        row(f"  of which {stage}", stage_s)


def _alternating(drive: float) -> Iterator[Simulation]:
    """Give simulations under ever different drives, so that nothing but the muscle is the same as before."""
    simulated(STRONG)
    while True:
        drive -= 1e-4
        yield simulated(drive)


def of_force(prepared: Prepared, firing: Firing) -> float:
    """Return how long force takes alone."""
    impulses = impulses_of(firing.agonist.time_s, firing.agonist.unit, firing.agonist.share)
    return cold_and_warm(lambda: muscle_force_n(impulses, prepared.twitches[0], N_SAMPLES, RATE_HZ))[1]


def beside_neuron() -> None:
    """Print how long a hundred Hodgkin-Huxley cells take, beside NEURON's."""
    counts: list[int] = []

    def ours() -> None:
        counts.append(sum(times.size for times in discharge_times_s(CELLS_A_PER_M2, duration_s=1.0)))

    compiling_s, ours_s = cold_and_warm(ours)
    print(f"\n100 Hodgkin-Huxley cells, 1 s in steps of 0.025 ms ({counts[-1]:,} discharges)")
    row("twitchwise", ours_s, compiling_s=compiling_s)
    if not _neuron.is_installed():
        print("    NEURON is not installed")
        return
    cells = _neuron.Cells(CELLS_A_PER_M2)
    theirs_s = cells.run_s(1.0)
    ratio(f"NEURON as it comes ({cells.n_discharges:,} discharges)", theirs_s, ours_s, TIMES_NEURON)
    untabulated_s = cells.untabulated_s(1.0)
    if untabulated_s is not None:
        ratio("NEURON without its table of rates", untabulated_s, ours_s)


def beside_pymuscle(force_s: float) -> None:
    """Print how long pymuscle takes for force."""
    if not _pymuscle.is_installed():
        print("    pymuscle is not installed")
        return
    ratio("pymuscle, 120 units with their drive, 2048 Hz", _pymuscle.force_s(DURATION_S, RATE_HZ, repeats=1), force_s)
    ratio("pymuscle, 120 units with their drive, 50 Hz (its own task)", _pymuscle.force_s(DURATION_S, 50.0), force_s)


def beside_myogen(ours_s: dict[str, float]) -> None:
    """Print how long MyoGen takes for each stage, run on a little and multiplied."""
    if not _myogen.is_installed():
        print("    MyoGen is not installed")
        return
    theirs = _myogen.stages(DURATION_S)
    few = f"{_myogen.FEW_UNITS} units run, times {_myogen.UNITS // _myogen.FEW_UNITS}"
    ratio(f"MyoGen: muscle ({few})", theirs.layout_s, ours_s["layout"])
    ratio(
        f"MyoGen: templates ({theirs.fibers_run} of {_myogen.FIBERS:,} fibers run)",
        theirs.templates_s,
        ours_s["templates"],
    )
    ratio(f"MyoGen: EMG from templates ({few})", theirs.assembly_s, ours_s["emg"])
    ratio("MyoGen: force, run in full", theirs.force_s, ours_s["force"])
    ratio("MyoGen: all of these", sum(theirs[:4]), ours_s["whole"])
    of_ours = theirs.templates_s * ours_s["fibers"] / _myogen.FIBERS
    ratio("MyoGen: templates of as many fibers as ours", of_ours, ours_s["templates"])


def of_stages(prepared: Prepared, emg: Electromyogram) -> dict[str, float]:
    """Return how long the stages take that MyoGen has as well, each from nothing."""
    parameters = prepared.parameters

    def laid_out() -> Layout:
        return lay_out(prepared.agonist, parameters, np.random.default_rng(SEED))

    layout = laid_out()
    return {
        "fibers": float(layout.n_fibers),
        "layout": warm(laid_out, before=forget),
        "templates": warm(lambda: templates(layout, GRID, parameters, sampling_rate_hz=RATE_HZ), before=forget),
        "emg": warm(lambda: superpose(emg.templates, emg.time_s, emg.unit, emg.share, n_samples=N_SAMPLES)),
    }


def main() -> None:
    """Print all tables."""
    print(f"{machine()}; {', '.join(installed('jax', 'neuron', 'pymuscle', 'myogen'))}; on {jax.devices()[0]}")
    whole_s = from_nothing()
    prepared = prepare(contraction(STRONG), seed=SEED, n_units=UNITS)
    firing = fire(prepared, DURATION_S, seed=SEED)
    (emg,) = electromyograms(prepared, firing, GRID, RATE_HZ, seed=SEED)
    from_templates(prepared, firing, emg)
    beside_neuron()
    ours = of_stages(prepared, emg) | {"whole": whole_s, "force": of_force(prepared, firing)}
    print("\nForce of 100 units over 10 s, and the stages that MyoGen has")
    print(f"  (a hand muscle of {prepared.agonist.n_fibers.sum():,} fibers)")
    for stage in ("force", "layout", "templates", "emg", "whole"):
        row(f"twitchwise, {stage}", ours[stage])
    beside_pymuscle(ours["force"])
    beside_myogen(ours)
    print(f"  load at the end {load()}")


if __name__ == "__main__":
    main()
