"""How long a labeled data set of many people takes, and how much memory: 10 s each, a pair of electrodes, with motion.

They are made by as many processes as there are cores and by one, which must give the same files. Memory is that of all
processes together. Some sixty people are run and multiplied up to a thousand; with ``--full`` the thousand are run.
Each condition runs in a process of its own. Run ``python -m benchmarks.speed.bench_data_set [--full]``.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.speed._clock import load, machine, seconds
from benchmarks.speed._memory import peaks

from twitchwise.cohort import Cluster, simulate_cohort
from twitchwise.simulate import DataSet, simulate_data_set

CONDITIONS = ("parkinson_disease", "benign_fasciculation_syndrome")
PEOPLE, FEW, FIRST = 1000, 64, 32  # motor neurons of 32 people are stepped side by side, which is compiled once
DURATION_S = 10.0
TARGET_S, TARGET_GIB = 600.0, 4.0
ONE = "--one"


def measure(condition: str, n_subjects: int) -> None:
    """Print time by stage and peak memory of one data set, after a small one that compiles, and that it is the same."""
    with tempfile.TemporaryDirectory() as folder:
        first_s = seconds(lambda: _made(condition, Path(folder) / "first", min(n_subjects, FIRST)))
        made: list[DataSet] = []
        with peaks() as peak:
            whole_s = seconds(
                lambda: made.append(_made(condition, Path(folder) / "whole", n_subjects, cluster=Cluster()))
            )
        files = [path for path in (Path(folder) / "whole").rglob("*") if path.is_file()]
        size_mb = sum(path.stat().st_size for path in files) / 1e6
        one_s = seconds(lambda: _made(condition, Path(folder) / "one", n_subjects))
        is_same = _digest(Path(folder) / "whole") == _digest(Path(folder) / "one")
    each_s = whole_s / n_subjects
    events = Counter[str]()
    for subject in made[-1].subjects:
        events.update(subject.events)
    verdict = "met" if PEOPLE * each_s <= TARGET_S else "MISSED"
    memory = "met" if peak.together_gib <= TARGET_GIB else "MISSED"
    run = "run" if n_subjects == PEOPLE else f"{n_subjects} run"
    print(f"\n{condition}: {PEOPLE} people x {DURATION_S:g} s ({run})")
    print(f"  {'time':44s}{PEOPLE * each_s:9.1f} s  target {TARGET_S:g} s: {verdict}  (first run {first_s:.1f} s)")
    print(f"  {'peak memory':44s}{peak.together_gib:9.2f} GiB  target {TARGET_GIB:g} GiB: {memory}")
    print(f"  {'by one process':44s}{PEOPLE * one_s / n_subjects:9.1f} s  files {'alike' if is_same else 'DIFFER'}")
    for stage, stage_s in made[-1].seconds.items():
        print(f"  {'  a person, ' + stage:44s}{1e3 * stage_s / n_subjects:9.1f} ms")
    print(f"  {'  a person, all':44s}{1e3 * each_s:9.1f} ms")
    print(f"  {'  a person, on disk':44s}{size_mb / n_subjects:9.2f} MB")
    print(f"  {'  events':44s}{dict(events)}, load {load()}", flush=True)


def _made(condition: str, folder: Path, n_subjects: int, *, cluster: Cluster | None = None) -> DataSet:
    if cluster is None:
        return simulate_data_set(condition, folder, n_subjects=n_subjects, duration_s=DURATION_S)
    return simulate_cohort(condition, folder, n_subjects=n_subjects, duration_s=DURATION_S, cluster=cluster)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


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
