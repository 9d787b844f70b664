"""Something that can be reported or measured, and the plain words it is asked in."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Share
from twitchwise.vocabulary import Course, Detail, Unit

HpoId = Annotated[str, Meta(pattern=r"^HP:\d{7}$")]


class FindingKind(StrEnum):
    """What sort of finding it is."""

    SYMPTOM = "symptom"
    SIGN = "sign"
    EXPOSURE = "exposure"
    HISTORY = "history"
    MEASUREMENT = "measurement"


class Answer(StrEnum):
    """What an answer looks like."""

    YES_NO = "yes_no"
    NUMBER = "number"


class Asked(Entry, frozen=True, kw_only=True):
    """How a person is asked: one plain question, and a line of help where one is needed.

    ``least`` and ``most`` bound a numeric answer. ``checklist`` names the page on which several findings are ticked
    together; ``who`` says whether a person can tell, or only a professional who examined or tested them.
    """

    question: Annotated[ForPeople, Meta(min_length=5, max_length=160, pattern=r"\?$")]
    help: ForPeople | None = None
    least: float | None = None
    most: float | None = None
    checklist: str | None = None
    who: Literal["person", "professional"] = "person"


class LaboratoryLimit(Entry, frozen=True, kw_only=True):
    """A test value in a text that means the finding is there: ``names`` followed by a number beyond a limit.

    ``unit`` is the unit as written in reports; a number in another unit is not taken. ``evidence`` is in ``because``.
    """

    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    unit: str
    above: float | None = None
    below: float | None = None
    because: Annotated[str, Meta(min_length=10)]

    def __post_init__(self) -> None:
        """Refuse a limit without an edge."""
        if (self.above is None) == (self.below is None):
            raise ValueError("a laboratory limit must give exactly one of above, below")

    def holds(self, value: float) -> bool:
        """Tell whether a value lies beyond the limit."""
        return value > self.above if self.above is not None else value < (self.below or 0)


class DetailIs(Entry, frozen=True, kw_only=True):
    """A detail that has one of ``values``, or a duration of at most ``below_days``."""

    detail: Detail
    values: tuple[str, ...] = ()
    below_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse a course that is not one, and a duration without a bound."""
        if self.detail is Detail.COURSE:
            for value in self.values:
                Course(value)


class DetailOf(DetailIs, frozen=True, kw_only=True):
    """Details of other findings that settle this one, for example the side of a tremor.

    ``values`` are the details that mean it is there, and ``also`` must hold too; a numeric finding takes the duration
    itself.
    """

    findings: Annotated[tuple[str, ...], Meta(min_length=1)]
    also: tuple[DetailIs, ...] = ()


class Measured(Entry, frozen=True, kw_only=True):
    """Which measurement of a recording gives the finding.

    A numeric finding has the id of its measurement. Any other is there when the lower end of the measurement is above
    ``above``; with ``sites``, in a recording of one of these parts of the body alone. What a recording does not show is
    never taken as absent: it may be there at another time.
    """

    by: str
    above: float | None = None
    sites: tuple[str, ...] = ()


class Finding(Entry, frozen=True, kw_only=True):
    """A finding.

    ``label`` completes "the person has ..." in professional words, ``plain`` in plain ones ("twitches in a muscle").
    ``emergency_sign`` findings are asked before anything else, in ``ask_order``. Findings of one ``group`` restate each
    other; only the strongest of a group counts. ``background`` is the share that has it among people who ask.
    ``said_as`` are the phrases that people and doctors use, ``denied_as`` those that mean that it is not there ("normal
    strength"), ``hpo_also`` further HPO terms that mean it. ``implies`` names findings that are present whenever this
    one is. ``details`` says what is worth asking about it. ``excludes`` names findings that cannot be present at the
    same time, and ``requires`` a finding without which this one makes no
    sense (it is skipped when that one is absent).
    """

    id: str
    label: ForPeople
    plain: ForPeople
    kind: FindingKind
    unit: Unit = Unit.ONE
    answer: Answer = Answer.YES_NO
    hpo: HpoId | None = None
    hpo_also: tuple[HpoId, ...] = ()
    background: Share | None = None
    said_as: tuple[str, ...] = ()
    denied_as: tuple[str, ...] = ()
    laboratory: tuple[LaboratoryLimit, ...] = ()
    details: tuple[Detail, ...] = ()
    detail_of: DetailOf | None = None
    implies: tuple[str, ...] = ()
    group: str | None = None
    asked: Asked | None = None
    measured: Measured | None = None
    emergency_sign: bool = False
    ask_order: int = 100
    excludes: tuple[str, ...] = ()
    requires: str | None = None

    def __post_init__(self) -> None:
        """Refuse a finding that can be neither asked nor measured, and a number without a unit."""
        if self.asked is None and self.measured is None:
            raise ValueError("a finding must be askable or measurable")
        if self.measured is not None and (self.measured.above is None) != (self.answer is Answer.NUMBER):
            raise ValueError("a measured finding must give above, and a number must not")
        if self.answer is Answer.NUMBER and self.unit is Unit.ONE:
            raise ValueError("a numeric finding must give its unit")
        if self.emergency_sign and self.asked is None:
            raise ValueError("an emergency sign must be askable")
        if self.background is not None and self.background.population is None:
            raise ValueError("background must name its population")

    @property
    def asked_of_anyone(self) -> bool:
        """Whether a person without training can be asked."""
        return self.asked is not None and self.asked.who == "person"
