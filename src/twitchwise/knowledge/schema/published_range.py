"""What others measured of a quantity, in which muscle and in whom, as they reported it, and what it cannot tell."""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Pair
from twitchwise.knowledge.schema.review import Review
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.text import say, together

MEASURED_QUANTITIES = {
    "fasciculation_rate": Unit.PER_MINUTE,
    "fasciculation_amplitude": Unit.VOLT,
    "fasciculation_duration": Unit.SECOND,
    "fasciculation_phases": Unit.COUNT,
    "fasciculation_turns": Unit.COUNT,
    "fasciculation_interval": Unit.SECOND,
    "polyphasic_share": Unit.PERCENT,
    "active_units": Unit.COUNT,
    "isolated_share": Unit.PERCENT,
    "isolated_units_share": Unit.PERCENT,
    "doublet_share": Unit.PERCENT,
    "late_echo_share": Unit.PERCENT,
    "late_echo_latency": Unit.SECOND,
    "time_locked_share": Unit.PERCENT,
    "twitch_latency": Unit.SECOND,
    "twitch_contraction_time": Unit.SECOND,
    "twitch_half_relaxation_time": Unit.SECOND,
    "twitch_peak_force": Unit.NEWTON,
    "twitch_peak_torque": Unit.NEWTON_METER,
    "twitch_peak_acceleration": Unit.METER_PER_SECOND_SQUARED,
    "leg_movement_index": Unit.PER_HOUR,
    "plm_index": Unit.PER_HOUR,
    "plm_index_aasm": Unit.PER_HOUR,
    "plm_index_wasm": Unit.PER_HOUR,
    "periodicity_index": Unit.ONE,
    "fragmentary_myoclonus_index": Unit.PER_HOUR,
    "high_frequency_leg_movement_count": Unit.COUNT,
    "hypnic_jerk_count": Unit.COUNT,
}
"""Ids of measurements that may have a published range, each with the unit it is measured in."""

RATE_ALONE = say("A rate alone never tells a diagnosis.")
"""Stands beside every range, because a range of one group invites the reading that whoever lies in it belongs to it."""


class Population(StrEnum):
    """In whom a range was measured."""

    HEALTHY = "healthy"
    BENIGN_FASCICULATION = "benign_fasciculation"
    AMYOTROPHIC_LATERAL_SCLEROSIS = "amyotrophic_lateral_sclerosis"
    MOTOR_NEURON_DISEASE = "motor_neuron_disease"
    SPINAL_CORD_INJURY = "spinal_cord_injury"
    MIXED = "mixed"


class Span(NamedTuple):
    """From where to where a range goes, in the unit of its quantity, and what the two ends are, in words."""

    low: float
    high: float
    words: str


class Middle(StrEnum):
    """What the middle of a range is; ``times`` is how many times that of another population."""

    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"
    SHARE = "share"
    TIMES = "times"
    NOT_SAID = "not_said"


class Figures(Entry, frozen=True, kw_only=True):
    """The numbers as the source gives them: a middle, how far it spreads, or an upper end that nothing went beyond."""

    middle: float | None = None
    kind: Middle | None = None
    at_most: float | None = None
    sd: Annotated[float, Meta(gt=0)] | None = None
    standard_error: Annotated[float, Meta(gt=0)] | None = None
    interquartile: Pair | None = None
    range: Pair | None = None

    def __post_init__(self) -> None:
        """Refuse figures without a middle or an end, a middle without its kind, and spreads that do not fit it."""
        if (self.middle is None) != (self.kind is None):
            raise ValueError("a middle must say its kind")
        if sum(one is not None for one in (self.middle, self.at_most)) != 1 and self.range is None:
            raise ValueError("figures must give a middle, at_most, or a range")
        if self.kind is not Middle.MEAN and (self.sd is not None or self.standard_error is not None):
            raise ValueError("sd and standard_error must stand beside a mean")
        for low, high in (pair for pair in (self.interquartile, self.range) if pair is not None):
            if not low < high or (self.middle is not None and not low <= self.middle <= high):
                raise ValueError(f"a pair must rise and hold the middle, got {[low, high]!r}")

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number that was typed."""
        single = (self.middle, self.at_most, self.sd, self.standard_error)
        return (*(one for one in single if one is not None), *(self.interquartile or ()), *(self.range or ()))


class PublishedRange(Entry, frozen=True, kw_only=True):
    """A published range of a measured quantity.

    ``quantity`` is the id of the measurement, ``muscle`` that of a muscle file, left out where there is none or several
    were taken together; ``electrode`` is left out where nothing electrical was measured. ``figures`` stand as in the
    source; times ``scale`` they are in ``unit``. With ``relative_to`` they are multiples of that population's, and
    ``unit`` is 1. ``recorded`` says how, ``people`` how many there were.
    """

    id: str
    label: ForPeople
    quantity: str
    muscle: str | None = None
    population: Population
    electrode: Literal["surface", "high_density_surface", "needle"] | None = None
    unit: Unit
    scale: Annotated[float, Meta(gt=0)] = 1.0
    figures: Figures
    relative_to: Population | None = None
    people: Annotated[int, Meta(ge=1)] | None = None
    recorded: Annotated[ForPeople, Meta(min_length=10, max_length=200)]
    cannot_tell: Annotated[ForPeople, Meta(min_length=30, max_length=300, pattern=r"\.$")]
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]
    review: Review

    def __post_init__(self) -> None:
        """Refuse a quantity that is not measured, a unit that is not its own, and evidence without a quote."""
        if self.quantity not in MEASURED_QUANTITIES:
            raise ValueError(f"quantity must be one of {', '.join(MEASURED_QUANTITIES)}, got {self.quantity!r}")
        wanted = MEASURED_QUANTITIES[self.quantity] if self.relative_to is None else Unit.ONE
        if self.unit is not wanted:
            raise ValueError(f"unit of {self.quantity} must be {wanted.value!r} here, got {self.unit.value!r}")
        if (self.relative_to is None) != (self.figures.kind is not Middle.TIMES):
            raise ValueError("figures that are times something must give relative_to, and no others may")
        if any(one.quote is None or one.locator is None for one in self.evidence):
            raise ValueError("evidence of a range must give its locator and its quote")

    @property
    def middle(self) -> float | None:
        """The middle in ``unit``, where there is one; ``figures.kind`` says what it is."""
        return None if self.figures.middle is None else self.scale * self.figures.middle

    @property
    def span(self) -> Span | None:
        """From where to where it goes, as the source says: the whole range, else the quartiles, else one deviation."""
        found = self._as_reported()
        return None if found is None else Span(self.scale * found.low, self.scale * found.high, found.words)

    def _as_reported(self) -> Span | None:
        figures = self.figures
        if figures.range is not None:
            return Span(*figures.range, say("whole range"))
        if figures.interquartile is not None:
            return Span(*figures.interquartile, say("middle half"))
        if figures.middle is not None and figures.sd is not None:
            return Span(
                figures.middle - figures.sd,
                figures.middle + figures.sd,
                say("mean plus and minus one standard deviation"),
            )
        return None if figures.at_most is None else Span(0.0, figures.at_most, say("never more than"))

    @property
    def caveat(self) -> str:
        """What must be read beside it: what this range cannot tell, and that a rate alone never tells a diagnosis."""
        return together((self.cannot_tell, RATE_ALONE))
