"""The content of a recording as one short text, the same wherever the data set lies."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

_PIECE_BYTES = 1 << 20
_DIGEST_BYTES = 32


def digest_of(*paths: Path) -> str:
    """Return a digest (BLAKE2b, 256 bits, hexadecimal) of the names and contents of files, whatever their order.

    Parameters
    ----------
    paths
        Files; a folder stands for all files below it. Only the last part of a path counts.

    Raises
    ------
    OSError
        If one cannot be read.
    """
    whole = blake2b(digest_size=_DIGEST_BYTES)
    for name, content in sorted((file.name, _content(file)) for path in paths for file in _files(path)):
        whole.update(len(name.encode()).to_bytes(8, "little") + name.encode() + content)
    return whole.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
    else:
        yield path


def _content(path: Path) -> bytes:
    content = blake2b(digest_size=_DIGEST_BYTES)
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            content.update(piece)
    return content.digest()
