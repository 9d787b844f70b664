"""What a scored night of leg movements comes to: indices by both sets of rules, by stage, arousals and breathing."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

import numpy as np

from twitchwise.measure.sleep import rules_wasm
from twitchwise.measure.sleep.indices import About, middle_s, number, per_hour, share
from twitchwise.measure.sleep.near import begins_in
from twitchwise.measure.sleep.night import Night
from twitchwise.measure.sleep.scoring import LegScore, Scored
from twitchwise.measure.sleep.settings import LegRules
from twitchwise.measure.sleep.stages import ASLEEP, NREM, Stage
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_in, together

_BY_STAGE = (
    ("plm_index_nrem", NREM, say("NREM sleep")),
    ("plm_index_n1", (Stage.N1,), say("stage N1")),
    ("plm_index_n2", (Stage.N2,), say("stage N2")),
    ("plm_index_n3", (Stage.N3,), say("stage N3")),
    ("plm_index_rem", (Stage.REM,), say("REM sleep")),
    ("plm_index_wake", (Stage.WAKE,), say_in("stage of sleep", "wake")),
)
_WASM = say("WASM 2016 rules (Ferri 2016, https://doi.org/10.1016/j.sleep.2016.10.010)")
_AASM = say("rules of the AASM manual (versions 2 and 3)")


def leg_measurements(
    score: LegScore, night: Night, looked: Intervals, rules: LegRules, about: About
) -> tuple[Measurement, ...]:
    """Return every quantity of a scored night.

    Parameters
    ----------
    score
        The night by both sets of rules.
    night
        Its stages and what was noted.
    looked
        When the legs were seen.
    rules
        The numbers of the rules.
    about
        Channel, how the movements were found, as the first words of every method, and doubts.
    """
    asleep = night.time_in(ASLEEP, looked)
    parts = (
        _main(score, night, asleep, rules, about),
        _with_breathing(score, night, asleep, about),
        _by_stage(score.wasm, night, looked, about),
        _with_arousals(score.wasm, night, asleep, about),
        _pattern(score.wasm, night, asleep, rules, about),
        _lengths(score.wasm, night, looked, about),
    )
    return tuple(chain.from_iterable(parts))


def _main(score: LegScore, night: Night, asleep: Intervals, rules: LegRules, about: About) -> Iterator[Measurement]:
    hours, wasm = night.hours_of, score.wasm
    by_aasm = say(
        "Movements in series of four or more, 5 to 90 s apart, per hour of {hours}, {aasm}.", hours=hours, aasm=_AASM
    )
    by_wasm = say(
        "Candidate movements in series of four or more, 10 to 90 s apart, per hour of {hours}, {wasm}.",
        hours=hours,
        wasm=_WASM,
    )
    all_of_wasm = say(
        "Movements of half a second and more, of one leg or both, per hour of {hours}, {wasm}.", hours=hours, wasm=_WASM
    )
    yield from per_hour("leg_movement_index", wasm.movements.start_s, asleep, _said(about, all_of_wasm), wasm.series)
    for name in ("plm_index", "plm_index_aasm"):
        yield from _of_periodic(name, score.aasm, asleep, _said(about, together([by_aasm, *_healthy(night, rules)])))
    yield from _of_periodic("plm_index_wasm", wasm, asleep, _said(about, by_wasm))
    for name, scored, how in (("plm_count_aasm", score.aasm, by_aasm), ("plm_count_wasm", wasm, by_wasm)):
        yield from number(name, _periodic(scored), asleep, _said(about, how), scored.series[scored.is_periodic])
    firsts = np.unique(wasm.series[wasm.is_periodic], return_index=True)[1]
    starts = _periodic(wasm)[firsts]
    yield from number(
        "plm_series_count",
        starts,
        asleep,
        _said(about, say("Series that began {in_sleep}, {wasm}.", in_sleep=night.time_spent, wasm=_WASM)),
    )


def _healthy(night: Night, rules: LegRules) -> tuple[str, ...]:
    if night.hypnogram is None:
        return ()
    return (
        say(
            "Nine of ten healthy sleepers stay below {limit:g} an hour by these rules "
            "(Frauscher 2014, https://doi.org/10.5665/sleep.3586).",
            limit=rules.plm_healthy_upper_per_h,
        ),
    )


def _with_breathing(score: LegScore, night: Night, asleep: Intervals, about: About) -> Iterator[Measurement]:
    before, without = score.aasm_before_exclusion, score.wasm_without_breathing
    if before is None or without is None or score.wasm.near_breathing is None:
        return
    hours = night.hours_of
    kept = say(
        "Movements in series per hour of {hours}, those at respiratory events kept, {aasm}.", hours=hours, aasm=_AASM
    )
    left = say(
        "Movements in series per hour of {hours}, those from 2 s before to 10.25 s after the end of a "
        "respiratory event left out, {wasm}.",
        hours=hours,
        wasm=_WASM,
    )
    near = score.wasm.movements.start_s[score.wasm.near_breathing & score.wasm.movements.candidate]
    theirs = say(
        "Candidate movements from 2 s before to 10.25 s after the end of a respiratory event, per hour of {hours}, "
        "{wasm}.",
        hours=hours,
        wasm=_WASM,
    )
    yield from _of_periodic("plm_index_aasm_before_exclusion", before, asleep, _said(about, kept))
    yield from _of_periodic("plm_index_wasm_without_breathing", without, asleep, _said(about, left))
    yield from per_hour("respiratory_leg_movement_index", near, asleep, _said(about, theirs))


def _by_stage(wasm: Scored, night: Night, looked: Intervals, about: About) -> Iterator[Measurement]:
    if night.hypnogram is None:
        return
    for name, stages, words in _BY_STAGE:
        said = _said(
            about,
            say(
                "Movements in series whose onset lies in {stage}, per hour of {stage}, {wasm}.", stage=words, wasm=_WASM
            ),
        )
        yield from _of_periodic(name, wasm, night.time_in(stages, looked), said)


def _with_arousals(wasm: Scored, night: Night, asleep: Intervals, about: About) -> Iterator[Measurement]:
    if wasm.with_arousal is None:
        return
    periodic = wasm.is_periodic & begins_in(wasm.movements.start_s, asleep)
    both = periodic & wasm.with_arousal
    said = say(
        "Movements in series that overlap an arousal or are less than 0.5 s from one, per hour of {hours}.",
        hours=night.hours_of,
    )
    per_h = _said(about, said)
    yield from per_hour("plm_arousal_index", wasm.movements.start_s[both], asleep, per_h, wasm.series[both])
    said = say("Movements in series that overlap an arousal or are less than 0.5 s from one.")
    yield from share("plm_arousal_share", wasm.with_arousal[periodic], Unit.PERCENT, _said(about, said))


def _pattern(wasm: Scored, night: Night, asleep: Intervals, rules: LegRules, about: About) -> Iterator[Measurement]:
    movements, hours = wasm.movements, night.hours_of
    inside = begins_in(movements.start_s, asleep)
    alone = movements.start_s[rules_wasm.is_isolated(movements, wasm.series, rules)]
    soon = movements.start_s[rules_wasm.is_short(movements, rules)]
    said = partial(_said, about)
    yield from per_hour(
        "isolated_leg_movement_index",
        alone,
        asleep,
        said(say("Movements outside series, per hour of {hours}.", hours=hours)),
    )
    yield from per_hour(
        "short_interval_leg_movement_index",
        soon,
        asleep,
        said(say("Movements within 10 s of the last, per hour of {hours}.", hours=hours)),
    )
    hits = wasm.is_periodic[inside & movements.candidate]
    yield from share(
        "periodicity_index",
        hits,
        Unit.ONE,
        said(say("Share of candidate movements that are in series, {wasm}.", wasm=_WASM)),
    )
    intervals = rules_wasm.intervals_of_candidates(movements)[inside]
    intervals = intervals[np.isfinite(intervals)]
    usual = intervals[intervals <= rules.interval_high_s]
    yield from middle_s(
        "intermovement_interval", usual, said(say("From onset to onset of candidates up to 90 s apart."))
    )
    yield from _distribution(intervals, rules, about)


def _distribution(intervals_s: FloatArray, rules: LegRules, about: About) -> Iterator[Measurement]:
    low, high = rules.interval_low_wasm_s, rules.interval_high_s
    said = _said(about, say("Share of the intervals from onset to onset of candidates next to each other."))
    yield from share("intermovement_interval_share_short", intervals_s < low, Unit.PERCENT, said)
    fits = (intervals_s >= low) & (intervals_s <= high)
    yield from share("intermovement_interval_share_periodic", fits, Unit.PERCENT, said)
    yield from share("intermovement_interval_share_long", intervals_s > high, Unit.PERCENT, said)


def _lengths(wasm: Scored, night: Night, looked: Intervals, about: About) -> Iterator[Measurement]:
    states = (("", ASLEEP, night.time_spent), ("_wake", (Stage.WAKE,), say("in wake")))
    for ending, stages, words in states if night.hypnogram else states[:1]:
        inside = begins_in(wasm.movements.start_s, night.time_in(stages, looked))
        all_of = wasm.movements.duration_s[inside]
        in_series = wasm.movements.duration_s[inside & wasm.is_periodic]
        yield from middle_s(
            f"leg_movement_duration{ending}",
            all_of,
            _said(about, say("From onset to end, {in_sleep}.", in_sleep=words)),
        )
        yield from middle_s(
            f"plm_duration{ending}",
            in_series,
            _said(about, say("The same, of those in series, {in_sleep}.", in_sleep=words)),
        )


def _of_periodic(name: str, scored: Scored, looked: Intervals, about: About) -> tuple[Measurement, ...]:
    return per_hour(name, _periodic(scored), looked, about, scored.series[scored.is_periodic])


def _periodic(scored: Scored) -> FloatArray:
    return np.asarray(scored.movements.start_s[scored.is_periodic], dtype=np.float64)


def _said(about: About, how: str) -> About:
    return About(method=together([how, about.method]), channel=about.channel, doubts=about.doubts)
