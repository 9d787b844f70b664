"""Any bytes under the ending of a maker's format are a recording or one sentence, and come back in time."""

import io
import json
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import TwitchwiseError

# Beyond this many samples a damaged header only promises them, and reading would cost time without a finding.
MOST_SAMPLES = 10**6


def _tar(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _otb_plus() -> bytes:
    xml = (
        '<Device Name="QUATTROCENTO" SampleFrequency="2048" DeviceTotalChannels="2" ad_bits="16"><Channels>'
        '<Adapter ID="AD" Gain="150" ChannelStartIndex="0"><Channel Index="0" ID="GR08MM1305" Gain="1"/></Adapter>'
        '<Adapter ID="Direct connection" Gain="0.5" ChannelStartIndex="1"><Channel Index="0" ID="AUX Force"/></Adapter>'
        "</Channels></Device>"
    )
    marks = b"<M><Marker><Milliseconds>5</Milliseconds><Description>x</Description></Marker></M>"
    return _tar({"a.xml": xml.encode(), "a.sig": bytes(range(200)), "markers_0.xml": marks, "patient.xml": b"<p/>"})


def _otb4() -> bytes:
    def track(**said: object) -> str:
        return "<TrackInfo>" + "".join(f"<{key}>{value}</{key}>" for key, value in said.items()) + "</TrackInfo>"

    same = {"NumberOfChannels": 1, "SamplingFrequency": 2000, "Gain": 150, "ADC_Nbits": 16, "ADC_Range": 5}
    tracks = track(Title="IN1", SignalStreamPath="a.sig", TotalChannelsInFile=2, SampleSize=2, **same) + track(
        Title="Force", SignalStreamPath="b.sig", TotalChannelsInFile=1, SampleSize=4, **same
    )
    floats = np.arange(5, dtype="<f4").tobytes()
    xml = f"<ArrayOfTrackInfo>{tracks}</ArrayOfTrackInfo>".encode()
    return _tar({"Tracks_000.xml": xml, "a.sig": bytes(range(40)), "b.sig": floats})


def _hdf5(matlab: bool) -> bytes:  # noqa: FBT001 - two kinds of file
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", userblock_size=512 if matlab else 0) as h5:
        if matlab:
            for name, value in (("emg", np.arange(200.0)[:, np.newaxis]), ("fsamp", np.array([[1000.0]]))):
                h5.create_dataset(name, data=value, chunks=value.shape, compression="gzip")
                h5[name].attrs["MATLAB_class"] = np.bytes_("double")
            h5["SIG"] = np.array([[h5["emg"].ref]], dtype=h5py.ref_dtype)
            h5["SIG"].attrs["MATLAB_class"] = np.bytes_("cell")
        else:
            device = h5.create_group("00:07")
            said = {"device": "biosignalsplux", "sampling rate": np.int32(1000), "resolution": np.array([16], "i4")}
            for key, one in (said | {"channels": np.array([1], "i4")}).items():
                device.attrs[key] = one
            numbers = np.arange(300, dtype="u2")[:, np.newaxis]
            device.create_dataset("raw/channel_1", data=numbers, chunks=(64, 1), compression="gzip", shuffle=True)
            device["raw/channel_1"].attrs["sensor"] = "EMG"
            device["raw/nSeq"] = numbers
    content = bytearray(buffer.getvalue())
    if matlab:
        content[:128] = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    return bytes(content)


def _opensignals() -> bytes:
    device = {"column": ["nSeq", "A1"], "sensor": ["EMG"], "device": "bitalino_rev", "resolution": [4, 10]}
    header = json.dumps({"a": device | {"sampling rate": 1000}})
    rows = "".join(f"{i % 16}\t{i * 9}\t\n" for i in range(40))
    return f"# OpenSignals Text File Format\n# {header}\n# EndOfHeader\n{rows}".encode()


def _discover() -> bytes:
    head = "Application:,Trigno Discover (2)\nDate/Time:,x\nCollection Length (seconds):,1\nA (1)\nsensor mode: 65\n"
    names = "EMG 1 Time Series (s),EMG 1 (mV),ACC X Time Series (s),ACC X (G)\n,2000 Hz,,200 Hz\n"
    rows = "".join(f"{i / 2000},{i % 7}," + (f"{i / 200},{i}\n" if i < 4 else ",\n") for i in range(40))
    return (head + names + rows).encode()


def _emgworks() -> bytes:
    label = "Label: EMG 1 Sampling frequency: 2.0e+003 Number of points: 40 start: 0 Unit: V Domain Unit: s\n\n"
    return (label + 'X[s],"EMG 1"\n' + "".join(f"{i / 2000},{i % 7}\n" for i in range(40))).encode()


def _intan() -> bytes:
    def word(text: str) -> bytes:
        return struct.pack("<I", 2 * len(text)) + text.encode("utf-16-le")

    head = struct.pack("<Ihhf", 0xC6912702, 3, 0, 2000.0) + struct.pack("<hffffffhff", 1, *[1.0] * 6, 0, 1.0, 1.0)
    head += word("") * 3 + struct.pack("<hh", 0, 0) + word("") + struct.pack("<h", 1)
    head += word("P") + word("A") + struct.pack("<hhh", 1, 1, 1)
    head += word("A-0") * 2 + struct.pack("<hhhhhhhhhhff", 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1.0, 0.0)
    return head + np.arange(128, dtype="<i4").tobytes() + bytes(256)


SEEDS: dict[str, bytes] = {
    "x.otb+": _otb_plus(),
    "x.otb4": _otb4(),
    "x.h5": _hdf5(matlab=False),
    "x.mat": _hdf5(matlab=True),
    "x.txt": _opensignals(),
    "x.csv": _discover(),
    "y.csv": _emgworks(),
    "x.rhd": _intan(),
}
PIECES = (b"-1", b"0", b"nan", b"1e300", b"99999999", b"inf", b" ", b"\xff\xff\xff\xff", b"\x00", b"<", b">", b",,")


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Draw a way to damage a file: change, insert, repeat or remove bytes, or cut it short; its head more often."""
    steps = draw(
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.one_of(st.floats(0, 1), st.floats(0, 0.15)),
                st.one_of(st.binary(min_size=1, max_size=12), st.sampled_from(PIECES)),
            ),
            min_size=1,
            max_size=6,
        )
    )

    def apply(content: bytes) -> bytes:
        for kind, place, piece in steps:
            content = _step(content, kind, int(place * len(content)), piece)
        return content

    return apply


def _step(content: bytes, kind: int, at: int, piece: bytes) -> bytes:
    changed = (
        content[:at] + piece + content[at + len(piece) :],
        content[:at] + piece + content[at:],
        content[:at] + content[at : at + 50] * 2 + content[at + 50 :],
        content[:at] + content[at + len(piece) :],
        content[: len(content) - at // 2],
        content[:at] + bytes([piece[0]]) + content[at + 1 :],
    )
    return changed[kind]


def _read_all(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    sentence = ""
    try:
        recording = read_recording(path)
        for channel in recording.channels:
            if channel.n_samples <= MOST_SAMPLES:
                samples = recording.read(channel.name)
                assert samples.shape == (channel.n_samples,)
                assert samples.dtype == np.float64
    except TwitchwiseError as error:
        sentence = str(error)
    assert "\n" not in sentence
    return not sentence


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_read(folder: Path, name: str) -> None:
    assert _read_all(folder / name, SEEDS[name])


@pytest.mark.parametrize("name", SEEDS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(damaged=damage())
def test_a_damaged_file_is_a_recording_or_one_sentence(
    folder: Path, name: str, damaged: Callable[[bytes], bytes]
) -> None:
    _read_all(folder / name, damaged(SEEDS[name]))


@pytest.mark.parametrize("name", SEEDS)
@given(content=st.binary(max_size=400))
def test_random_bytes_are_a_recording_or_one_sentence(folder: Path, name: str, content: bytes) -> None:
    _read_all(folder / name, content)
    _read_all(folder / name, SEEDS[name][: len(SEEDS[name]) // 2] + content)


@pytest.mark.parametrize("name", SEEDS)
def test_a_file_that_was_cut_anywhere_is_a_recording_or_one_sentence(folder: Path, name: str) -> None:
    content = SEEDS[name]
    for at in np.linspace(1, len(content) - 1, 25).astype(int).tolist():
        _read_all(folder / name, content[:at])
