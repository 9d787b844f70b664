"""How long the detector takes beside general EMG onset detectors, as ratios measured in one run, and a whole night.

The peers find bursts in one array; the detector also follows the noise, tells rest from activity and takes out hum. The
night is eight hours at 2 kHz, made piece by piece as a file would be read, so that its memory is the detector's.

Run ``python -m benchmarks.speed.bench_measure``.
"""

import resource
import time
import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from twitchwise.measure import measure_recording
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.signals.sample_source import SampleSource
from twitchwise.simulate import Apparatus, simulate_condition
from twitchwise.vocabulary import ChannelKind, Unit

FloatArray = npt.NDArray[np.float64]

RATE_HZ = 2000.0
MINUTES = 10
NIGHT_S = 8 * 3600.0
REPEATS = 3
APPARATUS = Apparatus(sampling_rate_hz=RATE_HZ)
MIB = 1024  # ``ru_maxrss`` counts KiB


class Looped:
    """A minute of samples, over and over: a night that needs no memory, with hum in it if asked."""

    def __init__(self, minute: FloatArray, hum_v: float) -> None:
        self._minute, self._hum_v = minute, hum_v

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop``."""
        del channel
        place = np.arange(start, stop)
        hum = self._hum_v * np.sin(2 * np.pi * 50.02 / RATE_HZ * place)
        return np.asarray(self._minute[place % self._minute.size] + hum, dtype=np.float64)


def recording_of(source: SampleSource, n_samples: int) -> Recording:
    """Return one EMG channel."""
    channel = Channel(name="EMG", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=RATE_HZ, n_samples=n_samples)
    return Recording(name="bench", format="array", channels=(channel,), source=source)


def fastest(work: Callable[[], object]) -> float:
    """Return the shortest of several wall times in seconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def neurokit(signal: FloatArray) -> None:
    """Peer: NeuroKit2's cleaning, amplitude and activation."""
    import neurokit2  # noqa: PLC0415 - a peer, loaded when it is used

    clean = neurokit2.emg_clean(1e6 * signal, sampling_rate=int(RATE_HZ))
    neurokit2.emg_activation(neurokit2.emg_amplitude(clean), clean, sampling_rate=int(RATE_HZ), method="threshold")


def biosppy(signal: FloatArray) -> None:
    """Peer: BioSPPy's filtering and onset detection."""
    from biosppy.signals import emg  # noqa: PLC0415 - a peer, loaded when it is used

    emg.emg(signal=1e6 * signal, sampling_rate=RATE_HZ, show=False)


def beside_peers() -> None:
    """Print wall times for ten minutes, and their ratio to the detector's."""
    simulation = simulate_condition(
        "benign_fasciculation_syndrome", duration_s=60.0 * MINUTES, seed=1, apparatus=APPARATUS
    )
    signal = simulation.recording.read("EMG")
    recording = recording_of(ArraySource([signal]), signal.size)
    work: dict[str, Callable[[], object]] = {
        "twitchwise": lambda: measure_recording(recording),
        "neurokit2": lambda: neurokit(signal),
        "biosppy": lambda: biosppy(signal),
    }
    print(f"{MINUTES} minutes at {RATE_HZ:g} Hz\n{'':14s}{'seconds':>9}{'ratio':>8}{'x real time':>13}")
    ours = None
    for name, run in work.items():
        try:
            run()  # loading is not measured
        except ImportError:
            print(f"{name} is not installed")
            continue
        seconds = fastest(run)
        ours = ours or seconds
        print(f"{name:14s}{seconds:9.3f}{seconds / ours:8.2f}{60 * MINUTES / seconds:13.0f}")


def a_night() -> None:
    """Print wall time and memory for eight hours, without and with hum to take out."""
    of_a_minute = simulate_condition("amyotrophic_lateral_sclerosis", duration_s=60.0, seed=1, apparatus=APPARATUS)
    minute = of_a_minute.recording.read("EMG")
    print(f"\nEight hours at {RATE_HZ:g} Hz\n{'':14s}{'seconds':>9}{'x real time':>13}{'peak MiB':>10}{'found':>8}")
    for name, hum_v in (("plain", 0.0), ("with hum", 1e-5)):
        recording = recording_of(Looped(minute, hum_v), round(NIGHT_S * RATE_HZ))
        start = time.perf_counter()
        measured = measure_recording(recording)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
        print(f"{name:14s}{seconds:9.1f}{NIGHT_S / seconds:13.0f}{peak:10.0f}{len(measured.events[0]):8d}")


def main() -> None:
    """Print both tables; the night first, because peak memory only grows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peers
        a_night()
        print()
        beside_peers()


if __name__ == "__main__":
    main()
