"""Who is simulated: age, sex, severity and build of people, each drawn from the person's seed alone.

The figures and their sources stand in the files of the parameters: how a quantity spreads between people, how it
changes with age and height, and how women differ from men.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

import numpy as np

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Band, Parameter, Share
from twitchwise.simulate.condition import SCENES_IN_HEALTH, SEVEREST, Setting
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_not_negative, require_within

AGES = (18.0, 100.0)  # adults: what the files say of age holds for no one younger
SPREADS = 2.0  # people differ by at most this many standard deviations: they have the condition, not its extremes
STEPS = 10  # drawn severities to a whole one: for each, some seconds of the axon's model are computed once
OF_DEVIATIONS, OF_AGE, OF_SEX, OF_SEVERITY = 9, 10, 11, 12  # streams of chance
HEIGHT = "people_height"
CONTRACTION, RELAXATION = "twitch_contraction_time", "twitch_half_relaxation_time"
FASTEST_S = 0.03  # contraction time below which the model's calcium cannot follow, with the spread of units within one
AGE, FEMALE = "age", "female_sex"
"""Findings that say how old people with a condition are, and how many are women."""


class Sex(StrEnum):
    """Sex as recorded at birth, as it stands in a table of participants."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """Numbers between two, each as likely as the other.

    Parameters
    ----------
    low, high
        The ends; alike for one number.

    Raises
    ------
    OutOfRangeError
        If they are out of order or not finite.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse ends out of order."""
        require_within("low", self.low, -math.inf, self.high)

    def drawn(self, chance: np.random.Generator) -> float:
        """Return one of the numbers."""
        return float(chance.uniform(self.low, self.high)) if self.low < self.high else self.low


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """Numbers around a middle, normally distributed and at most two standard deviations away.

    Parameters
    ----------
    middle, spread
        Mean and standard deviation.

    Raises
    ------
    OutOfRangeError
        If the spread is below 0.
    """

    middle: float
    spread: float

    def __post_init__(self) -> None:
        """Refuse a spread below 0."""
        require_not_negative("spread", self.spread)

    @property
    def low(self) -> float:
        """The smallest number there can be."""
        return self.middle - SPREADS * self.spread

    @property
    def high(self) -> float:
        """The largest number there can be."""
        return self.middle + SPREADS * self.spread

    def drawn(self, chance: np.random.Generator) -> float:
        """Return one of the numbers."""
        return self.middle + self.spread * _deviation(chance)


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Whom a data set is of.

    Parameters
    ----------
    age
        In years, 18 to 100; ``None`` for adults, as old as people with the condition are where its file says so.
    female_share
        Share of women, 0 to 1; ``None`` for that among people with the condition where its file says so, else a half.
    severity
        0 to 2, drawn in steps of a tenth; ``None`` for numbers around the setting's.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> People(age=Between(low=40, high=75), female_share=1.0).age.high
    75
    """

    age: Between | Around | None = None
    female_share: float | None = None
    severity: Between | Around | None = None

    def __post_init__(self) -> None:
        """Refuse children, and shares and severities outside."""
        for name, span, bounds in (("age", self.age, AGES), ("severity", self.severity, (0.0, SEVEREST))):
            if span is not None:
                require_within(name, span.low, *bounds)
                require_within(name, span.high, *bounds)
        if self.female_share is not None:
            require_within("female_share", self.female_share, 0.0, 1.0)


ANYONE = People()
"""Adults who differ as people do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What one person is; without any, the body that the files of the parameters describe.

    Parameters
    ----------
    age
        In years, 18 to 100; ``None`` for a young adult.
    sex
        ``None`` for the middle between the sexes.
    severity
        Instead of the setting's; ``None`` for that.
    deviations
        By parameter, how many standard deviations a person is from the middle of people of this age and sex.

    Raises
    ------
    OutOfRangeError
        If a number lies outside, or there is no such sex.
    """

    age: float | None = None
    sex: Sex | None = None
    severity: float | None = None
    deviations: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse children and unknown sexes."""
        if self.age is not None:
            require_within("age", self.age, *AGES)
        if self.sex is not None and self.sex not in tuple(Sex):
            raise OutOfRangeError(f"sex must be one of {', '.join(Sex)}, got {self.sex!r}.")

    @property
    def is_nobody(self) -> bool:
        """Whether nothing is said of the person's body."""
        return self.age is None and self.sex is None and not self.deviations


NOBODY = Traits()


def drawn(people: People | None, setting: Setting, seed: int, knowledge: Library) -> Traits:
    """Return the person of a seed, whoever else there is.

    Parameters
    ----------
    people
        Whom to draw from; ``None`` for a body that is the same for all.
    setting
        Whose condition and severity they have.
    seed
        At least 0.
    knowledge
        Where the figures come from.
    """
    if people is None:
        return NOBODY
    spread = [name for name, parameter in knowledge.parameters.items() if parameter.spread is not None]
    return Traits(
        age=_age(people, setting, _chance(seed, OF_AGE), knowledge),
        sex=_sex(people, setting, _chance(seed, OF_SEX), knowledge),
        severity=_severity(people, setting, _chance(seed, OF_SEVERITY), knowledge),
        deviations={name: _deviation(_chance(seed, OF_DEVIATIONS, crc32(name.encode()))) for name in spread},
    )


def lived_in(values: Mapping[str, float], traits: Traits, knowledge: Library) -> dict[str, float]:
    """Return parameters as a person's body has them, within their bounds.

    Parameters
    ----------
    values
        As the files, the scene, the muscle and the condition give them.
    traits
        The person.
    knowledge
        Where the figures come from.
    """
    if traits.is_nobody:
        return dict(values)
    length = _factor(knowledge.parameters[HEIGHT], traits, 1.0)
    changed = {name: _factor(knowledge.parameters[name], traits, length) for name in values}
    # a muscle is slow in both, and its twitch keeps its shape
    slowing = max(changed[CONTRACTION], min(FASTEST_S / values[CONTRACTION], 1.0))
    changed |= {CONTRACTION: slowing, RELAXATION: slowing}
    return {
        name: value if changed[name] == 1 else _bounded(knowledge.parameters[name], value * changed[name])
        for name, value in values.items()
    }


def height_m(traits: Traits, knowledge: Library) -> float:
    """Return how tall a person is, in meters."""
    parameter = knowledge.parameters[HEIGHT]
    return _bounded(parameter, parameter.value.value * _factor(parameter, traits, 1.0))


def _factor(parameter: Parameter, traits: Traits, length: float) -> float:
    """Return how many times the file's value a person has; ``length`` is the height next to the middle one."""
    factor = 1.0
    if parameter.with_age is not None and traits.age is not None:
        factor *= parameter.with_age.factor(traits.age)
    if parameter.in_women is not None and traits.sex is not None:
        # the value stands for the middle, so that either sex is half of the difference away
        factor *= math.pow(parameter.in_women.value, 0.5 if traits.sex is Sex.FEMALE else -0.5)
    if parameter.with_height is not None:
        factor *= math.pow(length, parameter.with_height.value)
    if parameter.spread is not None:
        factor *= math.exp(parameter.spread.value * traits.deviations.get(parameter.id, 0.0))
    return factor


def _bounded(parameter: Parameter, value: float) -> float:
    low, high = parameter.bounds
    return min(max(value, low), high)


def _age(people: People, setting: Setting, chance: np.random.Generator, knowledge: Library) -> float:
    if people.age is not None:
        return float(round(people.age.drawn(chance)))
    return float(math.floor(_among(list(_years(setting, knowledge)), chance)))


def _years(setting: Setting, knowledge: Library) -> Iterator[tuple[float, float, float]]:
    """Give spans of years, each with the share of people with the condition who are in it."""
    least, most = knowledge.value("people_age_least"), knowledge.value("people_age_most")
    band, share = _said_of(setting, AGE, knowledge)
    if not isinstance(band, Band):
        yield least, most, 1.0
        return
    low, high = max(least, band.above or least), min(most, band.below or most)
    outside = (low - least) + (most - high)
    if not least <= low < high <= most or outside <= 0:
        yield least, most, 1.0
        return
    yield low, high, share
    for begin, end in ((least, low), (high, most)):
        yield begin, end, (1 - share) * (end - begin) / outside


def _among(spans: list[tuple[float, float, float]], chance: np.random.Generator) -> float:
    """Draw a span by its share, and a number of it."""
    which, where = chance.random(2)
    for low, high, share in spans:
        if which < share:
            return float(low + where * (high - low))
        which -= share
    low, high, _ = spans[0]
    return float(low + where * (high - low))


def _sex(people: People, setting: Setting, chance: np.random.Generator, knowledge: Library) -> Sex:
    share = people.female_share
    if share is None:
        state, told = _said_of(setting, FEMALE, knowledge)
        share = told if state == "present" else 0.5
    return Sex.FEMALE if chance.random() < share else Sex.MALE


def _severity(people: People, setting: Setting, chance: np.random.Generator, knowledge: Library) -> float:
    if setting.condition in SCENES_IN_HEALTH:
        return setting.severity
    if people.severity is None:
        spread = knowledge.value("people_severity_spread")
        value, low, high = setting.severity * math.exp(spread * _deviation(chance)), 0.0, SEVEREST
    else:
        value, low, high = people.severity.drawn(chance), people.severity.low, people.severity.high
    return min(max(round(value * STEPS) / STEPS, low), high)


def _said_of(setting: Setting, finding: str, knowledge: Library) -> tuple[str | Band | None, float]:
    """Return what a condition's file says first of a finding: in which state, and in which share of people."""
    if setting.condition in SCENES_IN_HEALTH:
        return None, 0.0
    links = (link for link in knowledge.conditions[setting.condition].findings if link.finding == finding)
    return next(((link.state, _value(link.in_condition)) for link in links), (None, 0.0))


def _value(share: Share) -> float:
    return share.number.value if share.counts is None else share.counts.present / share.counts.examined


def _deviation(chance: np.random.Generator) -> float:
    return float(np.clip(chance.standard_normal(), -SPREADS, SPREADS))


def _chance(seed: int, *stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, *stream])
