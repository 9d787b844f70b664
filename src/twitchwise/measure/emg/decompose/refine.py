"""From a rough train to a filter and back, by convolution kernel compensation, until the discharges stand apart best.

The filter for a train is the inverse of the covariance times the mean of what was there at its discharges (Holobar and
Zazula 2007, https://doi.org/10.1109/TSP.2007.896108). Improvement is judged by the silhouette alone, not by how evenly
a unit fires: units that fire seldom or unevenly are the point here. The height of a discharge is taken from the filter
that the other discharges make, because a filter made of few discharges finds each of its own by chance.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.extension import Extension
from twitchwise.measure.emg.decompose.trains import Split, split_of
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Rounds of filter and train; most settle in four to six.
_STEPS = 7
# A silhouette that rises by less than this has settled.
_SETTLED = 1e-4
# On the way, longer trains are judged with themselves: one of so many discharges moves its own height by less
# than noise does. In the end every train is judged without.
_MANY = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A train, the filter that finds it, and how far it stands apart.

    Parameters
    ----------
    filter
        Shape ``(n_channels * n_delays,)``, of unit output.
    split
        The peaks of its source.
    own_height
        Squared height of each discharge as the others see it.
    silhouette
        With those heights.
    """

    filter: Samples
    split: Split
    own_height: FloatArray
    silhouette: float


def refined(extension: Extension, triggers: list[IntArray], apart: int) -> list[Candidate]:
    """Return the best candidate that each rough train leads to; a train of fewer than two discharges leads nowhere."""
    best: dict[int, Candidate] = {}
    live = {number: train for number, train in enumerate(triggers) if train.size > 1}
    for _ in range(_STEPS):
        if not live:
            break
        live = _step(extension, live, best, apart)
    return list(best.values())


def _step(
    extension: Extension, live: dict[int, IntArray], best: dict[int, Candidate], apart: int
) -> dict[int, IntArray]:
    filters = extension.filters(list(live.values()))
    sources = extension.sources(filters)
    going: dict[int, IntArray] = {}
    for (number, made_of), row, source in zip(live.items(), filters, sources, strict=True):
        found = judged(extension, row, split_of(source, apart), made_of)
        if number in best and found.silhouette < best[number].silhouette + _SETTLED:
            continue
        best[number] = found
        if found.split.discharges.size > 1:
            going[number] = found.split.discharges
    return going


def judged(extension: Extension, row: Samples, parted: Split, made_of: IntArray) -> Candidate:
    """Return a candidate with the heights that its discharges have without themselves."""
    own_height = without_oneself(extension, parted, made_of)
    return Candidate(filter=row, split=parted, own_height=own_height, silhouette=parted.silhouette(own_height))


def without_oneself(extension: Extension, parted: Split, made_of: IntArray) -> FloatArray:
    """Return the squared height of each discharge under the filter made of the other ones.

    A discharge is itself the one that the filter was made of if both windows overlap.
    """
    places, height = parted.discharges, np.sqrt(parted.height[parted.is_discharge])
    n = made_of.size
    if n < 2 or n > _MANY or places.size == 0:  # noqa: PLR2004 - without itself one discharge has no filter
        return np.square(height)
    nearest = np.abs(places[:, None] - made_of).argmin(axis=1)
    is_own = np.abs(places - made_of[nearest]) < extension.n_delays
    columns = extension.columns(made_of)
    solved = extension.decorrelated(columns)
    among = (columns.T @ solved).astype(np.float64)
    seen = (extension.columns(places).T @ solved).astype(np.float64)
    alone = (seen.sum(axis=1) - seen[np.arange(places.size), nearest]) / (n - 1)
    alone /= _length(among.sum() - 2 * among.sum(axis=1) + np.diag(among), n - 1)[nearest]
    borrowed = seen.sum(axis=1) / n / _length(np.atleast_1d(among.sum()), n) - alone
    own_height: FloatArray = np.square(np.maximum(height - np.where(is_own, borrowed, 0.0), 0.0))
    return own_height


def alone(extension: Extension, train: IntArray) -> FloatArray:
    """Return the height of each discharge of a train under the filter made of all its others, shape ``(n,)``."""
    n = train.size
    columns = extension.columns(train)
    among = (columns.T @ extension.decorrelated(columns)).astype(np.float64)
    own = np.diag(among)
    length = _length(among.sum() - 2 * among.sum(axis=1) + own, n - 1)
    height: FloatArray = (among.sum(axis=1) - own) / (n - 1) / length
    return height


def _length(squared_sum: FloatArray, n: int) -> FloatArray:
    """Return the length of a mean of ``n`` decorrelated columns from the squared length of their sum."""
    length: FloatArray = np.sqrt(np.maximum(squared_sum, np.finfo(np.float64).tiny)) / n
    return length
