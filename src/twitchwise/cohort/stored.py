"""A recording of a study: its files where they are stored, whose it is, and what else is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.cohort.who import Who
from twitchwise.vocabulary import Side, Task

if TYPE_CHECKING:
    from twitchwise.examine.order import MeasuringOrder


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """One file of a data set.

    Parameters
    ----------
    relative
        Its path below the data set, with ``/``.
    address
        Its absolute path on this machine, or its address as fsspec writes it, such as ``s3://bucket/set/x.edf``.
    n_bytes
        Its size.
    stamp
        A text that changes when the file does: size and time of change on a disk, in other places what they keep, such
        as the ``ETag`` of S3.
    """

    relative: str
    address: str
    n_bytes: int
    stamp: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gaps:
    """What the user's table says that a file may not: it fills gaps of a `MeasuringOrder`."""

    task: Task | None = None
    side: Side | None = None
    site: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyRecording:
    """One recording of a study; small, and can be sent to other processes and machines.

    Parameters
    ----------
    name
        Path of its main file (or folder, where a folder is the recording) below the data set, with ``/``; no two are
        alike.
    files
        Every file that it consists of or that describes it, the main file first where there is one.
    who
        Whose it is, and when it was taken.
    more
        Further columns of the tables of the data set and of the user's table, without empty cells; a column holds
        numbers in every recording or text in every one.
    gaps
        What the user's table says of task, side and site.
    is_local
        Whether the files lie on this machine.
    storage_options
        How to reach the storage; may hold secrets, so it is not shown.
    """

    name: str
    files: tuple[StoredFile, ...]
    who: Who = field(default_factory=Who)
    more: Mapping[str, str | float] = field(default_factory=dict, hash=False)
    gaps: Gaps = field(default_factory=Gaps)
    is_local: bool = True
    storage_options: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def n_bytes(self) -> int:
        """Size of all its files together."""
        return sum(file.n_bytes for file in self.files)

    def ordered(self, order: "MeasuringOrder") -> "MeasuringOrder":
        """Return the order with its gaps filled by what the user's table says of this recording."""
        gaps = self.gaps
        return replace(order, task=order.task or gaps.task, side=order.side or gaps.side, site=order.site or gaps.site)

    def paths(self, main: Path) -> tuple[Path, ...]:
        """Return where its files lie when its main file lies at ``main``, in the order of ``files``.

        Examples
        --------
        >>> file = StoredFile(relative="sub-01/sub-01_emg.json", address="", n_bytes=2, stamp="")
        >>> one = StudyRecording(name="sub-01/emg/sub-01_emg.edf", files=(file,))
        >>> one.paths(Path("work/sub-01/emg/sub-01_emg.edf"))[0].as_posix()
        'work/sub-01/sub-01_emg.json'
        """
        base = main.parents[self.name.count("/")]
        return tuple(base / file.relative for file in self.files)
