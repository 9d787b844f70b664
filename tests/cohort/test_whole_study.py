"""From simulated people to the page of a study, as a researcher would go: each step reads what the one before left."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run, run
from tests.examine.test_measuring_every_kind import faults_in

from twitchwise.cohort import Cluster, measure

__all__ = ["run"]  # a fixture


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four people with twitches, a BIDS data set."""
    from twitchwise.simulate import simulate_data_set  # noqa: PLC0415 - JAX loads here

    folder = tmp_path_factory.mktemp("people") / "set"
    simulate_data_set("benign_fasciculation_syndrome", folder, n_subjects=4, duration_s=20.0)
    return folder


def test_simulated_people_become_a_study_that_bids_accepts(people: Path, tmp_path: Path) -> None:
    study = measure(people, tmp_path / "study", cluster=Cluster(n_processes=2))
    recordings = study.recordings.to_pandas()
    assert list(recordings["state"]) == ["measured"] * 4
    assert list(recordings["participant_id"]) == ["sub-001", "sub-002", "sub-003", "sub-004"]
    assert recordings["age"].between(18, 110).all()
    assert set(recordings["sex"]) <= {"female", "male"}
    assert set(recordings["condition"]) == {"benign_fasciculation_syndrome"}
    assert faults_in(tmp_path / "study") == []


def test_the_command_line_goes_all_the_way(people: Path, tmp_path: Path, run: Run) -> None:
    study = tmp_path / "study"
    assert run("cohort", people, "-o", study, "--processes", "2").code == 0
    assert run("cohort", "summary", study).code == 0
    assert (study / "summary.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    answer = run("cohort", "compare", study, "--by", "sex")
    assert answer.code in {0, 2}  # two may be of one sex alone, which is said
    assert "Traceback" not in answer.err
    again = run("cohort", people, "-o", study)
    assert "4 of 4 recordings are measured" in again.out
    assert again.err.count(": kept") == 4
