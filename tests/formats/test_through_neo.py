"""Reading through neo: an Intan file written byte by byte, events, and what happens without the package."""

import builtins
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from neo import rawio

from twitchwise.formats import read_recording, through_neo
from twitchwise.vocabulary import ChannelKind, MissingExtraError, Unit

Refuse = Callable[..., str]
BLOCK = 128
AMPLIFIER, AUXILIARY, SUPPLY, ADC = 0, 1, 2, 3


def q_string(text: str) -> bytes:
    """Write a text as Qt does: its bytes, then UTF-16."""
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded)) + encoded


def rhd_header(channels: list[tuple[str, int]], rate_hz: float = 2000.0) -> bytes:
    """Write the header of Intan's "RHD Application Note: Data File Formats", version 3.0."""
    head = struct.pack("<Ihhf", 0xC6912702, 3, 0, rate_hz)
    head += struct.pack("<hffffffhff", 1, 1.0, 0.1, 7500.0, 1.0, 0.1, 7500.0, 0, 1000.0, 1000.0)
    head += q_string("calf") + q_string("") + q_string("")
    head += struct.pack("<hh", 0, 0)  # temperature sensors, mode of the board
    head += q_string("n/a") + struct.pack("<h", 1)
    head += q_string("Port A") + q_string("A") + struct.pack("<hhh", 1, len(channels), 2)
    for number, (name, kind) in enumerate(channels):
        head += q_string(name) + q_string(name)
        head += struct.pack("<hhhhhh", number, number, kind, 1, number, 0)
        head += struct.pack("<hhhhff", 0, 0, 0, 0, 1e5, 0.0)
    return head


CHANNELS = [("A-000", AMPLIFIER), ("A-001", AMPLIFIER), ("A-AUX1", AUXILIARY), ("A-VDD1", SUPPLY), ("ANALOG-IN-0", ADC)]


def rhd(amplifier: np.ndarray[tuple[int, int], np.dtype[np.uint16]]) -> bytes:
    """Write whole data blocks of 128 samples: ``amplifier`` of shape ``(2, n_samples)`` as the converter gave it."""
    blocks = []
    for first in range(0, amplifier.shape[1], BLOCK):
        part = amplifier[:, first : first + BLOCK].astype("<u2")
        stamps = np.arange(first, first + BLOCK, dtype="<i4").tobytes()
        others = [np.full(BLOCK // 4, 7, "<u2"), np.full(1, 8, "<u2"), np.full(BLOCK, 9, "<u2")]
        blocks.append(stamps + part[0].tobytes() + part[1].tobytes() + b"".join(one.tobytes() for one in others))
    return rhd_header(CHANNELS) + b"".join(blocks)


@pytest.fixture(scope="module")
def counts() -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    return np.random.default_rng(1).integers(0, 2**16, (2, 4 * BLOCK)).astype(np.uint16)


def test_intan_is_in_volts_with_its_other_inputs_apart(
    tmp_path: Path, counts: np.ndarray[tuple[int, int], np.dtype[np.uint16]]
) -> None:
    (tmp_path / "x.rhd").write_bytes(rhd(counts))
    recording = read_recording(tmp_path / "x.rhd")
    first, second, aux, supply, adc = recording.channels
    assert (first.name, first.kind, first.unit, first.sampling_rate_hz) == ("A-000", ChannelKind.EMG, Unit.VOLT, 2000.0)
    assert first.resolution == pytest.approx(0.195e-6)
    assert [c.kind for c in (second, aux, supply, adc)] == [ChannelKind.EMG, *[ChannelKind.OTHER] * 3]
    assert [c.sampling_rate_hz for c in (aux, supply, adc)] == [500.0, 2000.0 / BLOCK, 2000.0]
    # Intan: microvolts are 0.195 times the count above 32768.
    np.testing.assert_allclose(recording.read("A-001"), (counts[1].astype(float) - 32768) * 0.195e-6)
    np.testing.assert_allclose(
        recording.source.read(0, 100, 300), (counts[0, 100:300].astype(float) - 32768) * 0.195e-6
    )
    np.testing.assert_allclose(recording.read("A-AUX1"), 7 * 0.0000374)
    assert any("taken for EMG" in warning for warning in recording.warnings)


def test_the_file_is_opened_anew_when_much_of_it_was_mapped(
    tmp_path: Path, counts: np.ndarray[tuple[int, int], np.dtype[np.uint16]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.rhd").write_bytes(rhd(counts))
    recording = read_recording(tmp_path / "x.rhd")
    opened: list[Path] = []
    before = through_neo._open

    def count(path: Path, typed: str) -> object:
        opened.append(path)
        return before(path, typed)

    monkeypatch.setattr(through_neo, "_open", count)
    monkeypatch.setattr(through_neo, "_MAPPED_BYTES", 100)
    whole = [recording.read("A-000").tolist() for _ in range(3)]
    assert whole[0] == whole[1] == whole[2]
    assert len(opened) == 2


def test_a_file_that_is_cut_or_no_intan_file_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.rhd").write_bytes(rhd_header(CHANNELS)[:100])
    assert "must be a whole rhd file" in refuse(tmp_path / "x.rhd")
    (tmp_path / "x.rhd").write_bytes(b"1,2\n")
    assert "must begin like Intan" in refuse(tmp_path / "x.rhd")
    (tmp_path / "x.smr").write_bytes(bytes(2000))
    assert "x.smr" in refuse(tmp_path / "x.smr")
    (tmp_path / "x.smrx").write_bytes(b"S64b" + bytes(2000))
    assert "must be read through another package" in refuse(tmp_path / "x.smrx")


def test_without_neo_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.rhd").write_bytes(rhd_header(CHANNELS))
    before = builtins.__import__

    def refuse_neo(name: str, *args: object, **kwargs: object) -> object:
        if name == "neo":
            raise ImportError(name)
        return before(name, *args, **kwargs)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(builtins, "__import__", refuse_neo)
    with pytest.raises(MissingExtraError, match=r"pip install 'twitchwise\[formats\]'"):
        read_recording(tmp_path / "x.rhd")


def test_every_ending_has_its_reader() -> None:
    assert all(hasattr(rawio, name) for name in through_neo._READERS.values())


class Fake:
    """A reader of neo with events and two streams that start apart."""

    def __init__(self, stretches: int = 1, channels: int = 1) -> None:
        self.stretches = stretches
        fields = [(key, "U16") for key in ("name", "id", "dtype", "units", "stream_id")]
        fields += [(key, "f8") for key in ("sampling_rate", "gain", "offset")]
        rows = [(f"EMG {i}", str(i), "float32", "mV", str(i), 100.0, 1.0, 0.0) for i in range(channels)]
        streams = [(str(i), f"stream {i}") for i in range(channels)]
        self.header = {
            "signal_streams": np.array(streams, [("id", "U8"), ("name", "U16")]),
            "signal_channels": np.array(rows, fields),
            "event_channels": np.array([("Keys",), ("Bare",)], [("name", "U8")]),
        }

    def block_count(self) -> int:
        return 1

    def segment_count(self, block: int) -> int:
        del block
        return self.stretches

    def get_signal_size(self, block: int, segment: int, stream: int) -> int:
        del block, segment, stream
        return 10

    def get_signal_t_start(self, block: int, segment: int, stream: int) -> float:
        del block, segment
        return 5.0 + stream

    def get_event_timestamps(
        self, block: int, segment: int, channel: int
    ) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], object, object]:
        del block, segment
        return (
            np.array([700, 400, 600]),
            ([0.5, 0.0, 0.1] if channel == 0 else None),
            (["a", "b", "c"] if channel == 0 else None),
        )

    def rescale_event_timestamp(self, stamps: np.ndarray[tuple[int], np.dtype[np.int64]], **said: object) -> object:
        del said
        return stamps / 100

    def get_analogsignal_chunk(self, **said: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        return np.zeros((max(said["i_stop"] - said["i_start"] - 1, 0), 1), dtype=np.float32)


def test_events_are_annotations_from_the_first_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.smr").write_bytes(bytes(10))
    monkeypatch.setattr(through_neo, "_open", lambda path, typed: Fake(channels=2))  # noqa: ARG005 - as the real one
    recording = read_recording(tmp_path / "x.smr")
    notes = [(round(note.start_s, 3), note.duration_s, note.text) for note in recording.annotations]
    assert notes == [(1.0, 0.0, "Bare"), (1.0, 0.1, "Keys c"), (2.0, 0.0, "Bare"), (2.0, 0.5, "Keys a")]
    assert any("start up to 1 s apart" in warning for warning in recording.warnings)
    assert recording.start is None
    with pytest.raises(Exception, match="the file is shorter than it says"):
        recording.read("EMG 0")


def test_several_stretches_and_none_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    (tmp_path / "x.smr").write_bytes(bytes(10))
    monkeypatch.setattr(through_neo, "_open", lambda path, typed: Fake(2))  # noqa: ARG005 - as the real one
    assert "without interruption, got 2 stretches" in refuse(tmp_path / "x.smr")
    monkeypatch.setattr(through_neo, "_open", lambda path, typed: Fake(channels=0))  # noqa: ARG005 - as the real one
    assert "must hold a signal that was sampled evenly" in refuse(tmp_path / "x.smr")
