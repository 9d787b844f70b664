"""Keeps in the diary what a recording or a check gave."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.assess import assess_case
from twitchwise.cli.output import progress
from twitchwise.examine import MeasuringOrder, examine_as_ordered, read_case
from twitchwise.examine.for_the_diary import kept_check, kept_recording

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary


def keep_recording(diary: "Diary", file: Path, day: dt.date) -> None:
    """Measure a recording, and keep what was measured."""
    with progress(f"Measuring {file.name}"):
        examined = examine_as_ordered(file, MeasuringOrder())
    diary.keep_recording(kept_recording(examined, day))


def keep_case(diary: "Diary", file: Path, day: dt.date) -> None:
    """Check a case, and keep how soon to seek help."""
    diary.keep_check(kept_check(assess_case(read_case(file, diary.known), diary.known), day))
