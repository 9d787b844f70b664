"""Opens HDF5 files: groups, attributes and data sets as OpenSignals, MATLAB 7.3 and h5py write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.hdf5_bytes import Cursor, FileBytes, place_of_superblock
from twitchwise.formats.hdf5_data import DataSet, read_filters, read_layout
from twitchwise.formats.hdf5_types import Value, read_attribute, read_shape, read_type, values_of
from twitchwise.vocabulary.text import say

_HEAD_BYTES = 2056
_SHAPE, _LINKS, _TYPE, _LINK, _LAYOUT, _FILTERS, _ATTRIBUTE = 0x01, 0x02, 0x03, 0x06, 0x08, 0x0B, 0x0C
_CONTINUED, _TABLE, _ATTRIBUTES = 0x10, 0x11, 0x15
_MOST_BLOCKS = 1024
_MOST_CHILDREN = 1 << 16
_DEEPEST = 16
_IS_SHARED = 0x02


@dataclass(frozen=True, slots=True)
class _Message:
    kind: int
    flags: int
    data: bytes


@dataclass(frozen=True, eq=False)
class Node:
    """A group or a data set by its place in the file."""

    file: FileBytes
    at: int

    @property
    def attributes(self) -> dict[str, Value]:
        """Attributes by name."""
        return dict(read_attribute(self.file, message.data) for message in self._messages(_ATTRIBUTE))

    @property
    def children(self) -> dict[str, "Node"]:
        """Members of a group by name; none for a data set."""
        found: dict[str, Node] = {}
        for message in self._messages(_TABLE, _LINK, _LINKS):
            for name, at in _members(self.file, message):
                found[name] = Node(self.file, at)
                if len(found) > _MOST_CHILDREN:
                    raise ValueError(say("a group has more members than it can have"))
        return found

    @property
    def data(self) -> DataSet | None:
        """The array of a data set; nothing for a group or for values that are no numbers, texts or places."""
        parts = {message.kind: message for message in self._messages(_SHAPE, _TYPE, _LAYOUT, _FILTERS)}
        if not {_SHAPE, _TYPE, _LAYOUT} <= set(parts) or parts[_TYPE].flags & _IS_SHARED:
            return None
        shape, type_ = read_shape(self._cursor(parts[_SHAPE])), read_type(self._cursor(parts[_TYPE]))
        if type_.size < 1 or not (type_.dtype or type_.is_text or type_.is_reference):
            return None
        return DataSet(
            file=self.file,
            shape=shape,
            type=type_,
            layout=read_layout(self._cursor(parts[_LAYOUT]), shape, type_),
            filters=read_filters(self._cursor(parts[_FILTERS])) if _FILTERS in parts else (),
        )

    @property
    def places(self) -> list["Node"]:
        """The objects that a data set of references points at, in its order."""
        data = self.data
        found = values_of(self.file, data.raw(), data.type, -(-len(data.raw()) // data.type.size)) if data else None
        is_list = data is not None and data.type.is_reference and isinstance(found, tuple)
        return [Node(self.file, int(at)) for at in found] if is_list and found else []

    def child(self, name: str) -> "Node | None":
        """Return a member, or nothing if there is none of that name."""
        return self.children.get(name)

    def _cursor(self, message: _Message) -> Cursor:
        return Cursor(self.file, message.data)

    def _messages(self, *kinds: int) -> Iterator[_Message]:
        return (message for message in _messages(self.file, self.at) if message.kind in kinds)


def open_hdf5(path: Path) -> Node:
    """Return the root group of a file.

    Raises
    ------
    ValueError
        If the file breaks the format or uses a part of it that is not read.
    """
    with path.open("rb") as handle:
        place = place_of_superblock(handle.read(_HEAD_BYTES))
    if place is None:
        raise ValueError(say("it does not begin like an HDF5 file"))
    file = FileBytes(path, base=place)
    head = Cursor(file, file.take(8, 16))
    version = head.number(1)
    if version in {2, 3}:
        file.offset_bytes, file.length_bytes = head.number(1), head.number(1)
        file.require_widths()
        places = Cursor(file, file.take(12, 4 * file.offset_bytes))
        base, _, _, root = (places.offset() for _ in range(4))
    elif version in {0, 1}:
        head.skip(4)
        file.offset_bytes, file.length_bytes = head.number(1), head.number(1)
        file.require_widths()
        places = Cursor(file, file.take(24 if version == 0 else 28, 6 * file.offset_bytes))
        base, _, _, _, _, root = (places.offset() for _ in range(6))
    else:
        raise ValueError(say("it is of a version that is not read"))
    file.base = base
    return Node(file, root)


def _messages(file: FileBytes, at: int) -> Iterator[_Message]:
    """Give the messages of an object's header, with those of its continuations."""
    is_new = file.take(at, 4) == b"OHDR"
    blocks, flags = [_first_new_block(file, at) if is_new else _first_old_block(file, at)], 0
    if is_new:
        flags = file.take(at + 5, 1)[0]
    for number, block in enumerate(blocks):
        if number > _MOST_BLOCKS:
            raise ValueError(say("a header goes on without end"))
        while block.left >= (4 if is_new else 8):
            message = _new_message(block, flags) if is_new else _old_message(block)
            if message.kind == _CONTINUED:
                blocks.append(_next_block(file, message, is_new=is_new))
            yield message


def _first_old_block(file: FileBytes, at: int) -> Cursor:
    head = Cursor(file, file.take(at, 16))
    if head.number(1) != 1:
        raise ValueError(say("a header is of a version that is not read"))
    head.skip(7)
    return Cursor(file, file.take(at + 16, head.number(4)))


def _first_new_block(file: FileBytes, at: int) -> Cursor:
    flags = file.take(at + 5, 1)[0]
    start = at + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    return Cursor(file, file.take(start + width, int.from_bytes(file.take(start, width), "little")))


def _next_block(file: FileBytes, message: _Message, *, is_new: bool) -> Cursor:
    where = Cursor(file, message.data)
    at, size = where.offset(), where.length()
    if not is_new:
        return Cursor(file, file.take(at, size))
    block = Cursor(file, file.take(at, size - 4))
    block.expect(b"OCHK")
    return block


def _old_message(block: Cursor) -> _Message:
    kind, size, flags = block.number(2), block.number(2), block.number(1)
    block.skip(3)
    return _Message(kind, flags, block.next(size))


def _new_message(block: Cursor, header_flags: int) -> _Message:
    kind, size, flags = block.number(1), block.number(2), block.number(1)
    block.skip(2 if header_flags & 0x04 else 0)
    return _Message(kind, flags, block.next(size))


def _members(file: FileBytes, message: _Message) -> Iterator[tuple[str, int]]:
    cursor = Cursor(file, message.data)
    if message.kind == _TABLE:
        yield from _table(file, cursor.offset(), cursor.offset())
    elif message.kind == _LINK:
        yield from _link(cursor)
    else:
        cursor.skip(1)
        cursor.skip(8 if cursor.number(1) & 1 else 0)
        if cursor.offset() != file.nowhere:
            raise ValueError(say("a group is laid out in a newer way, which is not read; save with libver='earliest'"))


def _link(cursor: Cursor) -> Iterator[tuple[str, int]]:
    """Give a member that is kept in the header of the group; links to elsewhere are left out."""
    cursor.skip(1)
    flags = cursor.number(1)
    kind = cursor.number(1) if flags & 0x08 else 0
    cursor.skip((8 if flags & 0x04 else 0) + (1 if flags & 0x10 else 0))
    name = cursor.next(cursor.number(1 << (flags & 3)))
    if kind == 0:
        yield name.decode("utf-8", errors="replace"), cursor.offset()


def _table(file: FileBytes, tree: int, heap: int) -> Iterator[tuple[str, int]]:
    """Give the members of a group from its tree of tables."""
    head = Cursor(file, file.take(heap, 8 + 2 * file.length_bytes + file.offset_bytes))
    head.expect(b"HEAP")
    head.skip(4)
    size = head.length()
    head.length()
    names = file.take(head.offset(), size)
    for table in _leaves(file, tree):
        yield from _entries(file, table, names)


def _leaves(file: FileBytes, tree: int) -> Iterator[int]:
    seen: set[int] = set()
    waiting = [(tree, _DEEPEST)]
    while waiting:
        at, depth = waiting.pop(0)
        if at in seen or not depth:
            raise ValueError(say("the list of members turns back on itself"))
        seen.add(at)
        head = Cursor(file, file.take(at, 8 + 2 * file.offset_bytes))
        head.expect(b"TREE\x00")
        level, count = head.number(1), head.number(2)
        step = file.length_bytes + file.offset_bytes
        body = Cursor(file, file.take(at + 8 + 2 * file.offset_bytes, count * step))
        for _ in range(count):
            body.length()
            child = body.offset()
            if level:
                waiting.append((child, depth - 1))
            else:
                yield child


def _entries(file: FileBytes, table: int, names: bytes) -> Iterator[tuple[str, int]]:
    head = Cursor(file, file.take(table, 8))
    head.expect(b"SNOD")
    head.skip(2)
    count, size = head.number(2), 2 * file.offset_bytes + 24
    body = Cursor(file, file.take(table + 8, count * size))
    for _ in range(count):
        at_name, at = body.offset(), body.offset()
        body.skip(24)
        if at_name >= len(names):
            raise ValueError(say("a member has no name"))
        yield names[at_name:].split(b"\x00", 1)[0].decode("utf-8", errors="replace"), at
