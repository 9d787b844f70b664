"""The change of a tremor between two visits, held against how much it changes by itself."""

from collections.abc import Iterator

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.sizes import Estimate
from twitchwise.measure.motion.tremor.together.differences import Pair, rate_difference, size_change
from twitchwise.vocabulary import Measurement, Unit

_SOURCE = "van Brummelen et al. 2020, doi:10.1186/s40734-020-00086-7, n = 20"


def visit_changes(pair: Pair, settings: TremorSettings) -> Iterator[Measurement]:
    """Give the change of rate and amplitude from the first visit to the second, in percent."""
    for measurement_id, change, usual in _changes(pair, settings):
        inside = abs(change.value) <= usual
        doubt = f"A change of up to {usual:g} % is seen within a person without a cause ({_SOURCE})."
        yield Measurement(
            id=measurement_id,
            value=change.value,
            low=change.low,
            high=change.high,
            unit=Unit.PERCENT,
            method="Second visit less first, as a share of the first.",
            doubts=(doubt,) if inside else (),
        )


def said_of_visits(pair: Pair, settings: TremorSettings) -> Iterator[str]:
    """Say of each change whether it exceeds what a tremor changes by itself."""
    words = {"tremor_frequency_change": "rate", "tremor_amplitude_change": "amplitude"}
    for measurement_id, change, usual in _changes(pair, settings):
        if change.low > usual or change.high < -usual:
            verdict = f"more than the {usual:g} % that it changes by itself"
        elif abs(change.value) <= usual:
            verdict = f"no more than the {usual:g} % that it changes by itself"
        else:
            verdict = f"by its interval not surely more than the {usual:g} % that it changes by itself"
        interval = f"{change.low:+.0f} to {change.high:+.0f}"
        yield f"The {words[measurement_id]} changed by {change.value:+.0f} % ({interval}): {verdict}."
    yield (
        f"Of a group of 30, a trial can detect {settings.detectable_frequency_percent:g} % in frequency and "
        f"{settings.detectable_amplitude_percent:g} % in amplitude (Elble et al. 1996, doi:10.1002/mds.870110113)."
    )


def _changes(pair: Pair, settings: TremorSettings) -> Iterator[tuple[str, Estimate, float]]:
    difference, first = rate_difference(pair), pair.first.tremor
    if difference is not None and first is not None:
        part = -100 / first.rate.value
        change = Estimate(part * difference.value, part * difference.high, part * difference.low)
        yield "tremor_frequency_change", change, settings.repeat_frequency_percent
    yield "tremor_amplitude_change", size_change(pair), settings.repeat_amplitude_percent
