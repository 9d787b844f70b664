"""Which channels belong together: the electrodes of one array see the same sources, other channels each their own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from twitchwise.signals import Channel
from twitchwise.vocabulary import Electrode

# Fewer electrodes than this are looked at one by one even if the file calls them an array.
_FEWEST = 4
# So many alike channels whose names differ by their number alone are taken for an array, with a warning: separate
# muscles are named by their muscles, and few recordings have as many of them.
_FEWEST_ASSUMED = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class ElectrodeGroup:
    """Channels that are looked at together.

    Parameters
    ----------
    name
        Of the array, or of the one channel.
    channels
        One or more, of one rate and length.
    assumed
        Whether the file does not say that they are one array.
    """

    name: str
    channels: tuple[Channel, ...]
    assumed: bool = False

    @property
    def is_array(self) -> bool:
        """Whether there is more than one channel."""
        return len(self.channels) > 1


def electrode_groups(channels: Iterable[Channel]) -> tuple[ElectrodeGroup, ...]:
    """Sort channels into arrays and single ones, in the order of each group's first channel.

    Examples
    --------
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> def emg(name: str) -> Channel:
    ...     return Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=2048.0, n_samples=9)
    >>> [group.name for group in electrode_groups([*(emg(f"E{i}") for i in range(64)), emg("calf")])]
    ['E', 'calf']
    """
    by_key: dict[tuple[object, ...], list[Channel]] = {}
    for channel in channels:
        by_key.setdefault(_key(channel), []).append(channel)
    groups = [group for key, members in by_key.items() for group in _groups(str(key[0]), members)]
    return tuple(groups)


def _key(channel: Channel) -> tuple[object, ...]:
    """Return what the channels of one array share; the name of the array first."""
    alike = (channel.sampling_rate_hz, channel.n_samples, channel.unit, channel.site, channel.side)
    if channel.array is not None:
        return (channel.array, *alike[:3])
    return (_stem(channel.name), *alike, channel.electrode is Electrode.NEEDLE)


def _groups(name: str, members: list[Channel]) -> list[ElectrodeGroup]:
    stated = members[0].array is not None
    fewest = _FEWEST if stated else _FEWEST_ASSUMED
    if len(members) < fewest or members[0].electrode is Electrode.NEEDLE:
        return [ElectrodeGroup(name=channel.name, channels=(channel,)) for channel in members]
    return [ElectrodeGroup(name=name or "array", channels=tuple(members), assumed=not stated)]


def _stem(name: str) -> str:
    """Return a name without its numbers, brackets and the unit behind it."""
    return re.sub(r"[\d()\[\]#.,:_\s-]+", " ", name).strip()
