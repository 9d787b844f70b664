"""Where a grid rested, and which of its potentials lie there."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.activity import Activity, continual_activity, find_rest, inside
from twitchwise.measure.emg.grid.candidates import Candidates
from twitchwise.measure.emg.grid.reading import GridScan, threshold
from twitchwise.measure.emg.grid.settings import grid_settings
from twitchwise.measure.emg.heartbeat import heartbeats
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class GridRest:
    """What a grid did.

    Parameters
    ----------
    activity
        Rest, activity and what cannot be used.
    at_rest
        Which candidates are high enough, lie at rest and are no heartbeat, shape ``(n,)``.
    weak
        Which are not high enough, but lie at rest, shape ``(n,)``: the shape of a known unit may still show in them.
    beside
        Which are high enough and lie outside the rest near an end of activity, shape ``(n,)``.
    regular
        Which of those at rest are as regular as a heartbeat, shape ``(n,)``.
    least
        Deviations from which on a candidate counts.
    """

    activity: Activity
    at_rest: BoolArray
    weak: BoolArray
    beside: BoolArray
    regular: BoolArray
    least: float


def rest_of(scan: GridScan, settings: EmgSettings) -> GridRest:
    """Divide a scanned grid into rest and activity, and choose the candidates at rest."""
    least = threshold(settings.false_alarm_rate_per_min, scan.reader.band.working_rate_hz)
    every, hidden = _as_potentials(scan.candidates, scan.height), scan.candidates.is_hidden
    high = (scan.height >= least) & ~hidden
    hints, counted = every.where(~hidden), every.where(high)
    continual = Intervals.union(
        [*continual_activity(hints, scan.long, settings).spans, *_run_ins(hints, scan.long, settings).spans]
    )
    activity = find_rest(scan.frames, scan.noise, counted, continual, settings, Unit.UNKNOWN)
    activity = _without_loud(activity, _too_loud(scan, settings))
    chosen = high & inside(scan.candidates.peak_s, activity.rest)
    regular = np.zeros_like(chosen)
    regular[chosen] = heartbeats(every.where(chosen), settings)
    return GridRest(
        activity=activity,
        at_rest=chosen & ~regular,
        weak=~high & inside(scan.candidates.peak_s, activity.rest),
        beside=high & ~chosen & _beside_activity(scan.candidates, activity, settings),
        regular=regular,
        least=least,
    )


def _run_ins(hints: Potentials, long: Intervals, settings: EmgSettings) -> Intervals:
    """Return the runs of discharges without a pause that lead into long activity or out of it.

    Motor units come in one by one and leave one by one; their first and last discharges belong to the contraction.
    """
    spans = np.concatenate([np.stack([hints.start_s, hints.end_s], axis=1), np.array(long.spans).reshape(-1, 2)])
    is_long = np.arange(len(spans)) >= hints.start_s.size
    order = np.argsort(spans[:, 0], kind="stable")
    spans, is_long = spans[order], is_long[order]
    pauses = spans[1:, 0] - np.maximum.accumulate(spans[:, 1])[:-1] > settings.continual_interval_s
    begins = np.flatnonzero(np.concatenate([[True], pauses])[: len(spans)])
    ends = np.append(begins[1:], len(spans))[: begins.size]
    return Intervals.union(
        (float(spans[begin, 0]), float(spans[begin:end, 1].max()))
        for begin, end in zip(begins, ends, strict=True)
        if is_long[begin:end].any()
    )


def _beside_activity(found: Candidates, activity: Activity, settings: EmgSettings) -> BoolArray:
    """Mark the single potentials so close to an end of activity that the same units may still fire beyond it."""
    limits = grid_settings()
    reach_s = limits.contraction_reach_s + settings.activity_margin_s
    near = np.zeros(len(found), dtype=np.bool_)
    for edge in np.array(activity.active.spans).reshape(-1):
        near |= np.abs(found.peak_s - edge) <= reach_s
    return near & (found.end_s - found.start_s <= limits.single_longest_s)


def _as_potentials(found: Candidates, height: FloatArray) -> Potentials:
    return Potentials(
        start_s=found.start_s,
        peak_s=found.peak_s,
        end_s=found.end_s,
        peak=found.peak,
        peak_to_peak=found.peak_to_peak,
        height=height,
        shape=found.shape,
    )


def _too_loud(scan: GridScan, settings: EmgSettings) -> Intervals:
    """Return the seconds in which the usual channel is louder than any resting muscle, where the unit is volts."""
    if scan.reader.group.channels[0].unit is not Unit.VOLT:
        return Intervals()
    seconds = np.nanmedian(np.where(np.isfinite(scan.plain_power), scan.plain_power, 0.0), axis=1)
    loud = np.flatnonzero(np.sqrt(seconds) > settings.rest_noise_limit_v)
    second_s = scan.frames.per_second * scan.frames.duration_s
    return Intervals.union((float(one) * second_s, float(one + 1) * second_s) for one in loud)


def _without_loud(activity: Activity, loud: Intervals) -> Activity:
    if not loud.spans or not activity.rest.spans:
        return activity
    end_s = max(activity.rest.spans[-1][1], loud.spans[-1][1])
    free = Intervals.union([*activity.rest.complement(0.0, end_s).spans, *loud.spans]).complement(0.0, end_s)
    return Activity(
        rest=free, active=Intervals.union([*activity.active.spans, *loud.spans]), unusable=activity.unusable
    )
