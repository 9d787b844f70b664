"""Which files describe a recording of a BIDS data set, and which recordings a folder holds."""

import contextlib
from pathlib import Path

import pytest

from twitchwise.formats.bids_tree import all_describing, data_set_of, describing, is_derived, nearest
from twitchwise.formats.folder import base_of, files_of, recordings_in
from twitchwise.vocabulary import UnreadableRecordingError

NAME = "sub-01_ses-1_task-rest_run-2_emg.edf"


def touch(file: Path, text: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return a recording of a data set with a description."""
    touch(tmp_path / "set/dataset_description.json", '{"Name": "x", "DatasetType": "raw"}')
    return touch(tmp_path / "set/sub-01/ses-1/emg" / NAME)


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_files_apply_from_the_root_of_the_data_set_down_to_the_recording(recording: Path) -> None:
    root = recording.parents[3]
    touch(recording.with_name("sub-01_ses-1_task-rest_run-2_emg.json"))
    touch(recording.with_name("sub-01_ses-1_task-rest_emg.json"))
    touch(root / "sub-01/sub-01_emg.json")
    touch(root / "task-rest_emg.json")
    touch(root / "emg.json")
    assert names(describing(recording, "emg.json")) == [
        "emg.json",
        "task-rest_emg.json",
        "sub-01_emg.json",
        "sub-01_ses-1_task-rest_emg.json",
        "sub-01_ses-1_task-rest_run-2_emg.json",
    ]


@pytest.mark.parametrize(
    "other",
    [
        "task-move_emg.json",
        "sub-02_task-rest_emg.json",
        "task-rest_acq-grid_emg.json",
        "task-rest_channels.json",
        ".task-rest_emg.json",
        "task-rest_myemg.json",
    ],
)
def test_files_of_other_recordings_do_not_apply(recording: Path, other: str) -> None:
    touch(recording.parents[3] / other)
    touch(recording.parents[4] / "task-rest_emg.json")  # above the data set
    assert describing(recording, "emg.json") == []


def test_the_nearest_table_replaces_the_others(recording: Path) -> None:
    touch(recording.parents[3] / "task-rest_channels.tsv")
    near = touch(recording.with_name("sub-01_ses-1_channels.tsv"))
    assert nearest(recording, "channels.tsv") == near
    assert nearest(recording, "electrodes.tsv") is None


def test_coordinate_systems_may_have_a_space_of_their_own(recording: Path) -> None:
    found = touch(recording.with_name("sub-01_ses-1_space-grid1_coordsystem.json"))
    assert describing(recording, "coordsystem.json") == []
    assert describing(recording, "coordsystem.json", free="space") == [found]
    assert all_describing(recording) == [found]


def test_a_file_outside_of_a_data_set_is_described_by_its_neighbors_alone(tmp_path: Path) -> None:
    touch(tmp_path / "sub-01_channels.tsv")
    beside = touch(tmp_path / "in/sub-01_channels.tsv")
    assert describing(touch(tmp_path / "in/sub-01_emg.edf"), "channels.tsv") == [beside]
    touch(tmp_path / "in/left_channels.tsv")
    assert names(describing(touch(tmp_path / "in/left_emg.edf"), "channels.tsv")) == ["left_channels.tsv"]
    assert describing(touch(tmp_path / "in/calf.edf"), "channels.tsv") == []


def test_a_recording_is_described_wherever_it_is_read_from(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(recording.parents[3] / "task-rest_emg.json")
    monkeypatch.chdir(recording.parent)
    assert names(describing(Path(NAME), "emg.json")) == ["task-rest_emg.json"]


def test_a_data_set_is_known_by_its_description(recording: Path) -> None:
    root = recording.parents[3]
    assert data_set_of(recording.parent) == root
    assert base_of(root) == root
    assert base_of(root.parent) == root.parent
    assert data_set_of(root.parent) is None


@pytest.mark.parametrize(
    ("text", "derived"),
    [('{"DatasetType": "derivative"}', True), ('{"DatasetType": "raw"}', False), ("[]", False), ("{", False)],
)
def test_derived_data_sets_say_so(tmp_path: Path, text: str, derived: bool) -> None:  # noqa: FBT001 - a table
    touch(tmp_path / "dataset_description.json", text)
    assert is_derived(tmp_path) is derived
    assert not is_derived(tmp_path / "none")


def test_a_data_set_holds_its_emg_recordings_alone(recording: Path) -> None:
    root = recording.parents[3]
    other = touch(root / "sub-02/emg/sub-02_task-rest_emg.bdf")
    for name in (
        "derivatives/clean/sub-01/emg/sub-01_task-rest_emg.edf",
        "sourcedata/sub-01_emg.edf",
        ".sub-03.part/sub-03_task-rest_emg.edf",
        "sub-02/eeg/sub-02_task-rest_eeg.edf",
        "sub-02/emg/.sub-02_task-rest_emg.edf",
        "results.csv",
    ):
        touch(root / name)
    assert recordings_in(root) == [recording, other]
    assert recordings_in(root / "sub-02") == [other]
    touch(root / "out/sub-01/emg/sub-01_task-x_emg.edf")
    assert recordings_in(root, leave_out=root / "out") == [recording, other]


def test_a_link_without_its_content_is_a_recording_still(recording: Path) -> None:
    link = recording.with_name("sub-01_ses-1_task-walk_emg.edf")
    link.symlink_to("../nowhere")
    assert recordings_in(recording.parents[3]) == [recording, link]


def test_a_plain_folder_holds_every_file_that_begins_like_a_recording(tmp_path: Path) -> None:
    edf = touch(tmp_path / "deep/night.EDF", "0       " + " " * 400)
    empty = touch(tmp_path / "empty.edf")
    header = touch(tmp_path / "rec.hea", "rec 1 100 5\n")
    table = touch(tmp_path / "table.csv", "1\n2\n")
    gone = tmp_path / "gone.edf"
    gone.symlink_to("nowhere")
    for name in ("rec.dat", "README.txt", "note.docx", "letter.edf", "done/dataset_description.json", "done/x.csv"):
        touch(tmp_path / name, '{"DatasetType": "derivative"}' if name.endswith(".json") else "words")
    assert recordings_in(tmp_path) == [edf, empty, gone, header, table]


@pytest.mark.parametrize("is_described", [True, False])
def test_data_sets_and_recordings_beside_them_count_together(tmp_path: Path, *, is_described: bool) -> None:
    edf = "0       " + " " * 400
    site = tmp_path / "site_a"
    for name in ("sub-01/emg/sub-01_task-rest_emg.edf", "sub-02/emg/sub-02_task-rest_emg.edf"):
        touch(site / name, edf)
    for name in ("sub-01/eeg/sub-01_task-rest_eeg.edf", "extra.edf", "sourcedata/raw.edf"):
        touch(site / name, edf)  # in the data set, and not of its recordings
    if is_described:
        touch(site / "dataset_description.json", '{"Name": "x"}')
    touch(tmp_path / "site_b/week 1/calf.edf", edf)
    touch(tmp_path / "thumb.csv", "1\n2\n")
    expected = [
        "site_a/sub-01/emg/sub-01_task-rest_emg.edf",
        "site_a/sub-02/emg/sub-02_task-rest_emg.edf",
        "site_b/week 1/calf.edf",
        "thumb.csv",
    ]
    assert [path.relative_to(tmp_path).as_posix() for path in recordings_in(tmp_path)] == expected
    with contextlib.chdir(tmp_path):
        assert [path.as_posix() for path in recordings_in(Path())] == expected
    assert recordings_in(tmp_path / "site_a") == [tmp_path / name for name in expected[:2]]


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="folder must hold recordings"):
        recordings_in(tmp_path)
    with pytest.raises(UnreadableRecordingError, match="must be a file that exists"):
        recordings_in(tmp_path / "none")


def test_the_files_of_a_recording_are_all_of_its_name_and_all_that_describe_it(tmp_path: Path) -> None:
    header, data = touch(tmp_path / "re[c].hea"), touch(tmp_path / "re[c].dat")
    touch(tmp_path / "rec.dat")
    assert files_of(header) == [header, data]


def test_what_a_recording_inherits_is_among_its_files(recording: Path) -> None:
    table = touch(recording.parents[3] / "channels.tsv")
    assert files_of(recording) == [recording, table]


def test_a_data_set_holds_movement_and_what_of_physiology_shows_a_muscle(recording: Path) -> None:
    root = recording.parents[3]
    moved = touch(root / "sub-01/ses-1/motion/sub-01_ses-1_task-rest_tracksys-imu_motion.tsv")
    grip = touch(recording.with_name(NAME.replace("emg.edf", "physio.tsv.gz")))
    touch(grip.with_name(NAME.replace("emg.edf", "physio.json")), '{"Columns": ["emg"], "emg": {"Units": "mV"}}')
    heart = touch(root / "sub-02/emg/sub-02_task-rest_physio.tsv.gz")
    touch(root / "task-rest_physio.json", '{"Columns": ["cardiac"], "cardiac": {"Units": "mV"}}')
    assert recordings_in(root) == [recording, grip, moved]
    with pytest.raises(UnreadableRecordingError, match="folder must hold recordings"):
        recordings_in(heart.parent)
    assert names(list(files_of(grip))) == [
        grip.name,
        "task-rest_physio.json",
        NAME.replace("emg.edf", "physio.json"),
    ]
