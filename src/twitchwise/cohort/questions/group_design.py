"""What a comparison of groups needs: who is in which group, with which value, and what it is adjusted for."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.cohort.questions.few import counted, few_participants
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_TWO = 2  # groups, at least
_NUMBERS = "biuf"  # kinds of columns that are numbers


@dataclass(frozen=True, kw_only=True)
class Design:
    """Values with the group of each.

    Parameters
    ----------
    groups
        Names, the reference first.
    values
        Shape ``(n,)``.
    group_of
        Number of the group of each value, shape ``(n,)``.
    participants
        Number of the participant of each value, from 0 without a gap, shape ``(n,)``.
    covariates
        Columns less their means, shape ``(n, c)``.
    kept
        Rows of the table that are used.
    warnings
        What was left out.
    """

    groups: tuple[str, ...]
    values: FloatArray
    group_of: IntArray
    participants: IntArray
    covariates: FloatArray
    kept: BoolArray
    warnings: tuple[str, ...]

    @cached_property
    def matrix(self) -> FloatArray:
        """A column for each group, then the covariates; shape ``(n, p)``."""
        return np.column_stack([np.eye(len(self.groups))[self.group_of], self.covariates])

    @cached_property
    def rows(self) -> list[IntArray]:
        """The rows of each participant."""
        return [np.flatnonzero(self.participants == one) for one in range(self.n_participants)]

    @property
    def n_participants(self) -> int:
        """How many participants there are."""
        return int(self.participants.max()) + 1

    @property
    def n_values(self) -> int:
        """How many values there are."""
        return int(self.group_of.size)

    def level(self, group: int) -> FloatArray:
        """Return the weights of the coefficients that give a group's level, covariates at their means."""
        weights: FloatArray = np.eye(self.matrix.shape[1])[group]
        return weights

    def against_reference(self, group: int) -> FloatArray:
        """Return the weights of the coefficients that give a group against the reference."""
        return self.level(group) - self.level(0)

    def people_of(self, group: int) -> int:
        """Return how many participants a group has."""
        return int(np.unique(self.participants[self.group_of == group]).size)

    def of_groups(self, groups: "Sequence[int]") -> "Design":
        """Return the same with these groups only, in this order."""
        used = np.isin(self.group_of, groups)
        order = {group: number for number, group in enumerate(groups)}
        return replace(
            self,
            groups=tuple(self.groups[group] for group in groups),
            values=self.values[used],
            group_of=np.array([order[int(group)] for group in self.group_of[used]], dtype=np.int64),
            participants=numbered(self.participants[used]),
            covariates=self.covariates[used],
        )

    def require_solvable(self) -> None:
        """Refuse covariates that cannot be told from the groups, and more coefficients than participants."""
        rank = int(np.linalg.matrix_rank(self.matrix))
        if rank < self.matrix.shape[1]:
            raise OutOfRangeError(
                f"covariates must differ within groups, got {self.matrix.shape[1]} columns of which {rank} say "
                "something new."
            )
        if self.n_participants <= rank:
            raise OutOfRangeError(
                f"participants must be more than the {rank} groups and covariates together, got {self.n_participants}."
            )

    @cached_property
    def sizes_in_words(self) -> tuple[str, ...]:
        """Warnings on groups of one, small groups, and many comparisons."""
        sizes = [self.people_of(group) for group in range(len(self.groups))]
        alone = [name for name, people in zip(self.groups, sizes, strict=True) if people == 1]
        several = [people for people in sizes if people > 1]
        found = []
        if alone:
            found.append(
                f"Only one participant in {', '.join(alone)}: how much participants differ there is taken from the "
                "others."
            )
        found += few_participants(min(several), of="the smallest group") if several else ()
        if len(sizes) > _TWO:
            comparisons = counted(len(sizes) - 1, "comparison")
            found.append(f"{comparisons} with the reference; p-values are not adjusted for their number.")
        return tuple(found)


def design_of(  # noqa: PLR0913 - the columns of a table, by name
    table: "pd.DataFrame",
    value: str,
    *,
    reference: str | None,
    covariates: "Sequence[str]",
    group: str,
    participant: str,
    usable: "Sequence[str]" = (),
) -> Design:
    """Return the design of a comparison; rows in which something is missing are left out and told.

    Parameters
    ----------
    table, value, reference, covariates, group, participant
        As for `twitchwise.cohort.questions.groups.compare_values`.
    usable
        Columns that must be above 0.
    """
    names = (value, group, participant, *covariates, *usable)
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise OutOfRangeError(f"The table must have the column {missing[0]}, got {', '.join(map(str, table.columns))}.")
    kept = table[list(names)].notna().all(axis=1) & (table[list(usable)] > 0).all(axis=1)
    rows = table[kept]
    groups = _groups(sorted({str(one) for one in rows[group]}), reference)
    left_out = len(table) - len(rows)
    design = Design(
        groups=groups,
        values=rows[value].to_numpy(float),
        group_of=np.array([groups.index(str(one)) for one in rows[group]], dtype=np.int64),
        participants=numbered(rows[participant].astype(str).to_numpy()),
        covariates=_columns(rows, covariates),
        kept=kept.to_numpy(bool),
        warnings=(f"{left_out} of {counted(len(table), 'row')} left out, for something is missing.",)
        if left_out
        else (),
    )
    design.require_solvable()
    return design


def _groups(names: list[str], reference: str | None) -> tuple[str, ...]:
    if len(names) < _TWO:
        raise OutOfRangeError(f"group must name at least 2 groups, got {', '.join(names) or 'none'}.")
    if reference is not None and reference not in names:
        raise OutOfRangeError(f"reference must be one of {', '.join(names)}, got {reference!r}.")
    first = names[0] if reference is None else reference
    return (first, *(name for name in names if name != first))


def numbered(names: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> IntArray:
    """Return a number from 0 without a gap for each name."""
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _columns(rows: "pd.DataFrame", covariates: "Sequence[str]") -> FloatArray:
    """Return covariates less their means: numbers as they are, a column for each other category of the rest."""
    columns = []
    for name in covariates:
        if rows[name].dtype.kind in _NUMBERS:
            columns.append(rows[name].to_numpy(float))
        else:
            words = rows[name].astype(str)
            columns += [(words == one).to_numpy(float) for one in sorted(set(words))[1:]]
    if not columns:
        return np.zeros((len(rows), 0))
    stacked: FloatArray = np.column_stack(columns)
    centered: FloatArray = stacked - stacked.mean(axis=0)
    return centered
