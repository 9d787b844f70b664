"""Indices per hour, shares and medians, each as a measurement with its interval.

Movements come in series, so their number varies more than that of random events. The interval of a rate is widened by
the index of dispersion that the night shows, or by that of series which come at random themselves, the mean of their
squared sizes over their mean size (Cox and Lewis 1966, The statistical analysis of series of events).
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.describe.dispersion import dispersion_of
from twitchwise.measure.emg.describe.rest_clock import to_rest_time
from twitchwise.measure.rate_interval import count_interval, median_interval, share_interval
from twitchwise.measure.sleep.near import begins_in
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.text import say, together

_SECONDS_PER_HOUR = 3600.0
# Shorter than this, an index per hour would be made of single movements.
_LEAST_S = 60.0
# So many more groups would have to be seen for the index of series to be taken as it is.
_MORE_GROUPS = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a measurement says beside its number: channel, how it came about, and doubts."""

    method: str
    channel: str | None = None
    doubts: tuple[str, ...] = ()


def per_hour(
    name: str, times_s: FloatArray, looked: Intervals, about: About, series: IntArray | None = None
) -> tuple[Measurement, ...]:
    """Return how many of some events began per hour of a time looked at; none where that is under a minute.

    Parameters
    ----------
    name
        Id of the measurement.
    times_s
        When each began, in any stretch, ascending, shape ``(n,)``.
    looked
        The time looked at.
    about
        Channel, method and doubts.
    series
        Number of the series of each, and 0 for none, shape ``(n,)``.
    """
    if looked.duration_s < _LEAST_S:
        return ()
    counts = begins_in(times_s, looked)
    inside = times_s[counts]
    low, high = _count_range(inside, looked, None if series is None else series[counts])
    hours = looked.duration_s / _SECONDS_PER_HOUR
    seen = (
        say(
            "{count} in {hours:.2f} h; Jeffreys' interval of a count, widened where they come in clusters.",
            count=inside.size,
            hours=hours,
        )
        if inside.size
        else say(
            "None was seen in {hours:.2f} h; Jeffreys' interval of a count, widened where they come in clusters.",
            hours=hours,
        )
    )
    return (
        Measurement(
            id=name,
            value=inside.size / hours,
            low=low / hours,
            high=high / hours,
            unit=Unit.PER_HOUR,
            channel=about.channel,
            method=together([about.method, seen]),
            doubts=about.doubts,
        ),
    )


def number(
    name: str, times_s: FloatArray, looked: Intervals, about: About, series: IntArray | None = None
) -> tuple[Measurement, ...]:
    """Return how many of some events began in a time looked at; the interval is that of their mean; see `per_hour`."""
    if looked.duration_s <= 0:
        return ()
    counts = begins_in(times_s, looked)
    inside = times_s[counts]
    low, high = _count_range(inside, looked, None if series is None else series[counts])
    return (
        Measurement(
            id=name,
            value=float(inside.size),
            low=low,
            high=high,
            unit=Unit.COUNT,
            channel=about.channel,
            method=say(
                "{method} Looked at for {hours:.2f} h; the interval is that of the mean number.",
                method=about.method,
                hours=looked.duration_s / _SECONDS_PER_HOUR,
            ),
            doubts=about.doubts,
        ),
    )


def share(name: str, hits: BoolArray, unit: Unit, about: About) -> tuple[Measurement, ...]:
    """Return the share of some events that are hits, in percent or from 0 to 1; none where there is no event."""
    if not hits.size:
        return ()
    whole = 100.0 if unit is Unit.PERCENT else 1.0
    low, high = share_interval(int(hits.sum()), hits.size)
    return (
        Measurement(
            id=name,
            value=whole * float(hits.mean()),
            low=whole * low,
            high=whole * high,
            unit=unit,
            channel=about.channel,
            method=say(
                "{method} {hits} of {count}; Jeffreys' interval of a share.",
                method=about.method,
                hits=int(hits.sum()),
                count=hits.size,
            ),
            doubts=about.doubts,
        ),
    )


def middle_s(name: str, values_s: FloatArray, about: About) -> tuple[Measurement, ...]:
    """Return the median of some times in seconds; none where there is none."""
    if not values_s.size:
        return ()
    value, low, high = median_interval(values_s)
    return (
        Measurement(
            id=name,
            value=value,
            low=low,
            high=high,
            unit=Unit.SECOND,
            channel=about.channel,
            method=say(
                "{method} Median of {count} with the interval of order statistics.",
                method=about.method,
                count=values_s.size,
            ),
            doubts=about.doubts,
        ),
    )


def lasting(name: str, looked: Intervals, error_s: float, about: About) -> tuple[Measurement, ...]:
    """Return a length of time in hours, known to within ``error_s`` seconds."""
    hours, error = looked.duration_s / _SECONDS_PER_HOUR, error_s / _SECONDS_PER_HOUR
    return (
        Measurement(
            id=name,
            value=hours,
            low=max(hours - error, 0.0),
            high=hours + error,
            unit=Unit.HOUR,
            channel=about.channel,
            method=about.method,
            doubts=about.doubts,
        ),
    )


def _count_range(inside_s: FloatArray, looked: Intervals, series: IntArray | None) -> tuple[float, float]:
    """Return the interval of the mean of a count of events inside a time looked at."""
    dispersion = dispersion_of(to_rest_time(np.sort(inside_s), looked), looked.duration_s).toward_random
    # a rhythm is no reason to trust a night more than a count at random
    return count_interval(inside_s.size, max(dispersion, _of_series(series), 1.0))


def _of_series(series: IntArray | None) -> float:
    """Return the index of dispersion of a count of members of series that come at random; single events count alone."""
    if series is None or not series.size:
        return 1.0
    sizes = np.unique(series[series > 0], return_counts=True)[1].astype(np.float64)
    index = float((np.sum(sizes**2) + np.sum(series == 0)) / series.size)
    groups = sizes.size + float(np.sum(series == 0))
    # few series tell little of how much series differ: the index itself is then uncertain, and mostly too low
    return 1.0 + (index - 1.0) * (groups + 1 + _MORE_GROUPS) / (groups + 1)
