"""Reading EDF, EDF+ and BDF: the samples that edfio gives, in SI, in blocks, or one sentence."""

import io
import tracemalloc
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import ChannelKind, Electrode, Unit, UnreadableRecordingError

G_MPS2 = 9.80665
Refuse = Callable[..., str]


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _edf(**signal: object) -> bytes:
    """Make one second of EDF; the arguments describe the signal."""
    fields = {"label": "EMG calf", "physical_dimension": "uV"} | signal
    data = np.linspace(-1, 1, 100)
    return edfio.Edf([edfio.EdfSignal(data, 100, **fields)]).to_bytes()  # type: ignore[arg-type] # any field of a signal


def _patched(content: bytes, at: int, text: str) -> bytes:
    return content[:at] + text.encode() + content[at + len(text) :]


def test_samples_are_those_of_edfio_in_si(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", edf_bytes))
    emg, acc = edfio.read_edf(io.BytesIO(edf_bytes)).signals
    np.testing.assert_allclose(recording.read("EMG calf"), emg.data * 1e-6, rtol=1e-12)
    np.testing.assert_allclose(recording.read("ACC X"), acc.data * G_MPS2, rtol=1e-12)
    assert (recording.name, recording.format, recording.warnings) == ("x.edf", "EDF+C", ())


def test_samples_of_24_bits_are_those_of_edfio(tmp_path: Path, bdf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.bdf", bdf_bytes))
    signal = edfio.read_bdf(io.BytesIO(bdf_bytes)).signals[0]
    np.testing.assert_allclose(recording.read("EMG"), signal.data * 1e-3, rtol=1e-12)
    assert recording.format == "BDF+C"
    assert [(note.start_s, note.duration_s, note.text) for note in recording.annotations] == [(1.0, 0.5, "cough")]
    assert recording.channels[0].physical_range == pytest.approx((-0.25, 0.25))


@pytest.mark.parametrize("suffix", ["edf", "bdf"])
@given(data=st.data())
def test_any_piece_is_a_piece_of_the_whole(
    folder: Path, suffix: str, request: pytest.FixtureRequest, data: st.DataObject
) -> None:
    path = _write(folder / f"piece.{suffix}", request.getfixturevalue(f"{suffix}_bytes"))
    recording = read_recording(path)
    channel = recording.channels[0]
    start, stop = sorted(data.draw(st.tuples(st.integers(0, 500), st.integers(0, 500))))
    whole = recording.read(channel.name)
    assert recording.source.read(0, start, stop).tolist() == whole[start:stop].tolist()


@given(st.floats(0.01, 20))
def test_blocks_together_are_the_whole(folder: Path, edf_bytes: bytes, block_s: float) -> None:
    recording = read_recording(_write(folder / "blocks.edf", edf_bytes))
    for channel in recording.channels:
        blocks = [block for _, block in recording.blocks(channel.name, block_s=block_s)]
        assert np.concatenate(blocks).tolist() == recording.read(channel.name).tolist()


def test_channels_say_what_the_header_says(tmp_path: Path) -> None:
    content = _edf(
        label="EMG left calf",
        transducer_type="concentric needle",
        physical_dimension="mV",
        physical_range=(-5, 5),
        digital_range=(-2048, 2047),
    )
    channel = read_recording(_write(tmp_path / "x.edf", content)).channels[0]
    assert (channel.name, channel.kind, channel.unit) == ("EMG left calf", ChannelKind.EMG, Unit.VOLT)
    assert (channel.sampling_rate_hz, channel.n_samples) == (100.0, 100)
    assert channel.electrode is Electrode.NEEDLE
    assert channel.side is not None
    assert channel.side.value == "left"
    assert channel.physical_range == pytest.approx((-5e-3, 5e-3))
    assert channel.resolution == pytest.approx(10e-3 / 4095)


def test_limits_the_wrong_way_round_turn_the_signal(tmp_path: Path) -> None:
    content = _edf(physical_range=(-5, 5))
    turned = _patched(_patched(content, 256 + 104, "5       "), 256 + 112, "-5      ")
    channel = read_recording(_write(tmp_path / "x.edf", turned)).channels[0]
    upright = read_recording(_write(tmp_path / "y.edf", content))
    assert channel.physical_range == pytest.approx((-5e-6, 5e-6))
    turned_samples = read_recording(tmp_path / "x.edf").read("EMG calf")
    np.testing.assert_allclose(turned_samples, -upright.read("EMG calf"), atol=2e-10)


def test_annotations_are_those_of_edfio(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", edf_bytes))
    theirs = [
        (note.onset, note.duration or 0.0, note.text) for note in edfio.read_edf(io.BytesIO(edf_bytes)).annotations
    ]
    assert [(note.start_s, note.duration_s, note.text) for note in recording.annotations] == theirs


def test_annotations_that_cannot_be_read_are_counted(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", edf_bytes.replace(b"+1\x150.5\x14", b"+1\x150,5\x14")))
    assert [note.text for note in recording.annotations] == ["h\u00fast", "end"]
    assert any("1 annotation in the file could not be read" in warning for warning in recording.warnings)


@pytest.mark.parametrize(
    ("recording", "start"),
    [
        (edfio.Recording(startdate=datetime(2031, 2, 3).date()), datetime(2031, 2, 3, 4, 5, 6)),  # noqa: DTZ001 - EDF knows no time zone
        (edfio.Recording(), None),
    ],
)
def test_the_start_is_read_and_a_withheld_date_is_nothing(
    tmp_path: Path, recording: edfio.Recording, start: datetime | None
) -> None:
    signal = edfio.EdfSignal(np.linspace(-1, 1, 100), 100, label="EMG")
    content = edfio.Edf([signal], recording=recording, starttime=time(4, 5, 6)).to_bytes()
    assert read_recording(_write(tmp_path / "x.edf", content)).start == start


def test_a_start_between_seconds_is_read_from_the_time_stamps(tmp_path: Path) -> None:
    signal = edfio.EdfSignal(np.linspace(-1, 1, 200), 100, label="EMG", physical_dimension="uV")
    content = edfio.Edf(
        [signal],
        recording=edfio.Recording(startdate=datetime(2031, 2, 3).date()),  # noqa: DTZ001 - EDF knows no time zone
        starttime=time(4, 5, 6, 250000),
        annotations=[edfio.EdfAnnotation(1.5, None, "here")],
    ).to_bytes()
    recording = read_recording(_write(tmp_path / "x.edf", content))
    assert recording.start == datetime(2031, 2, 3, 4, 5, 6, 250000)  # noqa: DTZ001 - EDF knows no time zone
    assert [note.start_s for note in recording.annotations] == [1.5]


@pytest.mark.parametrize(
    ("identification", "date_and_time", "start"),
    [
        ("free words", "03.02.8404.05.06", datetime(2084, 2, 3, 4, 5, 6)),  # noqa: DTZ001 - EDF knows no time zone
        ("free words", "03.02.8504.05.06", datetime(1985, 2, 3, 4, 5, 6)),  # noqa: DTZ001 - EDF knows no time zone
        ("Startdate", "03.02.7004.05.06", datetime(2070, 2, 3, 4, 5, 6)),  # noqa: DTZ001 - EDF knows no time zone
        ("Startdate 99-XYZ-2000 X X X", "03.02.0104.05.06", None),
        ("free words", "99.99.9904.05.06", None),
        ("free words", "31.12.1923.58.59", datetime(2019, 12, 31, 23, 58, 59)),  # noqa: DTZ001 - EDF knows no time zone
    ],
)
def test_the_two_digits_of_the_year_run_from_1985_to_2084(
    tmp_path: Path, identification: str, date_and_time: str, start: datetime | None
) -> None:
    content = _patched(_patched(_edf(), 88, identification.ljust(80)), 168, date_and_time)
    assert read_recording(_write(tmp_path / "x.edf", content)).start == start


@pytest.mark.parametrize(
    ("dimension", "scale"), [("V", 1.0), ("mV", 1e-3), ("uV", 1e-6), ("nV", 1e-9), ("mv", 1e-3), ("\u00b5V", 1e-6)]
)
def test_volts_in_any_spelling_become_volts(tmp_path: Path, dimension: str, scale: float) -> None:
    at = 256 + 16 + 80
    content = _edf()
    content = content[:at] + dimension.encode("latin-1").ljust(8) + content[at + 8 :]
    recording = read_recording(_write(tmp_path / "x.edf", content))
    assert recording.channels[0].unit is Unit.VOLT
    assert recording.read("EMG calf")[-1] == pytest.approx(scale, rel=1e-4)


def test_a_unit_that_cannot_be_volts_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    for dimension in ("degC", "N", "mmHg", "%"):
        path = _write(tmp_path / "x.edf", _edf(physical_dimension=dimension))
        assert f"unit of EMG channel 'EMG calf' must be V, mV, uV or nV, got '{dimension}'" in refuse(path)


@pytest.mark.parametrize(
    ("dimension", "said"), [("", "gives no unit for EMG calf"), ("blob", "'blob', which is not known")]
)
def test_a_unit_that_is_not_known_is_accepted_with_a_warning(tmp_path: Path, dimension: str, said: str) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", _edf(physical_dimension=dimension)))
    assert recording.channels[0].unit is Unit.UNKNOWN
    assert any(said in warning for warning in recording.warnings)


@pytest.mark.parametrize("at", [104, 120])
def test_without_calibration_samples_stay_counts(tmp_path: Path, at: int) -> None:
    content = _patched(_patched(_edf(), 256 + at, "7       "), 256 + at + 8, "7       ")
    recording = read_recording(_write(tmp_path / "x.edf", content))
    channel = recording.channels[0]
    assert (channel.unit, channel.resolution) == (Unit.COUNT, 1.0)
    assert recording.read("EMG calf")[0] == -32768
    assert any("stay in counts" in warning for warning in recording.warnings)


def test_channels_with_one_label_are_numbered(tmp_path: Path) -> None:
    signals = [
        edfio.EdfSignal(np.linspace(0, i + 1, 100), 100, label=label) for i, label in enumerate(("EMG", "EMG", ""))
    ]
    recording = read_recording(_write(tmp_path / "x.edf", edfio.Edf(signals).to_bytes()))
    assert [channel.name for channel in recording.channels] == ["EMG #1", "EMG #2", "channel 3"]
    assert any("share a label" in warning for warning in recording.warnings)


def test_a_file_cut_short_says_how_much_is_there(tmp_path: Path, edf_bytes: bytes, refuse: Refuse) -> None:
    path = _write(tmp_path / "x.edf", edf_bytes[:-700])
    assert "must hold the 5 data records that its header promises, got 2; it was cut short" in refuse(path)


def test_a_file_that_was_never_closed_is_read_to_its_last_whole_record(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", _patched(edf_bytes, 236, "-1      ")))
    assert recording.duration_s == 5.0
    assert recording.warnings == ("The header leaves the number of data records open; the file holds 5.",)
    recording = read_recording(_write(tmp_path / "x.edf", _patched(edf_bytes, 236, "-1      ")[:-10]))
    assert recording.duration_s == 4.0
    assert "a part of one more, which was left out" in recording.warnings[0]


def test_bytes_after_the_last_record_are_left_out_with_a_warning(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", edf_bytes + b"\x00" * 7))
    assert recording.duration_s == 5.0
    assert recording.warnings == ("The file goes on for 7 bytes after the last data record; they were left out.",)


@pytest.mark.parametrize(
    ("at", "text", "said"),
    [
        (252, "0   ", "number of signals in the header must be a whole number of at least 1, got '0'"),
        (252, "abcd", "number of signals in the header must be a whole number of at least 1, got 'abcd'"),
        (252, "9999", "must hold its whole header"),
        (244, "0       ", "duration of a data record must be above 0 s, got '0'"),
        (244, "one     ", "duration of a data record must be above 0 s, got 'one'"),
        (244, "nan     ", "duration of a data record must be above 0 s, got 'nan'"),
        (236, "-2      ", "number of data records in the header must be a whole number of at least -1, got '-2'"),
        (236, "0       ", "must hold at least one sample, got none"),
        (256 + 104, "wide    ", "must be a whole EDF file, got one that cannot be read"),
        (256 + 216, "0       ", "must hold at least one sample, got data records without any"),
        (256 + 216, "-1      ", "number of samples in a data record in the header"),
    ],
)
def test_a_damaged_header_is_one_sentence(tmp_path: Path, refuse: Refuse, at: int, text: str, said: str) -> None:
    assert said in refuse(_write(tmp_path / "x.edf", _patched(_edf(), at, text)))


def test_annotations_without_signals_are_no_recording(tmp_path: Path, refuse: Refuse) -> None:
    content = _patched(edfio.Edf([], annotations=[edfio.EdfAnnotation(0, None, "x")]).to_bytes(), 244, "1       ")
    assert "must hold signals, got annotations alone" in refuse(_write(tmp_path / "x.edf", content))


def test_a_channel_without_samples_is_left_out_with_a_warning(tmp_path: Path) -> None:
    signals = [edfio.EdfSignal(np.linspace(-1, 1, 100), 100, label=label) for label in ("EMG a", "EMG b")]
    content = edfio.Edf(signals).to_bytes()
    content = _patched(content, 256 + 2 * 216, "0       ")[: 768 + 200]
    recording = read_recording(_write(tmp_path / "x.edf", content))
    assert [channel.name for channel in recording.channels] == ["EMG b"]
    assert recording.read("EMG b").size == 100
    assert "Channel 'EMG a' holds no samples and was left out." in recording.warnings


@pytest.mark.parametrize("label", ["DF Annotations", "BDF Annotations", " EDF Annotations"])
def test_labels_that_only_look_like_text_signals_are_channels(tmp_path: Path, label: str) -> None:
    content = _patched(_edf(), 256, label.ljust(16)[:16])
    assert read_recording(_write(tmp_path / "x.edf", content)).read(label.strip()).size == 100


def test_a_text_file_named_edf_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    said = refuse(_write(tmp_path / "notes.edf", b"dear diary\n" * 100))
    assert "must begin like EDF, EDF+, BDF" in said


def test_jumps_of_time_that_the_file_does_not_own_up_to_are_refused(
    tmp_path: Path, edf_bytes: bytes, refuse: Refuse
) -> None:
    whole = edf_bytes.replace(b"EDF+C", b"EDF+D")
    assert read_recording(_write(tmp_path / "x.edf", whole)).format == "EDF+D"
    later = edf_bytes.replace(b"+3\x14\x14", b"+8\x14\x14").replace(b"+4\x14\x14", b"+9\x14\x14")
    said = refuse(_write(tmp_path / "x.edf", later))
    assert "must be recorded without interruption, got jumps of its time stamps (1, the largest of 5 s)" in said
    back = whole.replace(b"+3\x14\x14", b"+1\x14\x14")
    assert "(2, the largest of -2 s)" in refuse(_write(tmp_path / "x.edf", back))


@pytest.mark.parametrize("bytes_per_sample", [2, 3])
def test_a_large_file_is_opened_and_read_in_little_memory(folder: Path, bytes_per_sample: int) -> None:
    content = _edf(label="EMG calf") if bytes_per_sample == 2 else b""
    if not content:
        signal = edfio.BdfSignal(np.linspace(-1, 1, 100), 100, label="EMG calf", physical_dimension="uV")
        content = edfio.Bdf([signal]).to_bytes()
    n_records = 1_000_000
    path = folder / f"large_{bytes_per_sample}.edf"
    with path.open("wb") as file:
        file.write(_patched(content, 236, f"{n_records:<8}")[:512])
        file.truncate(512 + n_records * 100 * bytes_per_sample)
    read_recording(path)
    tracemalloc.start()
    recording = read_recording(path)
    samples = recording.read("EMG calf", 500_000, 500_010)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size >= 200_000_000
    assert samples.size == 1000
    assert peak < 1_000_000


def test_a_file_that_shrinks_is_refused_when_it_is_read(tmp_path: Path, edf_bytes: bytes) -> None:
    recording = read_recording(_write(tmp_path / "x.edf", edf_bytes))
    _write(tmp_path / "x.edf", edf_bytes[:1500])
    with pytest.raises(UnreadableRecordingError, match="must keep its size while it is read"):
        recording.read("EMG calf")
