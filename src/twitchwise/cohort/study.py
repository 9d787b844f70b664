"""A study: a data set is measured when its tables are asked for, on as many workers as there are, and never twice."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from twitchwise.cohort.columns import EVENTS, FAILURES, MEASUREMENTS, QUALITY, RECORDINGS
from twitchwise.cohort.dataset import Dataset, open_dataset
from twitchwise.cohort.engine import Cluster, Engine, Told
from twitchwise.cohort.folder import KeptOutcome, StudyFolder, tables_in
from twitchwise.cohort.packages import require_packages
from twitchwise.cohort.stored import StudyRecording
from twitchwise.cohort.study_table import StudyTable
from twitchwise.cohort.work import Done, State, Work, settings_digest, short_key
from twitchwise.examine import MeasuringOrder
from twitchwise.vocabulary import TwitchwiseError

CUT_BYTES = 256 << 20
"""A recording of so many bytes is cut into pieces, which several workers measure; the result is the same."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A recording that is done.

    Parameters
    ----------
    outcome
        What became of it.
    is_new
        Whether it was measured now.
    n_done, n_recordings
        How many are done, of how many.
    """

    outcome: KeptOutcome
    is_new: bool
    n_done: int
    n_recordings: int


class Study:
    """The recordings of a data set and what is measured of them; made by `measure`, and measured when asked for.

    ``recordings``, ``measurements``, ``events``, ``quality`` and ``failures`` are its tables.
    """

    def __init__(
        self,
        opened: Callable[[Path], Dataset],
        output: Path | None,
        order: MeasuringOrder,
        cluster: Cluster,
        *,
        force: bool = False,
    ) -> None:
        self._opened, self._order, self._cluster, self._force = opened, order, cluster, force
        self._is_measured = False
        self.folder = output or Path(tempfile.mkdtemp(prefix="twitchwise-study-"))
        if output is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @cached_property
    def dataset(self) -> Dataset:
        """The recordings and whose they are; found when first asked for."""
        return self._opened(self.folder)

    @property
    def recordings(self) -> StudyTable:
        """The table of recordings: a row each."""
        return StudyTable(RECORDINGS, self._measured)

    @property
    def measurements(self) -> StudyTable:
        """The table of measured quantities."""
        return StudyTable(MEASUREMENTS, self._measured)

    @property
    def events(self) -> StudyTable:
        """The table of events."""
        return StudyTable(EVENTS, self._measured)

    @property
    def quality(self) -> StudyTable:
        """The table of what each channel can support."""
        return StudyTable(QUALITY, self._measured)

    @property
    def failures(self) -> StudyTable:
        """The table of recordings that could not be measured, with a sentence each."""
        return StudyTable(FAILURES, self._measured)

    def run(self, step: Callable[[Step], None] | None = None, told: Told | None = None) -> list[KeptOutcome]:
        """Measure what has no result yet, and write the tables; an interrupt leaves those of what is done.

        Parameters
        ----------
        step
            Is told of each recording that is done.
        told
            Is told how much of one that is under way is done.

        Raises
        ------
        UnreadableRecordingError
            If the data set cannot be listed or holds no recording.
        UnwritableFileError
            If the folder of the study holds something else, or cannot be written.
        ClusterLostError
            If the cluster goes away and does not come back.
        MissingExtraError
            If the packages for studies are missing.
        """
        require_packages()
        study = StudyFolder.create(self.folder, self.dataset)
        with study.locked():
            outcomes: dict[str, KeptOutcome] = {}
            try:
                for is_new, outcome in self._outcomes(study, told):
                    outcomes[outcome.recording.name] = outcome
                    if step is not None:
                        done, total = len(outcomes), len(self.dataset.recordings)
                        step(Step(outcome=outcome, is_new=is_new, n_done=done, n_recordings=total))
            except BaseException:
                with suppress(TwitchwiseError):  # the disk may be full; what is kept is kept
                    self._write(study, outcomes)
                raise
            self._write(study, outcomes)
        self._is_measured = True
        return [outcomes[one.name] for one in self.dataset.recordings]

    def _measured(self) -> Mapping[str, Path]:
        if not self._is_measured:
            self.run()
        return tables_in(self.folder)

    def _write(self, study: StudyFolder, outcomes: Mapping[str, KeptOutcome]) -> None:
        """Write the tables of what is done, also of what was kept in the moment of an interrupt."""
        known = [outcomes.get(one.name) or study.outcome(one, self._order) for one in self.dataset.recordings]
        study.write(self.dataset, self._order, [one for one in known if one is not None])

    def _outcomes(self, study: StudyFolder, told: Told | None) -> Iterator[tuple[bool, KeptOutcome]]:
        left = list[StudyRecording]()
        for recording in self.dataset.recordings:
            kept = None if self._force else study.outcome(recording, self._order)
            if kept is None:
                left.append(recording)
            else:
                yield False, kept
        if not left:
            return
        by_name = {one.name: one for one in left}
        with Engine(self._cluster_for(left), told) as engine:
            known = frozenset[str]() if self._force else frozenset(map(short_key, study.keys()))
            for done in engine.measure(self._works(left, known, engine.n_threads)):
                yield self._kept(study, by_name[done.name], done)

    def _kept(self, study: StudyFolder, recording: StudyRecording, done: Done) -> tuple[bool, KeptOutcome]:
        try:
            return not done.is_there, study.keep(recording, self._order, done, anew=self._force)
        except TwitchwiseError:
            raise
        except Exception as fault:  # noqa: BLE001 - a fault of this program in one recording must not cost the others
            said = f"keeping must not fail, but it did: {type(fault).__name__}: {fault}; please report this."
            failed = Done(name=done.name, state=State.FAULT, sentence=said)
            return True, study.keep(recording, self._order, failed)

    def _works(self, left: Sequence[StudyRecording], known: frozenset[str], n_threads: int) -> Iterator[Work]:
        """Give the recordings, large ones first: so all workers end at about the same time."""
        for recording, is_cut in largest_first(left, n_threads):
            yield Work(
                recording=recording,
                order=self._order,
                settings=settings_digest(recording.ordered(self._order)),
                known=known,
                is_cut=is_cut,
            )

    def _cluster_for(self, left: Sequence[StudyRecording]) -> Cluster:
        """Return where to measure; for few recordings fewer processes are started, unless they are long."""
        asked = self._cluster
        if asked.address is not None or asked.n_processes is not None:
            return asked
        from twitchwise.cohort.local import n_cores  # noqa: PLC0415 - so that tests can say how many there are

        is_long = any(one.n_bytes >= CUT_BYTES for one in left)
        return replace(asked, n_processes=n_cores() if is_long else min(n_cores(), len(left)))


def measure(  # noqa: PLR0913 - what, where to, how, and where
    dataset: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    order: MeasuringOrder | None = None,
    table: str | Path | None = None,
    group: str = "group",
    cluster: Cluster | str | None = None,
    storage_options: Mapping[str, object] | None = None,
    force: bool = False,
) -> Study:
    """Return a study of a data set; it is measured when one of its tables is first read, or by `Study.run`.

    Parameters
    ----------
    dataset
        A BIDS data set or a part of it, a folder, a glob, an address such as ``s3://bucket/set``, or several of these.
    output
        The folder of the study: new, or one of before, whose results are used where content and settings are the same.
        Without it the tables last as long as the study.
    order
        What the files do not say, and what to look for.
    table
        A table of who and when, with a column ``file``.
    group
        Column that says which group a person belongs to.
    cluster
        Where to measure, or the address or file of a Dask scheduler; processes of this machine without.
    storage_options
        How to reach the storage, as its package of fsspec names it.
    force
        Whether to measure again what has been measured.

    Examples
    --------
    >>> study = measure("visits/*.edf", "study", table="visits.csv")  # returns at once
    >>> rates = study.measurements.to_pandas()  # doctest: +SKIP
    """

    def opened(folder: Path) -> Dataset:
        return open_dataset(
            dataset,
            table=None if table is None else Path(table),
            group=group,
            leave_out=folder,
            storage_options=storage_options,
        )

    where = cluster if isinstance(cluster, Cluster) else Cluster(address=cluster)
    return Study(opened, None if output is None else Path(output), order or MeasuringOrder(), where, force=force)


def largest_first(recordings: Sequence[StudyRecording], n_threads: int) -> list[tuple[StudyRecording, bool]]:
    """Return recordings in the order in which they are measured, and whether each is cut.

    Of long ones as many as there are threads, or twice as many and so on, keep all of them busy one each; the rest, for
    which some would wait, is cut. What lies on other machines is not, as each worker would have to fetch it.
    """
    ordered = sorted(recordings, key=lambda one: -one.n_bytes)
    n_long = sum(one.n_bytes >= CUT_BYTES and one.is_local for one in ordered)
    n_whole = n_long if n_threads <= 1 else n_long - n_long % n_threads
    n_before, planned = 0, list[tuple[StudyRecording, bool]]()
    for one in ordered:
        is_long = one.n_bytes >= CUT_BYTES and one.is_local
        planned.append((one, is_long and n_before >= n_whole))
        n_before += is_long
    return planned


def states_of(outcomes: Sequence[KeptOutcome]) -> dict[State, int]:
    """Count what became of recordings."""
    return {state: sum(one.state is state for one in outcomes) for state in State}
