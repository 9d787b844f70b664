"""A zip archive of files, copied into it piece by piece, the same bytes for the same files."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # the format knows no earlier one; a fixed one keeps the bytes the same
_QUICK, _WELL = 1, 6  # of packing: samples get hardly smaller with more effort, texts do
_LARGE_BYTES = 1 << 30  # an archive must foresee where a file may take 4 GB
_PIECE_BYTES = 1 << 20

Content = tuple[str, bytes | Path]
"""The name of a file in an archive or a folder, with slashes, and what it holds, or where that lies."""


def write_archive(target: Path, contents: Iterable[Content]) -> None:
    """Write a zip archive; a file is read piece by piece, so that a night fits in little memory.

    Raises
    ------
    OSError
        If a file cannot be read, or the archive cannot be written.
    """
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as archive:
        for name, content in contents:
            if isinstance(content, bytes):
                entry = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED, _WELL)
            else:
                _copy(content, archive, name)


def _copy(file: Path, archive: zipfile.ZipFile, name: str) -> None:
    """Copy a file into an archive, which dates what it is given by name to its first day."""
    is_large = file.stat().st_size > _LARGE_BYTES
    with file.open("rb") as source, archive.open(name, "w", force_zip64=is_large) as sink:
        shutil.copyfileobj(source, sink, _PIECE_BYTES)


def contents_of(folder: Path, name: str) -> Iterator[Content]:
    """Give the files of a folder and its folders, sorted, under a name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{name}/{path.relative_to(folder).as_posix()}", path
