"""What an entry says in short pieces, and a diary as lines for a terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from twitchwise.diary.entry import TASKS, Entry, KeptCheck, KeptRecording
from twitchwise.diary.for_the_doctor import TASK_WORDS, printable
from twitchwise.diary.trend_words import number
from twitchwise.diary.words import URGENCIES
from twitchwise.knowledge import Library
from twitchwise.vocabulary.text import say, say_many, together

_Amount = Callable[[int, str], str]
_AMOUNTS: Mapping[str, _Amount] = MappingProxyType(
    {
        "twitch_count": lambda count, value: say_many("{value} twitch", "{value} twitches", count=count, value=value),
        "twitch_minutes": lambda count, value: say_many(
            "{value} minute of twitching", "{value} minutes of twitching", count=count, value=value
        ),
        "severity": lambda _, value: say("{value} out of 10 for how bad", value=value),
        "caffeine_cups": lambda count, value: say_many(
            "{value} cup with caffeine", "{value} cups with caffeine", count=count, value=value
        ),
        "alcohol_drinks": lambda count, value: say_many(
            "{value} alcoholic drink", "{value} alcoholic drinks", count=count, value=value
        ),
        "sleep_hours": lambda count, value: say_many(
            "{value} hour of sleep", "{value} hours of sleep", count=count, value=value
        ),
        "sleep_quality": lambda _, value: say("{value} out of 10 for sleep", value=value),
        "exercise_minutes": lambda count, value: say_many(
            "{value} minute of exercise", "{value} minutes of exercise", count=count, value=value
        ),
        "stress": lambda _, value: say("{value} out of 10 for stress", value=value),
        "chair_rise_s": lambda count, value: say_many(
            "{value} second for five rises from a chair",
            "{value} seconds for five rises from a chair",
            count=count,
            value=value,
        ),
    }
)
"""Each number of a day in words, by its field: how many for the grammar, and the number as it is written."""


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
        yield f"{check.day}  check {check.number}: {URGENCIES[check.urgency]}"


def said_of(entry: Entry, known: Library) -> list[str]:
    """Return what an entry says but for its note, in short pieces."""
    said = [_amount(name, getattr(entry, name)) for name in _AMOUNTS if _told(entry, name)]
    said += (
        [say("in: {places}", places=together([place.words for place in entry.places], ", "))] if entry.places else []
    )
    said += [
        say("{task}: {ease}", task=TASK_WORDS[name], ease=getattr(entry, name).words)
        for name in TASKS
        if _told(entry, name)
    ]
    return said + [known.findings[name].plain if name in known.findings else name for name in entry.findings]


def _amount(name: str, value: float) -> str:
    """Return a number with its words; of one there is one twitch, not one twitches."""
    said = number(value)
    return _AMOUNTS[name](1 if said == "1" else 2, said)


def _told(entry: Entry, name: str) -> bool:
    return getattr(entry, name) is not None
