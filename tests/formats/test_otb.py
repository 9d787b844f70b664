"""Reading OTB+ and OTB4: samples in volts where the maker's reader has them, grids with places, nothing dropped."""

import io
import tarfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.formats.electrode_grids import KNOWN_GRIDS
from twitchwise.formats.otb_scales import scale_of
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit

Refuse = Callable[..., str]


def archive(parts: Mapping[str, bytes]) -> bytes:
    """Pack files as the maker's software does: a plain tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def adapter(name: str, first: int, channels: Sequence[str], *, gain: str = "1", **said: str) -> str:
    """Describe an adapter of an OTB+ file and its channels."""
    words = "".join(f' {key}="{value}"' for key, value in said.items())
    nodes = "".join(f'<Channel Index="{i}" Gain="1" ID="{label}"{words}/>' for i, label in enumerate(channels))
    return (
        f'<Adapter ID="{name}" Gain="{gain}" HighPassFilter="10" LowPassFilter="500" AdapterIndex="1"'
        f' ChannelStartIndex="{first}">{nodes}</Adapter>'
    )


def otb_plus(
    data: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    *adapters: str,
    device: str = "QUATTROCENTO",
    bits: int = 16,
    rate_hz: str = "2048",
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write an OTB+ file: ``data`` of shape ``(n_samples, n_channels)`` as the converter gave it."""
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?><Device Name="{device};x" SampleFrequency="{rate_hz}"'
        f' DeviceTotalChannels="{data.shape[1]}" ad_bits="{bits}"><Channels>{"".join(adapters)}</Channels></Device>'
    )
    raw = data.astype("<i2").tobytes() if bits == 16 else pack24(data)
    about = "<patient><time>2024-02-03T10:20:30</time><place>lab</place></patient>"
    return archive({"a.sig": raw, "a.xml": xml.encode(), "patient.xml": about.encode(), **(extra or {})})


def pack24(data: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> bytes:
    """Write three bytes a sample, least significant first."""
    return data.astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes()


def counts(n_samples: int, n_channels: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return counts over the whole range of 16 bits, the ends among them."""
    data = np.random.default_rng(1).integers(-(2**15), 2**15, (n_samples, n_channels))
    data[0], data[1] = -(2**15), 2**15 - 1
    return data


QUATTROCENTO = (
    adapter(
        "AD1x64", 0, ["GR08MM1305"] * 64, gain="150", Muscle="Vastus Lateralis", Side="Left", Prefix="MULTIPLE IN 1"
    ),
    adapter("Direct connection", 64, ["AUX  Force", "AUX  Trigger"], gain="0.5"),
    adapter("AdapterControl", 66, ["RampChannel", "BufferChannel"]),
)


def test_quattrocento_is_in_volts_with_its_force_and_its_grid(tmp_path: Path) -> None:
    data = counts(50, 68)
    (tmp_path / "x.otb+").write_bytes(otb_plus(data, *QUATTROCENTO))
    recording = read_recording(tmp_path / "x.otb+")
    emg, force = recording.of_kind(ChannelKind.EMG), recording.of_kind(ChannelKind.FORCE)
    assert (len(emg), len(force), len(recording.channels)) == (64, 1, 68)
    # The factors that the maker's reader has in mV: 0.00050863 behind an adapter, 0.1526 at a direct input.
    np.testing.assert_allclose(recording.read(emg[40].name), data[:, 40] * 0.00050863e-3, rtol=1e-5)
    np.testing.assert_allclose(recording.read(force[0].name), data[:, 64] * 0.1526e-3, rtol=1e-4)
    assert recording.read("RampChannel").tolist() == data[:, 66].tolist()
    first = emg[0]
    assert (first.name, first.array, first.electrode, first.site, first.side) == (
        "GR08MM1305 (1)",
        "GR08MM1305",
        Electrode.SURFACE,
        "Vastus Lateralis",
        Side.LEFT,
    )
    assert first.position_m == pytest.approx((0.0, 0.008, 0.0))
    assert emg[63].position_m == pytest.approx((0.032, 0.096, 0.0))
    assert first.physical_range == pytest.approx((-(2**15) * 0.00050863e-3, (2**15 - 1) * 0.00050863e-3), rel=1e-5)
    assert recording.start == datetime(2024, 2, 3, 10, 20, 30)  # noqa: DTZ001 - the file knows no zone
    assert [channel.unit for channel in recording.channels[-2:]] == [Unit.COUNT, Unit.COUNT]


def test_a_stretch_is_read_without_the_rest(tmp_path: Path) -> None:
    data = counts(5000, 68)
    (tmp_path / "x.otb+").write_bytes(otb_plus(data, *QUATTROCENTO))
    recording = read_recording(tmp_path / "x.otb+")
    part = recording.source.read(3, 4990, 5000)
    np.testing.assert_allclose(part, data[4990:, 3] * 5 / 2**16 / 150)
    assert recording.source.read(3, 7, 7).size == 0


def test_four_splitters_make_one_grid_and_two_grids_are_told_apart(tmp_path: Path) -> None:
    quarters = [adapter("AD4x16", 16 * i, ["GR04MM1305"] * 16, gain="150") for i in range(4)]
    second = adapter("AD1x64", 64, ["GR04MM1305"] * 64, gain="150")
    (tmp_path / "x.otb+").write_bytes(otb_plus(counts(5, 128), *quarters, second))
    channels = read_recording(tmp_path / "x.otb+").channels
    assert [channels[i].array for i in (0, 63, 64, 127)] == ["GR04MM1305 #1"] * 2 + ["GR04MM1305 #2"] * 2
    assert channels[17].position_m == pytest.approx((0.004, 0.028, 0.0))  # electrode 18: second column, eighth place
    assert channels[64].position_m == channels[0].position_m


def test_part_of_a_grid_has_no_places_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.otb+").write_bytes(otb_plus(counts(5, 16), adapter("AD1x16", 0, ["GR08MM1305"] * 16, gain="150")))
    recording = read_recording(tmp_path / "x.otb+")
    assert {channel.position_m for channel in recording.channels} == {None}
    assert {channel.array for channel in recording.channels} == {"GR08MM1305"}
    assert "The places of the electrodes of GR08MM1305 (16 channels) are not known." in recording.warnings


def test_sessantaquattro_of_24_bits_and_wires_in_the_muscle(tmp_path: Path) -> None:
    data = np.array([[-(2**23), 5], [2**23 - 1, -6], [-1, 7]])
    inside = adapter("AdapterSessantaquattro", 0, ["iEMGm"])
    aux = adapter("Direct connection to Auxiliary Input", 1, ["AUX  Acceleration"])
    (tmp_path / "x.otb+").write_bytes(otb_plus(data, inside, aux, device="SESSANTAQUATTRO+", bits=24))
    recording = read_recording(tmp_path / "x.otb+")
    emg, other = recording.channels
    assert (emg.electrode, emg.array) == (Electrode.NEEDLE, None)
    np.testing.assert_allclose(recording.read(emg.name), data[:, 0] * 4.8 / 2**24)
    # Its range is not published; counts stay counts.
    assert (other.kind, other.unit) == (ChannelKind.ACCELERATION, Unit.COUNT)
    assert recording.read(other.name).tolist() == [5.0, -6.0, 7.0]


def test_24_bits_in_four_bytes_are_told_by_the_length(tmp_path: Path) -> None:
    data = np.array([[1, -1], [2, -2], [3, -3]])
    parts = {"a.sig": data.astype("<i4").tobytes(), "patient.xml": b"<patient><duration>3</duration></patient>"}
    plain = otb_plus(data, adapter("A", 0, ["CoDe1", "CoDe1"]), device="MUOVI", bits=24, rate_hz="1", extra=parts)
    (tmp_path / "x.otb+").write_bytes(plain)
    recording = read_recording(tmp_path / "x.otb+")
    np.testing.assert_allclose(recording.read("CoDe1 #2"), -data[:, 0] * 4.8 / 2**24)


@pytest.mark.parametrize(
    ("device", "adapter_id", "bits", "gain", "in_mv"),
    [
        ("QUATTROCENTO", "AD1x64", 16, 150.0, 0.00050863),
        ("QUATTROCENTO", "AD1x64", 16, 1.0, 0.00050863),
        ("QUATTRO", "Direct connection", 16, 0.5, 0.1526),
        ("DUE+", "x", 16, 202.0, 0.00024928),
        ("QUATTRO+", "x", 16, 1.0, 0.00024928),
        ("DUE", "x", 16, 200.0, 0.00038147),
        ("SYNCSTATION", "Due+", 16, 1.0, 0.00024928),
        ("SYNCSTATION", "Direct connection to Syncstation Input", 16, 1.0, 0.1526),
        ("SYNCSTATION", "AdapterLoadCell", 16, 1.0, 0.00037217),
        ("SYNCSTATION", "Muovi", 16, 256.0, 0.00028610),
        ("SESSANTAQUATTRO", "x", 16, 256.0, 0.00028610),
        ("SESSANTAQUATTRO", "x", 24, 1.0, 0.00028610),
        ("SESSANTAQUATTRO", "x", 24, 0.5, 0.00057220),
        ("MUOVI+", "x", 16, 1.0, 0.00028610),
    ],
)
def test_a_step_is_worth_what_the_makers_reader_says(
    device: str, adapter_id: str, bits: int, gain: float, in_mv: float
) -> None:
    scale = scale_of(device, adapter_id, bits=bits, gain=gain)
    assert (scale.unit_text, scale.remark) == ("V", None)
    assert scale.step * 1e3 == pytest.approx(in_mv, rel=5e-4)


@pytest.mark.parametrize(
    ("device", "adapter_id", "gain"),
    [
        ("ANOTHER", "x", 1.0),
        ("QUATTROCENTO", "AdapterControl", 1.0),
        ("MUOVI", "Direct connection", 1.0),
        ("DUE", "x", 0.0),
    ],
)
def test_what_nobody_published_stays_in_counts(device: str, adapter_id: str, gain: float) -> None:
    assert scale_of(device, adapter_id, bits=16, gain=gain).unit_text == "count"


def test_an_unusual_gain_is_believed_with_a_warning(tmp_path: Path) -> None:
    data = counts(4, 1)
    (tmp_path / "x.otb+").write_bytes(otb_plus(data, adapter("A", 0, ["De1"], gain="128"), device="MUOVI"))
    recording = read_recording(tmp_path / "x.otb+")
    np.testing.assert_allclose(recording.read("De1"), data[:, 0] * 4.8 / 2**16 / 128)
    assert any("gain of 128 where the maker's own reader takes 256" in warning for warning in recording.warnings)


def test_marks_become_annotations_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    marks = (
        b"<Markers><Marker><Milliseconds>1500</Milliseconds><Description> start </Description></Marker>"
        b"<Marker><Milliseconds>500</Milliseconds><Description>Sync</Description></Marker></Markers>"
    )
    extra = {"markers_0.xml": marks, "markers_1.xml": marks, "p.sip": bytes(16)}
    (tmp_path / "x.otb+").write_bytes(otb_plus(counts(4, 3), adapter("A", 1, ["De1"]), device="DUE", extra=extra))
    recording = read_recording(tmp_path / "x.otb+")
    assert [(note.start_s, note.text) for note in recording.annotations] == [(0.5, "Sync"), (1.5, "start")]
    np.testing.assert_allclose(recording.read("De1"), counts(4, 3)[:, 1] * 5 / 2**16 / 200)
    assert "Signals that were computed and stored beside the recording were left out: 1." in recording.warnings
    assert "Channels that the file does not describe were left out: 2." in recording.warnings


ONE = adapter("A", 0, ["De1"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"a.txt": b"x"}), "must hold one recording, got 0 signal files"),
        (archive({"a.sig": b"", "b.sig": b""}), "got 2 signal files; save each one by itself"),
        (archive({"a.sig": b"xx"}), "must hold 'a.xml', got ['a.sig']"),
        (archive({"a.sig": b"xx", "a.xml": b"<Device"}), "must be a whole OTB+ archive"),
        (archive({"a.sig": b"xx", "a.xml": b"<Other/>"}), "must describe a device with its sampling rate"),
        (archive({"a.sig": b"xx", "a.xml": b"<!DOCTYPE d [<!ENTITY a 'b'>]><Device/>"}), "must not define entities"),
        (archive({"a.sig": b"xx", "a.xml": bytes(2**24 + 1)}), "must have at most 16777216 bytes"),
        (otb_plus(counts(3, 2), extra={"a.sig": b"xxx"}), "whole samples of 2 channels of 16 bits, got 3 bytes"),
        (otb_plus(counts(3, 2)), "must describe its channels, got none"),
        (otb_plus(counts(3, 2), adapter("A", 2, ["De1"])), "must give each channel one of 2 columns, got 2 for 'De1'"),
        (otb_plus(counts(3, 2), ONE, ONE), "must give each channel one of 2 columns, got 0"),
        (otb_plus(counts(3, 1), ONE, bits=12), "16, 24 or 32 bits"),
        (otb_plus(counts(3, 1), ONE, rate_hz="nan"), "must describe a device"),
        (otb_plus(counts(2, 1), ONE, extra={"a.sig": b""}), "must hold at least one sample"),
        (otb_plus(counts(3000, 1), ONE)[:2000], "(unexpected end of data)"),
    ],
)
def test_an_archive_that_lacks_something_is_one_sentence(
    tmp_path: Path, refuse: Refuse, content: bytes, said: str
) -> None:
    (tmp_path / "x.otb+").write_bytes(content)
    assert said in refuse(tmp_path / "x.otb+")


def test_a_file_that_shrinks_is_refused_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.otb+").write_bytes(otb_plus(counts(3000, 1), ONE))
    recording = read_recording(tmp_path / "x.otb+")
    (tmp_path / "x.otb+").write_bytes(b"")
    with pytest.raises(Exception, match="must keep its size while it is read"):
        recording.read("De1")


@pytest.mark.parametrize("grid", KNOWN_GRIDS.values(), ids=KNOWN_GRIDS)
def test_the_electrodes_of_a_grid_fill_its_rows_and_columns_once(grid: object) -> None:
    name, n_electrodes, spacing_m = grid.name, grid.n_electrodes, grid.spacing_m  # type: ignore[attr-defined] # a Grid
    rows, columns = int(name[-4:-2]), int(name[-2:])
    places = {grid.position_m(number) for number in range(1, n_electrodes + 1)}  # type: ignore[attr-defined] # a Grid
    assert len(places) == n_electrodes
    assert rows * columns - n_electrodes in {0, 1}
    assert max(place[0] for place in places) == pytest.approx((columns - 1) * spacing_m)
    assert max(place[1] for place in places) == pytest.approx((rows - 1) * spacing_m)
    assert spacing_m * 1e3 == pytest.approx(int(name[2:4]))
    steps = [np.subtract(grid.position_m(n), grid.position_m(n + 1)) for n in range(1, n_electrodes)]  # type: ignore[attr-defined] # a Grid
    # The numbers run along the columns: most electrodes are neighbors of the next.
    assert sum(np.abs(step).sum() == pytest.approx(spacing_m) for step in steps) >= n_electrodes - columns


@pytest.mark.parametrize(
    ("name", "number", "row", "column"),
    [
        ("GR08MM1305", 12, 12, 0),
        ("GR08MM1305", 13, 12, 1),
        ("GR08MM1305", 25, 0, 1),
        ("GR04MM1305", 26, 0, 2),
        ("GR04MM1305", 39, 12, 3),
        ("GR04MM1305", 52, 0, 4),
        ("HD08MM1305", 1, 1, 4),
        ("HD08MM1305", 13, 0, 3),
        ("HD04MM1305", 52, 0, 0),
        ("HD04MM1305", 64, 12, 0),
        ("GR10MM0808", 1, 7, 0),
        ("GR10MM0808", 64, 0, 7),
        ("HD10MM0808", 64, 0, 0),
        ("HD10MM0808", 1, 7, 7),
        ("GR10MM0804", 32, 0, 0),
        ("GR10MM0804", 1, 7, 3),
        ("HD10MM0804", 9, 0, 1),
        ("HD05MM0804", 32, 7, 3),
    ],
)
def test_an_electrode_lies_where_the_published_maps_have_it(name: str, number: int, row: int, column: int) -> None:
    assert KNOWN_GRIDS[name].place(number) == (row, column)
    assert KNOWN_GRIDS[name].position_m(0) is None


def track(title: str, stream: str, channels: int, **said: object) -> str:
    """Describe a track of an OTB4 file; ``said`` overrules what a grid of 16 bits in one file would say."""
    description = said.pop("Description", "<Description><Name>Unknown</Name></Description>")
    tags = {
        "Title": title,
        "SubTitle": "Unknown",
        "Device": "Quattrocento",
        "IsControl": "false",
        "SignalStreamPath": stream,
        "NumberOfChannels": channels,
        "TotalChannelsInFile": channels,
        "AcquisitionChannel": 0,
        "SamplingFrequency": 2000,
        "SampleSize": 2,
        "Gain": 150,
        "ADC_Nbits": 16,
        "ADC_Range": 5,
        "UnitOfMeasurement": "mV",
        "UnitOfMeasurementFactor": 1000,
    } | said
    body = "".join(f"<{key}>{value}</{key}>" for key, value in tags.items() if value is not None)
    strings = "<StringsDescriptions><StartDate>2026-01-02 03:04:05</StartDate></StringsDescriptions>"
    return f"<TrackInfo>{body}{strings}{description}</TrackInfo>"


def otb4(tracks: Sequence[str], parts: Mapping[str, bytes], paths: Sequence[str] = ()) -> bytes:
    """Write an OTB4 file with its tracks and the paths to be followed."""
    named = {"Tracks_000.xml": tracks, "TrapezoidalTracks_000.xml": paths}
    xmls = {
        name: f"<ArrayOfTrackInfo>{''.join(found)}</ArrayOfTrackInfo>".encode()
        for name, found in named.items()
        if found
    }
    return archive({"DeviceParameters.xml": b"<DeviceParameters/>", **xmls, **parts})


GRID = "<Description><Name>Unknown</Name><SensorType>HD08MM1305 adhesive</SensorType></Description>"


def test_otb4_keeps_the_force_beside_the_grid(tmp_path: Path) -> None:
    emg, force = counts(40, 65), np.linspace(-3, 7, 20)
    path = np.array([[0.0, 1.0], [2.0, 3.0]])
    tracks = [
        track("IN1", "a.sig", 64, TotalChannelsInFile=65, Description=GRID, Muscle="Soleus", Side="Right"),
        track("AUX", "a.sig", 1, TotalChannelsInFile=65, AcquisitionChannel=64, Gain=0.5, UnitOfMeasurementFactor=1000),
        track("Load cell", "f.sig", 1, SampleSize=4, SamplingFrequency=1000, UnitOfMeasurement="N"),
    ]
    paths = [
        track("Trapezoidal", "p.sig", 1, SubTitle=name, SampleSize=8, TotalChannelsInFile=2, AcquisitionChannel=i,
              SamplingFrequency=10, ADC_Nbits=1, ADC_Range=1, Gain=0.5)
        for i, name in enumerate(("Performed Path", "Original Path"))
    ]  # fmt: skip
    parts = {"a.sig": emg.astype("<i2").tobytes(), "f.sig": force.astype("<f4").tobytes(), "p.sig": path.tobytes()}
    (tmp_path / "x.otb4").write_bytes(otb4(tracks, parts, paths))
    recording = read_recording(tmp_path / "x.otb4")
    names = [channel.name for channel in recording.channels]
    assert names[64:] == ["AUX", "Load cell", "Trapezoidal - Performed Path", "Trapezoidal - Original Path"]
    first = recording.channels[0]
    assert (first.name, first.array, first.unit) == ("HD08MM1305 (1)", "HD08MM1305", Unit.VOLT)
    assert (first.site, first.side, first.electrode) == ("Soleus", Side.RIGHT, Electrode.SURFACE)
    assert first.position_m == pytest.approx((0.032, 0.008, 0.0))
    np.testing.assert_allclose(recording.read(first.name), emg[:, 0] * 5 / 2**16 / 150)
    np.testing.assert_allclose(recording.read("AUX"), emg[:, 64] * 5 / 2**16 / 0.5)
    load, performed, original = recording.channels[65:]
    assert (load.kind, load.unit, load.sampling_rate_hz) == (ChannelKind.FORCE, Unit.NEWTON, 1000.0)
    np.testing.assert_allclose(recording.read("Load cell"), force, rtol=1e-6)
    assert any("Load cell cannot be converter counts" in warning for warning in recording.warnings)
    assert (performed.kind, performed.unit, performed.sampling_rate_hz) == (ChannelKind.FORCE, Unit.PERCENT, 10.0)
    assert recording.read(performed.name).tolist() == [0.0, 2.0]
    assert (original.kind, recording.read(original.name).tolist()) == (ChannelKind.OTHER, [1.0, 3.0])
    assert recording.start == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - the file knows no zone


@pytest.mark.parametrize("size", [3, 4])
def test_otb4_of_a_novecento_lies_by_its_packets(tmp_path: Path, size: int) -> None:
    data = np.array([[80, -7, 81], [82, 8, 83]])
    said = {"Device": "Novecento+", "SampleSize": size, "TotalChannelsInFile": 3, "ADC_Range": 4.8, "ADC_Nbits": 24}
    tracks = [
        track("IN2", "g.sig", 1, AcquisitionChannel=4, ChannelOffsetInSubPacket=1, Gain=1, **said),
        track("Buffer", "g.sig", 1, AcquisitionChannel=5, ChannelOffsetInSubPacket=2, IsControl="true", **said),
        track("Envelope", "g.sig", 1, IsProcessing="true", **said),
    ]
    raw = data.astype("<i4").tobytes() if size == 4 else pack24(data)
    (tmp_path / "x.otb4").write_bytes(otb4(tracks, {"g.sig": raw}))
    recording = read_recording(tmp_path / "x.otb4")
    np.testing.assert_allclose(recording.read("IN2"), np.array([-7, 8]) * 4.8 / 2**24)
    assert (recording.channels[1].unit, recording.channels[1].kind) == (Unit.COUNT, ChannelKind.OTHER)
    assert "Tracks that were computed from others were left out: 1." in recording.warnings


def test_a_sample_of_unsaid_size_goes_by_the_device(tmp_path: Path) -> None:
    tracks = [
        track("IN1", "a.sig", 1, SampleSize=None, UnitOfMeasurement=None),
        track("IN2", "b.sig", 1, SampleSize=None, Device="Novecento+;1"),
    ]
    parts = {"a.sig": np.array([1, 2], dtype="<i2").tobytes(), "b.sig": np.array([3, 4], dtype="<i4").tobytes()}
    (tmp_path / "x.otb4").write_bytes(otb4(tracks, parts))
    recording = read_recording(tmp_path / "x.otb4")
    assert [recording.read(name)[0] * 2**16 * 150 / 5 for name in ("IN1", "IN2")] == pytest.approx([1, 3])


SIG = {"a.sig": bytes(8)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"a.txt": b"x"}), "must describe its tracks in 'Tracks_000.xml', got ['a.txt']"),
        (otb4([track("IN1", "b.sig", 1)], SIG), "must hold 'b.sig'"),
        (otb4([track("IN1", "", 1)], SIG), "must say its signal file"),
        (otb4([track("IN1", "a.sig", 1, SampleSize=5)], SIG), "and the bytes of a sample"),
        (otb4([track("IN1", "a.sig", 1, NumberOfChannels="x")], SIG), "must say its signal file"),
        (otb4([track("IN1", "a.sig", 2, TotalChannelsInFile=1)], SIG), "must say its signal file"),
        (otb4([track("IN1", "a.sig", 3)], SIG), "whole samples of 3 channels of 2 bytes, got 8 bytes"),
        (otb4([track("IN1", "a.sig", 1), track("IN2", "a.sig", 2)], SIG), "must agree about its layout"),
        (otb4([track("IN1", "a.sig", 1, AcquisitionChannel=1)] * 2, SIG), "must lie side by side in its 1 columns"),
        (otb4([track("IN1", "a.sig", 1, SamplingFrequency="-")], SIG), "pass it with --sampling-rate"),
    ],
)
def test_an_otb4_file_that_lacks_something_is_one_sentence(
    tmp_path: Path, refuse: Refuse, content: bytes, said: str
) -> None:
    (tmp_path / "x.otb4").write_bytes(content)
    assert said in refuse(tmp_path / "x.otb4")
