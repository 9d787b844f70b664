"""However a file of movement is cut or scrambled, reading it ends in a recording or in one sentence."""

import contextlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import TwitchwiseError

pytestmark = pytest.mark.no_cover

TIMES_S = np.arange(300) / 100
ROWS = np.stack([0.3 * np.sin(20 * TIMES_S), 0 * TIMES_S, 0 * TIMES_S + 9.81], axis=1)


def table(header: str = "time,acc_x,acc_y,acc_z\n", sign: str = ",") -> bytes:
    lines = [sign.join(f"{number:.5f}" for number in (t, *row)) for t, row in zip(TIMES_S, ROWS, strict=True)]
    return (header + "\n".join(lines) + "\n").encode()


def archive() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Raw Data.csv", table("Time (s),X (m/s^2),Y (m/s^2),Z (m/s^2)\n"))
        made.writestr("meta/time.csv", '"event","experiment time","system time"\n"START",0,1704190000.1\n')
    return memory.getvalue()


def cwa() -> bytes:
    made = (b"MD" + (1020).to_bytes(2, "little")).ljust(1024, b"\xff")
    for number in range(3):
        head = b"AX" + (508).to_bytes(2, "little") + bytes(6) + number.to_bytes(4, "little")
        stamp = (24 << 26) | (2 << 22) | (3 << 17) | (number + 10)
        head += stamp.to_bytes(4, "little") + bytes(6) + bytes([0x4A, 0x30]) + bytes(2) + (120).to_bytes(2, "little")
        block = head.ljust(510, b"\x11")
        checksum = -int(np.frombuffer(block, dtype="<u2").sum(dtype=np.uint64)) & 0xFFFF
        made += block + checksum.to_bytes(2, "little")
    return made


def geneactiv() -> bytes:
    text = "Device Identity\nDevice Type:GENEActiv\n"
    text += "".join(f"{axis} gain:256\n{axis} offset:1\n" for axis in "xyz")
    for page in range(3):
        text += f"Recorded Data\nPage Time:2024-02-28 23:59:5{page * 3}:000\nMeasurement Frequency:100\n"
        text += "0010020ff000" * 300 + "\n"
    return text.encode()


def records() -> bytes:
    found = [
        dict(zip(("timestamp", "x", "y", "z"), map(float, (t, *row)), strict=True))
        for t, row in zip(TIMES_S, ROWS, strict=True)
    ]
    return json.dumps(found).encode()


LONG = "".join(f"ACCELEROMETER,{i * 10**7},0.1,0.2,9.8\nGYROSCOPE,{i * 10**7},1,2,3\n" for i in range(200)).encode()
FILES = {
    "plain.csv": table(),
    "semicolon.csv": table("time;acc_x;acc_y;acc_z\n", ";"),
    "nameless.csv": table("").replace(b"0.0", b"0.1"),
    "long.csv": LONG,
    "export.zip": archive(),
    "logger.cwa": cwa(),
    "pages.bin": geneactiv(),
    "records.json": records(),
}


def read_all(path: Path) -> None:
    """Read a file and all of its samples, or be refused in one sentence."""
    try:
        recording = read_recording(path)
    except TwitchwiseError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 600
        return
    for channel in recording.channels:
        assert recording.read(channel.name).size == channel.n_samples


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_file_itself_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    assert read_recording(tmp_path / name).channels


@given(name=st.sampled_from(sorted(FILES)), share=st.floats(0, 1))
def test_a_file_that_was_cut_anywhere_ends_in_a_recording_or_a_sentence(folder: Path, name: str, share: float) -> None:
    whole = FILES[name]
    (folder / name).write_bytes(whole[: int(share * len(whole))])
    read_all(folder / name)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(FILES)),
    changes=st.lists(st.tuples(st.floats(0, 0.9999), st.binary(max_size=6), st.integers(0, 8)), min_size=1, max_size=6),
)
def test_a_file_with_scrambled_bytes_ends_in_a_recording_or_a_sentence(
    folder: Path, name: str, changes: list[tuple[float, bytes, int]]
) -> None:
    data = bytearray(FILES[name])
    for share, new, gone in changes:
        at = int(share * len(data))
        data[at : at + gone] = new
    (folder / name).write_bytes(bytes(data))
    read_all(folder / name)


@given(lines=st.lists(st.text("0123456789.,;-eE \txyzacgtime\"'nan", max_size=40), max_size=30))
def test_any_text_ends_in_a_recording_or_a_sentence(folder: Path, lines: list[str]) -> None:
    (folder / "any.csv").write_text("time,x,y,z\n" + "\n".join(lines))
    read_all(folder / "any.csv")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["timestamp", "x", "y", "z", "gravity"]), inner)
    ),
    max_leaves=20,
)


@given(content=json_values)
def test_any_json_ends_in_a_recording_or_a_sentence(folder: Path, content: object) -> None:
    (folder / "any.json").write_text('[{"timestamp": 1, "x": 1}, ' + json.dumps(content) + "]")
    read_all(folder / "any.json")


@given(
    content=st.dictionaries(
        st.sampled_from(["file_name", "channels", "units", "bits", "data_type", "rows", "scale_factors", "sensors"]),
        st.sampled_from(
            ["a.bin", ["accelerometer_x", "time"], ["g"], 16, 64, "float", "int", -5, [1, "x"], None, [{}]]
        ),
    )
)
def test_any_metadata_end_in_a_recording_or_a_sentence(folder: Path, content: dict[str, object]) -> None:
    inner = {"file_name": "fuzz.bin", "channels": ["accelerometer_x", "accelerometer_y"], "units": ["g", "g"]} | content
    place = folder / "fuzz_tsdf"
    place.mkdir(exist_ok=True)
    (place / "fuzz.bin").write_bytes(bytes(1600))
    (place / "fuzz_meta.json").write_text(json.dumps({"sensors": [inner], "bits": 32, "data_type": "float"}))
    for path in (place / "fuzz_meta.json", place / "fuzz.bin"):
        read_all(path)
    with contextlib.suppress(TwitchwiseError):
        read_recording(place)
