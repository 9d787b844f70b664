"""The truth of a simulation: when each fasciculation or burst began, peaked and ended in the EMG, and its size."""

from collections.abc import Sequence

import numpy as np

from twitchwise.signals import EventTrain
from twitchwise.simulate.discharges import Discharges
from twitchwise.simulate.motor_unit import MotorUnit
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray


def true_events(
    kind: EventKind, channel: str, discharges: Discharges, units: Sequence[MotorUnit], sampling_rate_hz: float
) -> EventTrain:
    """Return one event for every event number of the discharges, as the noise-free channel would show it alone.

    An event starts with its first discharge, when the potential leaves the baseline, and ends when its last potential
    has returned to it. Its peak is the sample of greatest size of its own potentials; events that overlap do not change
    each other's. A fasciculation with its doublet or multiplet is one event, and so is a burst of many units.
    """
    durations = np.array([unit.potential.duration_s for unit in units])
    order = np.argsort(discharges.event, kind="stable")
    bounds = np.flatnonzero(np.diff(discharges.event[order], prepend=-1))
    rows = []
    for members in np.split(order, bounds[1:]) if bounds.size else []:
        times, numbers = discharges.time_s[members], discharges.unit[members]
        start, end = float(times[0]), float((times + durations[numbers]).max())
        peak_time, peak = _peak(times, [units[number] for number in numbers], end, sampling_rate_hz)
        rows.append((start, peak_time, end, peak))
    start_s, peak_s, end_s, peaks = np.array(rows).reshape(-1, 4).T
    return EventTrain(kind=kind, channel=channel, start_s=start_s, peak_s=peak_s, end_s=end_s, peak=peaks)


def _peak(times: FloatArray, units: list[MotorUnit], end_s: float, sampling_rate_hz: float) -> tuple[float, float]:
    first = float(times[0])
    samples = np.arange(np.ceil(first * sampling_rate_hz), np.floor(end_s * sampling_rate_hz) + 1) / sampling_rate_hz
    grid = samples if samples.size else np.array([first])
    wave = sum((unit.potential.voltage_v(grid - time) for time, unit in zip(times, units, strict=True)), np.zeros(1))
    at = int(np.abs(wave).argmax())
    return float(np.clip(grid[at], first, end_s)), float(wave[at])
