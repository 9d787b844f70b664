"""The files of one recording, built as the kinds of data that it holds: EMG, movement, or other signals."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twitchwise.formats.bids.data_set import BuiltRecording, build_recording
from twitchwise.formats.bids.fitted import Fitted
from twitchwise.formats.bids.movement import MOVEMENT, build_movement
from twitchwise.formats.bids.other_recording import OtherRecording
from twitchwise.formats.bids.physiology import build_physiology
from twitchwise.formats.bids.subject import BidsSubject, EmgSetup
from twitchwise.signals import Channel, Recording, SampleSource
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

PERSON, TASK = "01", "recording"
"""Labels of the one person and of what was done, of which recordings say nothing."""

_OF_PICTURES = frozenset({Unit.PIXEL, Unit.PIXEL_PER_SECOND})
_PLACEMENT = "The recording does not say how the electrodes were placed."


def has_emg(recording: Recording) -> bool:
    """Tell whether a recording holds EMG, so that EDF must hold it."""
    return bool(recording.of_kind(ChannelKind.EMG))


def build(names: Fitted, acquisition: str, folder: Path) -> list[BuiltRecording]:
    """Build the files of a recording in folders below a new one, for `BidsDataset.take`.

    EMG goes into one file with all channels of its length; what was recorded beside it for another time, as by a sensor
    with a clock of its own, is kept as what it is.

    Raises
    ------
    OutOfRangeError
        If BIDS or EDF+ cannot hold the recording.
    UnwritableFileError
        If the folder cannot be written.
    """
    parts = _parts(names.recording)
    return [_built(part, names, acquisition, folder / str(number)) for number, part in enumerate(parts)]


def _parts(recording: Recording) -> list[Recording]:
    emg = recording.of_kind(ChannelKind.EMG)
    if not emg:
        return [recording]
    fitting = [number for number, channel in enumerate(recording.channels) if _is_as_long(channel, emg[0])]
    others = [number for number, channel in enumerate(recording.channels) if not _is_as_long(channel, emg[0])]
    if not others or any(recording.channels[number].kind is ChannelKind.EMG for number in others):
        return [recording]
    return [_chosen(recording, fitting), _chosen(recording, others)]


def _is_as_long(channel: Channel, other: Channel) -> bool:
    """Tell whether two channels end within half a sample, as EDF wants it."""
    return abs(channel.duration_s - other.duration_s) * 2 * channel.sampling_rate_hz < 1


class _ChosenSource:
    """Some of the channels of a source."""

    def __init__(self, source: SampleSource, numbers: Sequence[int]) -> None:
        self._source, self._numbers = source, tuple(numbers)

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples of a channel."""
        return self._source.read(self._numbers[channel], start, stop)


def _chosen(recording: Recording, numbers: Sequence[int]) -> Recording:
    channels = tuple(recording.channels[number] for number in numbers)
    return replace(recording, channels=channels, source=_ChosenSource(recording.source, numbers))


def _built(recording: Recording, names: Fitted, acquisition: str, folder: Path) -> BuiltRecording:
    if has_emg(recording):
        subject = BidsSubject(
            label=PERSON,
            task=TASK,
            acquisition=acquisition,
            recording=recording,
            setup=_setup(recording),
            names_before=names.names_before,
        )
        return build_recording(subject, folder)
    _require_known_kind(recording)
    other = OtherRecording(
        label=PERSON, task=TASK, acquisition=acquisition, recording=recording, names_before=names.names_before
    )
    is_movement = any(channel.kind in MOVEMENT for channel in recording.channels)
    return build_movement(other, folder) if is_movement else build_physiology(other, folder)


def _require_known_kind(recording: Recording) -> None:
    """Refuse what BIDS keeps in other ways than those this program writes."""
    if any(channel.unit in _OF_PICTURES for channel in recording.channels):
        raise OutOfRangeError(say("BIDS has no place for a film, nor for what moved in its pictures."))
    if recording.of_kind(ChannelKind.EEG):
        raise OutOfRangeError(say("a recording for BIDS must hold EMG, movement or force, got EEG without EMG."))
    if not any(channel.n_samples for channel in recording.channels):
        raise OutOfRangeError(say("a recording for BIDS must have samples, got none."))


def _setup(recording: Recording) -> EmgSetup:
    """Return how the EMG was taken, as far as the recording says: each array is a group with axes of its own."""
    emg = recording.of_kind(ChannelKind.EMG)
    arrays = list(dict.fromkeys(channel.array for channel in emg if channel.array and channel.position_m))
    setups = {
        array: EmgSetup(
            group=array,
            space=f"array{number}",
            axes=f"On the electrode array {array}, as the file of the recording gives them.",
            placement=_PLACEMENT,
        )
        for number, array in enumerate(arrays, start=1)
    }
    return EmgSetup(
        placement=_PLACEMENT,
        space="recording",
        axes="As the file of the recording gives them.",
        apart={channel.name: setups[channel.array] for channel in emg if channel.array in setups},
    )
