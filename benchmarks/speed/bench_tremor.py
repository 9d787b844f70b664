"""How long tremor in an hour of a watch takes beside ParaDigMa in the same run, how far both agree, and a whole day.

The hour is the real watch recording beside the checkout, over and over, or a rendered one where that is not there. The
peer runs in an environment of its own (``make peers``). The day is read piece by piece, so that its memory is that of
the measuring.

Run ``python -m benchmarks.speed.bench_tremor``.
"""

import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmarks.accuracy.tremor.scenes import RATE_HZ, colored, reaching, recording, sensed, tremor
from benchmarks.speed._clock import machine, ratio, row
from benchmarks.speed._looped import Looped

from twitchwise.formats import read_recording
from twitchwise.measure import measure_recording
from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor import measure_tremor
from twitchwise.measure.motion.tremor.recording import sensors_looked_at
from twitchwise.measure.motion.tremor.windows import judge_windows
from twitchwise.signals import Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray

ROOT = Path(__file__).resolve().parents[2]
PEER = ROOT / ".venv" / "peers" / "bin" / "python"
WATCH = ROOT.parent / "shared" / "data" / "motion" / "paradigma_watch" / "gyroscope_meta.json"
HOUR_S, DAY_S = 3600.0, 86_400.0
TARGET = 20.0
REPEATS = 15
MIB = 1024  # ``ru_maxrss`` counts KiB


def watch() -> FloatArray:
    """Return the gyroscope of the real watch, or of a rendered one, in rad/s, shape ``(3, n)``."""
    if WATCH.is_file():
        real = read_recording(WATCH)
        return np.stack([real.read(channel.name) for channel in real.of_kind(ChannelKind.ANGULAR_VELOCITY)])
    rng = np.random.default_rng(1)
    linear = colored(rng, 60_000, 2.0, 0.1)
    linear[:, :20_000] += tremor(rng, 20_000, 5.0, 0.6)
    linear[:, 30_000:] += reaching(rng, 30_000)
    return sensed(linear, rng)[1]


def day_of(rows: FloatArray) -> Recording:
    """Return a day of a watch."""
    n_samples = int(DAY_S * RATE_HZ)
    channels = tuple(
        Channel(
            name=f"gyroscope {axis}",
            kind=ChannelKind.ANGULAR_VELOCITY,
            unit=Unit.RADIAN_PER_SECOND,
            sampling_rate_hz=RATE_HZ,
            n_samples=n_samples,
            array="gyroscope",
        )
        for axis in "xyz"
    )
    return Recording(name="day", format="looped", channels=channels, source=Looped(rows))


def kappa(first: FloatArray, second: FloatArray) -> float:
    """Return Cohen's kappa of two rows of yes and no."""
    one, other = first > 0, second > 0
    chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return float(((one == other).mean() - chance) / (1 - chance))


def processor_s(work: Callable[[], object]) -> float:
    """Return the least processor time in s of several calls."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def beside_peer(hour: FloatArray, ours_s: tuple[float, float, float], shown: FloatArray) -> None:
    """Run the peer on the same samples and print the ratios and the agreement.

    ``ours_s`` are our times for the windows alone, for all of tremor, and for all that is measured of a recording;
    ``shown`` holds our windows.
    """
    if not PEER.is_file():
        print("  ParaDigMa is not installed; make peers installs it.")
        return
    with tempfile.TemporaryDirectory() as folder:
        samples, windows = Path(folder) / "samples.npy", Path(folder) / "windows.npy"
        np.save(samples, np.degrees(hour.T))
        script = Path(__file__).with_name("_paradigma.py")
        command = [str(PEER), str(script), str(samples), str(RATE_HZ), str(windows)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
        theirs = np.load(windows)
    ratio("ParaDigMa 1.1.2, to its windows, beside our windows", float(done.stdout), ours_s[0], TARGET)
    ratio("the same beside all our measurements of tremor", float(done.stdout), ours_s[1], TARGET)
    ratio("the same beside all that we measure of a recording", float(done.stdout), ours_s[2], TARGET)
    n_windows = min(len(theirs), shown.shape[1])
    called = theirs[:n_windows, 2]
    apart = np.abs(shown[1, :n_windows] - theirs[:n_windows, 1])[called > 0]
    print(f"    agreement over {n_windows} windows: kappa {kappa(shown[0, :n_windows], called):.3f}")
    if apart.size:
        print(f"    frequency in its {apart.size} windows of tremor: at most {apart.max():.2f} Hz apart")


def main() -> None:
    """Print the table."""
    print(machine())
    rows = watch()
    hour = np.tile(rows, (1, int(HOUR_S * RATE_HZ) // rows.shape[1] + 1))[:, : int(HOUR_S * RATE_HZ)]
    made = recording(None, hour)
    shown = sensors_looked_at(made, Asked())[0]
    windows = shown.windows
    ours_s = (
        processor_s(lambda: judge_windows(shown.trace, Asked(), lambda _: None)),
        processor_s(lambda: measure_tremor(made, Asked(), lambda _: None)),
        processor_s(lambda: measure_recording(made)),
    )
    row("an hour of a watch's gyroscope at 100 Hz, its windows", ours_s[0])
    row("the same, all measurements of tremor", ours_s[1])
    row("the same, all that is measured: clonus, spasms, sleep as well", ours_s[2])
    beside_peer(hour, ours_s, np.stack([windows.tremor.astype(np.float64), windows.frequency_hz]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    measure_tremor(day_of(rows), Asked(), lambda _: None)
    row("a day of it, read piece by piece", time.perf_counter() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MIB
    print(f"    the day raised the peak memory by {grown:.0f} MiB")


if __name__ == "__main__":
    main()
