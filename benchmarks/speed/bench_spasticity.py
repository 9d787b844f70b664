"""How long a day of acceleration at an ankle takes to search for clonus, spasms and falls, and how much memory.

The day is made piece by piece as a file would be read. Beats of clonus in EMG are timed beside the peer of
``benchmarks.accuracy.spasticity`` in the same run. Run ``python -m benchmarks.speed.bench_spasticity``.
"""

import resource
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from benchmarks.accuracy.spasticity import beats_of_peer, measured
from benchmarks.speed._looped import Looped

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.signals.recording import Annotation
from twitchwise.vocabulary import ChannelKind, Electrode, Unit

FloatArray = npt.NDArray[np.float64]

RATE_HZ, EMG_RATE_HZ = 100.0, 2000.0
DAY_S, EMG_S = 24 * 3600.0, 600.0
REPEATS = 3
MIB = 1024  # ``ru_maxrss`` counts KiB


def day() -> Recording:
    """Return 24 h at 100 Hz on three axes."""
    rng = np.random.default_rng(0)
    minute = rng.normal(scale=0.03, size=(3, round(60 * RATE_HZ)))
    minute[1] += 9.81
    minute[0, 2000:2300] += 2 * np.sin(2 * np.pi * 2 * np.arange(300) / RATE_HZ)
    n_samples = round(DAY_S * RATE_HZ)
    channels = tuple(
        Channel(
            name=f"acc {axis}",
            kind=ChannelKind.ACCELERATION,
            unit=Unit.METER_PER_SECOND_SQUARED,
            sampling_rate_hz=RATE_HZ,
            n_samples=n_samples,
            array="acc",
            site="ankle",
        )
        for axis in "xyz"
    )
    return Recording(name="day", format="array", channels=channels, source=Looped(minute))


def clonus() -> tuple[Recording, FloatArray]:
    """Return ten minutes of EMG with a stretch and a bout of clonus every ten seconds."""
    rng = np.random.default_rng(0)
    time_s = np.arange(0, EMG_S, 1 / EMG_RATE_HZ)
    since = (time_s - 2) % 10
    beat = np.exp(-0.5 * (((since % 0.18) - 0.09) / 0.02) ** 2) * (since < 5)
    samples = (3e-6 + 1e-4 * beat) * rng.normal(size=time_s.size)
    channel = Channel(
        name="EMG",
        kind=ChannelKind.EMG,
        unit=Unit.VOLT,
        sampling_rate_hz=EMG_RATE_HZ,
        n_samples=samples.size,
        electrode=Electrode.SURFACE,
    )
    notes = tuple(Annotation(start_s=float(at), duration_s=0.0, text="stretch") for at in range(2, int(EMG_S), 10))
    recording = Recording(
        name="clonus", format="array", channels=(channel,), source=ArraySource([samples]), annotations=notes
    )
    return recording, samples


def fastest(work: Callable[[], object]) -> float:
    """Return the shortest of several wall times in seconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    measured(clonus()[0])  # what is loaded once is no part of the times
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = day()
    seconds = fastest(lambda: measured(whole))
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"24 h of three axes at 100 Hz: {seconds:.2f} s, {DAY_S / seconds:.0f} times real time, {more / MIB:.0f} MiB")
    recording, samples = clonus()
    ours, peer = fastest(lambda: measured(recording)), fastest(lambda: beats_of_peer(samples, EMG_RATE_HZ))
    print(f"10 min of clonus in EMG at 2 kHz: {ours:.2f} s; peer {peer:.2f} s; {peer / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
