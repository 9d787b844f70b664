"""Where a grid rested, and which of its potentials lie there."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.activity import Activity, continual_activity, find_rest, inside
from twitchwise.measure.emg.grid.candidates import Candidates
from twitchwise.measure.emg.grid.reading import GridScan, threshold
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
    regular
        Which of those at rest are as regular as a heartbeat, shape ``(n,)``.
    least
        Deviations from which on a candidate counts.
    """

    activity: Activity
    at_rest: BoolArray
    regular: BoolArray
    least: float


def rest_of(scan: GridScan, settings: EmgSettings) -> GridRest:
    """Divide a scanned grid into rest and activity, and choose the candidates at rest."""
    least = threshold(settings.false_alarm_rate_per_min, scan.reader.band.working_rate_hz)
    hints = _as_potentials(scan.candidates, scan.height)
    counted = hints.where(scan.height >= least)
    continual = continual_activity(hints, scan.long, settings)
    activity = find_rest(scan.frames, scan.noise, counted, continual, settings, Unit.UNKNOWN)
    activity = _without_loud(activity, _too_loud(scan, settings))
    chosen = (scan.height >= least) & inside(scan.candidates.peak_s, activity.rest)
    regular = np.zeros_like(chosen)
    regular[chosen] = heartbeats(hints.where(chosen), settings)
    return GridRest(activity=activity, at_rest=chosen & ~regular, regular=regular, least=least)


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
