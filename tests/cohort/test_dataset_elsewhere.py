"""A data set in S3 or another storage gives the same study as one on this machine, whatever its network does."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from tests.cohort.s3 import S3Set, s3_server, s3_set, storage
from tests.cohort.sets import touch, write_bids

from twitchwise.cohort import storage as storage_room
from twitchwise.cohort.dataset import Dataset, open_dataset
from twitchwise.cohort.digest import digest_of
from twitchwise.cohort.fetching import ChangedError, fetched
from twitchwise.formats import read_recording
from twitchwise.vocabulary import UnreadableRecordingError

__all__ = ["s3_server", "s3_set"]  # fixtures of another file


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    monkeypatch.setattr(storage_room, "WAITS_S", (0.0, 0.0))


@pytest.fixture
def bids(tmp_path: Path) -> Path:
    write_bids(tmp_path / "set")
    return tmp_path / "set"


@pytest.fixture
def in_memory(bids: Path) -> Iterator[str]:
    """Return the same data set in the memory of this process, by its address."""
    memory = fsspec.filesystem("memory")
    memory.put(f"{bids}/", "/clinic/set", recursive=True)
    yield "memory:///clinic/set"
    for path in [path for path in memory.store if path.startswith("/clinic")]:
        del memory.store[path]


def said(dataset: Dataset) -> list[object]:
    """Return all that does not depend on where the data set lies."""
    return [
        (one.name, [(file.relative, file.n_bytes) for file in one.files], one.who, dict(one.more), one.gaps)
        for one in dataset.recordings
    ]


def test_a_data_set_in_s3_is_the_same_study(s3_set: S3Set, bids: Path, tmp_path: Path) -> None:
    address = s3_set(bids)
    here, there = open_dataset(bids), open_dataset(address)
    assert said(there) == said(here)
    assert (there.columns, there.warnings, there.name) == (here.columns, here.warnings, here.name)
    assert (there.base, there.is_local, here.is_local) == (address, False, True)
    for one, other in zip(here.recordings, there.recordings, strict=True):
        with fetched(one, tmp_path) as main, fetched(other, tmp_path) as brought:
            assert brought.is_relative_to(tmp_path)
            assert digest_of(*other.paths(brought)) == digest_of(*one.paths(main))
            assert read_recording(brought).channels == read_recording(main).channels
    assert [path for path in tmp_path.iterdir() if path.name != "set"] == []


def test_a_part_and_a_pattern_of_storage_are_those_of_a_disk(in_memory: str, bids: Path) -> None:
    assert said(open_dataset(in_memory)) == said(open_dataset(bids))
    for part in ("sub-01", "sub-01/ses-2", "sub-02/emg/sub-02_task-posture_emg.edf", "**/*run-1*", "sub-*"):
        there, here = open_dataset(f"{in_memory}/{part}"), open_dataset(f"{bids}/{part}")
        assert said(there) == said(here)
        assert there.base == in_memory
        assert there.warnings == here.warnings


def test_a_plain_folder_of_storage_is_known_by_first_bytes(in_memory: str, tmp_path: Path) -> None:
    del in_memory
    touch(tmp_path / "plain/long.csv", "time (s),EMG (uV)\n" + "".join(f"{i / 100},{i % 7}\n" for i in range(200_000)))
    touch(tmp_path / "plain/one.edf", "0       " + " " * 400)
    touch(tmp_path / "plain/one.docx", "words")
    touch(tmp_path / "plain/.hidden.edf", "0       ")
    fsspec.filesystem("memory").put(f"{tmp_path}/plain/", "/clinic/plain", recursive=True)
    assert said(open_dataset("memory://clinic/plain")) == said(open_dataset(tmp_path / "plain"))


def test_a_change_since_the_plan_is_refused(s3_set: S3Set, bids: Path, tmp_path: Path) -> None:
    address = s3_set(bids)
    first, second, third = open_dataset(address).recordings
    storage().pipe_file(second.files[0].address, b"another")
    storage().rm(third.files[0].address)
    with fetched(first, tmp_path):
        pass
    for recording in (second, third):
        with pytest.raises(ChangedError, match=rf"must stay as it is .*, got '{recording.name}' changed\."):
            fetched(recording, tmp_path).__enter__()


def test_a_change_on_a_disk_is_refused_before_and_after(bids: Path, tmp_path: Path) -> None:
    recording = open_dataset(bids).recordings[0]
    channels = bids / recording.files[1].relative

    def change_while_open() -> None:
        with fetched(recording, tmp_path) as main:
            assert main == bids.resolve() / recording.name
            channels.write_text("name\ttype\n")
            raise UnreadableRecordingError("x must be whole, got less.")

    with pytest.raises(ChangedError, match=r"channels\.tsv' changed\."):
        change_while_open()
    with pytest.raises(ChangedError):
        fetched(recording, tmp_path).__enter__()


def test_a_failure_of_the_measuring_itself_passes_through(bids: Path, tmp_path: Path) -> None:
    recording = open_dataset(bids).recordings[0]

    def fail() -> None:
        with fetched(recording, tmp_path):
            raise UnreadableRecordingError("x must be whole, got less.")

    with pytest.raises(UnreadableRecordingError, match="x must be whole"):
        fail()


class Flaky:
    """Lets every call fail a number of times before it goes through."""

    def __init__(self, n_failures: int, error: Exception) -> None:
        self.n_failures, self.error, self.n_calls = n_failures, error, 0

    def around(self, whole: Any) -> Any:  # noqa: ANN401 - any function
        def call(*args: Any, **options: Any) -> Any:  # noqa: ANN401
            self.n_calls += 1
            if self.n_failures:
                self.n_failures -= 1
                raise self.error
            return whole(*args, **options)

        return call


@pytest.mark.parametrize("error", [ConnectionResetError("reset"), TimeoutError("late"), OSError("503 slow down")])
def test_a_network_that_fails_for_a_while_is_asked_again(
    in_memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    memory = fsspec.filesystem("memory")
    recording = open_dataset(in_memory).recordings[0]
    flaky = Flaky(2, error)
    monkeypatch.setattr(memory, "get", flaky.around(memory.get))
    with fetched(recording, tmp_path) as main:
        assert main.stat().st_size == recording.files[0].n_bytes
    assert flaky.n_calls == 3


def test_first_bytes_that_fail_or_are_cut_are_asked_for_again(
    in_memory: str, bids: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = fsspec.filesystem("memory")
    whole, answers = memory.cat_ranges, [ConnectionResetError("reset"), b""]

    def cat_ranges(paths: list[str], starts: list[int], ends: list[int], **options: Any) -> list[Any]:  # noqa: ANN401
        found = whole(paths, starts, ends, **options)
        return [*found[:-1], answers.pop()] if answers else found

    monkeypatch.setattr(memory, "cat_ranges", cat_ranges)
    assert said(open_dataset(in_memory)) == said(open_dataset(bids))
    assert answers == []


def test_a_network_that_keeps_failing_is_refused_in_a_sentence(in_memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = fsspec.filesystem("memory")
    flaky = Flaky(99, ConnectionResetError("connection reset by peer"))
    monkeypatch.setattr(memory, "find", flaky.around(memory.find))
    with pytest.raises(
        UnreadableRecordingError,
        match=r"^dataset must be in a place that can be reached, got '.*' \(connection reset by",
    ):
        open_dataset(in_memory)
    assert flaky.n_calls == 3


def test_a_network_that_fails_while_the_data_set_is_looked_for_does_not_hide_it(
    in_memory: str, bids: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = fsspec.filesystem("memory")
    flaky = Flaky(2, ConnectionResetError("reset"))
    monkeypatch.setattr(memory, "info", flaky.around(memory.info))
    assert open_dataset(f"{in_memory}/sub-01").base == in_memory
    assert flaky.n_failures == 0
    assert said(open_dataset(f"{in_memory}/sub-01")) == said(open_dataset(bids / "sub-01"))


def test_what_may_not_be_read_is_refused_at_once(in_memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = fsspec.filesystem("memory")
    flaky = Flaky(99, PermissionError("Access Denied"))
    monkeypatch.setattr(memory, "find", flaky.around(memory.find))
    with pytest.raises(UnreadableRecordingError, match=r"that you may read, got '.*' \(Access Denied\)\."):
        open_dataset(in_memory)
    assert flaky.n_calls == 1


def test_an_empty_or_missing_place_is_refused(s3_set: S3Set, bids: Path) -> None:
    address = s3_set(bids)
    with pytest.raises(UnreadableRecordingError, match=r"dataset must hold recordings, got '.*/nothing'"):
        open_dataset(f"{address}/nothing")
    with pytest.raises(UnreadableRecordingError, match=r"must be in a place that exists|must hold recordings"):
        open_dataset("s3://no-such-bucket-anywhere/set")


def test_packages_of_storage_warn_nobody(in_memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = fsspec.filesystem("memory")
    find = memory.find

    def warning_find(*args: Any, **options: Any) -> Any:  # noqa: ANN401
        warnings.warn("of tomorrow", FutureWarning, stacklevel=1)
        return find(*args, **options)

    monkeypatch.setattr(memory, "find", warning_find)
    assert len(open_dataset(in_memory).recordings) == 3
