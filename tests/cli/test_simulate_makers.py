"""Many people are made by processes of this machine or by a cluster, few by the program itself, all alike."""

import importlib.util
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from twitchwise.cli import simulate_makers
from twitchwise.cohort import simulate_cohort
from twitchwise.simulate import simulate_data_set

ASKED = ("simulate", "healthy", "--duration", "0.5", "--units", "8", "--rate", "1000")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_processes_give_what_one_gives(run: Run, tmp_path: Path) -> None:
    for n in ("1", "2"):
        done = run(*ASKED, "--subjects", "5", "--processes", n, "-o", tmp_path / n)
        assert done.code == 0, done.err
        assert "5 recordings and their truth are" in done.out
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


@pytest.mark.parametrize(
    ("n_people", "n_cores", "are_others"),
    [(simulate_makers.MANY, 2, True), (simulate_makers.MANY - 1, 2, False), (10 * simulate_makers.MANY, 1, False)],
)
def test_many_people_are_made_on_every_core(
    monkeypatch: pytest.MonkeyPatch, n_people: int, n_cores: int, *, are_others: bool
) -> None:
    monkeypatch.setattr("twitchwise.cohort.local.n_cores", lambda: n_cores)
    maker = simulate_makers.Makers(cluster=None, processes=None).of(n_people)
    assert getattr(maker, "func", maker) is (simulate_cohort if are_others else simulate_data_set)


def test_without_the_extra_one_process_makes_all_and_says_how_to_have_more(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_dask(monkeypatch)
    monkeypatch.setattr(simulate_makers, "MANY", 3)
    monkeypatch.setattr("twitchwise.cohort.local.n_cores", lambda: 2)
    done = run(*ASKED, "--subjects", "3", "-o", tmp_path / "set")
    assert done.code == 0, done.err
    assert "One process makes them all. Simulating on every core must have the extra 'cohort'" in done.err
    assert len(list((tmp_path / "set").glob("sub-*"))) == 3


@pytest.mark.parametrize("asked", [("--processes", "2"), ("--cluster", "tcp://127.0.0.1:1")])
def test_processes_that_are_asked_for_are_refused_without_the_extra(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, str]
) -> None:
    _without_dask(monkeypatch)
    done = run(*ASKED, "--subjects", "3", "-o", tmp_path / "set", *asked)
    assert done.code == 2
    assert "must have the extra 'cohort'" in done.err
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--processes", "0"), "processes must lie in"),
        (("--processes", "2", "--cluster", "tcp://127.0.0.1:1"), "cluster must be given without --processes"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, tmp_path: Path, asked: tuple[str, ...], said: str) -> None:
    done = run(*ASKED, "--subjects", "3", "-o", tmp_path / "set", *asked)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def _without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "twitchwise.cohort.packages.find_spec", lambda name: None if name == "distributed" else find(name)
    )
