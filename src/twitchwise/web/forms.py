"""Reads what a person typed or chose; what cannot be understood becomes an error that names its field."""

import re
from collections.abc import AsyncIterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from twitchwise.assess import Question
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import Sex, TwitchwiseError
from twitchwise.vocabulary.text import say

MOST_FILES = 16  # a recording of many files has a header, samples and a few notes
MOST_FIELDS = 200
OLDEST_YEARS = 130  # the bound of a case file
LONGEST_TEXT = 5000  # two pages of own words; more than anybody needs, and read at once
UNKNOWN = "not_assessed"
NONE_OF_THESE = "none"

_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with one field, as a sentence that says what to do."""

    field: str
    sentence: str


class FormRefusedError(TwitchwiseError):
    """A form that must be filled in anew."""

    def __init__(self, field: str, sentence: str) -> None:
        self.error = FormError(field, sentence)
        super().__init__(sentence)


def conflict(field: str, finding: Finding, other: Finding) -> FormRefusedError:
    """Return the refusal of a finding that another answer speaks against."""
    return FormRefusedError(
        field,
        say(
            "“{sign}” does not go with your answer about “{other}”. Change one of the two.",
            sign=finding.plain,
            other=other.plain,
        ),
    )


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        yield form


Form = Annotated[FormData, Depends(_form)]
"""The form of a request; its files are gone when the request is."""


def text_of(form: FormData, field: str) -> str:
    """Return what was typed into a field, without blanks around it; empty when there is no such field."""
    value = form.get(field)
    return value.strip() if isinstance(value, str) else ""


def files_of(form: FormData, field: str) -> list[UploadFile]:
    """Return the files that were chosen; a browser sends a nameless one where none was."""
    return [file for file in form.getlist(field) if isinstance(file, UploadFile) and file.filename]


def wants_json(request: Request) -> bool:
    """Tell whether a script asks, which takes its answers as JSON."""
    return "application/json" in request.headers.get("accept", "")


def number_in(text: str) -> float | None:
    """Return a plain number of at least 0 with a point or a comma, or ``None`` when it is not one.

    Examples
    --------
    >>> number_in("1,5")
    1.5
    >>> number_in("about 3") is None
    True
    """
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def read_signs(form: FormData, signs: Mapping[str, Finding]) -> frozenset[str]:
    """Return the emergency signs that were ticked; "none of these" must be ticked where no sign is."""
    ticked = _ticked(form, "signs", {*signs, NONE_OF_THESE})
    if not ticked:
        raise FormRefusedError("signs", say("Tick what you have right now, or tick “None of these”."))
    if NONE_OF_THESE in ticked and len(ticked) > 1:
        raise FormRefusedError("signs", say("Tick either signs or “None of these”, not both."))
    return ticked - {NONE_OF_THESE}


def read_checklist(form: FormData, page: Question) -> dict[str, str]:
    """Return the answer for each finding of a checklist: those that were not ticked are not there, unless unknown."""
    names = [finding.id for finding in page.findings]
    ticked = _ticked(form, "answer", {*names, NONE_OF_THESE, UNKNOWN})
    if not ticked:
        raise FormRefusedError("answer", say("Tick all that fit, or tick “None of these” or “I don't know”."))
    if ticked & {NONE_OF_THESE, UNKNOWN} and len(ticked) > 1:
        raise FormRefusedError(
            "answer", say("Tick what fits, or “None of these”, or “I don't know”. Do one of the three.")
        )
    if UNKNOWN in ticked:
        return dict.fromkeys(names, UNKNOWN)
    return {name: "present" if name in ticked else "absent" for name in names}


def read_told(form: FormData) -> frozenset[str]:
    """Return what a person agrees to of what was understood; all of it may be wrong."""
    return frozenset(value for value in form.getlist("told") if isinstance(value, str))


def read_text(form: FormData) -> str:
    """Return what was said in own words, without signs that cannot be seen."""
    typed = text_of(form, "text").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(letter for letter in typed if letter.isprintable() or letter == "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise FormRefusedError(
            "text", say("Use up to {most:,} letters. You have used {used:,}.", most=LONGEST_TEXT, used=len(text))
        )
    return text


def _ticked(form: FormData, field: str, allowed: AbstractSet[str]) -> frozenset[str]:
    ticked = frozenset(value for value in form.getlist(field) if isinstance(value, str))
    if not ticked <= allowed:
        raise FormRefusedError(field, say("Tick only boxes from this page."))
    return ticked


def read_person(form: FormData) -> tuple[float | None, Sex | None]:
    """Return age in years and sex, each ``None`` where it was left open."""
    return _age_in(text_of(form, "age")), _sex_in(text_of(form, "sex"))


def _age_in(text: str) -> float | None:
    age_years = number_in(text)
    if text and (age_years is None or age_years > OLDEST_YEARS):
        raise FormRefusedError(
            "age", say("Give your age as a number from 0 to {oldest}, or leave it empty.", oldest=OLDEST_YEARS)
        )
    return age_years


def _sex_in(text: str) -> Sex | None:
    if text in {"", "skip"}:
        return None
    try:
        return Sex(text)
    except ValueError:
        raise FormRefusedError("sex", say("Choose one of the answers, or leave it open.")) from None


def read_choice(form: FormData) -> str:
    """Return the answer to a yes-no question."""
    answer = text_of(form, "answer")
    if answer not in {"present", "absent", UNKNOWN}:
        raise FormRefusedError("answer", say("Choose “Yes”, “No” or “I don't know”."))
    return answer


def read_number(form: FormData, finding: Finding) -> str:
    """Return the answer to a question for a number, in digits, or that it is not known."""
    text, unknown = text_of(form, "answer"), text_of(form, "unknown") == UNKNOWN
    if unknown == bool(text):
        raise FormRefusedError("answer", say("Type a number, or tick “I don't know”. Do one of the two."))
    if unknown:
        return UNKNOWN
    number, low, high = number_in(text), *bounds_of(finding)
    if number is None or not low <= number <= high:
        raise FormRefusedError("answer", _number_wanted(finding, such_as=max(low, 1)))
    return f"{number:.10g}"


def bounds_of(finding: Finding) -> tuple[float, float]:
    """Return the least and the greatest number that a question allows; without bounds, all that can be typed."""
    asked = finding.asked
    least = asked.least if asked and asked.least is not None else 0.0
    most = asked.most if asked and asked.most is not None else float("inf")
    return least, most


def _number_wanted(finding: Finding, such_as: float) -> str:
    """Say which numbers a question allows."""
    least, most = bounds_of(finding)
    if most == float("inf"):
        return say("Type a number of at least {least:g}, such as {such_as:g}.", least=least, such_as=such_as)
    return say(
        "Type a number from {least:g} to {most:.10g}, such as {such_as:g}.", least=least, most=most, such_as=such_as
    )


def read_sampling_rate(form: FormData) -> float | None:
    """Return the sampling rate in hertz, ``None`` where it was left open."""
    text = text_of(form, "sampling_rate_hz")
    rate_hz = number_in(text)
    if text and not rate_hz:
        raise FormRefusedError("sampling_rate_hz", say("Give samples a second as a number above 0, such as 1000."))
    return rate_hz
