"""Where the recordings of a data set lie: found in the same way on this machine and in a skeleton of another one."""

import glob
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from twitchwise.cohort.pattern import is_pattern, pattern_of, without_pattern
from twitchwise.cohort.skeleton import Skeleton
from twitchwise.cohort.storage import Storage, is_address
from twitchwise.cohort.stored import StoredFile
from twitchwise.formats.bids_tree import NOT_RAW, Listing, is_data_set, is_derived
from twitchwise.formats.folder import base_of, files_of, recordings_among, recordings_in
from twitchwise.formats.refusal import readable
from twitchwise.vocabulary import OutOfRangeError, UnreadableRecordingError


@dataclass(frozen=True, kw_only=True, slots=True)
class Lying:
    """The recordings of a data set.

    Parameters
    ----------
    folder
        The data set on this machine, or a skeleton of it.
    name, address
        What its folder is called, and where it is.
    recordings
        The files of each, by its path below the data set.
    is_local
        Whether it lies on this machine.
    is_whole
        Whether the whole data set was looked through.
    options
        For the storage.
    """

    folder: Path
    name: str
    address: str
    recordings: Mapping[str, tuple[StoredFile, ...]]
    is_local: bool
    is_whole: bool
    options: Mapping[str, object] = field(repr=False)


@contextmanager
def lying_at(
    named: Sequence[str], *, leave_out: Sequence[Path | None], options: Mapping[str, object]
) -> Iterator[Lying]:
    """Find the recordings; a skeleton is there as long as the block runs.

    Raises
    ------
    UnreadableRecordingError
        If a place cannot be listed or holds no recording.
    OutOfRangeError
        If the places do not lie together.
    """
    storages = {one: Storage(without_pattern_of_address(one), options) for one in named if is_address(one)}
    local = [_local_name(one, storages.get(one)) for one in named]
    if all(one is not None for one in local):
        yield _lying_here([one for one in local if one is not None], leave_out)
        return
    if len(named) > 1:
        raise OutOfRangeError(f"dataset must be one address of storage, got {len(named)}.")
    with tempfile.TemporaryDirectory(prefix="twitchwise-") as place:
        yield _lying_there(named[0], storages[named[0]], Path(place), options)


def without_pattern_of_address(address: str) -> str:
    """Return an address without its pattern.

    Examples
    --------
    >>> without_pattern_of_address("s3://bucket/set/**/*.edf")
    's3://bucket/set'
    """
    protocol, joint, path = address.rpartition("://")
    return f"{protocol}{joint}{without_pattern(path)}"


def _pattern_of_address(address: str) -> str:
    """Return the pattern of an address without the folders before it."""
    return address[len(without_pattern_of_address(address)) :].lstrip("/")


def _local_name(one: str, storage: Storage | None) -> str | None:
    """Return a place as a path of this machine, if it is one."""
    if storage is None:
        return str(Path(one).expanduser())
    path = storage.local_path
    pattern = _pattern_of_address(one)
    return None if path is None else str(path / pattern if pattern else path)


def _lying_here(named: Sequence[str], leave_out: Sequence[Path | None]) -> Lying:
    found = [_found(one, leave_out) for one in named]
    mains = sorted({main for _, own in found for main in own})
    tops = [top for top, _ in found]
    base = base_of(tops[0] if len(tops) == 1 else _common(tops))
    parts = _parts(mains)
    base = _common([base, *(part.parent for own in parts.values() for part in own)])
    is_whole = len(named) == 1 and Path(named[0]).resolve() == base
    recordings = {
        _below(main, base): tuple(_stored_here(part, base) for part in own if part.is_file())
        for main, own in parts.items()
    }
    return Lying(
        folder=base,
        name=base.name,
        address=str(base),
        recordings=recordings,
        is_local=True,
        is_whole=is_whole,
        options={},
    )


def _found(named: str, leave_out: Sequence[Path | None]) -> tuple[Path, list[Path]]:
    """Return the folder that names begin at and the recordings of one place on this machine."""
    path = Path(named)
    with readable(named):
        if is_pattern(named) and not path.exists():
            folders = without_pattern(path.as_posix())
            top, pattern = Path(folders or ".").resolve(), path.as_posix()[len(folders) :].lstrip("/")
            paths = (top / one for one in glob.glob(pattern, root_dir=top, recursive=True))  # noqa: PTH207 - Path.glob lists hidden ones
            raw = [one for one in paths if not _is_made(one, top)]
            return top, _left(recordings_among(raw), leave_out, named)
        if path.is_dir():
            top = path.resolve()
            return top, _left(recordings_in(top, typed=named), leave_out, named)
        if not path.exists():
            raise FileNotFoundError
    whole = path.parent.resolve() / path.name
    return whole.parent, [whole]


def _is_made(path: Path, top: Path) -> bool:
    """Tell whether a file of a BIDS data set was made from its recordings, or is not one as it was taken."""
    parts = path.relative_to(top).parts
    sets = [folder for folder in (top.joinpath(*parts[:depth]) for depth in range(len(parts))) if is_data_set(folder)]
    return any(is_derived(folder) for folder in sets if folder != top) or any(
        path.relative_to(folder).parts[0] in NOT_RAW for folder in sets
    )


def _left(mains: Sequence[Path], leave_out: Sequence[Path | None], named: str) -> list[Path]:
    """Leave out the folder of results and the user's table where they lie among the recordings."""
    gone = [path.resolve() for path in leave_out if path is not None]
    left = [main for main in mains if not any(main.is_relative_to(path) for path in gone)]
    if not left:
        raise UnreadableRecordingError(f"dataset must hold recordings, got {named!r} without any.")
    return left


def _parts(mains: Sequence[Path]) -> dict[Path, list[Path]]:
    listing = Listing()
    return {main: [part for part in files_of(main, listing) if part.exists()] for main in mains}


def _common(paths: Sequence[Path]) -> Path:
    try:
        return Path(os.path.commonpath(paths))
    except ValueError as error:
        raise OutOfRangeError(f"dataset must lie in one place, got {', '.join(map(str, paths))}.") from error


def _below(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix()


def _stored_here(path: Path, base: Path) -> StoredFile:
    return StoredFile(
        relative=_below(path, base), address=str(path), n_bytes=path.stat().st_size, stamp=stamp_of_file(path)
    )


def stamp_of_file(path: Path) -> str:
    """Return a text that changes when a file of this machine does."""
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _lying_there(named: str, storage: Storage, place: Path, options: Mapping[str, object]) -> Lying:
    skeleton = Skeleton(storage, place)
    pattern, base = _pattern_of_address(named), skeleton.folder
    mains = _mains(skeleton, pattern, named)
    recordings = {
        _below(main, base): tuple(
            _stored_there(_below(part, base), skeleton, storage) for part in own if part.is_file()
        )
        for main, own in _parts(mains).items()
    }
    return Lying(
        folder=base,
        name=PurePosixPath(skeleton.root).name or named,
        address=storage.address_of(skeleton.root),
        recordings=recordings,
        is_local=False,
        is_whole=skeleton.named == base and not pattern,
        options=dict(options),
    )


def _mains(skeleton: Skeleton, pattern: str, named: str) -> list[Path]:
    if pattern:
        fits = pattern_of(pattern)
        below = [path for path in skeleton.named.rglob("*") if fits.fullmatch(_below(path, skeleton.named))]
        return _left(recordings_among(sorted(below)), (), named)
    if skeleton.named.is_file():
        return [skeleton.named]
    if not skeleton.named.exists():
        raise UnreadableRecordingError(f"dataset must hold recordings, got {named!r} without any file.")
    return recordings_in(skeleton.named, typed=named)


def _stored_there(relative: str, skeleton: Skeleton, storage: Storage) -> StoredFile:
    file = skeleton.files[relative]
    return StoredFile(relative=relative, address=storage.address_of(file.path), n_bytes=file.n_bytes, stamp=file.stamp)
