"""Every discharge on a grid: of contractions by blind source separation, and those at rest as they were sorted.

The separation finds the larger discharges at rest, too. What both found is one discharge, listed as it was sorted, and
a unit that shares its discharges at rest with a sorted one is that unit and keeps its number.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.activity import inside
from twitchwise.measure.emg.decompose import Decomposition, MotorUnit, decompose, decompose_settings
from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.progress import untold
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.signals import Channel, Intervals, Recording
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.text import say, say_many

# What is less likely than not is no discharge.
_LIKELY = 0.5
# Trains that come together more than chance would let one pair in a hundred are one unit's.
_CHANCE = 0.01


def with_discharges(
    recording: Recording, found: Reading, progress: Progress = untold, spread: Spread = one_by_one
) -> Reading:
    """Return a reading of a grid with its discharges.

    Parameters
    ----------
    recording
        Where to read, piece by piece.
    found
        What was found on the grid at rest, and when it was active.
    progress
        Is told how much is done, from 0 to 1.
    spread
        Has the pieces of the recording looked at.

    Returns
    -------
    Reading
        With the discharges at rest alone and a remark that says why, where contractions cannot be taken apart.
    """
    at_rest = _at_rest(found)
    if not found.activity.active.spans:
        return replace(found, discharges=at_rest)
    rows = RecordedRows(recording=recording, channels=found.group.channels)
    try:
        apart = decompose(rows, rows.sampling_rate_hz, positions_m=found.positions_m, progress=progress, spread=spread)
    except OutOfRangeError as refusal:
        words = say(
            "Discharges of {name!r} are those at rest; its contractions are not taken apart: {reason}",
            name=found.group.name,
            reason=refusal.sentence,
        )
        return replace(found, discharges=at_rest, remarks=(*found.remarks, words))
    listed, numbers = joined(at_rest, apart, found.activity.rest, decompose_settings())
    remarks = (*found.remarks, *apart.doubts, *_perhaps_two(apart, numbers, found.group.name))
    return replace(found, discharges=listed, remarks=remarks)


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordedRows:
    """The samples of a group of channels as a recording gives them; what is missing is as the channel is around it."""

    recording: Recording
    channels: tuple[Channel, ...]

    @property
    def sampling_rate_hz(self) -> float:
        """Samples a second of every channel."""
        return self.channels[0].sampling_rate_hz

    @property
    def shape(self) -> tuple[int, int]:
        """Number of channels and of samples a channel."""
        return (len(self.channels), self.channels[0].n_samples)

    def read(self, channels: IntArray, first: int, stop: int) -> Samples:
        """Return samples ``[first, stop)`` of channels by their numbers, shape ``(n, stop - first)``."""
        names = [self.channels[number].name for number in channels.tolist()]
        rows = self.recording.read_rows(names, first / self.sampling_rate_hz, stop / self.sampling_rate_hz)
        missing = np.isnan(rows)
        return _filled(rows, missing) if missing.any() else rows


def _filled(rows: Samples, missing: BoolArray) -> Samples:
    """Put the mean of each channel in the place of what is missing, 0 where all is; it makes no step of an offset."""
    known = np.maximum((~missing).sum(axis=1), 1)
    means = np.where(missing, 0, rows).sum(axis=1, dtype=np.float64) / known
    return np.where(missing, means[:, None], rows).astype(np.float32)


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


def joined(
    at_rest: FoundDischarges, apart: Decomposition, rest: Intervals, settings: DecomposeSettings
) -> tuple[FoundDischarges, tuple[int, ...]]:
    """Return discharges at rest and of a decomposition, each once, in order of time, and the numbers of its units.

    Parameters
    ----------
    at_rest
        As they were sorted, in order of time.
    apart
        Units that were found in the whole recording.
    rest
        When the muscle rested.
    settings
        How near two discharges of a unit can be, and from which share in common two trains are one unit.
    """
    number, parts, taken = at_rest.unit.copy(), list[FoundDischarges](), list[int]()
    free = int(number.max(initial=0)) + 1
    for unit in apart.units:
        same = _same(unit.times_s, at_rest.time_s, number, rest, settings)
        own = next((one for one in same.units if one not in taken), free)
        free += own == free
        taken.append(own)
        sorted_too = same.place[same.place >= 0]
        number[sorted_too[number[sorted_too] == 0]] = own
        parts.append(_of_unit(unit, own, same.place < 0))
    return _in_order([replace(at_rest, unit=number), *parts]), tuple(taken)


def _perhaps_two(apart: Decomposition, numbers: tuple[int, ...], name: str) -> list[str]:
    doubted = [str(number) for unit, number in zip(apart.units, numbers, strict=True) if unit.perhaps_two]
    if not doubted:
        return []
    return [
        say_many(
            "Discharges of unit {units} of {name!r} come as near to one another as those of two units: each may be "
            "two.",
            "Discharges of units {units} of {name!r} come as near to one another as those of two units: each may be "
            "two.",
            count=len(doubted),
            units=", ".join(doubted),
            name=name,
        )
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Same:
    """What of a unit was sorted, too: ``place`` of each discharge among those at rest, or -1, and which ``units``.

    The unit that shares most comes first.
    """

    place: IntArray
    units: tuple[int, ...]


def _same(
    time_s: FloatArray, sorted_s: FloatArray, number: IntArray, rest: Intervals, settings: DecomposeSettings
) -> _Same:
    """Look for the discharges of a unit among sorted ones.

    A potential travels, and the sorter takes the time of each on the electrode where it was greatest that time; so the
    two times of one discharge lie some milliseconds apart, but less than two discharges of a unit.
    """
    place, shared = np.full(time_s.size, -1), dict[int, int]()
    resting = int(inside(time_s, rest).sum())
    for unit in np.unique(number)[::-1].tolist():  # those that were not sorted come last, for what is left
        mine = np.flatnonzero(number == unit)
        near = _nearest(time_s, sorted_s[mine], settings.interval_least_s)
        count = int(np.unique(near[near >= 0]).size)
        if unit and not _one_unit(count, resting, mine.size, rest.duration_s, settings):
            continue
        new = (near >= 0) & (place < 0)
        place[new] = mine[near[new]]
        shared |= {unit: count} if unit else {}
    return _Same(place=place, units=tuple(sorted(shared, key=lambda unit: -shared[unit])))


def _nearest(time_s: FloatArray, others_s: FloatArray, within_s: float) -> IntArray:
    """Return the place of the nearest other time, or -1 where none is within reach."""
    after = np.searchsorted(others_s, time_s).clip(1, max(others_s.size - 1, 1))
    before = after - 1
    later = np.minimum(after, others_s.size - 1)
    near = np.where(time_s - others_s[before] <= others_s[later] - time_s, before, later)
    reached = np.abs(others_s[near] - time_s) <= within_s
    return np.where(reached, near, -1)


def _one_unit(shared: int, n_one: int, n_other: int, rest_s: float, settings: DecomposeSettings) -> bool:
    """Tell whether two trains at rest share so much of the smaller one as one unit does, and as chance does not."""
    if shared < max(1.0, settings.common_share * min(n_one, n_other)):
        return False
    by_chance = min(1.0, 2 * settings.interval_least_s * n_one / max(rest_s, settings.interval_least_s))
    return bool(binom.sf(shared - 1, n_other, by_chance) < _CHANCE)


def _of_unit(unit: MotorUnit, number: int, kept: BoolArray) -> FoundDischarges:
    """Return those of a unit's discharges that are to be kept."""
    shape, count = np.abs(unit.shape), int(kept.sum())
    return FoundDischarges(
        time_s=unit.times_s[kept],
        unit=np.full(count, number),
        probability=unit.probability[kept],
        channel=np.full(count, int(shape.max(axis=1).argmax())),
        peak=np.full(count, float(unit.shape.flat[int(shape.argmax())])),
    )


def _in_order(parts: list[FoundDischarges]) -> FoundDischarges:
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in FoundDischarges.__dataclass_fields__
    }
    order = np.argsort(columns["time_s"], kind="stable")
    return FoundDischarges(**{name: values[order] for name, values in columns.items()})
