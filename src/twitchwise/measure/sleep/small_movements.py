"""Small and fast movements of the legs: fragmentary myoclonus, high-frequency leg movements, alternating legs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from twitchwise.measure.emg.describe.rest_clock import to_rest_time
from twitchwise.measure.emg.heartbeat import is_regular
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.sleep.bursts import Bursts
from twitchwise.measure.sleep.indices import About, lasting, number, per_hour
from twitchwise.measure.sleep.leads import ReadLead
from twitchwise.measure.sleep.leg_movements import runs_of
from twitchwise.measure.sleep.movements import LEFT, RIGHT, Movements
from twitchwise.measure.sleep.near import begins_in
from twitchwise.measure.sleep.night import Night
from twitchwise.measure.sleep.settings import SmallRules
from twitchwise.measure.sleep.stages import ASLEEP, NREM
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Measurement
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_in, together

_MINUTE_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of fast movements: when it began and ended, in seconds, and how many it holds."""

    start_s: float
    stop_s: float
    movements: int


def fragmentary_bursts(bursts: Bursts, rules: SmallRules) -> Bursts:
    """Keep bursts of at most 150 ms and at least 50 uV; none if they come as regularly as a heart beats."""
    fits = (bursts.duration_s <= rules.fm_longest_s) & (bursts.size >= rules.fm_amplitude_v)
    kept = bursts.where(fits)
    return kept.where(np.zeros(len(kept), dtype=np.bool_)) if is_regular(kept.peak_s, emg_settings()) else kept


def marked_epochs(times_s: FloatArray, looked: Intervals, epoch_s: float) -> FloatArray:
    """Return one time for every stretch of a time looked at, of so many seconds each, that holds at least one event.

    Examples
    --------
    >>> marked_epochs(np.array([0.5, 1.0, 4.0]), Intervals(((0.0, 9.0),)), 3.0).tolist()
    [0.5, 4.0]
    """
    inside = times_s[begins_in(times_s, looked)]
    epochs = np.floor(to_rest_time(inside, looked) / epoch_s)
    return np.asarray(inside[np.diff(epochs, prepend=-1.0) > 0], dtype=np.float64)


def busy_time(times_s: FloatArray, looked: Intervals, per_minute: float) -> float:
    """Return the seconds of whole minutes, of a time looked at, that hold at least so many events each."""
    minutes = int(looked.duration_s // _MINUTE_S)
    inside = to_rest_time(times_s[begins_in(times_s, looked)], looked)
    counts, _ = np.histogram(inside, minutes, (0.0, minutes * _MINUTE_S)) if minutes else (np.empty(0), None)
    return _MINUTE_S * float((counts >= per_minute).sum())


def fast_rows(movements: Movements, rules: SmallRules) -> tuple[Row, ...]:
    """Return rows of at least four movements of one leg at 0.3 to 4 Hz, from onset to onset."""
    kept = movements.where(movements.duration_s >= rules.fast_shortest_s)
    step_s = np.diff(kept.start_s)
    return _rows(
        kept, (step_s >= 1 / rules.fast_rate_high_hz) & (step_s <= 1 / rules.fast_rate_low_hz), rules.fast_least
    )


def alternating_rows(movements: Movements, rules: SmallRules) -> tuple[Row, ...]:
    """Return rows of at least four bursts of 0.1 to 0.5 s, now in one leg and now in the other, at 0.5 to 3 Hz."""
    length = movements.duration_s
    kept = movements.where((length >= rules.alternating_shortest_s) & (length <= rules.alternating_longest_s))
    step_s = np.diff(kept.start_s)
    at_rate = (step_s >= 1 / rules.alternating_rate_high_hz) & (step_s <= 1 / rules.alternating_rate_low_hz)
    return _rows(kept, at_rate & (np.diff(kept.leg) != 0), rules.alternating_least)


def _rows(movements: Movements, linked: np.typing.NDArray[np.bool_], least: int) -> tuple[Row, ...]:
    starts, stops = runs_of(linked)
    return tuple(
        Row(
            start_s=float(movements.start_s[start]),
            stop_s=float(movements.stop_s[stop]),
            movements=int(stop - start + 1),
        )
        for start, stop in zip(starts, stops, strict=True)
        if stop - start + 1 >= least
    )


def small_measurements(
    leads: Sequence[ReadLead], night: Night, looked: Intervals, rules: SmallRules
) -> tuple[Measurement, ...]:
    """Return the quantities of small and fast movements of the legs."""
    doubts = tuple(dict.fromkeys(chain(night.doubts, *(one.doubts for one in leads))))
    parts = (_fragmentary(leads, night, looked, rules, doubts), _fast(leads, looked, rules, doubts))
    return tuple(chain.from_iterable(parts))


def _fragmentary(
    leads: Sequence[ReadLead], night: Night, looked: Intervals, rules: SmallRules, doubts: tuple[str, ...]
) -> Iterator[Measurement]:
    times = np.sort(np.concatenate([fragmentary_bursts(one.bursts, rules).start_s for one in leads]))
    asleep = night.time_in(ASLEEP, looked)
    marked = marked_epochs(times, asleep, rules.fm_epoch_s)
    how = _how_fragmentary(night, rules)
    yield from per_hour("fragmentary_myoclonus_index", marked, asleep, About(method=how, doubts=doubts))
    if night.hypnogram is None:
        return
    nrem = night.time_in(NREM, looked)
    busy_s = busy_time(times, nrem, rules.fm_per_minute)
    rule = About(method=_rule_of_excess(busy_s, rules), doubts=doubts)
    yield from lasting("fragmentary_myoclonus_time", Intervals.union([(0.0, busy_s)]), _MINUTE_S, rule)


def _how_fragmentary(night: Night, rules: SmallRules) -> str:
    how = say(
        "Stretches of {stretch_s:g} s with a burst of at most {longest_ms:g} ms and at least {least_uv:g} uV outside "
        "leg movements, in any leg, per hour of {hours}.",
        stretch_s=rules.fm_epoch_s,
        longest_ms=1e3 * rules.fm_longest_s,
        least_uv=1e6 * rules.fm_amplitude_v,
        hours=night.hours_of,
    )
    if night.hypnogram is None:
        return how
    healthy = say(
        "Nine of ten healthy sleepers stay below {limit:g} an hour (Frauscher 2014, "
        "https://doi.org/10.5665/sleep.3586).",
        limit=rules.fm_healthy_upper_per_h,
    )
    return together([how, healthy])


def _rule_of_excess(busy_s: float, rules: SmallRules) -> str:
    return say(
        "Whole minutes of NREM sleep with at least {least:g} bursts; the rule for excessive fragmentary myoclonus asks "
        "for {minutes:g} minutes ({met}). Nine of 100 healthy sleepers met it.",
        least=rules.fm_per_minute,
        minutes=rules.fm_excessive_s / _MINUTE_S,
        met=say_in("rule", "met") if busy_s >= rules.fm_excessive_s else say_in("rule", "not met"),
    )


def _fast(
    leads: Sequence[ReadLead], looked: Intervals, rules: SmallRules, doubts: tuple[str, ...]
) -> Iterator[Measurement]:
    rows = sorted(row.start_s for one in leads for row in fast_rows(one.fast, rules))
    apart = [now for before, now in pairwise([-np.inf, *rows]) if now - before > 1 / rules.fast_rate_low_hz]
    fast = say(
        "Rows of {least} or more movements of a leg at {low_hz:g} to {high_hz:g} Hz "
        "(Yang 2010, https://doi.org/10.5664/jcsm.27931), awake or asleep. Nine of ten healthy sleepers have "
        "at most {limit:g} a night.",
        least=rules.fast_least,
        low_hz=rules.fast_rate_low_hz,
        high_hz=rules.fast_rate_high_hz,
        limit=rules.fast_healthy_upper,
    )
    yield from number("high_frequency_leg_movement_count", np.array(apart), looked, About(method=fast, doubts=doubts))
    if {one.lead.leg for one in leads} >= {LEFT, RIGHT}:
        both = Movements.together(one.fast for one in leads)
        times = np.array([row.start_s for row in alternating_rows(both, rules)])
        swaps = say(
            "Rows of {least} or more bursts, now in one leg and now in the other, at "
            "{low_hz:g} to {high_hz:g} Hz (after "
            "https://doi.org/10.1002/mds.10397), awake or asleep.",
            least=rules.alternating_least,
            low_hz=rules.alternating_rate_low_hz,
            high_hz=rules.alternating_rate_high_hz,
        )
        yield from number("alternating_leg_muscle_activation_count", times, looked, About(method=swaps, doubts=doubts))
