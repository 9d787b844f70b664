"""How long a labeled data set of many people takes, and how much memory: 10 s each, a pair of electrodes, with motion.

Memory is that of this process and of as many others as make people, each taken to hold as much as the largest.

Some sixty people are run and multiplied up to a thousand; with ``--full`` the thousand are run. Each condition runs in
a process of its own, because peak memory only grows. Run ``python -m benchmarks.speed.bench_data_set [--full]``.
"""

import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.speed._clock import load, machine, seconds

from twitchwise.simulate import DataSet, simulate_data_set
from twitchwise.simulate.processes import MOST, n_cores

CONDITIONS = ("parkinson_disease", "benign_fasciculation_syndrome")
PEOPLE, FEW, FIRST = 1000, 64, 32  # motor neurons of 32 people are stepped side by side, which is compiled once
OURS, THEIRS = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
DURATION_S = 10.0
TARGET_S, TARGET_GIB = 600.0, 4.0
KIB_PER_GIB = 1024.0**2  # ``ru_maxrss`` counts KiB
ONE = "--one"


def measure(condition: str, n_subjects: int) -> None:
    """Print time by stage and peak memory of one data set, after a small one that compiles."""
    with tempfile.TemporaryDirectory() as folder:
        made: list[DataSet] = []

        def work(name: str, people: int) -> None:
            made.append(simulate_data_set(condition, Path(folder) / name, n_subjects=people, duration_s=DURATION_S))

        first_s = seconds(lambda: work("first", min(n_subjects, FIRST)))
        cpu_s = -_cpu_s()
        whole_s = seconds(lambda: work("whole", n_subjects))
        cpu_s += _cpu_s()
        size_mb = sum(path.stat().st_size for path in (Path(folder) / "whole").rglob("*") if path.is_file()) / 1e6
    each_s = whole_s / n_subjects
    peak_gib = _peak_gib(OURS) + min(n_cores(), MOST) * _peak_gib(THEIRS)
    events = Counter[str]()
    for subject in made[-1].subjects:
        events.update(subject.events)
    verdict = "met" if PEOPLE * each_s <= TARGET_S else "MISSED"
    memory = "met" if peak_gib <= TARGET_GIB else "MISSED"
    run = "run" if n_subjects == PEOPLE else f"{n_subjects} run"
    print(f"\n{condition}: {PEOPLE} people x {DURATION_S:g} s ({run})")
    print(f"  {'time':44s}{PEOPLE * each_s:9.1f} s  target {TARGET_S:g} s: {verdict}  (first run {first_s:.1f} s)")
    print(f"  {'peak memory':44s}{peak_gib:9.2f} GiB  target {TARGET_GIB:g} GiB: {memory}")
    for stage, stage_s in made[-1].seconds.items():
        print(f"  {'  a person, ' + stage:44s}{1e3 * stage_s / n_subjects:9.1f} ms")
    print(f"  {'  a person, all':44s}{1e3 * each_s:9.1f} ms; {1e3 * cpu_s / n_subjects:.0f} ms of a core")
    print(f"  {'  a person, on disk':44s}{size_mb / n_subjects:9.2f} MB")
    print(f"  {'  events':44s}{dict(events)}, load {load()}", flush=True)


def _cpu_s() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (OURS, THEIRS)))


def _peak_gib(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / KIB_PER_GIB


def main() -> None:
    """Measure every condition in a process of its own."""
    if ONE in sys.argv:
        measure(sys.argv[sys.argv.index(ONE) + 1], int(sys.argv[sys.argv.index(ONE) + 2]))
        return
    print(machine(), flush=True)
    n_subjects = PEOPLE if "--full" in sys.argv else FEW
    for condition in CONDITIONS:
        command = [sys.executable, "-m", "benchmarks.speed.bench_data_set", ONE, condition, str(n_subjects)]
        subprocess.run(command, check=True)  # noqa: S603 - this very script


if __name__ == "__main__":
    main()
