"""How long was recorded, and for how long there was rest, of each participant and visit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from twitchwise.report.display import number
from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import StripRow, points_said, strips_svg
from twitchwise.report.study.numbers import Shown, Summary, summary_of
from twitchwise.report.study.parts import Plot, Section, table_of
from twitchwise.report.study.reading import GROUP, PERSON, VISIT, StudyTables

if TYPE_CHECKING:
    import pandas as pd

ID = "how-long"
_SECONDS, _MINUTES, _HOURS = (
    Shown(scale=scale, name=name) for scale, name in ((1.0, "s"), (60.0, "min"), (3600.0, "h"))
)
_SHORT_S, _LONG_S = 120.0, 3 * 3600.0  # visits are told in seconds up to this length, in hours (nights) from that
_NAMES = {"s": "seconds", "min": "minutes", "h": "hours"}
_MOST_ROWS = 8
RECORDED, RESTED = "recorded", "rested"


def lengths_section(study: StudyTables) -> Section:
    """Return how long was recorded and rested."""
    visits = lengths_of(study)
    if visits.empty:
        return Section(id=ID, title="How long", lead=("No recording was measured.",))
    typical_s = float(visits[RECORDED].median())
    shown = _SECONDS if typical_s < _SHORT_S else _MINUTES if typical_s < _LONG_S else _HOURS
    rows = list(_rows(study, visits, shown))
    return Section(
        id=ID,
        title="How long",
        lead=tuple(_lead(visits, shown)),
        plots=(_plot(rows, shown),),
        tables=(
            table_of(
                "Recorded and rested time of each participant and visit",
                ("Participant", "Visit", "Group", f"Recorded, {shown.name}", f"Rested, {shown.name}"),
                _each(visits, shown),
                where="recordings.parquet",
                is_folded=True,
            ),
        ),
        data={
            "unit": "s",
            RECORDED: summary_of(visits[RECORDED].to_numpy()).as_plain(),
            RESTED: summary_of(visits[RESTED].to_numpy()).as_plain(),
        },
    )


def lengths_of(study: StudyTables) -> "pd.DataFrame":
    """Return recorded and rested seconds of each participant and visit; of a recording the channel most at rest."""
    recordings = study.recordings[study.recordings["state"] == "measured"]
    rest = study.quality.groupby("recording")["rest_s"].max()
    timed = recordings.assign(rested=recordings["recording"].map(rest).astype(float))
    keys = [GROUP, PERSON, VISIT]
    sums = timed.groupby(keys)[["duration_s", RESTED]].sum(min_count=1).reset_index()
    return sums.rename(columns={"duration_s": RECORDED}).dropna(subset=[RECORDED])


def _lead(visits: "pd.DataFrame", shown: Shown) -> Iterator[str]:
    recorded, rested = (summary_of(visits[name].to_numpy()) for name in (RECORDED, RESTED))
    total = visits[RECORDED].sum()
    yield (
        f"Recorded at a visit: {recorded.said(shown)}, median and range; {_said(total)} in all. The recordings of "
        "a visit are added."
    )
    if not rested.n:
        yield "In none of the recordings was rest looked for, so nothing here is counted at rest."
        return
    yield (
        f"Muscle at rest at a visit: {rested.said(shown)}. Only this time counts for rates at rest; where it is "
        "short, a rate of none says little. Of several channels the one with most rest is told."
    )
    unknown = int(visits[RESTED].isna().sum())
    if unknown:
        yield f"In {unknown:,} of {len(visits):,} visits rest was not looked for."


def _said(seconds: float) -> str:
    return (_HOURS if seconds >= _HOURS.scale else _MINUTES).said(seconds)


def _rows(study: StudyTables, visits: "pd.DataFrame", shown: Shown) -> Iterator[tuple[StripRow, Summary]]:
    apart = len(study.groups) * 2 <= _MOST_ROWS
    for group in study.groups if apart else ("",):
        of_group = visits[visits[GROUP] == group] if apart else visits
        for name in (RECORDED, RESTED):
            values = of_group[name].dropna().to_numpy()
            if values.size:
                label = f"{group}: {name}" if group else name
                yield _row(label, values, shown), summary_of(values)


def _row(label: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]", shown: Shown) -> StripRow:
    found = summary_of(values)
    return StripRow(
        label=label,
        said=f"median {shown.said(found.median)}, n {found.n:,}",
        values=shown.of(values),
        bounds=np.empty(0),
        quartiles=(found.first / shown.scale, found.median / shown.scale, found.third / shown.scale),
    )


def _plot(rows: list[tuple[StripRow, Summary]], shown: Shown) -> Plot:
    axis = _NAMES[shown.name]
    svg = strips_svg([row for row, _ in rows], ID, axis, is_log=False, from_zero=True)
    points = points_said([row for row, _ in rows], "visit")
    said = "; ".join(f"{row.label}: {found.said(shown)}" for row, found in rows)
    return Plot(
        id=f"{ID}-plot",
        heading="Time of each visit",
        drawing=Drawing(
            svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
            alt=f"Time of each visit in {axis}, median and range. {said}.",
            caption=f"{points} The line is the median, the shaded band the middle half.",
        ),
        numbers=table_of(
            f"Time of a visit in {axis}",
            ("Group", "Visits", "Median", "Middle half", "Range"),
            [_numbers(row, found, shown) for row, found in rows],
        ),
    )


def _numbers(row: StripRow, found: Summary, shown: Shown) -> tuple[str, ...]:
    middle = f"{shown.bare(found.first)} to {shown.bare(found.third)}"
    whole = f"{shown.bare(found.least)} to {shown.bare(found.most)}"
    return row.label, f"{found.n:,}", shown.bare(found.median), middle, whole


def _each(visits: "pd.DataFrame", shown: Shown) -> Iterator[tuple[str, ...]]:
    for group, person, visit, recorded, rested in visits.sort_values([PERSON, VISIT]).itertuples(index=False):
        said = "not looked for" if np.isnan(rested) else str(number(rested / shown.scale))
        yield str(person), str(visit), str(group), str(number(recorded / shown.scale)), said
