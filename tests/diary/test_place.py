"""The diary lies where the platform keeps a person's data, or where they say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import twitchwise.diary
from twitchwise.diary import VARIABLE, default_file, erase_diary, open_diary, start_diary
from twitchwise.diary.place import data_folder
from twitchwise.vocabulary import MissingExtraError


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "~/.local/share/twitchwise"),
        ("linux", {"XDG_DATA_HOME": "/data/mine"}, "/data/mine/twitchwise"),
        ("linux", {"XDG_DATA_HOME": "not/absolute"}, "~/.local/share/twitchwise"),
        ("darwin", {"XDG_DATA_HOME": "/data/mine"}, "~/Library/Application Support/twitchwise"),
        ("win32", {"LOCALAPPDATA": "/local", "APPDATA": "/roaming"}, "/local/twitchwise"),
        ("win32", {}, "~/AppData/Local/twitchwise"),
    ],
)
def test_each_platform_has_its_place(platform: str, environment: dict[str, str], folder: str) -> None:
    assert default_file(platform, environment) == Path(folder).expanduser() / "diary.sqlite3"


def test_the_environment_names_another_file() -> None:
    assert default_file("linux", {VARIABLE: "~/mine.sqlite3"}) == Path.home() / "mine.sqlite3"
    assert default_file("linux", {VARIABLE: " "}) == default_file("linux", {})


def test_erasing_the_usual_diary_takes_its_folder_along_but_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    folder = data_folder(sys.platform, os.environ)
    start_diary()
    other = folder / "other"
    other.touch()
    erase_diary()
    assert list(folder.iterdir()) == [other]
    other.unlink()
    start_diary()
    default_file().write_bytes(b"damaged beyond knowing")
    erase_diary()
    assert not folder.exists()


def test_importing_the_room_loads_no_database_package() -> None:
    code = "import sys, twitchwise.diary, twitchwise.cli; print({'sqlalchemy', 'sqlite3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603 - own code
    assert done.stdout == "set()\n"


def test_a_missing_package_is_answered_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(twitchwise.diary, "find_spec", lambda _: None)
    for use in (start_diary, open_diary, erase_diary):
        with pytest.raises(MissingExtraError, match=r"pip install 'twitchwise\[diary\]'"):
            use(tmp_path / "diary.sqlite3")
