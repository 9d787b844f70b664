"""What a study is made of: the recordings of a place, the files of each, and whose they are by BIDS or by a table."""

import pickle
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cohort.sets import touch, write_bids

from twitchwise.cohort.dataset import Dataset, open_dataset
from twitchwise.cohort.who import Who, entities_of, name_of
from twitchwise.examine import MeasuringOrder
from twitchwise.vocabulary import OutOfRangeError, Side, Task, UnreadableRecordingError

FIRST, SECOND, THIRD = (
    "sub-01/ses-1/emg/sub-01_ses-1_task-rest_run-1_emg.edf",
    "sub-01/ses-2/emg/sub-01_ses-2_task-rest_run-1_emg.edf",
    "sub-02/emg/sub-02_task-posture_emg.edf",
)


@pytest.fixture
def bids(tmp_path: Path) -> Path:
    write_bids(tmp_path / "set")
    return tmp_path / "set"


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """Return a folder of files whose names say nothing."""
    for name in ("a/one.edf", "a/two.edf", "b/one.edf"):
        touch(tmp_path / "visits" / name, "0       " + " " * 400)
    return tmp_path / "visits"


def who_in(dataset: Dataset) -> dict[str, Who]:
    return {recording.name: recording.who for recording in dataset.recordings}


class TestBids:
    def test_its_tables_say_who_and_when(self, bids: Path) -> None:
        person = {"participant_id": "sub-01", "task": "rest", "run": "1", "group": "patient"}
        assert who_in(open_dataset(bids)) == {
            FIRST: Who(session="1", start=datetime(2024, 1, 2, 9), **person),  # noqa: DTZ001 - as the clock there stood
            SECOND: Who(session="2", start=datetime(2024, 2, 3, 10, 30), **person),  # noqa: DTZ001
            THIRD: Who(participant_id="sub-02", task="posture", group="control"),
        }

    def test_recordings_beside_a_data_set_belong_to_the_study_as_well(self, bids: Path, visits: Path) -> None:
        assert bids.parent == visits.parent
        found = who_in(open_dataset(bids.parent))
        assert list(found) == [f"set/{name}" for name in sorted((FIRST, SECOND, THIRD))] + [
            f"visits/{name}" for name in ("a/one.edf", "a/two.edf", "b/one.edf")
        ]
        assert found[f"set/{THIRD}"] == Who(participant_id="set/sub-02", task="posture", group="control")
        assert found["visits/a/one.edf"] == Who()

    def test_people_of_two_sites_are_two_though_their_labels_are_alike(self, tmp_path: Path) -> None:
        for site in ("north", "south/ward"):
            write_bids(tmp_path / site)
        (tmp_path / "south/ward/participants.tsv").write_text(
            "participant_id\tgroup\tage\nsub-01\tcontrol\t40\nsub-09\tcontrol\t41\n", encoding="utf-8"
        )
        dataset = open_dataset(tmp_path)
        people = {one.name: (one.who.participant_id, one.who.group, one.more["data_set"]) for one in dataset.recordings}
        assert people[f"north/{FIRST}"] == ("north/sub-01", "patient", "north")
        assert people[f"south/ward/{FIRST}"] == ("south/ward/sub-01", "control", "south/ward")
        assert people[f"south/ward/{THIRD}"] == ("south/ward/sub-02", None, "south/ward")
        assert [one.more.get("age") for one in dataset.recordings if one.name.endswith(FIRST)] == [61.0, 40.0]
        assert dataset.columns[0] == "data_set"
        assert dataset.warnings == (
            "south/ward: People that participants.tsv does not name: sub-02.",
            "south/ward: People in participants.tsv without a recording: sub-09.",
        )
        table = tmp_path.parent / f"{tmp_path.name}.csv"
        table.write_text(f"file,participant\nnorth/{FIRST},sub-01\nsouth/ward/{FIRST},sub-01\n", encoding="utf-8")
        joined = who_in(open_dataset(tmp_path, table=table))
        assert {joined[f"{site}/{FIRST}"].participant_id for site in ("north", "south/ward")} == {"sub-01"}
        by_site = open_dataset(tmp_path, group="data_set")
        assert {one.who.group for one in by_site.recordings} == {"north", "south/ward"}
        assert all("data_set" not in one.more for one in by_site.recordings)
        assert who_in(open_dataset(tmp_path / "north"))[FIRST].participant_id == "sub-01"

    def test_other_columns_come_along_as_numbers_or_text(self, bids: Path) -> None:
        dataset = open_dataset(bids)
        assert [dict(recording.more) for recording in dataset.recordings] == [
            {"age": 61.0, "sex": "F", "severity": 3.5},
            {"age": 61.0, "sex": "F", "severity": 4.0, "quality": "good"},
            {"age": 58.0, "sex": "M"},
        ]
        assert set(dataset.columns) == {"age", "sex", "severity", "quality"}
        assert dataset.warnings == ()

    def test_numbers_that_are_labels_stay_text(self, bids: Path) -> None:
        touch(bids / "participants.tsv", "participant_id\tcenter\tage\nsub-01\t007\t61\nsub-02\t8\t89+\n")
        assert [recording.more["center"] for recording in open_dataset(bids).recordings] == ["007", "007", "8"]
        assert [recording.more["age"] for recording in open_dataset(bids).recordings] == ["61", "61", "89+"]

    def test_each_recording_has_all_files_that_describe_it(self, bids: Path) -> None:
        first, second, _ = open_dataset(bids).recordings
        channels = FIRST.replace("emg.edf", "channels.tsv")
        assert [file.relative for file in first.files] == [FIRST, channels, "task-rest_emg.json"]
        assert [file.relative for file in second.files] == [SECOND, "task-rest_emg.json"]
        assert first.paths(bids / FIRST) == tuple(bids / file.relative for file in first.files)
        assert first.n_bytes == sum((bids / file.relative).stat().st_size for file in first.files)

    def test_a_part_keeps_the_names_and_tables_of_the_whole(self, bids: Path) -> None:
        whole = {recording.name: recording for recording in open_dataset(bids).recordings}
        for part in ("sub-01", "sub-01/ses-2", THIRD):
            dataset = open_dataset(bids / part)
            assert dataset.base == str(bids.resolve())
            assert dataset.warnings == ()
            assert all(recording == whole[recording.name] for recording in dataset.recordings)

    def test_people_that_the_tables_do_not_name_are_said(self, bids: Path) -> None:
        touch(bids / "participants.tsv", "participant_id\nsub-01\nsub-07\n")
        assert open_dataset(bids).warnings == (
            "People that participants.tsv does not name: sub-02.",
            "People in participants.tsv without a recording: sub-07.",
        )

    def test_the_group_may_be_another_column(self, bids: Path) -> None:
        assert [one.who.group for one in open_dataset(bids, group="sex").recordings] == ["F", "F", "M"]
        assert all("sex" not in one.more for one in open_dataset(bids, group="sex").recordings)
        with pytest.raises(OutOfRangeError, match=r"group must be a column of the tables .*'age'.*, got 'arm'"):
            open_dataset(bids, group="arm")

    def test_a_table_may_write_the_column_of_the_group_with_a_capital(self, bids: Path) -> None:
        touch(bids / "participants.tsv", "participant_id\tGroup\nsub-01\tpatient\nsub-02\tcontrol\n")
        assert [one.who.group for one in open_dataset(bids).recordings] == ["patient", "patient", "control"]

    def test_a_date_that_is_none_is_said(self, bids: Path) -> None:
        touch(bids / "sub-01/sub-01_sessions.tsv", "session_id\tacq_time\nses-1\t02/01/2024\n")
        dataset = open_dataset(bids)
        assert dataset.recordings[0].who.start is None
        assert any("acq_time must be a date" in said and "'02/01/2024'" in said for said in dataset.warnings)

    def test_a_table_that_cannot_be_read_is_said(self, bids: Path) -> None:
        (bids / "participants.tsv").write_bytes(b"\xff\xfe\x00")
        assert any("participants.tsv" in said for said in open_dataset(bids).warnings)

    def test_results_and_a_folder_that_is_left_out_are_no_part_of_it(self, bids: Path) -> None:
        touch(bids / "out/sub-01/emg/sub-01_task-x_emg.edf", "x")
        assert len(open_dataset(bids).recordings) == 4
        assert [one.name for one in open_dataset(bids, leave_out=bids / "out").recordings] == [FIRST, SECOND, THIRD]


class TestPlaces:
    def test_a_folder_names_nobody(self, visits: Path) -> None:
        assert who_in(open_dataset(visits)) == dict.fromkeys(("a/one.edf", "a/two.edf", "b/one.edf"), Who())

    def test_one_file_is_a_study(self, visits: Path) -> None:
        dataset = open_dataset(visits / "a/one.edf")
        assert (dataset.base, list(who_in(dataset))) == (str(visits.resolve() / "a"), ["one.edf"])

    def test_a_pattern_chooses_files_and_folders(self, visits: Path, bids: Path) -> None:
        assert list(who_in(open_dataset(f"{visits}/**/one.edf"))) == ["a/one.edf", "b/one.edf"]
        assert list(who_in(open_dataset(f"{visits}/?"))) == ["a/one.edf", "a/two.edf", "b/one.edf"]
        assert list(who_in(open_dataset(f"{bids}/sub-*"))) == [FIRST, SECOND, THIRD]
        assert list(who_in(open_dataset(f"{bids}/**/*"))) == [FIRST, SECOND, THIRD]

    def test_several_places_have_the_folder_above_them_in_common(self, visits: Path) -> None:
        assert list(who_in(open_dataset([visits / "b", visits / "a/two.edf"]))) == ["a/two.edf", "b/one.edf"]

    def test_an_address_of_this_machine_is_a_path(self, visits: Path) -> None:
        assert open_dataset(visits.as_uri()) == open_dataset(visits)
        assert open_dataset(f"{visits.as_uri()}/**/one.edf") == open_dataset(f"{visits}/**/one.edf")

    def test_a_folder_that_is_one_recording_counts_once(self, tmp_path: Path) -> None:
        for name in ("Accelerometer.csv", "Gyroscope.csv"):
            touch(tmp_path / "set/walk" / name, "time,seconds_elapsed,z,y,x\n" + "1,0.1,9.8,0,0\n" * 9)
        touch(tmp_path / "set/walk/Metadata.csv", "version\n3\n")
        (recording,) = open_dataset(tmp_path / "set").recordings
        assert recording.name == "walk"
        assert all(file.relative.startswith("walk/") for file in recording.files)
        main = tmp_path / "set/walk"
        assert recording.paths(main)[0] == main / "Accelerometer.csv"

    @pytest.mark.parametrize("dataset", ["", [], "nowhere", "nowhere/*.edf"])
    def test_what_is_not_there_is_refused(self, tmp_path: Path, dataset: str | list[str]) -> None:
        named = f"{tmp_path}/{dataset}" if dataset else dataset
        with pytest.raises((OutOfRangeError, UnreadableRecordingError), match=r"^\S+ must .*, got .*\.$"):
            open_dataset(named)

    def test_an_unknown_kind_of_storage_is_refused(self) -> None:
        with pytest.raises(OutOfRangeError, match="dataset must be in a storage that fsspec knows, got 'nothing://x'"):
            open_dataset("nothing://x")

    def test_recordings_can_be_sent_elsewhere(self, bids: Path) -> None:
        dataset = open_dataset(bids, storage_options={"key": "a secret"})
        assert pickle.loads(pickle.dumps(dataset)) == dataset  # noqa: S301 - our own
        assert "a secret" not in repr(dataset)


class TestTable:
    def test_a_row_says_who_and_more(self, visits: Path, tmp_path: Path) -> None:
        table = touch(
            tmp_path / "table.csv",
            "\ufefffile;participant;visit;group;date;severity;site;side;task\n"
            "a/one.edf;P1;1;patient;2024-03-31T08:00;3.5;calf;L;rest\n"
            "two.edf;P1;ses-2;patient;2024-04-01;n/a;;;walking\n",
        )
        dataset = open_dataset(visits, table=table)
        first, second, third = dataset.recordings
        start = datetime(2024, 3, 31, 8)  # noqa: DTZ001 - as the clock there stood
        assert first.who == Who(participant_id="P1", session="1", task="rest", group="patient", start=start)
        assert first.more == {"severity": 3.5}
        assert (first.gaps.side, first.gaps.site, first.gaps.task) == (Side.LEFT, "calf", Task.REST)
        assert (second.who.session, second.who.task, second.gaps.task, dict(second.more)) == ("2", "walking", None, {})
        assert third.who == Who()
        assert dataset.warnings == (
            "Recordings that table.csv does not name are in the study all the same: b/one.edf.",
        )

    def test_the_table_fills_gaps_of_the_order_alone(self, visits: Path, tmp_path: Path) -> None:
        table = touch(tmp_path / "t.tsv", "file\tside\tsite\n**/one.edf\tright\twrist\n")
        recording = open_dataset(visits, table=table).recordings[0]
        order = recording.ordered(MeasuringOrder(site="hand"))
        assert (order.site, order.side) == ("hand", Side.RIGHT)

    def test_a_pattern_stands_for_many_and_a_table_may_lie_among_them(self, visits: Path) -> None:
        table = touch(visits / "people.csv", "file,id\na/*,P1\nb/**,P2\n")
        who = who_in(open_dataset(visits, table=table))
        assert {name: one.participant_id for name, one in who.items()} == {
            "a/one.edf": "P1",
            "a/two.edf": "P1",
            "b/one.edf": "P2",
        }

    def test_a_table_adds_to_bids_and_is_believed(self, bids: Path, tmp_path: Path) -> None:
        table = touch(tmp_path / "t.csv", f"file,participant_id,task,dose\n{FIRST},01,stand,5\n{THIRD},sub-09,,7\n")
        dataset = open_dataset(bids, table=table)
        first, second, third = dataset.recordings
        assert (first.who.participant_id, first.who.task, first.more["dose"]) == ("sub-01", "stand", 5.0)
        assert (second.who.task, "dose" in second.more) == ("rest", False)
        assert third.who.participant_id == "sub-09"
        assert dataset.warnings[0] == (
            "Names of files and the table differ, and the table was believed:"
            f" {FIRST} (task 'rest' and 'stand'), {THIRD} (participant_id 'sub-02' and 'sub-09')."
        )

    def test_a_row_without_a_recording_is_said(self, visits: Path, tmp_path: Path) -> None:
        table = touch(tmp_path / "t.csv", "file,id\n**/*.edf,P1\nc/gone.edf,P2\n")
        assert open_dataset(visits, table=table).warnings == (
            "t.csv names files that are no recordings of the data set: 'c/gone.edf' (line 3).",
        )

    def test_date_and_time_of_day_may_stand_apart(self, visits: Path, tmp_path: Path) -> None:
        table = touch(tmp_path / "t.csv", "file,date,time\na/one.edf,2024-03-31,08:15\na/two.edf,2024-03-31,\n")
        first, second, _ = open_dataset(visits, table=table).recordings
        assert (first.who.start, second.who.start) == (datetime(2024, 3, 31, 8, 15), datetime(2024, 3, 31))  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("name,id\na/one.edf,P1\n", "must have a column 'file' .*, got columns 'name', 'id'"),
            ("file,id\na/one.edf,P1\n**/one.edf,P2\n", "one row for each recording, got 'a/one.edf' in lines 2 and 3"),
            ("file,id\none.edf,P1\n", "with its folders, got 'one.edf', which stands for a/one.edf, b/one.edf"),
            ("file,start\na/one.edf,31.03.2024\n", "with the year first, got '31.03.2024'"),
            ("file,date\na/one.edf,3/4/2024\n", "with the year first, got '3/4/2024'"),
            ("file;age\na/one.edf;61,5\n", "line 2 of t.csv must have numbers with a decimal point, got '61,5'"),
            (
                "file,side\na/one.edf,up\n",
                "side in line 2 of t.csv must be one of left, right, midline, both, got 'up'",
            ),
            ("file,id\n,P1\n", "line 2 of t.csv must name a file, got none"),
            ("file,id\na/one.edf,P1,3\n", "line 2 of t.csv must have 2 cells like the first, got 3"),
            ("file,id,id\na/one.edf,P1,3\n", "columns of t.csv must be named apart"),
            ("", "must have a column 'file'"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(
        self, visits: Path, tmp_path: Path, text: str, sentence: str
    ) -> None:
        with pytest.raises(OutOfRangeError, match=sentence):
            open_dataset(visits, table=touch(tmp_path / "t.csv", text))

    def test_a_table_that_is_no_text_is_refused(self, visits: Path, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes(b"file\n\xff\xfe")
        with pytest.raises(OutOfRangeError, match="table must be a CSV or TSV file in UTF-8"):
            open_dataset(visits, table=tmp_path / "t.csv")


labels = st.text("abcXYZ0129", min_size=1, max_size=6)
entities = st.builds(
    lambda sub, others: {"sub": sub, **others},
    labels,
    st.dictionaries(st.sampled_from(["ses", "task", "tracksys", "acq", "run"]), labels),
)


@given(parts=entities, suffix=st.sampled_from(["emg.edf", "motion.tsv", "physio.tsv.gz"]))
def test_the_parts_of_a_name_are_those_it_was_made_of(parts: dict[str, str], suffix: str) -> None:
    assert entities_of(f"folder/{name_of(parts, suffix)}") == parts


@pytest.mark.parametrize("name", ["one.edf", "sub-01.edf", "task-x_emg.edf", "sub-01_x_emg.edf", "sub-01__emg.edf"])
def test_a_name_that_is_not_of_bids_has_no_parts(name: str) -> None:
    assert entities_of(name) == {}


people = st.lists(
    st.tuples(labels, st.sampled_from(["patient", "control"]), st.integers(18, 99)), min_size=1, max_size=3,
    unique_by=lambda one: one[0].lower(),
)  # fmt: skip


@given(people=people, day=st.dates(datetime(2000, 1, 1).date(), datetime(2030, 1, 1).date()))  # noqa: DTZ001
def test_a_table_says_the_same_as_bids_of_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str, int]], day: object
) -> None:
    bids, plain = tmp_path_factory.mktemp("sets") / "bids", tmp_path_factory.mktemp("sets") / "plain"
    touch(bids / "dataset_description.json", "{}")
    rows = [f"sub-{label}\t{group}\t{age}\n" for label, group, age in people]
    touch(bids / "participants.tsv", "participant_id\tgroup\tage\n" + "".join(rows))
    table = ["file,participant_id,session,task,group,age,start\n"]
    for number, (label, group, age) in enumerate(people):
        touch(bids / f"sub-{label}/ses-1/emg/sub-{label}_ses-1_task-rest_emg.edf", "0       ")
        touch(bids / f"sub-{label}/sub-{label}_sessions.tsv", f"session_id\tacq_time\nses-1\t{day}T08:00:00\n")
        touch(plain / f"{number}.edf", "0       " + " " * 400)
        table.append(f"{number}.edf,sub-{label},1,rest,{group},{age},{day}T08:00:00\n")
    said = open_dataset(plain, table=touch(tmp_path_factory.mktemp("sets") / "table.csv", "".join(table)))
    by_person = {one.who.participant_id: one for one in open_dataset(bids).recordings}
    for one in said.recordings:
        other = by_person[one.who.participant_id]
        assert (one.who, dict(one.more)) == (other.who, dict(other.more))
    assert said.warnings == ()


@pytest.mark.shared_data
def test_real_data_sets_name_their_people(shared_data: Path) -> None:
    sets = sorted((shared_data / "emg/bids").glob("emg_*"))
    assert sets
    for one in sets:
        dataset = open_dataset(one)
        assert {recording.who.participant_id for recording in dataset.recordings} == {"sub-01"}
        assert all(recording.who.task for recording in dataset.recordings)
        assert not any("does not name" in said for said in dataset.warnings)


words = st.text("file,;\t|\n\"'sub-01.edf*?[]/\\0-9xT: é\x00", max_size=60)


@given(text=words, head=st.sampled_from(["", "file,id,start,side\n", "file\tgroup\tdate\ttime\n", "file;x\n"]))
def test_any_table_ends_in_a_study_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str, head: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("one.edf", "two.edf"):
        touch(folder / "visits" / name, "0       " + " " * 400)
    table = touch(folder / "t.csv", head + text)
    try:
        dataset = open_dataset(folder / "visits", table=table)
    except OutOfRangeError as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return
    assert len(dataset.recordings) == 2


@given(
    text=words, head=st.sampled_from(["participant_id\tgroup\n", "session_id\tacq_time\n", "filename\tacq_time\n", ""])
)
def test_any_tables_of_bids_end_in_a_study(tmp_path_factory: pytest.TempPathFactory, text: str, head: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    touch(folder / FIRST, "0       ")
    for name in ("participants.tsv", "sub-01/sub-01_sessions.tsv", "sub-01/ses-1/sub-01_ses-1_scans.tsv"):
        touch(folder / name, head + text)
    (recording,) = open_dataset(folder).recordings
    assert recording.who.participant_id == "sub-01"
