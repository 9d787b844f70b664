"""Reading OTBioLab+ exports: the numbers that scipy reads, in SI, with discharges as annotations."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from twitchwise.formats import read_recording
from twitchwise.formats.matlab5 import read_variables
from twitchwise.vocabulary import ChannelKind, Electrode, Unit

Make = Callable[..., bytes]
Refuse = Callable[..., str]


@pytest.mark.parametrize("compressed", [True, False])
def test_samples_are_those_of_scipy_in_si(tmp_path: Path, mat_bytes: Make, compressed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    path = tmp_path / "x.mat"
    path.write_bytes(mat_bytes(compressed=compressed))
    recording = read_recording(path)
    data = scipy.io.loadmat(path, simplify_cells=True)["Data"].astype(float)
    assert recording.read("GR08MM1305 (1)").tolist() == (data[:, 0] * 1e-6).tolist()
    assert recording.read("GR08MM1305 (2)").tolist() == (data[:, 1] * 1e-6).tolist()
    assert recording.read("acquired data").tolist() == data[:, 4].tolist()


def test_channels_say_what_the_descriptions_say(tmp_path: Path, mat_bytes: Make) -> None:
    (tmp_path / "x.mat").write_bytes(mat_bytes())
    recording = read_recording(tmp_path / "x.mat")
    assert [channel.kind for channel in recording.channels] == [ChannelKind.EMG, ChannelKind.EMG, ChannelKind.FORCE]
    assert [channel.unit for channel in recording.channels] == [Unit.VOLT, Unit.VOLT, Unit.PERCENT]
    emg = recording.channels[0]
    assert (emg.site, emg.electrode, emg.sampling_rate_hz) == ("Soleus", Electrode.SURFACE, 2048.0)


def test_discharges_of_decomposed_units_are_annotations(tmp_path: Path, mat_bytes: Make) -> None:
    (tmp_path / "x.mat").write_bytes(mat_bytes())
    notes = read_recording(tmp_path / "x.mat").annotations
    assert [(note.start_s, note.text) for note in notes] == [
        (3 / 2048, "discharge unit 1"),
        (20 / 2048, "discharge unit 1"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Data": None}, "must hold the variables Data, Description and SamplingFrequency"),
        ({"Description": None, "Other": 1.0}, "got ['Data', 'SamplingFrequency', 'OTBFile', 'Other']"),
        ({"SamplingFrequency": np.array([1.0, 2.0])}, "must hold the variables"),
        ({"Data": {"a": 1}}, "must hold the variables"),
        ({"Data": np.ones((3, 2))}, "must hold one column of Data for each Description, got shape (3, 2) for 5"),
        ({"Data": np.ones((3, 2, 5))}, "must hold one column of Data for each Description"),
        ({"Data": np.ones((0, 5))}, "must hold at least one sample"),
    ],
)
def test_other_matlab_files_are_one_sentence(
    tmp_path: Path, mat_bytes: Make, refuse: Refuse, changes: dict[str, object], said: str
) -> None:
    (tmp_path / "x.mat").write_bytes(mat_bytes(**changes))
    assert said in refuse(tmp_path / "x.mat")


def test_a_single_column_with_a_plain_description_is_read(tmp_path: Path, mat_bytes: Make) -> None:
    (tmp_path / "x.mat").write_bytes(mat_bytes(Data=np.ones((3, 1)), Description="EMG[mV]"))
    assert read_recording(tmp_path / "x.mat").read("EMG").tolist() == [1e-3, 1e-3, 1e-3]


def test_a_description_that_is_no_text_becomes_a_number(tmp_path: Path, mat_bytes: Make) -> None:
    labels = np.array(["plain", 5.0], dtype=object)[:, np.newaxis]
    (tmp_path / "x.mat").write_bytes(mat_bytes(Data=np.ones((3, 2)), Description=labels))
    assert [channel.name for channel in read_recording(tmp_path / "x.mat").channels] == ["plain", "channel 2"]


def test_matlab_7_3_says_how_to_save_it(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.mat").write_bytes(b"MATLAB 7.3 MAT-file, Platform: X".ljust(512) + b"\x89HDF\r\n\x1a\n")
    assert "must be saved as MATLAB 5" in refuse(tmp_path / "x.mat")


def _element(kind: int, data: bytes) -> bytes:
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def _matrix(class_: int, dimensions: tuple[int, ...], name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    head = [
        _element(6, struct.pack("<II", class_ | flags, 0)),
        _element(5, struct.pack(f"<{len(dimensions)}i", *dimensions)),
        _element(1, name),
    ]
    return _element(14, b"".join([*head, *parts]))


HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
ONE = _element(9, struct.pack("<d", 1.0))


def test_numbers_texts_and_cells_are_read() -> None:
    content = HEADER + b"".join(
        [
            _matrix(6, (1, 1), b"n", ONE),
            _matrix(4, (1, 2), b"t", _element(4, "h\u00fa".encode("utf-16-le"))),
            _matrix(4, (1, 2), b"u", _element(16, "h\u00fa".encode())),
            _matrix(4, (0, 0), b"e"),
            _matrix(1, (1, 2), b"c", _matrix(6, (1, 1), b"", ONE), _matrix(2, (1, 1), b"")),
            _matrix(6, (1, 1), b"z", ONE, ONE, flags=0x0800),
        ]
    )
    values, found = read_variables(content, ["n", "t", "u", "e", "c", "z"])
    assert found == ["n", "t", "u", "e", "c", "z"]
    assert isinstance(values["n"], np.ndarray)
    assert values["n"].tolist() == [[1.0]]
    assert (values["t"], values["u"], values["e"], values["z"]) == ("h\u00fa", "h\u00fa", "", None)
    assert isinstance(values["c"], list)
    assert values["c"][1] is None


def test_the_other_byte_order_is_read() -> None:
    head = struct.pack(">IIII", 6, 8, 6, 0) + struct.pack(">IIii", 5, 8, 1, 1) + struct.pack(">HH4s", 1, 1, b"n")
    matrix = head + struct.pack(">IId", 9, 8, 2.5)
    content = HEADER[:124] + b"\x01\x00MI" + struct.pack(">II", 14, len(matrix)) + matrix
    values, _ = read_variables(content, ["n"])
    assert isinstance(values["n"], np.ndarray)
    assert values["n"].item() == 2.5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER[:126] + b"??", "no mark of byte order"),
        (HEADER + struct.pack("<II", 14, 99), "longer than the space"),
        (HEADER + struct.pack("<II", 14 | 5 << 16, 0), "longer than the space"),
        (HEADER + _element(14, b""), "no proper head"),
        (HEADER + _element(15, b""), "ends early or unpacks to too much"),
        (HEADER + _element(15, zlib.compress(b"")), "no proper head"),
        (HEADER + _element(15, zlib.compress(bytes(10**6))), "ends early or unpacks to too much"),
        (HEADER + _matrix(6, (-1, 1), b"n", ONE), "negative dimension"),
        (HEADER + _matrix(6, (2, 1), b"n", ONE), "another number of values"),
        (HEADER + _matrix(6, (1, 1), b"n"), "holds no numbers"),
        (HEADER + _matrix(6, (1, 1), b"n", _element(14, b"")), "holds no numbers"),
        (HEADER + _matrix(1, (2, 1), b"n", _matrix(6, (1, 1), b"", ONE)), "another number of cells"),
    ],
)
def test_content_that_breaks_the_format_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_variables(content, ["n"])


def test_cells_within_cells_without_end_are_not_followed() -> None:
    nested = _matrix(6, (1, 1), b"", ONE)
    for _ in range(50):
        nested = _matrix(1, (1, 1), b"n", nested)
    values, _ = read_variables(HEADER + nested, ["n"])
    assert values["n"] == [[[[None]]]]
