"""A diary in a folder of its own, and the day that tests call today."""

import datetime as dt
from pathlib import Path

import pytest

from twitchwise.diary import start_diary
from twitchwise.diary.store import Diary

FIRST = dt.date(2026, 3, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a diary may lie."""
    return tmp_path / "own" / "diary.sqlite3"


@pytest.fixture
def diary(file: Path) -> Diary:
    """A diary that was just started."""
    return start_diary(file)


@pytest.fixture
def first() -> dt.date:
    """The first of some days."""
    return FIRST
