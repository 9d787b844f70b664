"""Something that can be reported or measured, and the plain words it is asked in."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.vocabulary import Unit


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

    ``least`` and ``most`` bound a numeric answer.
    """

    question: Annotated[str, Meta(min_length=5, max_length=160, pattern=r"\?$")]
    help: str | None = None
    least: float | None = None
    most: float | None = None


class Measured(Entry, frozen=True, kw_only=True):
    """Which measurement of a recording gives the finding; the ids are the same."""

    by: str


class Finding(Entry, frozen=True, kw_only=True):
    """A finding.

    ``label`` completes "the person has ..." in professional words, ``plain`` in plain ones ("twitches in a muscle").
    ``emergency_sign`` findings are asked before anything else, in ``ask_order``. Findings of one ``group`` restate each
    other; only the strongest of a group counts. ``excludes`` names findings that cannot be present at the same time,
    and ``requires`` a finding without which this one makes no sense (it is skipped when that one is absent).
    """

    id: str
    label: str
    plain: str
    kind: FindingKind
    unit: Unit = Unit.ONE
    answer: Answer = Answer.YES_NO
    hpo: Annotated[str, Meta(pattern=r"^HP:\d{7}$")] | None = None
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
        if self.answer is Answer.NUMBER and self.unit is Unit.ONE:
            raise ValueError("a numeric finding must give its unit")
        if self.emergency_sign and self.asked is None:
            raise ValueError("an emergency sign must be askable")
