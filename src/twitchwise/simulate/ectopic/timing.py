"""How ectopic discharges are spaced: at jittered intervals, on a course of rate, and as random starts with a dead time.

A renewal process on a changing rate is drawn in the time in which the rate is 1 and carried back by the integral of the
rate (time rescaling; Brown et al. 2002, doi:10.1162/08997660252741149).

Each process draws from generators of its own and in order of time, so that a longer run begins as a shorter one.
"""

import math

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray

INTERVAL_REACH = 3.0  # intervals stay within this many standard deviations of their mean, so that none is negative
SECONDS_PER_MINUTE = 60.0
_NO_SPREAD = 1e-6  # of an interval, less than any sampling tells; the shape of the gamma distribution has no such bound
_CERTAIN = 4.0  # standard deviations of a count that are drawn on top of what is expected, before more is drawn


def repeated(
    starts_s: FloatArray, counts: IntArray, most: int, intervals: tuple[float, float], generator: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """Let each start be followed by further discharges.

    Parameters
    ----------
    starts_s
        First discharges in seconds, shape ``(n,)``.
    counts
        Number of discharges each start stands for, at least 1, shape ``(n,)``.
    most
        What no count exceeds. As much is drawn for every start, so that further starts leave the first as they are.
    intervals
        Mean interval in seconds, and its standard deviation over the mean; intervals stay within three of these.
    generator
        Source of chance.

    Returns
    -------
    tuple
        Times in seconds and, for each, the number of its start; both of shape ``(counts.sum(),)``.
    """
    waits = jittered(*intervals, (starts_s.size, most), generator)
    waits[:, 0] = 0.0
    times = starts_s[:, np.newaxis] + np.cumsum(waits, axis=1)
    there = np.arange(most) < counts[:, np.newaxis]
    owners = np.broadcast_to(np.arange(starts_s.size)[:, np.newaxis], there.shape)
    return times[there], owners[there].astype(np.int64)


def jittered(mean: float, spread: float, shape: tuple[int, ...], generator: np.random.Generator) -> FloatArray:
    """Draw normal values with a standard deviation of ``spread`` means, within three of these."""
    deviations = np.clip(generator.standard_normal(shape), -INTERVAL_REACH, INTERVAL_REACH)
    values: FloatArray = mean * (1.0 + spread * deviations)
    return values


def draw_counts(n: int, share: float, mean: float, generator: np.random.Generator) -> IntArray:
    """Draw how many discharges each of ``n`` visits has: 1, or with probability ``share`` a number of a given mean."""
    whole = int(np.floor(mean))
    chance = generator.random((n, 2))  # row by row: more visits leave the first as they are
    repetitive = whole + (chance[:, 0] < mean - whole)
    counts: IntArray = np.where(chance[:, 1] < share, repetitive, 1).astype(np.int64)
    return counts


def random_starts_s(
    duration_s: float, interval_s: float, dead_time_s: float, generator: np.random.Generator
) -> FloatArray:
    """Draw the starts of a Poisson process with a dead time, seen from a random moment on.

    Parameters
    ----------
    duration_s
        Starts lie in ``[0, duration_s)``; at or below 0 there are none.
    interval_s, dead_time_s
        Mean and shortest interval between starts; without end when the mean is infinite.
    generator
        Source of chance.
    """
    if duration_s <= 0 or math.isinf(interval_s):
        return np.empty(0)
    random_s = interval_s - dead_time_s
    expected = duration_s / interval_s
    # the first wait is that of a process long under way, so that the rate holds from the first second
    waiting = generator.random() * interval_s
    starts = np.array([waiting if waiting < dead_time_s else dead_time_s + generator.exponential(random_s)])
    while starts[-1] < duration_s:
        more = dead_time_s + generator.exponential(random_s, math.ceil(expected + _CERTAIN * math.sqrt(expected)) + 8)
        # summed from the last start on, so that no start is rounded otherwise in a longer run
        starts = np.concatenate([starts[:-1], np.cumsum(np.concatenate([starts[-1:], more]))])
    return starts[starts < duration_s]


def on_course(rate_hz: FloatArray, duration_s: float, spread: float, generator: np.random.Generator) -> FloatArray:
    """Draw discharges whose rate follows a course.

    Parameters
    ----------
    rate_hz
        Rate at evenly spaced moments from start to end, above 0, shape ``(k,)`` with ``k`` at least 2.
    duration_s
        From start to end.
    spread
        Standard deviation of an interval over its mean; intervals are gamma distributed, and equal for a spread of 0.
    generator
        Source of chance.

    Returns
    -------
    FloatArray
        Times in seconds from the start, the first at 0, none after the end.
    """
    step_s = duration_s / (rate_hz.size - 1)
    passed = np.concatenate([[0.0], np.cumsum((rate_hz[1:] + rate_hz[:-1]) * (step_s / 2))])
    most = math.ceil(passed[-1] + _CERTAIN * spread * math.sqrt(passed[-1])) + 8
    places = np.array([0.0])
    while places[-1] <= passed[-1]:
        places = np.concatenate([places, places[-1] + np.cumsum(_unit_intervals(most, spread, generator))])
    places = places[places <= passed[-1]]
    times: FloatArray = np.interp(places, passed, np.linspace(0.0, duration_s, rate_hz.size))
    return times


def _unit_intervals(n: int, spread: float, generator: np.random.Generator) -> FloatArray:
    if spread < _NO_SPREAD:
        return np.ones(n)
    shape = spread**-2
    return generator.gamma(shape, 1 / shape, n)
