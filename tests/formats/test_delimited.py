"""Reading text tables: the numbers that numpy reads, in SI, in blocks, with every guess said."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.table_header import Column, column_of, read_remarks
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Unit, UnreadableRecordingError

Refuse = Callable[..., str]
TAKEN_FOR_EMG = "The file does not say what its channels measure; they were taken for EMG."


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _read(path: Path, text: str, sampling_rate_hz: float | None = None) -> Recording:
    return read_recording(_write(path, text), sampling_rate_hz=sampling_rate_hz)


@given(
    shape=st.tuples(st.integers(1, 200), st.integers(1, 4)),
    delimiter=st.sampled_from([",", ";", "\t", "|", " "]),
    newline=st.sampled_from(["\n", "\r\n"]),
    end=st.sampled_from(["", "\n", "\r\n"]),
    seed=st.integers(0, 99),
)
def test_samples_are_those_of_loadtxt(
    folder: Path, shape: tuple[int, int], delimiter: str, newline: str, end: str, seed: int
) -> None:
    numbers = np.random.default_rng(seed).normal(0, 50, shape)
    text = newline.join(delimiter.join(f"{value:.6g}" for value in row) for row in numbers)
    path = _write(folder / "x.txt", text + end)
    recording = read_recording(path, sampling_rate_hz=1000.0)
    theirs = np.loadtxt(path, delimiter=None if delimiter == " " else delimiter, ndmin=2)
    ours = np.column_stack([recording.read(channel.name) for channel in recording.channels])
    rises = shape[1] > 1 and (np.diff(theirs[:, 0]) > 0).all()  # then the first column is taken for time
    assert ours.tolist() == theirs[:, 1 if rises else 0 :].tolist()


@given(data=st.data())
def test_any_piece_is_a_piece_of_the_whole(folder: Path, data: st.DataObject) -> None:
    n_rows = 400
    text = "a,b\n" + "".join(f"{i}.5,{-i}.25\n" + ("\n" if i % 50 == 0 else "") for i in range(n_rows))
    path = _write(folder / "pieces.csv", text)
    start, stop = sorted(data.draw(st.tuples(st.integers(0, n_rows), st.integers(0, n_rows))))
    with pytest.MonkeyPatch.context() as patch:  # small pieces, so that a short file has many and none is kept
        patch.setattr("twitchwise.formats.table_rows._PIECE_BYTES", 100)
        patch.setattr("twitchwise.formats.table_rows._KEPT_NUMBERS", 10)
        recording = read_recording(path, sampling_rate_hz=100.0)
        assert recording.source.read(0, start, stop).tolist() == [i + 0.5 for i in range(start, stop)]
        assert recording.read("b").tolist() == [float(f"{-i}.25") for i in range(n_rows)]


def test_a_long_table_is_read_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twitchwise.formats.table._HEAD_BYTES", 1 << 12)
    monkeypatch.setattr("twitchwise.formats.table_rows._PIECE_BYTES", 1 << 12)
    monkeypatch.setattr("twitchwise.formats.table_rows._KEPT_NUMBERS", 1 << 10)
    with (tmp_path / "x.csv").open("w") as file:
        file.write("EMG (uV)\n")
        for _ in range(60):
            file.write("12.345\n" * 1000)
    tracemalloc.start()
    recording = read_recording(tmp_path / "x.csv", sampling_rate_hz=1000.0)
    samples = recording.read("EMG", 40, 41)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples.tolist() == [12.345 * 1e-6] * 1000
    assert peak < 200_000


@pytest.mark.parametrize(
    ("name", "unit", "scale"),
    [("time (s)", "s", 1.0), ("Time [ms]", "ms", 1e-3), ("t_us", "us", 1e-6), ("timestamp (ns)", "ns", 1e-9)],
)
def test_a_time_column_gives_the_rate(tmp_path: Path, name: str, unit: str, scale: float) -> None:
    del unit
    text = f"{name},EMG (mV)\n" + "".join(f"{i * 0.002 / scale:.9g},{i}\n" for i in range(50))
    recording = _read(tmp_path / "x.csv", text)
    (emg,) = recording.channels
    assert (emg.name, emg.kind, emg.unit, emg.n_samples) == ("EMG", ChannelKind.EMG, Unit.VOLT, 50)
    assert emg.sampling_rate_hz == pytest.approx(500.0)
    assert recording.read("EMG").tolist() == [i * 1e-3 for i in range(50)]
    assert recording.warnings == ()


def test_of_two_time_columns_the_one_with_a_unit_is_taken(tmp_path: Path) -> None:
    text = "time,seconds_elapsed,z,x\n" + "".join(f"{17 * 10**8 + i},{i / 100},{i % 3}.5,1.5\n" for i in range(30))
    recording = _read(tmp_path / "x.csv", text)
    assert [channel.name for channel in recording.channels] == ["z", "x"]
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0)


def test_a_time_column_without_a_unit_is_taken_for_seconds_where_that_can_be(tmp_path: Path, refuse: Refuse) -> None:
    recording = _read(tmp_path / "x.csv", "t,EMG (uV)\n0,1\n0.01,2\n0.02,3\n")
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0)
    assert any("does not say its unit; it was taken for seconds" in warning for warning in recording.warnings)
    assert "got steps of 1" in refuse(_write(tmp_path / "y.csv", "t,EMG (uV)\n0,1\n1,2\n2,3\n"))
    path = _write(tmp_path / "y.csv", "t,EMG (uV)\n0,1\n10,2\n20,3\n")
    assert "must say its unit, for example as 'time (ms)', got steps of 10" in refuse(path)
    assert read_recording(path, sampling_rate_hz=100.0).channels[0].sampling_rate_hz == 100.0


def test_a_time_column_in_another_unit_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    assert "unit of column 'time' must be s, ms, us or ns, got 'uV'" in refuse(
        _write(tmp_path / "x.csv", "time (uV),EMG (uV)\n0,1\n1,2\n")
    )


def _stamped(times: list[float]) -> str:
    return "time (s),EMG (uV)\n" + "".join(f"{time:.9g},1.5\n" for time in times)


def test_gaps_and_repeats_and_unevenness_are_said(tmp_path: Path) -> None:
    even = [i / 100 for i in range(100)]
    gap = _read(tmp_path / "x.csv", _stamped([time if time < 0.5 else time + 3 for time in even]))
    assert gap.channels[0].sampling_rate_hz == pytest.approx(100.0)
    assert gap.warnings == ("The time column has a gap (3 s in all); later times are too early by that much.",)
    repeated = _read(tmp_path / "x.csv", _stamped(sorted([*even, 0.3])))
    assert "Stamps of the time column that repeat the one before: 1; all rows were kept." in repeated.warnings
    rng = np.random.default_rng(0)
    jitter = _read(tmp_path / "x.csv", _stamped([time + float(rng.uniform(0, 0.002)) for time in even]))
    assert any("varies by 9 % (standard deviation)" in warning for warning in jitter.warnings)
    assert jitter.channels[0].sampling_rate_hz == pytest.approx(100.0, rel=0.01)


@pytest.mark.parametrize("lost", [1, 2, 300])
def test_lost_samples_are_a_gap(tmp_path: Path, lost: int) -> None:
    recording = _read(tmp_path / "x.csv", _stamped([(i if i < 500 else i + lost) / 100 for i in range(1000)]))
    assert recording.channels[0].sampling_rate_hz == pytest.approx(100.0)
    assert recording.warnings == (
        f"The time column has a gap ({lost / 100:g} s in all); later times are too early by that much.",
    )


def test_several_gaps_are_added_up(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", _stamped([(i + 10 * (i // 250)) / 100 for i in range(1000)]))
    assert recording.warnings == ("The time column has 3 gaps (0.3 s in all); later times are too early by that much.",)


@pytest.mark.parametrize("rate_hz", [2048.0, 1200.0, 900.0])
def test_stamps_coarser_than_the_sampling_give_the_mean_rate(tmp_path: Path, rate_hz: float) -> None:
    recording = _read(tmp_path / "x.csv", _stamped([int(i / rate_hz * 1000) / 1000 for i in range(5000)]))
    assert recording.channels[0].sampling_rate_hz == pytest.approx(rate_hz, rel=2e-3)
    assert not any("gaps" in warning for warning in recording.warnings)


def test_time_that_runs_backwards_or_is_missing_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    assert "time must not run backwards, got an earlier one in row 3" in refuse(
        _write(tmp_path / "x.csv", _stamped([0.0, 0.1, 0.05, 0.2]))
    )
    assert "row 2 must have a time, got none" in refuse(
        _write(tmp_path / "x.csv", "time (s),EMG (uV)\n0,1\n,2\n0.2,3\n")
    )


def test_time_that_stands_still_gives_no_rate(tmp_path: Path, refuse: Refuse) -> None:
    path = _write(tmp_path / "x.csv", _stamped([1.0, 1.0, 1.0]))
    assert "must say its sampling rate, got none; pass it with --sampling-rate" in refuse(path)
    assert "must say its sampling rate" in refuse(_write(tmp_path / "y.csv", _stamped([1.0])))


def test_steps_backwards_between_pieces_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr("twitchwise.formats.table_rows._PIECE_BYTES", 1)
    assert "got an earlier one in row 3" in refuse(_write(tmp_path / "x.csv", _stamped([0.0, 0.1, 0.05])))


def test_biosppy_comments_are_understood(tmp_path: Path) -> None:
    text = "# Simple Text Format\n# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= EMG\n2055.0\n2056.0\n"
    recording = _read(tmp_path / "x.txt", text)
    (emg,) = recording.channels
    assert (emg.name, emg.kind, emg.unit, emg.sampling_rate_hz) == ("EMG", ChannelKind.EMG, Unit.COUNT, 1000.0)
    assert (emg.physical_range, emg.resolution) == ((0.0, 4095.0), 1.0)
    assert recording.read("EMG").tolist() == [2055.0, 2056.0]
    assert recording.warnings == ("Samples are raw converter counts, so amplitudes stay in counts: EMG.",)


@pytest.mark.parametrize(("numbers", "fits"), [("0\n255\n", True), ("-1\n255\n", False), ("0\n256\n", False)])
def test_a_resolution_is_a_range_up_to_its_ends(tmp_path: Path, numbers: str, fits: bool) -> None:  # noqa: FBT001 - a parameter of the test
    (emg,) = _read(tmp_path / "x.txt", f"# fs = 1000\n# Resolution:= 8\n{numbers}").channels
    assert emg.physical_range == ((0.0, 255.0) if fits else None)


def test_a_resolution_that_the_numbers_leave_is_no_range(tmp_path: Path) -> None:
    text = "# fs = 1 kHz\n# Resolution: 8 bits\n# Labels: EMG\n300\n5\n"
    (emg,) = _read(tmp_path / "x.txt", text).channels
    assert (emg.sampling_rate_hz, emg.physical_range) == (1000.0, None)


def test_an_opensignals_header_is_understood(tmp_path: Path) -> None:
    text = (
        "# OpenSignals Text File Format\n"
        '# {"00:07": {"column": ["nSeq", "CH1"], "sampling rate": 1000, "resolution": [4, 16]}}\n'
        "# EndOfHeader\n" + "".join(f"{i}\t{30000 + i % 7}\t\n" for i in range(16))
    )
    recording = _read(tmp_path / "x.txt", text)
    (channel,) = recording.channels
    assert (channel.name, channel.sampling_rate_hz, channel.physical_range) == ("CH1", 1000.0, (0.0, 65535.0))
    assert TAKEN_FOR_EMG in recording.warnings


def test_the_sensors_of_an_opensignals_header_say_what_is_measured(tmp_path: Path) -> None:
    device = '{"column": ["nSeq", "CH1", "CH2"], "sensor": ["EMG", "ACC"], "sampling rate": 1000}'
    text = f'# {{"00:07": {device}}}\n' + "".join(f"{i}\t{i % 5}\t{i % 7}\t\n" for i in range(16))
    recording = _read(tmp_path / "x.txt", text)
    assert [channel.kind for channel in recording.channels] == [ChannelKind.EMG, ChannelKind.ACCELERATION]
    assert [channel.name for channel in recording.channels] == ["CH1", "CH2"]
    assert read_remarks('{"a": {"column": ["CH1"], "sensor": ["EMG", "ACC"]}}').sensors == ()


def test_lines_above_the_names_are_remarks(tmp_path: Path) -> None:
    text = "Subject;5\nSampling rate: 500 Hz\n\nEMG;force\nmV;N\n1,5;2,5\n2,5;3,5\n"
    recording = _read(tmp_path / "x.csv", text)
    assert [(channel.name, channel.unit) for channel in recording.channels] == [
        ("EMG", Unit.VOLT),
        ("force", Unit.NEWTON),
    ]
    assert recording.channels[0].sampling_rate_hz == 500.0


@pytest.mark.parametrize("line", ["{broken", '{"a": 1}', "[1]", "{}"])
def test_other_braces_in_comments_are_no_header(line: str) -> None:
    assert read_remarks(f"{line}\nsampling frequency = 250").sampling_rate_hz == 250.0


def test_an_opensignals_header_without_values_says_nothing() -> None:
    remarks = read_remarks('{"a": {"sampling rate": "fast", "resolution": 99, "column": "x"}}')
    assert (remarks.sampling_rate_hz, remarks.resolution_bits, remarks.labels) == (None, None, ())
    assert read_remarks('{"a": {"resolution": 12}}').resolution_bits == 12


def test_units_in_comments_and_in_a_second_line_are_understood(tmp_path: Path) -> None:
    comments = "% sampling rate: 1000 Hz\n% labels: EMG, force\n% units: mV, N\n1.5,2.5\n"
    recording = _read(tmp_path / "x.csv", comments)
    assert [channel.unit for channel in recording.channels] == [Unit.VOLT, Unit.NEWTON]
    second = _read(tmp_path / "y.csv", "Time;EMG\ns;mV\n0;1,5\n0,001;2,5\n")
    assert second.channels[0].sampling_rate_hz == pytest.approx(1000.0)
    assert second.read("EMG").tolist() == [1.5 * 1e-3, 2.5 * 1e-3]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("EMG (uV)", Column("EMG", "uV")),
        ("EMG [\u00b5V]", Column("EMG", "\u00b5V")),
        ("emg_mV", Column("emg", "mV")),
        ("emg mV", Column("emg", "mV")),
        ("Acceleration x (m/s^2)", Column("Acceleration x", "m/s^2")),
        ("EMG (left)", Column("EMG (left)", "")),
        ("EMG (mmHg)", Column("EMG", "mmHg")),
        ("emg_raw", Column("emg_raw", "")),
        ("", Column("", "")),
    ],
)
def test_units_in_names_are_understood(name: str, column: Column) -> None:
    assert column_of(name) == column


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_names_are_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path / "x.csv", "EMG M\u00fcller (\u00b5V)\n1.5\n2.5\n", encoding)
    recording = read_recording(path, sampling_rate_hz=10.0)
    assert recording.channels[0].name == "EMG M\u00fcller"
    assert recording.read("EMG M\u00fcller").tolist() == [1.5 * 1e-6, 2.5 * 1e-6]


def test_quoted_names_are_understood(tmp_path: Path) -> None:
    text = '"Time (s)","Acceleration x (m/s^2)"\n0.00,1.5\n0.01,"2.5"\n'
    recording = _read(tmp_path / "x.csv", text)
    assert recording.channels[0].kind is ChannelKind.ACCELERATION
    assert recording.read("Acceleration x").tolist() == [1.5, 2.5]


def test_decimal_commas_are_understood(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "t (s);EMG (mV)\n0,000;1,5\n0,001;-2,25\n0,002;\n")
    assert recording.channels[0].sampling_rate_hz == pytest.approx(1000.0)
    assert recording.read("EMG")[:2].tolist() == [1.5 * 1e-3, -2.25 * 1e-3]
    spaced = _read(tmp_path / "y.txt", "0,5 1,5\n0,25 2,5\n", sampling_rate_hz=10.0)
    assert spaced.read("channel 1").tolist() == [0.5, 0.25]


@pytest.mark.parametrize("gap", ["", "NaN", "NA", "n/a", "null", "-"])
def test_gaps_are_kept_as_nan_and_counted(tmp_path: Path, gap: str) -> None:
    recording = _read(tmp_path / "x.csv", f"EMG (uV),force (N)\n1,2\n{gap},3\n4,5\n", sampling_rate_hz=10.0)
    assert np.isnan(recording.read("EMG")).tolist() == [False, True, False]
    assert recording.read("force").tolist() == [2.0, 3.0, 5.0]
    assert recording.warnings == ("EMG: 1 of 3 cells are empty; they were kept as missing samples.",)


def test_gaps_in_a_column_without_a_name_say_its_number(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "2.5,\n1.5,3.5\n", 10.0)
    assert "channel 2: 1 of 2 cells are empty; they were kept as missing samples." in recording.warnings


def test_a_column_without_any_number_is_kept_as_missing(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "EMG,ref\n1.5,\n2.5,\n", sampling_rate_hz=10.0)
    assert np.isnan(recording.read("ref")).all()
    assert recording.channels[1].unit is Unit.UNKNOWN


def test_a_delimiter_at_the_end_of_rows_is_no_column(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "EMG (uV),force (N)\n1.5,2.5,\n3.5,,\n", sampling_rate_hz=10.0)
    assert [channel.name for channel in recording.channels] == ["EMG", "force"]
    assert recording.read("EMG").tolist() == [1.5 * 1e-6, 3.5 * 1e-6]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3,4,5\n", "line 3 must have 2 cells like the first row, got 3"),
        ("a,b\n1,2\n\n3\n", "line 4 must have 2 cells like the first row, got 1"),
        ("a,b\n1,2\n3,x\n", "line 3 must hold finite numbers, got 'x'"),
        ("a,b\n1,2\n3,inf\n", "line 3 must hold finite numbers, got 'inf'"),
        ("a,b\nx,y,z\n1,2\n", "line 2 must be names of 2 columns, got 'x,y,z'"),
        ("a,b,c\n1,2\n", "line 1 must be names of 2 columns, got 'a,b,c'"),
        ("a;b\r1;2\r", "must have lines that end with a line feed, got a carriage return"),
        ("dear diary\n", "must hold rows of numbers, got none"),
        ("# only\n# comments\n", "must hold rows of numbers, got none"),
        ("time (s)\n0\n1\n", "must hold a column beside its time"),
        ("1,2\n3,4\n", "must say its sampling rate, got none; pass it with --sampling-rate"),
        ("# fs = 100\ntime (s),a\n0,1\n0.5,2\n", "must have one sampling rate, got 100 Hz in its comments and 2 Hz"),
        ("EMG (degC)\n1.5\n", "unit of EMG channel 'EMG' must be V, mV, uV or nV, got 'degC'"),
        ("," * 4096 + "1\n", "must have at most 4096 columns, got 4097"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, refuse: Refuse, text: str, said: str) -> None:
    assert said in refuse(_write(tmp_path / "x.csv", text))


def test_bytes_that_are_no_text_are_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00\x01" * 100)
    assert "got bytes that are not text" in refuse(tmp_path / "x.csv")
    (tmp_path / "y.csv").write_bytes(b"1\n" * 3000 + b"\x00")
    assert "got bytes that are not text" in refuse(tmp_path / "y.csv")


def test_a_line_without_end_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse) -> None:
    monkeypatch.setattr("twitchwise.formats.table_rows._PIECE_BYTES", 10)
    monkeypatch.setattr("twitchwise.formats.table_rows._LONGEST_LINE_BYTES", 50)
    path = _write(tmp_path / "x.csv", "1\n" * 5 + "1" * 500)
    assert "line 6 must be shorter than 50 bytes" in refuse(path, sampling_rate_hz=10.0)


def test_two_whole_numbers_in_a_row_may_be_one_with_a_decimal_comma(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "12,5\n11,7\n", 10.0)
    assert "Each row was read as two whole numbers; a decimal comma would look the same." in recording.warnings
    named = _read(tmp_path / "y.csv", "EMG (mV)\n12,5\n11,7\n", 10.0)
    assert named.read("EMG").tolist() == [12.5 * 1e-3, 11.7 * 1e-3]


def test_a_first_column_without_name_that_rises_is_left_out_with_a_warning(tmp_path: Path) -> None:
    recording = _read(tmp_path / "x.csv", "100,1.5\n110,2.5\n120,0.5\n", sampling_rate_hz=10.0)
    assert len(recording.channels) == 1
    assert any("rises from row to row" in warning for warning in recording.warnings)


def test_a_stated_rate_and_a_time_column_that_agree_are_one(tmp_path: Path) -> None:
    (emg,) = _read(tmp_path / "x.csv", "# fs = 100\ntime,EMG (uV)\n0,1\n10.02,2\n20,3\n").channels
    assert emg.sampling_rate_hz == 100.0


def test_a_table_that_changes_is_refused_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twitchwise.formats.table_rows._PIECE_BYTES", 4)
    monkeypatch.setattr("twitchwise.formats.table_rows._KEPT_NUMBERS", 0)
    recording = _read(tmp_path / "x.csv", "# fs = 10\n1\n2\n3\n4\n")
    _write(tmp_path / "x.csv", "# fs = 10\n1\n2\n")
    with pytest.raises(UnreadableRecordingError, match="must stay as it is while it is read"):
        recording.read(recording.channels[0].name)
