"""Jerks on falling asleep: brief bursts of several muscles at once, while a person drifts off.

A hypnic jerk lasts 75 to 250 ms in the EMG and comes in the transition from wake to sleep (memim_hypnic); its muscles
jerk together without a fixed order, and it does not repeat in a rhythm (https://doi.org/10.1016/j.sleep.2016.07.011).
Where no stages were scored, all that can be said is that a jerk came out of stillness and was followed by stillness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from twitchwise.measure.sleep.bursts import Bursts
from twitchwise.measure.sleep.indices import About, number, per_hour
from twitchwise.measure.sleep.leads import ReadLead
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.near import begins_in
from twitchwise.measure.sleep.night import Night, common
from twitchwise.measure.sleep.settings import JerkRules
from twitchwise.measure.sleep.stages import Stage
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary import EventKind, Measurement
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.text import say

# Bursts of a rhythm are about as large as each other; what is smaller than by this share is none of it.
_AS_LARGE = 0.5
ONE_MUSCLE = say("only one muscle was recorded, so a jerk cannot be told from a burst of fragmentary myoclonus")
FITS = say("a jerk, then stillness: it fits a jerk on falling asleep, but nobody scored whether the person fell asleep")


@dataclass(frozen=True, kw_only=True, eq=False)
class Jerks:
    """Jerks in order of time.

    Parameters
    ----------
    bursts
        The largest burst of each.
    at
        The channel of it.
    looked
        The time in which a jerk would have counted.
    doubts
        What they carry.
    """

    bursts: Bursts
    at: tuple[str, ...]
    looked: Intervals
    doubts: tuple[str, ...]


def like_a_jerk(bursts: Bursts, rules: JerkRules) -> BoolArray:
    """Mark bursts of 75 to 250 ms and 50 uV or more with none half as large within 2 s, shape ``(n,)``."""
    length = bursts.duration_s
    fits = (length >= rules.shortest_s) & (length <= rules.longest_s) & (bursts.size >= rules.amplitude_v)
    for place in np.flatnonzero(fits):
        near = (bursts.stop_s > bursts.start_s[place] - rules.alone_s) & (
            bursts.start_s < bursts.stop_s[place] + rules.alone_s
        )
        fits[place] = int((bursts.size[near] >= _AS_LARGE * bursts.size[place]).sum()) == 1
    return np.asarray(fits, dtype=np.bool_)


def together(several: Sequence[Bursts], names: Sequence[str], rules: JerkRules, least: int) -> tuple[Bursts, list[str]]:
    """Join bursts of several muscles that begin within 0.1 s, and keep the jerks of at least so many muscles."""
    whole = _put_together(several)
    lead = np.concatenate([np.full(len(one), place) for place, one in enumerate(several)])
    order = np.argsort(whole.start_s, kind="stable")
    kept, at = list[int](), list[str]()
    for group in _groups(whole.start_s[order], rules.together_s):
        members = order[group]
        if np.unique(lead[members]).size >= least:
            largest = int(members[np.argmax(whole.size[members])])
            kept.append(largest)
            at.append(names[int(lead[largest])])
    return whole.where(np.array(kept, dtype=np.int64)), at


def time_of_falling_asleep(night: Night, looked: Intervals, rules: JerkRules) -> Intervals:
    """Return the time in wake or stage N1 from 2 min before to 5 min after a person falls asleep."""
    if night.hypnogram is None:
        return looked
    onsets = night.hypnogram.falls_asleep(rules.onset_wake_s)
    around = Intervals.union((at - rules.onset_before_s, at + rules.onset_after_s) for at in onsets)
    return common(common(around, looked), night.hypnogram.time_in((Stage.WAKE, Stage.N1)))


def find_jerks(leads: Sequence[ReadLead], night: Night, looked: Intervals, rules: JerkRules) -> Jerks:
    """Return the jerks on falling asleep that EMG shows.

    Parameters
    ----------
    leads
        At least one muscle.
    night
        Its stages, if any.
    looked
        When the muscles were seen.
    rules
        What a jerk is.
    """
    candidates = [one.bursts.where(like_a_jerk(one.bursts, rules)) for one in leads]
    found, at = together(candidates, [one.name for one in leads], rules, min(2, len(leads)))
    window = time_of_falling_asleep(night, looked, rules)
    counts = begins_in(found.start_s, window)
    if night.hypnogram is None:
        moving = Movements.together(one.movements for one in leads)
        counts &= in_stillness(found.start_s, found.stop_s, moving.where(moving.duration_s >= rules.longest_s), rules)
    doubts = tuple(chain(() if night.hypnogram else (FITS,), () if len(leads) > 1 else (ONE_MUSCLE,)))
    return Jerks(
        bursts=found.where(counts),
        at=tuple(name for name, yes in zip(at, counts, strict=True) if yes),
        looked=window,
        doubts=doubts,
    )


def in_stillness(start_s: FloatArray, stop_s: FloatArray, moving: Movements, rules: JerkRules) -> BoolArray:
    """Mark jerks before which nothing moved for 30 s, and after which nothing moved for 60 s, shape ``(n,)``.

    Parameters
    ----------
    start_s, stop_s
        When jerks begin and end, each of shape ``(n,)``, in order.
    moving
        Movements other than the jerks.
    rules
        How long stillness lasts.
    """
    before = np.searchsorted(np.sort(moving.stop_s), start_s - rules.stillness_before_s, side="right")
    after = np.searchsorted(moving.start_s, stop_s + rules.stillness_after_s, side="left")
    # movements that end before the stillness and movements that begin after it are all there are
    still = before + (len(moving) - after) == len(moving)
    apart = np.diff(start_s) >= rules.stillness_before_s
    lonely = np.concatenate([[True], apart]) if start_s.size else still
    return np.asarray(still & lonely, dtype=np.bool_)


def jerk_measurements(jerks: Jerks, night: Night, how: str, channel: str | None = None) -> tuple[Measurement, ...]:
    """Return number and rate of jerks; of none, what cannot be excluded."""
    if night.hypnogram:
        how = say("{how} Counted from 2 min before to 5 min after falling asleep, awake or in stage N1.", how=how)
    about = About(method=how, channel=channel, doubts=jerks.doubts)
    times = jerks.bursts.start_s
    return (
        *number("hypnic_jerk_count", times, jerks.looked, about),
        *per_hour("hypnic_jerk_rate", times, jerks.looked, about),
    )


def jerk_train(jerks: Jerks, channel: str, probability: float) -> EventTrain:
    """Return the jerks as events, each on the channel where it was greatest."""
    bursts = jerks.bursts
    return EventTrain(
        kind=EventKind.HYPNIC_JERK,
        channel=channel,
        start_s=bursts.start_s,
        peak_s=bursts.peak_s,
        end_s=bursts.stop_s,
        peak=bursts.size,
        probability=np.full(len(bursts), probability),
        at=jerks.at,
    )


def _put_together(several: Sequence[Bursts]) -> Bursts:
    columns = ("start_s", "stop_s", "peak_s", "size")
    return Bursts(**{name: np.concatenate([getattr(one, name) for one in several]) for name in columns})


def _groups(times_s: FloatArray, within_s: float) -> list[IntArray]:
    """Return the places of times that lie within so many seconds of the first of their group."""
    groups, first = list[list[int]](), -np.inf
    for place, time_s in enumerate(times_s):
        if time_s - first > within_s:
            groups.append([])
            first = float(time_s)
        groups[-1].append(place)
    return [np.array(group, dtype=np.int64) for group in groups]
