"""Reading text exports of Delsys: every channel at its own rate, in its own unit, to its own end."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.formats.delsys_header import is_delsys
from twitchwise.vocabulary import ChannelKind, Unit

Refuse = Callable[..., str]

EMG = np.round(np.random.default_rng(1).normal(0, 0.05, 200), 6)
ACC = np.round(np.random.default_rng(2).normal(0, 1, 20), 6)


def discover(
    *, delimiter: str = ",", period: bool = True, marks: bool = False, times: bool = True, rates: bool = True
) -> str:
    """Write a CSV file of Trigno Discover: EMG at 2000 Hz, acceleration at 200 Hz, two sensors."""

    def row(*cells: object) -> str:
        words = [str(cell).replace(".", ",") if delimiter == ";" else str(cell) for cell in cells]
        return delimiter.join(words)

    both = ("EMG 1", "mV", 2000.0), ("ACC X", "G", 200.0)
    names, rate_row, period_row = [], [], []
    for name, unit, rate in (*both, *both):
        names += [f"{name} Time Series (s)"] * times + [f"{name} ({unit})"]
        rate_row += [""] * times + [f"{rate} Hz"]
        period_row += [""] * times + [f"{1 / rate} s"]
    width = len(names)
    lines = [
        "Application:" + delimiter + "Trigno Discover (2.1.0.7)",
        "Date/Time:" + delimiter + "2024-05-06T07:08:09",
        "Collection Length (seconds):" + delimiter + "0.1",
        row("Avanti Sensor 1 (75923)", *[""] * (width // 2 - 1), "Avanti Sensor 2 (88016)"),
        row("sensor mode: 65", *[""] * (width // 2 - 1), "sensor mode: 65"),
        delimiter.join(names) + (delimiter * 3 + "Type" + delimiter + "Name" if marks and not period else ""),
    ]
    lines += [row(*rate_row)] if rates else []
    lines += [row(*period_row) + (f"{delimiter}Type{delimiter}Name" if marks else "")] if period else []
    for index in range(len(EMG)):
        one = [index / 2000.0] * times + [EMG[index]]
        two = [index / 200.0] * times + [ACC[index]] if index < len(ACC) else [""] * (1 + times)
        more = f"{delimiter}General{delimiter}a, mark" if marks and index == 0 else ""
        lines.append(row(*one, *two, *one, *two) + more)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "said", [{}, {"delimiter": ";"}, {"period": False}, {"marks": True}, {"rates": False, "period": False}]
)
def test_discover_gives_each_channel_its_rate_and_its_end(tmp_path: Path, said: dict[str, object]) -> None:
    (tmp_path / "x.csv").write_text(discover(**said))  # type: ignore[arg-type] # any of its options
    recording = read_recording(tmp_path / "x.csv")
    assert recording.format == "Delsys text export (Trigno Discover)"
    assert [channel.name for channel in recording.channels] == [
        f"Avanti Sensor {sensor}: {signal}" for sensor in ("1 (75923)", "2 (88016)") for signal in ("EMG 1", "ACC X")
    ]
    emg, acc = recording.channels[2:]
    assert (emg.kind, emg.unit, emg.n_samples) == (ChannelKind.EMG, Unit.VOLT, 200)
    assert emg.sampling_rate_hz == pytest.approx(2000.0)
    assert (acc.kind, acc.unit, acc.n_samples) == (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, 20)
    assert acc.sampling_rate_hz == pytest.approx(200.0)
    np.testing.assert_allclose(recording.read(emg.name), EMG * 1e-3)
    np.testing.assert_allclose(recording.read(acc.name), ACC * 9.80665)
    assert recording.start == datetime(2024, 5, 6, 7, 8, 9)  # noqa: DTZ001 - the file knows no zone
    assert recording.warnings == ()


def test_discover_without_times_goes_by_the_rates_of_its_header(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.csv").write_text(discover(times=False))
    recording = read_recording(tmp_path / "x.csv")
    assert [channel.sampling_rate_hz for channel in recording.channels] == [2000.0, 200.0] * 2
    np.testing.assert_allclose(recording.read(recording.channels[1].name), ACC * 9.80665)
    (tmp_path / "x.csv").write_text(discover(times=False, rates=False, period=False))
    assert "pass it with --sampling-rate" in refuse(tmp_path / "x.csv")


def test_two_rates_that_differ_and_lost_samples_are_noticed(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.csv").write_text(discover().replace("2000.0 Hz", "1000.0 Hz"))
    assert "must have one sampling rate, got 1000 Hz in its header and 2000 Hz by its times" in refuse(
        tmp_path / "x.csv"
    )
    lines = discover().splitlines(keepends=True)
    (tmp_path / "x.csv").write_text("".join(lines[:60] + lines[64:]))
    assert any("EMG 1: The time column has a gap" in warning for warning in read_recording(tmp_path / "x.csv").warnings)
    lines[60] = lines[60].replace(str(EMG[52]), "")
    (tmp_path / "x.csv").write_text("".join(lines))
    warnings = read_recording(tmp_path / "x.csv").warnings
    assert any("1 of 200 samples are missing" in warning for warning in warnings)


def emgworks(*, labels: bool = True, unit: str = "Volts", bracket: str = "", points: int = 20) -> str:
    """Write a CSV file of EMGworks: pairs of time and value, the slower channel filled up with zeros."""
    names = (f"R CALF: EMG 1{bracket}", "R CALF: ACC.X 1")
    rates = ("2.000000e+003", "2.000000e+002")
    units = (unit, "g")
    head = [
        f"Label: {name} Sampling frequency: {rate} Number of points: {count} start: 0.0e+000 Unit: {one} Domain Unit: s"
        for name, rate, count, one in zip(names, rates, (200, points), units, strict=True)
    ]
    lines = [*head, ""] if labels else []
    lines.append(",".join(f'X[s],"{name}"' for name in names))
    for index in range(len(EMG)):
        slow = (index / 200, ACC[index]) if index < len(ACC) else (0, 0)
        lines.append(f"{index / 2000},{EMG[index]},{slow[0]},{slow[1]}")
    return "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("suffix", [".csv", ".txt"])
def test_emgworks_gives_each_channel_its_points_and_unit(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_text(emgworks())
    recording = read_recording(path)
    emg, acc = recording.channels
    assert (recording.format, emg.name) == ("Delsys text export (EMGworks)", "R CALF: EMG 1")
    assert (emg.unit, emg.sampling_rate_hz, emg.n_samples) == (Unit.VOLT, 2000.0, 200)
    assert (acc.unit, acc.sampling_rate_hz, acc.n_samples) == (Unit.METER_PER_SECOND_SQUARED, 200.0, 20)
    np.testing.assert_allclose(recording.read(emg.name), EMG)
    np.testing.assert_allclose(recording.read(acc.name), ACC * 9.80665)


def test_emgworks_without_its_labels_goes_by_its_times_and_the_names(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(emgworks(labels=False, bracket=" [mV]"))
    recording = read_recording(tmp_path / "x.csv")
    emg, acc = recording.channels
    assert (emg.name, emg.unit, emg.sampling_rate_hz) == ("R CALF: EMG 1", Unit.VOLT, 2000.0)
    np.testing.assert_allclose(recording.read(emg.name), EMG * 1e-3)
    assert (acc.n_samples, acc.sampling_rate_hz, acc.unit) == (20, 200.0, Unit.UNKNOWN)
    assert any("gives no unit for R CALF: ACC.X 1" in warning for warning in recording.warnings)


def test_points_beyond_those_that_were_counted_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(emgworks(points=15))
    assert read_recording(tmp_path / "x.csv").channels[1].n_samples == 15


def test_one_time_column_may_serve_several_channels(tmp_path: Path) -> None:
    rows = "".join(f"{i / 1000},{i % 7 / 10},{i % 5}\n" for i in range(50))
    (tmp_path / "x.csv").write_text('X[s],"EMG1 (mV)","ACC1 (g)"\n' + rows)
    recording = read_recording(tmp_path / "x.csv")
    assert [channel.sampling_rate_hz for channel in recording.channels] == [1000.0, 1000.0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Application:,Trigno Discover (2)\n1,2\n", "no line names the channels"),
        ("Label: a Sampling frequency: 5\n1,2\n", "no line names the channels"),
        ("X[s],EMG\n", "no row of numbers follows"),
        ("X[s]\n1\n", "no column is a channel"),
        ("X[s],EMG\n0,1\n0.1,word\n", "line 3 holds 'word' where a number must be"),
        ("X[s],EMG\n0,1\n0.2,2\n0.1,3\n", "time must not run backwards"),
        ("Label: EMG Sampling frequency: fast\nX[s],EMG\n0,1\n", "must be a whole text export of Delsys"),
    ],
)
def test_an_export_that_cannot_be_understood_is_one_sentence(
    tmp_path: Path, refuse: Refuse, content: str, said: str
) -> None:
    (tmp_path / "x.csv").write_text(content)
    assert said in refuse(tmp_path / "x.csv")


def test_a_file_that_changes_is_refused_when_it_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{i / 1000},{i % 7 / 10}\n" for i in range(100_000))
    (tmp_path / "x.csv").write_text("X[s],EMG (mV)\n" + rows)
    recording = read_recording(tmp_path / "x.csv")
    assert recording.read("EMG", 90.0, 90.003) == pytest.approx([i % 7 / 10 * 1e-3 for i in range(90_000, 90_003)])
    recording.source._source.rows._kept.clear()  # type: ignore[attr-defined] # as if memory were short
    (tmp_path / "x.csv").write_text("X[s],EMG (mV)\nx,y\n")
    with pytest.raises(Exception, match=r"must be a whole text export|must stay as it is"):
        recording.read("EMG")


def test_other_tables_are_left_alone() -> None:
    assert not is_delsys(b"time (s),EMG (mV)\n0,1\n")
    assert is_delsys(b"\xef\xbb\xbfX[s],EMG\n")
    assert is_delsys(b'"X [s]","EMG"\n')


@pytest.mark.parametrize("name", ["x.hpf", "x.shpf", "X.HPF"])
def test_binary_files_say_how_to_export_them(tmp_path: Path, refuse: Refuse, name: str) -> None:
    (tmp_path / name).write_bytes(b"whatever")
    assert "must be exported to CSV with Delsys File Utility" in refuse(tmp_path / name)
