"""The digest of a recording is that of its content: any byte and any name count, the place does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.cohort.digest import digest_of

contents = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.binary(max_size=40), min_size=1, max_size=4)


def put(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


@given(files=contents, data=st.data())
def test_any_byte_and_any_name_changes_it_and_the_place_does_not(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], data: st.DataObject
) -> None:
    paths = put(tmp_path_factory.mktemp("one"), files)
    elsewhere = put(tmp_path_factory.mktemp("another"), files)
    digest = digest_of(*paths)
    assert len(digest) == 64
    assert digest_of(*reversed(elsewhere)) == digest_of(paths[0].parent) == digest
    name = data.draw(st.sampled_from(sorted(files)))
    position = data.draw(st.integers(0, len(files[name])))
    changed = files | {name: files[name][:position] + b"x" + files[name][position:]}
    assert digest_of(*put(tmp_path_factory.mktemp("changed"), changed)) != digest
    renamed = {f"{other}z" if other == name else other: content for other, content in files.items()}
    assert digest_of(*put(tmp_path_factory.mktemp("renamed"), renamed)) != digest


def test_a_file_longer_than_a_piece_counts_to_its_end(tmp_path: Path) -> None:
    long = tmp_path / "long"
    long.write_bytes(bytes(3_000_000))
    before = digest_of(long)
    long.write_bytes(bytes(2_999_999) + b"x")
    assert digest_of(long) != before


def test_bytes_do_not_pass_from_one_file_to_the_next(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    other.mkdir()
    assert digest_of(*put(one, {"a": b"xy", "b": b""})) != digest_of(*put(other, {"a": b"x", "b": b"y"}))
