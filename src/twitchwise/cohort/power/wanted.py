"""What a study is to do: what is compared, how surely the change is to be found, and what it may cost."""

import math
from dataclasses import dataclass
from enum import StrEnum

from twitchwise.cohort.power.search import FEWEST, MOST
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_not_negative, require_within


class Design(StrEnum):
    """What is compared in a study."""

    BEFORE_AFTER = "before-after"
    TWO_GROUPS = "two-groups"
    AGAINST_HEALTHY = "against-healthy"

    @property
    def n_groups(self) -> int:
        """How many groups of participants there are."""
        return 1 if self is Design.BEFORE_AFTER else 2

    @property
    def n_times(self) -> int:
        """How many times each participant is seen, or series of visits."""
        return 2 if self is Design.BEFORE_AFTER else 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a study is to do, and what it may cost.

    Parameters
    ----------
    design
        What is compared.
    power
        Share of studies that are to find the change.
    alpha
        Share of studies that may find one where there is none.
    visits
        Of each participant, at each time where there are two.
    subjects
        A number of participants (in each group) whose power is asked for too.
    dropout
        Share of participants who leave before the end; they are enrolled on top.
    setup_min
        Minutes of a visit that are not recording; ``None`` for what the knowledge file assumes.
    budget_h
        Hours of all visits together that there are; ``None`` for any.
    by_logarithms
        Whether counts before and after are analyzed by the logarithm of each person's ratio, as in
        `twitchwise.cohort.questions.change`; else by the ratio of the rates of all.
    seed
        Of all chance, at least 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    design: Design
    power: float = 0.9
    alpha: float = 0.05
    visits: int = 1
    subjects: int | None = None
    dropout: float = 0.0
    setup_min: float | None = None
    budget_h: float | None = None
    by_logarithms: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers outside."""
        for name in ("power", "alpha"):
            if not 0 < getattr(self, name) < 1:
                raise OutOfRangeError(f"{name} must lie between 0 and 1, got {getattr(self, name)!r}.")
        if self.power <= self.alpha:
            raise OutOfRangeError(f"power must be above alpha, {self.alpha!r}, got {self.power!r}.")
        if self.by_logarithms and self.design is not Design.BEFORE_AFTER:
            raise OutOfRangeError(f"analysis must be rates for two groups, got 'log-ratios' for {self.design.value!r}.")
        require_within("visits", self.visits, 1, 100)
        require_within("seed", self.seed, 0, math.inf)
        if self.subjects is not None:
            require_within("subjects", self.subjects, FEWEST, MOST)
        if not 0 <= self.dropout < 1:
            raise OutOfRangeError(f"dropout must be at least 0 and below 1, got {self.dropout!r}.")
        for name in ("setup_min", "budget_h"):
            if getattr(self, name) is not None:
                require_not_negative(name, getattr(self, name))

    @property
    def setup(self) -> float:
        """Minutes of a visit that are not recording."""
        return library().value("study_setup_time") if self.setup_min is None else self.setup_min

    def enrolled(self, n: int) -> int:
        """Return how many people begin for ``n`` in each group to end, in all groups together."""
        return math.ceil(round(n / (1 - self.dropout), 9)) * self.design.n_groups

    @property
    def n_visits_each(self) -> int:
        """How many visits there are for one in each group."""
        return self.design.n_groups * self.visits * self.design.n_times

    def n_visits(self, n: int) -> int:
        """Return how many visits there are in all; who leaves is counted as if seen at all of them."""
        return self.enrolled(n) * self.visits * self.design.n_times
