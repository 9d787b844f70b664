"""A share with its Wilson interval, and how well stated probabilities hold.

Methods: the score interval of Wilson (1927), the score of Brier (1950), and the expected calibration error over bins
of equal width. The two old papers were not opened; the tests compare the interval with scipy.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054  # two-sided 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``n`` with the 95 % Wilson interval; without cases everything is ``None``."""

    count: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Lower and upper end.

        Examples
        --------
        >>> low, high = Share(8, 10).interval
        >>> round(low, 3), round(high, 3)
        (0.49, 0.943)
        """
        if not self.n:
            return None, None
        share, z2 = self.count / self.n, Z_95**2 / self.n
        middle = (share + z2 / 2) / (1 + z2)
        half = Z_95 * math.sqrt(share * (1 - share) / self.n + z2 / (4 * self.n)) / (1 + z2)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def as_json(self) -> dict[str, float | int | None]:
        """Return value, low, high and n."""
        low, high = self.interval
        return {"value": self.value, "low": low, "high": high, "n": self.n}


def share_of(holds: Sequence[bool]) -> Share:
    """Return the share of true ones."""
    return Share(sum(holds), len(holds))


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like stated probability: how many, what was stated on average, and how often it was right."""

    n: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well the stated probability of the leading answer holds; ``None`` without cases."""

    brier: float | None
    ece: float | None
    bins: tuple[Bin, ...]


BINS = 10


def calibration_of(stated: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Return Brier score and expected calibration error over ten bins of equal width.

    Parameters
    ----------
    stated
        Probability of the leading answer of each case.
    right
        Whether it was the right one.

    Examples
    --------
    >>> calibration_of([0.8] * 10, [True] * 8 + [False] * 2).ece
    0.0
    """
    if not stated:
        return Calibration(None, None, ())
    pairs = list(zip(stated, right, strict=True))
    brier = math.fsum((probability - hit) ** 2 for probability, hit in pairs) / len(pairs)
    binned: dict[int, list[tuple[float, bool]]] = {}
    for probability, hit in pairs:
        binned.setdefault(min(int(probability * BINS), BINS - 1), []).append((probability, hit))
    bins = tuple(_bin(binned[place]) for place in sorted(binned))
    error = math.fsum(one.n * abs(one.stated - one.right) for one in bins) / len(pairs)
    return Calibration(brier, round(error, 12), bins)


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    n = len(pairs)
    return Bin(n, math.fsum(one for one, _ in pairs) / n, sum(hit for _, hit in pairs) / n)
