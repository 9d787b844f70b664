"""How well values repeat themselves from visit to visit: plots of pairs, intraclass correlation, detectable change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from twitchwise.report.display import number
from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import visits_svg
from twitchwise.report.study.limits import ONCE
from twitchwise.report.study.numbers import said_estimate
from twitchwise.report.study.parts import Plot, Section, Table, table_of, with_common_notes
from twitchwise.report.study.quantities import Slot
from twitchwise.report.study.reading import ALL, GROUP, PERSON, VISIT, StudyTables
from twitchwise.report.study.sides import FEWEST_PAIRS, LIMITS_READ, compare, differences_plot, estimate_data

if TYPE_CHECKING:
    import pandas as pd

    from twitchwise.cohort.questions.reliability import Reliability

ID, TITLE = "repeats", "Agreement between visits"
_FORM = "ICC(A,1)"
_MOST_GROUPS = 4  # groups of which each has a row
_READ = (
    (
        f"{_FORM} is the share of the variance that is between participants: 1 where a value repeats itself exactly. "
        "It is higher where participants differ more, so that of all groups together says little about any one of "
        "them. The minimum detectable change (MDC) is what the value of one participant must change by to be beyond "
        "95% of the changes that come from measuring again."
    ),
    (
        "These numbers hold only where participants did not change between the visits. Where they may have (a disease "
        "that goes on, a treatment), values repeat themselves better than it seems here."
    ),
)


def repeats_section(study: StudyTables, slots: Sequence[Slot]) -> Section:
    """Return how well values repeat themselves."""
    if len(study.visits) < 2:  # noqa: PLR2004 - two make a pair
        return Section(id=ID, title=TITLE, lead=(ONCE,))
    found = [(slot, table) for slot in slots if len(table := visits_of(study, slot)) >= FEWEST_PAIRS]
    if not found:
        return Section(
            id=ID, title=TITLE, lead=(f"Fewer than {FEWEST_PAIRS} participants have a value of two visits.",)
        )
    numbers = {slot.id: list(_reliabilities(slot, table)) for slot, table in found}
    plots, common = with_common_notes([_plot(study, slot, table, numbers[slot.id]) for slot, table in found])
    return Section(
        id=ID,
        title=TITLE,
        lead=(LIMITS_READ if len(study.visits) == 2 else _LINES_READ, *_READ, *common),  # noqa: PLR2004 - as above
        plots=plots,
        methods=tuple(dict.fromkeys(one.method for of_slot in numbers.values() for _, one in of_slot)),
        data={
            "quantities": [
                {**slot.as_plain, "groups": [_data(group, one) for group, one in numbers[slot.id]]} for slot, _ in found
            ]
        },
    )


_LINES_READ = "Each line is a participant; the thick line joins the medians of the visits."


def visits_of(study: StudyTables, slot: Slot) -> "pd.DataFrame":
    """Return the values of participants with at least two visits: a row each, with the group, and a column a visit."""
    table = slot.visits.pivot_table(index=[PERSON, GROUP], columns=VISIT, values="value")
    wide = table.reindex(columns=[visit for visit in study.visits if visit in table])
    return wide[wide.notna().sum(axis=1) > 1]


def _reliabilities(slot: Slot, table: "pd.DataFrame") -> "Iterator[tuple[str, Reliability]]":
    from twitchwise.cohort.questions.reliability import reliability  # noqa: PLC0415 - loads when a study is read

    groups = table.index.get_level_values(GROUP)
    for group in (ALL, *sorted(set(groups) - {ALL})[:_MOST_GROUPS]):
        part = table if group == ALL else table[groups == group]
        if len(part) >= FEWEST_PAIRS and (group == ALL or len(part) < len(table)):
            part = part.dropna(axis=1, how="all")
            yield group, reliability(part, on_log=slot.as_ratio, quantity=slot.quantity, unit=slot.unit)


def _plot(study: StudyTables, slot: Slot, table: "pd.DataFrame", found: "list[tuple[str, Reliability]]") -> Plot:
    numbers = _numbers(slot, found)
    notes = (*slot.none_counts_as_zero, *found[0][1].warnings)
    if len(table.columns) == 2:  # noqa: PLR2004 - two make a pair
        first, second = map(str, table.columns)
        names = (f"visit {second}", f"visit {first}")
        pairs = table.rename(columns={first: names[1], second: names[0]})
        agreed = compare(slot, pairs, names)
        plot = differences_plot(ID, slot, pairs, agreed)
        told = f"{plot.drawing.caption} {numbers_said(slot, found)}"
        return replace(
            plot,
            drawing=replace(plot.drawing, caption=told),
            numbers=numbers,
            notes=tuple(dict.fromkeys((*plot.notes, *notes))),
        )
    svg = visits_svg(
        slot.shown.of(table.to_numpy(dtype=float)),
        [str(one) for one in table.columns],
        f"{ID}-{slot.id}",
        f"{slot.label.partition(',')[0].lower()}{slot.shown.in_brackets}",
        is_log=slot.as_ratio,
    )
    medians = ", ".join(f"{name} {slot.shown.said(float(table[name].median()))}" for name in table.columns)
    return Plot(
        id=f"{ID}-{slot.id}",
        heading=slot.label,
        drawing=Drawing(
            svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
            alt=f"{slot.label} of {len(table):,} participants from visit to visit. Medians: {medians}.",
            caption=f"{len(table):,} participants with two visits or more of {len(study.participants):,}. "
            + numbers_said(slot, found),
        ),
        numbers=numbers,
        notes=notes,
    )


def numbers_said(slot: Slot, found: "list[tuple[str, Reliability]]") -> str:
    """Return the numbers of all participants in a sentence."""
    one = found[0][1]
    return f"{_FORM} {said_estimate(*_ends(one))}; MDC {_change(slot, one)}."


def _ends(one: "Reliability") -> tuple[float, float, float]:
    correlation = one.form(_FORM)
    return correlation.value, correlation.low, correlation.high


def _change(slot: Slot, one: "Reliability") -> str:
    if np.isnan(one.mdc95.value):
        return "not known"
    if one.on_log:
        return f"{said_estimate(one.mdc95.value, one.mdc95.low, one.mdc95.high)} times"
    return slot.shown.estimate(one.mdc95)


def _numbers(slot: Slot, found: "list[tuple[str, Reliability]]") -> Table:
    rows = [
        (
            group,
            f"{one.n_participants:,}",
            said_estimate(*_ends(one)),
            said_estimate(one.sem.value, one.sem.low, one.sem.high) + " times"
            if one.on_log
            else slot.shown.estimate(one.sem),
            _change(slot, one),
            "not known" if np.isnan(one.mdc95_percent.value) else f"{number(one.mdc95_percent.value)}%",
            " ".join(one.warnings) or "-",
        )
        for group, one in found
    ]
    columns = (
        "Group",
        "Participants",
        f"{_FORM} (95% interval)",
        "Standard error of measurement",
        "MDC",
        "MDC, percent of mean",
        "Keep in mind",
    )
    return table_of(f"{slot.label}: how well it repeats itself", columns, rows)


def _data(group: str, one: "Reliability") -> dict[str, object]:
    return {
        "group": group,
        "n_participants": one.n_participants,
        "n_visits": one.n_visits,
        "on_log": one.on_log,
        "intraclass": {form.form: estimate_data(form.correlation) for form in one.intraclass},
        "sem": estimate_data(one.sem),
        "mdc95": estimate_data(one.mdc95),
        "mdc95_percent": estimate_data(one.mdc95_percent),
        "method": one.method,
        "warnings": list(one.warnings),
    }
