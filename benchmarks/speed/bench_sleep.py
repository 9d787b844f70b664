"""How long a night of eight hours with the EMG of two legs at 512 Hz takes, and how much memory, beside a peer.

The night is written as EDF+ and read back; reading and measuring of sleep are timed together. The peer is the leg
movement scoring of psgscoring, which gets the samples from memory and the stages as a list. Times are of the processor,
so that a busy machine does not decide. Run ``python -m benchmarks.speed.bench_sleep``.
"""

import importlib
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from benchmarks.speed import _clock

from twitchwise.formats import read_recording, write_edf
from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep import measure_sleep
from twitchwise.signals import Annotation, ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit

HOURS, RATE_HZ, SEED = 8.0, 512.0, 1
TARGET_S = 10.0
STAGES = ("W", "N1", "N2", "N2", "N3", "R")


def night() -> Recording:
    """Return a night of noise with 400 movements of the left leg, half of them of the right leg too."""
    rng = np.random.default_rng(SEED)
    n_samples = round(3600 * HOURS * RATE_HZ)
    legs = [rng.normal(0.0, 1.5e-6, n_samples) for _ in range(2)]
    for onset in np.linspace(600.0, 3600 * HOURS - 60.0, 400):
        first, n = round(onset * RATE_HZ), round(rng.uniform(0.6, 5.0) * RATE_HZ)
        for leg in legs[: int(rng.integers(1, 3))]:
            leg[first : first + n] += rng.normal(0.0, 25e-6, n)
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=RATE_HZ, n_samples=n_samples)
        for name in ("EMG LAT", "EMG RAT")
    )
    return Recording(
        name="night",
        format="array",
        channels=channels,
        source=ArraySource(legs),
        annotations=tuple(
            Annotation(start_s=30.0 * epoch, duration_s=30.0, text=f"Sleep stage {stage}")
            for epoch, stage in enumerate(stages())
        ),
    )


def stages() -> list[str]:
    """Return a stage for every epoch of the night."""
    return [STAGES[(epoch // 20) % len(STAGES)] for epoch in range(round(120 * HOURS))]


def ours_s(path: Path) -> float:
    """Return the processor time in s of reading and measuring a file."""
    start = time.process_time()
    found = measure_sleep(read_recording(path), Asked(), lambda _: None)
    assert found is not None
    index = next(one for one in found.measurements if one.id == "plm_index")
    taken = time.process_time() - start
    print(f"  twitchwise: {index.value:.1f} periodic leg movements an hour")
    return taken


def peak_mb(path: Path) -> float:
    """Return the most memory in MB that reading and measuring a file holds at a time."""
    tracemalloc.start()
    ours_s(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def peer_s(recording: Recording, *, by_aasm: bool) -> float | None:
    """Return the processor time in s of psgscoring, or ``None`` where it is not installed."""
    try:
        analyze_plm = importlib.import_module("psgscoring.plm").analyze_plm
    except ImportError:
        return None
    left, right = (recording.read(channel.name) for channel in recording.channels)
    options: dict[str, object] = {"offset_aasm": True, "bilateral_window_s": 5.0} if by_aasm else {}
    start = time.process_time()
    found = analyze_plm(left, right, RATE_HZ, stages(), leg_unit="V", event_list_cap=None, **options)
    taken = time.process_time() - start
    print(f"  psgscoring{', AASM options' * by_aasm}: {found['summary']['plm_index']} an hour")
    return taken


def main() -> None:
    """Print the times."""
    print(f"{_clock.machine()}\n{', '.join(_clock.installed('twitchwise', 'psgscoring'))}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.edf"
        write_edf(night(), path)
        ours_s(path)  # loads what is loaded once
        taken = min(ours_s(path) for _ in range(_clock.REPEATS))
        _clock.row(f"reading and measuring {HOURS:g} h of two legs at {RATE_HZ:g} Hz", taken, TARGET_S)
        print(f"    memory held at most: {peak_mb(path):.0f} MB")
        recording = night()
        for by_aasm in (False, True):
            seconds = peer_s(recording, by_aasm=by_aasm)
            name = f"psgscoring, samples from memory{', AASM options' * by_aasm}"
            if seconds is None:
                print(f"    {name}: not installed")
            else:
                _clock.ratio(name, seconds, taken)


if __name__ == "__main__":
    main()
