"""What the files beside a BIDS recording add, and that they never overrule the recording."""

import json
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Electrode, Side, TwitchwiseError, Unit, UnreadableRecordingError


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
def test_a_table_that_cannot_be_read_is_left_alone_with_a_warning(tmp_path: Path, table: bytes) -> None:
    said = [warning for warning in _read(tmp_path, table).warnings if "channels.tsv" in warning]
    assert said == ["sub-01_channels.tsv beside the file cannot be read, so it was not used."]


def test_a_file_without_a_table_is_read_as_it_is(tmp_path: Path) -> None:
    assert not any("channels.tsv" in warning for warning in _read(tmp_path, b"", name="other.edf").warnings)


def test_rows_in_another_order_go_by_their_names(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\ttarget_muscle\nb\tECG\tn/a\na\tEMG\tsoleus\n")
    assert [(one.name, one.kind, one.site) for one in recording.channels] == [
        ("a", ChannelKind.EMG, "soleus"),
        ("b", ChannelKind.ECG, None),
    ]


def test_channels_that_the_table_leaves_out_stay_as_they_are_with_a_warning(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\nb\tEMG\n")
    assert [one.kind for one in recording.channels] == [ChannelKind.OTHER, ChannelKind.EMG]
    assert "The channels.tsv beside the file does not name a." in recording.warnings


def test_a_name_that_stands_twice_in_the_table_tells_nothing(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\na\tEMG\na\tECG\n")
    assert "The channels.tsv beside the file names other channels, so it was not used." in recording.warnings


def test_bad_channels_are_kept_and_not_measured(tmp_path: Path) -> None:
    table = b"name\ttype\tunits\tstatus\tstatus_description\na\tEMG\tuV\tbad\tcame loose\nb\tEMG\tuV\tgood\tn/a\n"
    recording = _read(tmp_path, table)
    assert [one.kind for one in recording.channels] == [ChannelKind.OTHER, ChannelKind.EMG]
    assert recording.read("a").size == 100
    assert recording.warnings == (
        "The channels.tsv beside the file marks channels as bad, so they were not taken for EMG: a (came loose).",
    )


def test_a_recording_of_bad_channels_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="marks all as bad: a, b"):
        _read(tmp_path, b"name\ttype\tstatus\na\tEMG\tbad\nb\tEMG\tBad\n")


def test_rates_that_disagree_are_said(tmp_path: Path) -> None:
    recording = _read(tmp_path, b"name\ttype\tsampling_frequency\na\tEMG\t100\nb\tEMG\t2000\n")
    assert recording.channels[1].sampling_rate_hz == 100
    (said,) = recording.warnings
    assert said.startswith("The channels.tsv beside the file gives 2000 Hz for 'b' where the file itself gives 100 Hz;")


@pytest.mark.parametrize("text", ["n/a", "fast", "-5", "inf", "nan"])
def test_a_rate_that_is_none_says_nothing(tmp_path: Path, text: str) -> None:
    table = f"name\ttype\tsampling_frequency\na\tEMG\t{text}\nb\tEMG\t{text}\n".encode()
    assert _read(tmp_path, table).warnings == ()


BOTH = b"name\ttype\tunits\na\tEMG\tuV\nb\tEMG\tuV\n"


def _with_json(folder: Path, fields: object) -> Recording:
    (folder / "sub-01_emg.json").write_text(json.dumps(fields))
    return _read(folder, BOTH)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"SamplingFrequency": 100, "RecordingDuration": 1.4, "RecordingType": "continuous"}, None),
        ({"SamplingFrequency": True, "RecordingDuration": "n/a"}, None),
        ({"SamplingFrequency": 2000}, "The emg.json beside the file gives 2000 Hz where the file itself gives 100 Hz"),
        ({"RecordingDuration": 60}, "gives a length of 60 s where the file itself gives 1 s"),
        ({"RecordingType": "epoched"}, "was recorded epoched: time does not run on."),
        (["no", "object"], "sub-01_emg.json beside the file cannot be read, so it was not used."),
    ],
)
def test_what_the_json_file_contradicts_is_said(tmp_path: Path, fields: object, said: str | None) -> None:
    warnings = _with_json(tmp_path, fields).warnings
    assert warnings == () if said is None else len(warnings) == 1 and said in warnings[0]


@pytest.mark.parametrize(
    ("words", "electrode"),
    [
        ("Concentric needle in the muscle belly", Electrode.NEEDLE),
        ("sEMG sensors on the belly", Electrode.SURFACE),
        ("over the volar surface of the forearm", Electrode.UNKNOWN),
        ("needle inserted at the anterior surface", Electrode.NEEDLE),
    ],
)
def test_the_electrode_is_judged_from_how_it_was_placed(tmp_path: Path, words: str, electrode: Electrode) -> None:
    recording = _with_json(tmp_path, {"EMGPlacementSchemeDescription": words})
    assert {one.electrode for one in recording.channels} == {electrode}


def test_a_description_of_a_channel_goes_before_that_of_all(tmp_path: Path) -> None:
    (tmp_path / "sub-01_emg.json").write_text('{"EMGPlacementSchemeDescription": "sEMG"}')
    recording = _read(tmp_path, b"name\ttype\tdescription\na\tEMG\tneedle EMG\nb\tEMG\tn/a\n")
    assert [one.electrode for one in recording.channels] == [Electrode.NEEDLE, Electrode.SURFACE]


TEXTS = ("name", "type", "x", "units", "status", "group", "a", "b", "EMG", "bad", "n/a", "1e999", "uV", "\t", "\n", '"')
TABLE = st.one_of(
    st.binary(max_size=60), st.lists(st.sampled_from(TEXTS), max_size=20).map(lambda few: "".join(few).encode())
)
KEYS = st.sampled_from(
    ("SamplingFrequency", "RecordingDuration", "RecordingType", "EMGPlacementSchemeDescription", "EMGCoordinateUnits")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)
OBJECT = st.one_of(
    st.binary(max_size=20),
    st.just(b"[" * 100_000),
    st.dictionaries(KEYS, VALUES, max_size=5).map(lambda fields: json.dumps(fields).encode()),
)


@given(channels=TABLE, electrodes=TABLE, emg=OBJECT, system=OBJECT)
@settings(max_examples=40)
def test_no_file_beside_a_recording_can_break_its_reading(
    tmp_path_factory: pytest.TempPathFactory, channels: bytes, electrodes: bytes, emg: bytes, system: bytes
) -> None:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "sub-01_electrodes.tsv").write_bytes(electrodes)
    (folder / "sub-01_emg.json").write_bytes(emg)
    (folder / "sub-01_coordsystem.json").write_bytes(system)
    try:
        recording = _read(folder, channels)
    except TwitchwiseError:
        return
    assert [channel.name for channel in recording.channels] == ["a", "b"]


@pytest.mark.shared_data
def test_a_grid_of_a_published_data_set_has_arrays_and_places(shared_data: Path) -> None:
    folder = shared_data / "emg/bids/emg_TwoHDsEMG/sub-01/emg"
    recording = read_recording(folder / "sub-01_task-isometric_emg.edf")
    arrays = [one.array for one in recording.channels]
    assert arrays == ["Grid1"] * 64 + ["Grid2"] * 64
    assert recording.channels[9].position_m == pytest.approx((0.008, 0.048, 0.0))
    assert recording.channels[73].position_m == pytest.approx((0.008, 0.048, 0.0))
    assert {one.site for one in recording.channels} == {"forearm flexors", "forearm extensors"}


@pytest.mark.shared_data
def test_every_published_data_set_is_read_with_its_muscles(shared_data: Path) -> None:
    files = sorted(shared_data.glob("emg/bids/*/sub-01/emg/*.edf"))
    assert len(files) == 6
    for file in files:
        recording = read_recording(file)
        assert all(one.kind is ChannelKind.EMG and one.site for one in recording.channels)
        assert not any("cannot be read" in warning or "other channels" in warning for warning in recording.warnings)
