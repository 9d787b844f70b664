"""Where electrodes of a BIDS recording lay: only lengths, only what the tables say, each grid apart."""

import json
from collections.abc import Mapping
from pathlib import Path

import edfio
import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.formats.bids import BidsDataset, BidsSubject, EmgSetup
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Unit

MM = {"EMGCoordinateSystem": "Other", "EMGCoordinateUnits": "mm"}
CHANNELS = "name\ttype\tsignal_electrode\treference\tgroup\na\tEMG\tE1\tR\tg\nb\tEMG\tE2\tR\tg\n"
ELECTRODES = "name\tx\ty\tz\nE1\t0\t0\t0\nE2\t8\t16\t1\n"


def _read(
    folder: Path, channels: str, electrodes: str, systems: Mapping[str, object] | None = None, names: str = "ab"
) -> Recording:
    signals = [edfio.EdfSignal(np.linspace(-1, 1, 100), 100, label=name, physical_dimension="uV") for name in names]
    edfio.Edf(signals).write(folder / "sub-01_emg.edf")
    (folder / "sub-01_channels.tsv").write_text(channels)
    (folder / "sub-01_electrodes.tsv").write_text(electrodes)
    for name, content in ({"sub-01_coordsystem.json": MM} if systems is None else systems).items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return read_recording(folder / "sub-01_emg.edf")


def _places(recording: Recording) -> list[tuple[float, float, float] | None]:
    return [None if one.position_m is None else one.position_m for one in recording.channels]


def test_channels_lie_at_their_signal_electrodes_in_meters(tmp_path: Path) -> None:
    recording = _read(tmp_path, CHANNELS, ELECTRODES)
    assert _places(recording)[1] == pytest.approx((0.008, 0.016, 0.001))
    assert {one.array for one in recording.channels} == {"g"}
    assert recording.warnings == ()


def test_axes_that_are_left_out_are_zero_and_cells_that_are_empty_are_unknown(tmp_path: Path) -> None:
    assert _places(_read(tmp_path, CHANNELS, "name\tx\nE1\t5\nE2\tn/a\n")) == [(0.005, 0.0, 0.0), None]


@pytest.mark.parametrize("cell", ["far", "inf", "nan"])
def test_a_place_that_is_no_number_is_left_out(tmp_path: Path, cell: str) -> None:
    assert _places(_read(tmp_path, CHANNELS, f"name\tx\ty\nE1\t{cell}\t0\nE2\t0\t{cell}\n")) == [None, None]


def test_a_pair_lies_halfway_between_its_electrodes(tmp_path: Path) -> None:
    channels = "name\ttype\tsignal_electrode\treference\na\tEMG\tE1\tE2\nb\tEMG\tE2\tE3\n"
    electrodes = "name\tx\ty\nE1\t0\t0\nE2\t10\t0\nE3\t30\t4\n"
    assert _places(_read(tmp_path, channels, electrodes)) == [(0.005, 0.0, 0.0), (0.02, 0.002, 0.0)]


def test_a_reference_that_channels_share_moves_none_of_them(tmp_path: Path) -> None:
    assert _places(_read(tmp_path, CHANNELS, ELECTRODES + "R\t100\t100\t0\n"))[0] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("reference", ["E9", "E3", "E4"])
def test_a_reference_without_a_place_there_leaves_the_electrode(tmp_path: Path, reference: str) -> None:
    channels = f"name\ttype\tsignal_electrode\treference\na\tEMG\tE1\t{reference}\nb\tEMG\tE2\tE1\n"
    electrodes = "name\tx\tcoordinate_system\nE1\t4\tone\nE2\t2\tone\nE3\t3\ttwo\nE4\tn/a\tone\n"
    systems = {f"sub-01_space-{space}_coordsystem.json": MM for space in ("one", "two")}
    assert _places(_read(tmp_path, channels, electrodes, systems))[0] == (0.004, 0.0, 0.0)


def test_electrodes_of_two_grids_that_share_names_are_told_apart_by_their_group(tmp_path: Path) -> None:
    channels = "name\ttype\tsignal_electrode\tgroup\na\tEMG\tE1\tG1\nb\tEMG\tE1\tg2\nc\tEMG\tE1\tn/a\n"
    electrodes = "name\tx\tgroup\tcoordinate_system\nE1\t1\tG1\tleft\nE1\t2\tG2\tright\n"
    systems = {f"sub-01_space-{space}_coordsystem.json": MM for space in ("left", "right")}
    recording = _read(tmp_path, channels, electrodes, systems, names="abc")
    assert _places(recording) == [(0.001, 0.0, 0.0), (0.002, 0.0, 0.0), None]


def test_sensors_may_be_listed_under_the_names_of_their_channels(tmp_path: Path) -> None:
    recording = _read(tmp_path, "name\ttype\na\tEMG\nb\tEMG\n", "name\tx\ttype\na\t1\tneedle\nb\t2\tn/a\n")
    assert _places(recording) == [(0.001, 0.0, 0.0), (0.002, 0.0, 0.0)]
    assert [one.electrode for one in recording.channels] == [Electrode.NEEDLE, Electrode.UNKNOWN]


def test_several_systems_may_stand_in_one_file_and_in_the_words_of_the_examples(tmp_path: Path) -> None:
    systems = {"sub-01_coordsystem.json": {"grid": {"EMGCoordinateSystemUnits": "cm"}, "arm": {"Note": "none"}}}
    electrodes = "name\tx\tcoordinate_system\nE1\t3\tgrid\nE2\t3\tarm\n"
    recording = _read(tmp_path, CHANNELS, electrodes, systems)
    assert _places(recording) == [(0.03, 0.0, 0.0), None]
    assert recording.warnings == ("The places of electrodes are given in no unit, no length, so they were left out.",)


def test_shares_of_a_distance_are_no_lengths(tmp_path: Path) -> None:
    systems = {"sub-01_coordsystem.json": {"EMGCoordinateUnits": "percent"}}
    recording = _read(tmp_path, CHANNELS, ELECTRODES, systems)
    assert _places(recording) == [None, None]
    assert recording.warnings == ("The places of electrodes are given in 'percent', no length, so they were left out.",)


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_system_that_cannot_be_read_is_said(tmp_path: Path, content: str) -> None:
    recording = _read(tmp_path, CHANNELS, ELECTRODES, {"sub-01_coordsystem.json": content})
    assert "sub-01_coordsystem.json beside the file cannot be read, so it was not used." in recording.warnings


def test_a_table_of_electrodes_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    recording = _read(tmp_path, CHANNELS, 'name\n"' + "a" * 200_000)
    assert recording.warnings == ("sub-01_electrodes.tsv beside the file cannot be read, so it was not used.",)


@pytest.mark.parametrize(
    ("groups", "muscles", "arrays"),
    [
        (("box", "box"), ("soleus", "soleus"), ["box", "box"]),
        (("box", "box"), ("soleus", "biceps"), [None, None]),  # separate sensors of one amplifier
        (("box", "n/a"), ("soleus", "soleus"), [None, None]),  # one channel is no array
        (("n/a", "n/a"), ("soleus", "soleus"), [None, None]),
    ],
)
def test_a_group_without_places_is_an_array_over_one_muscle_only(
    tmp_path: Path, groups: tuple[str, str], muscles: tuple[str, str], arrays: list[str | None]
) -> None:
    rows = "".join(
        f"{name}\tEMG\t{group}\t{muscle}\n" for name, group, muscle in zip("ab", groups, muscles, strict=True)
    )
    recording = _read(tmp_path, f"name\ttype\tgroup\ttarget_muscle\n{rows}", "name\tx\nother\t0\n")
    assert [one.array for one in recording.channels] == arrays


def test_a_group_with_places_is_an_array_over_any_muscles_and_may_stand_with_the_electrodes(tmp_path: Path) -> None:
    channels = "name\ttype\tsignal_electrode\ttarget_muscle\na\tEMG\tE1\tsoleus\nb\tEMG\tE2\tbiceps\n"
    recording = _read(tmp_path, channels, "name\tx\tgroup\nE1\t0\tgrid\nE2\t8\tgrid\n")
    assert [one.array for one in recording.channels] == ["grid", "grid"]


def test_what_this_program_writes_it_reads_again(tmp_path: Path) -> None:
    channels = tuple(
        Channel(
            name=f"EMG {number}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=1000.0,
            n_samples=1000,
            electrode=Electrode.SURFACE,
            site="soleus",
            position_m=(0.008 * number, 0.004, 0.0),
        )
        for number in range(4)
    )
    source = ArraySource([np.random.default_rng(number).normal(0, 1e-5, 1000) for number in range(4)])
    written = Recording(name="x", format="array", channels=channels, source=source)
    with BidsDataset.create(tmp_path / "set", name="x") as data_set:
        data_set.add(BidsSubject(label="1", task="rest", recording=written, setup=EmgSetup(group="grid")))
    (edf,) = (tmp_path / "set").rglob("*_emg.edf")
    read = read_recording(edf)
    assert [one.position_m for one in read.channels] == [pytest.approx(one.position_m) for one in channels]
    assert {(one.array, one.site, one.electrode) for one in read.channels} == {("grid", "soleus", Electrode.SURFACE)}
    assert read.warnings == ()
