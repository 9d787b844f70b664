"""How long the detector and general EMG packages take for one file, and how much of it each finds, in one run.

The file holds ten minutes of benign fasciculations at rest, written as EDF+ and read back. The detector reads it and
measures all it can; the packages get its samples from memory and only look for onsets. Each is scored by what its timed
call found. Times are of the processor, so that a busy machine does not decide.

Run ``python -m benchmarks.speed.bench_emg_peers``.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.accuracy.emg.methods import OURS, PEERS, Method, NotInstalledError, joined, quietly
from benchmarks.accuracy.emg.scenes import Scene
from benchmarks.accuracy.emg.scoring import Found, Score, scored
from benchmarks.accuracy.emg.simulated import CONDITION, clean, for_middle, noisy
from benchmarks.accuracy.emg.tables import Table, number
from benchmarks.speed import _clock

from twitchwise.formats import read_recording, write_edf
from twitchwise.measure import measure_recording
from twitchwise.vocabulary import EventKind

MINUTES = 10
SIGNAL_TO_NOISES = (4.0, 8.0)  # of the middle event
SEED = 1
REPEATS = 3
ENOUGH_S = 20.0  # a method that takes so long is not called again


def of_file(path: Path, scene: Scene) -> Found:
    """Return what the detector finds in a file; the scene is not looked at."""
    del scene
    events = measure_recording(read_recording(path)).events
    return joined([train for train in events if train.kind is EventKind.FASCICULATION_POTENTIAL])


def biosppy_whole(scene: Scene) -> Found:
    """Return the onsets that BioSPPy gives when it is asked for everything it does with EMG."""
    try:
        from biosppy.signals import emg  # noqa: PLC0415 - a peer, loaded when it is used
    except ImportError as error:
        raise NotInstalledError("biosppy") from error
    rate_hz = scene.sampling_rate_hz
    onsets = emg.emg(signal=1e6 * scene.clear_v, sampling_rate=rate_hz, show=False)["onsets"]
    return Found.at(np.asarray(onsets, dtype=np.float64) / rate_hz)


def timed(method: Method, scene: Scene) -> tuple[float, Score]:
    """Return the least processor time in s of some calls, and the score of what was found."""
    times, found = list[float](), Found()
    while len(times) < REPEATS and sum(times) < ENOUGH_S:
        start = time.process_time()
        found = method.find(scene)
        times.append(time.process_time() - start)
    return min(times), scored(found, scene, forgiven_in_activity=method.finds_contractions)


def rows(methods: tuple[Method, ...], scene: Scene, short: Scene) -> Iterator[tuple[str, ...]]:
    """Give a row a method, ours first; each is called once with a short scene before, so that loading is not timed."""
    ours_s = np.nan
    for method in methods:
        try:
            method.find(short)
        except NotInstalledError as missing:
            yield (f"{missing} is not installed", *"-----")
            continue
        seconds, score = timed(method, scene)
        ours_s = seconds if np.isnan(ours_s) else ours_s
        print(f"  {method.name}: {seconds:.2f} s", file=sys.stderr, flush=True)  # some take minutes
        yield (
            method.name,
            number(seconds, 2),
            number(seconds / ours_s, 2),
            number(60 * MINUTES / seconds, 0),
            number(score.sensitivity),
            number(score.precision),
        )


def table(signal_to_noise: float, folder: Path) -> Table:
    """Return the table of one file."""
    one = clean(CONDITION, 60.0 * MINUTES, SEED)
    scene = noisy(CONDITION, one, for_middle(one, signal_to_noise), SEED)
    path = folder / f"snr_{signal_to_noise:g}.edf"
    write_edf(scene.recording, path)
    scene = replace(scene, samples_v=read_recording(path).read("EMG")[np.newaxis].astype(np.float32))
    short = noisy(CONDITION, clean(CONDITION, 20.0, SEED), for_middle(one, signal_to_noise), SEED)
    whole: Callable[[Scene], Found] = partial(quietly, biosppy_whole)
    methods = (
        Method(name=OURS.name, find=partial(of_file, path)),
        *PEERS,
        Method(name="biosppy, emg", find=whole, finds_contractions=True),
    )
    n_events = int(scene.truth.counted.sum())
    return Table(
        title=f"{MINUTES} minutes, {n_events} potentials, the middle one {signal_to_noise:g} times the noise",
        head=("method", "seconds", "x ours", "x real time", "sensitivity", "precision"),
        rows=tuple(rows(methods, scene, short)),
    )


def main() -> None:
    """Print a table a file."""
    print(f"{_clock.machine()}\n{', '.join(_clock.installed('twitchwise', 'biosppy', 'neurokit2'))}")
    with tempfile.TemporaryDirectory() as folder:
        for signal_to_noise in SIGNAL_TO_NOISES:
            print(table(signal_to_noise, Path(folder)).text, flush=True)


if __name__ == "__main__":
    main()
