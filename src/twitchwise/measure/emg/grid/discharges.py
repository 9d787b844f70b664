"""Every discharge on a grid: of contractions by blind source separation, and those at rest as they were sorted."""

from dataclasses import replace

import numpy as np

from twitchwise.measure.emg.decompose import Decomposition, decompose
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.signals import Recording

# Recordings of more values than this are too long to be taken apart in memory.
_MOST_VALUES = 1 << 28
# What is less likely than not is no discharge.
_LIKELY = 0.5


def with_discharges(recording: Recording, found: Reading) -> Reading:
    """Return a reading of a grid with its discharges; where they cannot be found, with a remark that says why."""
    channels = found.group.channels
    if len(channels) * channels[0].n_samples > _MOST_VALUES:
        minutes = _MOST_VALUES / len(channels) / channels[0].sampling_rate_hz / 60
        words = f"{found.group.name!r} is too long to take its contractions apart; give parts of {minutes:.0f} min."
        return replace(found, discharges=_at_rest(found), remarks=(*found.remarks, words))
    if not found.activity.active.spans:
        return replace(found, discharges=_at_rest(found))
    names = [channel.name for channel in channels]
    samples = recording.read_rows(names, 0.0, channels[0].duration_s)
    apart = decompose(np.nan_to_num(samples), channels[0].sampling_rate_hz, positions_m=found.positions_m)
    joined = _joined(_at_rest(found), _of_units(apart, int(found.potentials.unit.max(initial=0))))
    return replace(found, discharges=joined, remarks=(*found.remarks, *apart.doubts))


def _at_rest(found: Reading) -> FoundDischarges:
    potentials = found.potentials
    likely = potentials.probability >= _LIKELY
    return FoundDischarges(
        time_s=potentials.peak_s[likely],
        unit=potentials.unit[likely],
        probability=potentials.probability[likely],
        channel=found.channel[likely],
        peak=potentials.peak[likely],
    )


def _of_units(apart: Decomposition, numbered: int) -> FoundDischarges:
    """Return the discharges of a decomposition; its units are numbered on from those at rest."""
    parts = [
        (
            unit.times_s,
            np.full(unit.times_s.size, unit.number + numbered),
            unit.probability,
            np.full(unit.times_s.size, int(np.abs(unit.shape).max(axis=1).argmax())),
            np.full(unit.times_s.size, float(unit.shape.flat[int(np.abs(unit.shape).argmax())])),
        )
        for unit in apart.units
    ]
    if not parts:
        none = np.empty(0)
        number = none.astype(np.int64)
        return FoundDischarges(time_s=none, unit=number, probability=none, channel=number, peak=none)
    time_s, number, probability, channel, peak = (np.concatenate(column) for column in zip(*parts, strict=True))
    return FoundDischarges(time_s=time_s, unit=number, probability=probability, channel=channel, peak=peak)


def _joined(one: FoundDischarges, other: FoundDischarges) -> FoundDischarges:
    columns = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("time_s", "unit", "probability", "channel", "peak")
    }
    order = np.argsort(columns["time_s"], kind="stable")
    return FoundDischarges(**{name: values[order] for name, values in columns.items()})
