"""How many motor units fasciculate: those seen, and those that more time would show.

From the units seen once and twice, a lower bound for the number with those not seen follows (Chao 1984, Nonparametric
estimation of the number of classes in a population, Scand J Stat 11:265-270), here in its form corrected for bias.
"""

import math
from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import IntArray

_NORMAL_95 = 1.959964


@dataclass(frozen=True, kw_only=True, slots=True)
class Extrapolated:
    """Number of units with those not yet seen, and its 95 % interval."""

    value: float
    low: float
    high: float


def units_with_unseen(discharges: IntArray) -> Extrapolated:
    """Return the estimated number of units (Chao1).

    Parameters
    ----------
    discharges
        Fasciculations of each unit seen, each at least 1, shape ``(n_units,)``.

    Examples
    --------
    >>> import numpy as np
    >>> units_with_unseen(np.array([9, 4, 2, 1, 1, 1])).value
    7.5
    """
    seen, once, twice = discharges.size, int(np.sum(discharges == 1)), int(np.sum(discharges == 2))  # noqa: PLR2004
    unseen = once * (once - 1) / (2 * (twice + 1))
    if unseen == 0:
        return Extrapolated(value=float(seen), low=float(seen), high=float(seen))
    variance = unseen + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
    variance += once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    # the logarithm of the number unseen is near normal (Chao 1987, Biometrics 43:783-791)
    factor = math.exp(_NORMAL_95 * math.sqrt(math.log(1 + variance / unseen**2)))
    return Extrapolated(value=seen + unseen, low=seen + unseen / factor, high=seen + unseen * factor)
