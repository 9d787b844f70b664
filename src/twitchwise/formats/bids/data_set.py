"""An EMG-BIDS data set on disk that grows by one recording at a time and is valid after each."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from twitchwise.formats.bids.channels import (
    channels_sidecar,
    channels_table,
    coordinate_systems,
    electrodes_table,
    emg_sidecar,
)
from twitchwise.formats.bids.description import TRUTH_FOLDER, Description, require_free_or_ours
from twitchwise.formats.bids.events import discharges_sidecar, discharges_table, events_sidecar, events_table
from twitchwise.formats.bids.participants import Participants
from twitchwise.formats.bids.place import files_below, require_agreeing, settle, workshop, writable, write
from twitchwise.formats.bids.subject import BidsSubject, DischargeTable
from twitchwise.formats.edf_write import write_edf
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

# The header of an EDF file: a fixed part, then for all signals the labels of 16 characters, the transducers of 80, and
# the dimensions of 8.
_FIXED_BYTES, _BEFORE_DIMENSION_BYTES, _DIMENSION_BYTES = 256, 96, 8
_N_SIGNALS = slice(252, 256)
RAW, _TRUTH = "raw", "truth"  # folders of a recording that is being built
_NONE = np.empty(0, np.int64)
_NO_DISCHARGES = DischargeTable(time_s=np.empty(0), motor_unit=_NONE, kind=_NONE, kinds=(), pool=_NONE, pools=())


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltRecording:
    """A recording whose files lie ready in a folder of their own; made by `build_recording`.

    Parameters
    ----------
    participant_id, stem, place, participant
        As of its `BidsSubject`.
    folder
        Where the files lie.
    """

    participant_id: str
    stem: str
    place: str
    participant: Mapping[str, str | float | None]
    folder: Path


def build_recording(subject: BidsSubject, folder: Path) -> BuiltRecording:
    """Build the files of a recording in an empty or new folder, for `BidsDataset.take`; another process may do it.

    Raises
    ------
    OutOfRangeError
        If EDF+ or BIDS cannot hold the recording.
    UnwritableFileError
        If the folder cannot be written.
    """
    with writable(folder):
        _write_recording(subject, folder / RAW)
        _write_truth(subject, folder / _TRUTH)
    return BuiltRecording(
        participant_id=subject.participant_id,
        stem=subject.stem,
        place=subject.place,
        participant=dict(subject.participant),
        folder=folder,
    )


class BidsDataset:
    """A folder of recordings with their events, and beside it the truth about them; made by `create`.

    Each recording is built in a hidden folder and moved to its place when it is whole, after its subject stands in the
    table of participants. So an interrupted write leaves a data set that is valid for what was written before. One
    program at a time may write to a data set. No more than one recording is held in memory.
    """

    def __init__(self, folder: Path, description: Description, participants: Participants) -> None:
        self.folder = folder
        self._description = description
        self._participants = participants
        self._is_open = True

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        name: str,
        about: str = "Recordings of electromyography.",
        license_name: str = "n/a",
        authors: tuple[str, ...] = (),
        columns: Mapping[str, Mapping[str, object]] | None = None,
    ) -> Self:
        """Begin a data set, or go on with one that this program wrote; that one keeps what it says about itself.

        Parameters
        ----------
        folder
            New, empty, or such a data set.
        name, about
            Title, and in Markdown what the data set holds and how it came about.
        license_name
            For example ``CC0`` or ``CC-BY-4.0``.
        authors
            Who made it.
        columns
            What columns of the table of participants mean, by column: ``Description``, ``Units``, ``Levels``.

        Raises
        ------
        OutOfRangeError
            If the name is empty.
        UnwritableFileError
            If the folder holds something else, or cannot be written.
        """
        place = Path(folder)
        description = Description(name=name, about=about, license_name=license_name, authors=authors)
        with writable(place):
            require_free_or_ours(place)
            place.mkdir(parents=True, exist_ok=True)
            description.write(place)
            return cls(place, description, Participants(place, columns or {}))

    def add(self, subject: BidsSubject) -> list[Path]:
        """Write one recording with its events and its truth, and return the files.

        Further recordings of a subject differ in task, session or run; they share the values of the participant and,
        within a session, the places of the electrodes.

        Raises
        ------
        OutOfRangeError
            If the data set was closed, if EDF+ or BIDS cannot hold the recording, or if the subject is known with other
            values.
        UnwritableFileError
            If the data set holds this recording, or cannot be written.
        """
        self._require_new(subject)
        with writable(self.folder), workshop(self.folder, subject.participant_id) as shop:
            return self.take(build_recording(subject, shop))

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """Give a hidden folder of the data set to build recordings in; what is left in it is removed.

        Raises
        ------
        UnwritableFileError
            If it cannot be written.
        """
        with ExitStack() as stack:
            with writable(self.folder):
                shop = stack.enter_context(workshop(self.folder, "recordings"))
            yield shop

    def take(self, built: BuiltRecording) -> list[Path]:
        """Move a recording that was built in the `workshop` to its place, and return the files.

        Raises
        ------
        OutOfRangeError
            If the data set was closed, or if the subject is known with other values.
        UnwritableFileError
            If the data set holds this recording, or cannot be written.
        """
        self._require_new(built)
        raw, truth, truth_folder = built.folder / RAW, built.folder / _TRUTH, self.folder / TRUTH_FOLDER
        with writable(self.folder):
            require_agreeing(raw, self.folder)
            files = [self.folder / file for file in files_below(raw)]
            truth_files = [truth_folder / file for file in files_below(truth)]
            if truth_files:
                self._description.write_truth(self.folder)
                _clear(truth_files)
                settle(truth, truth_folder)
            self._participants.put(built.participant_id, built.participant)
            settle(raw, self.folder)
        return [*files, *truth_files]

    @property
    def participants(self) -> dict[str, Mapping[str, str]]:
        """The table of participants: by participant its columns, as they stand in the file."""
        return dict(self._participants.rows)

    @property
    def subject_labels(self) -> frozenset[str]:
        """Labels of the subjects that have recordings."""
        return frozenset(place.name.removeprefix("sub-") for place in self.folder.glob("sub-*") if place.is_dir())

    def close(self) -> None:
        """Take no further recordings."""
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _require_new(self, subject: BidsSubject | BuiltRecording) -> None:
        if not self._is_open:
            raise OutOfRangeError(f"data set must be open to take a recording, got {str(self.folder)!r}, closed.")
        edf = self.folder / subject.place / f"{subject.stem}_emg.edf"
        if edf.exists():
            raise UnwritableFileError(f"recording must be a new one of the data set, got {subject.stem!r} again.")
        if (self.folder / subject.participant_id).exists():
            self._participants.require_same(subject.participant_id, subject.participant)


def _clear(files: Iterable[Path]) -> None:
    """Remove the truth about a recording that an interrupted write has left without the recording."""
    for file in files:
        file.unlink(missing_ok=True)


def _write_recording(subject: BidsSubject, root: Path) -> None:
    place = root / subject.place
    place.mkdir(parents=True)
    edf = place / f"{subject.stem}_emg.edf"
    write_edf(subject.recording, edf, event_trains=subject.events)
    texts = {
        f"{subject.stem}_emg.json": emg_sidecar(subject),
        f"{subject.stem}_channels.tsv": channels_table(subject, _dimensions(edf)),
        f"{subject.stem}_channels.json": channels_sidecar(),
        f"{subject.stem}_events.tsv": events_table(subject),
        f"{subject.stem}_events.json": events_sidecar(subject),
    }
    electrodes = electrodes_table(subject)
    if electrodes is not None:
        texts[f"{subject.stem_of_session}_electrodes.tsv"] = electrodes
        for space, text in coordinate_systems(subject).items():
            texts[f"{subject.stem_of_session}_space-{space}_coordsystem.json"] = text
    for name, text in texts.items():
        write(place / name, text)


def _write_truth(subject: BidsSubject, root: Path) -> None:
    if subject.discharges is None and not subject.truth:
        return
    place = root / subject.place
    place.mkdir(parents=True)
    discharges = subject.discharges or _NO_DISCHARGES
    write(place / f"{subject.stem}_events.tsv", discharges_table(discharges))
    write(place / f"{subject.stem}_events.json", discharges_sidecar(discharges, subject.truth))


def _dimensions(edf: Path) -> list[str]:
    """Read the units of the channels from the header as it was written; the last signal holds the annotations."""
    with edf.open("rb") as file:
        n_signals = int(file.read(_FIXED_BYTES)[_N_SIGNALS])
        file.seek(_FIXED_BYTES + n_signals * _BEFORE_DIMENSION_BYTES)
        return [file.read(_DIMENSION_BYTES).decode("ascii").strip() for _ in range(n_signals - 1)]
