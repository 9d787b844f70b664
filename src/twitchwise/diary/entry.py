"""What a person notes of one day, and what is kept of a recording and of a check: values that refuse what cannot be."""

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from twitchwise.diary.words import PLACES, spaced
from twitchwise.vocabulary import Measurement, OutOfRangeError, Side, Urgency
from twitchwise.vocabulary.checks import require_not_negative
from twitchwise.vocabulary.text import say

HOURS_A_DAY = 24
MINUTES_A_DAY = 1440
LINE_ENDS = frozenset("\n\t")


class Site(StrEnum):
    """Where on the body it twitches."""

    EYELID = "eyelid"
    FACE = "face"
    TONGUE = "tongue"
    NECK = "neck"
    SHOULDER = "shoulder"
    UPPER_ARM = "upper_arm"
    FOREARM = "forearm"
    HAND = "hand"
    CHEST = "chest"
    BELLY = "belly"
    BACK = "back"
    BUTTOCK = "buttock"
    THIGH = "thigh"
    CALF = "calf"
    FOOT = "foot"

    @property
    def words(self) -> str:
        """The site in words, for example ``upper arm``."""
        return PLACES[spaced(self.value)]


class Ease(StrEnum):
    """How a task of daily life went."""

    AS_USUAL = "as_usual"
    HARDER = "harder"
    NOT_POSSIBLE = "not_possible"

    @property
    def words(self) -> str:
        """The answer in words, for example ``not possible``."""
        return _EASES[self]


_EASES: Mapping[Ease, str] = MappingProxyType(
    {
        Ease.AS_USUAL: say("as usual"),
        Ease.HARDER: say("harder"),
        Ease.NOT_POSSIBLE: say("not possible"),
    }
)


def today() -> dt.date:
    """Return the day of the calendar on this machine."""
    return dt.datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A part of the body with its side, where that was said.

    Examples
    --------
    >>> Place(Site.CALF, Side.LEFT).name
    'left calf'
    """

    site: Site
    side: Side | None = None

    @property
    def name(self) -> str:
        """The name by which forms and `place_in` know it."""
        site = spaced(self.site.value)
        return site if self.side is None else f"{self.side.value} {site}"

    @property
    def words(self) -> str:
        """The place in words."""
        return PLACES.get(self.name, self.name)


def place_in(words: str) -> Place:
    """Return the place that some words name.

    Raises
    ------
    OutOfRangeError
        If they name none.

    Examples
    --------
    >>> place_in("Left upper arm").name
    'left upper arm'
    """
    said = words.replace("_", " ").strip().lower()
    first, _, rest = said.partition(" ")
    sided = first in {Side.LEFT, Side.RIGHT}
    name = (rest if sided else said).strip().replace(" ", "_")
    if name not in set(Site):
        known = ", ".join(site.words for site in Site)
        raise OutOfRangeError(f"place must be one of {known}, with left or right before it, got {words!r}.")
    return Place(Site(name), Side(first) if sided else None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One day of the diary; what was not noted is ``None``, which is not the same as 0.

    Parameters
    ----------
    day
        The day by the calendar of the person.
    twitch_count, twitch_minutes, severity
        How many twitches, how long in all (min), and how bad, from 0 for not at all to 10.
    places
        Where on the body.
    caffeine_cups, alcohol_drinks, sleep_hours, sleep_quality, exercise_minutes, stress
        What may play a part: cups with caffeine, alcoholic drinks, sleep (h) of the night before and how good it was (0
        to 10), exercise (min), stress (0 to 10).
    findings
        Other signs, as ids of findings.
    chair_rise_s
        Time for rising from a chair five times (s).
    hair, lifting, eyelids
        How brushing the hair, lifting things and keeping the eyelids up went.
    note
        Free words.

    Raises
    ------
    OutOfRangeError
        If a number is not finite or below 0, a day has more hours than it has, or the note holds what is no text.
    """

    day: dt.date
    twitch_count: int | None = None
    twitch_minutes: float | None = None
    severity: int | None = None
    places: tuple[Place, ...] = ()
    caffeine_cups: float | None = None
    alcohol_drinks: float | None = None
    sleep_hours: float | None = None
    sleep_quality: int | None = None
    exercise_minutes: float | None = None
    stress: int | None = None
    findings: tuple[str, ...] = ()
    chair_rise_s: float | None = None
    hair: Ease | None = None
    lifting: Ease | None = None
    eyelids: Ease | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what no day can hold; places and signs are put in order, each once."""
        if type(self.day) is not dt.date:
            raise OutOfRangeError(f"day must be a day of the calendar, got {self.day!r}.")
        for name in NUMBERS:
            value = getattr(self, name)
            if value is not None:
                _require_number(name, value, whole=name in WHOLE)
        for name, most in MOST_IN_A_DAY.items():
            if (getattr(self, name) or 0) > most:
                raise OutOfRangeError(f"{name} must be at most {most}, a whole day, got {getattr(self, name)!r}.")
        require_text("note", self.note)
        for name in ("places", "findings"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)), key=str)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was noted."""
        return self == Entry(day=self.day)


WHOLE = ("twitch_count", "severity", "sleep_quality", "stress")
NUMBERS = (
    *("twitch_count", "twitch_minutes", "severity", "caffeine_cups", "alcohol_drinks", "sleep_hours", "sleep_quality"),
    *("exercise_minutes", "stress", "chair_rise_s"),
)
"""The fields that are numbers."""
TASKS = ("hair", "lifting", "eyelids")
"""The fields that are a task of daily life."""
MOST_IN_A_DAY = {"twitch_minutes": MINUTES_A_DAY, "sleep_hours": HOURS_A_DAY, "exercise_minutes": MINUTES_A_DAY}
FIELDS = (*NUMBERS, "places", "findings", *TASKS, "note")
"""All that can be noted of a day."""


def _require_number(name: str, value: object, *, whole: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and not isinstance(value, int)):
        raise OutOfRangeError(f"{name} must be a {'whole ' if whole else ''}number, got {value!r}.")
    if not math.isfinite(value):
        raise OutOfRangeError(f"{name} must be a finite number, got {value!r}.")
    require_not_negative(name, value)


def require_text(name: str, text: str) -> None:
    """Raise OutOfRangeError if a text holds control characters or halves of characters, which no database need keep."""
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in LINE_ENDS:
            code = f"U+{ord(letter):04X}"
            raise OutOfRangeError(say("{name} must hold no control characters, got {code}.", name=name, code=code))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRecording:
    """What is kept of a recording: what was measured, not its samples.

    Parameters
    ----------
    name, format
        Name of the file and its kind.
    day
        The day it was made or, where that is not known, measured.
    duration_s
        How long it is.
    measurements
        What was measured.
    number
        Its number in the diary; 0 as long as it is not kept.
    """

    name: str
    format: str
    day: dt.date
    duration_s: float
    measurements: tuple[Measurement, ...] = ()
    number: int = 0

    def __post_init__(self) -> None:
        """Refuse texts that cannot be kept and a length below 0."""
        require_not_negative("duration_s", self.duration_s)
        for text in (self.name, self.format):
            require_text("name", text)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCheck:
    """What is kept of a check: the day, how soon to seek help, and the rules that said so.

    ``number`` is its number in the diary; 0 as long as it is not kept.
    """

    day: dt.date
    urgency: Urgency
    rules: tuple[str, ...] = ()
    number: int = 0
