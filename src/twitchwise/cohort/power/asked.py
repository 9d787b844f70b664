"""Whose study is planned: the quantity, the change, what the study is to do, and what is taken for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from twitchwise.cohort.power.effect import Effect
from twitchwise.cohort.power.population import LONGEST_MIN
from twitchwise.cohort.power.studies import Detector
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

MINUTES = (1.0, 2.0, 5.0, 10.0, 30.0)
FEWEST_PEOPLE, MOST_PEOPLE = 10, 5000
_AT_LEAST_MIN = 60.0  # of a person that are drawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumptions:
    """What is taken instead of the knowledge files' numbers; ``None`` for those.

    Parameters
    ----------
    minutes
        Lengths of a recording to be looked at, in minutes.
    visit_spread
        Standard deviation of the logarithm of a person's rate between visits.
    sensitivity, false_alarms_per_min
        Of the detector.
    n_people
        How many people are simulated; ``None`` for as many as take some seconds.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    minutes: Sequence[float] = MINUTES
    visit_spread: float | None = None
    sensitivity: float | None = None
    false_alarms_per_min: float | None = None
    n_people: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for minutes in self.minutes:
            require_positive("minutes", minutes)
            require_within("minutes", minutes, 0.0, LONGEST_MIN)
        if not self.minutes:
            raise OutOfRangeError("minutes must name a length of a recording, got none.")
        if self.visit_spread is not None:
            require_not_negative("visit_spread", self.visit_spread)
        if self.n_people is not None:
            require_within("people", self.n_people, FEWEST_PEOPLE, MOST_PEOPLE)
        _ = self.detector  # refuses its numbers

    @property
    def detector(self) -> Detector:
        """The detector that is meant."""
        value, given = library().value, (self.sensitivity, self.false_alarms_per_min)
        return Detector(
            sensitivity=value("study_detector_sensitivity") if given[0] is None else given[0],
            false_alarms_per_min=value("study_detector_false_alarms") if given[1] is None else given[1],
        )

    def drawn_min(self, wanted: Wanted) -> float:
        """Return how many minutes of each person are drawn: enough for visits that do not overlap, if it may be."""
        visits = wanted.visits * wanted.design.n_times
        return min(max(_AT_LEAST_MIN, 2 * visits * max(self.minutes)), LONGEST_MIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Of:
    """Whose study is planned: the quantity, the change, and what is asked and assumed.

    Parameters
    ----------
    quantity
        A rate of spontaneous events.
    effect
        The change; ``None`` against healthy people.
    wanted, assumptions
        What the study is to do, and what is taken for it.
    """

    quantity: str
    effect: Effect | None
    wanted: Wanted
    assumptions: Assumptions = field(default_factory=Assumptions)

    def __post_init__(self) -> None:
        """Refuse a change where people differ as they do, and none where one is looked for."""
        against_healthy = self.wanted.design is Design.AGAINST_HEALTHY
        if against_healthy and self.effect is not None:
            raise OutOfRangeError(
                f"change must be left out against healthy people, who differ as the model has it, "
                f"got {self.effect.written!r}."
            )
        if not against_healthy and self.effect is None:
            raise OutOfRangeError("change must be given, such as --change 30% or --ratio 0.7.")
