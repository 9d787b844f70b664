"""How long a study takes: two processes against one, one against measuring by hand, a long grid cut or whole, tables.

Recordings are 60 s of 8 muscles each; some are run, with ``--full`` the thousand. The grid has 64 channels, of 10
minutes, with ``--full`` of 8 hours. Peak memory is that of the largest worker, looked at ten times a second. Run
``python -m benchmarks.speed.bench_cohort [--full]``.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.speed._clock import load, machine, row, seconds
from benchmarks.speed._memory import peaks

from twitchwise.cohort import Cluster, measure
from twitchwise.cohort.columns import EVENTS, MEASUREMENTS, QUALITY, schema_of
from twitchwise.cohort.folder import StudyFolder
from twitchwise.cohort.rows import tables_of
from twitchwise.cohort.stored import StoredFile, StudyRecording
from twitchwise.cohort.work import About, Done, State, as_stream
from twitchwise.examine import MeasuringOrder, examine_as_ordered
from twitchwise.formats import write_edf
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.simulate import Apparatus, Setting, simulate_condition
from twitchwise.simulate.muscle import Grid
from twitchwise.vocabulary import ChannelKind, Side, Unit

FULL = "--full" in sys.argv
N_RECORDINGS, BY_HAND = (1000 if FULL else 24), 200
DURATION_S, RATE_HZ, N_CHANNELS = 60.0, 2048.0, 8
GRID_S, TILE_S = (8 * 3600.0 if FULL else 600.0), 120.0
N_EVENTS, N_RECORDINGS_OF_EVENTS = 10_000_000, 1000
FASTER, OVERHEAD, MEMORY_GIB, WRITE_S, READ_S = 1.8, 0.05, 1.0, 30.0, 1.0


def main() -> None:
    """Run all parts."""
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        many_recordings(Path(folder))
        long_grid(Path(folder))
        large_tables(Path(folder))


def many_recordings(folder: Path) -> None:
    """Compare two processes with one, and one with measuring each file by hand."""
    files = [_recording(folder / "set" / f"person{at:04}.edf", at) for at in range(N_RECORDINGS)]
    examine_as_ordered(files[0], MeasuringOrder())  # what loads the first time is not counted
    some = files[:BY_HAND]
    by_hand_s = seconds(lambda: [tables_of(examine_as_ordered(file, MeasuringOrder())) for file in some])
    by_hand_s *= len(files) / len(some)
    taken, largest = dict[int, float](), dict[int, float]()
    for n_processes in (1, 2):
        study = measure(folder / "set", folder / f"study{n_processes}", cluster=Cluster(n_processes=n_processes))
        with peaks() as peak:
            taken[n_processes] = seconds(study.run)
        largest[n_processes] = peak.largest_gib
    print(f"\n{N_RECORDINGS} recordings of {DURATION_S:g} s x {N_CHANNELS} channels, load {load()}")
    row(f"each measured by hand, in one process ({len(some)} were)", by_hand_s)
    row("a study, one process", taken[1])
    row("a study, two processes", taken[2])
    _judged("two processes are faster by", taken[1] / taken[2], FASTER, least=True)
    _judged("overhead over measuring by hand (share)", taken[1] / by_hand_s - 1, OVERHEAD)
    _judged("largest worker (GiB)", max(largest.values()), MEMORY_GIB)


def long_grid(folder: Path) -> None:
    """Measure a long grid in one piece here, and cut by two workers, and compare all rows."""
    file = _grid(folder / "grid" / "night.edf")
    found = dict[str, pa.Table]()
    whole_s = seconds(lambda: found.update(tables_of(examine_as_ordered(file, MeasuringOrder()))))
    study = measure(folder / "grid", folder / "grid_study", cluster=Cluster(n_processes=2))
    with peaks() as peak:
        cut_s = seconds(study.run)
    who = ["recording", "participant_id", "session", "task", "run", "group"]
    same = [
        pq.read_table(folder / "grid_study" / "tables" / f"{name}.parquet").drop_columns(who).to_pylist()
        == found[name].to_pylist()
        for name in (MEASUREMENTS, EVENTS, QUALITY)
    ]
    hours, is_cut = GRID_S / 3600, file.stat().st_size >= 256 << 20
    size_gb, n_events = file.stat().st_size / 1e9, found[EVENTS].num_rows
    print(f"\n64 channels, {hours:.2g} h, {size_gb:.2f} GB, {n_events} events, load {load()}")
    row("in one piece", whole_s)
    row("a study of two processes, cut" if is_cut else "a study of two processes, too short to be cut", cut_s)
    print(f"  {'same measurements, events and quality':62s}{'identical' if all(same) else 'DIFFERENT'}")
    _judged("largest worker (GiB)", peak.largest_gib, MEMORY_GIB)


def large_tables(folder: Path) -> None:
    """Write the tables of a study with ten million events from its results, and read a first row."""
    recordings, order = _results(folder / "events_study"), MeasuringOrder()
    study = measure(folder / "grid", folder / "events_study")
    kept = StudyFolder(folder / "events_study")
    outcomes = [kept.outcome(one, order) for one in recordings]
    ready = [one for one in outcomes if one is not None]
    dataset = replace(study.dataset, recordings=tuple(recordings))
    write_s = seconds(lambda: kept.write(dataset, order, ready))
    table = folder / "events_study" / "tables" / "events.parquet"
    first_s = seconds(lambda: duckdb.execute("select * from read_parquet(?) limit 1", [str(table)]).fetchall())
    print(f"\n{pq.ParquetFile(table).metadata.num_rows:,} events of {len(ready)} recordings, load {load()}")
    row("the tables written", write_s, WRITE_S)
    row("first row in DuckDB", first_s, READ_S)


def _judged(what: str, value: float, target: float, *, least: bool = False) -> None:
    met = value >= target if least else value <= target
    print(f"  {what:62s}{value:9.3f}  target {target:g}: {'met' if met else 'MISSED'}", flush=True)


def _recording(file: Path, seed: int) -> Path:
    """Write resting muscles with some potentials that come by chance."""
    file.parent.mkdir(exist_ok=True)
    rng, n_samples = np.random.default_rng(seed), round(DURATION_S * RATE_HZ)
    time_s = np.arange(-20, 40) / RATE_HZ
    shape = -np.gradient(np.exp(-((time_s / 0.002) ** 2)))
    data = []
    for _ in range(N_CHANNELS):
        samples = rng.normal(scale=3e-6, size=n_samples)
        for at in rng.integers(100, n_samples - 100, size=rng.poisson(6)):
            samples[at - 20 : at + 40] += rng.uniform(3e-5, 2e-4) * shape / np.abs(shape).max()
        data.append(samples)
    write_edf(_described(file.stem, data), file)
    return file


def _described(name: str, data: Sequence[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> Recording:
    muscles = [
        f"{side} {muscle}" for muscle in ("calf", "thigh", "forearm", "biceps") for side in Side if side != "both"
    ]
    channels = tuple(
        Channel(name=muscle, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=RATE_HZ, n_samples=len(samples))
        for muscle, samples in zip(muscles[: len(data)], data, strict=True)
    )
    return Recording(name=name, format="array", channels=channels, source=ArraySource(list(data)))


def _grid(file: Path) -> Path:
    """Write two minutes of a simulated grid again and again."""
    file.parent.mkdir(exist_ok=True)
    apparatus = Apparatus(electrodes=Grid(rows=8, columns=8, spacing_m=0.008))
    made = simulate_condition(
        Setting(condition="benign_fasciculation_syndrome"), duration_s=TILE_S, seed=0, apparatus=apparatus
    ).recording
    n_tile, times = made.channels[0].n_samples, round(GRID_S / TILE_S)
    tile = [made.source.read(at, 0, n_tile) for at in range(len(made.channels))]

    class Tiled:
        """The same samples over and over."""

        def read(self, channel: int, start: int, stop: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            """Return samples of a channel."""
            return np.asarray(tile[channel][np.arange(start, stop) % n_tile])

    channels = tuple(replace(one, n_samples=n_tile * times) for one in made.channels)
    write_edf(replace(made, channels=channels, source=Tiled(), annotations=()), file)
    return file


def _results(folder: Path) -> list[StudyRecording]:
    """Put the results of recordings with ten million events into the folder of a study."""
    rng, each = np.random.default_rng(0), N_EVENTS // N_RECORDINGS_OF_EVENTS
    start_s = np.sort(rng.uniform(0, 28800, each))
    events = pa.table(
        {
            "kind": pa.repeat("fasciculation_potential", each),
            "channel": pa.array([f"E{at % 64}" for at in range(each)]),
            "start_s": start_s,
            "peak_s": start_s + 0.003,
            "end_s": start_s + 0.01,
            "peak": rng.normal(scale=1e-4, size=each),
            "peak_unit": pa.repeat("V", each),
            "source": rng.integers(1, 20, each),
            "probability": rng.uniform(0.5, 1.0, each),
            "x_px": pa.nulls(each, pa.float64()),
            "y_px": pa.nulls(each, pa.float64()),
        },
        schema=schema_of(EVENTS),
    )
    rows = {EVENTS: as_stream(events)} | {
        name: as_stream(schema_of(name).empty_table()) for name in (MEASUREMENTS, QUALITY)
    }
    (folder / ".study").mkdir(parents=True)
    study, recordings = StudyFolder(folder), list[StudyRecording]()
    begun = time.perf_counter()
    for at in range(N_RECORDINGS_OF_EVENTS):
        name = f"sub-{at:04}.edf"
        file = StoredFile(relative=name, address=name, n_bytes=1, stamp="1")
        recordings.append(StudyRecording(name=name, files=(file,)))
        done = Done(name=name, state=State.MEASURED, key=f"{at:064x}", about=About(), tables=rows)
        study.keep(recordings[-1], MeasuringOrder(), done)
    took_s = time.perf_counter() - begun
    print(f"\n(results of {N_RECORDINGS_OF_EVENTS} recordings kept in {took_s:.1f} s, events as BIDS too)")
    return recordings


if __name__ == "__main__":
    main()
