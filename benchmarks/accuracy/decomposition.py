"""How well motor units are found in contractions on grids, and how fast, beside an open decomposer on the same samples.

The real recording lies beside the checkout (an openhdemg sample, vastus lateralis, 64 channels) with five units that
experts checked; the rate of agreement is discharges in common over all, within 1 ms after the best delay. Simulated
contractions have exact truth; a unit counts as found from a rate of agreement of 0.9, and as false below 0.5 with every
true one. Peers are given the samples in the same band. Times are of the processor, which other work on the machine
changes less than the clock; they and their ratio are of one run. Set OMP_NUM_THREADS=1 for one core.

Run ``python -m benchmarks.accuracy.decomposition``; with ``--full`` peers also take the simulated ones. With ``--long``
the time and the memory of long recordings of 256 channels are measured instead, which are made while they are read.
"""

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

from twitchwise.formats import read_recording
from twitchwise.measure.emg.decompose import decompose
from twitchwise.measure.emg.decompose.trains import agreement
from twitchwise.simulate import Apparatus, Grid, Setting, simulate_condition
from twitchwise.vocabulary import ChannelKind

sys.path.insert(0, str(Path(__file__).resolve().parent))

Samples = npt.NDArray[np.float32]
Train = npt.NDArray[np.int64]
Decomposer = Callable[[Samples, float], list[Train]]

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "emg" / "openhdemg_vastus_lateralis.mat"
PEER_BAND_HZ = (20.0, 450.0)
WITHIN_S, MOST_S = 0.001, 0.03
FOUND, FALSE = 0.9, 0.5
SCENES = ((1, 0.05), (2, 0.1), (3, 0.15), (4, 0.3), (5, 0.6))  # seeds and shares of the greatest drive
SIMULATED_S, SIMULATED_UNITS = 20.0, 100
LONG_MIN = (1.5, 8.0, 30.0)


def ours(samples: Samples, rate_hz: float) -> list[Train]:
    """Give the package's own units."""
    return [unit.discharges for unit in decompose(samples, rate_hz).units]


def emgdecomp(samples: Samples, rate_hz: float) -> list[Train]:
    """Give the units of emgdecomp, with the band-pass that it leaves to its user."""
    peer = import_module("_emgdecomp")
    sections = butter(2, PEER_BAND_HZ, "bandpass", fs=rate_hz, output="sos")
    found: list[Train] = peer.trains(sosfiltfilt(sections, samples, axis=1), rate_hz)
    return found


METHODS: dict[str, Decomposer] = {"twitchwise": ours, "emgdecomp 0.1.0, its defaults": emgdecomp}


def timed(method: Decomposer, samples: Samples, rate_hz: float) -> tuple[list[Train], float] | str:
    """Return units and processor time in s, or a sentence that says why there are none."""
    begin = time.process_time()
    try:
        return method(samples, rate_hz), time.process_time() - begin
    except ImportError as error:
        return f"{error.name} is not installed"


def best(train: Train, others: list[Train], rate_hz: float) -> float:
    """Return the best rate of agreement of a train with any of some others."""
    most, within = round(MOST_S * rate_hz), max(1, round(WITHIN_S * rate_hz / 2))
    return max((agreement(train, other, most=most, within=within) for other in others), default=0.0)


def real() -> tuple[Samples, float, dict[str, Train]]:
    """Return samples, rate and the trains that experts checked."""
    recording = read_recording(REAL)
    channels = recording.of_kind(ChannelKind.EMG)
    rate_hz = channels[0].sampling_rate_hz
    times = defaultdict(list)
    for note in recording.annotations:
        times[note.text].append(note.start_s)
    trains = {name: np.sort(np.rint(np.array(at) * rate_hz).astype(np.int64)) for name, at in sorted(times.items())}
    return np.stack([recording.read(channel.name) for channel in channels]).astype(np.float32), rate_hz, trains


def on_real() -> None:
    """Print agreement with the experts and the time, for every method."""
    if not REAL.exists():
        print(f"the real recording is not beside the checkout ({REAL.name})")
        return
    samples, rate_hz, experts = real()
    print(
        f"\nreal contraction, {samples.shape[0]} channels, {samples.shape[1] / rate_hz:.1f} s\n{'method':32s}", end=""
    )
    print("units  agreement with the experts' units 1 to 5       cpu s")
    spent: dict[str, float] = {}
    for name, method in METHODS.items():
        result = timed(method, samples, rate_hz)
        if isinstance(result, str):
            print(f"{name:32s}{result}")
            continue
        units, spent[name] = result
        rates = "  ".join(f"{best(train, units, rate_hz):.3f}" for train in experts.values())
        print(f"{name:32s}{len(units):5d}  {rates:45s}{spent[name]:9.1f}", flush=True)
    for name, spent_s in list(spent.items())[1:]:
        print(f"    {name} takes {spent_s / spent['twitchwise']:.1f} times as long")


def simulated(seed: int, drive: float) -> tuple[Samples, float, list[Train]]:
    """Return a simulated contraction on a grid of 64, and the true trains of all active units."""
    apparatus = Apparatus(electrodes=Grid(rows=8, columns=8, spacing_m=0.008), n_units=SIMULATED_UNITS)
    setting = Setting(condition="healthy_contraction", changes={"voluntary_drive": drive})
    made = simulate_condition(setting, duration_s=SIMULATED_S, seed=seed, apparatus=apparatus)
    channels = made.recording.of_kind(ChannelKind.EMG)[:64]
    rate_hz, table = channels[0].sampling_rate_hz, made.discharges
    agonist = table.pool == 0
    trains = [
        np.rint(table.time_s[agonist & (table.motor_unit == unit)] * rate_hz).astype(np.int64)
        for unit in np.unique(table.motor_unit[agonist])
    ]
    return np.stack([made.recording.read(channel.name) for channel in channels]).astype(np.float32), rate_hz, trains


def on_simulated(methods: dict[str, Decomposer]) -> None:
    """Print what is found of simulated contractions."""
    print(f"\nsimulated contractions, 64 channels, {SIMULATED_S:g} s\n{'drive, seed':16s}{'method':32s}", end="")
    print("active  units  found  false  median agreement  cpu s")
    for seed, drive in SCENES:
        samples, rate_hz, truth = simulated(seed, drive)
        for name, method in methods.items():
            result = timed(method, samples, rate_hz)
            if isinstance(result, str):
                print(f"{drive:<10g}{seed:<6d}{name:32s}{result}")
                continue
            rates = np.array([best(unit, truth, rate_hz) for unit in result[0]])
            median = float(np.median(rates)) if rates.size else float("nan")
            counts = f"{len(truth):6d}{rates.size:7d}{(rates >= FOUND).sum():7d}{(rates < FALSE).sum():7d}"
            print(f"{drive:<10g}{seed:<6d}{name:32s}{counts}{median:18.3f}{result[1]:8.1f}", flush=True)


@dataclass(frozen=True, eq=False)
class Long:
    """A recording of four contractions side by side, over and over, in noise that comes again at another time."""

    tiles: tuple[Samples, ...]
    noise: Samples
    n_samples: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of channels and of samples."""
        return (sum(len(tile) for tile in self.tiles), self.n_samples)

    def read(self, channels: Train, first: int, stop: int) -> Samples:
        """Return samples of channels."""
        at = np.arange(first, stop)
        whole = np.concatenate([tile[:, at % tile.shape[1]] for tile in self.tiles])
        whole += self.noise[:, at % self.noise.shape[1]]
        return whole[channels]


def on_long() -> None:
    """Print the time and the memory of recordings of several lengths."""
    made = [simulated(seed, 0.15) for seed in range(3, 7)]
    rate_hz = made[0][1]
    tiles = tuple(samples[:, : samples.shape[1] - 731 * number] for number, (samples, _, _) in enumerate(made))
    rms = float(np.sqrt(np.mean(np.square(tiles[0]))))
    shape = (sum(map(len, tiles)), round(61.7 * rate_hz))
    noise = (0.1 * rms * np.random.default_rng(0).normal(size=shape)).astype(np.float32)
    print(f"\n{shape[0]} channels, {rate_hz:g} Hz\nmin   units  discharges  cpu s", end="")
    print("  times real time  peak memory MiB (before)")
    for minutes in LONG_MIN:
        rows = Long(tiles, noise, round(minutes * 60 * rate_hz))
        before, begin = peak_mib(), time.process_time()
        units = decompose(rows, rate_hz).units
        spent_s = time.process_time() - begin
        found = f"{minutes:<6g}{len(units):5d}{sum(unit.discharges.size for unit in units):12d}{spent_s:7.0f}"
        print(f"{found}{60 * minutes / spent_s:17.1f}{peak_mib():17.0f} ({before:.0f})", flush=True)


def peak_mib() -> float:
    """Return the most memory that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print both tables, or that of long recordings."""
    if "--long" in sys.argv:
        on_long()
        return
    on_real()
    on_simulated(METHODS if "--full" in sys.argv else {"twitchwise": ours})


if __name__ == "__main__":
    main()
