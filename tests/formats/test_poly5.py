"""Reading Poly5: the samples that were written, in SI, block by block, and one sentence for anything else."""

import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.vocabulary import ChannelKind, Unit

Refuse = Callable[..., str]


def poly5(
    data: np.ndarray[tuple[int, int], np.dtype[np.float32]], *, per_block: int = 7, month: int = 5, rate_hz: int = 2000
) -> bytes:
    """Write ``data`` of shape ``(2, n_samples)``: EMG in microvolts, and a force without a unit."""
    n_blocks = -(-data.shape[1] // per_block)
    head = struct.pack(
        "<31sH81phhBHi4xHHHHHHHiHHH64x",
        *(b"POLY SAMPLE FILEversion 2.03\r\n\x1a", 203, b"night", rate_hz, rate_hz, 0, 4, data.shape[1]),
        *(2024, month, 6, 1, 7, 8, 9, n_blocks, per_block, 4 * per_block * 2, 0),
    )
    for name, unit in ((b"EMG 1", "\u00b5Volt".encode()), (b"Force", b"\xb5N")):
        for half in (b"(Lo) ", b"(Hi) "):
            head += struct.pack("<41p4x11pffffH62x", half + name, unit, 0.0, 1.0, 0.0, 1.0, 0)
    padded = np.zeros((2, n_blocks * per_block), dtype="<f4")
    padded[:, : data.shape[1]] = data
    blocks = padded.T.reshape(n_blocks, -1)
    return head + b"".join(struct.pack("<i4x7H64x", i, *[0] * 7) + block.tobytes() for i, block in enumerate(blocks))


DATA = np.random.default_rng(1).normal(0, 50, (2, 40)).astype("f4")


def test_samples_are_those_that_were_written_in_si(tmp_path: Path) -> None:
    (tmp_path / "x.Poly5").write_bytes(poly5(DATA))
    recording = read_recording(tmp_path / "x.Poly5")
    emg, force = recording.channels
    assert (emg.name, emg.kind, emg.unit, emg.sampling_rate_hz) == ("EMG 1", ChannelKind.EMG, Unit.VOLT, 2000.0)
    assert (force.kind, force.unit) == (ChannelKind.FORCE, Unit.NEWTON)
    np.testing.assert_allclose(recording.read("EMG 1"), DATA[0].astype(float) * 1e-6)
    np.testing.assert_allclose(recording.source.read(1, 5, 23), DATA[1, 5:23].astype(float) * 1e-6)
    assert recording.start == datetime(2024, 5, 6, 7, 8, 9)  # noqa: DTZ001 - the file knows no zone


def test_a_long_file_is_read_in_pieces(tmp_path: Path) -> None:
    long = np.arange(2 * 700_000, dtype="f4").reshape(2, -1)
    (tmp_path / "x.poly5").write_bytes(poly5(long, per_block=256, month=13))
    recording = read_recording(tmp_path / "x.poly5")
    assert recording.start is None
    whole = recording.source.read(0, 400_000, 600_000)
    np.testing.assert_allclose(whole, long[0, 400_000:600_000] * 1e-6, rtol=1e-6)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (poly5(DATA)[:-1], "must hold the 40 samples its header promises, got"),
        (poly5(DATA)[:300], "must be a whole Poly5 file"),
        (poly5(DATA, rate_hz=0), "must say its rate, its channels and its samples, got 0 Hz"),
        (b"1,2", "must begin like Poly5"),
    ],
)
def test_a_file_that_is_not_whole_is_one_sentence(tmp_path: Path, refuse: Refuse, content: bytes, said: str) -> None:
    (tmp_path / "x.poly5").write_bytes(content)
    assert said in refuse(tmp_path / "x.poly5")


def test_a_file_that_shrinks_is_refused_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.poly5").write_bytes(poly5(DATA))
    recording = read_recording(tmp_path / "x.poly5")
    (tmp_path / "x.poly5").write_bytes(poly5(DATA)[:-1])
    with pytest.raises(Exception, match="must keep its size while it is read"):
        recording.read("EMG 1")


def test_any_cut_is_a_recording_or_one_sentence(tmp_path: Path) -> None:
    content = poly5(DATA)
    rng = np.random.default_rng(2)
    for _ in range(200):
        damaged = bytearray(content)
        for at in rng.integers(31, 900, 3).tolist():
            damaged[at] = rng.integers(256)
        (tmp_path / "x.poly5").write_bytes(damaged)
        try:
            recording = read_recording(tmp_path / "x.poly5")
            assert all(recording.read(channel.name).size == channel.n_samples for channel in recording.channels)
        except Exception as error:  # noqa: BLE001 - what it must be is asked next
            assert type(error).__module__.startswith("twitchwise"), error  # noqa: PT017 - either way is right
