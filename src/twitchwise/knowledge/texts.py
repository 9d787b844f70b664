"""The words for people in the knowledge: each is made a `Text` when a file is read, and listed for the catalogs."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.vocabulary.text import Text, say

E = TypeVar("E", bound=Entry)
_Change = Callable[[Any], Any]


def with_texts(entry: E) -> E:
    """Return an entry with its words for people as texts; it is the same one, changed before anyone else saw it."""
    _entry(type(entry))(entry)
    return entry


def texts_of(value: object) -> Iterator[Text]:
    """Give every text of an entry, in the order of its fields."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Entry):
        for name in value.__struct_fields__:
            yield from texts_of(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)


@cache
def _entry(schema: type[Entry]) -> _Change:
    """Return what makes texts of the fields of a schema, in place."""
    fields = {one.name: _change_of(one.type) for one in _fields(schema)}
    changes = {name: change for name, change in fields.items() if change is not None}

    def change_all(entry: Entry) -> Entry:
        for name, change in changes.items():
            value = getattr(entry, name)
            changed = change(value)
            if changed is not value:
                msgspec.structs.force_setattr(entry, name, changed)
        return entry

    return change_all


def _fields(schema: type[Entry]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(schema)
    return info.fields if isinstance(info, inspect.StructType) else ()


def _change_of(kind: inspect.Type) -> _Change | None:
    """Return what makes texts of a value of a kind, or ``None`` where it holds none."""
    match kind:
        case inspect.Metadata(extra={"for_people": True}):  # as in schema.for_people
            return _text
        case inspect.Metadata(type=inner):
            return _change_of(inner)
        case inspect.UnionType(types=kinds):
            return _first(kinds)
        case inspect.VarTupleType(item_type=item):
            return _each(_change_of(item))
        case inspect.StructType(cls=schema):
            return _entry(schema)
    return None


def _first(kinds: tuple[inspect.Type, ...]) -> _Change | None:
    changes = [change for change in map(_change_of, kinds) if change is not None]
    return (lambda value: changes[0](value) if _is_told(value) else value) if changes else None


def _is_told(value: object) -> bool:
    return isinstance(value, str | Entry | tuple)


def _each(change: _Change | None) -> _Change | None:
    return None if change is None else lambda values: tuple(change(one) for one in values)


def _text(value: str) -> Text:
    return say(value)
