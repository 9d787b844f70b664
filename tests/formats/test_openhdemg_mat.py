"""Reading MATLAB files: the numbers that scipy and h5py read, in SI, with grids, force and discharges."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
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


def _write_73(path: Path, content: dict[str, object]) -> None:
    """Write variables as MATLAB 7.3 does: HDF5 behind 512 bytes, dimensions turned around, cells as places."""
    with h5py.File(path, "w", userblock_size=512) as h5:
        refs = h5.create_group("#refs#")
        for name, value in content.items():
            _put(h5, name, value, refs)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: PCWIN64".ljust(124) + b"\x00\x02IM")


def _put(place: h5py.Group, name: str, value: object, refs: h5py.Group) -> h5py.Dataset:
    if isinstance(value, str):
        written = place.create_dataset(name, data=np.array([[ord(letter)] for letter in value], dtype="u2"))
        kind = "char"
    elif isinstance(value, np.ndarray) and value.dtype == object:
        cells = [_put(refs, f"c{len(refs)}", cell, refs).ref for cell in value.reshape(-1, order="F")]
        written = place.create_dataset(name, data=np.array(cells, dtype=h5py.ref_dtype).reshape(value.shape[::-1]))
        kind = "cell"
    elif isinstance(value, dict):
        written, kind = place.create_group(name), "struct"
    else:
        numbers = np.atleast_2d(np.asarray(value))
        options = {"chunks": (1, 16), "compression": "gzip"} if numbers.size > 100 else {}
        empty = numbers.size == 0
        written = place.create_dataset(name, data=np.array([0, 0], "u8") if empty else numbers.T, **options)
        kind = "single" if numbers.dtype == "f4" else "double"
        if empty:
            written.attrs["MATLAB_empty"] = np.uint8(1)
    written.attrs["MATLAB_class"] = np.bytes_(kind)
    return written


def _export(n_electrodes: int = 64) -> dict[str, object]:
    data = np.random.default_rng(7).normal(0, 50, (40, n_electrodes + 1)).astype("f4")
    labels = [f"Soleus - IN 1 - GR08MM1305 ({i})[uV]" for i in range(1, n_electrodes + 1)] + ["acquired data[ %(MVC)]"]
    return {"Data": data, "Description": np.array(labels, dtype=object)[:, np.newaxis], "SamplingFrequency": 2048.0}


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_an_export_of_either_version_has_its_grid(tmp_path: Path, version: str) -> None:
    content = _export()
    if version == "5":
        scipy.io.savemat(tmp_path / "x.mat", content)
    else:
        _write_73(tmp_path / "x.mat", content)
    recording = read_recording(tmp_path / "x.mat")
    data = np.asarray(content["Data"]).astype(float)
    assert (recording.format, len(recording.channels)) == ("OTBioLab+ MATLAB export", 65)
    assert recording.read("GR08MM1305 (17)").tolist() == (data[:, 16] * 1e-6).tolist()
    assert recording.source.read(3, 10, 20).tolist() == (data[10:20, 3] * 1e-6).tolist()
    first, last, force = recording.channels[0], recording.channels[63], recording.channels[64]
    assert (first.array, first.electrode, force.array) == ("GR08MM1305", Electrode.SURFACE, None)
    assert first.position_m == pytest.approx((0.0, 0.008, 0.0))
    assert last.position_m == pytest.approx((0.032, 0.096, 0.0))


def test_part_of_a_grid_and_two_muscles_are_told_apart(tmp_path: Path) -> None:
    content = _export(4)
    labels = [f"{muscle} - GR08MM1305 ({i})[uV]" for muscle in ("A", "B") for i in (1, 2)] + ["x[mV]"]
    scipy.io.savemat(tmp_path / "x.mat", content | {"Description": np.array(labels, dtype=object)[:, np.newaxis]})
    channels = read_recording(tmp_path / "x.mat").channels
    assert [channel.array for channel in channels] == [*["A - GR08MM1305"] * 2, *["B - GR08MM1305"] * 2, None]
    assert {channel.position_m for channel in channels} == {None}


def _demuse(*, upright: bool = False) -> dict[str, object]:
    cells = np.empty((3, 2), dtype=object)
    for row in range(3):
        for column in range(2):
            samples = np.arange(20.0) + 100 * row + 10 * column
            cells[row, column] = samples[:, np.newaxis] if upright else samples[np.newaxis]
    cells[0, 0] = np.empty((0, 0))
    pulses = np.empty((1, 2), dtype=object)
    pulses[0, 0], pulses[0, 1] = np.array([[1.0, 11.0]]), np.array([[5.0]])
    force = np.linspace(0, 1, 20)[np.newaxis]
    return {
        "SIG": cells,
        "fsamp": 2000.0,
        "IED": 8.0,
        "MUPulses": pulses,
        "ref_signal": force.T if upright else force,
        "montage": "MONO",
    }


@pytest.mark.parametrize("version", ["5", "7.3"])
@pytest.mark.parametrize("upright", [True, False])
def test_demuse_gives_places_force_and_discharges(tmp_path: Path, version: str, upright: bool) -> None:  # noqa: FBT001 - a parameter of the test
    if version == "5":
        scipy.io.savemat(tmp_path / "x.mat", _demuse(upright=upright))
    else:
        _write_73(tmp_path / "x.mat", _demuse(upright=upright))
    recording = read_recording(tmp_path / "x.mat", unit="mV")
    assert recording.format == "DEMUSE"
    assert [channel.name for channel in recording.channels][:3] == [
        "row 2 column 1",
        "row 3 column 1",
        "row 1 column 2",
    ]
    assert recording.channels[1].position_m == pytest.approx((0.0, 0.016, 0.0))
    assert {channel.array for channel in recording.channels} == {"grid", None}
    assert recording.read("row 3 column 2")[:2] == pytest.approx([0.21, 0.211])
    assert recording.of_kind(ChannelKind.FORCE)[0].name == "ref_signal"
    assert recording.read("ref_signal")[-1] == 1.0
    assert [(note.start_s, note.text) for note in recording.annotations] == [
        (0.0, "discharge unit 1"),
        (4 / 2000, "discharge unit 2"),
        (10 / 2000, "discharge unit 1"),
    ]


def test_demuse_without_unit_rate_spacing_or_channels_says_so(tmp_path: Path, refuse: Refuse) -> None:
    content = _demuse() | {"ref_signal": np.ones((2, 20)), "montage": 1.0, "IED": 0.0, "MUPulses": np.array([[3.0]])}
    scipy.io.savemat(tmp_path / "x.mat", content)
    recording = read_recording(tmp_path / "x.mat")
    assert any("gives no unit" in warning for warning in recording.warnings)
    assert recording.channels[0].position_m is None
    assert [channel.name for channel in recording.of_kind(ChannelKind.FORCE)] == ["ref_signal (1)", "ref_signal (2)"]
    scipy.io.savemat(
        tmp_path / "x.mat", {name: one for name, one in content.items() if name not in {"fsamp", "ref_signal"}}
    )
    assert "pass it with --sampling-rate" in refuse(tmp_path / "x.mat")
    scipy.io.savemat(tmp_path / "x.mat", {"SIG": np.full((1, 1, 2), "x", dtype=object)})
    assert "must hold a channel in the cells of SIG, got none" in refuse(tmp_path / "x.mat")


@pytest.mark.parametrize("rate", ["fs", "fsamp", "SamplingFrequency", "sampling_rate", "Fs"])
@pytest.mark.parametrize("version", ["5", "7.3"])
def test_a_plain_matrix_with_a_rate_is_read(tmp_path: Path, version: str, rate: str) -> None:
    emg = np.random.default_rng(8).normal(0, 1, (60, 2))
    content: dict[str, object] = {
        "emg": emg,
        "force": emg[:, :1].T,
        rate: 1000.0,
        "time": np.arange(60.0)[:, np.newaxis],
    }
    if version == "5":
        scipy.io.savemat(tmp_path / "x.mat", content)
    else:
        _write_73(tmp_path / "x.mat", content)
    recording = read_recording(tmp_path / "x.mat", unit="mV")
    assert [channel.name for channel in recording.channels] == ["emg (1)", "emg (2)", "force"]
    assert [channel.kind for channel in recording.channels] == [ChannelKind.EMG, ChannelKind.EMG, ChannelKind.FORCE]
    assert recording.channels[0].sampling_rate_hz == 1000.0
    np.testing.assert_allclose(recording.read("emg (2)"), emg[:, 1] * 1e-3)
    np.testing.assert_allclose(recording.read("force"), emg[:, 0])


def test_labels_and_a_unit_of_a_plain_matrix_are_taken(tmp_path: Path) -> None:
    content = {"x": np.arange(40.0).reshape(2, 20), "fs": 100.0, "units": "uV"}
    labels = np.array(["Soleus left", "Soleus right"], dtype=object)
    scipy.io.savemat(tmp_path / "x.mat", content | {"channel_names": labels})
    recording = read_recording(tmp_path / "x.mat")
    assert [channel.name for channel in recording.channels] == ["Soleus left", "Soleus right"]
    assert recording.read("Soleus right")[0] == pytest.approx(20e-6)
    scipy.io.savemat(tmp_path / "x.mat", content | {"force": np.arange(20.0)})
    assert {channel.unit for channel in read_recording(tmp_path / "x.mat").channels} == {Unit.UNKNOWN}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"x": np.ones((50, 2))}, "pass it with --sampling-rate"),
        (
            {"x": np.ones((5, 5)), "fs": 10.0},
            "must have one side that is time and a much shorter one of channels, got 5 by 5",
        ),
        ({"fs": 10.0, "words": "none"}, "must hold a matrix of samples"),
        ({"x": {"emg": np.ones((5, 2))}, "fs": 10.0}, "must hold a matrix of samples"),
        ({"x": np.ones((3, 4, 5)), "fs": 10.0}, "must hold a matrix of samples"),
    ],
)
@pytest.mark.parametrize("version", ["5", "7.3"])
def test_a_file_without_samples_or_rate_is_one_sentence(
    tmp_path: Path, refuse: Refuse, content: dict[str, object], said: str, version: str
) -> None:
    if version == "5":
        scipy.io.savemat(tmp_path / "x.mat", content)
    else:
        _write_73(tmp_path / "x.mat", content)
    assert said in refuse(tmp_path / "x.mat")


def test_a_rate_that_is_typed_is_taken(tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "x.mat", {"x": np.ones((50, 2))})
    assert read_recording(tmp_path / "x.mat", sampling_rate_hz=500.0).channels[0].sampling_rate_hz == 500.0


def test_empty_variables_of_7_3_are_no_obstacle(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.mat", "w", userblock_size=512) as h5:
        for name, kind in (("a", "char"), ("b", "cell"), ("c", "double")):
            h5[name] = np.array([0, 0], "u8")
            h5[name].attrs["MATLAB_class"] = np.bytes_(kind)
            h5[name].attrs["MATLAB_empty"] = np.uint8(1)
        h5["d"] = np.arange(5.0)
        _put(h5, "x", np.ones((50, 2)), h5.create_group("#refs#"))
        _put(h5, "fs", 100.0, h5["#refs#"])
    with (tmp_path / "x.mat").open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(128))
    assert len(read_recording(tmp_path / "x.mat").channels) == 2


def test_a_cell_of_matlab_5_may_have_no_matrix_at_all() -> None:
    content = HEADER + _matrix(1, (2, 1), b"c", _matrix(6, (1, 1), b"", ONE), _element(14, b""))
    values, _ = read_variables(content)
    assert isinstance(values["c"], list)
    assert values["c"][1] is None
