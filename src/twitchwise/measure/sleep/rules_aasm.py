"""Leg movements and periodic limb movements by the rules of the American Academy of Sleep Medicine, clause by clause.

The AASM Manual for the Scoring of Sleep and Associated Events, versions 2 and 3, chapter on movements, is not open. Its
clauses were taken from a table beside the WASM rules (https://pmc.ncbi.nlm.nih.gov/articles/PMC9619152) and from the
sources that the parameters name.
"""

import numpy as np

from twitchwise.measure.sleep.movements import BOTH, Movements, exact
from twitchwise.measure.sleep.near import overlapping
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


def neither_short_nor_long(movements: Movements, rules: LegRules) -> Movements:
    """Keep movements of 0.5 to 10 s; what is longer is no leg movement, and does not interrupt a series either."""
    duration = movements.duration_s
    return movements.where((duration >= rules.movement_shortest_s) & (duration <= rules.movement_longest_s))


def one_of_both_legs(movements: Movements, rules: LegRules) -> Movements:
    """Join movements of different legs whose onsets are less than 5 s apart to one, from the first onset on.

    A joined movement takes in what begins within 5 s of its first onset, so that a long row of movements, now left and
    now right, does not become one.
    """
    group, first, legs = np.zeros(len(movements), dtype=np.int64), 0, 0
    for number in range(len(movements)):
        leg = int(movements.leg[number])
        apart_s = float(exact(movements.start_s[number] - movements.start_s[first : first + 1])[0])
        joins = number > 0 and apart_s < rules.bilateral_onsets_s and (legs | leg) == BOTH
        if number and not joins:
            group[number], first, legs = group[number - 1] + 1, number, 0
        elif number:
            group[number] = group[number - 1]
        legs |= leg
    return movements.grouped(group)


def near_breathing(movements: Movements, respiratory: FloatArray, rules: LegRules) -> BoolArray:
    """Mark movements with a part from 0.5 s before a respiratory event to 0.5 s after it, shape ``(n,)``.

    ``respiratory`` are starts and stops in seconds, shape ``(n_events, 2)``.
    """
    margin = rules.respiratory_margin_s
    return overlapping(movements, respiratory + np.array([-margin, margin]))


def series(movements: Movements, rules: LegRules) -> IntArray:
    """Return the number of the series that each movement belongs to, from 1, shape ``(n,)``; 0 for none.

    A series has at least four movements, 5 to 90 s from onset to onset. A movement that follows the one before it by
    less than 5 s is not counted, and does not end the series; the next interval runs from the last that was counted.
    """
    counted = np.flatnonzero(movements.interval_s >= rules.interval_low_aasm_s)
    gaps = exact(np.diff(movements.start_s[counted], prepend=-np.inf))
    run = np.cumsum(gaps > rules.interval_high_s)
    numbers = np.zeros(len(movements), dtype=np.int64)
    numbers[counted] = numbered_runs(run.astype(np.int64), rules.series_least)
    return numbers


def numbered_runs(run: IntArray, least: int) -> IntArray:
    """Return new numbers, from 1, for runs with at least ``least`` members, and 0 for the others; shape ``(n,)``."""
    _, place, count = np.unique(run, return_inverse=True, return_counts=True)
    enough = count >= least
    numbers = np.where(enough, np.cumsum(enough), 0)
    return np.asarray(numbers[place], dtype=np.int64)
