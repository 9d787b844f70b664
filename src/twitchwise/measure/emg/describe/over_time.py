"""Fasciculations in the course of a recording, for figures: rate in windows, intervals, and the shapes of a unit.

Counts in windows have the interval of a count of random events (see `rate_interval`), over the rest in each window.
"""

import math
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.describe.fasciculations import fasciculations_of
from twitchwise.measure.emg.describe.instability import aligned_to_mean
from twitchwise.measure.emg.describe.rest_clock import intervals_within
from twitchwise.measure.emg.describe.settings import DescribeSettings, describe_settings
from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

_SECONDS_PER_MINUTE = 60.0
# Round lengths that windows may have, from half a minute to two hours, and how many of them are still readable.
_WINDOWS_S = (30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
_MOST_WINDOWS = 16
# As likely as not.
_LIKELY = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class RateWindow:
    """Rate in a part of the recording.

    Parameters
    ----------
    start_s, stop_s
        The part, in seconds from the start of the recording.
    rest_s
        Seconds at rest in it.
    count
        Fasciculations in it, each weighed by its probability.
    per_min, low, high
        Their rate per minute of rest, and its 95 % interval.
    """

    start_s: float
    stop_s: float
    rest_s: float
    count: float
    per_min: float
    low: float
    high: float


def rate_over_time(
    potentials: SortedPotentials, duration_s: float, settings: DescribeSettings | None = None
) -> tuple[RateWindow, ...]:
    """Return the rate of fasciculations in windows of a round length; those with too little rest are left out.

    Parameters
    ----------
    potentials
        Of a channel or an array.
    duration_s
        Length of the recording in seconds, above 0.
    settings
        Definitions and least requirements; those of the knowledge files if left out.

    Examples
    --------
    >>> from twitchwise.measure.emg.describe.over_time import window_length
    >>> window_length(120.0), window_length(1800.0)
    (30.0, 120.0)
    """
    settings = settings or describe_settings()
    length_s = window_length(duration_s)
    at_rest = potentials.at_rest()
    events = fasciculations_of(at_rest, settings)
    found = []
    for number in range(math.ceil(duration_s / length_s)):
        start_s, stop_s = number * length_s, min((number + 1) * length_s, duration_s)
        rest_s = _rest_between(at_rest.rest, start_s, stop_s)
        if rest_s >= settings.rest_for_rate_s:
            inside = (events.start_s >= start_s) & (events.start_s < stop_s)
            found.append(_window(start_s, stop_s, rest_s, float(events.probability[inside].sum())))
    return tuple(found)


def window_length(duration_s: float) -> float:
    """Return the shortest round length of windows, in seconds, that a recording has not too many of.

    Raises
    ------
    OutOfRangeError
        If the duration is not above 0.
    """
    require_positive("duration_s", duration_s)
    return next((one for one in _WINDOWS_S if duration_s <= _MOST_WINDOWS * one), _WINDOWS_S[-1])


def fasciculation_intervals(potentials: SortedPotentials, settings: DescribeSettings | None = None) -> FloatArray:
    """Return the intervals between likely fasciculations in one stretch of rest, in seconds."""
    at_rest = potentials.at_rest()
    events = fasciculations_of(at_rest, settings or describe_settings())
    return intervals_within(events.start_s[events.probability >= _LIKELY], at_rest.rest)


def shapes_of_unit(potentials: SortedPotentials, unit: int) -> FloatArray:
    """Return the undisturbed shapes of a unit, shifted to agree best; all its shapes where none is undisturbed.

    Returns
    -------
    FloatArray
        Shape ``(n, n_samples)``, in the unit of the shapes; ``n`` is 0 for a unit that is not there.
    """
    mine = potentials.where((potentials.unit == unit) & (potentials.probability >= _LIKELY))
    clear = mine.where(mine.usable)
    chosen = clear if len(clear) else mine
    if not len(chosen):
        return np.empty((0, potentials.shape.shape[1]))
    return aligned_to_mean(chosen.shape, chosen.sampling_rate_hz)


def _rest_between(rest: Intervals, start_s: float, stop_s: float) -> float:
    return sum(max(0.0, min(stop, stop_s) - max(start, start_s)) for start, stop in rest.spans)


def _window(start_s: float, stop_s: float, rest_s: float, count: float) -> RateWindow:
    minutes = rest_s / _SECONDS_PER_MINUTE
    low, high = count_interval(count)
    return RateWindow(
        start_s=start_s,
        stop_s=stop_s,
        rest_s=rest_s,
        count=count,
        per_min=count / minutes,
        low=min(low, count) / minutes,
        high=high / minutes,
    )
