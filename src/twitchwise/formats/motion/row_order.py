"""The rows of a movement sensor in order of time, each sample once, and what was wrong about them.

A row twice is a repeat. Rows that fit between others once they are sorted were written late. Rows that crowd others
when sorted belong to a clock that was set back. Stamps that stand still for many rows are rounded to more than a
sample, and stamps in bursts of one size are those of delivery.
"""

import numpy as np

from twitchwise.formats.motion.raw_motion import Singles
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.text import say, say_many

# A step above so many usual ones is a gap.
GAP_STEPS = 2.5
# From this share of repeated stamps on, the stamps are rounded to more than a sample.
_ROUNDED_SHARE = 0.1
# From this share of backward steps on, rows were shuffled; a clock is set back less often.
_SHUFFLED_SHARE = 0.05
# From this share of the usual step on, the mean step is that of one clock and not of two.
_ALONE = 0.75
# Samples are delivered in bursts where so many of the steps are long, most bursts are about one size, and a burst takes
# little of the time to the next one; samples that were lost leave stretches that are long, or of every length.
_BURST_SHARES, _SIZES_WITHIN, _REGULAR_SHARE, _FEWEST_BURSTS = (0.005, 0.5), 0.25, 0.9, 20
_SPAN_SHARE = 0.3
# Rows of the same sample from which on it was written again and again.
_HELD_ROWS = 2


def timed_rows(stamps: FloatArray, values: Singles) -> tuple[IntArray, list[str]]:
    """Leave out rows without a time or without any sample."""
    has_time, has_value = np.isfinite(stamps), np.isfinite(values).any(axis=1)
    n_untimed = int((~has_time).sum())
    said = say("Rows without a time were left out: {count}.", count=n_untimed)
    return np.flatnonzero(has_time & has_value), [said] if n_untimed else []


def in_order(stamps: FloatArray, rows: IntArray) -> tuple[IntArray, FloatArray, list[str]]:
    """Bring rows that were written late to their place; go on after a clock that was set back."""
    found = stamps[rows]
    back = np.flatnonzero(np.diff(found) < 0)
    if not back.size:
        return rows, found, []
    order = np.argsort(found, kind="stable")
    ascending = found[order]
    if _belongs_together(found, ascending, order):
        return rows[order], ascending, [_said_of_sorted(back.size)]
    forward = np.diff(found)
    usual = float(np.median(forward[forward > 0])) if (forward > 0).any() else 1.0
    lifts = np.zeros(found.size)
    lifts[back + 1] = found[back] - found[back + 1] + 2 * usual
    return rows, found + np.cumsum(lifts), [_said_of_set_back(back.size)]


def _belongs_together(found: FloatArray, ascending: FloatArray, order: IntArray) -> bool:
    """Tell whether sorted rows stand as far apart where they were moved as they do elsewhere, or are repeats."""
    steps, forward = np.diff(ascending), np.diff(found)
    moved = order != np.arange(order.size)
    touched = steps[(moved[1:] | moved[:-1]) & (steps > 0)]
    is_shuffled = (forward < 0).mean() > _SHUFFLED_SHARE
    usual = float(np.median(steps[steps > 0] if is_shuffled else forward[forward > 0]))
    # two clocks that run beside each other halve the mean step, however they lie to each other
    return touched.size == 0 or float(np.minimum(touched, GAP_STEPS * usual).mean()) > _ALONE * usual


def each_once(rows: IntArray, stamps: FloatArray, values: Singles) -> tuple[IntArray, FloatArray, list[str], bool]:
    """Leave out rows that repeat the one before, and tell whether stamps are rounded to more than a sample."""
    still = np.flatnonzero(np.diff(stamps) == 0)
    if not still.size:
        return rows, stamps, [], False
    same = (values[rows[still]] == values[rows[still + 1]]).all(axis=1)
    n_other = int((~same).sum())
    if n_other > _ROUNDED_SHARE * rows.size:
        rounded = say("Times are rounded to more than a sample; samples were spread evenly between them.")
        return rows, stamps, [rounded], True
    keep = np.ones(rows.size, dtype=bool)
    keep[still[same] + 1] = False
    said: list[str] = []
    if same.any():
        said.append(say("Rows that repeat the one before were left out: {count}.", count=int(same.sum())))
    if n_other:
        keep[still + 1] = False
        said.append(say("Rows with the time of the one before but other values were left out: {count}.", count=n_other))
    return rows[keep], stamps[keep], said, False


def fresh_rows(rows: IntArray, stamps: FloatArray, values: Singles) -> tuple[IntArray, FloatArray, list[str]]:
    """Read a sample once where an app wrote it again and again until the next: in runs of about one length."""
    is_new = np.ones(rows.size, dtype=bool)
    is_new[1:] = (values[rows[1:]] != values[rows[:-1]]).any(axis=1)
    lengths = np.diff(np.flatnonzero(is_new))
    if lengths.size < _FEWEST_BURSTS:
        return rows, stamps, []
    usual = float(np.median(lengths))
    if usual < _HELD_ROWS or float((np.abs(lengths - usual) <= 1).mean()) < _REGULAR_SHARE:
        return rows, stamps, []
    said = say(
        "The app wrote each sample in about {count:g} rows, faster than the sensor measured; each was read once.",
        count=usual,
    )
    return rows[is_new], stamps[is_new], [said]


def is_held(values: Singles) -> bool:
    """Tell whether each sample of a sensor stands in several rows."""
    rows = np.arange(len(values))
    return bool(fresh_rows(rows, rows.astype(np.float64), values)[2])


def of_bursts(stamps: FloatArray) -> FloatArray | None:
    """Return the time of delivery of each sample where samples come in bursts of about one size, else nothing."""
    steps = np.diff(stamps)
    if steps.size < _FEWEST_BURSTS:
        return None
    long = steps > GAP_STEPS * float(np.median(steps))
    if not _BURST_SHARES[0] <= long.mean() <= _BURST_SHARES[1]:
        return None
    begins = np.concatenate([[0], np.flatnonzero(long) + 1])
    sizes, periods = np.diff(begins), np.diff(stamps[begins])
    usual = float(np.median(sizes))
    if float(np.median((periods - steps[long]) / periods)) > _SPAN_SHARE:
        return None
    if float((np.abs(sizes - usual) <= max(1.0, _SIZES_WITHIN * usual)).mean()) < _REGULAR_SHARE:
        return None
    return np.asarray(np.repeat(stamps[begins], np.diff(np.append(begins, stamps.size))), dtype=np.float64)


def _said_of_sorted(places: int) -> str:
    return say_many(
        "Rows were not in order of time in {count} place; they were sorted.",
        "Rows were not in order of time in {count} places; they were sorted.",
        count=places,
    )


def _said_of_set_back(places: int) -> str:
    return say_many(
        "The clock was set back in {count} place; how long it stood is not known, and one sample was left open there.",
        "The clock was set back in {count} places; how long it stood is not known, and one sample was left open there.",
        count=places,
    )
