"""``twitchwise cohort summary`` from a terminal: a page, its numbers, and one sentence where it is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.report.study.simulated import FREQUENCY, Plan, simulated

Run = Callable[..., Any]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study."""
    return simulated(tmp_path / "calves", Plan(n_participants=4, sessions=("1",), sides=("left",), failing=()))


def test_the_page_goes_into_the_folder_of_the_study(run: Run, study: Path) -> None:
    done = run("cohort", "summary", study)
    assert (done.code, done.out) == (0, "")
    page = study / "summary.html"
    assert done.err == f"The page is in {page}\n"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_it_goes_elsewhere_and_draws_what_is_asked_for(run: Run, study: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("cohort", "summary", study, "-o", page, "--quantity", FREQUENCY).code == 0
    assert page.read_text(encoding="utf-8").count('<h3 id="distributions-') == 1
    assert not (study / "summary.html").exists()


def test_numbers_are_printed_as_json_without_a_page(run: Run, study: Path) -> None:
    done = run("cohort", "summary", study, "--json", "--quantity", FREQUENCY)
    found = json.loads(done.out)
    assert found["who"]["n_participants"] == 4
    assert [one["quantity"] for one in found["distributions"]["quantities"]] == [FREQUENCY]
    assert not (study / "summary.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{folder}",), "study must be a folder that 'twitchwise cohort' wrote"),
        (("{study}", "--quantity", "cramps"), "quantity must be one that the study measured (fasciculation_amplitude,"),
        (("{study}", "-o", "{folder}/none/page.html"), "output must lie in a folder that exists"),
        (("{study}", "-o", "{folder}"), "output must be a file"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Run, study: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("cohort", "summary", *(one.format(folder=tmp_path, study=study) for one in arguments))
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
