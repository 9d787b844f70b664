"""The page for the doctor: what the last weeks hold, short enough for one sheet."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.diary.entry import TASKS, Ease, Entry
from twitchwise.diary.trend import DayCount, Trend, counts_of, trend_of
from twitchwise.diary.trend_words import (
    CHANGES,
    MEASURED,
    NOT_A_CAUSE,
    NOT_KNOWN,
    days_in_words,
    number,
    sentences_of,
)
from twitchwise.diary.words import URGENCIES, Naming, spaced, with_unit
from twitchwise.knowledge import Library
from twitchwise.vocabulary import Measurement
from twitchwise.vocabulary.days import date_in_words
from twitchwise.vocabulary.text import digits, say, say_many, together

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary

TITLE = say("Twitch diary")
TASK_WORDS = {
    "hair": say("brushing the hair"),
    "lifting": say("lifting things"),
    "eyelids": say("keeping the eyelids up"),
}
TWITCHES = {
    "twitch_count": say("twitches a day"),
    "twitch_minutes": say("minutes of twitching a day"),
    "severity": say("how bad it was (0 to 10)"),
}
HABITS = {
    "caffeine_cups": say("cups with caffeine"),
    "alcohol_drinks": say("alcoholic drinks"),
    "sleep_hours": say("hours of sleep"),
    "exercise_minutes": say("minutes of exercise"),
    "stress": say("stress (0 to 10)"),
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
        return say("{first} to {last}", first=date_in_words(self.first), last=date_in_words(self.last))


def doctor_page(diary: "Diary", last: dt.date, naming: Naming = spaced) -> DoctorPage:
    """Return the page for the weeks up to a day.

    Parameters
    ----------
    diary
        What is kept.
    last
        The last day on the page.
    naming
        Names what was measured on recordings.
    """
    known = diary.known
    length = int(known.value("diary_doctor_days"))
    first = last - dt.timedelta(days=length - 1)
    everything = diary.entries(last=last)
    entries = [one for one in everything if one.day >= first]
    trend = trend_of(everything, diary.recordings(), known, last=last, period_days=length)
    sections: dict[str, list[str]] = {
        say("Twitches"): _twitches(entries),
        say("What was hard to do"): _tasks(entries),
        say("Other signs"): _signs(entries, known),
        say("Habits"): _summaries(entries, HABITS),
        say("Change from the weeks before"): _changes(trend, naming),
        say("Recordings"): _recordings(diary, first, last, naming),
        say("Checks"): _checks(diary, first, last),
        say("Notes"): _notes(entries, known),
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
    yield say("{title}, {period}", title=TITLE, period=page.period)
    yield say_many("{count} day noted.", "{count} days noted.", count=page.days)
    for heading, lines in page.sections:
        yield ""
        yield heading
        yield from (together(["  ", line], "") for line in lines)
    yield ""
    yield say("Noted by the person, not measured by a doctor. Research and education software, not a medical device.")


def _twitches(entries: Sequence[Entry]) -> list[str]:
    lines = _summaries(entries, TWITCHES)
    places = Counter(place.words for one in entries for place in one.places)
    if places:
        noted = [
            say_many("{place} ({count} day)", "{place} ({count} days)", count=count, place=place)
            for place, count in places.most_common()
        ]
        lines.append(say("Where: {places}.", places=together(noted, ", ")))
    return lines


def _summaries(entries: Sequence[Entry], names: Mapping[str, str]) -> list[str]:
    values = {name: sorted(getattr(one, name) for one in entries if getattr(one, name) is not None) for name in names}
    return [_summary(names[name], given) for name, given in values.items() if given]


def _summary(quantity: str, values: Sequence[float]) -> str:
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    without = sum(value == 0 for value in values)
    said = {"quantity": quantity, "median": number(middle), "low": number(values[0]), "high": number(values[-1])}
    if without:
        return say_many(
            "{quantity}: median {median}, from {low} to {high}, on {count} day, none on {without} of them.",
            "{quantity}: median {median}, from {low} to {high}, on {count} days, none on {without} of them.",
            count=len(values),
            without=without,
            **said,
        )
    return say_many(
        "{quantity}: median {median}, from {low} to {high}, on {count} day.",
        "{quantity}: median {median}, from {low} to {high}, on {count} days.",
        count=len(values),
        **said,
    )


def _tasks(entries: Sequence[Entry]) -> list[str]:
    rises = [(one.day, one.chair_rise_s) for one in entries if one.chair_rise_s is not None]
    noted = {name: [ease for one in entries if (ease := getattr(one, name)) is not None] for name in TASKS}
    hard = [_hard(TASK_WORDS[name], eases) for name, eases in noted.items() if set(eases) - {Ease.AS_USUAL}]
    return [*([_rises(rises[0], rises[-1])] if rises else []), *hard]


def _rises(first: tuple[dt.date, float], last: tuple[dt.date, float]) -> str:
    (day, time_s), (last_day, last_time_s) = first, last
    if day == last_day:
        return say("Five rises from a chair: {time} s on {day}.", time=number(time_s), day=date_in_words(day))
    return say(
        "Five rises from a chair: {time} s on {day}, {last_time} s on {last_day}.",
        time=number(time_s),
        day=date_in_words(day),
        last_time=number(last_time_s),
        last_day=date_in_words(last_day),
    )


def _hard(task: str, eases: Sequence[Ease]) -> str:
    count, harder, impossible = len(eases), eases.count(Ease.HARDER), eases.count(Ease.NOT_POSSIBLE)
    if not impossible:
        return say_many(
            "{task}: harder on {harder} of {count} day.",
            "{task}: harder on {harder} of {count} days.",
            count=count,
            task=task,
            harder=harder,
        )
    if not harder:
        return say_many(
            "{task}: not possible on {impossible} of {count} day.",
            "{task}: not possible on {impossible} of {count} days.",
            count=count,
            task=task,
            impossible=impossible,
        )
    return say(
        "{task}: harder on {harder}, not possible on {impossible} of {count} days.",
        task=task,
        harder=harder,
        impossible=impossible,
        count=count,
    )


def _signs(entries: Sequence[Entry], known: Library) -> list[str]:
    days: dict[str, list[dt.date]] = {}
    for one in entries:
        for name in one.findings:
            days.setdefault(name, []).append(one.day)
    return [
        say(
            "{sign}: {days}, last on {last}.",
            sign=_label(name, known),
            days=days_in_words(len(on)),
            last=date_in_words(on[-1]),
        )
        for name, on in sorted(days.items(), key=lambda item: -len(item[1]))
    ]


def _label(name: str, known: Library) -> str:
    finding = known.findings.get(name)
    return spaced(name) if finding is None else finding.plain


def _changes(trend: Trend, naming: Naming) -> list[str]:
    said = sentences_of(trend, naming)
    clear = [one for one, change in zip(said[CHANGES], trend.changes, strict=False) if change.difference]
    return [one for one in (*clear, *said.get(MEASURED, [])) if one not in {NOT_KNOWN, NOT_A_CAUSE}]


def _recordings(diary: "Diary", first: dt.date, last: dt.date, naming: Naming) -> list[str]:
    return [
        say(
            "{day}, {name}: {values}.",
            day=date_in_words(one.day),
            name=printable(one.name),
            values=_surest(one.measurements, naming),
        )
        for one in diary.recordings()
        if first <= one.day <= last
    ]


def _surest(measurements: Sequence[Measurement], naming: Naming) -> str:
    sure = [one for one in measurements if not one.doubts][:MOST_VALUES]
    if not sure:
        return say("nothing sure")
    values = [
        say("{quantity}: {value}", quantity=naming(one.id), value=with_unit(digits(f"{one.value:.3g}"), one.unit))
        for one in sure
    ]
    return together(values, "; ")


def _checks(diary: "Diary", first: dt.date, last: dt.date) -> list[str]:
    return [
        say("{day}: {urgency}.", day=date_in_words(one.day), urgency=URGENCIES[one.urgency])
        for one in diary.checks()
        if first <= one.day <= last
    ]


def _notes(entries: Sequence[Entry], known: Library) -> list[str]:
    most, longest = int(known.value("diary_notes_shown")), int(known.value("diary_note_shown_letters"))
    noted = [one for one in entries if one.note.strip()]
    shown = noted[len(noted) - min(most, len(noted)) :]
    lines: list[str] = [
        say("{day}: {note}", day=date_in_words(one.day), note=_cut(printable(" ".join(one.note.split())), longest))
        for one in shown
    ]
    return [*lines, *_left_out(len(noted) - len(shown))]


def _left_out(count: int) -> list[str]:
    if not count:
        return []
    return [
        say_many(
            "{count} earlier note is in the diary.",
            "{count} earlier notes are in the diary.",
            count=count,
        )
    ]


def printable(text: str) -> str:
    """Return a line without signs that could hide or turn round what is read."""
    return "".join(letter for letter in text if letter.isprintable())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else say("{start} (cut here)", start=text[:longest])
