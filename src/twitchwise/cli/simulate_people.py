"""Whom ``twitchwise simulate`` simulates: ages, sexes and severities as they are typed."""

import re
from typing import TYPE_CHECKING, Literal

from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.simulate import Around, Between, People, Traits

SexAsked = Literal["female", "male", "both"]
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*-\s*({_NUMBER})\s*")
_AROUND = re.compile(rf"\s*({_NUMBER})\s*(?:\+-|±)\s*({_NUMBER})\s*")
FEMALE_SHARES = {"female": 1.0, "male": 0.0, "both": None}


class Asked:
    """What was typed of people; nothing is looked at before it is asked for."""

    def __init__(
        self, *, age: str | None, sex: SexAsked | None, female_share: float | None, severity: str | None, alike: bool
    ) -> None:
        self.age, self.sex, self.female_share, self.severity, self.alike = age, sex, female_share, severity, alike

    def people(self) -> "People | None":
        """Return whom a data set is of."""
        from twitchwise.simulate import People  # noqa: PLC0415 - array libraries load here, not at start-up

        if self.alike:
            if any(one is not None for one in (self.age, self.sex, self.female_share)):
                raise OutOfRangeError("--alike must go without --age, --sex and --female-share: all have one body.")
            return None
        if self.female_share is not None and self.sex not in (None, "both"):
            raise OutOfRangeError(f"--female-share must go without --sex {self.sex}, got both.")
        share = FEMALE_SHARES[self.sex] if self.sex is not None else None
        return People(
            age=None if self.age is None else numbers_of("age", self.age),
            female_share=self.female_share if share is None else share,
            severity=None if self.severity is None else severities_of(self.severity),
        )

    def traits(self) -> "Traits":
        """Return the one person of a recording; nobody's body where neither age nor sex is given."""
        from twitchwise.simulate import Between, Sex, Traits  # noqa: PLC0415 - array libraries load here

        if self.female_share is not None or self.alike:
            raise OutOfRangeError(
                "--female-share and --alike must go with several people; give --subjects and -o FOLDER."
            )
        age = None if self.age is None else numbers_of("age", self.age)
        if age is not None and not (isinstance(age, Between) and age.low == age.high):
            raise OutOfRangeError(f"age must be one number for one person, got {self.age!r}.")
        if self.sex == "both":
            raise OutOfRangeError("sex must be female or male for one person, got 'both'.")
        return Traits(age=None if age is None else age.low, sex=None if self.sex is None else Sex(self.sex))

    def one_severity(self, *, is_for_many: bool) -> float:
        """Return the severity of a setting: the one that was typed, else 1, around or within which people lie."""
        if self.severity is None:
            return 1.0
        span = severities_of(self.severity)
        if span.low == span.high:
            return span.low
        if not is_for_many or self.alike:
            raise OutOfRangeError(f"severity must be one number or word here, got {self.severity!r}.")
        return (span.low + span.high) / 2


def numbers_of(name: str, text: str) -> "Between | Around":
    """Read one number, a range such as ``40-75``, or a mean and a standard deviation such as ``65+-8``.

    Raises
    ------
    OutOfRangeError
        If it is none of them.

    Examples
    --------
    >>> numbers_of("age", "40-75")
    Between(low=40.0, high=75.0)
    >>> numbers_of("age", "65+-8").high
    81.0
    """
    from twitchwise.simulate import Around, Between  # noqa: PLC0415 - array libraries load here, not at start-up

    if re.fullmatch(rf"\s*{_NUMBER}\s*", text):
        return Between(low=float(text), high=float(text))
    if (found := _RANGE.fullmatch(text)) and float(found[1]) <= float(found[2]):
        return Between(low=float(found[1]), high=float(found[2]))
    if found := _AROUND.fullmatch(text):
        return Around(middle=float(found[1]), spread=float(found[2]))
    raise OutOfRangeError(
        f"{name} must be a number, a range such as 40-75, or a mean and standard deviation such as 65+-8, got {text!r}."
    )


def severities_of(text: str) -> "Between | Around":
    """Read a severity: a number or word for all, a range of two of them, or a mean and a standard deviation.

    Raises
    ------
    OutOfRangeError
        If it is none of them.

    Examples
    --------
    >>> severities_of("mild-severe")
    Between(low=0.5, high=1.5)
    """
    from twitchwise.simulate import Between, severity_of  # noqa: PLC0415 - array libraries load here, not at start-up

    if _AROUND.fullmatch(text):
        return numbers_of("severity", text)
    low, dash, high = text.partition("-")
    if not dash or not low.strip():
        return Between(low=severity_of(text), high=severity_of(text))
    ends = severity_of(low), severity_of(high)
    if ends[0] > ends[1]:
        raise OutOfRangeError(f"severity must be a range from low to high, got {text!r}.")
    return Between(low=ends[0], high=ends[1])
