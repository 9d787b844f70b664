"""Joins templates that are of one unit, whose shape varies: alike, and never closer in time than one axon conducts.

Two units that fire on their own meet within some milliseconds as often as chance has it; two parts of one unit never.
"""

import numpy as np

from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.selection import EXPECTED, Row, meetings_of, moved_by, table_of
from twitchwise.measure.emg.units.settings import unit_settings
from twitchwise.measure.emg.units.templates import SHIFTS, Templates
from twitchwise.vocabulary.arrays import FloatArray

# Up to this share of the expected ones may be seen: a discharge may be given to the wrong unit.
_SEEN = 0.2
# A late part of a potential, of fibers far off, is no unit: it follows the greater part at one lag within so many
# seconds, give or take, in this share of at least so many cases. Two that fire on their own keep no lag.
_LATE_S, _LAG_S, _TIED, _CASES = 0.025, 0.0005, 0.6, 10


def merged(done: Pass, kept: list[int]) -> Templates:
    """Return the kept units of a pass, those joined that are parts of one.

    Parameters
    ----------
    done
        The pass.
    kept
        Which of its units to look at, by their places.
    """
    unit, time = done.joined("unit").astype(np.int64), done.joined("time")
    rows = [_row(done.templates, one) for one in kept]
    trains = [np.sort(time[unit == one]) for one in kept]
    while (pair := _parts_of_one(table_of(rows, done.templates), trains, done)) is not None:
        one, other = pair
        rows[one] = _joined(table_of([rows[one], rows[other]], done.templates))
        trains[one] = np.sort(np.concatenate([trains[one], trains[other]]))
        del rows[other], trains[other]
    return table_of(rows, done.templates)


def without_satellites(done: Pass, kept: list[int]) -> list[int]:
    """Return the kept units of a pass without those that are late parts of greater ones."""
    unit, time = done.joined("unit").astype(np.int64), done.joined("time")
    left = list[int]()
    for one in sorted(kept, key=lambda one: -float(done.templates.size[one])):
        mine = time[unit == one]
        if not any(_is_tied(mine, np.sort(time[unit == other]), done.scene.sampling_rate_hz) for other in left):
            left.append(one)
    return sorted(left)


def _is_tied(times: FloatArray, greater: FloatArray, rate_hz: float) -> bool:
    """Tell whether times, in samples, keep one lag to those of a greater unit."""
    if times.size < _CASES or greater.size == 0:
        return False
    beside = np.clip(np.searchsorted(greater, times)[:, None] + np.array([-1, 0]), 0, greater.size - 1)
    lags = (times[:, None] - greater[beside]) / rate_hz
    lags = np.sort(lags[np.abs(lags) < _LATE_S])
    within = np.searchsorted(lags, lags + 2 * _LAG_S) - np.arange(lags.size)
    return bool(within.max(initial=0) >= _TIED * times.size)


def _row(templates: Templates, one: int) -> Row:
    return Row(
        shape=templates.shapes[one],
        spread=float(templates.spread[one]),
        misfit=float(templates.misfit[one]),
        rate=float(templates.rate[one]),
        noise=float(templates.noise[one]),
    )


def _parts_of_one(templates: Templates, trains: list[FloatArray], done: Pass) -> tuple[int, int] | None:
    """Return the two units that are most alike of those that are parts of one, the more frequent first."""
    pairs = sorted(
        (_difference(templates, one, other), one, other) for one in range(len(trains)) for other in range(one)
    )
    for difference, one, other in pairs:
        if difference > unit_settings().fragment_difference:
            break
        if _never_meet(trains[one], trains[other], done):
            return (one, other) if trains[one].size >= trains[other].size else (other, one)
    return None


def _difference(templates: Templates, one: int, other: int) -> float:
    """Return the energy by which two units differ where they fit best, as a share of the lesser one's."""
    sizes = templates.size[[one, other]]
    together = float(templates.gram[one, SHIFTS // 2, other].max()) * sizes[0] * sizes[1]
    return float((np.sum(sizes**2) - 2 * together) / max(sizes.min() ** 2, 1e-12))


def _never_meet(one: FloatArray, other: FloatArray, done: Pass) -> bool:
    """Tell whether two trains meet far less than by chance, at intervals at which both cannot be of one axon."""
    seen, expected = meetings_of(one, other, done)
    return bool(expected >= EXPECTED and seen <= _SEEN * expected)


def _joined(both: Templates) -> Row:
    """Return one unit in place of two: their mean, and what both vary by."""
    share = both.rate / both.rate.sum()
    lag = int(both.gram[0, SHIFTS // 2, 1].argmax()) - both.gram.shape[-1] // 2
    other = moved_by(both.shapes[1], lag)
    shape = (share[0] * both.shapes[0] + share[1] * other).astype(np.float32)
    left = _difference(both, 0, 1) * float(np.prod(share))
    sizes = both.size / (share @ both.size)
    return Row(
        shape=shape,
        spread=float(np.sqrt(share @ both.spread**2 + share @ (sizes - 1) ** 2)),
        misfit=float(share @ both.misfit) + left,
        rate=float(both.rate.sum()),
        noise=float(share @ both.noise),
    )
