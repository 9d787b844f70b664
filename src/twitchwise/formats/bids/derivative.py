"""A BIDS derivative on disk: what was measured on each recording of a folder, kept so that a later run can go on.

For each recording there are its events (``*_events.tsv`` with ``*_events.json``) and then, written last, all that was
measured (``*_measurements.json``) with what it was made from. Each file appears under its name only when it is whole.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from twitchwise.formats.bids.derived import About, begin_derived
from twitchwise.formats.bids.place import writable, write_whole
from twitchwise.formats.bids.text import PROGRAM, as_json
from twitchwise.vocabulary import OutOfRangeError

EVENTS, MEASUREMENTS = "_events.tsv", "_measurements.json"
_BEFORE_LABEL, _IN_LABEL = ("sub-", "ses-", "task-", "tracksys-"), ("acq-", "recording-")
_MAKER, SOURCE = f"{PROGRAM} measure", "source"
MADE_FROM = "made_from"
"""Key of the JSON that says what a result was made from."""

_README = """\
# What {program} measured

For each recording, in the same folder and under the same name as in {source}:

* `*_events.tsv`: every event that was found, with kind, channel, unit and probability; `*_events.json` explains it.
* `*_measurements.json`: all that was measured, as `{program} measure FILE --json` prints it, and under `made_from` what
  from. BIDS has no name for such files, so `.bidsignore` names them.

Written by {program} {version}. Research and education software, not a medical device.
"""


class _Kept(msgspec.Struct):
    """The one part of a result that tells whether it is still good."""

    made_from: dict[str, object] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What is stored of one recording.

    Parameters
    ----------
    measured
        What ``measure --json`` prints.
    events
        The table of events.
    explained
        What ``events.json`` says.
    made_from
        What must be the same for the result to be good still.
    """

    measured: Mapping[str, object]
    events: str
    explained: Mapping[str, object]
    made_from: Mapping[str, object]


class Derivative:
    """A folder of results; made by `create`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, *, source: Path) -> Self:
        """Begin a folder of results, or go on with one that this program wrote.

        Parameters
        ----------
        folder
            New, empty, or such a folder.
        source
            The data set or folder that is measured.

        Raises
        ------
        UnwritableFileError
            If the folder holds something else, or cannot be written.
        """
        begin_derived(
            folder,
            about=About(
                maker=_MAKER,
                title=f"What {PROGRAM} measured on: {{source}}",
                readme=_README,
                ignored=(f"*{MEASUREMENTS}",),
                source_link=SOURCE,
            ),
            source=source,
        )
        return cls(folder)

    def files(self, place: str) -> tuple[Path, ...]:
        """Return the files of a recording by its place: the folder and begin of their names, below this folder."""
        names = (EVENTS, EVENTS.replace(".tsv", ".json"), MEASUREMENTS)
        return tuple(self.folder / f"{place}{name}" for name in names)

    def has(self, place: str, made_from: Mapping[str, object]) -> bool:
        """Tell whether there is a whole result that was made from just this."""
        files = self.files(place)
        if not all(file.is_file() for file in files):
            return False
        try:
            kept = msgspec.json.decode(files[-1].read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return False
        return kept.made_from == dict(made_from)

    def read(self, place: str) -> dict[str, object]:
        """Return what was measured, as it is stored.

        Raises
        ------
        OutOfRangeError
            If the file does not hold it.
        """
        file = self.files(place)[-1]
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            content = None
        if not isinstance(content, dict):
            raise OutOfRangeError(f"results must be as this program wrote them, got {str(file)!r}.")
        return content

    def put(self, place: str, result: Result) -> tuple[Path, ...]:
        """Write a result and return its files; an interrupted write leaves none that looks whole.

        Raises
        ------
        UnwritableFileError
            If the folder cannot be written.
        """
        events, explained, measured = self.files(place)
        text = json.dumps(
            {**result.measured, MADE_FROM: dict(result.made_from)}, indent=2, ensure_ascii=False, allow_nan=False
        )
        with writable(self.folder):
            events.parent.mkdir(parents=True, exist_ok=True)
            measured.unlink(missing_ok=True)
            write_whole(events, result.events)
            write_whole(explained, as_json(result.explained))
            write_whole(measured, text + "\n")
        return events, explained, measured


def place_of(relative: Path) -> str:
    """Return where the results of a recording go, by its path below its data set or folder.

    They are named after it as BIDS does it, or after all of its name where it is not one of a BIDS data set. A
    recording of physiology, which may lie beside one of EMG of the same name, says so as an acquisition of its own.

    Examples
    --------
    >>> place_of(Path("sub-01/emg/sub-01_task-rest_emg.edf")), place_of(Path("left/calf.edf"))
    ('sub-01/emg/sub-01_task-rest', 'left/calf.edf')
    >>> place_of(Path("sub-01/emg/sub-01_task-rest_physio.tsv.gz"))
    'sub-01/emg/sub-01_task-rest_acq-physio'
    """
    stem, _, suffix = Path(relative.name.removesuffix(".gz")).stem.rpartition("_")
    if not stem.startswith("sub-") or suffix not in {"emg", "motion", "physio"}:
        return relative.as_posix()
    is_alone = suffix in {"emg", relative.parent.name}
    return relative.with_name(stem if is_alone else _set_apart(stem, suffix)).as_posix()


def _set_apart(stem: str, suffix: str) -> str:
    """Return a begin of names with the suffix in the label of the acquisition, as names of events know no other."""
    parts = stem.split("_")
    said = [part.partition("-")[2] for part in parts if part.startswith(_IN_LABEL)]
    label = "".join(word if number == 0 else word.capitalize() for number, word in enumerate([*said, suffix]))
    kept = [part for part in parts if not part.startswith(_IN_LABEL)]
    before = [part for part in kept if part.startswith(_BEFORE_LABEL)]
    return "_".join([*before, f"acq-{label}", *(part for part in kept if part not in before)])


def source_names(relative: Sequence[str]) -> list[str]:
    """Return files as BIDS names those of another data set, by their paths below it."""
    return [f"bids:{SOURCE}:{path}" for path in relative]
