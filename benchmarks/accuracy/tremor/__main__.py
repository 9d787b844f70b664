"""Scores the tremor detector on rendered recordings and labels: ``python -m benchmarks.accuracy.tremor [--quick]``.

Printed are the share of windows without tremor that are called tremor, scene by scene; the least amplitude that is
found; error and coverage of the rate; and the agreement with the published detector on a real watch, where it lies
beside the checkout. The seeds are fixed, and none of them was used to choose a number of the detector.
"""

import argparse
from pathlib import Path

import numpy as np
from benchmarks.accuracy.tremor.scenes import RATE_HZ, WITHOUT, Movement, colored, recording, sensed, stroking, tremor

from twitchwise.formats import read_recording
from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.presence import Verdict
from twitchwise.measure.motion.tremor.recording import sensors_looked_at
from twitchwise.vocabulary import Task
from twitchwise.vocabulary.arrays import FloatArray

FIRST_SEED = 40_000
WATCH = Path(__file__).resolve().parents[4] / "shared" / "data" / "motion" / "paradigma_watch"


def false_windows(movement: Movement, seeds: int, task: Task | None) -> tuple[FloatArray, FloatArray]:
    """Return for accelerometer and gyroscope the share of windows called tremor, and of recordings, in percent."""
    windows, called, recordings = np.zeros(2), np.zeros(2), np.zeros(2)
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        rng = np.random.default_rng(seed)
        made = recording(*sensed(movement(rng, int(120 * RATE_HZ)), rng))
        for number, shown in enumerate(sensors_looked_at(made, Asked(task=task))):
            present = shown.presence.verdict is Verdict.PRESENT
            windows[number] += shown.windows.judged.sum()
            called[number] += shown.windows.tremor.sum() if present else 0
            recordings[number] += present
    return 100 * called / windows, 100 * recordings / seeds


def shaken(seed: int, rate_hz: float, amplitude: float, duration_s: float) -> SensorTremor:
    """Return what an accelerometer shows of a tremor over other movement of a tenth to half of its size."""
    rng = np.random.default_rng(seed)
    n_samples = int(duration_s * RATE_HZ)
    linear = tremor(rng, n_samples, rate_hz, amplitude, spread=rng.uniform(0.01, 0.06))
    linear += colored(rng, n_samples, rng.uniform(1, 3), amplitude * rng.uniform(0.1, 0.5))
    return sensors_looked_at(recording(sensed(linear, rng)[0], None), Asked())[0]


def print_false(seeds: int) -> None:
    """Print how often what is no tremor is called one."""
    print("False tremor, % of windows (and of recordings): accelerometer, gyroscope; then with --task posture")
    total = list[FloatArray]()
    for name, movement in WITHOUT.items():
        rows = [false_windows(movement, seeds, task) for task in (None, Task.POSTURE)]
        total.append(np.array([row[0] for row in rows]))
        told = "   ".join(f"{w[0]:5.2f} ({r[0]:3.0f}) {w[1]:5.2f} ({r[1]:3.0f})" for w, r in rows)
        print(f"  {name:28s}{told}", flush=True)
    mean = np.mean(total, axis=0)
    told = "   ".join(f"{row[0]:5.2f}       {row[1]:5.2f}      " for row in mean)
    print(f"  {'all of them':28s}{told}")
    windows, recordings = false_windows(stroking, seeds, None)
    print(f"  teeth being brushed, which looks the same: {windows[0]:.0f} ({recordings[0]:.0f}), {windows[1]:.0f}")


def print_found(seeds: int) -> None:
    """Print which amplitudes are found."""
    print("\nTremor found, % of windows of an accelerometer, by amplitude in m/s2 (the eye sees 0.069)")
    print("  rate      " + "".join(f"{amplitude:8.2f}" for amplitude in AMPLITUDES))
    for rate_hz in (3.0, 4.5, 6.0, 8.0, 11.0):
        shares = []
        for amplitude in AMPLITUDES:
            shown = [shaken(FIRST_SEED + seed, rate_hz, amplitude, 60.0) for seed in range(seeds)]
            shares.append(100 * float(np.mean([one.windows.tremor[one.windows.judged].mean() for one in shown])))
        print(f"  {rate_hz:4.1f} Hz   " + "".join(f"{share:8.0f}" for share in shares), flush=True)


AMPLITUDES = (0.03, 0.07, 0.1, 0.2, 0.5, 2.0)


def print_rate(seeds: int) -> None:
    """Print error and coverage of the rate by the length of the recording."""
    print("\nRate: standard deviation of the error, half the 95 % interval, and how often it covers the truth")
    for duration_s in (12.0, 30.0, 60.0, 180.0):
        errors, halves, covered = [], [], []
        for seed in range(seeds):
            rate_hz = float(np.random.default_rng(seed).uniform(3.5, 10.0))
            found = shaken(FIRST_SEED + 1000 + seed, rate_hz, 0.5, duration_s).tremor
            if found is not None:
                errors.append(found.rate.value - rate_hz)
                halves.append((found.rate.high - found.rate.low) / 2)
                covered.append(found.rate.low <= rate_hz <= found.rate.high)
        told = f"{np.std(errors):.3f} Hz   {np.median(halves):.3f} Hz   {100 * np.mean(covered):.1f} %"
        print(f"  {duration_s:4.0f} s   {told}   of {len(errors)}", flush=True)


def print_agreement() -> None:
    """Print the agreement with the published detector's own labels on a real watch."""
    if not WATCH.is_dir():
        print("\nThe watch recording does not lie beside the checkout.")
        return
    labels = np.fromfile(WATCH / "golden_tremor" / "tremor_values.bin").reshape(-1, 4)[:, 2] > 0
    windows = sensors_looked_at(read_recording(WATCH / "gyroscope_meta.json"), Asked())[0].windows
    chance = windows.tremor.mean() * labels.mean() + (1 - windows.tremor.mean()) * (1 - labels.mean())
    kappa = ((windows.tremor == labels).mean() - chance) / (1 - chance)
    print(f"\nReal watch, {labels.size} windows of which {labels.sum()} are labeled tremor: kappa {kappa:.3f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the recordings")
    quick = parser.parse_args().quick
    print_false(8 if quick else 40)
    print_found(4 if quick else 20)
    print_rate(40 if quick else 300)
    print_agreement()


if __name__ == "__main__":
    main()
