"""What was read is kept and taken again, and never when a file has changed."""

import os
from pathlib import Path

import pytest

from twitchwise.knowledge import Library
from twitchwise.knowledge import shelf as shelf_module
from twitchwise.vocabulary import KnowledgeError


def test_what_was_read_is_taken_again_without_reading_yaml(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = dict(Library(small_folder).findings)

    def never(_: Path) -> None:
        raise AssertionError

    monkeypatch.setattr(shelf_module, "read_document", never)
    assert dict(Library(small_folder).findings) == first


def test_a_changed_file_is_read_anew(small_folder: Path) -> None:
    assert Library(small_folder).findings["weak"].plain == "a weak muscle"
    file = small_folder / "findings" / "weak.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("a weak muscle", "a limp muscle"), encoding="utf-8")
    assert Library(small_folder).findings["weak"].plain == "a limp muscle"


def test_a_file_that_is_gone_or_new_is_noticed(small_folder: Path) -> None:
    assert "twitch" in Library(small_folder).findings
    (small_folder / "findings" / "twitch.yaml").unlink()
    assert "twitch" not in Library(small_folder).findings


def test_a_broken_file_is_refused_although_a_sound_one_was_kept(small_folder: Path) -> None:
    assert Library(small_folder).rules
    (small_folder / "rules" / "choking_now.yaml").write_text("id: choking_now\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"choking_now\.yaml"):
        _ = Library(small_folder).rules


@pytest.mark.parametrize("content", [b"", b"nonsense", b"x" * 500])
def test_a_damaged_keep_is_not_used(small_folder: Path, content: bytes) -> None:
    first = dict(Library(small_folder).findings)
    (small_folder / "findings" / "__pycache__" / "entries.msgpack").write_bytes(content)
    assert dict(Library(small_folder).findings) == first


@pytest.mark.skipif(os.name == "nt", reason="a file in the place of the folder is another error there")
def test_where_nothing_can_be_kept_the_files_are_read(small_folder: Path) -> None:
    (small_folder / "findings" / "__pycache__").write_text("in the way", encoding="utf-8")
    assert "twitch" in Library(small_folder).findings
