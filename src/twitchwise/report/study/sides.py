"""How the two sides of a participant agree, as differences over means with limits of agreement."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import Level, differences_svg
from twitchwise.report.study.numbers import Shown, plain
from twitchwise.report.study.parts import Plot, Section, Table, table_of, with_common_notes
from twitchwise.report.study.quantities import Slot
from twitchwise.report.study.reading import PERSON, VISIT
from twitchwise.vocabulary.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from twitchwise.cohort.questions.agreement import Agreement
    from twitchwise.cohort.questions.estimate import Estimate

ID = "sides"
SIDES = ("left", "right")
FEWEST_PAIRS = 3
"""Of fewer pairs no limits can be told."""
_RATIO = Shown(scale=1.0, name="")
LIMITS_READ = (
    "Bland-Altman plots: each point is a pair, its difference drawn over its mean. The line is the mean difference "
    "(bias); 95% of differences are expected between the dashed limits of agreement. Shaded bands are 95% intervals."
)


def sides_section(slots: Sequence[Slot]) -> Section:
    """Return how left and right agree."""
    found = [(slot, pairs) for slot in slots if len(pairs := pairs_of_sides(slot)) >= FEWEST_PAIRS]
    title = "Agreement between the sides"
    if not found:
        lead = f"No quantity that is drawn has {FEWEST_PAIRS} pairs of left and right, so this cannot be told."
        return Section(id=ID, title=title, lead=(lead,))
    compared = [(slot, pairs, compare(slot, pairs, SIDES)) for slot, pairs in found]
    plots, common = with_common_notes([differences_plot(ID, *one) for one in compared])
    way = "Differences are left less right; where a scale of ratios is used, left over right."
    return Section(
        id=ID,
        title=title,
        lead=(LIMITS_READ, way, *common),
        plots=plots,
        methods=tuple(dict.fromkeys(one.method for *_, one in compared)),
        data={"quantities": [{**slot.as_plain, **agreement_data(one)} for slot, _, one in compared]},
    )


def pairs_of_sides(slot: Slot) -> "pd.DataFrame":
    """Return the values of left and right of each participant and visit that has both."""
    table = slot.by_side[slot.by_side["side"].isin(SIDES)]
    wide = table.pivot_table(index=[PERSON, VISIT], columns="side", values="value").reindex(columns=list(SIDES))
    return wide.dropna()


def compare(slot: Slot, pairs: "pd.DataFrame", names: tuple[str, str]) -> "Agreement":
    """Return how the two columns of a table of pairs agree."""
    from twitchwise.cohort.questions.agreement import bland_altman  # noqa: PLC0415 - loads when a study is read

    first, second = pairs[names[0]].to_numpy(dtype=float), pairs[names[1]].to_numpy(dtype=float)
    people = [str(one) for one in pairs.index.get_level_values(PERSON)]
    return bland_altman(first, second, participants=people, as_ratio=slot.as_ratio, names=names, unit=slot.unit)


def differences_plot(section: str, slot: Slot, pairs: "pd.DataFrame", found: "Agreement") -> Plot:
    """Return the plot of differences with its limits, and the numbers behind it."""
    first, second = (pairs[name].to_numpy(dtype=float) for name in (found.first, found.second))
    across, up = slot.shown.of(_means(first, second, as_ratio=found.as_ratio)), _differences(slot, first, second)
    shown = _RATIO if found.as_ratio else slot.shown
    what = f"{found.first} / {found.second}" if found.as_ratio else f"{found.first} - {found.second}{shown.in_brackets}"
    svg = differences_svg(
        across,
        up,
        _levels(found, shown),
        f"{section}-{slot.id}",
        (f"mean of both{slot.shown.in_brackets}", what),
        is_log=found.as_ratio,
    )
    told = f"Bias {shown.estimate(found.bias)}, limits {shown.estimate(found.lower)} and {shown.estimate(found.upper)}"
    return Plot(
        id=f"{section}-{slot.id}",
        heading=slot.label,
        drawing=Drawing(
            svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
            alt=f"{slot.label}, {what}, over the mean of both: {found.n_pairs:,} pairs. {told}.",
            caption=f"{found.n_pairs:,} pairs of {found.n_participants:,} participants.{_scaled(slot)}",
        ),
        numbers=_numbers(slot, found, shown, what),
        notes=(*slot.none_counts_as_zero, *found.warnings),
    )


def _scaled(slot: Slot) -> str:
    return " Both scales are of ratios." if slot.as_ratio else ""


def _means(first: FloatArray, second: FloatArray, *, as_ratio: bool) -> FloatArray:
    return np.sqrt(first * second) if as_ratio else (first + second) / 2


def _differences(slot: Slot, first: FloatArray, second: FloatArray) -> FloatArray:
    return first / second if slot.as_ratio else slot.shown.of(first - second)


def _levels(found: "Agreement", shown: Shown) -> list[Level]:
    return [
        _level("upper limit", found.upper, shown, is_middle=False),
        _level("bias", found.bias, shown, is_middle=True),
        _level("lower limit", found.lower, shown, is_middle=False),
    ]


def _level(name: str, one: "Estimate", shown: Shown, *, is_middle: bool) -> Level:
    return Level(
        value=one.value / shown.scale,
        low=one.low / shown.scale,
        high=one.high / shown.scale,
        label=f"{name} {shown.bare(one.value)}",
        is_middle=is_middle,
    )


def _numbers(slot: Slot, found: "Agreement", shown: Shown, what: str) -> Table:
    rows = [
        ("Bias", shown.estimate(found.bias)),
        ("Lower limit of agreement", shown.estimate(found.lower)),
        ("Upper limit of agreement", shown.estimate(found.upper)),
        ("Pairs, participants", f"{found.n_pairs:,}, {found.n_participants:,}"),
    ]
    return table_of(f"{slot.label}: {what}", ("", "Value (95% interval)"), rows)


def agreement_data(found: "Agreement") -> dict[str, object]:
    """Return an agreement for JSON."""
    return {
        "first": found.first,
        "second": found.second,
        "as_ratio": found.as_ratio,
        "n_pairs": found.n_pairs,
        "n_participants": found.n_participants,
        **{name: estimate_data(getattr(found, name)) for name in ("bias", "lower", "upper")},
        "method": found.method,
        "warnings": list(found.warnings),
    }


def estimate_data(one: "Estimate") -> dict[str, float | None]:
    """Return an estimate for JSON."""
    return {"value": plain(one.value), "low": plain(one.low), "high": plain(one.high)}
