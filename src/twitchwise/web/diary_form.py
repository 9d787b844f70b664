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
from twitchwise.vocabulary import OutOfRangeError, Side
from twitchwise.web.forms import FormError, FormRefusedError, number_in, text_of

TOKEN = secrets.token_urlsafe(16)
"""Stands in every form of the diary and is new whenever the program starts: a foreign page cannot know it."""
OLD_PAGE = "This page was open for too long. Look it over and press the button once more."
BOTH_SIDES = (Side.LEFT, Side.RIGHT)
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
    NumberField(name="twitch_count", label="How many twitches?", unit="twitches", hint="A good guess will do."),
    NumberField(name="twitch_minutes", label="How long did it twitch in all?", unit="minutes"),
    NumberField(name="severity", label="How bad was it?", unit="of 10", hint="0 is not at all. 10 is very bad."),
)
HABITS = (
    NumberField(name="caffeine_cups", label="Coffee, tea or cola", unit="cups"),
    NumberField(name="alcohol_drinks", label="Drinks with alcohol", unit="drinks"),
    NumberField(name="sleep_hours", label="Sleep last night", unit="hours"),
    NumberField(
        name="sleep_quality", label="How good was that sleep?", unit="of 10", hint="0 is bad. 10 is very good."
    ),
    NumberField(name="exercise_minutes", label="Sport and hard work", unit="minutes"),
    NumberField(name="stress", label="Stress", unit="of 10", hint="0 is none. 10 is a lot."),
)
CHAIR = NumberField(
    name="chair_rise_s",
    label="Get up from a chair five times",
    unit="seconds",
    hint="Cross your arms. Take the time until you sit again. Do this only if you feel safe.",
)
TASK_LABELS = {"hair": "Brush your hair", "lifting": "Lift a bag", "eyelids": "Keep your eyes wide open"}
EASE_LABELS = {Ease.AS_USUAL: "As usual", Ease.HARDER: "Harder than usual", Ease.NOT_POSSIBLE: "I could not do it"}
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
        places=frozenset(place.words for place in entry.places),
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
        return f"{value:.10g}"
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
        raise FormRefusedError("note", f"Use up to {longest:,} letters. You have used {len(note):,}.")
    values = {**numbers, **whole, **{name: _ease(form, name) for name in TASKS}}
    try:
        return Entry(day=day, places=_places(form), findings=_signs(form, known), note=note, **values)  # type: ignore[arg-type] # the names are those of the fields
    except OutOfRangeError as error:
        raise FormRefusedError("note", str(error)) from None


def read_day(form: FormData, now: dt.date) -> dt.date:
    """Return the day of a form; it is not one to come."""
    try:
        day = dt.date.fromisoformat(text_of(form, "day"))
    except ValueError:
        raise FormRefusedError("day", "Give the day as year, month and day, such as 2026-11-29.") from None
    if day > now:
        raise FormRefusedError("day", "That day is still to come. Give today or a day before.")
    return day


def require_looked_over(form: FormData) -> None:
    """Refuse numbers that were filled in from another day and that nobody said are right."""
    if text_of(form, "prefilled") == "yes" and text_of(form, "checked") != "yes":
        raise FormRefusedError("checked", "Some numbers are from another day. Look them over, then tick the box.")


def _number(form: FormData, name: str, known: Library) -> float | None:
    text = text_of(form, name)
    if not text:
        return None
    value, most = number_in(text), most_of(name, known)
    if value is None or value > most or (name in WHOLE and value != int(value)):
        kind = "a whole number" if name in WHOLE else "a number"
        raise FormRefusedError(name, f"{_BY_NAME[name].label.rstrip('?')}: type {kind} from 0 to {most:,.10g}.")
    return value


def most_of(name: str, known: Library) -> float:
    """Return the greatest number that a field takes."""
    return known.value(LIMITS[name]) if name in LIMITS else MOST_IN_A_DAY[name]


def _ease(form: FormData, name: str) -> Ease | None:
    text = text_of(form, name)
    if text and text not in set(Ease):
        raise FormRefusedError(name, "Choose one of the answers, or leave it open.")
    return Ease(text) if text else None


def _places(form: FormData) -> tuple[Place, ...]:
    try:
        return tuple(place_in(one) for one in form.getlist("places") if isinstance(one, str))
    except OutOfRangeError:
        raise FormRefusedError("places", "Tick only places from this page.") from None


def _signs(form: FormData, known: Library) -> tuple[str, ...]:
    ticked = tuple(dict.fromkeys(one for one in form.getlist("findings") if isinstance(one, str)))
    if not set(ticked) <= set(signs_of(known)) or len(ticked) > known.value("diary_findings_most"):
        raise FormRefusedError("findings", "Tick only signs from this page.")
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
        "sites": [(site.words, [Place(site, side).words for side in BOTH_SIDES]) for site in Site],
        "unsided": [site.words for site in Site if site.words in typed.places],
        "signs": [signs[name] for name in offered],
        "open_tasks": at in {CHAIR.name, *TASKS} or any(typed.text(name) for name in (CHAIR.name, *TASKS)),
        "longest": int(known.value("diary_note_longest")),
    }
