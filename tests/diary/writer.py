"""Writes and edits days until it is killed, and says each on a line once it is acknowledged."""

import datetime as dt
import sys
from pathlib import Path

from twitchwise.diary import Entry, Place, Site, open_database, open_diary
from twitchwise.diary.address import SCHEMES, address_in
from twitchwise.diary.store import Diary

FIRST = dt.date(1950, 1, 1)
EDITED_EACH = 4


def entry_after(step: int) -> Entry:
    """Return the entry that a step writes: a row of its own for each place and sign."""
    is_edit = step % EDITED_EACH == EDITED_EACH - 1
    return Entry(
        day=FIRST + dt.timedelta(days=step - (EDITED_EACH - 1 if is_edit else 0)),
        stress=step % 10,
        places=(Place(Site.CALF), Place(Site.FACE)) if is_edit else (Place(Site.HAND), Place(Site.BACK)),
        findings=("tremor", "fatigue"),
        note=f"{'edited' if is_edit else 'written'} in step {step}",
    )


def diary_at(place: str) -> Diary:
    """Open a diary by its file, or by the address of its database and its key behind a space."""
    address, _, key = place.partition(" ")
    return open_database(address_in(address)).open(key) if address.startswith(SCHEMES) else open_diary(Path(place))


def write(diary: Diary, start: int, stop: int) -> None:
    """Do the steps from ``start``: every fourth edits the day that was written three steps before."""
    sys.stdout.write("ready\n")
    for step in range(start, stop):
        is_edit = step % EDITED_EACH == EDITED_EACH - 1
        (diary.change if is_edit else diary.add)(entry_after(step))
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write(diary_at(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
