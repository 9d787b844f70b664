"""Late echoes and locked units as measurements: how many, and whether chance would give as many."""

from itertools import combinations

import numpy as np

from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.repeats import LEAST_LOCKED, Repeats, echoes, locked_pairs
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.rate_interval import count_interval, median_interval
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import say, together

_PERCENT = 100.0
# What chance gives in 5 % of recordings is not told from chance.
_CONVINCING = 0.05
_AS_CHANCE = say("no more than chance gives")


def echo_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return the share of discharges that an echo follows, and its latency where there are more than chance gives."""
    sorted_ones = potentials.where(potentials.unit > 0)
    if len(sorted_ones) < settings.events_for_pattern:
        return []
    pairs = echoes(sorted_ones, settings)
    convincing = pairs.probability < _CONVINCING
    found = [
        maker.value(
            "late_echo_share",
            _beyond(pairs.seen, pairs.expected, pairs.of),
            Unit.PERCENT,
            together([_echo_words(settings), _chance_words(pairs)]),
            () if convincing else (_AS_CHANCE,),
        )
    ]
    if convincing:
        latency = say("Median interval of these {count} pairs; interval of order statistics.", count=pairs.seen)
        found.append(maker.value("late_echo_latency", median_interval(pairs.interval_s), Unit.SECOND, latency))
    return found


def lock_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return how many pairs of units are locked to each other, and the share of discharges that are."""
    numbers = potentials.units
    if numbers.size < 2 or len(potentials) < settings.events_for_pattern:  # noqa: PLR2004 - a pair
        return []
    tests = list(combinations(numbers.tolist(), 2))
    pairs = [locked_pairs(potentials, *_rarer_first(potentials, pair), settings) for pair in tests]
    # each pair is a test of its own, so each must be so much surer (Bonferroni)
    locked = [one for one in pairs if one.seen >= LEAST_LOCKED and one.probability * len(tests) < _CONVINCING]
    seen, expected = sum(one.seen for one in pairs), sum(one.expected for one in pairs)
    all_of = len(potentials)
    within_ms = settings.time_lock_s * 1000
    return [
        maker.value(
            "time_locked_share",
            _beyond(seen, expected, all_of),
            Unit.PERCENT,
            say(
                "Discharges of two units within {within_ms:g} ms of each other (after de Carvalho and Swash 2013), as "
                "a share of all {all_of}, beyond chance: {seen} seen, {expected:.1f} by chance; chance is that of the "
                "same discharges moved by up to half a second.",
                within_ms=within_ms,
                all_of=all_of,
                seen=seen,
                expected=expected,
            ),
            () if locked else (_AS_CHANCE,),
        ),
        maker.value(
            "time_locked_pairs",
            (float(len(locked)), float(len(locked)), float(len(tests))),
            Unit.COUNT,
            say(
                "Pairs of units with {least} or more discharges within {within_ms:g} ms of each other (after de "
                "Carvalho and Swash 2013) and more than chance gives, of {pairs}; chance is that of the same "
                "discharges moved by up to half a second. Pairs with too few to tell may be locked, so the upper end "
                "is all.",
                least=LEAST_LOCKED,
                within_ms=within_ms,
                pairs=len(tests),
            ),
        ),
    ]


def _rarer_first(potentials: SortedPotentials, pair: list[int] | tuple[int, ...]) -> tuple[int, int]:
    first, second = sorted(pair, key=lambda number: int(np.sum(potentials.unit == number)))
    return first, second


def _beyond(seen: int, expected: float, of: int) -> tuple[float, float, float]:
    """Return how many percent of ``of`` are seen beyond what chance is expected to give, with the interval."""
    value, low, high = (
        min(_PERCENT * max(part - expected, 0.0) / of, _PERCENT) for part in (seen, *count_interval(seen))
    )
    return value, low, high


def _echo_words(settings: DescribeSettings) -> str:
    return say(
        "Discharges that the same unit repeats within the fullest 5 ms between {shortest_ms:g} and {longest_ms:g} ms "
        "(after Kleine et al. 2012), beyond chance.",
        shortest_ms=settings.echo_shortest_s * 1000,
        longest_ms=settings.echo_longest_s * 1000,
    )


def _chance_words(pairs: Repeats) -> str:
    return say(
        "{seen} of {of} seen, {expected:.1f} expected there by chance, which gives as many in any 5 ms with a "
        "probability of {probability:.3f}; Jeffreys' interval of the count.",
        seen=pairs.seen,
        of=pairs.of,
        expected=pairs.expected,
        probability=pairs.probability,
    )
