"""One folder of knowledge files: read, typed, and addressable by file, line and key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.yaml_reader import Document, read_document
from twitchwise.vocabulary import KnowledgeError

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Shelf(Mapping[str, E], Generic[E]):
    """The entries of one folder by id, each with the document it came from."""

    entries: Mapping[str, E]
    documents: Mapping[str, Document]

    def __getitem__(self, name: str) -> E:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def error(self, name: str, path: str, rule: str) -> KnowledgeError:
        """Return a refusal that names the file, line and key of an entry."""
        return self.documents[name].error(path, rule)


def read_shelf(folder: Path, schema: type[E]) -> Shelf[E]:
    """Read every ``*.yaml`` of a folder; the file's stem must be the entry's id.

    Raises
    ------
    KnowledgeError
        At the first file that does not fit the schema.
    """
    entries: dict[str, E] = {}
    documents: dict[str, Document] = {}
    for file in sorted(folder.glob("*.yaml")):
        document = read_document(file)
        entry = document.as_type(schema)
        name: str = entry.id  # type: ignore[attr-defined]
        if name != file.stem:
            raise document.error("id", f"id must be the file's stem {file.stem!r}, got {name!r}.")
        entries[name], documents[name] = entry, document
    return Shelf(entries, documents)
