"""The options of ``twitchwise diary`` that say what is noted of a day, and how they become an entry."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twitchwise.diary import VARIABLE, Ease, Entry, NoSuchDayError, place_in, today
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.diary.store import Diary

File = Annotated[
    Path | None,
    typer.Option("--diary", help=f"The file of the diary; else {VARIABLE} or the usual place.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
DayOption = Annotated[str | None, typer.Option("--day", help="The day, as 2026-11-29; today unless given.")]
Twitches = Annotated[int | None, typer.Option(help="How many twitches.")]
Minutes = Annotated[float | None, typer.Option(help="How long it twitched in all, in minutes.")]
Severity = Annotated[int | None, typer.Option(help="How bad it was, 0 to 10.")]
Places = Annotated[
    list[str] | None, typer.Option("--place", help='Where, such as "left calf"; may be given several times.')
]
Cups = Annotated[float | None, typer.Option(help="Cups with caffeine.")]
Drinks = Annotated[float | None, typer.Option(help="Alcoholic drinks.")]
Sleep = Annotated[float | None, typer.Option(help="Hours of sleep, the night before.")]
SleepQuality = Annotated[int | None, typer.Option(help="How good that sleep was, 0 to 10.")]
Exercise = Annotated[float | None, typer.Option(help="Minutes of exercise.")]
Stress = Annotated[int | None, typer.Option(help="Stress, 0 to 10.")]
Signs = Annotated[
    list[str] | None, typer.Option("--sign", help="Another sign, as the id of a finding; may be given several times.")
]
Chair = Annotated[float | None, typer.Option(help="Seconds for rising from a chair five times.")]
Hair = Annotated[Ease | None, typer.Option(help="How brushing the hair went.")]
Lifting = Annotated[Ease | None, typer.Option(help="How lifting things went.")]
Eyelids = Annotated[Ease | None, typer.Option(help="How keeping the eyelids up went.")]
Note = Annotated[str | None, typer.Option(help="Free words.")]

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "twitches": "twitch_count",
        "minutes": "twitch_minutes",
        "severity": "severity",
        "place": "places",
        "cups": "caffeine_cups",
        "drinks": "alcohol_drinks",
        "sleep": "sleep_hours",
        "sleep_quality": "sleep_quality",
        "exercise": "exercise_minutes",
        "stress": "stress",
        "sign": "findings",
        "chair": "chair_rise_s",
        "hair": "hair",
        "lifting": "lifting",
        "eyelids": "eyelids",
        "note": "note",
    }
)
"""The field of an entry that an option fills."""
_EMPTY: Mapping[str, object] = MappingProxyType({"places": (), "findings": (), "note": ""})


def given_in(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given of a day, by the names of the fields of an entry; other options are left out."""
    given = {field: options[name] for name, field in FIELDS.items() if options[name] is not None}
    if "places" in given:
        given["places"] = tuple(place_in(words) for words in given["places"])
    if "findings" in given:
        given["findings"] = tuple(given["findings"])
    if "note" in given:
        given["note"] = given["note"].replace("\r\n", "\n").replace("\r", "\n")
    return given


def new_entry(day: dt.date, given: Mapping[str, Any]) -> Entry:
    """Return an entry of a day with what was given."""
    return Entry(day=day, **given)


def cleared_by(names: Iterable[str]) -> dict[str, object]:
    """Return the fields that are to be emptied, by the names of their options."""
    fields = []
    for name in names:
        field = FIELDS.get(name.replace("-", "_"))
        if field is None:
            raise OutOfRangeError(f"clear must be one of {', '.join(FIELDS)}, got {name!r}.")
        fields.append(field)
    return {field: _EMPTY.get(field) for field in fields}


def change_day(diary: "Diary", day: dt.date, changes: Mapping[str, Any]) -> Entry:
    """Change the entry of a day, and return how it then stands."""
    kept = diary.kept(day)
    if kept is None:
        raise NoSuchDayError(f"day must have an entry, got {day}; add one with 'twitchwise diary add'.")
    if not changes:
        raise OutOfRangeError("edit must have something to change, got nothing; see 'twitchwise diary delete'.")
    entry = dataclasses.replace(kept.entry, **changes)
    diary.change(entry, version=kept.version)
    return entry


def day_in(text: str) -> dt.date:
    """Return the day that a text names."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise OutOfRangeError(f"day must be a day of the calendar such as 2026-11-29, got {text!r}.") from None


def past_day(text: str | None) -> dt.date:
    """Return the day that a text names, today without one; nothing is noted of a day to come."""
    day = today() if text is None else day_in(text)
    if day > today():
        raise OutOfRangeError(f"day must not be in the future, got {day}.")
    return day
