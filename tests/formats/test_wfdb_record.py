"""Reading WFDB records: the samples that the wfdb package gives, in SI, in blocks, from this machine only."""

import builtins
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Never

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import ChannelKind, Electrode, MissingExtraError, Unit

Refuse = Callable[..., str]


def _make(folder: Path, header: str, n_values: int = 100) -> Path:
    (folder / "rec.dat").write_bytes(np.arange(n_values, dtype="<i2").tobytes())
    path = folder / "rec.hea"
    path.write_text(header)
    return path


def test_samples_are_those_of_wfdb_in_si(wfdb: ModuleType, wfdb_record: Path) -> None:
    recording = read_recording(wfdb_record)
    theirs = wfdb.rdrecord(str(wfdb_record.with_suffix("")), smooth_frames=False)
    np.testing.assert_allclose(recording.read("EMG"), theirs.e_p_signal[0] * 1e-3, rtol=1e-12)
    assert recording.format == "WFDB"


def test_a_record_is_found_by_either_file_or_its_name(wfdb_record: Path) -> None:
    by_header, by_signal = read_recording(wfdb_record), read_recording(wfdb_record.with_suffix(".dat"))
    by_name = read_recording(wfdb_record.with_suffix(""))
    assert by_header.read("EMG").tolist() == by_signal.read("EMG").tolist() == by_name.read("EMG").tolist()
    assert [recording.name for recording in (by_header, by_signal, by_name)] == ["rec.hea", "rec.dat", "rec.hea"]


def test_channels_say_what_the_header_says(wfdb_record: Path) -> None:
    recording = read_recording(wfdb_record)
    emg, acc = recording.channels
    assert (emg.kind, emg.unit, emg.electrode) == (ChannelKind.EMG, Unit.VOLT, Electrode.NEEDLE)
    assert (emg.sampling_rate_hz, emg.n_samples, acc.sampling_rate_hz, acc.n_samples) == (100.0, 50, 200.0, 100)
    assert emg.physical_range == pytest.approx(((-32768 - 5) * 1e-7, (32767 - 5) * 1e-7))
    assert emg.resolution == pytest.approx(1e-7)
    assert recording.start == datetime(2003, 2, 1, 10, 20, 30)  # noqa: DTZ001 - WFDB knows no time zone


def test_a_signal_without_gain_stays_in_counts(wfdb: ModuleType, wfdb_record: Path) -> None:
    recording = read_recording(wfdb_record)
    acc = recording.channels[1]
    theirs = wfdb.rdrecord(str(wfdb_record.with_suffix("")), smooth_frames=False, physical=False)
    assert acc.unit is Unit.COUNT
    assert recording.read("ACC").tolist() == theirs.e_d_signal[1].tolist()
    assert acc.physical_range == (-2048.0, 2047.0)
    assert recording.warnings == ("Samples are raw converter counts, so amplitudes stay in counts: ACC.",)


@given(data=st.data())
def test_any_piece_is_a_piece_of_the_whole(wfdb_record: Path, data: st.DataObject) -> None:
    recording = read_recording(wfdb_record)
    index = data.draw(st.integers(0, 1))
    n_samples = recording.channels[index].n_samples
    start, stop = sorted(data.draw(st.tuples(st.integers(0, n_samples), st.integers(0, n_samples))))
    whole = recording.read(recording.channels[index].name)
    assert recording.source.read(index, start, stop).tolist() == whole[start:stop].tolist()


def test_the_range_is_around_the_zero_of_the_converter(tmp_path: Path) -> None:
    path = _make(tmp_path, "rec 1 100 50\nrec.dat 16 1000(24)/mV 12 1024 0 0 0 EMG\n")
    assert read_recording(path).channels[0].physical_range == pytest.approx((-1048e-6, 3047e-6))


def test_a_time_without_a_date_is_no_start(tmp_path: Path) -> None:
    assert read_recording(_make(tmp_path, "rec 1 100 50 10:20:30\nrec.dat 16 10000/mV\n")).start is None


def test_bits_that_cannot_be_give_no_range(tmp_path: Path) -> None:
    path = _make(tmp_path, "rec 2 100 50\nrec.dat 16 10000/mV 99 0 0 0 0 EMG\nrec.dat 16 200/mV\n")
    assert [channel.physical_range for channel in read_recording(path).channels] == [None, None]


def test_nothing_is_asked_of_the_network(wfdb_record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> Never:
        raise AssertionError(f"a socket was opened with {args} {kwargs}")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert read_recording(wfdb_record).read("EMG").size == 50


def test_a_folder_that_reads_like_an_address_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    place = tmp_path / "s3::http:"
    place.mkdir()
    path = _make(place, "rec 1 100 50\nrec.dat 16 10000/mV 16 0 0 0 0 EMG\n")
    assert "must be in a folder without ':' in its name" in refuse(path)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "rec 1 100 500\nrec.dat 16 10000/mV 16 0 0 0 0 EMG\n",
            "hold the 500 samples its header promises, got shorter",
        ),
        ("rec 1 100\nrec.dat 16 10000/mV 16 0 0 0 0 EMG\n", "length in the header, got 1 signals of None samples"),
        ("rec 0 100 50\n", "length in the header, got 0 signals"),
        ("rec 2 100 50\nrec.dat 16 10000/mV 16 0 0 0 0 EMG\n", "must name its signals"),
        ("rec/2 1 100 50\na 25\nb 25\n", "must be a WFDB record of one segment, got one of 2"),
        ("rec 1 100 50\n/etc/passwd 16 10000/mV 16 0 0 0 0 EMG\n", "must be a whole WFDB record"),
        ("rec 1 100 50\n../rec.dat 16 10000/mV 16 0 0 0 0 EMG\n", "must be a whole WFDB record"),
        ("rec 1 100 50\n.rec 16 10000/mV 16 0 0 0 0 EMG\n", "must have its signal files beside it, got no '.rec'"),
        ("dear diary\n", "must be a whole WFDB record"),
        ("", "must not be empty"),
        ("rec 1 100 50\nother.dat 16 10000/mV 16 0 0 0 0 EMG\n", "beside it, got no 'other.dat'"),
        ("rec 1 0 50\nrec.dat 16 10000/mV 16 0 0 0 0 EMG\n", ""),
    ],
)
def test_what_is_no_whole_record_is_one_sentence(tmp_path: Path, refuse: Refuse, header: str, said: str) -> None:
    assert said in refuse(_make(tmp_path, header))


def test_a_signal_file_without_a_header_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "rec.dat").write_bytes(bytes(200))
    assert "must have its header 'rec.hea' beside it, got none" in refuse(tmp_path / "rec.dat")


def test_without_the_extra_the_command_to_install_it_is_said(
    wfdb_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = builtins.__import__

    def without_wfdb(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> object:
        if name == "wfdb":
            raise ImportError(name)
        return load(name, globals_, locals_, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without_wfdb)
    with pytest.raises(MissingExtraError, match=r"pip install 'twitchwise\[wfdb\]'"):
        read_recording(wfdb_record)
