"""Pattern in time: intervals, isolated discharges, doublets, echoes, locked units, drift and clusters."""

import math

import numpy as np
from scipy.special import stdtrit

from twitchwise.measure.emg.describe.chance import SURROGATES, probability_of
from twitchwise.measure.emg.describe.course import drift_of
from twitchwise.measure.emg.describe.fasciculations import Fasciculations
from twitchwise.measure.emg.describe.pattern import isolated, runs, units_in_windows
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.rate import dispersion_at_rest
from twitchwise.measure.emg.describe.rest_clock import from_rest_time, intervals_within
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.rate_interval import median_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_ROUNDING = 1e-12
# Degrees of freedom of the error of a variation, by which its interval covers what it should for random, for clustered
# and for regular intervals; the tests measure it.
_INTERVALS_PER_FREEDOM = 8
_LEAST_FREEDOM = 3


def interval_measurements(
    events: Fasciculations, rest: Intervals, settings: DescribeSettings, maker: Maker
) -> list[Measurement]:
    """Return median and variation of the intervals between fasciculations, drift of their rate, and clustering."""
    start_s = events.start_s[events.probability >= 0.5]  # noqa: PLR2004 - as likely as not
    intervals = intervals_within(start_s, rest)
    if start_s.size < settings.events_for_pattern or intervals.size < settings.events_for_shape:
        return []
    dispersion = dispersion_at_rest(events, rest)
    drift = drift_of(start_s, rest)
    found = [
        maker.value(
            "fasciculation_interval",
            median_interval(intervals),
            Unit.SECOND,
            say(
                "Median of {count} intervals between fasciculations in one stretch of rest; interval of order "
                "statistics.",
                count=intervals.size,
            ),
        ),
        _variation(start_s, rest, intervals, maker),
        maker.value(
            "fasciculation_rate_drift",
            (drift.ratio, drift.low, drift.high),
            Unit.ONE,
            say(
                "Rate at the end of the rest over that at its start; log-linear Poisson model of {count} "
                "fasciculations, whose interval is as much wider as they cluster.",
                count=start_s.size,
            ),
        ),
    ]
    if dispersion.windows:
        words = say(
            "Variance over mean of the number of fasciculations in {windows} windows of {window_s:.3g} s; 1 for random "
            "events, more for clusters, less for a rhythm.",
            windows=dispersion.windows,
            window_s=dispersion.window_s,
        )
        found.append(maker.value("fasciculation_clustering", (dispersion.value, *dispersion.interval), Unit.ONE, words))
    return found


def variation_of(intervals: FloatArray) -> tuple[float, float, float]:
    """Return the coefficient of variation of intervals and its 95 % interval.

    The interval comes from the logarithm with each interval left out in turn (jackknife), corrected for bias. Skewed
    intervals make its error uncertain; in simulations the one taken covers 93 to 99 % from 20 intervals on.

    Parameters
    ----------
    intervals
        In any unit, above 0, shape ``(n,)`` with ``n`` at least 4.
    """
    n, total, squares = intervals.size, intervals.sum(), (intervals**2).sum()
    mean, square = (total - intervals) / (n - 1), (squares - intervals**2) / (n - 1)
    # equal intervals vary by rounding only, and the logarithm of nothing is infinite
    variance = np.maximum((square - mean**2) * (n - 1) / (n - 2), _ROUNDING * square)
    spared = 0.5 * np.log(variance) - np.log(mean)
    value = max(float(np.std(intervals, ddof=1) / np.mean(intervals)), _ROUNDING**0.5)
    middle = n * math.log(value) - (n - 1) * float(spared.mean())
    error = float(np.sqrt((n - 1) / n * np.sum((spared - spared.mean()) ** 2)))
    reach = float(stdtrit(max(n / _INTERVALS_PER_FREEDOM, _LEAST_FREEDOM), 0.975)) * error
    return value, min(value, math.exp(middle - reach)), max(value, math.exp(middle + reach))


def _variation(start_s: FloatArray, rest: Intervals, intervals: FloatArray, maker: Maker) -> Measurement:
    value, low, high = variation_of(intervals)
    draws = np.random.default_rng(start_s.size).uniform(0.0, rest.duration_s, (SURROGATES, start_s.size))
    copies = from_rest_time(np.sort(draws, axis=1), rest)
    chance = np.array([_coefficient(intervals_within(copy, rest)) for copy in copies])
    above, below = probability_of(value, chance), probability_of(-value, -chance)
    return maker.value(
        "fasciculation_interval_variation",
        (value, low, high),
        Unit.ONE,
        say(
            "Standard deviation over mean of the intervals, 1 for random events in long rest; interval by jackknife. "
            "Random events in the same rest differ as much with a probability of {probability:.3f}.",
            probability=min(1.0, 2 * min(above, below)),
        ),
    )


def _coefficient(intervals: FloatArray) -> float:
    return float(np.std(intervals, ddof=1) / np.mean(intervals)) if intervals.size > 1 else 1.0


def isolation_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return the share of isolated discharges, and of windows with two units that have some (Sleutjes 2016)."""
    alone, told = isolated(potentials, settings.continual_interval_s)
    found = []
    if told.any():
        words = say(
            "Discharges of a unit with more than {interval_ms:g} ms before and after (Sleutjes et al. 2016), of those "
            "of which it can be told.",
            interval_ms=settings.continual_interval_s * 1000,
        )
        found.append(maker.share("isolated_share", int(alone.sum()), int(told.sum()), words))
    units = units_in_windows(
        potentials.peak_s[alone], potentials.unit[alone], potentials.rest, settings.isolated_window_s
    )
    if units.size and potentials.units.size:
        words = say(
            "Windows of {window_s:g} s with isolated discharges of two units (Sleutjes 2016).",
            window_s=settings.isolated_window_s,
        )
        found.append(maker.share("isolated_units_share", int(np.sum(units > 1)), units.size, words))
    return found


def doublet_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return which share of a unit's fasciculations are doublets or more, and multiplets."""
    lengths = runs(potentials, settings.doublet_longest_s)
    if lengths.size == 0:
        return []
    apart_ms = settings.doublet_longest_s * 1000
    two = say(
        "Discharges of one unit up to {apart_ms:g} ms apart (Garland and Griffin 1999), two or more at a time.",
        apart_ms=apart_ms,
    )
    three = say(
        "Discharges of one unit up to {apart_ms:g} ms apart (Garland and Griffin 1999), three or more.",
        apart_ms=apart_ms,
    )
    return [
        maker.share("doublet_share", int(np.sum(lengths > 1)), lengths.size, two),
        maker.share("multiplet_share", int(np.sum(lengths > 2)), lengths.size, three),  # noqa: PLR2004
    ]
