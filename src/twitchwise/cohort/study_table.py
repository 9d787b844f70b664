"""A table of a study that is read when it is needed, as the package that a researcher works with has it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as ds


class StudyTable:
    """One table of a study.

    Parameters
    ----------
    name
        Which one.
    files
        Gives the files of all tables, and has them made where they are not there.
    """

    def __init__(self, name: str, files: Callable[[], Mapping[str, Path]]) -> None:
        self.name, self._files = name, files

    @property
    def file(self) -> Path:
        """The Parquet file, for pandas, polars, DuckDB, R and others."""
        return self._files()[self.name]

    def to_pandas(self, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """Return the rows as a pandas table."""
        frame: pd.DataFrame = self.to_arrow(columns).to_pandas()
        return frame

    def to_arrow(self, columns: Sequence[str] | None = None) -> "pa.Table":
        """Return the rows as an Arrow table, which polars takes without a copy."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - loads when a table is read

        return pq.read_table(self.file, columns=None if columns is None else list(columns))

    def dataset(self) -> "ds.Dataset":
        """Return the table as an Arrow data set, of which parts are read by filters: for more than memory holds."""
        from pyarrow.dataset import dataset  # noqa: PLC0415 - loads when a table is read

        return dataset(self.file)

    def __repr__(self) -> str:
        return f"<table {self.name} of a study; read it with to_pandas(), to_arrow() or dataset()>"
