"""A recording without EMG on its way into a BIDS data set: movement, or signals of the body such as force and ECG."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twitchwise.formats.bids.data_set import RAW, BuiltRecording
from twitchwise.formats.bids.events import events_sidecar, events_table
from twitchwise.formats.bids.fitted import label_of
from twitchwise.formats.bids.place import writable, write
from twitchwise.signals import Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class OtherRecording:
    """One recording of one subject that holds no EMG.

    Parameters
    ----------
    label, task, acquisition
        Letters and digits; they stand in the names of the files.
    recording
        Its channels; they may differ in rate and length.
    names_before
        What channels were called before they were renamed, by the name they have now.
    """

    label: str
    task: str
    acquisition: str
    recording: Recording
    names_before: Mapping[str, str] = field(default_factory=dict)

    @property
    def participant_id(self) -> str:
        """The subject as BIDS calls it, for example ``sub-01``."""
        return f"sub-{self.label}"

    @property
    def events(self) -> tuple[EventTrain, ...]:
        """Nothing: what the recording itself notes are annotations."""
        return ()

    def stem(self, *before_acquisition: str) -> str:
        """Return the begin of the names of files; parts may be put where BIDS puts that of the tracking system."""
        return "_".join((self.participant_id, f"task-{self.task}", *before_acquisition, f"acq-{self.acquisition}"))

    def build(self, folder: Path, kind_of_data: str, write_files: Callable[[Path], None]) -> BuiltRecording:
        """Build the files in an empty or new folder, for `BidsDataset.take`.

        Parameters
        ----------
        folder
            Where to.
        kind_of_data
            What BIDS calls the folder of the files: ``motion`` or ``beh``.
        write_files
            Writes the samples and what describes them into a folder.

        Raises
        ------
        UnwritableFileError
            If the folder cannot be written.
        """
        place = f"{self.participant_id}/{kind_of_data}"
        target = folder / RAW / place
        with writable(folder):
            target.mkdir(parents=True)
            write_files(target)
            write(target / f"{self.stem()}_events.tsv", events_table(self))
            write(target / f"{self.stem()}_events.json", events_sidecar(self))
        return BuiltRecording(
            participant_id=self.participant_id, stem=self.stem(), place=place, participant={}, folder=folder
        )


Clock = tuple[float, int]
"""Rate in Hz and number of samples: channels of one clock fit into one table."""

_SENSORS = {
    frozenset({ChannelKind.ACCELERATION}): "accelerometer",
    frozenset({ChannelKind.ANGULAR_VELOCITY}): "gyroscope",
}


def by_clock(recording: Recording) -> dict[str, list[int]]:
    """Return the numbers of the channels that share rate and length, by a label of their own."""
    clocks: dict[Clock, list[int]] = {}
    for number, channel in enumerate(recording.channels):
        clocks.setdefault((channel.sampling_rate_hz, channel.n_samples), []).append(number)
    groups: dict[str, list[int]] = {}
    for numbers in clocks.values():
        kinds = frozenset(recording.channels[number].kind for number in numbers)
        groups[label_of(_SENSORS.get(kinds, "sensors"), list(groups))] = numbers
    return groups


def said_of(channel: Channel, name_before: str | None) -> str:
    """Return a channel in words."""
    parts = [channel.kind.value.replace("_", " ")]
    parts += [] if channel.site is None else [channel.site]
    parts += [] if channel.side is None else [channel.side.value]
    parts += [] if name_before is None else [f"named {name_before!r} in the recording"]
    return ", ".join(parts)


def placement_of(channel: Channel) -> str | None:
    """Return where on the body a channel was taken, in words."""
    side = "" if channel.side is None else channel.side.value
    return " ".join(part for part in (side, channel.site) if part) or None
