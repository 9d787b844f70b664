"""Simulated cohorts made by the processes that measure recordings: this machine's, or the workers of a cluster."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from twitchwise.cohort.engine import Cluster, Engine

if TYPE_CHECKING:
    from twitchwise.simulate import Apparatus, DataSet, People, Setting

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def simulate_cohort(  # noqa: PLR0913 - what, where to, whom, how many, how recorded, and where
    setting: "Setting | str",
    folder: Path | str,
    *,
    n_subjects: int,
    cluster: Cluster | str | None = None,
    seed: int = 0,
    duration_s: float | None = None,
    apparatus: "Apparatus | None" = None,
    people: "People | Literal['anyone'] | None" = "anyone",
    add: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> "DataSet":
    """Simulate many people with one condition in many processes, and write them here as an EMG-BIDS data set.

    People are the same wherever they are made. Workers of a cluster send their files back, so they need not see this
    disk.

    Parameters
    ----------
    setting, folder, n_subjects, seed, duration_s, apparatus, people, add, progress
        As of `twitchwise.simulate.simulate_data_set`.
    cluster
        Where to simulate, or the address or file of a Dask scheduler; processes of this machine without.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    UnwritableFileError
        If the folder holds something else, or cannot be written.
    ClusterLostError
        If the cluster goes away and does not come back; who was made is in the folder.
    WorkLostError
        If workers die of it, again and again.
    """
    from twitchwise.simulate import simulate_data_set  # noqa: PLC0415 - array libraries load here, not at start-up
    from twitchwise.simulate.people import ANYONE  # noqa: PLC0415

    where = cluster if isinstance(cluster, Cluster) else Cluster(address=cluster)
    with Engine(where) as engine:
        return simulate_data_set(
            setting,
            folder,
            n_subjects=n_subjects,
            seed=seed,
            duration_s=duration_s,
            apparatus=apparatus,
            people=ANYONE if people == "anyone" else people,
            add=add,
            hands=EngineHands(engine, share_the_disk=where.address is None),
            progress=progress,
        )


class EngineHands:
    """Workers of an engine, as the simulator gives work to them.

    Parameters
    ----------
    engine
        Reaches them.
    share_the_disk
        Whether they see the files of this machine.
    """

    def __init__(self, engine: Engine, *, share_the_disk: bool) -> None:
        self._engine, self.share_the_disk = engine, share_the_disk
        self.n_hands = max(1, engine.n_threads)

    def submit(self, work: Callable[[Argument], Result], argument: Argument, /) -> "_Waited[Result]":
        """Have something done later."""
        return _Waited(self._engine.work(work, argument))


@dataclass(frozen=True)
class _Waited(Generic[Result]):
    """What comes of work that was given to a worker."""

    wait: Callable[[], Result]

    def result(self) -> Result:
        """Return it when it is there, or raise what it raised."""
        return self.wait()
