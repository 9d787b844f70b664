"""Workers that die, schedulers that go away and answers that never come: each ends well or in one sentence."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from tests.cohort.clusters import descendants, nannies, own_cluster, wait_for
from tests.cohort.deadly import Deadly
from tests.cohort.visits import visit, write_visits

from twitchwise.cohort import measure
from twitchwise.cohort.engine import Cluster, ClusterLostError, Engine, UnlikeWorkersError
from twitchwise.cohort.on_worker import OtherVersionError
from twitchwise.cohort.stored import StudyRecording
from twitchwise.cohort.study import Step
from twitchwise.cohort.work import Done, State, Work, settings_digest
from twitchwise.examine import MeasuringOrder
from twitchwise.formats import write_edf


def work(recording: StudyRecording, settings: str | None = None) -> Work:
    order = MeasuringOrder()
    return Work(recording=recording, order=order, settings=settings or settings_digest(recording.ordered(order)))


def ended(engine: Engine, *works: Work) -> dict[str, Done]:
    return {done.name: done for done in engine.measure(works)}


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="processes are killed as POSIX has it")
def test_workers_that_are_killed_cost_nothing(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=4)
    names: list[str] = []

    def step(one: Step) -> None:
        names.append(one.outcome.recording.name)
        if one.n_done in {1, 3}:
            for pid in (worker for nanny in nannies() for worker in descendants(nanny)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    study = measure(tmp_path / "visits", tmp_path / "study", cluster=Cluster(n_processes=2))
    study.run(step)
    assert sorted(names) == [one.name for one in study.dataset.recordings]
    assert set(study.recordings.to_pandas()["state"]) == {"measured"}


def test_a_recording_of_which_workers_die_is_given_up_and_the_others_are_measured(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=1)
    recordings = measure(tmp_path / "visits").dataset.recordings
    deadly = Deadly(name=str(os.getpid()), files=recordings[0].files)
    with Engine(Cluster(n_processes=1)) as engine:
        found = ended(engine, work(deadly), *map(work, recordings))
    assert found.pop(deadly.name).state is State.LOST
    assert {name: done.state for name, done in found.items()} == {one.name: State.MEASURED for one in recordings}


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="processes are killed as POSIX has it")
def test_a_scheduler_that_is_started_again_is_given_the_rest(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=4)
    with own_cluster(tmp_path, n_workers=1) as cluster:

        def step(one: Step) -> None:
            if one.n_done == 2:
                cluster.kill_scheduler()
                cluster.start_scheduler()
                cluster.start_workers(1)

        study = measure(tmp_path / "visits", tmp_path / "study", cluster=cluster.address)
        study.run(step)
    assert list(study.recordings.to_pandas()["state"]) == ["measured"] * 8


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="processes are killed as POSIX has it")
def test_a_scheduler_that_stays_away_ends_it_with_one_sentence_and_what_is_done_is_kept(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=4)
    steps: list[Step] = []
    with own_cluster(tmp_path, n_workers=1) as cluster:

        def step(one: Step) -> None:
            steps.append(one)
            if one.n_done == 1:
                cluster.kill_scheduler()

        asked = Cluster(address=cluster.address, patience_s=3.0)
        with pytest.raises(ClusterLostError, match=r"^cluster must .*, got .*\.$"):
            measure(tmp_path / "visits", tmp_path / "study", cluster=asked).run(step)
    again: list[Step] = []
    measure(tmp_path / "visits", tmp_path / "study", cluster=Cluster(n_processes=2)).run(again.append)
    new = [one.outcome.recording.name for one in again if one.is_new]
    assert len(new) == 8 - len(steps)


def test_a_cluster_without_workers_is_said(tmp_path: Path) -> None:
    with (
        own_cluster(tmp_path, n_workers=0) as cluster,
        Engine(Cluster(address=cluster.address, patience_s=2.0)) as engine,
        pytest.raises(ClusterLostError, match="must have workers"),
    ):
        ended(engine, work(StudyRecording(name="nothing", files=())))


def test_an_address_that_is_none_is_said() -> None:
    with (
        pytest.raises(ClusterLostError, match="cluster must be within reach"),
        Engine(Cluster(address="tcp://nowhere")),
    ):
        pass


def test_those_who_wait_are_told_how_much_of_a_long_recording_is_done(tmp_path: Path) -> None:
    write_edf(visit(1, n_twitches=20, duration_s=400.0, channels=8), tmp_path / "long.edf")
    told: list[tuple[str, float]] = []
    measure(tmp_path, tmp_path / "study", cluster=Cluster(n_processes=1)).run(
        told=lambda name, share: told.append((name, share))
    )
    wait_for(lambda: True)
    assert told
    assert {name for name, _ in told} == {"long.edf"}
    assert all(0.0 <= share <= 1.0 for _, share in told)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_workers_of_another_version_are_refused_in_one_sentence() -> None:
    other = work(StudyRecording(name="one.edf", files=()), settings="of another version")
    with (
        Engine(Cluster(n_processes=1)) as engine,
        pytest.raises(OtherVersionError, match=r"^workers must run the same version of this program, got .* on one\.$"),
    ):
        ended(engine, other)


def test_workers_that_cannot_do_it_are_refused_in_one_sentence() -> None:
    with (
        Engine(Cluster(n_processes=1)) as engine,
        pytest.raises(UnlikeWorkersError, match=r"got AttributeError: .*\.$"),
    ):
        ended(engine, Nameless("one.edf"))  # type: ignore[arg-type] # so it is to a worker that lacks what it needs


class Nameless:
    """Work that means nothing to a worker."""

    def __init__(self, name: str) -> None:
        self.name = name
