"""Simulated cohorts from a cluster and from processes of this machine are those of one process, to the byte."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.cohort.clusters import own_cluster

from twitchwise.cohort import Cluster, ClusterLostError, simulate_cohort
from twitchwise.cohort.engine import Engine, WorkLostError
from twitchwise.simulate import simulate_data_set

N_PEOPLE, DURATION_S = 3, 2.0


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_people_are_the_same_wherever_they_are_made(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with own_cluster(tmp_path, n_workers=1) as cluster:
        made = simulate_cohort(
            "healthy",
            tmp_path / "there",
            n_subjects=N_PEOPLE,
            duration_s=DURATION_S,
            cluster=cluster.address,
            progress=lambda done, total: told.append((done, total)),
        )
    simulate_data_set("healthy", tmp_path / "here", n_subjects=N_PEOPLE, duration_s=DURATION_S)
    assert len(made.subjects) == N_PEOPLE
    assert told[-1] == (N_PEOPLE, N_PEOPLE)
    here, there = files_of(tmp_path / "here"), files_of(tmp_path / "there")
    assert sum(name.endswith("_emg.edf") for name in here) == N_PEOPLE
    assert here == there


@pytest.mark.parametrize("condition", ["healthy_contraction", "parkinson_disease"])
def test_processes_of_this_machine_make_the_same_people_however_many_at_a_time(tmp_path: Path, condition: str) -> None:
    asked: dict[str, Any] = {"n_subjects": 9, "duration_s": 1.0}
    simulate_cohort(condition, tmp_path / "two", **asked, cluster=Cluster(n_processes=2))
    simulate_data_set(condition, tmp_path / "one", **asked)
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert sum(name.endswith("_emg.edf") for name in one) == 9
    assert one == two


def dies(parent: int) -> int:
    if os.getpid() != parent:
        os._exit(1)
    return parent


def test_work_of_which_workers_die_is_refused_and_other_work_is_done() -> None:
    with Engine(Cluster(n_processes=1)) as engine:
        with pytest.raises(WorkLostError, match="must not end before its work"):
            engine.work(dies, os.getpid())()
        assert engine.work(abs, -2)() == 2


def test_what_work_raises_is_raised_where_it_is_waited_for() -> None:
    with Engine(Cluster(n_processes=1)) as engine, pytest.raises(ValueError, match="invalid literal"):
        engine.work(int, "x")()


def test_work_waits_no_longer_for_workers_than_is_said(tmp_path: Path) -> None:
    with own_cluster(tmp_path, n_workers=0) as cluster:
        asked = Cluster(address=cluster.address, patience_s=2.0)
        with Engine(asked) as engine, pytest.raises(ClusterLostError, match="must have workers"):
            engine.work(abs, -2)()
