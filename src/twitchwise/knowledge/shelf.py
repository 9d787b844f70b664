"""One folder of knowledge files: read, typed, and addressable by file, line and key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.shelf_cache import keep_entries, kept_entries
from twitchwise.knowledge.texts import with_texts
from twitchwise.knowledge.yaml_reader import read_document
from twitchwise.vocabulary import KnowledgeError

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Shelf(Mapping[str, E], Generic[E]):
    """The entries of one folder by id."""

    folder: Path
    entries: Mapping[str, E]

    def __getitem__(self, name: str) -> E:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def error(self, name: str, path: str, rule: str) -> KnowledgeError:
        """Return a refusal that names the file, line and key of an entry."""
        return read_document(self.folder / f"{name}.yaml").error(path, rule)


def read_shelf(folder: Path, schema: type[E]) -> Shelf[E]:
    """Read every ``*.yaml`` of a folder; the file's stem must be the entry's id.

    Entries of files that have not changed since they were last read are taken as they were then (`shelf_cache`).

    Raises
    ------
    KnowledgeError
        At the first file that does not fit the schema.
    """
    files = sorted(folder.glob("*.yaml"))
    entries = kept_entries(folder, files, schema)
    if entries is None:
        entries = {file.stem: _read(file, schema) for file in files}
        keep_entries(folder, files, schema, entries)
    return Shelf(folder, {name: with_texts(entry) for name, entry in entries.items()})


def _read(file: Path, schema: type[E]) -> E:
    document = read_document(file)
    entry = document.as_type(schema)
    name: str = entry.id  # type: ignore[attr-defined]
    if name != file.stem:
        raise document.error("id", f"id must be the file's stem {file.stem!r}, got {name!r}.")
    return entry
