"""All that was found on one channel or on one array of electrodes, whichever way it was read."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.activity import Activity
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.results import ChannelQuality
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundDischarges:
    """Discharges of motor units at rest and in activity, in order of time; each array has shape ``(n,)``.

    ``channel`` is the place in the group of the channel on which each is greatest, ``unit`` its unit from 1 or 0.
    """

    time_s: FloatArray
    unit: IntArray
    probability: FloatArray
    channel: IntArray
    peak: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """What was found.

    Parameters
    ----------
    group
        The channels.
    band_hz
        The pass band.
    threshold
        Multiple of the noise, or deviations from it, that a potential exceeds.
    quality
        Quality of each channel.
    activity
        Rest, activity and what cannot be used.
    potentials
        Potentials at rest, sorted; those of a heartbeat are left out.
    channel
        Place in the group of the channel on which each potential is greatest, shape ``(n,)``.
    noise_at_rest
        Noise of each second that lies at rest, of the usual channel, in its unit.
    regular, spikes
        Potentials left out because they came as regularly as a heart beats, and one-sample spikes taken out.
    discharges
        Every discharge, or ``None`` where they were not asked for.
    remarks
        What was noticed on the way, one sentence each.
    """

    group: ElectrodeGroup
    band_hz: tuple[float, float]
    threshold: float
    quality: tuple[ChannelQuality, ...]
    activity: Activity
    potentials: SortedPotentials
    channel: IntArray
    noise_at_rest: tuple[float, ...]
    regular: int
    spikes: int
    discharges: FoundDischarges | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def rest_s(self) -> float:
        """Seconds at rest."""
        return self.activity.rest.duration_s

    @property
    def duration_s(self) -> float:
        """Length of the channels in seconds."""
        return self.group.channels[0].duration_s

    @property
    def positions_m(self) -> npt.NDArray[np.float64] | None:
        """Places of the channels, shape ``(n_channels, 2)``, or ``None`` where some are not known."""
        places = [channel.position_m for channel in self.group.channels]
        if not self.group.is_array or any(place is None for place in places):
            return None
        return np.array([place[:2] for place in places if place is not None], dtype=np.float64)
