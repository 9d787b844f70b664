"""The page for the doctor: what the last weeks hold, short enough for one sheet."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.diary.entry import TASKS, Ease, Entry
from twitchwise.diary.trend import DayCount, Trend, counts_of, trend_of
from twitchwise.diary.trend_words import NOT_A_CAUSE, NOT_KNOWN, day_in_words, number, sentences_of
from twitchwise.knowledge import Library

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary

TITLE = "Twitch diary"
TASK_WORDS = {"hair": "brushing the hair", "lifting": "lifting things", "eyelids": "keeping the eyelids up"}
HABITS = {
    "caffeine_cups": "cups with caffeine",
    "alcohol_drinks": "alcoholic drinks",
    "sleep_hours": "hours of sleep",
    "exercise_minutes": "minutes of exercise",
    "stress": "stress (0 to 10)",
}


MOST_VALUES = 3  # of a recording; one line


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorPage:
    """One page: sections of short lines, in the order in which a doctor asks."""

    first: dt.date
    last: dt.date
    days: int
    counts: tuple[DayCount, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def period(self) -> str:
        """The period in words."""
        return f"{day_in_words(self.first)} to {day_in_words(self.last)}"


def doctor_page(diary: "Diary", last: dt.date) -> DoctorPage:
    """Return the page for the weeks up to a day.

    Parameters
    ----------
    diary
        What is kept.
    last
        The last day on the page.
    """
    known = diary.known
    length = int(known.value("diary_doctor_days"))
    first = last - dt.timedelta(days=length - 1)
    everything = diary.entries(last=last)
    entries = [one for one in everything if one.day >= first]
    trend = trend_of(everything, diary.recordings(), known, last=last, period_days=length)
    sections = {
        "Twitches": _twitches(entries),
        "What was hard to do": _tasks(entries),
        "Other signs": _signs(entries, known),
        "Habits": _habits(entries),
        "Change from the weeks before": [one for one in _changes(trend) if one not in {NOT_KNOWN, NOT_A_CAUSE}],
        "Recordings": _recordings(diary, first, last),
        "Checks": _checks(diary, first, last),
        "Notes": _notes(entries, known),
    }
    return DoctorPage(
        first=first,
        last=last,
        days=len(entries),
        counts=counts_of(entries),
        sections=tuple((name, tuple(lines)) for name, lines in sections.items() if lines),
    )


def lines_of_page(page: DoctorPage) -> Iterable[str]:
    """Give the page as lines of text."""
    yield f"{TITLE}, {page.period}"
    yield f"{_days(page.days)} noted."
    for heading, lines in page.sections:
        yield ""
        yield heading
        yield from (f"  {line}" for line in lines)
    yield ""
    yield "Noted by the person, not measured by a doctor. Research and education software, not a medical device."


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _twitches(entries: Sequence[Entry]) -> list[str]:
    lines = [
        _summary(entries, "twitch_count", "twitches a day"),
        _summary(entries, "twitch_minutes", "minutes of twitching a day"),
        _summary(entries, "severity", "out of 10 for how bad"),
    ]
    places = Counter(place.words for one in entries for place in one.places)
    if places:
        lines.append("Where: " + ", ".join(f"{name} ({_days(n)})" for name, n in places.most_common()) + ".")
    return [line for line in lines if line]


def _summary(entries: Sequence[Entry], name: str, words: str) -> str:
    values = sorted(getattr(one, name) for one in entries if getattr(one, name) is not None)
    if not values:
        return ""
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    without = sum(value == 0 for value in values)
    return (
        f"{words}: median {number(middle)}, from {number(values[0])} to {number(values[-1])}, on {_days(len(values))}"
        f"{f', none on {without} of them' if without else ''}."
    )


def _tasks(entries: Sequence[Entry]) -> list[str]:
    lines = []
    rises = [(one.day, one.chair_rise_s) for one in entries if one.chair_rise_s is not None]
    if rises:
        (first, first_s), (last, last_s) = rises[0], rises[-1]
        later = f", {number(last_s)} s on {day_in_words(last)}" if len(rises) > 1 else ""
        lines.append(f"Five rises from a chair: {number(first_s)} s on {day_in_words(first)}{later}.")
    for name in TASKS:
        told = [getattr(one, name) for one in entries if getattr(one, name) is not None]
        hard = [f"{ease.words} on {told.count(ease)}" for ease in (Ease.HARDER, Ease.NOT_POSSIBLE) if ease in told]
        if hard:
            lines.append(f"{TASK_WORDS[name]}: {', '.join(hard)} of {_days(len(told))}.")
    return lines


def _signs(entries: Sequence[Entry], known: Library) -> list[str]:
    days: dict[str, list[dt.date]] = {}
    for one in entries:
        for name in one.findings:
            days.setdefault(name, []).append(one.day)
    return [
        f"{_label(name, known)}: {_days(len(on))}, last on {day_in_words(on[-1])}."
        for name, on in sorted(days.items(), key=lambda item: -len(item[1]))
    ]


def _label(name: str, known: Library) -> str:
    finding = known.findings.get(name)
    return name.replace("_", " ") if finding is None else finding.plain


def _habits(entries: Sequence[Entry]) -> list[str]:
    return [line for name, words in HABITS.items() if (line := _summary(entries, name, words))]


def _changes(trend: Trend) -> list[str]:
    said = sentences_of(trend)
    clear = [one for one, change in zip(said["What changed"], trend.changes, strict=False) if change.difference]
    return [*clear, *said.get("What recordings show", [])]


def _recordings(diary: "Diary", first: dt.date, last: dt.date) -> list[str]:
    lines = []
    for one in diary.recordings():
        if first <= one.day <= last:
            sure = [value for value in one.measurements if not value.doubts][:MOST_VALUES]
            values = "; ".join(f"{value.id.replace('_', ' ')} {value.value:.3g} {value.unit.value}" for value in sure)
            lines.append(f"{day_in_words(one.day)}, {one.name}: {values or 'nothing sure'}.")
    return lines


def _checks(diary: "Diary", first: dt.date, last: dt.date) -> list[str]:
    return [
        f"{day_in_words(one.day)}: {one.urgency.word.replace('_', ' ')}."
        for one in diary.checks()
        if first <= one.day <= last
    ]


def _notes(entries: Sequence[Entry], known: Library) -> list[str]:
    most, longest = int(known.value("diary_notes_shown")), int(known.value("diary_note_shown_letters"))
    noted = [one for one in entries if one.note.strip()]
    shown = noted[len(noted) - min(most, len(noted)) :]
    lines = [f"{day_in_words(one.day)}: {_cut(printable(' '.join(one.note.split())), longest)}" for one in shown]
    left = len(noted) - len(shown)
    return [*lines, *([f"{left} earlier notes are in the diary."] if left else [])]


def printable(text: str) -> str:
    """Return a line without signs that could hide or turn round what is read."""
    return "".join(letter for letter in text if letter.isprintable())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]} (cut here)"
