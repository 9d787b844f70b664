"""A diary as lines for a terminal."""

from collections.abc import Iterator, Sequence

from twitchwise.diary.entry import TASKS, Entry, KeptCheck, KeptRecording
from twitchwise.diary.for_the_doctor import TASK_WORDS, printable
from twitchwise.diary.trend_words import number
from twitchwise.knowledge import Library

WORDS = {
    "twitch_count": "{} twitches",
    "twitch_minutes": "{} minutes of twitching",
    "severity": "{} out of 10 for how bad",
    "caffeine_cups": "{} cups with caffeine",
    "alcohol_drinks": "{} alcoholic drinks",
    "sleep_hours": "{} hours of sleep",
    "sleep_quality": "{} out of 10 for sleep",
    "exercise_minutes": "{} minutes of exercise",
    "stress": "{} out of 10 for stress",
    "chair_rise_s": "{} seconds for five rises from a chair",
}

_ONE_OF = {
    "twitches": "twitch",
    "minutes": "minute",
    "cups": "cup",
    "drinks": "drink",
    "hours": "hour",
    "seconds": "second",
}


def lines_of(
    entries: Sequence[Entry], recordings: Sequence[KeptRecording], checks: Sequence[KeptCheck], known: Library
) -> Iterator[str]:
    """Give the entries, then recordings and checks with their numbers."""
    if not (entries or recordings or checks):
        yield "The diary is empty."
    for entry in entries:
        yield f"{entry.day}  {'; '.join(said_of(entry, known))}"
        yield from (f"            {printable(line)}" for line in entry.note.splitlines())
    for recording in recordings:
        what = f"{recording.name}, {len(recording.measurements)} measurements"
        yield f"{recording.day}  recording {recording.number}: {what}"
    for check in checks:
        yield f"{check.day}  check {check.number}: {check.urgency.word.replace('_', ' ')}"


def said_of(entry: Entry, known: Library) -> list[str]:
    """Return what an entry says but for its note, in short pieces."""
    said = [_counted(words, getattr(entry, name)) for name, words in WORDS.items() if _told(entry, name)]
    said += [f"in: {', '.join(place.words for place in entry.places)}"] if entry.places else []
    said += [f"{TASK_WORDS[name]}: {getattr(entry, name).words}" for name in TASKS if _told(entry, name)]
    return said + [known.findings[name].plain if name in known.findings else name for name in entry.findings]


def _counted(words: str, value: float) -> str:
    """Return a number with its words; of one there is one twitch, not one twitches."""
    said = words.format(number(value))
    for many, one in _ONE_OF.items() if value == 1 else ():
        said = said.replace(many, one)
    return said


def _told(entry: Entry, name: str) -> bool:
    return getattr(entry, name) is not None
