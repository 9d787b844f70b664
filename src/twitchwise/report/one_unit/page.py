"""One motor unit under a cause, for a page: what can be turned, every stage in words, numbers and curves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twitchwise.knowledge import Library
from twitchwise.report.languages import tell
from twitchwise.report.one_unit.drawing import Chart, chart_of
from twitchwise.report.one_unit.numbers import Origin, Row, origin_of, origins_in_change, row_of, unit_for
from twitchwise.report.one_unit.wording import (
    BEYOND_ONE_UNIT,
    HAND,
    KINDS,
    NOTHING_CHANGES,
    STAGES,
    SURROUNDINGS_ABOUT,
    SURROUNDINGS_LABEL,
    name_of,
)
from twitchwise.simulate.one_unit import (
    SURROUNDINGS,
    Activity,
    Dial,
    OneUnit,
    Stage,
    causes,
    dials_of,
    in_health,
    one_unit,
    setting_of,
)
from twitchwise.vocabulary.text import digits, say, together

TOLD = 4  # changes told at once: more are hard to take in, and the stages have the rest
STEPS = 100  # of a slider from end to end
DIGITS = 6  # of a value in its field
SNAP = 1e-5  # of a value: so near to health or to an end it is that, for its digits were cut


@dataclass(frozen=True, kw_only=True, slots=True)
class DialView:
    """A slider, in the unit in which it is shown; numbers are in digits, as a form holds them."""

    id: str
    label: str
    unit: str
    value: str
    healthy: str
    usual: str
    low: str
    high: str
    step: str
    acts_here: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class StageView:
    """A stage: title, plain sentences, numbers, curves, and whether anything differs."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...]
    is_changed: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Explored:
    """One motor unit under a cause.

    Parameters
    ----------
    cause, label, about
        Its id, name and what is known of it.
    muscle
        Which muscle the unit is in.
    dials
        What can be turned.
    stages
        What comes of it.
    said
        The largest changes in one text.
    unit
        The unit itself, which can be listened to.
    """

    cause: str
    label: str
    about: str
    muscle: str
    dials: tuple[DialView, ...]
    stages: tuple[StageView, ...]
    said: str
    unit: OneUnit

    @cached_property
    def as_json(self) -> dict[str, object]:
        """What a script draws, as values that JSON can hold."""
        return {
            "cause": self.cause,
            "said": self.said,
            "values": {dial.id: float(dial.value) for dial in self.dials},
            "stages": [_stage_as_json(stage) for stage in self.stages],
        }


def _stage_as_json(stage: StageView) -> dict[str, object]:
    return {
        "name": stage.name,
        "title": stage.title,
        "about": stage.about,
        "is_changed": stage.is_changed,
        "numbers": [
            {
                "name": row.name,
                "label": row.label,
                "healthy": row.healthy,
                "changed": row.changed,
                "way": row.way,
                "way_said": row.way_said,
                "sentence": row.sentence,
            }
            for row in stage.rows
        ],
        "charts": [
            {
                "name": chart.name,
                "title": chart.title,
                "x_label": chart.x_label,
                "y_label": chart.y_label,
                "x": chart.x,
                "healthy": chart.healthy,
                "changed": chart.changed,
                "alt": chart.alt,
                "apart": chart.apart,
            }
            for chart in stage.charts
        ],
    }


def label_of(cause: str, library: Library) -> str:
    """Return what a cause is called."""
    return SURROUNDINGS_LABEL if cause == SURROUNDINGS else library.conditions[cause].label


def offered(library: Library) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give the kinds of causes, each with ids and names of its causes in the order of their names."""
    by_kind: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for cause in causes(library):
        kind = "own" if cause == SURROUNDINGS else library.conditions[cause].kind.value
        by_kind[kind].append((cause, label_of(cause, library)))
    for kind, members in by_kind.items():
        yield KINDS[kind], sorted(members, key=lambda one: tell(one[1]).lower())


def usual_activity(cause: str) -> Activity:
    """Return what a person does where a cause shows best: what its scene has."""
    parameters = one_unit(in_health(cause), in_health(cause)).both.healthy.parameters
    return Activity.CONTRACTION if parameters["voluntary_drive"] > 0 else Activity.REST


def in_file_units(cause: str, shown: Mapping[str, float], library: Library, *, story: bool) -> dict[str, float]:
    """Return values of dials, which are in the units of the page, in those of the knowledge.

    A value so near to health or to an end that only its digits were cut is that. One that is no dial is left as it is.
    """
    dials = {dial.parameter: dial for dial in dials_of(cause, story=story)}
    return {
        name: _in_file_unit(dials[name], value, library) if name in dials else value for name, value in shown.items()
    }


def refusal(cause: str, values: Mapping[str, float], library: Library, *, story: bool) -> tuple[str, str] | None:
    """Return the first dial whose value lies outside, and a sentence about it; ``None`` where all are within."""
    for dial in dials_of(cause, story=story):
        if not dial.low <= values.get(dial.parameter, dial.usual) <= dial.high:
            scale, unit = _scale(dial, library)
            label, low, high = name_of(library.parameters[dial.parameter]), dial.low / scale, dial.high / scale
            return dial.parameter, _out_of_range(label, _digits(low), _digits(high), unit)
    return None


def _out_of_range(label: str, low: str, high: str, unit: str) -> str:
    if not unit:
        return say("“{label}” must be from {low} to {high}.", label=label, low=digits(low), high=digits(high))
    return say(
        "“{label}” must be from {low} to {high} {unit}.", label=label, low=digits(low), high=digits(high), unit=unit
    )


def explored(
    cause: str, values: Mapping[str, float], activity: Activity, library: Library, *, story: bool = False
) -> Explored:
    """Return one motor unit under a cause.

    Parameters
    ----------
    cause
        Its id.
    values
        Of its dials, in the units of the knowledge; those that are not there stand as the cause's file says.
    activity
        What the person does while the EMG is recorded.
    library
        Where numbers come from.
    story
        Whether what people say is shown where the evidence is against it.

    Raises
    ------
    OutOfRangeError
        If there is no such cause or dial, a value lies outside, or the unit cannot be.
    """
    unit = one_unit(in_health(cause), setting_of(cause, values, story=story), activity)
    stages = tuple(_stage(stage, library) for stage in unit.stages)
    about = SURROUNDINGS_ABOUT if cause == SURROUNDINGS else library.conditions[cause].what_happens
    return Explored(
        cause=cause,
        label=label_of(cause, library),
        about=about,
        muscle=_muscle(cause, library),
        dials=tuple(_dial(cause, dial, values, library, story=story) for dial in dials_of(cause, story=story)),
        stages=stages,
        said=_said(stages, cause, is_turned=_is_turned(cause, values, story=story)),
        unit=unit,
    )


def _is_turned(cause: str, values: Mapping[str, float], *, story: bool) -> bool:
    return any(values.get(dial.parameter, dial.usual) != dial.healthy for dial in dials_of(cause, story=story))


def _said(stages: tuple[StageView, ...], cause: str, *, is_turned: bool) -> str:
    rows = [row for stage in stages for row in stage.rows if row.weight and stage.name != "surroundings"]
    if not rows:
        both = together([NOTHING_CHANGES, BEYOND_ONE_UNIT])
        return both if is_turned and cause != SURROUNDINGS else NOTHING_CHANGES
    first = sorted(rows, key=lambda row: -row.weight)[:TOLD]
    return together([row.sentence for row in rows if row in first])


def _stage(stage: Stage, library: Library) -> StageView:
    title, about = STAGES[stage.name]
    return StageView(
        name=stage.name.value,
        title=title,
        about=about,
        rows=tuple(row_of(one, library) for one in stage.numbers),
        charts=tuple(map(chart_of, stage.curves)),
        is_changed=stage.is_changed,
    )


def _scale(dial: Dial, library: Library) -> tuple[float, str]:
    usual = max(abs(value) for value in (dial.healthy, dial.usual)) or max(abs(dial.low), abs(dial.high))
    return unit_for(library.parameters[dial.parameter].unit, usual)


def _in_file_unit(dial: Dial, shown: float, library: Library) -> float:
    value = shown * _scale(dial, library)[0]
    nearest = min((dial.healthy, dial.usual, dial.low, dial.high), key=lambda one: abs(value - one))
    is_near = abs(value - nearest) <= SNAP * max(abs(nearest), SNAP * (dial.high - dial.low))
    return nearest if is_near else value


def _muscle(cause: str, library: Library) -> str:
    named = None if cause == SURROUNDINGS else library.conditions[cause].muscle
    return HAND if named is None else library.muscles[named].label


def _dial(cause: str, dial: Dial, values: Mapping[str, float], library: Library, *, story: bool) -> DialView:
    scale, unit = _scale(dial, library)
    known = library.parameters[dial.parameter]
    return DialView(
        id=dial.parameter,
        label=name_of(known),
        unit=unit,
        value=_digits(values.get(dial.parameter, dial.usual) / scale),
        healthy=_digits(dial.healthy / scale),
        usual=_digits(dial.usual / scale),
        low=_digits(dial.low / scale),
        high=_digits(dial.high / scale),
        step=_digits((dial.high - dial.low) / scale / STEPS),
        acts_here=dial.acts_here,
        origins=(*origins_in_change(cause, dial.parameter, library, story=story), origin_of(known, library)),
    )


def _digits(value: float) -> str:
    """Return a number in digits that a form takes, without an exponent where it can be."""
    text = f"{value:.{DIGITS}g}"
    return f"{float(text):.12f}".rstrip("0").rstrip(".") if "e" in text else text
