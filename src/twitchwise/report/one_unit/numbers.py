"""Numbers of one motor unit as a reader sees them: health and change in the same unit, and where they come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Parameter
from twitchwise.report.citations import Citation, cite_all
from twitchwise.report.display import number, scale_of, with_unit
from twitchwise.report.one_unit.wording import NUMBERS
from twitchwise.simulate.one_unit import Number
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.text import say, say_in

NOT_THERE = say("none")
_FINER: Mapping[Unit, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        Unit.MOLE_PER_LITER: ((1e-3, "mmol/L"), (1e-6, "µmol/L")),
        Unit.AMPERE: ((1e-9, "nA"),),
        Unit.METER: ((1e-2, "cm"), (1e-3, "mm"), (1e-6, "µm")),
        Unit.SECOND: ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
        Unit.HERTZ: ((1.0, say("per second")),),
        Unit.METER_PER_SECOND: ((1.0, "m/s"),),
    }
)
"""Units in which these numbers read best, from the largest on."""
_FROM = 0.1  # of a unit: a mmol/L is used from here on, so that 0.8 mmol/L is not 800 µmol/L
_AS_LONG_AS = {Unit.SECOND: 1.0}  # seconds are used from a whole one on


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a number comes from: a quantity of the knowledge, its sources, and why it is assumed where it is."""

    label: str
    citations: tuple[Citation, ...]
    assumed: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One number of a stage.

    ``healthy`` and ``changed`` are told with their unit, ``sentence`` holds both, ``way`` is up, down or same, and
    ``weight`` says how much it has changed, for what is told first.
    """

    name: str
    label: str
    healthy: str
    changed: str
    way: str
    sentence: str
    weight: float
    origins: tuple[Origin, ...]

    @property
    def way_said(self) -> str:
        """The way in brackets, nothing where there is none."""
        return say("({way})", way=WAYS[self.way]) if self.way != "same" else ""


WAYS: Mapping[str, str] = MappingProxyType({"up": say_in("change", "up"), "down": say_in("change", "down"), "same": ""})
"""What a change is called."""


def unit_for(unit: Unit, size: float) -> tuple[float, str]:
    """Return the size of the unit to show values up to a size in, and its name.

    Examples
    --------
    >>> unit_for(Unit.MOLE_PER_LITER, 0.0008), unit_for(Unit.SECOND, 0.074), unit_for(Unit.MOLE_PER_LITER, 4e-5)
    ((0.001, 'mmol/L'), (0.001, 'ms'), (1e-06, 'µmol/L'))
    """
    scales = _FINER.get(unit)
    if scales is None:
        return scale_of(unit, size)
    least = _AS_LONG_AS.get(unit, _FROM)
    return next((scale for scale in scales if abs(size) >= least * scale[0]), scales[-1] if size else scales[0])


def row_of(one: Number, library: Library) -> Row:
    """Return a number as it is shown."""
    size = max(abs(value) for value in (one.healthy or 0.0, one.changed or 0.0))
    scale, unit = unit_for(one.unit, size)
    healthy, changed = (_told(value, scale, unit) for value in (one.healthy, one.changed))
    label = NUMBERS[one.name]
    way = "same" if healthy == changed else "up" if (one.changed or 0.0) > (one.healthy or 0.0) else "down"
    return Row(
        name=one.name,
        label=label,
        healthy=healthy,
        changed=changed,
        way=way,
        sentence=say("{number}: {changed}, healthy {healthy}.", number=label, changed=changed, healthy=healthy),
        weight=abs((one.changed or 0.0) - (one.healthy or 0.0)) / size if size and way != "same" else 0.0,
        origins=tuple(origin_of(library.parameters[name], library) for name in one.rests_on),
    )


def _told(value: float | None, scale: float, unit: str) -> str:
    if value is None:
        return NOT_THERE
    return with_unit(number(value / scale), unit)


def origin_of(parameter: Parameter, library: Library) -> Origin:
    """Return where the value of a quantity comes from."""
    return Origin(
        label=parameter.label,
        citations=cite_all((one.source for one in parameter.evidence), library),
        assumed=None if parameter.value.assumed is None else parameter.value.assumed.because,
    )


def origins_in_change(cause: str, parameter: str, library: Library, *, story: bool) -> Iterator[Origin]:
    """Give where a cause's change of a parameter comes from, from its file or a story about it."""
    condition = library.conditions.get(cause)
    stories = [one for one in library.stories.values() if cause in one.about]
    told = [change for one in stories for change in one.side("popular" if story else "evidence").changes]
    for mechanism in (*(condition.mechanism if condition is not None else ()), *told):
        quantity = mechanism.change.set or mechanism.change.scale
        if mechanism.parameter == parameter and quantity is not None:
            yield Origin(
                label=say("How much it changes here"),
                citations=cite_all((one.source for one in mechanism.evidence), library),
                assumed=None if quantity.assumed is None else quantity.assumed.because,
            )
