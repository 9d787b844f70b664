"""What was found in a study: each main quantity by group and visit, and all others as medians with ranges."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import StripRow, WhiskerRow, points_said, strips_svg, whiskers_svg
from twitchwise.report.study.numbers import Summary, plain, summary_of
from twitchwise.report.study.parts import Plot, Section, counted, table_of
from twitchwise.report.study.quantities import Slot, slots_of
from twitchwise.report.study.reading import ALL, GROUP, ONE_VISIT, PERSON, VISIT, StudyTables

if TYPE_CHECKING:
    import pandas as pd

ID, OTHERS_ID = "distributions", "others"
MOST_ROWS = 8
FEW = 12
"""Up to so many values are drawn one by one, each with its interval: a choice of drawing."""
MOST_SINGLES = 16
_READ = (
    (
        "Each value is that of one participant at one visit: the median of the channels of a side, then the mean of "
        "the recordings and of the sides. What was not seen, such as a rate of none, is never 0: it is shown by the "
        "upper end of its 95% interval, below which it lies."
    ),
    "Groups are shown beside each other and not tested. Of many quantities some differ by chance alone.",
)
_GROUPS_APART = 4  # columns of groups that a table has room for


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """The values of a slot in one group at one visit, or in all of them."""

    slot: Slot
    group: str
    visit: str
    rows: "pd.DataFrame"

    @property
    def label(self) -> str:
        """What tells it from the others."""
        return self.group if self.visit in {"", ONE_VISIT} else f"{self.group}, visit {self.visit}"

    @property
    def summary(self) -> Summary:
        """Median, quartiles and range; of what was not seen 0."""
        return summary_of(self.rows["value"].to_numpy(dtype=float))

    @property
    def n_unseen(self) -> int:
        """In how many nothing was seen."""
        return len(self.slot.unseen(self.rows))

    @property
    def bound(self) -> float:
        """The middle of the upper bounds of those in whom nothing was seen."""
        return float(self.slot.unseen(self.rows)["bound"].median())

    @property
    def median_said(self) -> str:
        """The median; of nothing seen up to where it may lie."""
        found = self.summary
        if not found.n:
            return "no value"
        if self.slot.zero_is_none and found.median == 0:
            return f"none seen, up to {self.slot.shown.said(self.bound)}" if self.n_unseen else "none seen"
        return self.slot.shown.said(found.median)

    def end_said(self, value: float) -> str:
        """Return a quartile or an end of the range; one of 0 of a rate is told as not seen."""
        return "none seen" if self.slot.zero_is_none and value == 0 else self.slot.shown.bare(value)


def distributions_section(study: StudyTables, slots: Sequence[Slot]) -> Section:
    """Return the distributions of the main quantities."""
    if not slots:
        return Section(id=ID, title="Distributions", lead=("Nothing was measured.",))
    return Section(
        id=ID,
        title="Distributions",
        lead=_READ,
        plots=tuple(_plot(study, slot) for slot in slots),
        data={"quantities": [slot_data(study, slot) for slot in slots]},
    )


def parts_of(study: StudyTables, slot: Slot) -> list[Part]:
    """Return the values by group and visit; the first visit alone where there would be too many rows."""
    visits = study.visits if len(study.visits) * len(study.groups) <= MOST_ROWS else study.visits[:1]
    found = slot.visits
    every = [
        Part(slot=slot, group=group, visit=visit, rows=found[(found[GROUP] == group) & (found[VISIT] == visit)])
        for group in study.groups
        for visit in visits
    ]
    return [part for part in every if len(part.rows)]


def _plot(study: StudyTables, slot: Slot) -> Plot:
    parts = parts_of(study, slot)
    said = "; ".join(f"{part.label}: {_told(part)}" for part in parts)
    svg, caption = _whiskers(slot, parts) if _are_few(slot, parts) else _strips(slot, parts)
    return Plot(
        id=f"{ID}-{slot.id}",
        heading=slot.label,
        drawing=Drawing(
            svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
            alt=f"{slot.label} by group, median and range. {said}.",
            caption=caption,
        ),
        numbers=table_of(
            f"{slot.label}{slot.shown.in_brackets}",
            (
                "Group",
                "Participants",
                "Median",
                "Middle half",
                "Range",
                *(["None seen in"] if slot.zero_is_none else []),
            ),
            [_numbers(part) for part in parts],
        ),
        notes=tuple(_notes(study, slot)),
    )


def _are_few(slot: Slot, parts: Sequence[Part]) -> bool:
    return sum(len(part.rows) for part in parts) <= FEW and len(slot.singles) <= MOST_SINGLES


def _told(part: Part) -> str:
    found = part.summary
    none = f", none seen in {part.n_unseen:,}" if part.n_unseen else ""
    ends = f"{part.end_said(found.least)} to {part.end_said(found.most)}"
    return f"{part.median_said} ({ends}), n {found.n:,}{none}"


def _numbers(part: Part) -> tuple[str, ...]:
    found = part.summary
    middle = f"{part.end_said(found.first)} to {part.end_said(found.third)}"
    whole = f"{part.end_said(found.least)} to {part.end_said(found.most)}"
    if not found.third:
        middle = part.end_said(found.third)
    none = [f"{part.n_unseen:,} of {found.n:,}"] if part.slot.zero_is_none else []
    return (part.label, f"{found.n:,}", part.median_said, middle, whole if found.most else part.end_said(0.0), *none)


def _notes(study: StudyTables, slot: Slot) -> Iterator[str]:
    n_doubted = int((slot.visits["n_doubted"] > 0).sum())
    if n_doubted:
        yield f"{counted(n_doubted, 'value carries', 'values carry')} doubts."
    sites = sorted(set(slot.frame["site"].dropna()))
    if len(sites) > 1:
        yield f"Values of {len(sites):,} places of the body are taken together: {', '.join(sites[:6])}."
    if len(study.visits) > 1 and len(study.visits) * len(study.groups) > MOST_ROWS:
        yield f"Only visit {study.visits[0]} is drawn."


def _strips(slot: Slot, parts: Sequence[Part]) -> tuple[str, str]:
    rows = [_strip(slot, part) for part in parts]
    svg = strips_svg(
        rows,
        f"{ID}-{slot.id}",
        f"{_axis_name(slot)}{slot.shown.in_brackets}",
        is_log=slot.is_wide,
        from_zero=_starts_at_zero(slot),
    )
    caption = f"{points_said(rows, 'participant')} The line is the median, the shaded band the middle half."
    if any(part.n_unseen for part in parts):
        caption += _UNSEEN
    return svg, caption + _of_scale(slot)


_UNSEEN = " An open triangle: none was seen, and the rate lies below the upper end of its interval, where it stands."


def _axis_name(slot: Slot) -> str:
    return slot.label.partition(",")[0].partition(" (")[0].lower()


def _of_scale(slot: Slot) -> str:
    return " The scale is one of ratios." if slot.is_wide else ""


def _starts_at_zero(slot: Slot) -> bool:
    return bool((slot.visits["value"] >= 0).all())


def _strip(slot: Slot, part: Part) -> StripRow:
    unseen, found, shown = slot.unseen(part.rows), part.summary, slot.shown
    seen = part.rows.loc[part.rows.index.difference(unseen.index), "value"].to_numpy()
    quartiles = (found.first / shown.scale, found.median / shown.scale, found.third / shown.scale)
    return StripRow(
        label=part.label,
        said=f"median {part.median_said}, n {found.n:,}",
        values=shown.of(seen),
        bounds=shown.of(unseen["bound"].to_numpy()),
        quartiles=quartiles if found.n > 1 else None,
    )


def _whiskers(slot: Slot, parts: Sequence[Part]) -> tuple[str, str]:
    visits = [part.visit for part in parts]
    drawn = slot.singles[slot.singles[VISIT].isin(visits)]
    rows = [_whisker(slot, row, several=len(set(visits)) > 1) for row in drawn.to_dict("records")]
    svg = whiskers_svg(
        rows,
        f"{ID}-{slot.id}",
        f"{_axis_name(slot)}{slot.shown.in_brackets}",
        is_log=slot.is_wide,
        from_zero=_starts_at_zero(slot),
    )
    caption = "Few participants, so each value is drawn: the dot is the value, the bar its 95% interval."
    if drawn["low"].isna().any():
        caption += " A value of several channels or recordings has no interval."
    if any(row.is_bound for row in rows):
        caption += " A striped bar without a dot: none was seen, and the rate may lie up to its end."
    return svg, caption + _of_scale(slot)


def _whisker(slot: Slot, row: Mapping[Hashable, Any], *, several: bool) -> WhiskerRow:
    scale = slot.shown.scale
    is_bound = row["value"] == 0 and row["bound"] > 0
    high = float(row["bound"] if is_bound else row["high"])
    visit = f"visit {row[VISIT]}" if several else ""
    group = "" if row[GROUP] == ALL else str(row[GROUP])
    said = f"none seen, up to {slot.shown.said(high)}" if is_bound else slot.shown.said(float(row["value"]))
    return WhiskerRow(
        label=", ".join(one for one in (str(row[PERSON]), group, visit, str(row["side"])) if one),
        said=said,
        value=float(row["value"]) / scale,
        low=float(row["low"]) / scale,
        high=high / scale,
        is_bound=is_bound,
    )


def slot_data(study: StudyTables, slot: Slot) -> dict[str, object]:
    """Return a slot for JSON."""
    return {
        **slot.as_plain,
        "groups": [
            {
                "group": part.group,
                "visit": part.visit,
                **part.summary.as_plain(),
                "n_none_seen": part.n_unseen,
                "upper_bound_of_none_seen": plain(part.bound) if part.n_unseen else None,
            }
            for part in parts_of(study, slot)
        ],
    }


def others_section(study: StudyTables, drawn: Sequence[str]) -> Section:
    """Return all quantities that are not drawn, as medians with ranges."""
    title = "All other quantities"
    slots = slots_of(study, [name for name in study.measurements if name not in drawn])
    groups = study.groups if len(study.groups) <= _GROUPS_APART else (ALL,)
    rows = [
        (slot, [Part(slot=slot, group=group, visit="", rows=_people(slot, group)) for group in groups])
        for slot in slots
    ]
    if not rows:
        return Section(id=OTHERS_ID, title=title, lead=("Every quantity that was measured is drawn above.",))
    rows.sort(key=lambda one: one[0].label)
    heads = [f"{group}: median (range)" for group in groups]
    return Section(
        id=OTHERS_ID,
        title=title,
        lead=(
            "Each participant counts once, with the mean of the visits. '--quantity' and its name draws any of them.",
        ),
        tables=(
            table_of(
                counted(len(rows), "quantity", "quantities"),
                ("Quantity", "Name in the tables", "Participants", *heads),
                [_other(slot, parts) for slot, parts in rows],
                most=len(rows),
            ),
        ),
        data={"quantities": [_other_data(slot, parts) for slot, parts in rows]},
    )


def _people(slot: Slot, group: str) -> "pd.DataFrame":
    """Return one value for each participant of a group, the mean of the visits."""
    found = slot.visits if group == ALL else slot.visits[slot.visits[GROUP] == group]
    return found.groupby(PERSON, as_index=False)[["value", "bound"]].agg({"value": "mean", "bound": "min"})


def _other(slot: Slot, parts: Sequence[Part]) -> tuple[str, ...]:
    return (slot.label, slot.quantity, f"{sum(part.summary.n for part in parts):,}", *map(_in_short, parts))


def _in_short(part: Part) -> str:
    found = part.summary
    if found.n <= 1:
        return part.median_said if found.n else "none"
    if found.least == found.most:
        return f"{part.median_said} (all {found.n:,})"
    none = f"; none seen in {part.n_unseen:,} of {found.n:,}" if part.n_unseen else ""
    return f"{part.median_said} ({part.end_said(found.least)} to {part.end_said(found.most)}){none}"


def _other_data(slot: Slot, parts: Sequence[Part]) -> dict[str, object]:
    return {**slot.as_plain, "groups": [{"group": part.group, **part.summary.as_plain()} for part in parts]}
