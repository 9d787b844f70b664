"""A folder of results: valid for the public validator, written whole, and never in the place of something else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from twitchwise.formats.bids.derivative import MADE_FROM, Derivative, Result, place_of
from twitchwise.formats.bids.measured_events import COLUMNS, measured_events_sidecar
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

PLACE = "sub-01/emg/sub-01_task-rest"
EVENTS = "\t".join(COLUMNS) + "\n0.5\t0.02\tfasciculation_potential\tcalf\t1\t0.9\t0.51\t-0.0001\tV\n"


def result(**made_from: object) -> Result:
    return Result(
        measured={"summary": "one", "value": 1.5},
        events=EVENTS,
        explained=measured_events_sidecar(["bids:source:sub-01/emg/sub-01_task-rest_emg.edf"]),
        made_from=made_from,
    )


@pytest.fixture
def kept(tmp_path: Path) -> Derivative:
    """Return an empty folder of results."""
    return Derivative.create(tmp_path / "out", source=tmp_path / "set")


def test_a_result_is_known_again_by_what_it_was_made_from(kept: Derivative) -> None:
    assert not kept.has(PLACE, {"size": 1})
    files = kept.put(PLACE, result(size=1))
    assert [file.name for file in files] == [
        "sub-01_task-rest_events.tsv",
        "sub-01_task-rest_events.json",
        "sub-01_task-rest_measurements.json",
    ]
    assert kept.has(PLACE, {"size": 1})
    assert not kept.has(PLACE, {"size": 2})
    assert kept.read(PLACE) == {"summary": "one", "value": 1.5, MADE_FROM: {"size": 1}}


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_result_without_one_of_its_files_is_not_whole(kept: Derivative, lost: int) -> None:
    kept.put(PLACE, result(size=1))[lost].unlink()
    assert not kept.has(PLACE, {"size": 1})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made_from": 3}', '{"summary": "old"}'])
def test_a_result_that_cannot_be_read_is_not_kept(kept: Derivative, text: str) -> None:
    kept.put(PLACE, result(size=1))[2].write_text(text)
    assert not kept.has(PLACE, {"size": 1})


@pytest.mark.parametrize("text", ["{", "[]"])
def test_reading_what_is_no_result_is_refused(kept: Derivative, text: str) -> None:
    kept.put(PLACE, result())[2].write_text(text)
    with pytest.raises(OutOfRangeError, match="results must be as this program wrote them"):
        kept.read(PLACE)


def test_a_write_that_is_interrupted_leaves_no_result_that_looks_whole(
    kept: Derivative, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.put(PLACE, result(size=1))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("twitchwise.formats.bids.derivative.write_whole", interrupt)
    with pytest.raises(KeyboardInterrupt):
        kept.put(PLACE, result(size=2))
    assert not kept.has(PLACE, {"size": 1})
    assert not kept.has(PLACE, {"size": 2})


def test_a_folder_is_gone_on_with_and_its_description_stays(kept: Derivative, tmp_path: Path) -> None:
    readme = kept.folder / "README.md"
    readme.write_text("my own words")
    again = Derivative.create(kept.folder, source=tmp_path / "set")
    assert again.folder == kept.folder
    assert readme.read_text() == "my own words"


def test_the_description_says_what_made_it_and_from_what(kept: Derivative) -> None:
    description = json.loads((kept.folder / "dataset_description.json").read_text())
    assert description["DatasetType"] == "derivative"
    assert description["GeneratedBy"][0]["Name"] == "twitchwise"
    assert description["SourceDatasets"] == [{"URL": "../set"}]
    assert description["DatasetLinks"] == {"source": "../set"}


def test_a_later_version_says_so_and_leaves_what_people_added(
    kept: Derivative, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept.folder / "dataset_description.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"Authors": ["A", "B"]}))
    monkeypatch.setattr("twitchwise.formats.bids.derived.program_version", lambda: "9.9")
    Derivative.create(kept.folder, source=tmp_path / "elsewhere")
    description = json.loads(file.read_text())
    assert description["GeneratedBy"][0]["Version"] == "9.9"
    assert (description["Authors"], description["SourceDatasets"]) == (["A", "B"], [{"URL": "../set"}])


@pytest.mark.parametrize(
    "description",
    [
        None,
        "{",
        "[]",
        '{"GeneratedBy": [{"Name": "other"}]}',
        '{"GeneratedBy": ["twitchwise measure"]}',
        '{"DatasetType": "raw", "GeneratedBy": [{"Name": "twitchwise", "Version": "0.1.0"}]}',
    ],
)
def test_a_folder_of_something_else_is_refused(tmp_path: Path, description: str | None) -> None:
    if description is None:
        (tmp_path / "thesis.txt").write_text("years of work")
    else:
        (tmp_path / "dataset_description.json").write_text(description)
    with pytest.raises(
        UnwritableFileError, match="must be a new or empty folder or one that 'twitchwise measure' wrote"
    ):
        Derivative.create(tmp_path, source=tmp_path)


def test_a_file_and_a_place_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableFileError, match="output must be a folder for a folder of recordings"):
        Derivative.create(tmp_path / "file", source=tmp_path)
    with pytest.raises(UnwritableFileError, match="must be in a place that can be written"):
        Derivative.create(tmp_path / "file" / "in", source=tmp_path)


def test_an_empty_folder_with_hidden_files_is_free(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    assert Derivative.create(tmp_path, source=tmp_path).folder == tmp_path


def test_recordings_outside_of_bids_alone_keep_all_of_their_name() -> None:
    assert place_of(Path("a/calf_emg.csv")) == "a/calf_emg.csv"
    assert place_of(Path("sub-01/emg/sub-01_task-rest_emg.edf")) == "sub-01/emg/sub-01_task-rest"


def test_the_public_validator_finds_nothing_but_missing_authors(
    kept: Derivative, issues_of: Callable[[Path], list[tuple[str, str, str]]]
) -> None:
    kept.put(PLACE, result(size=1))
    kept.put("sub-02/ses-a/emg/sub-02_ses-a_task-rest_acq-grid_run-1", result(size=1))
    assert issues_of(kept.folder) == [("warning", "TOO_FEW_AUTHORS", "")]
    (kept.folder / "sub-01/emg/sub-01_task-rest_events.tsv").write_text("onset\tkind\nx\ty\n")
    assert any(severity == "error" for severity, _, _ in issues_of(kept.folder))
