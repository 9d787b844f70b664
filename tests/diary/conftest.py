"""A diary in a folder of its own, one in each kind of home, and the day that tests call today."""

import datetime as dt
from pathlib import Path

import pytest
from tests.diary.homes import Shelf, database_shelf, shelf
from tests.diary.postgres import postgres

from twitchwise.diary import start_diary
from twitchwise.diary.store import Diary

__all__ = ["database_shelf", "postgres", "shelf"]  # fixtures of every test here

FIRST = dt.date(2026, 3, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a diary may lie."""
    return tmp_path / "own" / "diary.sqlite3"


@pytest.fixture
def diary(file: Path) -> Diary:
    """A diary in a file that was just started."""
    return start_diary(file)


@pytest.fixture
def kept(shelf: Shelf) -> Diary:
    """A diary in each kind of home that was just started."""
    return shelf.new()


@pytest.fixture
def first() -> dt.date:
    """The first of some days."""
    return FIRST
