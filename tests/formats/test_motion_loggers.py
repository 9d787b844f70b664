"""Files of Axivity and GENEActiv loggers, built byte by byte from their public descriptions, are read back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import Side, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

Refuse = Callable[..., str]
ONE_G = 9.80665
BEGIN = datetime(2024, 2, 28, 23, 59, 50)  # noqa: DTZ001 - as the logger was set


def movement(times_s: FloatArray) -> FloatArray:
    """Return acceleration in g: lying still, then shaken at 4 Hz."""
    shaking = np.where(times_s > 5, 0.4 * np.sin(2 * np.pi * 4 * times_s), 0.0)
    return np.asarray(np.stack([shaking, 0 * shaking - 0.6, 0 * shaking + 0.8], axis=1), dtype=np.float64)


def packed_date(moment: datetime) -> int:
    """Pack a date into 32 bits: years since 2000, month, day, hour, minute, second."""
    parts = ((moment.year - 2000, 26), (moment.month, 22), (moment.day, 17), (moment.hour, 12), (moment.minute, 6))
    return sum(part << shift for part, shift in parts) + moment.second


def block(words: bytes, sequence: int, first_s: float, count: int, **said: int) -> bytes:
    """Return one block of a CWA file; ``first_s`` is the time of its first sample from the begin."""
    rate_hz = 3200 / (1 << (15 - (said["rate"] & 15)))
    second = int(np.floor(first_s)) + 1
    offset = round((second - first_s) * rate_hz)
    exact = first_s + offset / rate_hz
    part = round((exact - np.floor(exact)) * 32768) & 0x7FFF
    moment = BEGIN + timedelta(seconds=float(np.floor(exact)))
    # readers of whole seconds find the begin by an offset that is moved by the fraction
    moved = offset - int(np.floor(part / 32768 * rate_hz))
    head = b"".join(
        int(value).to_bytes(size, "little", signed=value < 0)
        for value, size in (
            (0x5841, 2),
            (508, 2),
            (0x8000 | part, 2),
            (7, 4),
            (sequence, 4),
            (packed_date(moment), 4),
            (said["scales"], 2),
            (300, 2),
            (0, 1),
            (200, 1),
            (said["rate"], 1),
            (said["packing"], 1),
            (moved, 2),
            (count, 2),
        )
    )
    body = head + words.ljust(480, b"\0")
    checksum = -int(np.frombuffer(body, dtype="<u2").sum(dtype=np.uint64)) & 0xFFFF
    return body + checksum.to_bytes(2, "little")


def pack(counts: IntArray) -> bytes:
    """Pack three counts of 10 bits with a common exponent into 32 bits a sample."""
    exponents = np.zeros(len(counts), dtype=np.int64)
    for exponent in (1, 2, 3):
        exponents[(np.abs(counts) >= 256 << exponent).any(axis=1)] = exponent
    exponents[(np.abs(counts) >= 512).any(axis=1) & (exponents == 0)] = 1
    short = (counts >> exponents[:, None]) & 0x3FF
    words = short[:, 0] | (short[:, 1] << 10) | (short[:, 2] << 20) | (exponents << 30)
    return words.astype("<u4").tobytes()


def cwa(*, packing: int, rate: int, n_blocks: int = 30, true_hz: float | None = None) -> tuple[bytes, FloatArray]:
    """Return a CWA file and the times of its samples."""
    n_axes, is_packed = packing >> 4, packing & 15 == 0
    rate_hz = true_hz or 3200 / (1 << (15 - (rate & 15)))
    per_block = 120 if is_packed else 480 // (2 * n_axes)
    scales = 0 if is_packed else (3 << 13) | (2 << 10)  # 1/2048 g and 2000 degrees a second
    times_s = np.arange(n_blocks * per_block) / rate_hz
    acceleration = np.round(movement(times_s) * (256 if is_packed else 2048)).astype(np.int64)
    turning = np.round(np.stack([100 * np.sin(times_s)] * 3, axis=1) * 32768 / 2000).astype(np.int64)
    header = b"MD" + (1020).to_bytes(2, "little") + bytes([0x64 if n_axes > 3 else 0x17]) + b"\x01\x02" + bytes(29)
    data = (header + bytes([rate])).ljust(1024, b"\xff")
    for number in range(n_blocks):
        part = slice(number * per_block, (number + 1) * per_block)
        rows = acceleration[part] if n_axes == 3 else np.hstack([turning[part], acceleration[part]])
        words = pack(rows) if is_packed else rows.astype("<i2").tobytes()
        data += block(words, number, float(times_s[part][0]), per_block, rate=rate, packing=packing, scales=scales)
    return data, times_s


@pytest.mark.parametrize(("packing", "rate"), [(0x30, 0x4A), (0x32, 0x4A), (0x62, 0x4A), (0x32, 0x49), (0x30, 0x4B)])
def test_every_packing_of_axivity_is_read_back(tmp_path: Path, packing: int, rate: int) -> None:
    data, times_s = cwa(packing=packing, rate=rate)
    (tmp_path / "x.cwa").write_bytes(data)
    recording = read_recording(tmp_path / "x.cwa")
    nominal = {0x49: 50.0, 0x4A: 100.0, 0x4B: 200.0}[rate]
    assert recording.channels[0].sampling_rate_hz == pytest.approx(nominal, rel=1e-4)
    axes = ["accelerometer x", "accelerometer y", "accelerometer z"]
    read = np.stack([recording.read(name) for name in axes], axis=1) / ONE_G
    assert len(read) == len(times_s)
    assert np.nanmax(np.abs(read - movement(times_s))) < (1.1 / 256 if packing == 0x30 else 0.002)
    assert recording.start is not None
    assert abs((recording.start - BEGIN).total_seconds()) < 0.6 / nominal
    assert any("is stated in g and includes gravity: its length is 1" in said for said in recording.notes)
    assert recording.warnings == ()
    if packing == 0x62:
        assert recording.channel("gyroscope x").unit is Unit.RADIAN_PER_SECOND
        turning = np.rad2deg(recording.read("gyroscope x"))
        assert np.nanmax(np.abs(turning - 100 * np.sin(times_s))) < 0.5


@given(seed=st.integers(0, 9999), most=st.sampled_from([500, 1000, 2000, 4000]))
def test_packed_counts_come_back_within_their_exponent(folder: Path, seed: int, most: int) -> None:
    table = np.random.default_rng(seed).integers(-most, most, (120, 3))
    begin = block(pack(table), 0, 0.0, 120, rate=0x4A, packing=0x30, scales=0)
    header = (b"MD" + (1020).to_bytes(2, "little")).ljust(1024, b"\0")
    (folder / "x.cwa").write_bytes(header + begin)
    recording = read_recording(folder / "x.cwa")
    read = np.stack([recording.read(f"accelerometer {axis}") for axis in "xyz"], axis=1) / ONE_G * 256
    assert np.nanmax(np.abs(read - table)) <= 8


def test_the_true_rate_of_a_logger_comes_from_its_stamps(tmp_path: Path) -> None:
    data, _ = cwa(packing=0x30, rate=0x4A, n_blocks=400, true_hz=99.2)
    (tmp_path / "x.cwa").write_bytes(data)
    recording = read_recording(tmp_path / "x.cwa")
    assert recording.channels[0].sampling_rate_hz == pytest.approx(99.2, rel=1e-4)
    assert "The logger was set to 100 Hz." in recording.notes


def test_damaged_blocks_are_left_out_and_counted(tmp_path: Path, refuse: Refuse) -> None:
    data, times_s = cwa(packing=0x30, rate=0x4A)
    spoiled = bytearray(data)
    spoiled[1024 + 10 * 512 + 100] ^= 0x40
    (tmp_path / "x.cwa").write_bytes(bytes(spoiled[:-100]))
    recording = read_recording(tmp_path / "x.cwa")
    assert recording.warnings[0] == "Blocks that are damaged or hold no samples were left out: 1 of 29."
    assert "The file ends within a block, which was left out." in recording.warnings
    missing = np.isnan(recording.read("accelerometer x"))
    assert missing.sum() == pytest.approx(120, abs=2)
    assert np.flatnonzero(missing)[0] == pytest.approx(1200, abs=2)
    assert recording.channels[0].n_samples == len(times_s) - 120
    for at in range(1024 + 100, len(spoiled), 512):
        spoiled[at] ^= 0x40
    spoiled[1024 + 10 * 512 + 100] ^= 0x20
    (tmp_path / "x.cwa").write_bytes(bytes(spoiled))
    assert "must hold blocks of samples with a right checksum, got none" in refuse(tmp_path / "x.cwa")


HEADER = """Device Identity
Device Unique Serial Code:012345
Device Type:GENEActiv

Configuration Info
Measurement Frequency:{rate:g} Hz
Start Time:2024-02-28 23:59:50:000

Subject Info
Device Location Code:left wrist

Calibration Data
x gain:{gains[0]}
x offset:{offsets[0]}
y gain:{gains[1]}
y offset:{offsets[1]}
z gain:{gains[2]}
z offset:{offsets[2]}
Volts:300
Lux:800

Memory Status
Number of Pages:{pages}

"""
GAINS, OFFSETS = (25600, 25500, 25700), (100, -50, 20)


def geneactiv(rate_hz: float = 100.0, pages: int = 8) -> tuple[str, FloatArray]:
    """Return a file of pages of 300 samples and the times of the samples."""
    times_s = np.arange(pages * 300) / rate_hz
    counts = np.round((movement(times_s) * GAINS + OFFSETS) / 100).astype(int)
    text = HEADER.format(rate=rate_hz, gains=GAINS, offsets=OFFSETS, pages=pages)
    for page in range(pages):
        rows = counts[page * 300 : (page + 1) * 300]
        moment = (BEGIN + timedelta(seconds=float(times_s[page * 300]))).isoformat(" ", timespec="milliseconds")
        samples = "".join("".join(f"{count & 0xFFF:03x}" for count in row) + "1f4" for row in rows)
        text += (
            f"Recorded Data\nDevice Unique Serial Code:012345\nSequence Number:{page}\n"
            f"Page Time:{moment.replace('.', ':')}\nUnassigned:\nTemperature:21.5\nBattery voltage:4.1\n"
            f"Device Status:Recording\nMeasurement Frequency:{rate_hz:g}\n{samples}\n"
        )
    return text, times_s


@pytest.mark.parametrize("rate_hz", [100.0, 85.7, 66.7, 50.0])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pages_of_geneactiv_are_read_back(tmp_path: Path, rate_hz: float, end: str) -> None:
    text, times_s = geneactiv(rate_hz)
    (tmp_path / "x.bin").write_bytes(text.replace("\n", end).encode())
    recording = read_recording(tmp_path / "x.bin")
    assert recording.channels[0].sampling_rate_hz == pytest.approx(rate_hz, rel=1e-4)
    read = np.stack([recording.read(f"accelerometer {axis}") for axis in "xyz"], axis=1) / ONE_G
    assert len(read) == len(times_s)
    assert np.abs(read - movement(times_s)).max() < 0.02
    assert recording.start == BEGIN
    assert (recording.channels[0].side, recording.channels[0].site) == (Side.LEFT, "wrist")
    assert recording.warnings == ()


def test_damaged_pages_are_left_out_and_counted(tmp_path: Path, refuse: Refuse) -> None:
    text, times_s = geneactiv()
    pages = text.split("Recorded Data\n")
    pages[3] = pages[3].replace("Page Time:2024", "Page Time:20x4")
    cut = "Recorded Data\n".join(pages)[:-2001]
    (tmp_path / "x.bin").write_text(cut)
    recording = read_recording(tmp_path / "x.bin")
    assert recording.warnings[0] == "Pages that are damaged were left out: 2 of 8."
    assert np.isnan(recording.read("accelerometer x")).sum() == pytest.approx(300, abs=2)
    assert recording.channels[0].n_samples == len(times_s) - 300
    (tmp_path / "y.bin").write_text(text.replace("x gain:25600", "x gain:0"))
    assert "must hold a gain and an offset for x, y and z" in refuse(tmp_path / "y.bin")
    (tmp_path / "z.bin").write_text(pages[0])
    assert "must hold pages of recorded data" in refuse(tmp_path / "z.bin")
