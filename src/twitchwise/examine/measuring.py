"""Measures every recording of a folder in turn, keeps what was measured, and goes on where an earlier run stopped."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from twitchwise.examine.examination import examine_as_ordered
from twitchwise.examine.examined import ExaminedRecording
from twitchwise.examine.order import MeasuringOrder, Progress
from twitchwise.knowledge import library
from twitchwise.vocabulary import KnowledgeError, TwitchwiseError

if TYPE_CHECKING:
    from twitchwise.formats.bids.derivative import Derivative, Result

Json = Mapping[str, object]
AsJson = Callable[[ExaminedRecording], Json]
"""Makes the JSON of a measured recording; reports are made above this room."""


class State(StrEnum):
    """What became of a recording of a folder."""

    MEASURED = "measured"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRecording:
    """A recording that is to be measured.

    Parameters
    ----------
    file
        Its main file.
    name
        Its path below the data set or folder.
    place
        Where its results go below the folder of results, and what their names begin with.
    n_bytes
        Size of all its files.
    made_from
        What a result that is there already must have been made from to be kept.
    is_kept
        Whether there is one.
    sources
        Its files, as BIDS names them.
    """

    file: Path
    name: str
    place: str
    n_bytes: int
    made_from: Json
    is_kept: bool = False
    sources: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredRecording:
    """What became of one recording: its JSON, or the sentence that says why there is none."""

    planned: PlannedRecording
    state: State
    measured: Json | None = None
    refusal: str = ""
    files: tuple[Path, ...] = ()
    seconds: float = 0.0


class FolderPlan:
    """The recordings of a folder, in order, and where their results go; made by `plan_folder`."""

    def __init__(
        self, folder: Path, order: MeasuringOrder, recordings: Sequence[PlannedRecording], kept: "Derivative | None"
    ) -> None:
        self.folder, self.order, self.recordings = folder, order, tuple(recordings)
        self._kept = kept

    @property
    def output(self) -> Path | None:
        """The folder of results, if there is one."""
        return None if self._kept is None else self._kept.folder

    def measure(
        self, planned: PlannedRecording, as_json: AsJson, progress: Progress | None = None
    ) -> MeasuredRecording:
        """Measure one recording and store the result, or take the one that is there.

        A recording that cannot be measured does not stop the others: its refusal is in the result.

        Raises
        ------
        UnwritableFileError
            If the folder of results cannot be written.
        """
        start_s = perf_counter()
        if planned.is_kept and self._kept is not None:
            files = self._kept.files(planned.place)
            return MeasuredRecording(
                planned=planned, state=State.KEPT, measured=self._kept.read(planned.place), files=files
            )
        try:
            result = self._result(planned, as_json, progress)
        except KnowledgeError:
            raise  # no fault of this recording
        except TwitchwiseError as refusal:
            said = str(refusal).replace(f"{self.folder}{os.sep}", "")
            return MeasuredRecording(planned=planned, state=State.REFUSED, refusal=said)
        except Exception as fault:  # noqa: BLE001 - a fault of this program in one recording must not cost the others
            said = f"measuring must not fail, but it did: {type(fault).__name__}: {fault}; please report this."
            return MeasuredRecording(planned=planned, state=State.REFUSED, refusal=said)
        files = () if self._kept is None else self._kept.put(planned.place, result)
        seconds = perf_counter() - start_s
        return MeasuredRecording(
            planned=planned, state=State.MEASURED, measured=result.measured, files=files, seconds=seconds
        )

    def _result(self, planned: PlannedRecording, as_json: AsJson, progress: Progress | None) -> "Result":
        examined = examine_as_ordered(planned.file, self.order, progress)
        from twitchwise.formats.bids.derivative import Result  # noqa: PLC0415 - array libraries load here
        from twitchwise.formats.bids.measured_events import (  # noqa: PLC0415
            measured_events_sidecar,
            measured_events_table,
        )

        found = examined.result
        return Result(
            measured=as_json(examined),
            events=measured_events_table((*found.events, *found.discharges), examined.recording),
            explained=measured_events_sidecar(planned.sources),
            made_from=planned.made_from,
        )


def plan_folder(folder: Path, order: MeasuringOrder, *, output: Path | None = None, force: bool = False) -> FolderPlan:
    """Find the recordings of a folder and which of them have results already.

    Parameters
    ----------
    folder
        A BIDS data set, a part of one, or a folder of recordings.
    order
        What the files do not say, and what to look for.
    output
        Where results are kept: a new or empty folder, or one that this program wrote.
    force
        Whether to measure again what has been measured.

    Raises
    ------
    UnreadableRecordingError
        If the folder holds no recordings.
    UnwritableFileError
        If the output holds something else, or cannot be written.
    """
    from twitchwise.formats.folder import base_of, recordings_in  # noqa: PLC0415 - array libraries load here

    whole = folder.resolve()
    files, base = recordings_in(whole, typed=str(folder), leave_out=output), base_of(whole)
    kept = None
    if output is not None:
        from twitchwise.formats.bids.derivative import Derivative  # noqa: PLC0415 - loads when results are kept

        kept = Derivative.create(output, source=base)
    planned = _planned(files, base, order, None if force else kept)
    return FolderPlan(whole, order, list(planned), kept)


def _places(files: Sequence[Path], base: Path) -> list[str]:
    """Return a place for each recording; one of the same name but another ending gets all of its name."""
    from twitchwise.formats.bids.derivative import place_of  # noqa: PLC0415 - array libraries load here

    places: dict[str, None] = {}
    for file in files:
        relative = file.relative_to(base)
        place = place_of(relative)
        places[relative.as_posix() if place in places else place] = None
    return list(places)


def _planned(
    files: Sequence[Path], base: Path, order: MeasuringOrder, kept: "Derivative | None"
) -> Iterator[PlannedRecording]:
    """Give for each recording what its result will be made from, and whether there is one that was."""
    from twitchwise.formats.bids.derivative import source_names  # noqa: PLC0415 - array libraries load here
    from twitchwise.formats.bids_tree import Listing  # noqa: PLC0415
    from twitchwise.formats.folder import files_of  # noqa: PLC0415

    same = {"order": order.as_json(), "version": version("twitchwise"), "knowledge_digest": library().digest}
    listing = Listing()
    for file, place in zip(files, _places(files, base), strict=True):
        parts = {part.relative_to(base).as_posix(): part for part in files_of(file, listing) if part.exists()}
        stats = {name: part.stat() for name, part in parts.items()}
        made_from = {"files": {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}, **same}
        yield PlannedRecording(
            file=file,
            name=file.relative_to(base).as_posix(),
            place=place,
            n_bytes=sum(stat.st_size for stat in stats.values()),
            made_from=made_from,
            is_kept=kept is not None and kept.has(place, made_from),
            sources=source_names(list(stats)),
        )
