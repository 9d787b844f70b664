"""Whether the forward model, used as a user uses it, reproduces published figures: target, what was measured, verdict.

Every simulation goes by the name of a condition, from its parameters to what its sensors record; only their noise is
taken away. The sources of the figures stand in the knowledge files and in ``docs/explanation``. Run
``python -m benchmarks.accuracy.forward_model``.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
from benchmarks.accuracy import _axon
from benchmarks.accuracy._targets import (
    SILENT,
    after,
    channel_hz,
    check,
    delay_s,
    heading,
    missed,
    simulated,
    times_s,
    within,
)

from twitchwise.formats import read_recording
from twitchwise.simulate import Apparatus, Grid, Setting, Simulation, parameters_for, simulate_condition
from twitchwise.simulate.twitches.forces import impulses_of, unit_forces_n
from twitchwise.simulate.twitches.from_recording import explained_share, fitted_gain, force_from_discharges_n
from twitchwise.vocabulary import ChannelKind, EventKind
from twitchwise.vocabulary.arrays import FloatArray

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SEEDS = (1, 2, 3)
RATES_HZ = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 20.0, 25.0, 30.0, 40.0, 50.0, 70.0, 100.0)
LINE = Grid(rows=6, columns=1, spacing_m=0.005, along_m=0.035, differential=True)
ALIKE = {"fiber_diameter_range": 1.0, "fiber_diameter_spread": 0.0, "fiber_diameter_spread_in_unit": 0.0}
THIN_M, THICK_M, LINE_RATE_HZ = 0.010, 0.025, 4096.0
KG = (0.0, 0.5, 1.0, 2.0)


def velocities() -> None:
    """Compare the velocity that fibers are given with that which channels along them show."""
    heading("Potentials travel along the skin as fast as the fibers carry them (cross-correlation along 6 electrodes)")
    for set_mps in (2.6, 3.3, 4.0, 4.7, 5.3):
        seen = np.array([_seen_mps(set_mps, THIN_M, seed) for seed in SEEDS]) / set_mps - 1
        for order, name in enumerate(("single", "double")):
            within(f"fibers of {set_mps} m/s, {name} differential", seen[:, order], -0.03, 0.03, "%", scale=100)
    deep = np.array([_seen_mps(4.0, THICK_M, seed) for seed in SEEDS]) / 4.0 - 1
    name = f"fibers of 4 m/s in a muscle {1e3 * THICK_M:g} mm thick, double differential"
    within(name, deep[:, 1], -0.03, 0.03, "%", scale=100)
    # all electrodes see at once where deep fibers end, which single differences leave in
    print(f"    with single differences {100 * np.abs(deep[:, 0]).max():.1f} % at most")


def _seen_mps(set_mps: float, thickness_m: float, seed: int) -> tuple[float, float]:
    """Return the velocity that single and double differences show in a weak contraction of equally fast fibers."""
    line = parameters_for("healthy")
    diameter_m = (set_mps - line["fiber_velocity_at_no_diameter"]) / line["fiber_velocity_per_diameter"]
    changes = {**SILENT, **ALIKE, "fiber_diameter": diameter_m, "muscle_thickness": thickness_m}
    setting = Setting(condition="healthy_contraction", muscle="biceps_brachii", changes=changes)
    apparatus = Apparatus(electrodes=LINE, sampling_rate_hz=LINE_RATE_HZ, n_units=30)
    recording = simulate_condition(setting, duration_s=3.0, seed=seed, apparatus=apparatus).recording
    single = np.stack([recording.read(channel.name) for channel in recording.of_kind(ChannelKind.EMG)])
    double = np.diff(single, axis=0)
    return LINE.spacing_m / delay_s(single, LINE_RATE_HZ), LINE.spacing_m / delay_s(double, LINE_RATE_HZ)


def anterior_tibial_units() -> None:
    """Compare units of the anterior tibial muscle with Andreassen and Arendt-Nielsen 1987."""
    heading("Motor units of the anterior tibial muscle, 8 seeds of 100")
    drawn = [_healthy("tibialis_anterior", seed) for seed in range(8)]
    units = [one.units for one in drawn]
    within("fiber velocity", np.concatenate([one.fiber_velocity_mps for one in units]), 2.6, 5.3, "m/s")
    within("time to peak", np.concatenate([one.contraction_time_s for one in units]), 0.047, 0.080, "ms", scale=1e3)
    relaxing = np.concatenate([one.half_relaxation_time_s for one in units])
    within("half-relaxation time", relaxing, 0.040, 0.078, "ms", scale=1e3)
    torques = [one.units.peak_force_n * one.parameters["moment_arm"] for one in drawn]
    correlations = [
        np.corrcoef(one.fiber_velocity_mps, torque)[0, 1] for one, torque in zip(units, torques, strict=True)
    ]
    within("correlation of velocity and torque", np.array(correlations), 0.79, 0.95, "")
    within("mean torque", np.array([torque.mean() for torque in torques]), 5.1e-3, 6.3e-3, "mN m", scale=1e3)


def _healthy(muscle: str, seed: int) -> Simulation:
    setting = Setting(condition="healthy", muscle=muscle)
    return simulate_condition(setting, duration_s=0.1, seed=seed, apparatus=Apparatus(n_units=100))


def thenar_units() -> None:
    """Compare thenar units with Thomas, Bigland-Ritchie and Johansson 1991."""
    heading("Motor units of the thenar muscles, 8 seeds of 100")
    drawn = [_healthy("thenar", seed) for seed in range(8)]
    units = [one.units for one in drawn]
    within("twitch force", np.concatenate([one.peak_force_n for one in units]), 0.003, 0.034, "mN", scale=1e3)
    within("contraction time", np.concatenate([one.contraction_time_s for one in units]), 0.035, 0.080, "ms", scale=1e3)
    relaxing = np.concatenate([one.half_relaxation_time_s for one in units])
    within("half-relaxation time", relaxing, 0.025, 0.108, "ms", scale=1e3)
    half_hz = _half_maximal_hz(drawn[0])
    within("mean rate for half of the greatest force", half_hz.mean(), 8.0, 16.0, "Hz")
    check(
        "standard deviation of that rate over units", "about 4 Hz", f"{half_hz.std():.3g} Hz", holds=half_hz.std() <= 4
    )


def _half_maximal_hz(simulation: Simulation) -> FloatArray:
    """Return the rate of regular stimuli at which the mean force of each unit is half of its greatest."""
    forces, n_units = [], len(simulation.units)
    for rate_hz in RATES_HZ:
        times = np.arange(0.0, 3.0, 1 / rate_hz)
        impulses = impulses_of(np.tile(times, n_units), np.repeat(np.arange(n_units), times.size))
        each = unit_forces_n(impulses, simulation.prepared.twitches[0], 3000, 1000.0)
        forces.append(each[2000:].mean(axis=0))
    course = np.array(forces)
    share = course / course.max(axis=0)
    return np.array([np.interp(0.5, share[:, unit], RATES_HZ) for unit in range(n_units)])


def ankle_jerks() -> None:
    """Compare ankle jerks with BMJ 1965;1:158 and Ann Intern Med 1964."""
    heading("Ankle jerk, from the tap to half-relaxation in the force, 3 seeds with 3 taps each")
    setting = Setting(condition="hypothyroidism")
    healthy, peak = _jerk_s(setting.in_health())
    slow, _ = _jerk_s(setting)
    fast, _ = _jerk_s(Setting(condition="hyperthyroidism"))
    fast_healthy, _ = _jerk_s(Setting(condition="hyperthyroidism").in_health())
    within("healthy, to the peak", peak, 0.145, 0.230, "ms", scale=1e3)
    within("healthy, to half-relaxation", healthy, 0.240, 0.340, "ms", scale=1e3)
    within("hypothyroidism over healthy", slow.mean() / healthy.mean(), 285 / 265, 780 / 210, "times")
    within("hyperthyroidism over healthy", fast.mean() / fast_healthy.mean(), 100 / 155, 150 / 155, "times")
    print(f"    hypothyroidism {1e3 * slow.mean():.0f} ms, hyperthyroidism {1e3 * fast.mean():.0f} ms")


def _jerk_s(setting: Setting) -> tuple[FloatArray, FloatArray]:
    """Return times from taps to half-relaxation and to the peak, in s."""
    half, peak = [], []
    for seed in SEEDS:
        simulation = simulated(setting, 10.0, seed)
        rate_hz = simulation.recording.channel("Force").sampling_rate_hz
        for force in after(simulation, "Force", EventKind.TENDON_TAP, 1.0):
            if np.ptp(force) > 0:
                top = int(force.argmax())
                below = np.flatnonzero(force[top:] < force[top] / 2)
                peak.append(top / rate_hz)
                half.append((top + int(below[0])) / rate_hz if below.size else np.inf)
    return np.array(half or [np.nan]), np.array(peak or [np.nan])


def clonus() -> None:
    """Compare clonus under loads with Hidler and Rymer 2000."""
    heading("Clonus after cord injury, from the gyroscope, from 1 s after the stretch on")
    found, sustained = [], []
    for mass in KG:
        simulation = simulated("spinal_cord_injury_spasticity", 10.0, load_mass=mass)
        start_s = float(times_s(simulation, EventKind.STRETCH)[0])
        found.append(channel_hz(simulation, "Gyro Z", start_s + 1, start_s + 4))
        turning = next(after(simulation, "Gyro Z", EventKind.STRETCH, 4.0))
        quarter = turning.size // 4
        sustained.append(turning[-quarter:].std() / turning[quarter : 2 * quarter].std())
    for mass, hertz, share in zip(KG, found, sustained, strict=True):
        within(f"frequency with {mass:g} kg", np.array(hertz), 3.8, 7.0, "Hz")
        check(
            f"  swing in the fourth second over the second, {mass:g} kg",
            "0.5 or more",
            f"{share:.2f}",
            holds=share >= 0.5,
        )
    falls = all(one > other for one, other in pairwise(found))
    check("frequency falls with the load", "each below the one before", f"{np.round(found, 2).tolist()}", holds=falls)
    healthy = simulated(Setting(condition="spinal_cord_injury_spasticity").in_health(), 10.0)
    start_s, beats_s = float(times_s(healthy, EventKind.STRETCH)[0]), times_s(healthy, EventKind.CLONUS_BEAT)
    held, let_go = (beats_s < start_s + 4).sum(), (beats_s >= start_s + 4).sum()
    check(
        "a healthy ankle gives no clonus while it is held", "no beat", f"{held}, and {let_go} let go", holds=held == 0
    )


def tremors() -> None:
    """Compare frequencies of tremors with published ranges, and how a load shifts them."""
    heading("Tremor, largest peak of the spectrum, 3 seeds of 20 s")
    for condition, channel, low, high in (
        ("parkinson_disease", "Acc Y", 4.0, 6.0),
        ("essential_tremor", "Acc Y", 4.0, 12.0),
        ("enhanced_physiological_tremor", "Acc Y", 6.0, 12.0),
        ("orthostatic_tremor", "EMG", 13.0, 18.0),
        ("cerebellar_disease", "Acc Y", 2.5, 5.0),
    ):
        found = np.array([channel_hz(simulated(condition, 20.0, seed), channel) for seed in SEEDS])
        within(f"{condition}, {channel}", found, low, high, "Hz")
    for condition, low, high in (("essential_tremor", -1.0, 1.0), ("enhanced_physiological_tremor", 1.0, 12.0)):
        shifts = []
        for seed in SEEDS:
            free, loaded = (channel_hz(simulated(condition, 20.0, seed, load_mass=kg), "Acc Y") for kg in (0.0, 1.0))
            shifts.append(free - loaded)
            print(f"    {condition}, seed {seed}: {free:.2f} Hz, with 1 kg {loaded:.2f} Hz")
        within(f"{condition}, slower with 1 kg by", np.array(shifts), low, high, "Hz")


def nerve_stimulation() -> None:
    """Compare an evoked twitch with Barry 1992, and a tiring junction with what clinicians call a decrement."""
    heading("Nerve stimulation")
    simulation = simulate_condition(
        Setting(condition="healthy", muscle="thenar", scene="nerve_stimulation", changes=SILENT),
        duration_s=10.0,
        seed=1,
        apparatus=Apparatus(sampling_rate_hz=1000.0),
    )
    skin = next(after(simulation, "Skin", EventKind.NERVE_STIMULUS, 0.1))
    acceleration = np.gradient(np.gradient(skin, 1e-3), 1e-3)
    size = float(np.ptp(acceleration))
    fine = np.interp(np.arange(0.0, 99.0, 0.1), np.arange(acceleration.size), np.abs(acceleration))
    onset_s = float(np.flatnonzero(fine > 0.02 * size)[0]) * 1e-4
    within("thenar: from the stimulus to the skin's acceleration", np.array(onset_s), 4.5e-3, 6.3e-3, "ms", scale=1e3)
    within("thenar: that acceleration, peak to peak", np.array(size), 4.1, 8.9, "m/s2")
    myasthenic, healthy = Setting(condition="myasthenia_gravis"), Setting(condition="myasthenia_gravis").in_health()
    sick = np.array([_decrement(myasthenic, seed) for seed in SEEDS])
    within("myasthenia: fall of the M-wave to the fourth of 3 a second", sick, 0.10, 1.0, "%", scale=100)
    sound = np.array([_decrement(healthy, seed) for seed in SEEDS])
    within("  the same in health", sound, -0.05, 0.10, "%", scale=100)


def _decrement(setting: Setting, seed: int) -> float:
    """Return by which share the M-wave falls from the first to the fourth stimulus."""
    simulation = simulated(setting, 10.0, seed)
    waves = list(after(simulation, "EMG", EventKind.NERVE_STIMULUS, 0.05))
    return 1 - float(np.ptp(waves[3]) / np.ptp(waves[0]))


def recorded_force() -> None:
    """Predict a recorded force from the discharges recorded with it."""
    heading("Force from the discharges of a few recorded units, vastus lateralis")
    path = SHARED / "emg" / "openhdemg_vastus_lateralis.mat"
    if not path.exists():
        print(f"    {path.name} is not there")
        return
    recording = read_recording(path)
    channel = recording.of_kind(ChannelKind.FORCE)[0]
    texts = sorted({note.text for note in recording.annotations})
    trains = [np.array([note.start_s for note in recording.annotations if note.text == text]) for text in texts]
    parameters = parameters_for(Setting(condition="healthy", muscle="vastus_lateralis"))
    time_s, predicted = force_from_discharges_n(trains, recording.duration_s, parameters, n_units=300)
    force = recording.read(channel.name)
    measured = np.interp(time_s, np.arange(force.size) / channel.sampling_rate_hz, force)
    explained = explained_share(measured, fitted_gain(predicted, measured) * predicted)
    within(f"r2, {len(trains)} units, only a gain is fitted", np.array(explained), 0.9, 1.0, "")


def main() -> None:
    """Print all tables."""
    velocities()
    anterior_tibial_units()
    thenar_units()
    ankle_jerks()
    clonus()
    tremors()
    nerve_stimulation()
    recorded_force()
    heading("The axon beside NEURON, in the limit of small steps")
    _axon.beside_neuron()
    print(f"\n{len(missed)} missed{': ' + '; '.join(missed) if missed else ''}")


if __name__ == "__main__":
    main()
