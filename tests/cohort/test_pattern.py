"""A pattern of storage chooses the same files as one of a disk."""

import glob
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.cohort.pattern import is_pattern, pattern_of, without_pattern

names = st.sampled_from(["a", "b", "ab", "b.edf", "a.edf", "x[1]", "sub-01"])
files = st.sets(st.lists(names, min_size=1, max_size=3).map("/".join), min_size=1, max_size=6)
parts = st.sampled_from(["**", "*", "?", "a*", "*.edf", "[ab]", "[!a]*", "x[[]1]", "sub-??", "a", "b**"])


@given(files=files, glob_parts=st.lists(parts, min_size=1, max_size=4))
def test_it_chooses_what_the_pattern_of_a_disk_chooses(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], glob_parts: list[str]
) -> None:
    folder, there = tmp_path_factory.mktemp("tree"), set()
    for file in files:
        path = folder / file
        if not any(parent.is_file() for parent in path.parents) and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pattern = "/".join(glob_parts)
    of_disk = {one for one in glob.glob(pattern, root_dir=folder, recursive=True) if (folder / one).is_file()}  # noqa: PTH207 - the oracle
    assert {file for file in there if pattern_of(pattern).fullmatch(file)} == {Path(one).as_posix() for one in of_disk}


@given(path=st.lists(names | parts, min_size=1, max_size=5).map("/".join), absolute=st.booleans())
def test_the_folders_before_it_hold_no_sign_of_one(path: str, *, absolute: bool) -> None:
    whole = f"/{path}" if absolute else path
    before = without_pattern(whole)
    assert not is_pattern(before)
    assert whole.startswith(before)
    assert (before == whole) is not is_pattern(whole)
