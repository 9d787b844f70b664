"""How much more, or less, the number of fasciculations varies than that of random events.

The index of dispersion is the variance of a count over its mean: 1 for a Poisson process, above 1 for clusters, below 1
for a rhythm (Cox and Lewis 1966, The statistical analysis of series of events). Counts in windows tell it for slow
changes; the squares of the spacings (Greenwood 1946, The statistical study of infectious diseases) tell it with fewer
events. The rate's interval takes the greater of both, each drawn toward 1 as far as events are few.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from twitchwise.vocabulary.arrays import FloatArray

# Events in a window, on average: enough for a variance, few enough for many windows.
_EVENTS_IN_WINDOW = 4.0
# More windows make the estimate no better for the rate but blind to clusters of more than a window.
_MOST_WINDOWS = 60
# With fewer windows than this a variance tells nothing.
_LEAST_WINDOWS = 3
# The spacings of n random events tell the index as well as a variance of n / 2 windows does.
_WINDOWS_PER_EVENT = 0.5
# The weight of the belief in random events, in windows. A lighter one makes intervals of random trains waver, a heavier
# one makes those of clustered trains too narrow; docs/explanation/what_is_measured.md gives the coverage of both.
_WEIGHT_OF_RANDOM = 2.0
# A perfect rhythm has an index of 0, which no interval can be made of; ten events an interval is as sure as we get.
_LEAST_INDEX = 0.05
_TAIL = 0.025


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispersion:
    """Index of dispersion.

    Parameters
    ----------
    value
        Variance over mean of the counts in windows; 1 where events are too few for windows.
    windows, window_s
        Number of windows, 0 where there are none, and their length in seconds of rest.
    of_spacings
        The index that the spacings tell.
    events
        Number of events.
    """

    value: float
    windows: int
    window_s: float
    of_spacings: float
    events: int

    @property
    def toward_random(self) -> float:
        """The index as the rate's interval takes it: drawn toward 1, the greater of both."""
        by_spacings = _drawn(self.of_spacings, _WINDOWS_PER_EVENT * self.events)
        by_windows = _drawn(self.value, self.windows - 1) if self.windows else 0.0
        return max(by_spacings, by_windows, _LEAST_INDEX)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of ``value``, as for a variance of normal counts; the whole range where there is none."""
        seen = self.windows - 1
        if seen < 1:
            return 0.0, float("inf")
        spread = seen * self.value
        return spread / float(chi2.isf(_TAIL, seen)), spread / float(chi2.ppf(_TAIL, seen))


def _drawn(index: float, windows: float) -> float:
    return (_WEIGHT_OF_RANDOM + windows * index) / (_WEIGHT_OF_RANDOM + windows)


def dispersion_of(rest_times_s: FloatArray, rest_s: float) -> Dispersion:
    """Return the index of dispersion of events.

    Parameters
    ----------
    rest_times_s
        Seconds of rest before each event, ascending, shape ``(n,)``.
    rest_s
        All seconds of rest, above 0.

    Examples
    --------
    >>> import numpy as np
    >>> dispersion_of(np.arange(0.5, 100.0), 100.0).value
    0.0
    """
    n_events = int(rest_times_s.size)
    spacings = np.diff(rest_times_s, prepend=0.0, append=rest_s) / rest_s
    # for random events its mean is exactly 1, whatever their number
    of_spacings = max((n_events + 2) * float(np.sum(spacings**2)) - 1.0, 0.0) if n_events > 1 else 1.0
    windows = min(int(n_events / _EVENTS_IN_WINDOW), _MOST_WINDOWS)
    windows = windows if windows >= _LEAST_WINDOWS else 0
    value = 1.0
    if windows:
        counts, _ = np.histogram(rest_times_s, windows, (0.0, rest_s))
        value = float(np.var(counts, ddof=1) / np.mean(counts))
    return Dispersion(
        value=value,
        windows=windows,
        window_s=rest_s / windows if windows else rest_s,
        of_spacings=of_spacings,
        events=n_events,
    )
