"""Texts for people that remember how they were made, so that whoever shows them can tell them in another language.

A `Text` is an English ``str``: it can be compared, searched and printed as any other. What it was made of is kept
beside it (`Sentence`, `Digits`, `Together`, `Capital`), and a `Tongue` makes it anew in its own language. Nothing
below the surfaces knows which language a reader has.
"""

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self


class Tongue(Protocol):
    """One language: its sentences, and how it writes numbers."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        """Return the template of a sentence in this language; the English one where it has none."""

    def digits(self, english: str) -> str:
        """Return a number as this language writes it, for example ``1,234.5`` as ``1.234,5``."""


class Made(Protocol):
    """What a text was made of."""

    def told(self, tongue: Tongue) -> str:
        """Return the text in a language."""


class Text(str):
    """An English text that can be told in other languages.

    Parameters
    ----------
    english
        The text.
    made
        What it was made of.
    """

    __slots__ = ("made",)
    made: Made

    def __new__(cls, english: str, made: Made) -> Self:
        """Keep what the text was made of beside it."""
        text = super().__new__(cls, english)
        text.made = made
        return text

    def __reduce__(self) -> tuple[type["Text"], tuple[str, Made]]:
        """Return how the text is made again in another process."""
        return Text, (str.__str__(self), self.made)


class _English:
    """The language that texts are written in."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        """Return the template itself."""
        del context
        return one if count in (None, 1) else many

    def digits(self, english: str) -> str:
        """Return the number itself."""
        return english


ENGLISH: Tongue = _English()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A template with its values; with ``many``, the one for any other number than 1."""

    context: str = ""
    one: str
    many: str = ""
    count: int | None = None
    values: Mapping[str, object]

    def told(self, tongue: Tongue) -> str:
        """Return the sentence in a language, its values too."""
        template = tongue.sentence(self.context, self.one, self.many, self.count)
        return _Filling(tongue).vformat(template, (), self.values) if self.values else template


@dataclass(frozen=True, slots=True)
class Digits:
    """A number that was already put into English digits."""

    english: str

    def told(self, tongue: Tongue) -> str:
        """Return the number as a language writes it."""
        return tongue.digits(self.english)


@dataclass(frozen=True, slots=True)
class Together:
    """Texts one behind the other."""

    parts: tuple[object, ...]
    between: str

    def told(self, tongue: Tongue) -> str:
        """Return the parts in a language."""
        return told(self.between, tongue).join(told(str_or_text(part), tongue) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Capital:
    """A text that begins a sentence."""

    text: str

    def told(self, tongue: Tongue) -> str:
        """Return the text in a language, its first letter in upper case."""
        said = told(self.text, tongue)
        return said[:1].upper() + said[1:]


class _Filling(string.Formatter):
    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as the library has it
        if isinstance(value, float) or (isinstance(value, int) and format_spec):
            return self.tongue.digits(format(value, format_spec))
        return format(told(value, self.tongue) if isinstance(value, str) else value, format_spec)


def told(text: str, tongue: Tongue) -> str:
    """Return a text in a language; what nobody can tell in another, such as what a person typed, stays as it is."""
    return text.made.told(tongue) if isinstance(text, Text) else text


def say(template: str, /, **values: object) -> Text:
    """Return a sentence; braces in the template are filled with the values, as by `str.format`.

    Parameters
    ----------
    template
        A whole sentence or phrase, as it stands in the catalogs.
    values
        What stands in its braces: texts, numbers, or anything that can be written.

    Examples
    --------
    >>> say("{name} lasts {time_s:.1f} s.", name=say("A twitch"), time_s=0.25)
    'A twitch lasts 0.2 s.'
    """
    return text_of(Sentence(one=template, values=values))


def say_in(context: str, template: str, /, **values: object) -> Text:
    """Return a sentence whose English has several meanings; ``context`` says which, for who translates it.

    Examples
    --------
    >>> say_in("direction", "right")
    'right'
    """
    return text_of(Sentence(context=context, one=template, values=values))


def say_many(one: str, many: str, /, count: int, **values: object) -> Text:
    """Return the sentence for a number of things; ``count`` may stand in its braces.

    Examples
    --------
    >>> say_many("{count} twitch", "{count} twitches", count=3)
    '3 twitches'
    """
    return text_of(Sentence(one=one, many=many, count=count, values={"count": count, **values}))


def digits(english: str) -> Text:
    """Return a number that was written in English digits, such as ``1,234.5``, as a text."""
    return Text(english, Digits(english))


def together(parts: Iterable[object], between: str = " ") -> Text:
    """Return texts one behind the other; ``between`` may be a text too.

    Examples
    --------
    >>> together([say("One."), say("Two.")])
    'One. Two.'
    """
    return text_of(Together(tuple(parts), between))


def capital(text: str) -> Text:
    """Return a text with its first letter in upper case.

    Examples
    --------
    >>> capital(say("a twitch"))
    'A twitch'
    """
    return text_of(Capital(text))


def listed(items: Sequence[str]) -> str:
    """Return texts as an enumeration.

    Examples
    --------
    >>> listed(["caffeine", "cold", "stress"])
    'caffeine, cold and stress'
    """
    if len(items) < 2:  # noqa: PLR2004 - one item is no enumeration
        return items[0] if items else ""
    return say("{all_but_last} and {last}", all_but_last=together(items[:-1], ", "), last=items[-1])


def filled_anew(text: str, change: Callable[[str], str]) -> str:
    """Return a text with every plain string in it changed, such as an id that is to be told by its name.

    Examples
    --------
    >>> filled_anew(say("{name} was seen.", name="muscle_twitches"), lambda name: name.replace("_", " "))
    'muscle twitches was seen.'
    """
    if not isinstance(text, Text):
        return change(text)
    match text.made:
        case Sentence() as made:
            values = {
                name: filled_anew(value, change) if isinstance(value, str) else value
                for name, value in made.values.items()
            }
            return text_of(replace(made, values=values))
        case Together(parts, between):
            return together([filled_anew(str_or_text(part), change) for part in parts], between)
        case Capital(inner):
            return capital(filled_anew(inner, change))
    return text


def text_of(made: Made) -> Text:
    """Return the text that is made of something."""
    return Text(made.told(ENGLISH), made)


def str_or_text(part: object) -> str:
    """Return a text as it is and anything else as a plain string."""
    return part if isinstance(part, str) else str(part)


def told_in_all(value: object, tell: Callable[[str], str]) -> object:
    """Return nested mappings and sequences with each text told; keys stay as they are."""
    if isinstance(value, str):
        return tell(value)
    if isinstance(value, Mapping):
        return {key: told_in_all(one, tell) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [told_in_all(one, tell) for one in value]
    return value
