"""Which quantities of a study are drawn, how they are called, and the values of each participant and visit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.knowledge import library
from twitchwise.report.measured import name_of
from twitchwise.report.movement_words import MOVEMENT_WORDS
from twitchwise.report.quantity_words import QUANTITY_WORDS
from twitchwise.report.study.numbers import RATES, Shown, shown_in
from twitchwise.report.study.reading import GROUP, PERSON, VISIT, StudyTables
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import capital

if TYPE_CHECKING:
    import pandas as pd

MOST_DRAWN = 8
_FIRST = (
    *("fasciculation_rate", "tremor_frequency", "tremor_acceleration", "clonus_rate", "plm_index", "plm_index_aasm"),
    *("visible_twitch_rate", "spasm_rate", "hypnic_jerk_rate", "fall_rate", "clonus_frequency"),
    *("tremor_displacement", "tremor_angular_velocity", "tremor_share", "fasciculation_amplitude", "active_units"),
    *("visible_twitch_size", "clonus_duration", "movement_frequency", "fasciculation_interval", "leg_movement_index"),
)
"""Quantities from the one drawn first: those of findings and their sizes, then what tells them apart."""
_ANY = "any"
_TOLD_APART = ("fasciculation",)
"""Quantities begin so whose names say what they are of only under a heading."""
_WIDE = 30.0  # a scale of ratios is used where the largest value is so many times the smallest


@dataclass(frozen=True, kw_only=True, eq=False)
class Slot:
    """A quantity in one task and unit, which alone can be compared.

    Parameters
    ----------
    quantity, task, unit
        What was measured; ``task`` is empty where the quantity is of one task alone, or of none.
    frame
        Its rows.
    by_side
        One value for each participant, visit and side, as `twitchwise.cohort.questions.values.values_of` has them.
    """

    quantity: str
    task: str
    unit: str
    frame: "pd.DataFrame"
    by_side: "pd.DataFrame"

    @property
    def id(self) -> str:
        """A name for places on the page."""
        return "-".join(_letters(one) for one in (self.quantity, self.task, self.unit) if one)

    @property
    def label(self) -> str:
        """The quantity as those who know the field call it."""
        name = str(capital(named(self.quantity)))
        kind = self.quantity.partition("_")[0]
        if kind in _TOLD_APART and kind not in name.lower():
            name = f"{kind.capitalize()}s: {name[0].lower()}{name[1:]}"
        return f"{name}, task {self.task}" if self.task else name

    @property
    def as_plain(self) -> dict[str, object]:
        """What it is, for JSON."""
        return {"quantity": self.quantity, "task": self.task or None, "unit": self.unit}

    @cached_property
    def visits(self) -> "pd.DataFrame":
        """One value for each participant and visit, the mean of the sides.

        Columns ``group``, ``participant_id``, ``session``, ``value``, ``n_doubted`` and ``bound`` (the upper bound of a
        rate of none, or of another quantity of which nothing was seen; else ``nan``).
        """
        keys = [PERSON, VISIT]
        parts = self.by_side.groupby(keys, dropna=False)
        found = parts.agg(group=(GROUP, "first"), value=("value", "mean"), n_doubted=("n_doubted", "sum"))
        found = found.join(self._bounds(keys)) if (found["value"] == 0).any() else found.assign(bound=np.nan)
        return found.reset_index()

    @cached_property
    def singles(self) -> "pd.DataFrame":
        """One value for each participant, visit and side, with its interval and bound, to be drawn one by one."""
        keys = [PERSON, VISIT, "side"]
        rows = self._sided.groupby(keys)
        known = rows[["low", "high"]].first().where(rows.size() == 1).assign(bound=rows["high"].min())
        return self.by_side.fillna({"side": ""}).join(known, on=keys)

    @cached_property
    def _sided(self) -> "pd.DataFrame":
        return self.frame.assign(side=self.frame["side"].fillna(""))

    def _bounds(self, keys: list[str]) -> "pd.Series[float]":
        """Return up to where what was not seen may lie: of each side the lowest bound, of both the higher."""
        rows = self._sided
        none = rows[(rows["value"] == 0) & (rows["low"] == 0) & (rows["high"] > 0)]
        of_side = none.groupby([*keys, "side"])["high"].min()
        return of_side.groupby(keys).max().rename("bound")

    @cached_property
    def zero_is_none(self) -> bool:
        """Whether a value of 0 says that nothing was seen: of all rates, and of what has an upper bound then."""
        is_rate = self.unit in {unit.value for unit in RATES}
        return is_rate or not self.unseen(self.visits).empty

    @cached_property
    def _drawn(self) -> FloatArray:
        """The values, and the upper bounds of what was not seen, which are drawn in place of it."""
        values, bounds = (self.visits[name].to_numpy(dtype=float) for name in ("value", "bound"))
        return np.where((values == 0) & (bounds > 0), bounds, values)

    @cached_property
    def is_wide(self) -> bool:
        """Whether the values are so far apart that a scale of ratios shows them better."""
        values = self._drawn
        return bool(values.size and values.min() > 0 and values.max() >= _WIDE * values.min())

    @cached_property
    def as_ratio(self) -> bool:
        """Whether pairs of values are compared as ratios."""
        return self.is_wide and bool((self.by_side["value"] > 0).all())

    @cached_property
    def shown(self) -> Shown:
        """The unit in which it is shown."""
        size = np.abs(self._drawn)
        return shown_in(self.unit, float(np.median(size[size > 0])) if (size > 0).any() else 0.0)

    @property
    def none_counts_as_zero(self) -> tuple[str, ...]:
        """What is said where pairs of values hold rates of none."""
        unseen = self.unseen(self.visits)
        if unseen.empty:
            return ()
        bound = self.shown.said(float(unseen["bound"].median()))
        return (f"What was not seen counts as 0 here, though it may be up to {bound} (median of these).",)

    def unseen(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        """Return those of some rows of ``visits`` in which nothing was seen, so that only an upper bound is known."""
        return rows[(rows["value"] == 0) & (rows["bound"] > 0)]


def named(quantity: str) -> str:
    """Return how those who know the field call a quantity."""
    return QUANTITY_WORDS.get(quantity) or MOVEMENT_WORDS.get(quantity) or name_of(quantity, library())


def chosen(study: StudyTables, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the quantities that are drawn: those asked for, or else the main ones.

    Raises
    ------
    OutOfRangeError
        If one that is asked for was not measured.
    """
    measured = study.measurements
    for quantity in asked:
        if quantity not in measured:
            known = ", ".join(measured) or "none"
            raise OutOfRangeError(f"quantity must be one that the study measured ({known}), got {quantity!r}.")
    if asked:
        return tuple(dict.fromkeys(asked))
    main = [quantity for quantity in _FIRST if quantity in measured]
    return tuple(main[:MOST_DRAWN]) or _most_often(study)


def _most_often(study: StudyTables) -> tuple[str, ...]:
    """Return the quantities that most participants have."""
    counts = {quantity: frame[PERSON].nunique() for quantity, frame in study.measurements.items()}
    return tuple(sorted(counts, key=lambda one: (-counts[one], one))[:MOST_DRAWN])


def slots_of(study: StudyTables, quantities: Sequence[str]) -> list[Slot]:
    """Return quantities in each of their tasks and units, with their values."""
    found = [one for quantity in quantities for one in _apart(quantity, study.measurements[quantity])]
    values = _values_of_all([frame for *_, frame in found])
    return [
        Slot(quantity=quantity, task=task, unit=unit, frame=frame, by_side=by_side)
        for (quantity, task, unit, frame), by_side in zip(found, values, strict=True)
    ]


def _apart(quantity: str, frame: "pd.DataFrame") -> "Iterator[tuple[str, str, str, pd.DataFrame]]":
    """Give the rows of a quantity in each task and unit; the task is empty where there is only one."""
    frame = frame[frame["value"].notna()]
    tasks = frame["task"].fillna("")
    n_tasks = tasks.nunique()
    for (task, unit), part in frame.groupby([tasks, frame["unit"].fillna("1")]):
        yield quantity, str(task) if n_tasks > 1 else "", str(unit), part


def _values_of_all(frames: "Sequence[pd.DataFrame]") -> "list[pd.DataFrame]":
    """Return the values of several quantities, which are looked for in one go: many times faster than one by one.

    All are given one name and one unit, and recordings a name of their own in each, so that none is taken for another.
    """
    import pandas as pd  # noqa: PLC0415 - loads when a study is read

    from twitchwise.cohort.questions.values import values_of  # noqa: PLC0415

    if not frames:
        return []
    rows = pd.concat([frame.assign(slot=number) for number, frame in enumerate(frames)], ignore_index=True)
    names = rows["slot"].astype("str") + " " + rows["recording"]
    values = values_of(rows.assign(recording=names, quantity=_ANY, unit="1"), _ANY, per=("slot", PERSON, VISIT))
    parts = dict(iter(values.groupby("slot")))
    return [parts[number].reset_index(drop=True) for number in range(len(frames))]


def _letters(name: str) -> str:
    """Return a name as it may stand in the id of a figure."""
    return "".join(letter for letter in name if letter.isalnum() or letter == "_")
