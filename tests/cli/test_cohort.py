"""``twitchwise cohort`` as a researcher types it: measured, gone on with, asked, and refused in one sentence."""

import json
from pathlib import Path

import pytest
from tests.cohort.visits import visit
from typer.testing import CliRunner

from twitchwise.cli.application import application
from twitchwise.formats import write_edf
from twitchwise.vocabulary import TwitchwiseError

RUNNER = CliRunner()


def said(*arguments: object) -> str:
    result = RUNNER.invoke(application, ["cohort", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(*arguments: object) -> str:
    """Return the sentence of a refusal; the program's main ends with exit code 2 for each of these."""
    with pytest.raises(TwitchwiseError) as raised:
        RUNNER.invoke(application, ["cohort", *map(str, arguments)], catch_exceptions=False)
    return str(raised.value)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six people of two groups, twice, both calves; the second group twitches more, and all more the second time."""
    folder = tmp_path_factory.mktemp("cohort")
    (folder / "visits").mkdir()
    rows = ["file,participant_id,session,group,age"]
    for person in range(6):
        for number in (1, 2):
            name = f"p{person}_{number}.edf"
            n_twitches = 2 + 2 * (person >= 3) + number - 1 + person % 2
            write_edf(visit(10 * person + number, n_twitches=n_twitches, channels=2), folder / "visits" / name)
            rows.append(f"{name},p{person},{number},{'control' if person < 3 else 'patient'},{40 + person}")
    (folder / "who.csv").write_text("\n".join(rows) + "\n")
    said(folder / "visits", "-o", folder / "study", "--table", folder / "who.csv", "--processes", "2")
    return folder / "study"


def test_a_data_set_needs_no_name_of_a_command_and_goes_on(study: Path) -> None:
    again = said(study.parent / "visits", "-o", study, "--table", study.parent / "who.csv", "--json")
    found = json.loads(again)
    assert found["complete"] is True
    assert found["states"]["measured"] == found["n_recordings"] == 12
    assert found["failures"] == []
    assert "12 of 12 recordings are measured" in said(
        "-o", study, "--table", study.parent / "who.csv", study.parent / "visits"
    )


def test_groups_are_compared_by_counts_and_minutes(study: Path) -> None:
    answer = json.loads(said("compare", study, "--by", "group", "--reference", "control", "--json"))
    (effect,) = answer["effects"]
    assert answer["as_ratio"] is True
    assert answer["n_participants"] == 6
    assert 1.0 < effect["effect"]["value"] < 4.0
    adjusted = said("compare", study, "--by", "group", "--adjust", "age")
    assert "age" in adjusted


def test_other_quantities_are_compared_as_differences(study: Path) -> None:
    answer = json.loads(said("compare", study, "--quantity", "fasciculation_amplitude", "--json"))
    assert (answer["as_ratio"], answer["unit"]) == (False, "V")


def test_changes_are_judged_against_repeats_a_known_figure_or_counts(study: Path) -> None:
    by_counts = json.loads(said("change", study, "--from", "1", "--to", "2", "--json"))
    assert by_counts["n_changes"] == 12
    assert by_counts["as_ratio"] is True
    known = json.loads(said("change", study, "--from", "1", "--to", "2", "--mdc", "0.5", "--side", "left", "--json"))
    assert known["n_changes"] == 6
    assert all(one["beyond"] for one in known["changes"])
    repeats = said(
        "change", study, "--from", "1", "--to", "2", "--quantity", "fasciculation_amplitude", "--repeats", "1,2"
    )
    assert "p5" in repeats


def test_reliability_and_agreement_are_told_with_their_limits(study: Path) -> None:
    answer = json.loads(said("reliability", study, "--json"))
    assert (answer["n_participants"], answer["n_visits"]) == (6, 2)
    sides = json.loads(said("agreement", study, "--json"))
    assert (sides["first"], sides["second"], sides["n_pairs"]) == ("left", "right", 12)
    same = json.loads(said("agreement", study, "--other", study, "--json"))
    assert same["bias"]["value"] == 0.0
    two = said(
        "agreement", study, "--between", "quantity", "--first", "fasciculation_count", "--second", "active_units"
    )
    assert "fasciculation_count" in two


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("compare", "--quantity", "charm"), "quantity must be one of "),
        (("compare", "--by", "shoe"), "column must be one of "),
        (("change", "--from", "1", "--to", "9"), "session must be one of "),
        (
            ("change", "--from", "1", "--to", "2", "--quantity", "fasciculation_amplitude", "--alpha", "1"),
            "alpha must be",
        ),
        (("agreement", "--between", "site"), "first and second must be given"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(study: Path, arguments: tuple[str, ...], sentence: str) -> None:
    command, *options = arguments
    assert refusal(command, study, *options).startswith(sentence)


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    assert refusal("reliability", tmp_path).startswith("study must be a folder that 'twitchwise cohort' wrote")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--memory", "lots"), "memory must be a size such as 2GiB"),
        (("--memory", "10MB"), "memory must be at least 256 MiB"),
        (("--processes", "0"), "processes must be at least 1"),
        (("--cluster", "tcp://localhost:1", "--processes", "2"), "cluster must be given without"),
        (("--muscle", "heart"), "muscle must be one of"),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_measured(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    write_edf(visit(1), tmp_path / "a.edf")
    assert refusal(tmp_path, "-o", tmp_path / "study", *options).startswith(sentence)
    assert not (tmp_path / "study").exists()


def test_a_study_of_which_nothing_can_be_measured_ends_with_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    write_edf(visit(1), tmp_path / "a.edf")
    (tmp_path / "set" / "half.edf").write_bytes((tmp_path / "a.edf").read_bytes()[:2000])
    sentence = refusal(tmp_path / "set", "-o", tmp_path / "study", "--processes", "1")
    assert sentence == "a recording of the study must be fit to be measured, but none of its 1 is."


def test_without_its_packages_every_command_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twitchwise.cohort.packages._NEEDED", ("distributed", "a_package_that_nobody_wrote"))
    for command in ("visits", "reliability", "summary", "power"):
        assert "pip install 'twitchwise[cohort]'" in refusal(command, "study")


def test_a_command_that_is_nearly_one_is_not_taken_for_a_place(tmp_path: Path) -> None:
    result = RUNNER.invoke(application, ["cohort", "sumary", str(tmp_path)])
    assert result.exit_code == 2
    assert "No such command 'sumary'" in result.output
