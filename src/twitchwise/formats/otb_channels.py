"""Turns the channels of OT Bioelettronica's files into drafts: kind, electrode, place on the grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from twitchwise.formats.channel_kind import electrode_of, kind_of, side_of
from twitchwise.formats.draft import ChannelDraft
from twitchwise.formats.electrode_grids import find_grid, name_of_grid
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Electrode, Unit
from twitchwise.vocabulary.text import say_many

_INTRAMUSCULAR = "iemg"


@dataclass(frozen=True, kw_only=True, slots=True)
class OtbChannel:
    """A channel as the file describes it.

    Parameters
    ----------
    label, words
        What to call it, and all that the file says of its sensor.
    unit_text, step, bits
        Unit of the samples, what a converter step is worth in it, and bits of the converter, 0 where there is none.
    rate_hz, n_samples
        Samples per second, 0 where the file does not say, and how many there are.
    is_emg
        Whether electrodes are connected to it.
    muscle, side
        Where they are, empty where the file does not say.
    """

    label: str
    words: str
    unit_text: str
    step: float
    bits: int
    rate_hz: float
    n_samples: int
    is_emg: bool
    muscle: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Name of the array, number of the electrode in it, and its position."""

    array: str | None = None
    number: int | None = None
    position_m: tuple[float, float, float] | None = None


def draft_channels(channels: Sequence[OtbChannel]) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    """Return a draft for each channel, and what had to be said about the grids."""
    places, said = _places(channels)
    return [_draft(channel, place) for channel, place in zip(channels, places, strict=True)], said


def _places(channels: Sequence[OtbChannel]) -> tuple[list[_Place], tuple[str, ...]]:
    """Count the electrodes of each grid: neighboring channels of one grid on one muscle, as many as the grid has."""
    runs = [(key, len(list(run))) for key, run in groupby(channels, key=_grid_key)]
    parts = [(key[0], size) for key, length in runs for size in _arrays(key[0], length)]
    names = [name for name, _ in parts if name]
    seen: dict[str, int] = {}
    places: list[_Place] = []
    said: dict[str, None] = {}
    for name, size in parts:
        if name is None:
            places += [_Place()] * size
            continue
        seen[name] = seen.get(name, 0) + 1
        grid = find_grid(name)
        array = f"{name} #{seen[name]}" if names.count(name) > 1 else name
        complete = grid is not None and size == grid.n_electrodes
        if not complete:
            said[_unknown_places(array, size)] = None
        places += [
            _Place(array, number, grid.position_m(number) if grid is not None and complete else None)
            for number in range(1, size + 1)
        ]
    return places, tuple(said)


def _unknown_places(array: str, size: int) -> str:
    return say_many(
        "The places of the electrodes of {array} ({count} channel) are not known.",
        "The places of the electrodes of {array} ({count} channels) are not known.",
        count=size,
        array=array,
    )


def _grid_key(channel: OtbChannel) -> tuple[str | None, str, str]:
    return (name_of_grid(channel.words) if channel.is_emg else None), channel.muscle, channel.side


def _arrays(name: str | None, length: int) -> list[int]:
    """Part a run of channels into whole grids, if it is a number of them."""
    grid = find_grid(name or "")
    if grid is not None and length % grid.n_electrodes == 0:
        return [grid.n_electrodes] * (length // grid.n_electrodes)
    return [length]


def _draft(channel: OtbChannel, place: _Place) -> ChannelDraft:
    top = 2.0 ** (channel.bits - 1) * channel.step if channel.bits else 0.0
    return ChannelDraft(
        name=channel.label if place.number is None else f"{place.array} ({place.number})",
        hint=channel.words,
        unit_text=channel.unit_text,
        sampling_rate_hz=channel.rate_hz or None,
        n_samples=channel.n_samples,
        kind=_kind(channel),
        site=channel.muscle or None,
        side=side_of(channel.side) or side_of(channel.words),
        limits=(-top, top - channel.step) if top > channel.step else None,
        resolution=channel.step if channel.bits and channel.step > 0 else None,
        electrode=_electrode(channel, place),
        array=place.array,
        position_m=place.position_m,
    )


def _kind(channel: OtbChannel) -> ChannelKind:
    if channel.is_emg:
        return ChannelKind.EMG
    kind = kind_of(channel.label, channel.words, parse_unit(channel.unit_text).unit)
    return ChannelKind.OTHER if kind is ChannelKind.EMG else kind


def _electrode(channel: OtbChannel, place: _Place) -> Electrode | None:
    if not channel.is_emg:
        return None
    if _INTRAMUSCULAR in channel.words.lower().replace(" ", ""):
        return Electrode.NEEDLE
    if find_grid(place.array or "") is not None:
        return Electrode.SURFACE
    said = electrode_of(channel.words)
    return None if said is Electrode.UNKNOWN else said


def is_volt(unit_text: str) -> bool:
    """Tell whether a unit is a potential."""
    return parse_unit(unit_text).unit is Unit.VOLT
