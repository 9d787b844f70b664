"""A study gives what measuring by hand gives, once, whatever interrupts it; on real workers and real files."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cohort.clusters import descendants, environment, nannies, own_cluster, wait_for
from tests.cohort.visits import visit, write_visits

from twitchwise.cohort import measure
from twitchwise.cohort.engine import Cluster, ClusterLostError
from twitchwise.cohort.folder import StudyFolder
from twitchwise.cohort.rows import tables_of
from twitchwise.cohort.stored import StudyRecording
from twitchwise.cohort.study import Step, Study
from twitchwise.cohort.work import Done, State
from twitchwise.examine import MeasuringOrder, examine_as_ordered
from twitchwise.formats import write_edf
from twitchwise.vocabulary import OutOfRangeError, UnreadableRecordingError, UnwritableFileError

ONE = Cluster(n_processes=1)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data set of four visits and one file that is none, and its study, measured by two processes."""
    folder = tmp_path_factory.mktemp("cohort")
    write_visits(folder / "visits")
    (folder / "visits" / "broken.edf").write_bytes((folder / "visits" / "person1_visit1.edf").read_bytes()[:1000])
    measure(folder / "visits", folder / "study", cluster=Cluster(n_processes=2)).run()
    return folder / "visits", folder / "study"


@pytest.fixture
def copied(measured: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The same, to be changed."""
    shutil.copytree(measured[0], tmp_path / "visits", copy_function=shutil.copy2)
    shutil.copytree(measured[1], tmp_path / "study", copy_function=shutil.copy2)
    return tmp_path / "visits", tmp_path / "study"


def rows(study: Path, table: str) -> list[dict[str, object]]:
    return list(pq.read_table(study / "tables" / f"{table}.parquet").to_pylist())


def new_ones(study: Study) -> list[str]:
    """Run a study, and return the recordings that were measured now."""
    steps: list[Step] = []
    study.run(steps.append)
    assert [step.n_done for step in steps] == list(range(1, len(study.dataset.recordings) + 1))
    return sorted(step.outcome.recording.name for step in steps if step.is_new)


def test_every_row_is_that_of_measuring_by_hand(measured: tuple[Path, Path]) -> None:
    visits, study = measured
    files = [file for file in sorted(visits.glob("*.edf")) if file.name != "broken.edf"]
    by_hand = {file.name: tables_of(examine_as_ordered(file, MeasuringOrder())) for file in files}
    for table in ("measurements", "events", "quality"):
        found = [dict(row) for row in rows(study, table)]
        expected = [{"recording": name, **row} for name, tables in by_hand.items() for row in tables[table].to_pylist()]
        assert len(expected) >= len(files) * (1 + (table == "events"))
        for row in found:
            for column in ("participant_id", "session", "task", "run", "group"):
                del row[column]
        assert found == expected


def test_the_events_of_each_recording_lie_beside_as_bids_has_them(measured: tuple[Path, Path]) -> None:
    _, study = measured
    events = study / "person1_visit1.edf_events.tsv"
    n_events = sum(row["recording"] == "person1_visit1.edf" for row in rows(study, "events"))
    assert events.read_text().count("\n") == n_events + 1 > 1
    assert "Sources" in json.loads(events.with_suffix(".json").read_text())


def test_a_file_that_fails_is_listed_and_stops_nothing(measured: tuple[Path, Path]) -> None:
    _, study = measured
    (failure,) = rows(study, "failures")
    assert (failure["recording"], failure["kind"]) == ("broken.edf", "refused")
    assert str(failure["sentence"]).endswith(".")
    assert str(measured[0]) not in str(failure["sentence"])
    assert [row["state"] for row in rows(study, "recordings")] == ["refused", *["measured"] * 4]


def test_the_study_says_what_made_it(measured: tuple[Path, Path]) -> None:
    said = json.loads((measured[1] / "study.json").read_text())
    assert said["settings"]["order"]["discharges"] is False
    assert said["settings"]["version"] == said["packages"]["twitchwise"]
    assert said["dataset"]["n_recordings"] == 5


def test_what_is_finished_is_not_done_again(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    before = {file: file.stat().st_mtime_ns for file in study.rglob("*_events.tsv")}
    assert new_ones(measure(visits, study)) == []
    assert {file: file.stat().st_mtime_ns for file in study.rglob("*_events.tsv")} == before


def test_a_recording_is_known_by_its_content_wherever_it_lies_and_whenever_it_was_touched(
    copied: tuple[Path, Path],
) -> None:
    visits, study = copied
    moved = visits.with_name("elsewhere")
    visits.rename(moved)
    os.utime(moved / "person1_visit1.edf", ns=(1, 1))
    (moved / "again").mkdir()
    (moved / "person2_visit2.edf").rename(moved / "again" / "person2_visit2.edf")
    (moved / "broken.edf").unlink()
    assert new_ones(measure(moved, study, cluster=ONE)) == []
    assert not (study / "person2_visit2.edf_events.tsv").exists()  # it lies where its recording does
    assert (study / "again" / "person2_visit2.edf_events.tsv").is_file()
    names = [row["recording"] for row in rows(study, "recordings")]
    assert names == ["again/person2_visit2.edf", "person1_visit1.edf", "person1_visit2.edf", "person2_visit1.edf"]


def test_changed_content_and_other_settings_are_measured_again(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    write_edf(visit(99, n_twitches=3), visits / "person1_visit1.edf")
    assert new_ones(measure(visits, study, cluster=ONE)) == ["person1_visit1.edf"]
    counts = {
        row["recording"]: row["value"]
        for row in rows(study, "measurements")
        if row["quantity"] == "fasciculation_count"
    }
    assert counts["person1_visit1.edf"] == 3 != counts["person1_visit2.edf"]
    for other in visits.glob("person[12]_visit2.edf"):
        other.unlink()
    (visits / "broken.edf").unlink()
    asked = measure(visits, study, order=MeasuringOrder(discharges=True), cluster=ONE)
    assert new_ones(asked) == ["person1_visit1.edf", "person2_visit1.edf"]


def test_force_measures_again_and_a_result_that_was_deleted_is_made_anew(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    (study / "person1_visit1.edf_events.tsv").unlink()
    measure(visits, study).run()
    assert (study / "person1_visit1.edf_events.tsv").is_file()
    assert len(new_ones(measure(visits, study, force=True, cluster=ONE))) == 5


def test_the_tables_are_made_when_they_are_asked_for(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=1, n_visits=1)
    study = measure(tmp_path / "visits", cluster=ONE)
    assert list(study.folder.iterdir()) == []
    frame = study.measurements.to_pandas()
    assert "fasciculation_rate" in set(frame["quantity"])
    assert study.failures.to_arrow().num_rows == 0
    assert set(study.recordings.to_pandas()["state"]) == {"measured"}


def test_two_programs_do_not_write_to_one_study(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    dataset = measure(visits, study).dataset
    with StudyFolder.create(study, dataset).locked(), pytest.raises(UnwritableFileError, match="one program at a time"):
        measure(visits, study).run()
    measure(visits, study).run()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=1, n_visits=1)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(UnwritableFileError, match="new or empty folder"):
        measure(tmp_path / "visits", tmp_path / "thesis").run()
    assert [file.name for file in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_a_damaged_result_is_said_with_what_to_do(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    victim = next((study / ".study" / "results").rglob("events.arrows"))
    victim.write_bytes(b"nonsense")
    with pytest.raises(UnwritableFileError, match="remove that folder"):
        measure(visits, study).run()
    shutil.rmtree(victim.parent)
    assert len(new_ones(measure(visits, study, cluster=ONE))) == 1


def test_a_data_set_without_recordings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableRecordingError, match="recording"):
        measure(tmp_path / "empty", tmp_path / "study").run()


def test_fewer_processes_than_one_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="processes must be at least 1"):
        Cluster(n_processes=0)


def run(*arguments: str, most_bytes: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run the command line, which may write no file of more bytes than that, as on a disk that is nearly full."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes},) * 2); " if most_bytes else ""
    program = f"{limit}import runpy; runpy.run_module('twitchwise', run_name='__main__', alter_sys=True)"
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program, "cohort", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="limits on the size of files are those of POSIX")
def test_a_full_disk_stops_it_with_one_sentence_and_costs_nothing_that_is_finished(copied: tuple[Path, Path]) -> None:
    visits, study = copied
    write_edf(visit(50), visits / "person9_visit1.edf")
    limited = run(str(visits), "-o", str(study), "--processes", "1", most_bytes=4000)
    assert limited.returncode == 2
    sentence = limited.stderr.strip().splitlines()[-1]
    assert sentence.startswith("twitchwise: output must be in a place that can be written")
    assert "Traceback" not in limited.stderr
    assert not list((study / ".study").rglob("*.part"))
    assert len(rows(study, "recordings")) == 5  # the tables of before
    assert new_ones(measure(visits, study, cluster=ONE)) == ["person9_visit1.edf"]


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="an interrupt is sent as POSIX has it")
def test_an_interrupt_leaves_what_is_done_and_the_same_command_goes_on(tmp_path: Path) -> None:
    visits, study = tmp_path / "visits", tmp_path / "study"
    write_visits(visits, n_people=10, n_visits=2)
    command = [sys.executable, "-m", "twitchwise", "cohort", str(visits), "-o", str(study), "--processes", "1"]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    journal = study / ".study" / "journal.jsonl"
    wait_for(lambda: journal.is_file() and journal.stat().st_size)
    workers = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    said, remarks = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Interrupted: " in remarks
    assert "Traceback" not in remarks
    wait_for(lambda: not any(_is_alive(pid) for pid in workers))
    done = [row["recording"] for row in rows(study, "recordings")]
    assert 1 <= len(done) < 20
    assert re.search(r"\d+ of 20 recordings are measured", said)
    left = new_ones(measure(visits, study))
    assert len(left) == 20 - len(done)
    assert not set(left) & set(done)


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="processes are killed as POSIX has it")
def test_a_program_that_is_killed_leaves_no_worker_behind(tmp_path: Path) -> None:
    visits, study = tmp_path / "visits", tmp_path / "study"
    write_visits(visits, n_people=10, n_visits=1)
    command = [sys.executable, "-m", "twitchwise", "cohort", str(visits), "-o", str(study), "--processes", "1"]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: list(study.glob("*_events.tsv")))
    workers = descendants(process.pid)
    assert workers
    process.kill()
    process.wait()
    wait_for(lambda: not any(_is_alive(pid) for pid in workers))
    done = {file.name.removesuffix("_events.tsv") for file in study.glob("*_events.tsv")}
    assert len(set(new_ones(measure(visits, study))) & done) <= 1  # that whose line was not written yet


def _is_alive(pid: int) -> bool:
    import psutil  # noqa: PLC0415 - comes with Dask

    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != "zombie")
    return False


def test_a_file_that_changes_while_it_is_measured_is_said_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    visits, study = tmp_path / "visits", tmp_path / "study"
    write_visits(visits, n_people=2, n_visits=1)
    asked = measure(visits, study, cluster=ONE)
    assert len(asked.dataset.recordings) == 2  # found, and then one is written to
    write_edf(visit(77, n_twitches=1), visits / "person2_visit1.edf")
    asked.run()
    (failure,) = rows(study, "failures")
    assert (failure["recording"], failure["kind"]) == ("person2_visit1.edf", "changed")
    assert not (study / "person2_visit1.edf_events.tsv").exists()
    assert new_ones(measure(visits, study, cluster=ONE)) == ["person2_visit1.edf"]


def test_a_cluster_of_two_workers_gives_the_same_study(measured: tuple[Path, Path], tmp_path: Path) -> None:
    visits, study = measured
    with own_cluster(tmp_path) as cluster:
        measure(visits, tmp_path / "study", cluster=cluster.address).run()
    for table in ("measurements", "events", "quality", "failures"):
        assert rows(tmp_path / "study", table) == rows(study, table)


def test_a_scheduler_file_names_the_cluster_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    write_visits(tmp_path / "visits", n_people=1, n_visits=1)
    with own_cluster(tmp_path, n_workers=1) as cluster:
        said = run(str(tmp_path / "visits"), "-o", str(tmp_path / "study"), "--cluster", str(cluster.scheduler_file))
        assert said.returncode == 0, said.stderr
        address = cluster.address
    asked = measure(tmp_path / "visits", tmp_path / "other", cluster=Cluster(address=address, patience_s=1.0))
    with pytest.raises(ClusterLostError, match="cluster must be within reach"):
        asked.run()


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(["person1_visit1.edf", "person1_visit2.edf", "person2_visit1.edf", "person2_visit2.edf"]))
def test_tables_do_not_depend_on_the_order_in_which_recordings_came(
    measured: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    visits, study = measured
    folder = tmp_path_factory.mktemp("order")
    shutil.copytree(study, folder / "study")
    lines = (folder / "study" / ".study" / "journal.jsonl").read_text().splitlines()
    by_name = {json.loads(line)["name"]: line for line in lines}
    journal = [by_name["broken.edf"], *(by_name[name] for name in order)]
    (folder / "study" / ".study" / "journal.jsonl").write_text("\n".join(journal) + "\n")
    measure(visits, folder / "study").run()
    assert rows(folder / "study", "measurements") == rows(study, "measurements")


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    """Whatever a test starts is over when it ends."""
    yield
    wait_for(lambda: not nannies())


def test_a_fault_while_one_is_kept_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_visits(tmp_path / "visits", n_people=2, n_visits=1)
    keep = StudyFolder.keep

    def fails(
        folder: StudyFolder, recording: StudyRecording, order: MeasuringOrder, done: Done, **more: bool
    ) -> object:
        if recording.name.startswith("person1") and done.state is State.MEASURED:
            raise ZeroDivisionError("oh")
        return keep(folder, recording, order, done, **more)

    monkeypatch.setattr(StudyFolder, "keep", fails)
    study = measure(tmp_path / "visits", tmp_path / "study", cluster=ONE)
    assert list(study.recordings.to_pandas()["state"]) == ["fault", "measured"]
    monkeypatch.undo()
    assert new_ones(measure(tmp_path / "visits", tmp_path / "study", cluster=ONE)) == ["person1_visit1.edf"]
