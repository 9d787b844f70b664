"""How long a grid of 64 channels takes, and how much memory a night of it, beside general EMG onset detectors.

The detectors are given the same channels one by one, as they take one array; they look for contractions only. The
night is eight hours of 64 channels at 2048 Hz, made piece by piece from a minute as a file would be read, so that its
memory is the detector's. It runs in a process of its own, as peak memory only grows. Seconds are those of the
processor, all threads together, so that they are those of one core whatever else the machine does.

Run ``python -m benchmarks.speed.bench_emg_grid [--night] [--hours N]``.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.speed._clock import machine, ratio

from twitchwise.measure import measure_recording
from twitchwise.signals import Channel, Recording
from twitchwise.simulate import Apparatus, Grid, Setting, simulate_condition
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 2048.0
MINUTE_S, HOURS = 60.0, 8.0
APPARATUS = Apparatus(electrodes=Grid(rows=8, columns=8, spacing_m=0.008), sampling_rate_hz=RATE_HZ)
SCENES = {
    "rest with fasciculations": Setting(
        condition="amyotrophic_lateral_sclerosis", scene="rest", changes={"fasciculation_rate_per_min": 40.0}
    ),
    "contraction": Setting(condition="healthy_contraction"),
}
TARGET, TARGET_MIB = 200.0, 512.0
PEER_CHANNELS = 1  # the others take as long; the sum is scaled up
KIB = 1024  # ``ru_maxrss`` counts KiB
Samples = npt.NDArray[np.float32]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's time for one call, in s."""
    start = time.process_time()
    work()
    return time.process_time() - start


class Looped:
    """A minute of all channels, over and over: a night that needs no memory."""

    def __init__(self, minute: Samples) -> None:
        self._minute = minute

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel."""
        row, length = self._minute[channel], self._minute.shape[1]
        first = start % length
        whole = np.tile(row, -(-(first + stop - start) // length)) if first + stop - start > length else row
        return np.asarray(whole[first : first + stop - start], dtype=np.float64)


def minute_of(setting: Setting) -> tuple[Samples, tuple[Channel, ...]]:
    """Return a minute of all EMG channels, in V, and what they are."""
    simulation = simulate_condition(setting, duration_s=MINUTE_S, seed=1, apparatus=APPARATUS)
    channels = [one for one in simulation.recording.of_kind(ChannelKind.EMG) if one.name != "EMG antagonist"]
    samples = np.stack([simulation.recording.read(one.name) for one in channels]).astype(np.float32)
    return samples, tuple(replace(one, array=one.array or "grid") for one in channels)


def recording_of(minute: Samples, channels: tuple[Channel, ...], duration_s: float) -> Recording:
    """Return a recording that repeats a minute."""
    n_samples = round(duration_s * RATE_HZ)
    return Recording(
        name="bench",
        format="array",
        channels=tuple(replace(one, n_samples=n_samples) for one in channels),
        source=Looped(minute),
    )


def neurokit(samples_v: FloatArray) -> None:
    """Peer: NeuroKit2's cleaning, amplitude and activation."""
    import neurokit2  # noqa: PLC0415 - a peer, loaded when it is used

    clean = neurokit2.emg_clean(1e6 * samples_v, sampling_rate=int(RATE_HZ))
    neurokit2.emg_activation(neurokit2.emg_amplitude(clean), clean, sampling_rate=int(RATE_HZ), method="threshold")


def biosppy(samples_v: FloatArray) -> None:
    """Peer: BioSPPy's filtering and onset detection."""
    from biosppy.signals import emg  # noqa: PLC0415 - a peer, loaded when it is used

    emg.emg(signal=1e6 * samples_v, sampling_rate=RATE_HZ, show=False)


PEERS: dict[str, Callable[[FloatArray], None]] = {"neurokit2": neurokit, "biosppy": biosppy}


def beside_peers(minutes: float) -> None:
    """Print wall times for some minutes of each scene, and the peers' over ours."""
    for name, setting in SCENES.items():
        samples, channels = minute_of(setting)
        recording = recording_of(samples, channels, MINUTE_S * minutes)
        measure_recording(recording_of(samples, channels, MINUTE_S))  # loading is not measured
        ours = min(seconds(lambda recording=recording: measure_recording(recording)) for _ in range(2))  # type: ignore[misc]
        speed = MINUTE_S * minutes / ours
        print(
            f"  {name}, {len(channels)} channels, {minutes:g} min: {ours:.2f} s, {speed:.0f} times real time"
            f"  target {TARGET:g}: {'met' if speed >= TARGET else 'MISSED'}",
            flush=True,
        )
        for peer, work in PEERS.items():
            beside(peer, work, samples, ours / minutes)


def beside(peer: str, work: Callable[[FloatArray], None], samples: Samples, ours_s: float) -> None:
    """Print a peer's time for a minute of all channels, scaled up from a few, over ours."""
    try:
        work(samples[0].astype(np.float64))  # loading is not measured
    except ImportError:
        print(f"    {peer} is not installed")
        return
    except Exception as error:  # noqa: BLE001 - a peer that fails is a result
        print(f"    {peer} failed: {type(error).__name__}: {error}"[:100])
        return
    taken = sum(seconds(lambda row=row: work(row.astype(np.float64))) for row in samples[:PEER_CHANNELS])  # type: ignore[misc]
    ratio(f"{peer}, a minute of {len(samples)} channels", taken * len(samples) / PEER_CHANNELS, ours_s, 1.0)


def keep_minute(file: str) -> None:
    """Write the minute that the night repeats."""
    np.save(file, minute_of(SCENES["rest with fasciculations"])[0])


def a_night(hours: float, file: str) -> None:
    """Print times and peak memory for hours of all channels."""
    samples = np.load(file)
    names = [f"R{row}C{column}" for row in range(1, 9) for column in range(1, 9)]
    places = np.array([(row, column, 0.0) for row in range(8) for column in range(8)]) * 8e-3
    channels = tuple(
        Channel(
            name=name,
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=RATE_HZ,
            n_samples=1,
            electrode=Electrode.SURFACE,
            array="grid",
            position_m=(float(place[0]), float(place[1]), 0.0),
        )
        for name, place in zip(names, places, strict=True)
    )
    recording = recording_of(samples, channels, 3600 * hours)
    taken = seconds(lambda: measure_recording(recording))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    print(
        f"  {hours:g} h of {len(channels)} channels: {taken:.0f} s, {3600 * hours / taken:.0f} times real time, peak "
        f"{peak:.0f} MiB  target {TARGET_MIB:g} MiB: {'met' if peak <= TARGET_MIB else 'MISSED'}",
        flush=True,
    )


def apart(work: Callable[..., None], *arguments: object) -> None:
    """Run something in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()


def main() -> None:
    """Print both tables; the night in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.bench_emg_grid", description=__doc__)
    parser.add_argument("--hours", type=float, default=HOURS, help="length of the night")
    parser.add_argument("--minutes", type=float, default=5.0, help="length of what is timed beside the peers")
    parser.add_argument("--night", action="store_true", help="only the night")
    options, _ = parser.parse_known_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "minute.npy")
        apart(keep_minute, file)
        apart(a_night, options.hours, file)
    if not options.night:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the peers
            beside_peers(options.minutes)


if __name__ == "__main__":
    main()
