"""Our reader of HDF5 reads what h5py reads, and refuses in time what is damaged or laid out in a newer way."""

import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest

from twitchwise.formats.hdf5 import Node, open_hdf5
from twitchwise.formats.hdf5_bytes import Cursor, FileBytes
from twitchwise.formats.hdf5_data import DataSet

ARRAYS = {
    "row": np.arange(7, dtype="<i2"),
    "signed": np.array([[-3, 5], [2**20, -1]], dtype="<i4"),
    "big-endian": np.array([1.5, -2.5], dtype=">f8"),
    "half": np.array([0.5, 1.5], dtype="<f2"),
    "bytes": np.arange(200, dtype="u1").reshape(20, 10),
    "wide": np.random.default_rng(1).normal(size=(3, 5000)),
    "one": np.array(3.5),
    "truth": np.array([True, False]),
}


def node(root: Node, name: str) -> Node:
    """Return a member that must be there."""
    found = root.child(name)
    assert found is not None
    return found


def data(root: Node, name: str) -> DataSet:
    """Return the array of a member that must be there."""
    found = node(root, name).data
    assert found is not None
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a place for a file."""
    return tmp_path / "x.h5"


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("userblock", [0, 512, 1024])
def test_an_array_is_that_of_h5py(file: Path, name: str, userblock: int) -> None:
    with h5py.File(file, "w", userblock_size=userblock) as h5:
        h5[name] = ARRAYS[name]
    assert data(open_hdf5(file), name).whole().tolist() == ARRAYS[name].astype(float).tolist()


@pytest.mark.parametrize(
    "packing",
    [
        {"chunks": (7, 3)},
        {"chunks": (7, 3), "compression": "gzip"},
        {"chunks": (50, 1), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"chunks": (1, 4), "shuffle": True},
        {},
    ],
)
def test_any_box_of_a_packed_array_is_that_of_h5py(file: Path, packing: dict[str, object]) -> None:
    whole = np.random.default_rng(2).integers(-1000, 1000, (101, 4)).astype("<i4")
    with h5py.File(file, "w") as h5:
        h5.create_dataset("a", data=whole, **packing)
    array = data(open_hdf5(file), "a")
    for starts, stops in (((0, 0), (101, 4)), ((13, 1), (60, 3)), ((100, 3), (101, 4)), ((5, 0), (5, 4))):
        box = array.box(starts, stops)
        assert box.tolist() == whole[starts[0] : stops[0], starts[1] : stops[1]].astype(float).tolist()


def test_a_long_row_is_read_in_parts(file: Path) -> None:
    whole = np.arange(2 * 1_200_000, dtype="<f4").reshape(2, -1)
    with h5py.File(file, "w") as h5:
        h5["a"] = whole
        h5["b"] = whole[0]
    root = open_hdf5(file)
    assert data(root, "a").box((1, 1_100_000), (2, 1_100_003)).tolist() == whole[1:, 1_100_000:1_100_003].tolist()
    assert data(root, "b").box((1_199_998,), (1_200_000,)).tolist() == whole[0, -2:].tolist()


def test_groups_attributes_and_places_are_read(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        for number in range(300):  # more members than one table holds
            h5.create_group(f"g{number}")
        h5["g7"].attrs["text"] = "h\u00fast"
        h5["g7"].attrs["fixed"] = np.bytes_("abc")
        h5["g7"].attrs["texts"] = ["a", "bc", ""]
        h5["g7"].attrs["number"] = np.int32(5)
        h5["g7"].attrs["numbers"] = np.array([1.0, 2.5])
        h5["g7"].attrs["point"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
        h5["g8/inside"] = np.arange(3)
        h5["places"] = np.array([h5["g8/inside"].ref, h5["g7"].ref], dtype=h5py.ref_dtype)
        h5["soft"] = h5py.SoftLink("/g7")
        h5["words"] = np.array([b"ab", b"c"])
    root = open_hdf5(file)
    assert len(root.children) == 303
    attributes = node(root, "g7").attributes
    assert (attributes["text"], attributes["fixed"], attributes["texts"]) == ("h\u00fast", "abc", ("a", "bc", ""))
    assert [np.asarray(attributes[name]).tolist() for name in ("number", "numbers")] == [[5.0], [1.0, 2.5]]
    assert attributes["point"] is None
    inside, group = node(root, "places").places
    assert inside.data is not None
    assert inside.data.whole().tolist() == [0.0, 1.0, 2.0]
    assert (group.data, group.attributes["number"] is not None, node(root, "g8").places) == (None, True, [])
    assert data(root, "words").raw() == b"ab\x00c"[:2] + b"c\x00"


def test_a_group_that_keeps_its_members_in_its_header_is_read(file: Path) -> None:
    with h5py.File(file, "w", libver=("v108", "v108"), track_order=True) as h5:
        h5["a"] = np.arange(3)
        h5["link"] = h5py.ExternalLink("y.h5", "/a")
        h5.attrs["said"] = 2.0
    root = open_hdf5(file)
    assert list(root.children) == ["a"]
    assert data(root, "a").whole().tolist() == [0.0, 1.0, 2.0]
    assert np.asarray(root.attributes["said"]).tolist() == [2.0]


@pytest.mark.parametrize("what", ["many members", "array", "filter"])
def test_what_is_laid_out_in_a_newer_way_is_refused(file: Path, what: str) -> None:
    with h5py.File(file, "w", libver="earliest" if what == "filter" else "latest") as h5:
        if what == "many members":
            for number in range(50):
                h5.create_group(f"g{number}")
        else:
            h5.create_dataset("a", data=np.arange(100), chunks=(7,), compression="lzf" if what == "filter" else None)
    root = open_hdf5(file)
    with pytest.raises(ValueError, match="which is not read"):
        _ = root.children if what == "many members" else node(root, "a").data


def test_what_was_never_written_is_missing(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        h5.create_dataset("a", shape=(10,), dtype="i4", chunks=(5,))
        h5.create_dataset("b", shape=(0,), dtype="i4", chunks=(5,), maxshape=(None,))
        h5.create_dataset("c", shape=(10,), dtype="i4")
        h5.create_dataset("d", data=h5py.Empty("f4"))
    root = open_hdf5(file)
    for name in "ac":
        with pytest.raises(ValueError, match="a part of the data is missing"):
            data(root, name).whole()
    assert data(root, "b").whole().size == 0


@pytest.mark.parametrize(
    ("at", "new", "said"),
    [
        (0, b"x", "does not begin like an HDF5 file"),
        (8, b"\x09", "of a version that is not read"),
        (13, b"\x05", "widths that cannot be"),
        (13, b"\x08\x01", "widths that cannot be"),
        (64, b"\xff\xff\xff\xff\xff\xff\xff\x0f", "lies outside the file"),
    ],
)
def test_a_broken_superblock_is_refused(file: Path, at: int, new: bytes, said: str) -> None:
    with h5py.File(file, "w") as h5:
        h5["a"] = np.arange(3)
    content = bytearray(file.read_bytes())
    content[at : at + len(new)] = new
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        _ = open_hdf5(file).children


def _damaged(file: Path, mark: bytes, offset: int, new: bytes, *, nth: int = 0) -> Node:
    """Change bytes behind the n-th place where a mark stands."""
    content = bytearray(file.read_bytes())
    at = -1
    for _ in range(nth + 1):
        at = content.index(mark, at + 1)
    content[at + offset : at + offset + len(new)] = new
    file.write_bytes(content)
    return open_hdf5(file)


def _visit(root: Node) -> None:
    for one in root.children.values():
        _ = one.attributes
        found = one.data
        if found is not None:
            found.whole()
        _visit(one)


@pytest.mark.parametrize(
    ("mark", "offset", "new", "nth", "said"),
    [
        (b"TREE\x00", 0, b"tree", 0, "does not stand where it should"),
        (b"SNOD", 0, b"snod", 0, "does not stand where it should"),
        (b"HEAP", 0, b"heap", 0, "does not stand where it should"),
        (b"SNOD", 6, b"\xff\xff", 0, "lies outside the file|longer than it can be"),
        (b"SNOD", 8, b"\xff\xff\xff\xff", 0, "a member has no name"),
        (b"TREE\x01", 0, b"tree", 0, "does not stand where it should"),
        (b"TREE\x01", 5, b"\x01", 0, "does not stand where it should|lies outside the file"),
        (b"GCOL", 0, b"gcol", 0, "does not stand where it should"),
        (b"GCOL", 16, b"\x09", 0, "a text is not where it should be|ends early"),
    ],
)
def test_a_broken_part_is_refused(file: Path, mark: bytes, offset: int, new: bytes, nth: int, said: str) -> None:
    with h5py.File(file, "w") as h5:
        h5.create_dataset("a", data=np.arange(100), chunks=(7,), compression="gzip").attrs["x"] = "text"
    root = _damaged(file, mark, offset, new, nth=nth)
    with pytest.raises(ValueError, match=said):
        _visit(root)


def test_a_list_that_leads_back_to_itself_ends(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        h5.create_dataset("a", data=np.arange(100), chunks=(7,))
    content = file.read_bytes()
    for mark, child in ((b"TREE\x00", 32), (b"TREE\x01", 48)):
        at = content.index(mark)
        looped = bytearray(content)
        looped[at + 5 : at + 8] = b"\x01\x01\x00"  # one entry that is a list itself
        looped[at + child : at + child + 8] = at.to_bytes(8, "little")
        file.write_bytes(looped)
        with pytest.raises(ValueError, match="turns back on itself"):
            _visit(open_hdf5(file))


def test_a_cursor_gives_no_more_than_there_is(file: Path) -> None:
    file.write_bytes(bytes(100))
    cursor = Cursor(FileBytes(file), b"abc")
    with pytest.raises(ValueError, match="ends early"):
        cursor.number(4)
    with pytest.raises(ValueError, match="longer than it can be"):
        FileBytes(file).take(0, 1 << 30)
    with pytest.raises(ValueError, match="outside the file"):
        FileBytes(file).take(-1, 2)
    for at in (90, 1 << 63):
        with pytest.raises(ValueError, match="data lie outside"):
            FileBytes(file).bulk(at, 20)


def test_pages_that_were_not_asked_for_lately_are_let_go(file: Path) -> None:
    content = np.random.default_rng(3).bytes(3_000_000)
    file.write_bytes(content)
    pages = FileBytes(file)
    for at in range(0, 2_999_000, 10_007):
        assert pages.take(at, 50) == content[at : at + 50]
    assert sum(map(len, pages._pages.values())) <= 64 * (1 << 14)


def test_a_group_of_a_new_file_that_is_short_is_read(file: Path) -> None:
    with h5py.File(file, "w", libver="latest") as h5:
        h5.create_group("g").attrs["x"] = [1.0]
    assert np.asarray(node(open_hdf5(file), "g").attributes["x"]).tolist() == [1.0]


def test_what_is_neither_number_nor_text_nor_place_is_left_out(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        h5["points"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
        h5["lists"] = np.array([np.arange(2), np.arange(3)], dtype=h5py.vlen_dtype("i4"))
        h5["named"] = np.dtype("i4")
        h5.create_dataset("shared", (2,), dtype=h5["named"])
        h5["many"] = np.zeros((5, 1 << 20), dtype="S1")
        h5["many"].attrs["bare"] = ""
    root = open_hdf5(file)
    assert [node(root, name).data for name in ("points", "lists", "named", "shared")] == [None] * 4
    with pytest.raises(ValueError, match="a list is longer than it can be"):
        data(root, "many").raw()
    assert node(root, "many").attributes["bare"] == ""


def test_a_small_array_in_its_description_is_read(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((3,))
        h5py.h5d.create(h5.id, b"a", h5py.h5t.NATIVE_INT32, space, dcpl=plist).write(
            h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, -2, 3], dtype="i4")
        )
    assert data(open_hdf5(file), "a").whole().tolist() == [1.0, -2.0, 3.0]


def test_a_packed_part_that_is_damaged_is_refused(file: Path) -> None:
    with h5py.File(file, "w") as h5:
        h5.create_dataset("a", data=np.arange(100, dtype="i4"), chunks=(50,), shuffle=True, compression="gzip")
    content = file.read_bytes()
    with h5py.File(file) as h5:
        at = h5["a"].id.get_chunk_info(0).byte_offset
    for change in (b"\x00\x00", bytes(2) + content[at + 2 : at + 4]):
        file.write_bytes(content[:at] + change + content[at + len(change) :])
        with pytest.raises(Exception, match="Error -3 while decompressing"):
            data(open_hdf5(file), "a").whole()
    unpacked = zlib.compress(bytes(30))
    file.write_bytes(content[:at] + unpacked + content[at + len(unpacked) :])
    with pytest.raises(ValueError, match="another size than it says"):
        data(open_hdf5(file), "a").whole()
