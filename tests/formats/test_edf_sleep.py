"""Sleep recordings in EDF+: many rates, stages and events, interruptions, and a hypnogram in a file of its own."""

from collections.abc import Callable
from datetime import time
from pathlib import Path

import edfio
import numpy as np
import pytest

from twitchwise.formats import read_recording, write_edf
from twitchwise.formats.folder import files_of, recordings_in
from twitchwise.vocabulary import ChannelKind, Unit

Refuse = Callable[..., str]
RATES_HZ = {
    "EEG Fpz-Cz": (100, "uV"),
    "C4-M1": (200, "uV"),
    "EOG horizontal": (100, "uV"),
    "EMG submental": (200, "uV"),
    "LAT": (256, "uV"),
    "Leg R": (256, "uV"),
    "Resp oro-nasal": (10, ""),
    "SpO2": (1, "%"),
    "Temp rectal": (1, "degC"),
}
STAGES = ["Sleep stage W", "Sleep stage 1", "Sleep stage 2", "Sleep stage R", "Sleep stage ?"]


def night(n_s: int = 300, *, at: time = time(23, 30), notes: tuple[edfio.EdfAnnotation, ...] = ()) -> edfio.Edf:
    rng = np.random.default_rng(1)
    signals = [
        edfio.EdfSignal(rng.normal(50, 10, n_s * rate), rate, label=label, physical_dimension=unit)
        for label, (rate, unit) in RATES_HZ.items()
    ]
    return edfio.Edf(signals, starttime=at, annotations=notes)


def hypnogram(at: time = time(23, 30)) -> bytes:
    """Return an EDF+ file of annotations alone with data records of no duration, as Sleep-EDF has them."""
    notes = [edfio.EdfAnnotation(60 * i, 60, stage) for i, stage in enumerate(STAGES)]
    made = edfio.Edf([], starttime=at, annotations=notes).to_bytes()
    return made[:244] + b"0       " + made[252:]


def test_every_rate_and_kind_of_a_night_is_read(tmp_path: Path) -> None:
    events = (
        edfio.EdfAnnotation(30, 30, "Sleep stage N2"),
        edfio.EdfAnnotation(41.5, 12.25, "Obstructive apnea"),
        edfio.EdfAnnotation(70, None, "Lights off"),
    )
    night(notes=events).write(tmp_path / "night.edf")
    recording = read_recording(tmp_path / "night.edf")
    assert {c.name: c.sampling_rate_hz for c in recording.channels} == {n: rate for n, (rate, _) in RATES_HZ.items()}
    assert {channel.name: channel.kind for channel in recording.channels} == {
        "EEG Fpz-Cz": ChannelKind.EEG,
        "C4-M1": ChannelKind.EEG,
        "EOG horizontal": ChannelKind.OTHER,
        "EMG submental": ChannelKind.EMG,
        "LAT": ChannelKind.EMG,
        "Leg R": ChannelKind.EMG,
        "Resp oro-nasal": ChannelKind.OTHER,
        "SpO2": ChannelKind.OTHER,
        "Temp rectal": ChannelKind.OTHER,
    }
    assert recording.channel("SpO2").unit is Unit.PERCENT
    assert [(note.start_s, note.duration_s, note.text) for note in recording.annotations] == [
        (30.0, 30.0, "Sleep stage N2"),
        (41.5, 12.25, "Obstructive apnea"),
        (70.0, 0.0, "Lights off"),
    ]


@pytest.mark.parametrize("label", ["C3-A2", "F4-M1", "O2:A1", "c4 - m1", "Fp1-F7", "F3A2"])
def test_pairs_of_the_ten_twenty_system_are_eeg(tmp_path: Path, label: str) -> None:
    signal = edfio.EdfSignal(np.arange(100.0), 100, label=label, physical_dimension="uV")
    edfio.Edf([signal]).write(tmp_path / "x.edf")
    assert read_recording(tmp_path / "x.edf").channels[0].kind is ChannelKind.EEG


@pytest.mark.parametrize(
    ("psg", "scored"),
    [
        ("SC4001E0-PSG.edf", "SC4001EC-Hypnogram.edf"),
        ("ST7011J0-PSG.edf", "ST7011JP-Hypnogram.edf"),
        ("night.edf", "night-Hypnogram.edf"),
        ("night.edf", "night_hypnogram.EDF"),
    ],
)
def test_a_hypnogram_beside_is_taken_along(tmp_path: Path, psg: str, scored: str, refuse: Refuse) -> None:
    night().write(tmp_path / psg)
    (tmp_path / scored).write_bytes(hypnogram())
    (tmp_path / "SC4002E0-Hypnogram.edf").write_bytes(hypnogram())
    recording = read_recording(tmp_path / psg)
    assert [(note.start_s, note.text) for note in recording.annotations] == [
        (60.0 * i, stage) for i, stage in enumerate(STAGES)
    ]
    assert recording.notes == (f"5 annotations were taken from {scored!r}, which lies beside the recording.",)
    assert "must hold signals, got annotations alone" in refuse(tmp_path / scored)
    assert recordings_in(tmp_path) == [tmp_path / psg]
    assert tmp_path / scored in files_of(tmp_path / psg)


def test_a_hypnogram_that_began_earlier_is_moved(tmp_path: Path) -> None:
    night().write(tmp_path / "a-PSG.edf")
    (tmp_path / "a-Hypnogram.edf").write_bytes(hypnogram(time(23, 29, 30)))
    recording = read_recording(tmp_path / "a-PSG.edf")
    assert [note.start_s for note in recording.annotations] == [-30.0, 30.0, 90.0, 150.0, 210.0]


def test_several_or_damaged_hypnograms_are_not_taken(tmp_path: Path) -> None:
    night().write(tmp_path / "SC4001E0-PSG.edf")
    for letter in "CD":
        (tmp_path / f"SC4001E{letter}-Hypnogram.edf").write_bytes(hypnogram())
    recording = read_recording(tmp_path / "SC4001E0-PSG.edf")
    assert recording.annotations == ()
    assert any("Several hypnograms lie beside the recording, so none was taken" in said for said in recording.warnings)
    (tmp_path / "SC4001ED-Hypnogram.edf").unlink()
    (tmp_path / "SC4001EC-Hypnogram.edf").write_bytes(hypnogram()[:300])
    recording = read_recording(tmp_path / "SC4001E0-PSG.edf")
    assert any("could not be read" in said for said in recording.warnings)


def interrupted(path: Path, last_s: float = 6.5) -> edfio.Edf:
    """Write 10 s whose data records from 4 s on come 2.5 s later and those from 7 s on still later."""
    made = night(10, notes=(edfio.EdfAnnotation(2, 1, "early"), edfio.EdfAnnotation(8, 1, "late")))
    whole = made.to_bytes()
    header = 256 * (int(whole[252:256]) + 1)
    size = (len(whole) - header) // made.num_data_records
    written = whole[:header].replace(b"EDF+C", b"EDF+D")
    for number in range(made.num_data_records):
        record = whole[header + number * size : header + (number + 1) * size]
        later = number + (0 if number < 4 else 2.5 if number < 7 else last_s)
        begin, stamp, rest = record.partition(f"+{number}\x14\x14".encode())
        assert stamp
        written += (begin + f"+{later:.10g}\x14\x14".encode() + rest)[:size]
    path.write_bytes(written)
    return made


def test_an_interrupted_night_is_read_with_its_gaps(tmp_path: Path) -> None:
    made = interrupted(tmp_path / "x.edf")
    recording = read_recording(tmp_path / "x.edf")
    assert recording.format == "EDF+D"
    said = "The recording was interrupted 2 times; samples between its 3 stretches are missing."
    assert said in recording.warnings
    for signal, channel in zip(made.signals, recording.channels, strict=True):
        rate = channel.sampling_rate_hz
        assert channel.n_samples == round(13.5 * rate) + 3 * round(rate)
        read = recording.read(channel.name)
        pieces = ((0.0, 0, 4), (6.5, 4, 7), (13.5, 7, 10))
        expected = np.full(channel.n_samples, np.nan)
        for start_s, first, stop in pieces:
            part = signal.data[int(first * rate) : int(stop * rate)]
            expected[round(start_s * rate) : round(start_s * rate) + part.size] = part
        scale = 1e-6 if channel.unit is Unit.VOLT else 1.0
        np.testing.assert_allclose(read, expected * scale, rtol=1e-9)
        some = recording.read(channel.name, 5.0, 8.0)
        np.testing.assert_allclose(some, (expected * scale)[round(5 * rate) : round(8 * rate)], rtol=1e-9)
    both = recording.read_rows(["LAT", "Leg R"], 5.0, 8.0)
    np.testing.assert_allclose(both[1], recording.read("Leg R", 5.0, 8.0), rtol=1e-5)
    assert [(note.text, note.start_s) for note in recording.annotations] == [("early", 2.0), ("late", 8.0)]


@pytest.mark.parametrize("last_s", [9_999_999.0, -3.0])
def test_time_stamps_that_cannot_be_are_refused(tmp_path: Path, last_s: float, refuse: Refuse) -> None:
    interrupted(tmp_path / "x.edf", last_s)
    assert "must be recorded without interruption" in refuse(tmp_path / "x.edf")


def test_what_is_read_can_be_written_again(tmp_path: Path) -> None:
    night().write(tmp_path / "a-PSG.edf")
    (tmp_path / "a-Hypnogram.edf").write_bytes(hypnogram())
    recording = read_recording(tmp_path / "a-PSG.edf")
    write_edf(recording, tmp_path / "b.edf")
    assert [note.text for note in read_recording(tmp_path / "b.edf").annotations] == STAGES
