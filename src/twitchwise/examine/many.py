"""The probabilities of causes for many cases at once, for studies: the same numbers as `rank_causes`, as a table.

Every finding in a state is a row of log ratios over the causes; findings of one group, of which the strongest counts,
make one row together. Rows are worked out when they are first met. A batch is then one sparse product and one
exponential.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitchwise.assess import Case, Observation
from twitchwise.assess.causes import NOT_COVERED, prior_share, uncovered_share
from twitchwise.assess.weights import table_of
from twitchwise.knowledge import Library
from twitchwise.vocabulary import OutOfRangeError, Setting

if TYPE_CHECKING:
    from twitchwise.vocabulary.arrays import FloatArray

Seen = tuple[str, str] | Observation


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Probabilities of causes: ``values[i, j]`` is that of ``causes[j]`` in case ``i``; each row sums to 1."""

    causes: tuple[str, ...]
    values: "FloatArray"


class Ranker:
    """Ranks many cases of one setting.

    Parameters
    ----------
    library
        Conditions and findings.
    setting
        Where the cases are seen.

    Examples
    --------
    >>> from twitchwise.assess import Case
    >>> from twitchwise.knowledge import library
    >>> Ranker(library()).rank([Case()]).values.sum().round(6)
    np.float64(1.0)
    """

    def __init__(self, library: Library, setting: Setting = Setting.COMMUNITY) -> None:
        self._table = table_of(library, setting)
        self._setting = setting
        nobody = Case(setting=setting)
        main = self._table.main
        self.causes = (*(one.id for one in main), NOT_COVERED)
        self._place = {name: place for place, name in enumerate(self.causes)}
        shares = [*(prior_share(nobody, one) for one in main), uncovered_share(nobody, main)]
        self._prior = [math.log(share) for share in shares]
        self._groups = {name: finding.group for name, finding in library.findings.items() if finding.group}
        self._rows: list[list[float]] = []
        self._row_of: dict[object, int] = {}

    def rank(self, cases: Sequence[Case]) -> Probabilities:
        """Return the probability of every cause in every case.

        Raises
        ------
        OutOfRangeError
            If a case belongs to another setting.
        """
        import numpy as np  # noqa: PLC0415 - only for batches
        from scipy.sparse import csr_array  # noqa: PLC0415

        columns: list[int] = []
        starts = [0]
        for case in cases:
            if case.setting is not self._setting:
                raise OutOfRangeError(f"setting must be {self._setting.value!r} in every case, got {case.setting!r}.")
            columns.extend(self._rows_of(case))
            starts.append(len(columns))
        rows = np.array(self._rows or [[0.0] * len(self.causes)])
        shape = (len(cases), len(rows))
        scores = csr_array((np.ones(len(columns)), columns, starts), shape=shape) @ rows + np.array(self._prior)
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        return Probabilities(self.causes, scores)

    def _rows_of(self, case: Case) -> Iterator[int]:
        row_of, groups = self._row_of, self._groups
        together: dict[str, list[Observation]] = {}
        for name, seen in case.observations.items():
            group = groups.get(name)
            if group is not None:
                together.setdefault(group, []).append(seen)
            elif seen.value is None:
                row = row_of.get((name, seen.state))
                yield self._new_row((name, seen.state), [seen]) if row is None else row
            else:
                yield self._new_row((name, seen.value, seen.low, seen.high), [seen])
        for members in together.values():
            key = tuple((seen.finding, seen.state, seen.value) for seen in members)
            row = row_of.get(key)
            yield self._new_row(key, members) if row is None else row

    def _new_row(self, key: object, members: Iterable[Observation]) -> int:
        row = self._row_of.get(key)
        if row is None:
            row = self._row_of[key] = len(self._rows)
            sums = self._table.sums(Case(observations={seen.finding: seen for seen in members}))
            values = [0.0] * len(self.causes)
            for name, value in sums.items():
                if name in self._place:
                    values[self._place[name]] = value
            self._rows.append(values)
        return row
