"""What the table of channels beside a BIDS recording adds, and that it never overrules the recording."""

from pathlib import Path

import edfio
import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Side, Unit


def _read(folder: Path, table: bytes, *, dimension: str = "uV", name: str = "sub-01_emg.edf") -> Recording:
    signals = [
        edfio.EdfSignal(np.linspace(-1, 1, 100), 100, label=label, physical_dimension=dimension) for label in ("a", "b")
    ]
    edfio.Edf(signals).write(folder / name)
    (folder / "sub-01_channels.tsv").write_bytes(table)
    return read_recording(folder / name)


def test_kinds_units_muscles_and_sides_are_filled_in(tmp_path: Path) -> None:
    table = b"name\ttype\tunits\ttarget_muscle\tside\na\tEMG\tmV\tsoleus\tright\nb\tACCEL\tg\tn/a\tn/a\n"
    recording = _read(tmp_path, table, dimension="")
    emg, acc = recording.channels
    assert (emg.kind, emg.unit, emg.site, emg.side) == (ChannelKind.EMG, Unit.VOLT, "soleus", Side.RIGHT)
    assert (acc.kind, acc.unit, acc.site) == (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, None)
    assert acc.side is None
    assert recording.read("a")[-1] == pytest.approx(1e-3)
    assert recording.warnings == ()


def test_where_units_disagree_the_recording_is_believed_with_a_warning(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\tunits\na\tEMG\tV\nb\tEMG\tV\n")
    assert recording.read("a")[-1] == pytest.approx(1e-6)
    assert recording.warnings == (
        "The channels.tsv beside the file gives the unit 'V' where the file itself gives 'uV'; the file was believed.",
    )


def test_a_table_that_agrees_or_is_silent_says_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, b"name\ttype\tunits\na\tEMG\tuV\nb\tMISC\tn/a\n").warnings == ()
    assert _read(tmp_path, b"name\ttype\na\tEMG\nb\tEMG\n").warnings == ()


def test_a_table_of_other_channels_is_not_used(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\nx\tECG\ny\tECG\n")
    assert recording.channels[0].kind is ChannelKind.EMG
    assert "The channels.tsv beside the file names other channels, so it was not used." in recording.warnings


@pytest.mark.parametrize("table", [b"\xff\xfe\xff", b'name\ttype\n"' + b"a" * 200_000])
def test_a_table_that_cannot_be_read_is_left_alone(tmp_path: Path, table: bytes) -> None:
    assert not any("channels.tsv" in warning for warning in _read(tmp_path, table).warnings)


def test_a_file_without_a_table_is_read_as_it_is(tmp_path: Path) -> None:
    assert not any("channels.tsv" in warning for warning in _read(tmp_path, b"", name="other.edf").warnings)
