"""What became of recordings, a line each: nothing that was ended is lost, and nothing else is believed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.cohort.journal import Entry, Journal, stamp_of
from twitchwise.cohort.stored import StoredFile, StudyRecording


def recording(name: str, stamp: str = "1") -> StudyRecording:
    return StudyRecording(name=name, files=(StoredFile(relative=name, address=name, n_bytes=1, stamp=stamp),))


def entry(name: str, key: str, stamp: str = "1") -> Entry:
    return Entry(name=name, stamp=stamp_of(recording(name, stamp)), settings="s", state="measured", key=key)


@given(lines=st.lists(st.tuples(st.sampled_from("abc"), st.text("0123456789abcdef", min_size=1)), max_size=8))
def test_the_last_line_on_a_recording_counts(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("study") / "journal.jsonl"
    journal = Journal(file)
    for name, key in lines:
        journal.add(entry(name, key))
    last = dict(lines)
    for known in (journal, Journal(file)):
        for name in "abc":
            found = known.of(recording(name), "s")
            assert (None if found is None else found.key) == last.get(name)


@given(cut=st.integers(min_value=0, max_value=400))
def test_a_line_that_was_cut_off_costs_itself_alone(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    file = tmp_path_factory.mktemp("study") / "journal.jsonl"
    first = Journal(file)
    first.add(entry("a", "1"))
    whole = file.stat().st_size
    first.add(entry("b", "2"))
    file.write_bytes(file.read_bytes()[: max(whole, file.stat().st_size - cut)])
    again = Journal(file)
    again.add(entry("c", "3"))
    known = Journal(file)
    assert known.of(recording("a"), "s") is not None
    assert known.of(recording("c"), "s") is not None


def test_another_state_of_the_files_or_other_settings_are_not_known(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.add(entry("a", "1"))
    assert journal.of(recording("a"), "s") is not None
    assert journal.of(recording("a", stamp="2"), "s") is None
    assert journal.of(recording("a"), "t") is None


def test_what_is_no_line_of_a_journal_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    Journal(file).add(entry("a", "1"))
    file.write_bytes(b'\xff\xfe\n{"name": 3}\n[]\n' + file.read_bytes())
    found = Journal(file).of(recording("a"), "s")
    assert found is not None
    assert found.key == "1"
