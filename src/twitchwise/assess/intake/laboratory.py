"""Measured values in a text: the name of a test, a number and its unit, against the limits that findings give."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge.schema import Finding, FindingKind, LaboratoryLimit
from twitchwise.vocabulary import FindingState

_NUMBER = r"(?P<less>[<>]\s*)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NORMAL = re.compile(
    r"^[^.;\d]*?\b(?:normal|within (?:the )?(?:normal|reference)|unremarkable"
    r"|im normbereich|normwertig\w*|unauff(?:ä|ae)llig)\b",
    re.IGNORECASE,
)
_IONIZED = re.compile(r"(?<=ionisiertes)\s(?=[ck]al[cz]ium)", re.IGNORECASE)
_COMMA = re.compile(r"(?<=\d)[.,](?=\d)")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Value:
    """A finding that a measured value settles, and where in the text."""

    finding: str
    state: FindingState
    start: int
    end: int


def with_decimal_points(text: str) -> str:
    """Return a German text with English numbers, every sign where it stood; ionized calcium is one word, not calcium.

    Examples
    --------
    >>> with_decimal_points("CK 1.250 U/l, Kalzium 1,7 mmol/l, Temperatur 38.9")
    'CK 1,250 U/l, Kalzium 1.7 mmol/l, Temperatur 38.9'
    """
    thousands = {at for found in _THOUSANDS.finditer(text) for at in range(*found.span())}
    return _IONIZED.sub("x", _COMMA.sub(lambda found: "," if found.start() in thousands else ".", text))


def values_in(text: str, findings: Mapping[str, Finding], reach: int) -> Iterator[Value]:
    """Give each finding that a measured value in a text shows to be there, or not to be there.

    Parameters
    ----------
    text
        As written.
    findings
        Those with ``laboratory`` limits are looked for.
    reach
        Most characters between a test's name and its number.
    """
    plain = _plain(text)
    for finding in findings.values():
        for limit in finding.laboratory:
            yield from _values(plain, finding, limit, reach)


_SAME = (("\u03bc", "u"), ("\u00b5", "u"), ("\u2103", "\u00b0C"), ("\u2109", "\u00b0F"))


def _plain(text: str) -> str:
    """Return lower-case text in which each unit is written in one way."""
    for sign, plain in _SAME:
        text = text.replace(sign, plain)
    return text.lower().replace("mm hg", "mmhg")


@cache
def _pattern(names: Iterable[str], reach: int) -> re.Pattern[str]:
    said = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    between = rf"(?P<between>[^.;\n\d]{{0,{reach}}}?)"
    return re.compile(rf"(?<![a-z0-9])(?:{said})(?![a-z]){between}{_NUMBER}(?:/\d+)?\s*-?\s*")


@cache
def _names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    said = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9])(?:{said})(?![a-z])")


def _values(text: str, finding: Finding, limit: LaboratoryLimit, reach: int) -> Iterator[Value]:
    unit = _plain(limit.unit)
    for found in _pattern(limit.names, reach).finditer(text):
        if text.startswith(unit, found.end()) and not text[found.end() + len(unit) :][:1].isalpha():
            value = float(found["number"].replace(",", ""))
            if limit.holds(value):
                yield Value(finding.id, FindingState.PRESENT, found.start(), found.end() + len(unit))
            elif finding.kind is not FindingKind.HISTORY:  # one normal value says nothing of the past
                yield Value(finding.id, FindingState.ABSENT, found.start(), found.end() + len(unit))
    for found in _names_pattern(limit.names).finditer(text):
        normal = _NORMAL.match(text[found.end() : found.end() + reach])
        if normal is not None:
            yield Value(finding.id, FindingState.ABSENT, found.start(), found.end() + normal.end())
