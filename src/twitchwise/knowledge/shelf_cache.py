"""Keeps what was read from knowledge files in a form that is read at once, as Python keeps its compiled modules.

Reading hundreds of YAML files takes most of a second, and the first question must appear at once. What is kept lies in
a ``__pycache__`` folder beside the files and is bound to their names, sizes and times and to the schema; when anything
differs, or nothing can be written there, the files are read. Nothing about a person is kept.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from twitchwise.knowledge.schema.entry import Entry

E = TypeVar("E", bound=Entry)

_SCHEMA = Path(__file__).parent / "schema"


def kept_entries(folder: Path, files: Sequence[Path], schema: type[E]) -> dict[str, E] | None:
    """Return the entries kept for exactly these files, or ``None`` when there are none."""
    try:
        kept = _place(folder).read_bytes()
        state, content = kept[:_STATE_BYTES], kept[_STATE_BYTES:]
        if state != _state_of(files):
            return None
        return msgspec.msgpack.decode(content, type=dict[str, schema])  # type: ignore[valid-type]
    except (OSError, msgspec.DecodeError):
        return None


def keep_entries(folder: Path, files: Sequence[Path], schema: type[E], entries: Mapping[str, E]) -> None:
    """Keep entries for the next time, where that is possible; a half-written file is never seen."""
    place = _place(folder)
    with suppress(OSError, msgspec.ValidationError):
        content = _state_of(files) + msgspec.msgpack.encode(entries)
        msgspec.msgpack.decode(content[_STATE_BYTES:], type=dict[str, schema])  # type: ignore[valid-type]
        place.parent.mkdir(exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(place)


_STATE_BYTES = hashlib.sha256().digest_size


def _place(folder: Path) -> Path:
    return folder / "__pycache__" / "entries.msgpack"


def _state_of(files: Sequence[Path]) -> bytes:
    state = hashlib.sha256(b"1")
    for file in (*files, *sorted(_SCHEMA.glob("*.py"))):
        found = file.stat()
        state.update(f"{file.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return state.digest()
