"""Reads the tables of a study: no more of them than the page needs, and with a name for what has none."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.cohort.columns import FAILURES, MEASUREMENTS, QUALITY, RECORDINGS, WHO
from twitchwise.cohort.folder import STUDY_FILE, tables_in
from twitchwise.vocabulary import MissingExtraError, UnwritableFileError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ALL, NO_GROUP = "all participants", "group not named"
ONE_VISIT, NO_VISIT = "the only visit", "visit not named"
PERSON, VISIT, GROUP = "participant_id", "session", "group"
_MEASURED = ("channel", "site", "side", "motor_unit", "quantity", "value", "low", "high", "unit", "method", "doubts")
_QUALITY = (
    *("channel", "kind", "usable", "reason", "unit", "noise_rms", "clipped_share", "flat_share", "missing_share"),
    *("mains_share", "rest_s", "statements"),
)
_UNKNOWN_STUDY = "study must be a folder that 'twitchwise cohort' wrote"


@dataclass(frozen=True, kw_only=True, eq=False)
class StudyTables:
    """The tables of a study.

    Parameters
    ----------
    folder
        Where they lie.
    recordings, quality, failures
        As they lie there, with a name for each participant, visit and group.
    measurements
        The same of what was measured, by quantity; of single motor units only what is of nothing else.
    n_nameless
        Recordings that name no participant; each is taken for one of its own.
    made
        Settings and versions, as `study.json` has them.
    """

    folder: Path
    recordings: "pd.DataFrame"
    quality: "pd.DataFrame"
    failures: "pd.DataFrame"
    measurements: Mapping[str, "pd.DataFrame"]
    n_nameless: int
    made: Mapping[str, object]

    @property
    def name(self) -> str:
        """What the data set is called."""
        dataset = self.made.get("dataset")
        named = str(dataset.get("name") or "") if isinstance(dataset, dict) else ""
        return named or self.folder.resolve().name

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups by name, that of those who are in none last."""
        found = sorted(set(self.recordings[GROUP]), key=lambda one: (one == NO_GROUP, one))
        return tuple(found)

    @cached_property
    def visits(self) -> tuple[str, ...]:
        """The visits in the order in which participants came; by their names where that is not known."""
        frame = self.recordings
        rank = frame.groupby(PERSON)["start"].rank() if frame["start"].notna().all() else frame["start"].isna() * 0.0
        means = rank.groupby(frame[VISIT]).mean().round(2)
        places = {str(visit): float(place) for visit, place in means.items()}
        return tuple(sorted(places, key=lambda one: (places[one], _natural(one))))

    @property
    def participants(self) -> "pd.DataFrame":
        """One row a participant."""
        return self.recordings.drop_duplicates(PERSON)


def read_study(folder: Path) -> StudyTables:
    """Return the tables of a study.

    Raises
    ------
    UnwritableFileError
        If the folder is none of a study, or what lies there cannot be read.
    MissingExtraError
        If the packages for studies are missing.
    """
    _require_packages()
    files = tables_in(folder)
    try:
        recordings = _frame(files[RECORDINGS])
        naming = _Naming(recordings)
        return StudyTables(
            folder=folder,
            recordings=naming.named(recordings),
            quality=naming.named(_frame(files[QUALITY], (*WHO, *_QUALITY))),
            failures=naming.named(_frame(files[FAILURES])),
            measurements=_by_quantity(naming.named(_measured(files[MEASUREMENTS]))),
            n_nameless=int(recordings[PERSON].isna().sum()),
            made=_made(folder / STUDY_FILE),
        )
    except (OSError, ValueError, KeyError) as error:
        raise UnwritableFileError(f"{_UNKNOWN_STUDY}, got {str(folder)!r}: {error}.") from error


def _require_packages() -> None:
    try:
        import pandas as pd  # noqa: F401, PLC0415 - only whether it is there
        import pyarrow as pa  # noqa: F401, PLC0415 - the same
    except ImportError as error:
        raise MissingExtraError("A study", "cohort") from error


def _frame(file: Path, columns: tuple[str, ...] | None = None) -> "pd.DataFrame":
    return _as_pandas(_arrow(file, columns))


def _arrow(file: Path, columns: tuple[str, ...] | None = None) -> "pa.Table":
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads when a study is read

    return pq.read_table(file, columns=None if columns is None else list(columns))


def _as_pandas(table: "pa.Table") -> "pd.DataFrame":
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _measured(file: Path) -> "pd.DataFrame":
    """Return what was measured of channels and whole recordings; of single motor units only what is of nothing else."""
    import pyarrow.compute as pc  # noqa: PLC0415 - loads when a study is read

    table = _arrow(file, (*WHO, *_MEASURED))
    is_whole = pc.is_null(table["motor_unit"])
    of_whole = pc.unique(table["quantity"].filter(is_whole))
    of_units = pc.invert(pc.is_in(table["quantity"], value_set=of_whole))
    return _as_pandas(table.filter(pc.or_(is_whole, of_units)))


def _by_quantity(frame: "pd.DataFrame") -> dict[str, "pd.DataFrame"]:
    return {str(quantity): part for quantity, part in frame.groupby("quantity", sort=True)}


def _made(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    made = json.loads(file.read_text(encoding="utf-8"))
    return made if isinstance(made, dict) else {}


class _Naming:
    """Names what a table leaves open, in the same way in each of them."""

    def __init__(self, recordings: "pd.DataFrame") -> None:
        self._group = ALL if recordings[GROUP].isna().all() else NO_GROUP
        self._visit = ONE_VISIT if recordings[VISIT].isna().all() else NO_VISIT

    def named(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Return a table in which each row has a participant, a visit and a group."""
        named: dict[str, pd.Series[str] | str] = {
            PERSON: frame["recording"],
            VISIT: self._visit,
            GROUP: self._group,
        }
        return frame.assign(**{name: _filled(frame[name], value) for name, value in named.items()})


def _filled(column: "pd.Series[str]", value: "pd.Series[str] | str") -> "pd.Series[str]":
    return column.astype("str").where(column.notna(), value)


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts 'visit 10' behind 'visit 2'."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name))
