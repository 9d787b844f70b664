"""Physiology of BIDS data sets: EMG, force and movement are told by name, description and unit, others stay others."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.formats.bids_physio import is_usable_physio
from twitchwise.vocabulary import ChannelKind, Side, Unit

NAME = "sub-01_task-grip_physio.tsv.gz"
COLUMNS: dict[str, dict[str, str]] = {
    "emg_fdi": {
        "Description": "Surface EMG of the first dorsal interosseous",
        "Units": "mV",
        "Placement": "right hand",
    },
    "grip": {"Description": "force, hand, left", "Units": "N"},
    "resp": {"Description": "Breathing by the force on a belt", "Units": "N"},
    "cardiac": {"Description": "Pulse", "Units": "mV"},
    "acc_x": {"Description": "accelerometer", "Units": "g"},
    "accel_in_volts": {"Description": "accelerometer", "Units": "mV"},
}


def write(
    folder: Path, columns: dict[str, dict[str, str]], text: str | bytes, *, packed: bool = True, **fields: object
) -> Path:
    known = {"SamplingFrequency": 1000, "StartTime": 0, "Columns": list(columns)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME.replace(".tsv.gz", ".json")).write_text(json.dumps({**columns, **known, **fields}))
    data = text.encode() if isinstance(text, str) else text
    (folder / NAME).write_bytes(gzip.compress(data) if packed else data)
    return folder / NAME


def test_channels_are_told_by_name_description_and_unit(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, COLUMNS, "1\t2\t3\t4\t5\t6\n" * 100))
    other = ChannelKind.OTHER
    assert {channel.name: (channel.kind, channel.unit) for channel in recording.channels} == {
        "emg_fdi": (ChannelKind.EMG, Unit.VOLT),
        "grip": (ChannelKind.FORCE, Unit.NEWTON),
        "resp": (other, Unit.NEWTON),
        "cardiac": (other, Unit.VOLT),
        "acc_x": (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED),
        "accel_in_volts": (other, Unit.VOLT),
    }
    assert recording.read("emg_fdi").tolist() == pytest.approx([0.001] * 100)
    assert {(channel.sampling_rate_hz, channel.n_samples) for channel in recording.channels} == {(1000.0, 100)}
    emg, grip = recording.channels[:2]
    assert (emg.site, emg.side, grip.side) == ("hand", Side.RIGHT, Side.LEFT)


def test_the_heart_breathing_or_force_alone_are_not_measured(tmp_path: Path) -> None:
    force = {"grip": COLUMNS["grip"]}
    heart = {name: COLUMNS[name] for name in ("resp", "cardiac")}
    assert not is_usable_physio(write(tmp_path / "heart", heart, "1\t2\n"))
    assert not is_usable_physio(write(tmp_path / "force", force, "1\n"))
    assert is_usable_physio(write(tmp_path / "all", COLUMNS, ""))
    assert [channel.kind for channel in read_recording(write(tmp_path / "heart", heart, "1\t2\n")).channels] == [
        ChannelKind.OTHER
    ] * 2


def test_one_column_with_missing_samples_keeps_its_length(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, {"grip": COLUMNS["grip"]}, "1\nn/a\n3\n"))
    np.testing.assert_array_equal(recording.read("grip"), [1, np.nan, 3])


def test_the_delay_to_the_other_recording_is_noted(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, {"grip": COLUMNS["grip"]}, "1\n", StartTime=-22.345))
    assert any("begins -22.345 s after" in note for note in recording.notes)


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (None, "must say its sampling rate"),
        ("n/a", "SamplingFrequency must be a number"),
        (-1, "SamplingFrequency must"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(
    tmp_path: Path, refuse: Callable[..., str], rate: object, sentence: str
) -> None:
    assert sentence in refuse(write(tmp_path, {"grip": COLUMNS["grip"]}, "1\n", SamplingFrequency=rate))


def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, refuse: Callable[..., str]) -> None:
    path = write(tmp_path, {"grip": COLUMNS["grip"]}, "1.25\n2.5\n" * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    assert "must be a whole BIDS physiology" in refuse(path)
    assert "must be a whole BIDS physiology" in refuse(write(tmp_path, {"grip": COLUMNS["grip"]}, "1\n", packed=False))


def test_columns_that_nobody_names_are_no_recording(tmp_path: Path, refuse: Callable[..., str]) -> None:
    assert "must begin like BIDS physiology" in refuse(write(tmp_path, {}, "1\n"))
