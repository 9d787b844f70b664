"""The folder of a study: a BIDS derivative with the tables, the events of each recording, and what is known so far."""

import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from platform import python_version
from typing import TYPE_CHECKING, Self

from twitchwise.cohort.columns import EVENTS, TABLES
from twitchwise.cohort.dataset import Dataset
from twitchwise.cohort.journal import Entry, Journal, stamp_of
from twitchwise.cohort.parts import Parts
from twitchwise.cohort.stored import StudyRecording
from twitchwise.cohort.tables import SUFFIX, write_tables
from twitchwise.cohort.work import About, Done, State, settings_digest, settings_of
from twitchwise.examine import MeasuringOrder
from twitchwise.vocabulary import UnwritableFileError

if TYPE_CHECKING:
    import pyarrow as pa

MAKER = "twitchwise cohort"
TABLES_FOLDER, STUDY_FILE, STATE_FOLDER = "tables", "study.json", ".study"
_JOURNAL, _RESULTS, _LOCK = "journal.jsonl", "results", "lock"
_SOURCE = "source"
_PACKAGES = ("twitchwise", "numpy", "scipy", "pandas", "pyarrow", "statsmodels", "distributed", "edfio", "av")
_README = """\
# A study: what {program} measured on {source}

* `tables/recordings.parquet`, `measurements.parquet`, `events.parquet`, `quality.parquet`, `failures.parquet`: one tidy
  table each, with who and when in its first columns. pandas, polars, DuckDB and R read them.
* `*_events.tsv`, in the same folder and under the same name as each recording: its events, as BIDS has them.
* `study.json`: the settings and versions that made them.
* `.study`: what is known so far, so that the same command goes on. Without it the tables stay as they are.

Written by {program} {version}. Research and education software, not a medical device.
"""


@dataclass(frozen=True, kw_only=True, eq=False)
class KeptOutcome:
    """What became of a recording, as it lies in the folder of the study."""

    recording: StudyRecording
    state: State
    parts: Parts
    key: str = ""
    digest: str = ""
    sentence: str = ""

    def about(self) -> About:
        """Return the recording in a few words."""
        return self.parts.about(self.key)

    def rows(self, table: str) -> "pa.Table":
        """Return the rows of a table that the recording gave."""
        return self.parts.table(self.key, table)


class StudyFolder:
    """Where a study is kept; made by `create`. One program at a time may write to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = Parts(folder / STATE_FOLDER / _RESULTS)
        self._journal = Journal(folder / STATE_FOLDER / _JOURNAL)

    @classmethod
    def create(cls, folder: Path, dataset: Dataset) -> Self:
        """Begin the folder of a study, or go on with one.

        Parameters
        ----------
        folder
            New, empty, or one of before.
        dataset
            What is measured.

        Raises
        ------
        UnwritableFileError
            If the folder holds something else, or cannot be written.
        """
        from twitchwise.formats.bids.derived import About as Described  # noqa: PLC0415 - loads when results are kept
        from twitchwise.formats.bids.derived import begin_derived  # noqa: PLC0415

        described = Described(
            maker=MAKER,
            title="Study: {source}",
            readme=_README,
            ignored=(f"/{TABLES_FOLDER}", f"/{STUDY_FILE}", "/*.html"),
            source_link=_SOURCE,
        )
        begin_derived(folder, described, source=Path(dataset.base) if dataset.is_local else dataset.base)
        with study_writable(folder):
            (folder / STATE_FOLDER).mkdir(exist_ok=True)
            return cls(folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other programs from writing to the folder.

        Raises
        ------
        UnwritableFileError
            If another program writes to it.
        """
        with ExitStack() as stack:
            with study_writable(self.folder):
                file = stack.enter_context((self.folder / STATE_FOLDER / _LOCK).open("a", encoding="ascii"))
                if not _is_locked(file.fileno()):
                    raise UnwritableFileError(
                        f"output must be written by one program at a time, got {str(self.folder)!r}, "
                        "which another writes."
                    )
                self._parts.clear_unfinished()
            yield

    def keys(self) -> frozenset[str]:
        """Return the keys of the results that are there."""
        return self._parts.keys()

    def outcome(self, recording: StudyRecording, order: MeasuringOrder) -> KeptOutcome | None:
        """Return what became of a recording if it is known to be the same still, without reading its files."""
        entry = self._journal.of(recording, settings_digest(recording.ordered(order)))
        if entry is None:
            return None
        state = State(entry.state)
        if state is State.REFUSED and entry.key:
            return self._kept(recording, entry)
        return self._kept(recording, entry) if state is State.MEASURED and self._parts.has(entry.key) else None

    def keep(self, recording: StudyRecording, order: MeasuringOrder, done: Done, *, anew: bool = False) -> KeptOutcome:
        """Keep what became of a recording: its result, its events as BIDS has them, and a line.

        With ``anew`` it takes the place of a result of the same content and settings.

        Raises
        ------
        UnwritableFileError
            If the folder cannot be written; what was kept before is kept still.
        """
        entry = Entry(
            name=recording.name,
            stamp=stamp_of(recording),
            settings=settings_digest(recording.ordered(order)),
            state=done.state.value,
            digest=done.digest,
            key=done.key,
            sentence=done.sentence,
        )
        with study_writable(self.folder):
            if done.state is State.MEASURED:
                if anew:
                    self._parts.drop(done.key)
                self._parts.put(done)
                self._write_events(recording, done.key, zlib.decompress(done.events).decode() if done.events else "")
            self._journal.add(entry)
        return self._kept(recording, entry)

    def write(
        self,
        dataset: Dataset,
        order: MeasuringOrder,
        outcomes: Sequence[KeptOutcome],
        progress: Callable[[], None] | None = None,
    ) -> None:
        """Write the tables and what made them; events of recordings that are no longer measured are removed.

        Raises
        ------
        UnwritableFileError
            If the folder cannot be written; the tables of before are then still there.
        """
        from twitchwise.formats.bids.place import write_whole  # noqa: PLC0415 - array libraries load here

        with study_writable(self.folder):
            write_tables(self.folder / TABLES_FOLDER, outcomes, dataset.columns, progress)
            for outcome in outcomes:
                if outcome.state is State.MEASURED and not self._events_file(outcome.recording.name).is_file():
                    self._write_events(outcome.recording, outcome.key)
            measured = {one.recording.name for one in outcomes if one.state is State.MEASURED}
            for name in self._journal.names - measured:
                events = self._events_file(name)
                events.unlink(missing_ok=True)
                events.with_suffix(".json").unlink(missing_ok=True)
            write_whole(self.folder / STUDY_FILE, json.dumps(_study(dataset, order), indent=2) + "\n")

    def _kept(self, recording: StudyRecording, entry: Entry) -> KeptOutcome:
        return KeptOutcome(
            recording=recording,
            state=State(entry.state),
            parts=self._parts,
            key=entry.key,
            digest=entry.digest,
            sentence=entry.sentence,
        )

    def _events_file(self, name: str) -> Path:
        from twitchwise.formats.bids.derivative import place_of  # noqa: PLC0415 - array libraries load here

        return self.folder / f"{place_of(Path(PurePosixPath(name)))}_events.tsv"

    def _write_events(self, recording: StudyRecording, key: str, text: str = "") -> None:
        from twitchwise.cohort.events_text import events_text  # noqa: PLC0415 - array libraries load here
        from twitchwise.formats.bids.derivative import source_names  # noqa: PLC0415
        from twitchwise.formats.bids.measured_events import measured_events_sidecar  # noqa: PLC0415
        from twitchwise.formats.bids.place import write_whole  # noqa: PLC0415
        from twitchwise.formats.bids.text import as_json  # noqa: PLC0415

        file = self._events_file(recording.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        names = [one.relative for one in recording.files]
        write_whole(file, text or events_text(self._parts.table(key, EVENTS)))
        write_whole(file.with_suffix(".json"), as_json(measured_events_sidecar(source_names(names))))


def tables_in(folder: Path) -> dict[str, Path]:
    """Return the tables of a study that was measured, by name.

    Raises
    ------
    UnwritableFileError
        If the folder is none of a study, or its tables are not all there.
    """
    files = {name: folder / TABLES_FOLDER / f"{name}{SUFFIX}" for name in TABLES}
    missing = [str(file) for file in files.values() if not file.is_file()]
    if missing:
        raise UnwritableFileError(
            f"study must be a folder that '{MAKER}' wrote, got {str(folder)!r} without {Path(missing[0]).name}."
        )
    return files


def _study(dataset: Dataset, order: MeasuringOrder) -> dict[str, object]:
    """Return what made the tables."""
    return {
        "dataset": {"name": dataset.name, "address": dataset.base, "n_recordings": len(dataset.recordings)},
        "warnings": list(dataset.warnings),
        "settings": settings_of(order),
        "python": python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name)) is not None},
        "notice": "Research and education software, not a medical device.",
    }


def _version(package: str) -> str | None:
    with suppress(PackageNotFoundError):
        return version(package)
    return None


@contextmanager
def study_writable(folder: Path) -> Iterator[None]:
    """Guard calls to the file system: whatever it refuses becomes one `UnwritableFileError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableFileError(
            f"output must be in a place that can be written, got {str(folder)!r}: {reason}; "
            "what is finished is kept, and the same command goes on."
        ) from error


def _is_locked(descriptor: int) -> bool:
    """Lock a file until it is closed, or until this process ends in whatever way; tell whether that could be done."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - not on every system

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - not on every system

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # some shared disks have no locks; there the user must see to it
    return True
