"""Who makes the people of ``twitchwise simulate``: this process, more of this machine, or the workers of a cluster."""

from functools import partial
from typing import TYPE_CHECKING

import typer

from twitchwise.vocabulary import MissingExtraError, OutOfRangeError
from twitchwise.vocabulary.checks import require_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from twitchwise.simulate import DataSet

MOST_PROCESSES = 1024
MANY = 100  # people: on two cores, to start processes and compile in each takes as long as they spare for fewer


class Makers:
    """Who was asked for.

    Parameters
    ----------
    cluster
        Address or file of a scheduler, if any.
    processes
        How many processes of this machine, if it was said.

    Raises
    ------
    OutOfRangeError
        If both are given, or a number of processes that cannot be.
    """

    def __init__(self, *, cluster: str | None, processes: int | None) -> None:
        if cluster is not None and processes is not None:
            raise OutOfRangeError("cluster must be given without --processes, which are of this machine.")
        if processes is not None:
            require_within("processes", processes, 1, MOST_PROCESSES)
        self.cluster, self.processes = cluster, processes

    def require_nobody(self) -> None:
        """Refuse others where there is one person to be made."""
        for name, asked in (("cluster", self.cluster), ("processes", self.processes)):
            if asked is not None:
                raise OutOfRangeError(
                    f"{name} must be given for a data set of several people; give --subjects and -o FOLDER."
                )

    def of(self, n_people: int) -> "Callable[..., DataSet]":
        """Return what makes so many people, in one way wherever that is.

        Raises
        ------
        MissingExtraError
            If others were asked for, and the packages that reach them are missing.
        """
        from twitchwise.cohort.packages import require_packages  # noqa: PLC0415 - loads when it is needed
        from twitchwise.simulate import simulate_data_set  # noqa: PLC0415 - array libraries load here, not at start-up

        if not self._are_others(n_people):
            return simulate_data_set
        try:
            require_packages()
        except MissingExtraError as missing:
            if self.cluster is not None or self.processes is not None:
                raise
            wanted = MissingExtraError("Simulating on every core", missing.extra)
            typer.echo(f"One process makes them all. {wanted}", err=True)
            return simulate_data_set
        from twitchwise.cohort import Cluster, simulate_cohort  # noqa: PLC0415

        return partial(simulate_cohort, cluster=Cluster(address=self.cluster, n_processes=self.processes))

    def _are_others(self, n_people: int) -> bool:
        if self.cluster is not None:
            return True
        if self.processes is not None:
            return self.processes > 1
        from twitchwise.cohort.local import n_cores  # noqa: PLC0415 - so that tests can say how many there are

        return n_people >= MANY and n_cores() > 1
