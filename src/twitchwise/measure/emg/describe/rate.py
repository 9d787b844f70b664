"""Rate of fasciculations at rest with an interval that covers the true rate in 95 of 100 recordings, and absence.

The number seen is spread by chance (Jeffreys' interval of a Poisson mean), by more or less than chance where
fasciculations cluster or are regular (index of dispersion), and by doubt about each single one.
"""

import numpy as np

from twitchwise.measure.emg.describe.dispersion import Dispersion, dispersion_of
from twitchwise.measure.emg.describe.fasciculations import Fasciculations
from twitchwise.measure.emg.describe.rest_clock import to_rest_time
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

_SECONDS_PER_MINUTE = 60.0


def rate_interval(probability: FloatArray, dispersion: float, rest_s: float) -> tuple[float, float, float]:
    """Return rate per minute with its 95 % interval.

    Parameters
    ----------
    probability
        Of each fasciculation, shape ``(n,)``.
    dispersion
        Index of dispersion, above 0.
    rest_s
        Seconds looked at, above 0.

    Examples
    --------
    >>> import numpy as np
    >>> [round(part, 2) for part in rate_interval(np.ones(10), 1.0, 60.0)]
    [10.0, 5.14, 17.74]
    """
    count = float(np.sum(probability))
    doubt = float(np.sum(probability * (1.0 - probability))) / count if count else 0.0
    low, high = count_interval(count, dispersion + doubt)
    minutes = rest_s / _SECONDS_PER_MINUTE
    return count / minutes, low / minutes, high / minutes


def seeing_time_s(events: Fasciculations, rest_s: float, settings: DescribeSettings) -> float:
    """Return the seconds of rest in which another fasciculation would have been told from the last one.

    For the length of the joining gap after each, another would have been taken for part of it.
    """
    # where gaps would fill the rest, half of it is still a bound
    return max(rest_s - settings.joining_gap_s * len(events), rest_s / 2)


def dispersion_at_rest(events: Fasciculations, rest: Intervals) -> Dispersion:
    """Return the index of dispersion of fasciculations that are at least as likely as not."""
    likely = events.start_s[events.probability >= 0.5]  # noqa: PLR2004 - as likely as not
    return dispersion_of(to_rest_time(likely, rest), rest.duration_s)


def rate_measurements(
    potentials: SortedPotentials, events: Fasciculations, settings: DescribeSettings, doubts: tuple[str, ...] = ()
) -> tuple[Measurement, ...]:
    """Return rate and number of fasciculations; none where the rest is too short.

    Parameters
    ----------
    potentials, events
        What was found at rest, and how it joins to fasciculations.
    settings
        Least rest for a rate, and for calling fasciculations absent.
    doubts
        What both carry.
    """
    rest_s = potentials.rest_s
    if rest_s < settings.rest_for_rate_s:
        return ()
    dispersion = dispersion_at_rest(events, potentials.rest)
    seeing_s = seeing_time_s(events, rest_s, settings)
    rate, low, high = rate_interval(events.probability, dispersion.toward_random, seeing_s)
    absent = () if len(events) or rest_s >= settings.rest_for_five_potentials_s else (say("too short to call absent"),)
    minutes = seeing_s / _SECONDS_PER_MINUTE
    words = _words(events, dispersion, rest_s)
    return (
        Measurement(
            id="fasciculation_rate",
            value=rate,
            low=low,
            high=high,
            unit=Unit.PER_MINUTE,
            channel=potentials.channel,
            method=together([say("Fasciculations per minute of rest."), words]),
            doubts=(*doubts, *absent),
        ),
        Measurement(
            id="fasciculation_count",
            value=rate * minutes,
            low=low * minutes,
            high=high * minutes,
            unit=Unit.COUNT,
            channel=potentials.channel,
            method=together([say("Fasciculations at rest; the interval is that of their mean."), words]),
            doubts=doubts,
        ),
    )


def _words(events: Fasciculations, dispersion: Dispersion, rest_s: float) -> str:
    if not len(events):
        return say(
            "None was seen in {rest_s:.1f} s; were the upper end true, none would be seen in 5 % of such recordings.",
            rest_s=rest_s,
        )
    expected = float(np.sum(events.probability))
    likely = int(np.sum(events.probability >= 0.5))  # noqa: PLR2004 - as likely as not
    false = float(np.sum((1 - events.probability)[events.probability >= 0.5]))  # noqa: PLR2004 - as above
    return say(
        "Doublets, multiplets, echoes within 60 ms and units within 10 ms of each other count as one: {likely} likely "
        "ones in {rest_s:.1f} s less the 10 ms after each; {false:.1f} of them may be false, and {missed:.1f} may be "
        "missed. Jeffreys' interval of a count with a variance of {dispersion:.2f} times its mean.",
        likely=likely,
        rest_s=rest_s,
        false=false,
        missed=expected - likely + false,
        dispersion=dispersion.toward_random,
    )
