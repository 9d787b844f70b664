"""The form of one day of the diary: its fields, what was typed into them, and the entry that it makes."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from twitchwise.diary import Ease, Entry, Place, Site, place_in
from twitchwise.diary.entry import FIELDS, MOST_IN_A_DAY, TASKS, WHOLE
from twitchwise.diary.limits import LIMITS, signs_of
from twitchwise.knowledge import Library
from twitchwise.report.display import without_end
from twitchwise.vocabulary import OutOfRangeError, Side
from twitchwise.vocabulary.text import digits, say, say_in
from twitchwise.web.forms import FormError, FormRefusedError, number_in, text_of

TOKEN = secrets.token_urlsafe(16)
"""Stands in every form of the diary and is new whenever the program starts: a foreign page cannot know it."""
OLD_PAGE = say("This page was open for too long. Look it over and press the button once more.")
SIDE_LABELS = {Side.LEFT: say_in("side of the body", "Left"), Side.RIGHT: say_in("side of the body", "Right")}
USUAL_SIGNS = (
    *("muscle_cramps", "muscle_stiffness", "muscle_pain", "tingling", "numbness", "tremor", "fatigue"),
    *("muscle_weakness", "drops_things", "falls", "slurred_speech", "difficulty_swallowing"),
)
"""The signs that the form offers; others that a day has are offered beside them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberField:
    """A number to type: its name, its question, its unit or scale, and whether it is one of the habits."""

    name: str
    label: str
    unit: str
    hint: str = ""


TWITCHES = (
    NumberField(
        name="twitch_count",
        label=say("How many twitches?"),
        unit=say("twitches"),
        hint=say("A good guess will do."),
    ),
    NumberField(name="twitch_minutes", label=say("How long did it twitch in all?"), unit=say("minutes")),
    NumberField(
        name="severity",
        label=say("How bad was it?"),
        unit=say("of 10"),
        hint=say("0 is not at all. 10 is very bad."),
    ),
)
HABITS = (
    NumberField(name="caffeine_cups", label=say("Coffee, tea or cola"), unit=say("cups")),
    NumberField(name="alcohol_drinks", label=say("Drinks with alcohol"), unit=say("drinks")),
    NumberField(name="sleep_hours", label=say("Sleep last night"), unit=say("hours")),
    NumberField(
        name="sleep_quality",
        label=say("How good was that sleep?"),
        unit=say("of 10"),
        hint=say("0 is bad. 10 is very good."),
    ),
    NumberField(name="exercise_minutes", label=say("Sport and hard work"), unit=say("minutes")),
    NumberField(name="stress", label=say("Stress"), unit=say("of 10"), hint=say("0 is none. 10 is a lot.")),
)
CHAIR = NumberField(
    name="chair_rise_s",
    label=say("Get up from a chair five times"),
    unit=say("seconds"),
    hint=say("Cross your arms. Take the time until you sit again. Do this only if you feel safe."),
)
TASK_LABELS = {
    "hair": say("Brush your hair"),
    "lifting": say("Lift a bag"),
    "eyelids": say("Keep your eyes wide open"),
}
EASE_LABELS = {
    Ease.AS_USUAL: say("As usual"),
    Ease.HARDER: say("Harder than usual"),
    Ease.NOT_POSSIBLE: say("I could not do it"),
}
_BY_NAME = {field.name: field for field in (*TWITCHES, *HABITS, CHAIR)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What stands in the fields: texts by name, and the places and signs that are ticked."""

    texts: Mapping[str, str]
    places: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.texts.get(name, "")


def is_ours(form: FormData) -> bool:
    """Tell whether a form came from a page of this program since it was started."""
    return is_token(text_of(form, "token"), TOKEN)


def is_token(sent: str, token: str) -> bool:
    """Tell whether what was sent is a token, in a time that does not depend on how near it is."""
    return secrets.compare_digest(sent.encode("utf-8", "surrogatepass"), token.encode())


def require_ours(form: FormData, field: str) -> None:
    """Refuse a form of a foreign or an old page; a person only has to press the button once more."""
    if not is_ours(form):
        raise FormRefusedError(field, OLD_PAGE)


def typed_in(form: FormData) -> Typed:
    """Return what was typed, so that nothing has to be given twice."""
    names = ("day", "version", "prefilled", *_BY_NAME, *TASKS)
    texts = {name: text_of(form, name) for name in names}
    return Typed(
        texts={**texts, "note": note_in(form)},
        places=frozenset(one for one in form.getlist("places") if isinstance(one, str)),
        signs=frozenset(one for one in form.getlist("findings") if isinstance(one, str)),
    )


def typed_of(entry: Entry) -> Typed:
    """Return the fields as they stand for an entry."""
    texts = {name: _as_text(getattr(entry, name)) for name in FIELDS if name not in {"places", "findings"}}
    return Typed(
        texts={**texts, "day": entry.day.isoformat()},
        places=frozenset(place.name for place in entry.places),
        signs=frozenset(entry.findings),
    )


def habits_of(entry: Entry, day: dt.date) -> Typed:
    """Return the fields of a new day with the habits of another, which the person must look over."""
    texts = {field.name: _as_text(getattr(entry, field.name)) for field in HABITS}
    return Typed(texts={**texts, "day": day.isoformat(), "prefilled": "yes"})


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return digits(f"{value:.10g}")
    return value.value if isinstance(value, Ease) else str(value)


def note_in(form: FormData) -> str:
    """Return the note without signs that cannot be seen; its lines end as everywhere."""
    note = text_of(form, "note").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in note if letter.isprintable() or letter in "\n\t").strip()


def read_entry(form: FormData, day: dt.date, known: Library) -> Entry:
    """Return the entry that a form makes.

    Raises
    ------
    FormRefusedError
        If a field cannot be understood; it names the field.
    """
    numbers = {name: _number(form, name, known) for name in _BY_NAME}
    whole = {name: None if value is None else int(value) for name, value in numbers.items() if name in WHOLE}
    note, longest = note_in(form), int(known.value("diary_note_longest"))
    if len(note) > longest:
        raise FormRefusedError(
            "note", say("Use up to {most:,} letters. You have used {used:,}.", most=longest, used=len(note))
        )
    values = {**numbers, **whole, **{name: _ease(form, name) for name in TASKS}}
    try:
        return Entry(day=day, places=_places(form), findings=_signs(form, known), note=note, **values)  # type: ignore[arg-type] # the names are those of the fields
    except OutOfRangeError as error:
        raise FormRefusedError("note", error.sentence) from None


def read_day(form: FormData, now: dt.date) -> dt.date:
    """Return the day of a form; it is not one to come."""
    try:
        day = dt.date.fromisoformat(text_of(form, "day"))
    except ValueError:
        raise FormRefusedError("day", say("Give the day as year, month and day, such as 2026-11-29.")) from None
    if day > now:
        raise FormRefusedError("day", say("That day is still to come. Give today or a day before."))
    return day


def require_looked_over(form: FormData) -> None:
    """Refuse numbers that were filled in from another day and that nobody said are right."""
    if text_of(form, "prefilled") == "yes" and text_of(form, "checked") != "yes":
        raise FormRefusedError("checked", say("Some numbers are from another day. Look them over, then tick the box."))


def _number(form: FormData, name: str, known: Library) -> float | None:
    text = text_of(form, name)
    if not text:
        return None
    value, most = number_in(text), most_of(name, known)
    if value is None or value > most or (name in WHOLE and value != int(value)):
        raise FormRefusedError(name, _number_wanted(name, most))
    return value


def _number_wanted(name: str, most: float) -> str:
    label = without_end(_BY_NAME[name].label, "?")
    if name in WHOLE:
        return say("{label}: type a whole number from 0 to {most:,.10g}.", label=label, most=most)
    return say("{label}: type a number from 0 to {most:,.10g}.", label=label, most=most)


def most_of(name: str, known: Library) -> float:
    """Return the greatest number that a field takes."""
    return known.value(LIMITS[name]) if name in LIMITS else MOST_IN_A_DAY[name]


def _ease(form: FormData, name: str) -> Ease | None:
    text = text_of(form, name)
    if text and text not in set(Ease):
        raise FormRefusedError(name, say("Choose one of the answers, or leave it open."))
    return Ease(text) if text else None


def _places(form: FormData) -> tuple[Place, ...]:
    try:
        return tuple(place_in(one) for one in form.getlist("places") if isinstance(one, str))
    except OutOfRangeError:
        raise FormRefusedError("places", say("Tick only places from this page.")) from None


def _signs(form: FormData, known: Library) -> tuple[str, ...]:
    ticked = tuple(dict.fromkeys(one for one in form.getlist("findings") if isinstance(one, str)))
    if not set(ticked) <= set(signs_of(known)) or len(ticked) > known.value("diary_findings_most"):
        raise FormRefusedError("findings", say("Tick only signs from this page."))
    return ticked


def fields_of(typed: Typed, known: Library, error: FormError | None) -> dict[str, object]:
    """Return what the template of the form asks for."""
    signs = signs_of(known)
    offered = [name for name in dict.fromkeys((*USUAL_SIGNS, *sorted(typed.signs))) if name in signs]
    at = error.field if error else ""
    return {
        "typed": typed,
        "twitches": TWITCHES,
        "habits": HABITS,
        "chair": CHAIR,
        "tasks": TASK_LABELS,
        "eases": EASE_LABELS,
        "sites": [(site.words, _boxes(site, typed)) for site in Site],
        "signs": [signs[name] for name in offered],
        "open_tasks": at in {CHAIR.name, *TASKS} or any(typed.text(name) for name in (CHAIR.name, *TASKS)),
        "note_hint": say("You can use up to {most:,} letters.", most=int(known.value("diary_note_longest"))),
    }


def _boxes(site: Site, typed: Typed) -> list[tuple[str, str]]:
    """Return the boxes of a part of the body, each by its name with its label."""
    boxes: list[tuple[str, str]] = [(Place(site, side).name, label) for side, label in SIDE_LABELS.items()]
    without = Place(site).name
    return [*boxes, (without, say("Side not noted"))] if without in typed.places else boxes
