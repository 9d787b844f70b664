"""Which discharges that the engine found at rest are believed to be fasciculation potentials.

What also exceeds the plain threshold is believed if it is more likely than not. The engine sees smaller ones, too, by
their shape; these are believed where it is nearly sure, and those of no unit only where they also stand out of noise
that could not be made quite white. Nothing is believed that comes from a heartbeat, and no unit that drowns in the
noise and is seldom alone; where there is such a unit, nothing small is.
"""

import numpy as np

from twitchwise.measure.emg.coincidence import locked
from twitchwise.measure.emg.heartbeat import regular_units
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.emg.units import Discharges
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

# A discharge and a potential this near are the same.
SAME_S = 0.008
# From the beginning to the end of a beat of the heart nothing is believed, nor this long before and after.
_BEAT_S = 0.02
# A wave of the heart follows or precedes the beat by so much at most: half of the time between two at 60 a minute.
_CYCLE_S = 0.5
# A unit with this share of its discharges in beats is made of pieces of them.
_IN_BEATS_SHARE = 0.3
# A unit with this share of its discharges above the plain threshold does not drown.
_STAND_OUT_SHARE = 0.5
# What is less likely than not is no discharge.
_LIKELY = 0.5


def accepted(
    found: Discharges, plain_s: FloatArray, beats: Potentials, rest_s: float, settings: EmgSettings
) -> BoolArray:
    """Mark the discharges that are believed, shape ``(n,)``.

    Parameters
    ----------
    found
        Discharges at rest, in order of time.
    plain_s
        Times of the potentials at rest that exceed the plain threshold, in order.
    beats
        What came as regularly as a heart beats, in order.
    rest_s
        Seconds at rest.
    settings
        Thresholds.
    """
    likely = found.probability >= _LIKELY
    plain = likely & within(found.time_s, plain_s, SAME_S)
    clear = (found.unit > 0) | (found.amplitude >= settings.small_height)
    sure = plain | (clear & (found.probability >= settings.small_probability))
    drowned = _drowned(found, plain, settings)
    if np.any(drowned & (found.unit > 0)):
        sure = plain  # where one unit drowns, a small potential may be of it however it is sorted
    return sure & ~drowned & ~_of_heart(found, likely, beats, rest_s, settings)


def within(times_s: FloatArray, of_s: FloatArray, distance_s: float) -> BoolArray:
    """Mark the times that lie within a distance of one of some others, which are in order."""
    if of_s.size == 0:
        return np.zeros(times_s.size, dtype=np.bool_)
    first = np.searchsorted(of_s, times_s - distance_s)
    stop = np.searchsorted(of_s, times_s + distance_s, side="right")
    return np.asarray(stop > first, dtype=np.bool_)


def _drowned(found: Discharges, plain: BoolArray, settings: EmgSettings) -> BoolArray:
    """Mark the discharges of units that mostly drown in the noise and still come so often that they are seldom alone.

    Units that fasciculate come alone. One that is held weakly is seen here and there only, at no regular interval. Of
    those of no unit, what stands out is kept.
    """
    drowned = np.zeros(len(found), dtype=np.bool_)
    for unit in np.unique(found.unit):
        mine = found.unit == unit
        time_s = found.time_s[mine]
        first = time_s[np.diff(time_s, prepend=-np.inf) > settings.repeat_interval_s]  # a doublet is one
        gap = np.diff(first, prepend=-np.inf, append=np.inf) > settings.continual_interval_s
        few_stand_out = np.mean(plain[mine]) < _STAND_OUT_SHARE
        drowned |= mine & bool(few_stand_out and np.mean(gap[:-1] & gap[1:]) < settings.alone_share)
    return np.asarray(drowned & ~(plain & (found.unit == 0)), dtype=np.bool_)


def _of_heart(
    found: Discharges, likely: BoolArray, beats: Potentials, rest_s: float, settings: EmgSettings
) -> BoolArray:
    """Mark units as regular as beats, what comes at one distance from the beats, and what lies mostly in them."""
    of_unit = found.where(likely)
    regular = np.unique(of_unit.unit[regular_units(of_unit.time_s, of_unit.unit, settings)])
    first = np.searchsorted(beats.start_s - _BEAT_S, found.time_s, side="right")
    # beats do not overlap, so that the last to begin is the last to end
    ends = np.concatenate([[-np.inf], beats.end_s + _BEAT_S])
    inside = found.time_s <= ends[first]
    of_heart = np.isin(found.unit, regular)
    for unit in np.unique(found.unit[~of_heart]):
        mine = np.flatnonzero(found.unit == unit)
        of_heart[mine] |= locked(found.time_s[mine], beats.peak_s, _CYCLE_S, rest_s)
        if unit == 0 or np.mean(inside[mine]) > _IN_BEATS_SHARE:
            of_heart[mine] |= inside[mine]
    return of_heart
